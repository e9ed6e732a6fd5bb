"""Which blueprint a model gets, and what is said when there is none."""

import pytest
from pydantic import JsonValue

from worker.blueprints import all_blueprints
from worker.card import Card
from worker.errors import Blocked, Blocker
from worker.estimate import GB
from worker.hardware import Wishes
from worker.hardware_offers import read_offers
from worker.plan import Plan, make_plan
from worker.selection import external_data_of, weights_of

OFFERS = read_offers(())
"""What every Hub offers: the free hardware."""
TEXT_FILES = ("config.json", "tokenizer.json", "onnx/model.onnx")
IMAGE_FILES = ("config.json", "preprocessor_config.json", "onnx/model.onnx")


def card(
    task: str | None = "text-classification",
    files: tuple[str, ...] = TEXT_FILES,
    *,
    config: dict[str, JsonValue] | None = None,
    size: int = 1000,
    **other: object,
) -> Card:
    values: dict[str, object] = {
        "model_id": "alice/model",
        "revision": "0" * 40,
        "pipeline_tag": task,
        "library_name": "onnx",
        "files": dict.fromkeys(files, size),
        "config": config or {},
    }
    return Card.model_validate(values | other)


def plan(card: Card) -> Plan:
    return make_plan(card, all_blueprints(), OFFERS, Wishes())


def blocked(card: Card) -> tuple[Blocker, ...]:
    with pytest.raises(Blocked) as ended:
        plan(card)
    return ended.value.blockers


@pytest.mark.parametrize(
    ("task", "files", "blueprint"),
    [
        ("text-classification", TEXT_FILES, "text-classification-onnx"),
        ("image-classification", IMAGE_FILES, "image-classification-onnx"),
    ],
)
def test_a_covered_task_gets_its_blueprint_and_a_reason(
    task: str, files: tuple[str, ...], blueprint: str
) -> None:
    made = plan(card(task, files))

    assert made.blueprint.name == blueprint
    assert task in made.reason
    assert "onnx/model.onnx" in made.reason
    assert made.hardware == "cpu-basic"


UNCOVERED = {
    "another task": (card("table-question-answering"), "The closest blueprint is question-answering"),
    "another format": (
        card("image-segmentation", IMAGE_FILES),
        "The closest blueprint is image-segmentation",
    ),
    "no task": (card(None), "text-classification-onnx"),
    "no weights": (card(files=("config.json", "tokenizer.json")), "there is no model.safetensors"),
    "no tokenizer": (card(files=("config.json", "onnx/model.onnx")), "there is no tokenizer.json"),
    "onnx somewhere else": (card(files=(*TEXT_FILES[:2], "deep/er/x.onnx")), "there is no onnx/model.onnx"),
}


@pytest.mark.parametrize(("card", "said"), UNCOVERED.values(), ids=UNCOVERED)
def test_an_uncovered_model_is_told_the_closest_blueprint_and_what_is_in_its_way(
    card: Card, said: str
) -> None:
    (blocker,) = blocked(card)

    assert blocker.code == "no_blueprint"
    assert said in blocker.tried


def test_a_card_that_lies_about_its_task_is_told_so() -> None:
    (blocker,) = blocked(card(config={"architectures": ["BertForTokenClassification"]}))

    assert "alice/model says it is text-classification" in blocker.message
    assert "BertForTokenClassification" in blocker.message


@pytest.mark.parametrize("architectures", [None, "text", [], [1], ["DebertaForSequenceClassification"]])
def test_a_config_without_another_architecture_is_no_obstacle(architectures: JsonValue) -> None:
    assert plan(card(config={"architectures": architectures}))


def test_a_derived_model_is_pointed_to_its_base() -> None:
    (blocker,) = blocked(card("text-generation", base_models=("alice/base",)))

    assert "The base model alice/base may fit better." in blocker.message


@pytest.mark.parametrize("files", [(), (".gitattributes",)])
def test_an_empty_repo_is_called_empty(files: tuple[str, ...]) -> None:
    (blocker,) = blocked(card(files=files))

    assert blocker.code == "no_files"


@pytest.mark.parametrize("closed", ["gated", "private"])
def test_a_model_that_is_not_for_everyone_is_mounted_into_its_space(closed: str) -> None:
    assert plan(card(**{closed: True})).mounted
    assert not plan(card()).mounted


def test_an_mlx_model_is_refused_with_the_model_that_it_was_made_from() -> None:
    (blocker,) = blocked(card("text-generation", library_name="mlx", base_models=("alice/base",)))

    assert blocker.code == "mlx"
    assert "Ask for the model that it was made from: alice/base." in blocker.message


def test_t22_code_of_the_models_own_needs_the_requesters_word() -> None:
    own_code = card(config={"auto_map": {"AutoModel": "modeling.Model"}})
    (blocker,) = blocked(own_code)

    trusted = make_plan(own_code, all_blueprints(), OFFERS, Wishes(), trust_remote_code=True)

    assert blocker.code == "custom_code"
    assert "trust-remote-code=yes" in blocker.message
    assert trusted.settings["trust_remote_code"] is True


@pytest.mark.parametrize(
    ("auto_map", "is_blocked"),
    [
        ({"AutoConfig": "c.Phi3Config", "AutoModelForCausalLM": "a/b--m.Phi3ForCausalLM"}, False),
        ({"AutoModelForCausalLM": "m.Phi3ForCausalLM", "AutoTokenizer": "t.Tokens"}, True),
        ({"AutoModelForCausalLM": "m.Phi3WithMore"}, True),
        ({"AutoConfig": "c.Phi3Config"}, True),
        ({"AutoModelForCausalLM": ["m.Phi3ForCausalLM", None]}, True),
    ],
)
def test_t22_code_that_transformers_has_by_now_needs_nobodys_word_and_is_not_run(
    auto_map: JsonValue, is_blocked: bool
) -> None:
    config: dict[str, JsonValue] = {"architectures": ["Phi3ForCausalLM"], "auto_map": auto_map}
    files = ("config.json", "tokenizer.json", "model.safetensors")
    model = card("text-generation", files, config=config, library_name="transformers")

    if is_blocked:
        assert [each.code for each in blocked(model)] == ["custom_code"]
    else:
        assert "trust_remote_code" not in plan(model).settings


def test_a_model_that_is_too_large_for_the_hardware_is_blocked_with_the_numbers() -> None:
    (blocker,) = blocked(card(size=200 * GB))

    assert blocker.code in {"multi_gpu", "no_hardware"}
    assert "50.0 billion parameters take too long for an answer on a CPU" in blocker.message


def test_the_full_precision_weights_come_before_others() -> None:
    (blueprint,) = (each for each in all_blueprints() if each.name == "text-classification-onnx")

    def choose(*files: str) -> str | None:
        return weights_of(blueprint, dict.fromkeys(files, 1))

    assert choose("onnx/model_quantized.onnx", "onnx/model.onnx", "model.onnx") == "onnx/model.onnx"
    assert choose("onnx/model_fp16.onnx", "model.onnx") == "model.onnx"
    assert choose("onnx/model_quantized.onnx", "onnx/model_fp16.onnx") == "onnx/model_fp16.onnx"
    assert choose("model.safetensors") is None


def test_tensors_beside_the_weights_are_loaded_too() -> None:
    files = dict.fromkeys(
        ("onnx/model.onnx", "onnx/model.onnx_data", "onnx/model.onnx_data_1", "onnx/other.onnx_data"), 1
    )

    assert external_data_of("onnx/model.onnx", files) == ("onnx/model.onnx_data", "onnx/model.onnx_data_1")


def test_the_cards_examples_are_those_of_the_blueprints_kind() -> None:
    both = {"example_texts": ("hello",), "example_images": ("examples/1.png",)}

    assert plan(card(**both)).examples == ("hello",)
    assert plan(card("image-classification", IMAGE_FILES, **both)).examples == ("examples/1.png",)
