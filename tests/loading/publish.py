"""Makes tiny models with random weights and publishes them, as their authors would. Runs where torch is."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from gguf import GGUFWriter
from huggingface_hub import HfApi
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    CLIPTextConfig,
    CLIPTextModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

TEXT = ["the quick brown fox jumps over the lazy dog", "what a day , what a lovely day", "nobody liked it"]
CHAT = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}</s>{% endfor %}"
OWN_CODE = """
import torch
from transformers import PretrainedConfig, PreTrainedModel


class AbacusConfig(PretrainedConfig):
    model_type = "abacus"

    def __init__(self, size=4, **rest):
        self.size = size
        super().__init__(**rest)


class Abacus(PreTrainedModel):
    config_class = AbacusConfig

    def __init__(self, config):
        super().__init__(config)
        self.beads = torch.nn.Linear(config.size, config.size)
        self.post_init()

    def forward(self, x):
        return self.beads(x)
"""


def words(**special: str) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer: it can spell anything."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<s>", "</s>", "<pad>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    usual = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=77, **usual, **special)


def llama(vocabulary: int, seed: int = 0) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=2,
            initializer_range=0.4,
        )
    )


def bert(vocabulary: int, **config: object) -> BertConfig:
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=80,
        pad_token_id=2,
        initializer_range=0.5,
        **config,
    )


def chat(hub: HfApi) -> None:
    tokenizer = words()
    tokenizer.chat_template = CHAT
    llama(len(tokenizer)).to(torch.bfloat16).push_to_hub("alice/chat")
    tokenizer.push_to_hub("alice/chat")


def sharded(hub: HfApi) -> None:
    tokenizer = words()
    for repo, private in (("alice/sharded", False), ("alice/private", True), ("alice/gated", False)):
        hub.create_repo(repo, private=private)
        with tempfile.TemporaryDirectory() as folder:
            llama(len(tokenizer)).save_pretrained(folder, max_shard_size="60KB")
            tokenizer.save_pretrained(folder)
            hub.upload_folder(repo_id=repo, folder_path=folder)
    hub.update_repo_settings("alice/gated", gated="auto")


def reviews(hub: HfApi) -> None:
    """Two versions: `main`, and a branch with other weights and other labels."""
    tokenizer = words()
    for branch, names in (("main", {0: "bad", 1: "good"}), ("v2", {0: "down", 1: "up"})):
        torch.manual_seed(len(branch))
        labels = {"id2label": names, "label2id": {name: number for number, name in names.items()}}
        model = BertForSequenceClassification(bert(len(tokenizer), **labels))
        if branch == "main":
            with tempfile.TemporaryDirectory() as folder:
                model.save_pretrained(folder, push_to_hub=True, repo_id="alice/reviews")
                tokenizer.save_pretrained(folder, push_to_hub=True, repo_id="alice/reviews")
            hub.create_tag("alice/reviews", tag="first")
        else:
            hub.create_branch("alice/reviews", branch=branch)
            model.push_to_hub("alice/reviews", revision=branch)


def masked(hub: HfApi) -> None:
    tokenizer = words(mask_token="<mask>")
    BertForMaskedLM(bert(len(tokenizer))).push_to_hub("alice/masked")
    tokenizer.push_to_hub("alice/masked")


def own_code(hub: HfApi) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "abacus.py").write_text(OWN_CODE)
        sys.path.insert(0, folder)
        from abacus import Abacus, AbacusConfig

        AbacusConfig.register_for_auto_class()
        Abacus.register_for_auto_class("AutoModel")
        Abacus(AbacusConfig()).push_to_hub("alice/abacus")


def pictures(hub: HfApi) -> None:
    torch.manual_seed(0)
    tokenizer = words()
    attention = {"cross_attention_dim": 32, "attention_head_dim": 8, "norm_num_groups": 8}
    pipe = StableDiffusionPipeline(
        vae=AutoencoderKL(block_out_channels=(8,), norm_num_groups=4, latent_channels=4, sample_size=16),
        text_encoder=CLIPTextModel(
            CLIPTextConfig(
                vocab_size=len(tokenizer),
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=4,
                max_position_embeddings=77,
                eos_token_id=1,
            )
        ),
        tokenizer=tokenizer,
        unet=UNet2DConditionModel(
            sample_size=16,
            block_out_channels=(8, 16),
            layers_per_block=1,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            **attention,
        ),
        scheduler=DDIMScheduler(clip_sample=False, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipe.push_to_hub("alice/pictures")
    pipe.unet.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_v"], init_lora_weights="gaussian"))
    for name, parameter in pipe.unet.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter)
    with tempfile.TemporaryDirectory() as folder:
        layers = get_peft_model_state_dict(pipe.unet)
        pipe.save_lora_weights(folder, unet_lora_layers=layers)
        card = "---\nbase_model: alice/pictures\ninstance_prompt: sks dog\ntags: [lora, text-to-image]\n---\n"
        Path(folder, "README.md").write_text(card)
        hub.create_repo("alice/style")
        hub.upload_folder(repo_id="alice/style", folder_path=folder)


def sentences(hub: HfApi) -> None:
    tokenizer = words()
    with tempfile.TemporaryDirectory() as folder:
        BertForMaskedLM(bert(len(tokenizer))).bert.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        encoder = Transformer(folder)
        model = SentenceTransformer(modules=[encoder, Pooling(32)])
        model.push_to_hub("alice/sentences")


def adapter(hub: HfApi) -> None:
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained("alice/chat")
    get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", r=2)).push_to_hub("alice/adapter")


def quantized(hub: HfApi) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tiny-Q8_0.gguf")
        writer = GGUFWriter(file, "llama")
        writer.add_context_length(512)
        writer.add_chat_template(CHAT)
        writer.add_token_list(["<s>", "</s>", "a"])
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(1)
        writer.add_tensor("token_embd.weight", np.ones((3, 8), dtype=np.float32))
        writer.add_tensor("output.weight", np.ones((3, 8), dtype=np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        Path(folder, "README.md").write_text("---\nbase_model: alice/chat\n---\n")
        hub.create_repo("alice/quantized")
        hub.upload_folder(repo_id="alice/quantized", folder_path=folder)


ALL: tuple[Callable[[HfApi], None], ...] = (
    chat,
    sharded,
    reviews,
    masked,
    own_code,
    pictures,
    sentences,
    adapter,
    quantized,
)

if __name__ == "__main__":
    for publish in ALL:
        publish(HfApi())
