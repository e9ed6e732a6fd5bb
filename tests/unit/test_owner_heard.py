"""The owner's file is read, unless whoever asks for a build of the very model saw that there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assembly import build_context
from bot.context import Context
from bot.domain.errors import UserError
from bot.domain.models import DiscussionRef, Requester
from bot.domain.owner_voice import FILE, OwnerVoice
from bot.domain.parser import parse
from bot.hub.models import Model
from handlers.asked import Asked
from handlers.owner import heard_here
from tests.harness.small_bot import connects, small_settings
from tests.worker.scripted_hub import ScriptedHub, scripted_hub

MODEL = "GET /api/models/ada/model/revision/main"
VOICE = f"GET /ada/model/resolve/main/{FILE}"
SILENT = OwnerVoice(enabled=False)


def model(*files: str) -> tuple[int, object]:
    listed = [{"rfilename": name} for name in files]
    return 200, {"_id": "1", "id": "ada/model", "sha": "0" * 40, "private": False, "siblings": listed}


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with scripted_hub() as made:
        made.says(VOICE, (200, "enabled: false"))
        made.says(MODEL, model("README.md", FILE))
        yield made


@pytest.fixture
def ctx(hub: ScriptedHub, tmp_path: Path) -> Context:
    settings = small_settings(tmp_path, hf_endpoint=hub.endpoint)
    made = build_context(settings, lambda: 1_800_000_000.0)
    connects("bob", made, settings)
    return made


def hears(ctx: Context, words: str, name: str = "bob") -> Asked:
    asked = Asked("comment:1", Requester(id=name, name=name), DiscussionRef(repo="ada/model", num=1))
    return heard_here(parse(f"@space-factory {words}", "space-factory"), asked, ctx)


def asked_of(hub: ScriptedHub) -> list[str]:
    return [call for call, _ in hub.asked]


@pytest.mark.parametrize("words", ["build", "plan ada/model", "ping\n@space-factory build"])
def test_a_model_without_the_file_has_none_to_be_read(ctx: Context, hub: ScriptedHub, words: str) -> None:
    hub.says(MODEL, model("README.md"))

    heard = hears(ctx, words)

    assert heard.voice == OwnerVoice() and isinstance(heard.model, Model)
    assert asked_of(hub) == [MODEL]


def test_one_with_the_file_has_it_read(ctx: Context, hub: ScriptedHub) -> None:
    assert hears(ctx, "build").voice == SILENT
    assert asked_of(hub) == [MODEL, VOICE]


@pytest.mark.parametrize("words", ["help", "build ada/other", "build rev=v1"])
def test_whoever_asks_for_something_else_looks_at_nothing_for_it(
    ctx: Context, hub: ScriptedHub, words: str
) -> None:
    assert hears(ctx, words).voice == SILENT
    assert asked_of(hub) == [VOICE]


def test_for_who_is_not_connected_the_file_is_read(ctx: Context, hub: ScriptedHub) -> None:
    assert hears(ctx, "build", "cleo").voice == SILENT
    assert asked_of(hub) == [VOICE]


def test_for_who_may_not_see_the_model_it_is_read_and_the_refusal_is_kept(
    ctx: Context, hub: ScriptedHub
) -> None:
    hub.says(MODEL, (403, {"error": "no"}))

    heard = hears(ctx, "build")

    assert heard.voice == SILENT and isinstance(heard.model, UserError)
    assert asked_of(hub) == [MODEL, VOICE]
