"""Tiny pipelines that draw and film."""

import json
from pathlib import Path
from typing import Any

from tests.models.tiny.registry import tiny, write_card
from tests.models.tiny.vocabulary import byte_pairs

LATENTS = {
    "block_out_channels": [32, 64],
    "down_block_types": ["DownEncoderBlock2D"] * 2,
    "up_block_types": ["UpDecoderBlock2D"] * 2,
    "latent_channels": 4,
}
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "clip_sample": False}


def card(folder: Path, task: str, more: str = "") -> None:
    write_card(folder, f"pipeline_tag: {task}\nlibrary_name: diffusers\nlicense: openrail++\n{more}")


def words() -> tuple[Any, Any]:
    """A CLIP tokenizer and its encoder."""
    import tempfile

    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    start, end = "<|startoftext|>", "<|endoftext|>"
    with tempfile.TemporaryDirectory() as folder:
        trained = json.loads(byte_pairs(Path(folder), (start, end)).backend_tokenizer.to_str())["model"]
    pieces = list(trained["vocab"])
    pieces += [f"{piece}</w>" for piece in pieces if not piece.startswith("<|")]
    marks = {"bos_token": start, "eos_token": end, "unk_token": end, "pad_token": end}
    tokenizer = CLIPTokenizer(
        vocab={piece: number for number, piece in enumerate(dict.fromkeys(pieces))},
        merges=[],
        model_max_length=16,
        **marks,
    )
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=16,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        initializer_range=0.3,
    )
    return tokenizer, CLIPTextModel(config)


def painter() -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        sample_size=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
    )


def stable_diffusion() -> Any:
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline

    tokenizer, encoder = words()
    return StableDiffusionPipeline(
        vae=AutoencoderKL(**LATENTS),
        text_encoder=encoder,
        tokenizer=tokenizer,
        unet=painter(),
        scheduler=DDIMScheduler(set_alpha_to_one=False, steps_offset=1, **NOISE),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


@tiny("text-to-image")
def sd(folder: Path) -> None:
    stable_diffusion().save_pretrained(folder)
    card(folder, "text-to-image")


@tiny("text-to-image-lora", needs=("sd",))
def sd_lora(folder: Path) -> None:
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    unet = painter()
    layers = ["to_k", "to_q", "to_v", "to_out.0"]
    unet.add_adapter(LoraConfig(r=4, init_lora_weights=False, target_modules=layers))
    for name, weights in unet.named_parameters():
        if "lora" in name:
            weights.data *= 20  # so that the LoRA shows
    StableDiffusionPipeline.save_lora_weights(
        folder, unet_lora_layers=convert_state_dict_to_diffusers(get_peft_model_state_dict(unet))
    )
    card(
        folder,
        "text-to-image",
        "base_model: tiny/sd\ninstance_prompt: tiny style\ntags:\n- lora\n- diffusers\n",
    )


@tiny("image-to-image")
def sd_changes(folder: Path) -> None:
    stable_diffusion().save_pretrained(folder)
    card(folder, "image-to-image")


@tiny("unconditional-image-generation")
def ddpm(folder: Path) -> None:
    from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel

    unet = UNet2DModel(
        sample_size=32,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
    )
    DDPMPipeline(unet=unet, scheduler=DDPMScheduler()).save_pretrained(folder)
    card(folder, "unconditional-image-generation")


@tiny("text-to-video")
def animatediff(folder: Path) -> None:
    from diffusers import AnimateDiffPipeline, AutoencoderKL, DDIMScheduler, MotionAdapter

    tokenizer, encoder = words()
    adapter = MotionAdapter(
        block_out_channels=(32, 64),
        motion_layers_per_block=1,
        motion_norm_num_groups=2,
        motion_num_attention_heads=4,
    )
    pipe = AnimateDiffPipeline(
        vae=AutoencoderKL(**LATENTS),
        text_encoder=encoder,
        tokenizer=tokenizer,
        unet=painter(),
        motion_adapter=adapter,
        scheduler=DDIMScheduler(set_alpha_to_one=False, steps_offset=1, **NOISE),
    )
    pipe.save_pretrained(folder)
    card(folder, "text-to-video")


@tiny("image-to-video")
def svd(folder: Path) -> None:
    from diffusers import (
        AutoencoderKLTemporalDecoder,
        EulerDiscreteScheduler,
        StableVideoDiffusionPipeline,
        UNetSpatioTemporalConditionModel,
    )
    from transformers import CLIPImageProcessorPil, CLIPVisionConfig, CLIPVisionModelWithProjection

    unet = UNetSpatioTemporalConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        sample_size=32,
        in_channels=8,
        out_channels=4,
        down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
        cross_attention_dim=32,
        num_attention_heads=8,
        projection_class_embeddings_input_dim=96,
        addition_time_embed_dim=32,
    )
    vision = CLIPVisionConfig(
        hidden_size=32,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=224,  # the pipeline's own size for what it looks at
        intermediate_size=37,
        patch_size=32,
    )
    # Eight times smaller than the picture, as the real ones: the attention is over what is left.
    latents = {**LATENTS, "block_out_channels": (32,) * 4, "down_block_types": ("DownEncoderBlock2D",) * 4}
    del latents["up_block_types"]
    pipe = StableVideoDiffusionPipeline(
        vae=AutoencoderKLTemporalDecoder(**latents),
        image_encoder=CLIPVisionModelWithProjection(vision),
        unet=unet,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            prediction_type="v_prediction",
            use_karras_sigmas=True,
            timestep_type="continuous",
            sigma_min=0.002,
            sigma_max=700.0,
        ),
        feature_extractor=CLIPImageProcessorPil(
            size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224}
        ),
    )
    pipe.save_pretrained(folder)
    card(folder, "image-to-video")
