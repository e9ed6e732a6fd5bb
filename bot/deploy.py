"""`python -m bot deploy owner/space`: a whole deployment on the Hub, made or brought up to date.

Settings come from the environment, as for the bot itself: those that are set there go into the Space, secret
ones as secrets. HF_TOKEN is the Space's owner's, BOT_TOKEN the bot's account's. Doing it again is safe: what
must be secret is made up once, and nothing that is as it should be is changed.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping

import httpx2

from bot.deployment_steps import NotDeployed, Wanted, given, steps
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.redact import never_say, redacted
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.deployment import DeployedSpace
from bot.hub.prices import Prices

HUB = "https://huggingface.co"
HUB_SECONDS = 60.0
LOOK_SECONDS = 5.0
READY = "/readyz"
FREE = "cpu-basic"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot deploy", description=__doc__)
    parser.add_argument("space", metavar="owner/space", help="the Space that the bot runs in")
    parser.add_argument("--dry-run", action="store_true", help="only print what would be done")
    words = "a user or organisation on whose models the bot hears comments; may be given several times"
    parser.add_argument("--listen-to", action="append", default=[], metavar="NAME", help=words)
    words = "a private Space; then JOB_IMAGE has to be set, because the Space's own image is private too"
    parser.add_argument("--private", action="store_true", help=words)
    words = "what the Space runs on, such as cpu-upgrade, which does not sleep; left as it is without this"
    parser.add_argument("--hardware", default="", metavar="NAME", help=words)
    words = "where the bot is reached, if not at the Space's own host"
    parser.add_argument("--address", default="", help=words)
    parser.add_argument("--minutes", type=float, default=20, help="how long to wait until it is ready")
    asked = parser.parse_args(arguments)
    environment = {name: value for name, value in os.environ.items() if value}
    address, owners = asked.address.rstrip("/"), tuple(asked.listen_to)
    wanted = Wanted(asked.space, address, asked.private, asked.hardware, owners, environment)
    bound_all_calls(HUB_SECONDS)
    _keep_quiet(environment)
    try:
        return _deploy(wanted, is_rehearsal=asked.dry_run, seconds=asked.minutes * 60)
    except (NotDeployed, HubError, HubUnavailable, TokenGone) as problem:
        _say(f"Not deployed: {problem}")
        return 1


def _keep_quiet(environment: Mapping[str, str]) -> None:
    hidden = given(environment)[0].values()
    never_say([part for value in (*hidden, environment.get("HF_TOKEN", "")) for part in value.split(",")])


def _deploy(wanted: Wanted, *, is_rehearsal: bool, seconds: float) -> int:
    owner, bot, bot_name = _identities(wanted)
    space = DeployedSpace(owner, wanted.space_id)
    _costs(wanted, owner)
    is_changed = False
    for step in steps(wanted, space, bot, bot_name):
        is_changed = True
        _say(f"{'would ' if is_rehearsal else ''}{step.says}")
        if not is_rehearsal:
            step.do()
    if not is_changed:
        _say("Nothing is to be changed.")
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


def _costs(wanted: Wanted, owner: HubClient) -> None:
    """Of the Space's hardware. NotDeployed for one that the Hub does not offer."""
    name = wanted.hardware or FREE
    offers = {each.name: each for each in Prices(owner, time.monotonic).of_spaces()}
    if wanted.hardware and offers and wanted.hardware not in offers:
        raise NotDeployed(f"There is no hardware {wanted.hardware}. There is {', '.join(offers)}.")
    if name == FREE:
        _say(f"{FREE} costs nothing within a plan, and sleeps after 48 hours without visitors.")
    elif name in offers:
        _say(f"{name} costs ${offers[name].usd_per_minute * 60:.2f} an hour, and does not sleep by itself.")


def _await_ready(wanted: Wanted, space: DeployedSpace, seconds: float) -> None:
    """Until it says that it can work. NotDeployed if it can't, or time is up."""
    address, since = wanted.reached_at(space), time.monotonic()
    is_behind_the_door = not wanted.address and space.is_private()
    token = wanted.environment["HF_TOKEN"] if is_behind_the_door else ""
    _say(f"Waiting for {address}{READY} …")
    while (found := readiness(address, token)) is None:
        trouble = None if wanted.address else space.trouble()
        if trouble:
            raise NotDeployed(f"the Space is {trouble}: its page shows the log. Mend it and deploy again.")
        if time.monotonic() > since + seconds:
            raise NotDeployed(f"{address} was not ready in time. Its log says why; deploy again to wait on.")
        time.sleep(LOOK_SECONDS)
    how = ", ".join(f"{name} {state}" for name, state in found.items())
    _say(f"Ready after {time.monotonic() - since:.0f} s: {how}.")


def readiness(address: str, token: str) -> dict[str, str] | None:
    """How each thing is that it depends on; None while it is not ready. The token opens a private Space."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx2.get(f"{address}{READY}", headers=headers, timeout=HUB_SECONDS)
        told = answer.json()["dependencies"]
    except (httpx2.TransportError, KeyError, TypeError, ValueError):
        return None
    return dict(told) if answer.status_code == 200 and isinstance(told, dict) else None


def _links(wanted: Wanted, space: DeployedSpace, hub: str, bot_name: str) -> None:
    address = wanted.reached_at(space)
    lines = {
        "the bot": address,
        "its Space": f"{hub}/spaces/{wanted.space_id}",
        "its settings": f"{hub}/spaces/{wanted.space_id}/settings",
        "its status": f"{address}/status",
        "try it": f"write `@{bot_name} build` on a model that its webhook watches",
    }
    if "DISCORD_TOKEN" in wanted.environment:
        lines["Discord's interactions"] = f"{address}/webhooks/discord"
    for name, link in lines.items():
        _say(f"  {name}: {link}")


def _say(words: str) -> None:
    sys.stdout.write(f"{redacted(words)}\n")
    sys.stdout.flush()
