"""`python -m bot deploy`: a deployment is made, and made again, on a Hub; the local one has no containers."""

import os
import subprocess
import sys

import pytest

from bot.deploy import readiness
from tests.harness.discord import DiscordServer
from tests.harness.local_hub import ROOT
from tests.harness.world import World

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]
SPACE = "ada/factory"
STAND_IN = b"""
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"dependencies": {"database": "answers"}}')


HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Ready).serve_forever()
"""


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

    assert code == 0 and "database answers" in told and "the bot: BOT" in told, told
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

    assert bot.bucket_info("space-factory/space-factory-state").private

    before = api.space_info(SPACE).sha, api.get_space_secrets(SPACE), bot.list_webhooks()
    code, told = deploy(world, *at, **settings)

    assert code == 0 and "Nothing is to be changed." in told and "Ready after" in told, told
    assert (api.space_info(SPACE).sha, api.get_space_secrets(SPACE), bot.list_webhooks()) == before

    api.upload_file(path_or_fileobj=b"x", path_in_repo="bot/stray.py", repo_id=SPACE, repo_type="space")
    code, told = deploy(world, *at, "--hardware", "cpu-upgrade", **settings | {"COMMANDS_PER_HOUR": "60"})

    assert "costs $0.03 an hour" in told and "have it run on cpu-upgrade" in told
    assert "set the variable COMMANDS_PER_HOUR to 60" in told and "push the bot's code" in told, told
    assert "secret" not in told and "bot/stray.py" not in api.list_repo_files(SPACE, repo_type="space")
    api.delete_repo(SPACE, repo_type="space")  # its secrets are where they belong; leaving would find them


def test_a_secret_that_was_given_anew_is_set_and_its_webhook_follows(world: World) -> None:
    api, bot = world.hub.api("ada"), world.hub.api("space-factory")
    first, second = "1" * 64, "2" * 64
    assert deploy(world, "--address", world.url, WEBHOOK_SECRETS=first)[0] == 0
    code, told = deploy(world, "--address", world.url, WEBHOOK_SECRETS=f"{second},{first}")

    assert code == 0 and "set the secret WEBHOOK_SECRETS" in told and "BOT_TOKEN" not in told
    assert [each.secret for each in bot.list_webhooks() if each.url.startswith(world.url)] == [second]
    api.delete_repo(SPACE, repo_type="space")  # likewise


def test_discord_is_told_the_commands_once(world: World) -> None:
    with DiscordServer() as discord:
        settings = {
            "DISCORD_API": discord.api,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_APPLICATION_ID": discord.application_id,
            "DISCORD_CLIENT_SECRET": discord.client_secret,
        }
        at = ("--address", world.url)
        code, told = deploy(world, *at, **settings)
        assert code == 0 and "tell Discord the commands" in told and discord.token not in told, told
        assert "Nothing is to be changed." in deploy(world, *at, **settings)[1]
        code, told = deploy(world, *at, **settings | {"DISCORD_TOKEN": "not." + discord.token})
        assert code == 1 and "Discord does not know DISCORD_TOKEN" in told, told
        code, told = deploy(world, *at, **settings | {"DISCORD_APPLICATION_ID": "1"})
        assert code == 1 and "another application's" in told, told
    code, told = deploy(world, *at, **settings)
    assert code == 0 and "leave Discord's commands to the bot's start" in told, told
    world.hub.api("ada").delete_repo(SPACE, repo_type="space")  # likewise


def test_a_private_deployment_is_asked_with_the_owners_token(world: World) -> None:
    """The door is the Hub's own; behind it stands a stand-in, as the local Hub runs no containers."""
    api = world.hub.api("ada")
    api.create_repo("ada/door", repo_type="space", space_sdk="gradio", private=True)
    api.upload_file(path_or_fileobj=STAND_IN, path_in_repo="app.py", repo_id="ada/door", repo_type="space")
    api.wait_for_space("ada/door", timeout=120)
    address = str(api.space_info("ada/door").host)

    assert readiness(address, world.hub.token("ada")) == {"database": "answers"}
    assert readiness(address, "") is None and readiness(address, world.hub.token("space-factory")) is None
    api.delete_repo("ada/door", repo_type="space")


def test_what_keeps_a_deployment_from_being_made_is_said(world: World) -> None:
    api = world.hub.api("ada")
    assert deploy(world, BOT_NAME="somebody")[1].startswith("Not deployed: BOT_TOKEN is space-factory's")
    assert "HF_TOKEN is no person's own token" in deploy(world, HF_TOKEN="hf_" + "0" * 34)[1]
    api.create_repo(SPACE, repo_type="space", space_sdk="static")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="app.py", repo_id=SPACE, repo_type="space")
    code, told = deploy(world)
    assert code == 1 and "is a Space of something else" in told
    api.delete_repo(SPACE, repo_type="space")

    world.hub.api("space-factory").create_bucket("space-factory/open", private=False)
    assert "open is public" in deploy(world, "--dry-run", STATE_BUCKET="space-factory/open")[1]
    assert "There is no hardware abacus" in deploy(world, "--hardware", "abacus")[1]

    code, told = deploy(world, "--minutes", "1")

    assert code == 1 and "the Space is CONFIG_ERROR: its page shows the log" in told
    api.delete_repo(SPACE, repo_type="space")  # likewise
