"""The table of which model gets which blueprint: task, library, files and classes as real repos have them."""

from typing import NamedTuple

import pytest
from pydantic import JsonValue

from worker.blueprints import all_blueprints
from worker.card import Card
from worker.selection import select

SAFE = "model.safetensors"
BIN = "pytorch_model.bin"
SHARD = "model-00001-of-00004.safetensors"
TRANSFORMERS = "transformers"
SENTENCES = "sentence-transformers"


class Case(NamedTuple):
    blueprint: str
    task: str
    library: str | None
    architecture: str | None
    files: tuple[str, ...]


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


@pytest.mark.parametrize("case", TEXT, ids=lambda case: "-".join(map(str, case[:4])))
def test_a_model_gets_the_blueprint_of_its_task_and_loader(case: Case) -> None:
    blueprint, reason = select(card(case), all_blueprints())

    assert blueprint.name == case.blueprint
    assert case.task in reason


def card(case: Case) -> Card:
    config: dict[str, JsonValue] = {"model_type": "a"}
    if case.architecture:
        config["architectures"] = [case.architecture]
    described = () if case.architecture is None else ("config.json",)
    adapter = ("adapter_config.json",) if any("adapter" in name for name in case.files) else ()
    return Card(
        model_id="alice/model",
        revision="0" * 40,
        pipeline_tag=case.task,
        library_name=case.library,
        config=config,
        files=dict.fromkeys((*case.files, *described, *adapter), 1000),
    )
