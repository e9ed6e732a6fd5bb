"""Each difference between a deployment as it is and as it is wanted, with what makes it disappear."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.domain.errors import DiscordUnavailable, HubError
from bot.hub.client import HubClient
from bot.hub.deployment import DeployedSpace, hook_at, is_as_wanted, put_hook, seal
from bot.hub.state_bucket import StateBucket
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


class NotDeployed(Exception):
    """It can't go on; the words say why and what next."""


@dataclass(frozen=True)
class Step:
    says: str
    do: Callable[[], None]


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    space_id: str
    address: str
    private: bool
    hardware: str
    owners: tuple[str, ...]
    environment: Mapping[str, str]

    def reached_at(self, space: DeployedSpace) -> str:
        """Where the bot is reached; before the Space is there, where it will be on the Hub."""
        host = self.address or (space.host() if space.is_there() else None)
        return host or f"https://{re.sub(r'[^a-z0-9]+', '-', self.space_id.lower())}.hf.space"

    def hook_at(self, space: DeployedSpace) -> str:
        """Where the bot's webhook knocks."""
        return f"{self.reached_at(space)}/webhooks/hub"


def steps(wanted: Wanted, space: DeployedSpace, bot: HubClient, bot_name: str) -> Iterator[Step]:
    """Found out one after the other. The code comes last, so that it starts with its settings."""
    if not space.is_there():
        words = f"make the {'private' if wanted.private else 'public'} Docker Space {wanted.space_id}"
        yield Step(words, partial(space.create, private=wanted.private))
    elif not space.is_ours():
        raise NotDeployed(f"{wanted.space_id} is a Space of something else. Name one that is not there yet.")
    elif wanted.private and not space.is_private():
        raise NotDeployed(
            f"{wanted.space_id} is public. Make it private in its settings, or leave --private."
        )
    yield from _setting_steps(wanted, space, bot, bot_name)
    yield from _discord_steps(wanted.environment)
    if wanted.hardware and not (space.is_there() and space.hardware() == wanted.hardware):
        words = f"have it run on {wanted.hardware}, which is billed by the minute"
        yield Step(words, partial(space.set_hardware, wanted.hardware))
    if not (space.is_there() and space.holds(ROOT)):
        yield Step("push the bot's code", partial(space.push, ROOT))


def given(environment: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The bot's settings that the environment has, secret ones and others."""
    hidden, plain = dict[str, str](), dict[str, str]()
    for field, setting in Settings.model_fields.items():
        name = field.upper()
        if name not in environment or name in NOT_PASSED_ON:
            continue
        is_secret = field in HIDDEN or setting.annotation is SecretStr
        (hidden if is_secret else plain)[name] = environment[name]
    return hidden, plain


def _setting_steps(wanted: Wanted, space: DeployedSpace, bot: HubClient, bot_name: str) -> Iterator[Step]:
    known, variables = (space.secrets(), space.variables()) if space.is_there() else ({}, {})
    hidden, plain = given(wanted.environment)
    plain.setdefault("BOT_NAME", bot_name)
    if not {"DATABASE_URL", "STATE_BUCKET"} & (
        hidden.keys() | plain.keys() | known.keys() | variables.keys()
    ):
        plain["STATE_BUCKET"] = f"{bot_name}/space-factory-state"
    if "VAULT_KEYS" not in known.keys() | hidden.keys():
        hidden["VAULT_KEYS"] = new_vault_key()
    hook = hook_at(bot, wanted.hook_at(space))
    if "WEBHOOK_SECRETS" not in hidden and (hook is None or "WEBHOOK_SECRETS" not in known):
        hidden["WEBHOOK_SECRETS"] = (hook and hook.secret) or secrets.token_hex(32)
    yield from _bucket_steps(plain.get("STATE_BUCKET") or variables.get("STATE_BUCKET", ""), bot)
    for name, value in plain.items():
        if variables.get(name) != value:
            yield Step(f"set the variable {name} to {value}", partial(space.set_variable, name, value))
    for name, value in hidden.items():
        sealed = seal(name, value, wanted.environment["BOT_TOKEN"])
        if known.get(name) != sealed:
            made_up = "" if name in wanted.environment else "make up and "
            yield Step(f"{made_up}set the secret {name}", partial(space.set_secret, name, value, sealed))
    secret = hidden.get("WEBHOOK_SECRETS", "").partition(",")[0] or (hook and hook.secret) or ""
    if hook is None or not is_as_wanted(hook, secret, wanted.owners):
        url = wanted.hook_at(space)
        words = f"have {bot_name}'s webhook tell {url} of comments on {_named(wanted.owners)}"
        yield Step(words, partial(put_hook, bot, url, secret, wanted.owners))


def _bucket_steps(name: str, bot: HubClient) -> Iterator[Step]:
    """The bot's own token has to be good for it."""
    if not name:
        return
    bucket = StateBucket(bot, name)
    match bucket.is_there_privately():
        case None:
            yield Step(f"make the private bucket {name}, which keeps the state", partial(_make, bucket, name))
        case False:
            raise NotDeployed(f"{name} is public, and the state has names in it. Make it private.")


def _make(bucket: StateBucket, name: str) -> None:
    try:
        bucket.is_private()
    except HubError as refused:
        raise NotDeployed(
            f"BOT_TOKEN may not make the bucket {name} ({refused}). Give it the right to write buckets, or "
            "name another in STATE_BUCKET, or set DATABASE_URL."
        ) from None


def _discord_steps(environment: Mapping[str, str]) -> Iterator[Step]:
    """What Discord does not know because it is away now, it is told at the bot's start."""
    if "DISCORD_TOKEN" not in environment:
        return
    from bot.discord.deployed import DeployedApplication, WrongToken  # with discord.py, which takes a while

    token, application = environment["DISCORD_TOKEN"], environment.get("DISCORD_APPLICATION_ID", "")
    api = environment.get("DISCORD_API", Settings.model_fields["discord_api"].default)
    app = DeployedApplication(api, token, application, seconds=60)
    try:
        if not app.knows_commands():
            yield Step("tell Discord the commands", app.tell_commands)
    except WrongToken as wrong:
        raise NotDeployed(f"{wrong}. The developer portal shows the right ones.") from None
    except DiscordUnavailable as away:
        yield Step(f"leave Discord's commands to the bot's start: {away}", lambda: None)


def _named(owners: Sequence[str]) -> str:
    return f"the models of {', '.join(owners)}" if owners else "what it watches already"
