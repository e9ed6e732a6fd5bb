"""Starting the bot: what the operator is told when it can't, and that a Hub that is down doesn't matter."""

import os
import subprocess
import sys

import httpx2

from bot.settings import Settings
from tests.harness.bot import BotProcess, environment_of
from tests.harness.local_hub import ROOT
from tests.harness.world import SENTIMENT, World


def serve(settings: Settings, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env=os.environ | environment_of(settings) | changed,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_settings_that_are_missing_or_unfit_are_named_without_their_values(world: World) -> None:
    ended = serve(world.settings, WEBHOOK_SECRETS="tooshortsecret", VAULT_KEYS="")

    assert ended.returncode == 2
    assert "WEBHOOK_SECRETS: Value error, each webhook secret needs 32 characters" in ended.stderr
    assert "VAULT_KEYS: Field required" in ended.stderr
    assert "tooshortsecret" not in ended.stderr and "Traceback" not in ended.stderr


def test_a_second_bot_on_the_same_data_is_refused(world: World) -> None:
    ended = serve(world.settings)

    assert ended.returncode == 2
    assert "Another bot uses" in ended.stderr and "Traceback" not in ended.stderr


def test_a_token_that_is_not_the_bots_is_said_at_once(world: World) -> None:
    ended = serve(world.settings, BOT_TOKEN="hf_made_up_token", DATA_DIR=str(world.folder / "other"))

    assert ended.returncode == 2
    assert "The bot can't start" in ended.stderr
    assert "hf_made_up_token" not in ended.stderr and "Traceback" not in ended.stderr


def test_it_starts_while_the_hub_is_down_and_serves_when_it_is_back(world: World) -> None:
    thread = world.bob.opens_discussion(SENTIMENT, "Hello")
    world.stops()
    port = world.hub.port
    world.hub.stop()
    bot = BotProcess(world.settings, world.folder)
    assert httpx2.get(f"{world.url}/readyz").status_code == 200

    world.hub.start(port=port)
    world.bob.says(thread, "@space-factory help")

    assert "I turn a model card into" in thread.next_reply()
    bot.stop()
    world.starts()
