"""Tiny models that answer a question about a picture in a word or two: ViLT, BLIP and Donut."""

from pathlib import Path

from tests.models.tiny.registry import tiny
from tests.models.tiny.vision import LOUD, SMALL, card, square
from tests.models.tiny.vocabulary import byte_pairs, unlikely, wordpiece

DONUT = ("<s>", "<pad>", "</s>", "<unk>", "<s_docvqa>", "<s_question>", "</s_question>", "<s_answer>")


@tiny("visual-question-answering")
def vilt(folder: Path) -> None:
    from transformers import ViltConfig, ViltForQuestionAnswering, ViltImageProcessorPil, ViltProcessor

    tokenizer = wordpiece(folder)
    config = ViltConfig(
        vocab_size=len(tokenizer), image_size=32, patch_size=8, max_position_embeddings=40, **SMALL, **LOUD
    )
    names = [f"answer {number}" for number in range(60)]  # so that two pictures hardly get the same one
    config.id2label, config.label2id = dict(enumerate(names)), {name: at for at, name in enumerate(names)}
    ViltForQuestionAnswering(config).save_pretrained(folder)
    tokenizer.model_max_length = 40
    pictures = ViltImageProcessorPil(size={"shortest_edge": 32}, size_divisor=8)
    ViltProcessor(pictures, tokenizer).save_pretrained(folder)
    card(folder, "visual-question-answering")


@tiny("visual-question-answering")
def blip_questions(folder: Path) -> None:
    from transformers import BlipConfig, BlipForQuestionAnswering, BlipImageProcessorPil, BlipProcessor

    tokenizer = wordpiece(folder)
    ends = {"sep_token_id": tokenizer.sep_token_id, "eos_token_id": tokenizer.sep_token_id}
    words = {"bos_token_id": tokenizer.cls_token_id, "pad_token_id": tokenizer.pad_token_id, **ends}
    text = {"vocab_size": len(tokenizer), "encoder_hidden_size": 32, "max_position_embeddings": 64}
    config = BlipConfig(
        text_config={**text, **words, **SMALL, **LOUD},
        vision_config={"image_size": 32, "patch_size": 8, **SMALL, **LOUD},
        projection_dim=16,
        image_text_hidden_size=16,
    )
    model = BlipForQuestionAnswering(config)
    for name, weights in model.named_parameters():
        if name.endswith(("crossattention.self.query.weight", "crossattention.self.key.weight")):
            weights.data *= 8  # else what is seen and asked hardly matters
        if name.endswith("crossattention.self.value.weight"):
            weights.data *= 2
    model.save_pretrained(folder)
    BlipProcessor(BlipImageProcessorPil(size=square(32)), tokenizer).save_pretrained(folder)
    card(folder, "visual-question-answering")


@tiny("document-question-answering")
def donut(folder: Path) -> None:
    from transformers import (
        DonutImageProcessorPil,
        DonutProcessor,
        DonutSwinConfig,
        DonutSwinModel,
        MBartConfig,
        MBartForCausalLM,
        VisionEncoderDecoderModel,
    )

    marks = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    tokenizer = byte_pairs(folder, (*DONUT, "</s_answer>"), **marks)
    seeing = DonutSwinConfig(
        image_size=[64, 64],
        patch_size=4,
        embed_dim=16,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=4,
        **LOUD,
    )
    writing = MBartConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_ffn_dim=64,
        max_position_embeddings=160,
        init_std=0.5,
        is_decoder=True,
        is_encoder_decoder=False,
        add_cross_attention=True,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = VisionEncoderDecoderModel(encoder=DonutSwinModel(seeing), decoder=MBartForCausalLM(writing))
    unlikely(model.decoder.get_output_embeddings(), tokenizer)
    for name, weights in model.named_parameters():
        if "encoder_attn" in name:
            weights.data *= 4  # else what is seen hardly matters
    for config in (model.config, model.generation_config):
        config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 0, 1, 2
    model.save_pretrained(folder)
    DonutProcessor(DonutImageProcessorPil(size=square(64)), tokenizer).save_pretrained(folder)
    card(folder, "document-question-answering")
