"""`python -m bot deploy owner/space`: a whole deployment on the Hub, made or brought up to date.

Settings come from the environment, as for the bot itself: those that are set there go into the Space, secret
ones as secrets. HF_TOKEN is the Space's owner's, BOT_TOKEN the bot's account's. Doing it again is safe: what
must be secret is made up once, and nothing that is as it should be is changed.
"""

import argparse
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
from pydantic import SecretStr

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.redact import never_say, redacted
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.deployment import DeployedSpace, hook_at, is_heard, put_hook
from bot.settings import Settings, new_vault_key

ROOT = Path(__file__).parents[1]
NOT_PASSED_ON = frozenset(
    {
        *("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OPENID_PROVIDER_URL", "SPACE_HOST", "SPACE_ID"),
        *("HF_ENDPOINT", "HOST", "PORT", "DATA_DIR", "PUBLIC_URL"),
    }
)
"""The Hub sets them itself, or they are of this machine."""
HIDDEN = frozenset({"webhook_secrets", "vault_keys", "database_url"})
"""Secret settings of other kinds than one secret."""
HUB = "https://huggingface.co"
HUB_SECONDS = 60.0
LOOK_SECONDS = 5.0
READY = "/readyz"


class NotDeployed(Exception):
    """It can't go on; the words say why and what next."""


@dataclass(frozen=True)
class Step:
    """One difference between how it is and how it should be, in words, and what makes it disappear."""

    says: str
    do: Callable[[], None]


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    space_id: str
    address: str
    private: bool
    owners: tuple[str, ...]
    environment: Mapping[str, str]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot deploy", description=__doc__)
    parser.add_argument("space", metavar="owner/space", help="the Space that the bot runs in")
    parser.add_argument("--dry-run", action="store_true", help="only print what would be done")
    words = "a user or organisation on whose models the bot hears comments; may be given several times"
    parser.add_argument("--listen-to", action="append", default=[], metavar="NAME", help=words)
    words = "a private Space; then JOB_IMAGE has to be set, because the Space's own image is private too"
    parser.add_argument("--private", action="store_true", help=words)
    words = "where the bot is reached, if not at the Space's own host"
    parser.add_argument("--address", default="", help=words)
    parser.add_argument("--minutes", type=float, default=20, help="how long to wait until it is ready")
    given = parser.parse_args(arguments)
    environment = {name: value for name, value in os.environ.items() if value}
    address, owners = given.address.rstrip("/"), tuple(given.listen_to)
    wanted = Wanted(given.space, address, given.private, owners, environment)
    bound_all_calls(HUB_SECONDS)
    hidden = _given(environment)[0].values()
    never_say([part for value in (*hidden, environment.get("HF_TOKEN", "")) for part in value.split(",")])
    try:
        return _deploy(wanted, is_rehearsal=given.dry_run, seconds=given.minutes * 60)
    except (NotDeployed, HubError, HubUnavailable, TokenGone) as problem:
        _say(f"Not deployed: {problem}")
        return 1


def _deploy(wanted: Wanted, *, is_rehearsal: bool, seconds: float) -> int:
    owner, bot, bot_name = _identities(wanted)
    space = DeployedSpace(owner, wanted.space_id)
    for step in _steps(wanted, space, bot, bot_name):
        _say(f"{'would ' if is_rehearsal else ''}{step.says}")
        if not is_rehearsal:
            step.do()
    if is_rehearsal:
        return 0
    _await_ready(wanted, space, seconds)
    _links(wanted, space, owner.endpoint, bot_name)
    return 0


def _identities(wanted: Wanted) -> tuple[HubClient, HubClient, str]:
    """The Space's owner, the bot's account, and its name. NotDeployed for a token that is not good."""
    endpoint = wanted.environment.get("HF_ENDPOINT", HUB)
    clients = [HubClient(endpoint, _needed(wanted, name)) for name in ("HF_TOKEN", "BOT_TOKEN")]
    people = [client.person() for client in clients]
    for name, person in zip(("HF_TOKEN", "BOT_TOKEN"), people, strict=True):
        if person is None:
            raise NotDeployed(
                f"{name} is no person's own token that Hugging Face knows. Make one and set it."
            )
    assert people[0] and people[1]
    bot_name = people[1][1]
    if (told := wanted.environment.get("BOT_NAME", bot_name)) != bot_name:
        raise NotDeployed(f"BOT_TOKEN is {bot_name}'s, and BOT_NAME says {told}. Set the right one.")
    account = "the bot's account"
    if people[0][0] == people[1][0]:
        account += ", which is your own: people will mention you"
    _say(f"{people[0][1]} deploys {wanted.space_id}; {bot_name} is {account}.")
    return clients[0], clients[1], bot_name


def _needed(wanted: Wanted, name: str) -> str:
    if name not in wanted.environment:
        raise NotDeployed(f"{name} is not set. docs/deploy.md says whose token it is.")
    return wanted.environment[name]


def _steps(wanted: Wanted, space: DeployedSpace, bot: HubClient, bot_name: str) -> Iterator[Step]:
    """Found out one after the other. The code comes last, so that it starts with its settings."""
    if not space.is_there():
        words = f"make the {'private' if wanted.private else 'public'} Docker Space {wanted.space_id}"
        yield Step(words, partial(space.create, private=wanted.private))
    elif not space.is_ours():
        raise NotDeployed(f"{wanted.space_id} is a Space of something else. Name one that is not there yet.")
    yield from _setting_steps(wanted, space, bot, bot_name)
    yield Step("push the bot's code; what has not changed stays as it is", partial(space.push, ROOT))


def _setting_steps(wanted: Wanted, space: DeployedSpace, bot: HubClient, bot_name: str) -> Iterator[Step]:
    """Values of secrets can't be compared: what the environment has is set again."""
    known, variables = (space.secrets(), space.variables()) if space.is_there() else (set[str](), {})
    hidden, plain = _given(wanted.environment)
    plain.setdefault("BOT_NAME", bot_name)
    if not {"DATABASE_URL", "STATE_BUCKET"} & (hidden.keys() | plain.keys() | known | variables.keys()):
        plain["STATE_BUCKET"] = f"{bot_name}/space-factory-state"
    if "VAULT_KEYS" not in known | hidden.keys():
        hidden["VAULT_KEYS"] = new_vault_key()
    hook_url = f"{_address(wanted, space)}/webhooks/hub"
    hook = hook_at(bot, hook_url)
    if "WEBHOOK_SECRETS" not in hidden and (hook is None or "WEBHOOK_SECRETS" not in known):
        hidden["WEBHOOK_SECRETS"] = (hook and hook.secret) or secrets.token_hex(32)
    for name, value in plain.items():
        if variables.get(name) != value:
            yield Step(f"set the variable {name} to {value}", partial(space.set_variable, name, value))
    for name, value in hidden.items():
        made_up = "" if name in wanted.environment else "make up and "
        yield Step(f"{made_up}set the secret {name}", partial(space.set_secret, name, value))
    newest = hidden.get("WEBHOOK_SECRETS", "").partition(",")[0]
    if newest or hook is None or not is_heard(hook, wanted.owners):
        secret = newest or (hook and hook.secret) or ""
        words = f"have {bot_name}'s webhook tell {hook_url} of comments on {_named(wanted.owners)}"
        yield Step(words, partial(put_hook, bot, hook_url, secret, wanted.owners))


def _named(owners: Sequence[str]) -> str:
    return f"the models of {', '.join(owners)}" if owners else "what it watches already"


def _given(environment: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The bot's settings that the environment has, secret ones and others."""
    hidden, plain = dict[str, str](), dict[str, str]()
    for field, setting in Settings.model_fields.items():
        name = field.upper()
        if name not in environment or name in NOT_PASSED_ON:
            continue
        is_secret = field in HIDDEN or setting.annotation is SecretStr
        (hidden if is_secret else plain)[name] = environment[name]
    return hidden, plain


def _address(wanted: Wanted, space: DeployedSpace) -> str:
    """Where the bot is reached; before the Space is there, where it will be on the Hub."""
    host = wanted.address or (space.host() if space.is_there() else None)
    return host or f"https://{re.sub(r'[^a-z0-9]+', '-', wanted.space_id.lower())}.hf.space"


def _await_ready(wanted: Wanted, space: DeployedSpace, seconds: float) -> None:
    """Until it says that it can work. NotDeployed if it can't, or time is up."""
    address, until = _address(wanted, space), time.monotonic() + seconds
    _say(f"Waiting for {address}{READY} …")
    while (found := _readiness(address)) is None:
        trouble = None if wanted.address else space.trouble()
        if trouble:
            raise NotDeployed(f"the Space is {trouble}: its page shows the log. Mend it and deploy again.")
        if time.monotonic() > until:
            raise NotDeployed(f"{address} was not ready in time. Its log says why; deploy again to wait on.")
        time.sleep(LOOK_SECONDS)
    _say(f"Ready: {', '.join(f'{name} {how}' for name, how in found.items())}.")


def _readiness(address: str) -> dict[str, str] | None:
    try:
        answer = httpx2.get(f"{address}{READY}", timeout=HUB_SECONDS)
        told: dict[str, str] = answer.json().get("dependencies", {})
    except (httpx2.TransportError, ValueError):
        return None
    return told if answer.status_code == 200 else None


def _links(wanted: Wanted, space: DeployedSpace, hub: str, bot_name: str) -> None:
    address = _address(wanted, space)
    lines = {
        "the bot": address,
        "its Space": f"{hub}/spaces/{wanted.space_id}",
        "its settings": f"{hub}/spaces/{wanted.space_id}/settings",
        "its status": f"{address}/status",
        "try it": f"write `@{bot_name} build` on a model that its webhook watches",
    }
    if "DISCORD_TOKEN" in wanted.environment:
        lines["Discord's interactions"] = f"{address}/webhooks/discord; commands are synced at each start"
    for name, link in lines.items():
        _say(f"  {name}: {link}")


def _say(words: str) -> None:
    sys.stdout.write(f"{redacted(words)}\n")
    sys.stdout.flush()
