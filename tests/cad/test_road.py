"""`build blueprint:cad`, the whole way: asked for in a comment and on Discord, built, called, measured."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client
from huggingface_hub import HfApi

from bot.domain.models import RunState
from tests.harness import leaving
from tests.harness.chat import Chat
from tests.harness.world import SENTIMENT
from worker.contract import Verdict

LONG = 900
"""Seconds: the Space's requirements are large, and the machine may have other things to do."""
CHECKED = {
    *("health", "answered", "type", "substance", "volume", "size", "valid", "step", "run_log", "repeatable"),
    *("input_sensitive", "refusals", "fallback", "source", "untracked_logs", "prompt_cap", "rate_limit"),
}
ON_THE_CHECKLIST = {
    *("runs", "imports", "no_local_paths", "examples", "timeouts", "artifacts_bounded", "readme"),
    *("run_logging", "errors_shown", "source_guard", "no_secrets", "private", "fallback", "prompt_cap"),
    *("run_log", "untracked_logs", "refusals"),
}
pytestmark = pytest.mark.timeout(2 * LONG)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    with leaving.chatted_in(Chat(tmp_path)) as chat:
        yield chat


def test_the_cad_space_is_built_called_and_measured(chat: Chat, tmp_path: Path) -> None:
    world = chat.world
    ada = world.ada
    chat.links(chat.ada, ada)

    thread = ada.opens_discussion(SENTIMENT, "@space-factory build blueprint:cad")
    run = thread.run_ends(LONG)

    assert run.state is RunState.SUCCEEDED, run.report
    report = run.report
    assert report and report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    assert report.blueprint == "cad"
    assert {each.name for each in report.evidence} == CHECKED
    assert [each for each in report.evidence if each.passed is False] == []
    living, final = thread.next_reply(), thread.next_reply()
    assert "✅ **Ready:** **[`ada/cad-demo`](HUB/spaces/ada/cad-demo)** is private" in living
    assert "Read the card" not in living
    assert "@ada" in final
    assert ada.api.space_info("ada/cad-demo").private

    items = json.loads(_of_the_record(ada.api, run.id, "checklist.json", tmp_path))["items"]
    passed = {each["name"] for each in items if each["passed"]}
    assert passed >= ON_THE_CHECKLIST, [each for each in items if not each["passed"]]
    assert [each for each in items if each["passed"] is False] == []

    _a_stranger_calls_it(world.hub.endpoint, world.hub.token("ada"))
    ada.says(thread, "@space-factory build blueprint:cad")
    assert "You have it already" in thread.next_reply()
    _it_is_built_from_discord_too(chat)


def _of_the_record(api: HfApi, run_id: str, name: str, folder: Path) -> str:
    file = folder / name
    api.download_bucket_files("ada/space-factory-runs", [(f"runs/{run_id}/{name}", file)])
    return file.read_text()


def _a_stranger_calls_it(endpoint: str, token: str) -> None:
    host = HfApi(endpoint=endpoint, token=token).space_info("ada/cad-demo").host
    client = Client(host, token=token, verbose=False, analytics_enabled=False)
    try:
        preview, files, said, code, report = client.predict("40 mm cube", "part", api_name="/generate")
    finally:
        client.close()
    assert Path(preview).read_bytes().startswith(b"glTF")
    assert {Path(file).suffix for file in files} == {".step", ".stl", ".glb", ".dxf"}
    assert "64000 mm³" in said
    assert "Box(40, 40, 40" in code
    assert report["valid"] is True


def _it_is_built_from_discord_too(chat: Chat) -> None:
    living = chat.ada.slash("build", model="blueprint:cad", force=True, mode="safe-scaffold").reply()
    assert not living.ephemeral
    assert "blueprint:cad" in living.text
    run = chat.run_ends(LONG)
    assert run.state is RunState.SUCCEEDED
    assert run.report and run.report.verdict is Verdict.HEALTH_ONLY
    assert run.report.space_id == "ada/cad-demo-2"
