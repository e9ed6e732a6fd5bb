"""`python -m bot deploy`: a deployment is made, and made again, on a Hub; the local one has no containers."""

import os
import subprocess
import sys

import pytest

from tests.harness.local_hub import ROOT
from tests.harness.world import World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]
SPACE = "ada/factory"


def deploy(world: World, *more: str, **environment: str) -> tuple[int, str]:
    given = {
        "PATH": os.environ["PATH"],
        "HF_HOME": os.environ["HF_HOME"],
        "HF_ENDPOINT": world.hub.endpoint,
        "HF_TOKEN": world.hub.token("ada"),
        "BOT_TOKEN": world.hub.token("space-factory"),
    }
    command = [sys.executable, "-m", "bot", "deploy", SPACE, *more]
    done = subprocess.run(
        command, cwd=ROOT, env=given | environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not [
        name for name in ("ada", "space-factory") if world.hub.token(name) in done.stdout + done.stderr
    ]
    return done.returncode, world.plain(done.stdout)


def test_a_deployment_is_planned_made_and_made_again(world: World) -> None:
    api, bot = world.hub.api("ada"), world.hub.api("space-factory")
    code, told = deploy(world, "--dry-run", "--listen-to", "zoo")
    assert code == 0 and "would make the public Docker Space ada/factory" in told
    assert "would make up and set the secret VAULT_KEYS" in told and "comments on the models of zoo" in told
    assert not api.repo_exists(SPACE, repo_type="space") and len(bot.list_webhooks()) == 1

    settings = {"COMMANDS_PER_HOUR": "50", "DISCORD_PUBLIC_KEY": "", "PORT": "1"}
    at = ("--address", world.url, "--listen-to", "zoo", "--listen-to", "ada")
    code, told = deploy(world, *at, **settings)

    assert code == 0 and "Ready: database answers" in told and "the bot: BOT" in told, told
    variables = {each.key: each.value for each in api.get_space_variables(SPACE).values()}
    assert variables == {
        "BOT_NAME": "space-factory",
        "COMMANDS_PER_HOUR": "50",
        "STATE_BUCKET": "space-factory/space-factory-state",
    }
    assert set(api.get_space_secrets(SPACE)) == {"BOT_TOKEN", "VAULT_KEYS", "WEBHOOK_SECRETS"}
    files = set(api.list_repo_files(SPACE, repo_type="space"))
    assert {"Dockerfile", "README.md", "pyproject.toml", "bot/serve.py", "worker/pipeline.py"} <= files
    assert not [file for file in files if "localhub" in file or "__pycache__" in file or "tests" in file]
    hooks = bot.list_webhooks()
    assert [(each.url, sorted(item.name for item in each.watched)) for each in hooks] == [
        (f"{world.url}/webhooks/hub", ["ada", "zoo"])
    ]

    head = api.space_info(SPACE).sha
    code, told = deploy(world, *at, **settings)

    assert (
        code == 0
        and "VAULT_KEYS" not in told
        and "set the variable" not in told
        and "webhook tell" not in told
    )
    assert api.space_info(SPACE).sha == head and bot.list_webhooks() == hooks
    api.delete_repo(
        SPACE, repo_type="space"
    )  # its secrets are where they belong, and leaving would find them


def test_what_keeps_a_deployment_from_being_made_is_said(world: World) -> None:
    api = world.hub.api("ada")
    assert deploy(world, BOT_NAME="somebody")[1].startswith("Not deployed: BOT_TOKEN is space-factory's")
    assert "HF_TOKEN is no person's own token" in deploy(world, HF_TOKEN="hf_" + "0" * 34)[1]
    api.create_repo(SPACE, repo_type="space", space_sdk="static")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="app.py", repo_id=SPACE, repo_type="space")
    code, told = deploy(world)
    assert code == 1 and "is a Space of something else" in told
    api.delete_repo(SPACE, repo_type="space")

    code, told = deploy(world, "--minutes", "1")

    assert code == 1 and "the Space is CONFIG_ERROR: its page shows the log" in told
    api.delete_repo(SPACE, repo_type="space")  # likewise
