"""The table of which model gets which blueprint: task, library, files and classes as real repos have them."""

from typing import NamedTuple

import pytest
from pydantic import JsonValue

from worker.blueprints import all_blueprints
from worker.card import Card
from worker.errors import Blocked
from worker.estimate import GB
from worker.hardware import Wishes
from worker.hardware_offers import ZERO_GPU, read_offers
from worker.plan import make_plan
from worker.selection import select

SAFE = "model.safetensors"
BIN = "pytorch_model.bin"
SHARD = "model-00001-of-00004.safetensors"
PICTURES = "preprocessor_config.json"
INDEX = "model_index.json"
TRANSFORMERS = "transformers"
SENTENCES = "sentence-transformers"


class Case(NamedTuple):
    blueprint: str
    task: str
    library: str | None
    architecture: str | None
    files: tuple[str, ...]
    tags: tuple[str, ...] = ()
    auto_map: str | None = None
    """The auto class that code of its own stands in for."""


TEXT = (
    Case("text-generation", "text-generation", TRANSFORMERS, "Qwen3ForCausalLM", (SHARD,)),
    Case("text-generation", "text-generation", TRANSFORMERS, "GPT2LMHeadModel", (SAFE, BIN)),
    Case("text-generation", "text-generation", None, "LlamaForCausalLM", (SAFE,)),
    Case("text-generation-gguf", "text-generation", "gguf", None, ("m-Q4_K_M.gguf", "m-Q8_0.gguf")),
    Case("text-generation-gguf", "text-generation", TRANSFORMERS, None, ("m.q8_0.gguf",)),
    Case("text-generation-peft", "text-generation", "peft", None, ("adapter_model.safetensors",)),
    Case("text-generation-peft", "text-generation", TRANSFORMERS, None, ("adapter_model.bin",)),
    Case("sequence-to-sequence", "summarization", TRANSFORMERS, "BartForConditionalGeneration", (SAFE,)),
    Case("sequence-to-sequence", "summarization", TRANSFORMERS, "PegasusForConditionalGeneration", (BIN,)),
    Case("sequence-to-sequence", "text2text-generation", TRANSFORMERS, "T5ForConditionalGeneration", (SAFE,)),
    Case("translation", "translation", TRANSFORMERS, "MarianMTModel", (BIN,)),
    Case("translation", "translation", TRANSFORMERS, "T5ForConditionalGeneration", (SAFE,)),
    Case("translation-multilingual", "translation", TRANSFORMERS, "M2M100ForConditionalGeneration", (BIN,)),
    Case(
        "translation-multilingual",
        "text2text-generation",
        TRANSFORMERS,
        "M2M100ForConditionalGeneration",
        (BIN,),
    ),
    Case("translation-multilingual", "translation", TRANSFORMERS, "MBartForConditionalGeneration", (SAFE,)),
    Case("question-answering", "question-answering", TRANSFORMERS, "RobertaForQuestionAnswering", (SAFE,)),
    Case("fill-mask", "fill-mask", TRANSFORMERS, "BertForMaskedLM", (SAFE,)),
    Case("fill-mask", "fill-mask", TRANSFORMERS, "BertForPreTraining", (SAFE,)),
    Case("token-classification", "token-classification", TRANSFORMERS, "BertForTokenClassification", (SAFE,)),
    Case(
        "zero-shot-classification",
        "zero-shot-classification",
        TRANSFORMERS,
        "DebertaV2ForSequenceClassification",
        (SAFE,),
    ),
    Case("sentence-similarity", "sentence-similarity", SENTENCES, "BertModel", (SAFE, "modules.json")),
    Case("sentence-similarity", "sentence-similarity", TRANSFORMERS, "MPNetForMaskedLM", (BIN,)),
    Case(
        "feature-extraction-sentence-transformers",
        "feature-extraction",
        SENTENCES,
        "BertModel",
        (SAFE, "modules.json", "onnx/model.onnx"),
    ),
    Case("feature-extraction", "feature-extraction", TRANSFORMERS, "RobertaModel", (BIN,)),
    Case("text-ranking", "text-ranking", SENTENCES, "BertForSequenceClassification", (SAFE,)),
    Case("text-ranking", "text-ranking", TRANSFORMERS, "XLMRobertaForSequenceClassification", (SAFE,)),
    Case("text-ranking", "text-classification", SENTENCES, "XLMRobertaForSequenceClassification", (SAFE,)),
    Case(
        "text-classification", "text-classification", TRANSFORMERS, "BertForSequenceClassification", (SAFE,)
    ),
    Case(
        "text-classification-onnx",
        "text-classification",
        "transformers.js",
        "DistilBertForSequenceClassification",
        ("tokenizer.json", "onnx/model.onnx"),
    ),
)

SEEN = (SAFE, PICTURES)
VISION = (
    Case("image-classification", "image-classification", TRANSFORMERS, "ViTForImageClassification", SEEN),
    Case("image-classification", "image-classification", TRANSFORMERS, "Dinov2ForImageClassification", SEEN),
    Case(
        "image-classification-onnx",
        "image-classification",
        "transformers.js",
        "ViTForImageClassification",
        (PICTURES, "onnx/model.onnx"),
    ),
    Case("image-classification-timm", "image-classification", "timm", None, (SAFE,)),
    Case("image-feature-extraction-timm", "image-feature-extraction", "timm", None, (SAFE,)),
    Case("image-feature-extraction", "image-feature-extraction", TRANSFORMERS, "Dinov2Model", SEEN),
    Case(
        "image-feature-extraction",
        "image-feature-extraction",
        TRANSFORMERS,
        "CLIPModel",
        (SAFE, "processor_config.json"),
    ),
    Case("image-feature-extraction", "image-feature-extraction", TRANSFORMERS, "SiglipVisionModel", SEEN),
    Case("zero-shot-image-classification", "zero-shot-image-classification", None, "CLIPModel", (BIN,)),
    Case("zero-shot-image-classification", "zero-shot-image-classification", None, "SiglipModel", (SAFE,)),
    Case(
        "zero-shot-image-classification",
        "zero-shot-image-classification",
        "open_clip",
        "CLIPModel",
        (SAFE, "open_clip_model.safetensors"),
    ),
    Case("object-detection", "object-detection", TRANSFORMERS, "DetrForObjectDetection", SEEN),
    Case("object-detection", "object-detection", TRANSFORMERS, "RTDetrV2ForObjectDetection", SEEN),
    Case(
        "zero-shot-object-detection",
        "zero-shot-object-detection",
        TRANSFORMERS,
        "GroundingDinoForObjectDetection",
        (SAFE,),
    ),
    Case("zero-shot-object-detection", "zero-shot-object-detection", None, "Owlv2ForObjectDetection", SEEN),
    Case("image-segmentation", "image-segmentation", None, "SegformerForSemanticSegmentation", SEEN),
    Case("image-segmentation", "image-segmentation", None, "Mask2FormerForUniversalSegmentation", SEEN),
    Case("image-segmentation", "image-segmentation", None, "DetrForSegmentation", SEEN),
    Case("mask-generation", "mask-generation", TRANSFORMERS, "SamModel", SEEN),
    Case("mask-generation", "mask-generation", TRANSFORMERS, "Sam2VideoModel", SEEN),
    Case("depth-estimation", "depth-estimation", None, "DepthAnythingForDepthEstimation", SEEN),
    Case("depth-estimation", "depth-estimation", None, "DPTForDepthEstimation", SEEN),
    Case("video-classification", "video-classification", None, "VideoMAEForVideoClassification", SEEN),
    Case("video-classification", "video-classification", None, "TimesformerForVideoClassification", SEEN),
    Case("image-to-image-upscaling", "image-to-image", None, "Swin2SRForImageSuperResolution", SEEN),
    Case("image-to-text", "image-to-text", TRANSFORMERS, "BlipForConditionalGeneration", (SAFE,)),
    Case("image-to-text", "image-text-to-text", TRANSFORMERS, "BlipForConditionalGeneration", (SAFE,)),
    Case("image-to-text", "image-to-text", TRANSFORMERS, "VisionEncoderDecoderModel", (BIN,)),
    Case("image-to-text", "image-to-text", TRANSFORMERS, "GitForCausalLM", (SAFE,)),
    Case("image-to-text", "image-text-to-text", TRANSFORMERS, "Pix2StructForConditionalGeneration", (BIN,)),
    Case("image-text-to-text", "image-text-to-text", None, "Qwen2_5_VLForConditionalGeneration", (SHARD,)),
    Case("image-text-to-text", "image-text-to-text", None, "SmolVLMForConditionalGeneration", (SAFE,)),
    Case("image-text-to-text", "image-text-to-text", None, "PaliGemmaForConditionalGeneration", (SHARD,)),
    Case("image-text-to-text", "image-to-text", TRANSFORMERS, "Blip2ForConditionalGeneration", (SHARD,)),
    Case("image-text-to-text", "image-to-text", TRANSFORMERS, "LlavaForConditionalGeneration", (SHARD,)),
    Case("image-text-to-text", "image-text-to-text", None, "Florence2ForConditionalGeneration", (SAFE,)),
    Case("visual-question-answering", "visual-question-answering", None, "ViltForQuestionAnswering", (BIN,)),
    Case("visual-question-answering", "visual-question-answering", None, "BlipForQuestionAnswering", (SAFE,)),
    Case(
        "image-text-to-text",
        "visual-question-answering",
        TRANSFORMERS,
        "Blip2ForConditionalGeneration",
        (SHARD,),
    ),
    Case(
        "document-question-answering",
        "document-question-answering",
        TRANSFORMERS,
        "VisionEncoderDecoderModel",
        (BIN,),
    ),
)
SPEECH = "automatic-speech-recognition"
SOUND = (
    Case(SPEECH, SPEECH, TRANSFORMERS, "WhisperForConditionalGeneration", (SAFE,)),
    Case(SPEECH, SPEECH, TRANSFORMERS, "Wav2Vec2ForCTC", (BIN,)),
    Case(SPEECH, SPEECH, TRANSFORMERS, "MoonshineForConditionalGeneration", (SAFE,)),
    Case(SPEECH, SPEECH, TRANSFORMERS, "Speech2TextForConditionalGeneration", (BIN,)),
    Case("audio-classification", "audio-classification", None, "ASTForAudioClassification", (SAFE,)),
    Case("audio-classification", "audio-classification", None, "Wav2Vec2ForSequenceClassification", (SAFE,)),
    Case("text-to-audio", "text-to-speech", TRANSFORMERS, "VitsModel", (SAFE,)),
    Case("text-to-audio", "text-to-speech", TRANSFORMERS, "BarkModel", (BIN,)),
    Case("text-to-audio", "text-to-audio", TRANSFORMERS, "MusicgenForConditionalGeneration", (SAFE,)),
)
DIFFUSION = (
    Case("text-to-image", "text-to-image", "diffusers", "FluxPipeline", (INDEX, SAFE)),
    Case("text-to-image", "text-to-image", "diffusers", "StableDiffusion3Pipeline", (INDEX,)),
    Case("text-to-image", "text-to-image", "diffusers", "StableDiffusionXLPipeline", (INDEX,)),
    Case("text-to-image", "text-to-image", "diffusers", "PixArtSigmaPipeline", (INDEX,)),
    Case("text-to-image-lora", "text-to-image", "diffusers", None, ("style.safetensors",), ("lora",)),
    Case("text-to-image-lora", "text-to-image", "diffusers", None, ("pytorch_lora_weights.safetensors",)),
    Case("image-to-image", "image-to-image", "diffusers", "FluxKontextPipeline", (INDEX,)),
    Case("image-to-image", "image-to-image", "diffusers", "StableDiffusionInstructPix2PixPipeline", (INDEX,)),
    Case("image-to-image", "image-to-image", "diffusers", "QwenImageEditPipeline", (INDEX,)),
    Case("text-to-video", "text-to-video", "diffusers", "WanPipeline", (INDEX,)),
    Case("text-to-video", "text-to-video", "diffusers", "CogVideoXPipeline", (INDEX,)),
    Case("image-to-video", "image-to-video", "diffusers", "StableVideoDiffusionPipeline", (INDEX,)),
    Case("image-to-video", "image-to-video", "diffusers", "WanImageToVideoPipeline", (INDEX,)),
    Case("image-to-video", "image-to-video", "diffusers", "LTXPipeline", (INDEX,)),
    Case(
        "unconditional-image-generation",
        "unconditional-image-generation",
        "diffusers",
        "DDPMPipeline",
        (INDEX,),
    ),
)
UNUSUAL = (
    Case("text-generation", "text-generation", TRANSFORMERS, "MambaForCausalLM", (SAFE,)),
    Case("text-generation", "text-generation", TRANSFORMERS, "Gemma3ForConditionalGeneration", (SHARD,)),
    Case("fill-mask", "fill-mask", TRANSFORMERS, "ModernBertForMaskedLM", (SAFE,)),
    Case("feature-extraction", "feature-extraction", TRANSFORMERS, "T5EncoderModel", (SAFE,)),
    Case(
        "text-generation",
        "text-generation",
        TRANSFORMERS,
        "PhiForCausalLM",
        (SAFE,),
        auto_map="AutoModelForCausalLM",
    ),
)


@pytest.mark.parametrize(
    "case", (*TEXT, *VISION, *SOUND, *DIFFUSION, *UNUSUAL), ids=lambda case: "-".join(map(str, case[:4]))
)
def test_a_model_gets_the_blueprint_of_its_task_and_loader(case: Case) -> None:
    blueprint, reason = select(card(case), all_blueprints())

    assert blueprint.name == case.blueprint
    assert case.task in reason


# A case's blueprint is the closest one here. What is in the way is said of it.
REFUSED: tuple[tuple[Case, str], ...] = (
    (Case("text-generation", "text-generation", None, None, ("a/model.onnx",)), "ONNX format"),
    (Case(SPEECH, SPEECH, "ctranslate2", None, ("model.bin",), ("ctranslate2",)), "CTranslate2 format"),
    (
        Case(
            "text-generation",
            "text-generation",
            "openvino",
            "LlamaForCausalLM",
            ("openvino_model.bin", "openvino_model.xml"),
        ),
        "OpenVINO format",
    ),
    (
        Case("text-to-image", "text-to-image", None, None, ("Unet.mlpackage/weights/weight.bin",)),
        "Core ML format",
    ),
    (Case("image-classification-timm", "image-classification", None, None, ("m.tflite",)), "Lite format"),
    (Case("text-to-image", "text-to-image", "gguf", None, ("flux1-dev-Q4_0.gguf",)), "GGUF format"),
    (Case(SPEECH, SPEECH, "nemo", None, ("parakeet.nemo",)), "its library is nemo"),
    (
        Case("text-to-image-lora", "text-to-image", "diffusers", None, ("v1-5-pruned.safetensors",)),
        "without the other parts of a pipeline",
    ),
    (
        Case("text-to-image", "text-to-image", "diffusers", "StableDiffusionControlNetPipeline", (INDEX,)),
        "StableDiffusionControlNetPipeline",
    ),
    (
        Case("image-to-image", "image-to-image", "diffusers", "StableDiffusionInpaintPipeline", (INDEX,)),
        "StableDiffusionInpaintPipeline",
    ),
    (
        Case("text-to-video", "text-to-video", "diffusers", "WanVACEPipeline", (INDEX,)),
        "WanVACEPipeline",
    ),
    (
        Case("text-to-audio", "text-to-speech", TRANSFORMERS, "SpeechT5ForTextToSpeech", (BIN,)),
        "SpeechT5ForTextToSpeech",
    ),
    (
        Case(SPEECH, SPEECH, TRANSFORMERS, "VoxtralForConditionalGeneration", (SHARD,)),
        "VoxtralForConditionalGeneration",
    ),
    (
        Case(
            "document-question-answering",
            "document-question-answering",
            TRANSFORMERS,
            "LayoutLMForQuestionAnswering",
            (SAFE,),
        ),
        "LayoutLMForQuestionAnswering",
    ),
    (
        Case("text-classification", "text-classification", None, "HubertForSequenceClassification", (SAFE,)),
        "HubertForSequenceClassification",
    ),
    (
        Case("image-text-to-text", "image-text-to-text", None, "T5ForConditionalGeneration", (SAFE,)),
        "T5ForConditionalGeneration",
    ),
    (
        Case("object-detection", "object-detection", "ultralytics", None, ("yolov8n.pt",)),
        "its library is ultralytics",
    ),
    (
        Case("image-segmentation", "image-segmentation", None, "BiRefNetForSegmentation", (SAFE,)),
        "there is no preprocessor_config.json",
    ),
    (
        Case(
            "image-text-to-text",
            "image-text-to-text",
            TRANSFORMERS,
            "Florence2ForConditionalGeneration",
            (BIN,),
            auto_map="AutoModelForCausalLM",
        ),
        "its own code has nothing for AutoModelForImageTextToText",
    ),
)


@pytest.mark.parametrize(("case", "in_the_way"), REFUSED, ids=lambda each: "-".join(map(str, each[:4])))
def test_a_model_that_would_not_open_is_refused_with_the_closest_blueprint_and_its_base(
    case: Case, in_the_way: str
) -> None:
    with pytest.raises(Blocked) as ended:
        select(card(case), all_blueprints())
    (blocker,) = ended.value.blockers

    assert f"The closest blueprint is {case.blueprint}, but" in blocker.tried
    assert in_the_way in blocker.tried
    assert "The base model alice/base may fit better." in blocker.message


@pytest.mark.parametrize(("size", "asked"), [(8 * GB, None), (42 * GB, "xlarge")])
def test_an_app_asks_for_the_larger_slice_of_zerogpu_only_where_it_needs_it(
    size: int, asked: str | None
) -> None:
    large = card(Case("", "text-generation", TRANSFORMERS, "LlamaForCausalLM", (SAFE,)))
    large = large.model_copy(update={"files": {**large.files, SAFE: size}, "parameters": {"BF16": size // 2}})

    plan = make_plan(large, all_blueprints(), read_offers(()), Wishes())

    assert plan.hardware == ZERO_GPU
    assert plan.settings.get("gpu_size") == asked


def card(case: Case) -> Card:
    config: dict[str, JsonValue] = {}
    if case.library != "diffusers" and any(name.endswith((".safetensors", SAFE, BIN)) for name in case.files):
        config["model_type"] = "a"
    if case.architecture:
        config["architectures"] = [case.architecture]
    if case.auto_map:
        config["auto_map"] = {case.auto_map: "modeling.Model"}
    described = () if case.architecture is None else ("config.json",)
    adapter = ("adapter_config.json",) if any("adapter" in name for name in case.files) else ()
    return Card(
        model_id="alice/model",
        revision="0" * 40,
        pipeline_tag=case.task,
        library_name=case.library,
        tags=case.tags,
        base_models=("alice/base",),
        config=config,
        files=dict.fromkeys((*case.files, *described, *adapter), 1000),
    )
