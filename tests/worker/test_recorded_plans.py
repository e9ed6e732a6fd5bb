"""What would be built of well-known models: the blueprint, or the blocker that is in the way."""

import re

import pytest

from tests.worker.recorded_models import BASES, NAMES, recorded
from tests.worker.test_hardware import OFFERS
from worker.blueprints import all_blueprints
from worker.errors import Blocked
from worker.hardware import Wishes
from worker.next_steps import with_next_steps
from worker.plan import Plan, make_plan

BLUEPRINTS = {
    "bark": "text-to-audio",
    "bart-large-cnn": "sequence-to-sequence",
    "bert-base-uncased": "fill-mask",
    "bge-m3": "sentence-similarity",
    "blip-large": "image-to-text",
    "clip-large": "zero-shot-image-classification",
    "cogvideox-5b": "text-to-video",
    "cross-encoder": "text-ranking",
    "deepseek-r1-distill-7b": "text-generation",
    "depth-anything-v2-small": "depth-estimation",
    "detr-resnet-50": "object-detection",
    "distilbert-sst2-onnx": "text-classification-onnx",
    "e5-large": "feature-extraction-sentence-transformers",
    "flux-1-dev": "text-to-image",
    "flux-1-schnell": "text-to-image",
    "flux-kontext": "image-to-image",
    "flux-lora": "text-to-image-lora",
    "gemma-3-1b-it": "text-generation",
    "gemma-3-4b-it": "image-text-to-text",
    "gpt-oss-20b": "text-generation",
    "hunyuanvideo": "text-to-video",
    "llama-2-7b-gptq": "text-generation",
    "llama-3.1-8b": "text-generation",
    "llama-3.1-8b-awq": "text-generation",
    "llama-3.1-8b-gguf": "text-generation-gguf",
    "llama-3.2-1b-bnb": "text-generation",
    "lora-on-llama": "text-generation-peft",
    "ltx-video": "image-to-video",
    "minilm": "sentence-similarity",
    "mistral-7b": "text-generation",
    "mistral-7b-gguf": "text-generation-gguf",
    "mms-tts-eng": "text-to-audio",
    "musicgen-small": "text-to-audio",
    "nllb-200-600m": "translation-multilingual",
    "opus-mt-en-de": "translation",
    "qwen-image": "text-to-image",
    "qwen2.5-32b-awq": "text-generation",
    "qwen2.5-7b-gguf": "text-generation-gguf",
    "qwen2.5-vl-7b": "image-text-to-text",
    "qwen3-0.6b": "text-generation",
    "qwen3-30b-a3b": "text-generation",
    "qwen3-32b": "text-generation",
    "qwen3-8b": "text-generation",
    "qwen3-8b-fp8": "text-generation",
    "qwen3-8b-gguf": "text-generation-gguf",
    "qwen3-vl-8b": "image-text-to-text",
    "sam-vit-base": "mask-generation",
    "sam-vit-huge": "mask-generation",
    "sd15": "text-to-image",
    "sd3.5-large": "text-to-image",
    "sdxl": "text-to-image",
    "sdxl-lora": "text-to-image-lora",
    "svd-xt": "image-to-video",
    "timm-resnet50": "image-classification-timm",
    "timm-vit-base": "image-classification-timm",
    "wan2.2-i2v": "image-to-video",
    "wan2.2-t2v": "text-to-video",
    "wan2.2-ti2v-5b": "text-to-video",
    "whisper-large-v3": "automatic-speech-recognition",
    "whisper-large-v3-turbo": "automatic-speech-recognition",
    "whisper-small": "automatic-speech-recognition",
    "xlm-roberta-base": "fill-mask",
    "z-image-turbo": "text-to-image",
}
BLOCKERS = {
    "deepseek-r1": ("multi_gpu", "It needs "),
    "deepseek-v3": ("multi_gpu", "It needs "),
    "florence-2-large": ("no_blueprint", "microsoft/Florence-2-large says it is image-text-to-text"),
    "hunyuanvideo-original": ("no_blueprint", "its library is not given"),
    "jina-v3": ("custom_code", "trust-remote-code=yes"),
    "kokoro": ("no_blueprint", "its library is not given"),
    "llama-3.3-70b-gguf": ("multi_gpu", "because the GGUF file is unpacked"),
    "longcat-video": ("no_blueprint", "its model_index.json names no pipeline"),
    "mixtral-8x7b": ("multi_gpu", "96.0 GB, of which 86.4 GB can be used"),
    "parakeet-tdt-0.6b": ("no_blueprint", "nemo"),
    "qwen2.5-0.5b-onnx": ("no_blueprint", "The base model Qwen/Qwen2.5-0.5B-Instruct"),
    "qwen3-235b-a22b": ("multi_gpu", "It needs 495.7 GB"),
    "qwen3-8b-mlx": ("mlx", "Ask for the model that it was made from: Qwen/Qwen3-8B."),
    "speecht5": ("no_blueprint", "its config names SpeechT5ForTextToSpeech"),
}
"""The code, and words of the sentence."""


def plan(name: str, *, trusting: bool = False) -> Plan:
    model = recorded(name)
    base = BASES.get(model.card.base_of_adapter or "")
    return make_plan(
        model.card,
        all_blueprints(),
        OFFERS,
        Wishes(),
        base=recorded(base).card if base and base != name else None,
        types=model.header_types,
        trust_remote_code=trusting,
    )


def test_every_recorded_model_has_its_plan() -> None:
    assert BLUEPRINTS.keys() | BLOCKERS.keys() == set(NAMES)


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_well_known_model_gets_its_blueprint(name: str) -> None:
    made = plan(name)

    assert (made.blueprint.name, made.estimate.family) == (BLUEPRINTS[name], made.blueprint.family)
    assert made.settings["weights"] in {"model_index.json", *recorded(name).card.files}


@pytest.mark.parametrize("name", BLOCKERS)
def test_what_cannot_be_built_is_said_with_a_next_step(name: str) -> None:
    code, words = BLOCKERS[name]
    with pytest.raises(Blocked) as ended:
        plan(name)
    (blocker,) = with_next_steps(ended.value, recorded(name).card).blockers

    assert blocker.code == code
    assert words in blocker.message
    assert re.search(r"\b([Aa]sk (for|again)|Add)\b", blocker.message)


def test_the_one_gguf_file_that_is_counted_is_the_one_that_the_app_opens() -> None:
    made = plan("qwen2.5-7b-gguf")

    assert made.settings["weights"] == "qwen2.5-7b-instruct-q3_k_m.gguf"
    assert list(made.estimate.files) == [made.settings["weights"]]


def test_spare_parts_of_a_pipeline_are_not_opened() -> None:
    opened = plan("sd3.5-large").estimate.files

    assert not [path for path in opened if path.startswith("text_encoders/")]
    assert {path.split("/")[0] for path in opened} == {
        *("transformer", "text_encoder", "text_encoder_2", "text_encoder_3", "vae")
    }


def test_an_adapter_whose_card_names_no_task_has_the_task_of_its_kind() -> None:
    assert recorded("lora-on-llama").card.pipeline_tag == "text-generation"


@pytest.mark.parametrize("name", ["llama-3.1-8b-awq", "llama-2-7b-gptq"])
def test_packages_that_may_not_build_are_a_risk(name: str) -> None:
    assert any("gptqmodel may be compiled" in note for note in plan(name).estimate.notes)
