"""The model that writes is chosen from the router's list, or a sentence says why none can."""

from typing import Any

import pytest

from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.behaviours import answers_with
from tests.harness.scripted_model.catalogue import USUAL, model, provider
from worker.author.ledger import Prices
from worker.author.models import DEFAULT, UNKNOWN_PRICES, Listed, NoModel, choose, read_list


def listed(*models: dict[str, Any]) -> list[Listed]:
    return [Listed.model_validate(each) for each in models or USUAL]


def test_the_list_is_read_from_the_router_with_the_token() -> None:
    with ScriptedModel(answers_with("")) as router:
        models = read_list(router.address, "hf_of_alice")
        assert [each.id for each in models] == [each["id"] for each in USUAL]


def test_the_default_is_at_its_cheapest_live_provider() -> None:
    chosen = choose(listed())
    assert (chosen.id, chosen.provider, chosen.name) == (DEFAULT, "novita", f"{DEFAULT}:novita")
    assert (chosen.prices, chosen.context, chosen.output) == (Prices(0.2, 1.5), 262_144, 16_384)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Qwen/Qwen3-Coder-Next:fastest", "Qwen/Qwen3-Coder-Next:together"),
        ("Qwen/Qwen3-Coder-Next:cheapest", "Qwen/Qwen3-Coder-Next:novita"),
        ("Qwen/Qwen3-Coder-Next:together", "Qwen/Qwen3-Coder-Next:together"),
        ("", "Qwen/Qwen3-Coder-Next:novita"),
        (" qwen/qwen3-coder-next ", "Qwen/Qwen3-Coder-Next:novita"),
        ("zai-org/GLM-5", "zai-org/GLM-5:novita"),
    ],
)
def test_any_model_and_provider_can_be_wished_for(wanted: str, name: str) -> None:
    assert choose(listed(), wanted).name == name


def test_a_provider_that_failed_is_not_asked_again() -> None:
    assert choose(listed(), avoid=["novita"]).provider == "together"
    with pytest.raises(NoModel, match="no provider that this run could still ask"):
        choose(listed(), avoid=["novita", "together", "asleep"])


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("nobody/nothing", "Inference Providers does not serve nobody/nothing. Choose another model"),
        (f"{DEFAULT}:asleep", f"{DEFAULT} at asleep has no provider that is up at the moment."),
        (f"{DEFAULT}:unknown", f"{DEFAULT} at unknown has no provider that this run could still ask"),
        ("example/no-tools", "example/no-tools has no provider that calls tools at the moment."),
        ("example/bare", "example/bare has no provider that calls tools at the moment."),
    ],
)
def test_a_clear_sentence_says_why_a_model_cannot_write(wanted: str, reason: str) -> None:
    with pytest.raises(NoModel) as refused:
        choose(listed(), wanted)
    assert str(refused.value).startswith(reason)


def test_too_little_context_is_a_reason_too() -> None:
    small = model("a/b", provider("novita", context_length=8_192))
    with pytest.raises(NoModel, match="no provider that reads 32,768 tokens at once"):
        choose(listed(small), "a/b")


def test_without_tools_a_model_can_still_answer_directly() -> None:
    chosen = choose(listed(), "example/no-tools", tools=False)
    assert (chosen.provider, chosen.tools) == ("novita", False)


def test_prices_that_nobody_names_count_as_dear_and_free_ones_as_nothing() -> None:
    unknown = provider("a", pricing=None)
    free = provider("b", pricing=None, is_free=True)
    assert choose(listed(model("x/y", unknown)), "x/y").prices == UNKNOWN_PRICES
    assert choose(listed(model("x/y", unknown, free)), "x/y").prices == Prices(0, 0)


def test_rows_of_an_unknown_shape_are_passed_over() -> None:
    rows = [{"id": 7}, "text", {"id": "a/b", "providers": [{"provider": "x"}]}, *USUAL]
    with ScriptedModel(answers_with(""), rows) as router:  # type: ignore[arg-type] # that is the point
        assert choose(read_list(router.address, "t")).id == DEFAULT


def test_nobody_at_the_routers_address_is_a_sentence() -> None:
    with pytest.raises(NoModel, match=r"could not be read\. Try again in a while"):
        read_list("http://127.0.0.1:9/v1", "hf_of_alice")


def test_a_router_without_a_list_is_a_sentence() -> None:
    with ScriptedModel(answers_with("")) as router, pytest.raises(NoModel, match="answered 404"):
        read_list(f"{router.address}/elsewhere", "hf_of_alice")
