"""`python -m bot check`: what this project takes for granted about the Hub; with `--live`, whether it is so.

HF_TOKEN is the operator's, BOT_TOKEN the bot's account's; OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET are of an
app of theirs, as which they are asked to sign in. Whatever is made is private, has a name of its own, and is
taken away again, also what a check that was killed has left.
"""

import argparse
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import httpx2

from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.messages_live import FACTS, Fact, Finding, Mark, plan_of, summed_up, told
from bot.domain.redact import never_say, redacted
from bot.hub import live
from bot.hub.client import HubClient, bound_all_calls
from bot.hub.loopback_sign_in import NotSignedIn, sign_in
from bot.hub.oauth import OAuthApp, SignedIn, TokenPair

HUB = "https://huggingface.co"
HUB_SECONDS = 30.0
PROBE_SECONDS = 180.0
"""For all calls about one fact, with all waits that the Hub asks for."""
TOKENS = ("HF_TOKEN", "BOT_TOKEN", "OAUTH_CLIENT_SECRET")
NOT_TRIED = Finding(Mark.UNKNOWN, "not tried")
UNREADABLE = (AttributeError, IndexError, TypeError, ValueError)
"""What reading an answer that is not what was promised ends in."""


@dataclass(frozen=True)
class App:
    """The operator, signed in as by an app."""

    registration: OAuthApp
    client: HubClient
    who: SignedIn
    renewal: Finding


@dataclass
class Means:
    """What there is to find out with; None for what was not given, or is no good."""

    bot_address: str
    operator: tuple[HubClient, str] | None = None
    bot: tuple[HubClient, str] | None = None
    app: App | None = None
    problems: list[str] = field(default_factory=list)
    """Why a token or the sign-in that was given is no good."""

    @property
    def accounts(self) -> list[tuple[HubClient, str]]:
        return [each for each in (self.operator, self.bot) if each]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot check", description=__doc__)
    parser.add_argument("--live", action="store_true", help="find out; without it, say what would be done")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done, at what cost")
    words = "only this fact; may be given several times"
    parser.add_argument("--only", action="append", choices=[each.name for each in FACTS], help=words)
    parser.add_argument("--bot", default="", metavar="URL", help="address of a bot that runs")
    words = "port of this machine on which the sign-in comes back"
    parser.add_argument("--port", type=int, default=8765, help=words)
    parser.add_argument("--minutes", type=float, default=5, help="how long to wait for the sign-in")
    given = parser.parse_args(arguments)
    facts = [each for each in FACTS if not given.only or each.name in given.only]
    environment = {name: value for name, value in os.environ.items() if value}
    never_say(environment[name] for name in TOKENS if name in environment)
    _say("What is done for each fact:\n" + "\n".join(map(plan_of, facts)))
    _say(f"The app's redirect URL is {_redirect(given.port)}.")
    if given.dry_run or not given.live:
        _say("Nothing was done. `--live` does it.")
        return 0
    bound_all_calls(HUB_SECONDS)
    needs_app = any(each.name in OF_APP for each in facts)
    means = _means(environment, given.bot.rstrip("/"), given.port, given.minutes * 60 if needs_app else 0)
    findings = list(_findings(facts, means))
    _say("\n".join([*means.problems, summed_up(findings)]))
    return int(bool(means.problems) or any(each.failed or each.mark is Mark.DIFFERENT for each in findings))


def _findings(facts: Sequence[Fact], means: Means) -> Iterator[Finding]:
    probes = _probes(means)
    for fact in facts:
        finding = _found(probes.get(fact.name))
        _say(told(fact, finding))
        yield finding
    for client, name in means.accounts:
        _tidy(client, name)


def _found(probe: Callable[[], Finding] | None) -> Finding:
    """One failing answer is about one fact: the others are still found out."""
    if probe is None:
        return NOT_TRIED
    try:
        return _in_time(probe)
    except (HubError, HubUnavailable, TokenGone) as problem:
        return Finding(Mark.UNKNOWN, str(problem)[:300], failed=True)
    except UNREADABLE as problem:
        words = f"the answer could not be read ({type(problem).__name__})"
        return Finding(Mark.UNKNOWN, words, failed=True)


def _in_time(probe: Callable[[], Finding]) -> Finding:
    """HubUnavailable if it takes too long; it ends with this process then, and its things are taken away by
    the next check."""
    answers = queue.SimpleQueue[Finding | Exception]()

    def find_out() -> None:
        try:
            answers.put(probe())
        except Exception as problem:  # raised again where it is waited for
            answers.put(problem)

    threading.Thread(target=find_out, daemon=True).start()
    try:
        answer = answers.get(timeout=PROBE_SECONDS)
    except queue.Empty:
        raise HubUnavailable(f"there was no answer in {PROBE_SECONDS:g} seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


OF_APP = {"author-id", "refresh-token", "own-space", "own-bucket", "job-rights"}
"""What is found out with a sign-in."""


def _probes(means: Means) -> dict[str, Callable[[], Finding]]:
    """By the fact's name, those that there are the means for."""
    probes: dict[str, Callable[[], Finding]] = {}
    if operator := means.operator:
        probes["hidden-mark"] = partial(live.hidden_mark, *operator)
        probes["mention"] = partial(live.mention, *operator)
    if means.bot:
        probes["bot-bucket"] = partial(live.own_bucket, *means.bot)
    if means.bot_address:
        probes["discord"] = partial(_discord, means.bot_address)
    if app := means.app:
        probes["refresh-token"] = lambda: app.renewal
        probes["own-bucket"] = partial(live.own_bucket, app.client, app.who.name)
        probes["job-rights"] = partial(live.job_rights, app.client, app.who.name)
    if app and operator:
        probes["author-id"] = partial(live.author_id, *operator, app.who)
        probes["own-space"] = partial(live.own_space, *operator, app.client)
    return probes


def _discord(address: str) -> Finding:
    try:
        told_so = httpx2.get(f"{address}/readyz", timeout=HUB_SECONDS).json()["dependencies"]["discord"]
    except (httpx2.TransportError, httpx2.InvalidURL, KeyError, *UNREADABLE) as problem:
        raise HubUnavailable(f"{address}/readyz says nothing of Discord ({type(problem).__name__})") from None
    match told_so:
        case "answers":
            return Finding(Mark.AS_EXPECTED, "the bot there speaks with Discord")
        case "does not answer":
            return Finding(Mark.DIFFERENT, "the bot there does not reach Discord")
        case _:
            return Finding(Mark.UNKNOWN, f"the bot there says: {str(told_so)[:60]}")


def _means(environment: Mapping[str, str], bot_address: str, port: int, seconds: float) -> Means:
    means = Means(bot_address)
    means.operator = _account("HF_TOKEN", environment, means)
    means.bot = _account("BOT_TOKEN", environment, means)
    for client, name in means.accounts:
        _tidy(client, name)
    if seconds and {"OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"} <= environment.keys():
        means.app = _app(environment, means, port, seconds)
    return means


def _account(variable: str, environment: Mapping[str, str], means: Means) -> tuple[HubClient, str] | None:
    if variable not in environment:
        return None
    client = HubClient(environment.get("HF_ENDPOINT", HUB), environment[variable])
    try:
        return client, client.whoami()[1]
    except (HubError, HubUnavailable, TokenGone, *UNREADABLE) as problem:
        means.problems.append(f"{variable} is no good now: {problem}")
        return None


def _app(environment: Mapping[str, str], means: Means, port: int, seconds: float) -> App | None:
    hub = environment.get("HF_ENDPOINT", HUB)
    client_id, secret = environment["OAUTH_CLIENT_ID"], environment["OAUTH_CLIENT_SECRET"]
    app = OAuthApp(environment.get("OPENID_PROVIDER_URL", hub), client_id, secret, _redirect(port))
    try:
        given = sign_in(app, port, seconds, lambda link: _say(f"Open this, and allow it: {link}"))
        _keep_quiet(given)
        renewal, valid = live.refresh_token(app, given)
        _keep_quiet(valid)
        return App(app, HubClient(hub, valid.access), app.who(valid.access), renewal)
    except (NotSignedIn, HubError, HubUnavailable, TokenGone, *UNREADABLE) as problem:
        means.problems.append(f"The sign-in did not work: {problem}")
        return None


def _keep_quiet(tokens: TokenPair) -> None:
    never_say([tokens.access, *([tokens.refresh] if tokens.refresh else [])])


def _redirect(port: int) -> str:
    return f"http://localhost:{port}/callback"


def _tidy(client: HubClient, name: str) -> None:
    try:
        if left := live.clear(client, name):
            _say(f"Took away what a check had left: {', '.join(left)}.")
    except (HubError, HubUnavailable, TokenGone, *UNREADABLE) as problem:
        _say(f"What a check may have left in {name}'s account can't be looked for now: {problem}")


def _say(words: str) -> None:
    """The Hub's words are among them: nothing in them may move the terminal."""
    plain = "".join(each if each.isprintable() or each == "\n" else " " for each in redacted(words))
    sys.stdout.write(f"{plain}\n")
    sys.stdout.flush()
