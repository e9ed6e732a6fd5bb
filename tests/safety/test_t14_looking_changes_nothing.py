"""T14: a GET changes nothing, whoever asks and whatever opens links ahead of people. Only a button does."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select

from bot.app import create_app
from bot.context import Context
from bot.domain.models import DiscussionRef, Requester, Run, RunState
from bot.store.accounts import AccountRow
from bot.store.accounts import Accounts as AccountStore
from bot.store.database import open_database
from bot.store.tables import inbox_tables, main_tables
from tests.safety.test_t12_t17_loops_and_floods import small_settings
from tests.safety.test_t13_t14_t23_every_page import ask, routes_of

ADA = Requester(id="a" * 24, name="ada")
RUN = "r_0123456789abcdef"
OWN = {"Origin": "https://bot.test"}


class Bot:
    """The app without a Hub, with ada signed in, a run of hers, a link of hers and a ticket on Discord."""

    def __init__(self, folder: Path) -> None:
        given = small_settings(folder, discord_token="t" * 60, discord_application_id="1",
                               discord_client_secret="c" * 32)  # fmt: skip
        self.app: FastAPI = create_app(given)
        self.ctx: Context = self.app.state.ctx
        self._rooms: list[tuple[Engine, Any]] = [
            (open_database(given.main_database, "main"), main_tables),
            (open_database(given.inbox_database, "inbox"), inbox_tables),
        ]
        sealed = self.ctx.vault.seal("the token", ADA.id)
        now = self.ctx.clock()
        account = AccountRow(ADA.id, ADA.name, "openid jobs", sealed, now + 3600, None, now, now)
        AccountStore(self._rooms[0][0]).put(account)
        self.ctx.runs.admit(a_run(now), limit=5)
        link = self.ctx.invitations.personal(f"[Connect]({self.ctx.links.connect(RUN)})", ADA)
        self.code = link.rpartition("/c/")[2].rstrip(")")
        self.ticket = self.ctx.discord_accounts.hand_out("123")
        self.cookies = {"__Host-session": self.ctx.accounts.begin_session(ADA.id)}

    def dump(self) -> list[str]:
        """Every row of every table."""
        found = []
        for engine, room in self._rooms:
            with engine.connect() as connection:
                for table in room.sorted_tables:
                    found += [f"{table.name} {row}" for row in connection.execute(select(table))]
        return found

    def ask(self, method: str, path: str, *, signed_in: bool, **given: Any) -> httpx2.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items()) if signed_in else ""
        return ask(self.app, method, path, headers={**given.pop("headers", {}), "Cookie": cookie}, **given)


def a_run(now: float) -> Run:
    return Run(
        id=RUN,
        requester=ADA,
        thread=DiscussionRef(repo="owner/model", num=1),
        model_id="owner/model",
        target_space="ada/demo",
        state=RunState.CANCELLED,
        created_at=now,
        ended_at=now,
        answer_id="c" * 24,
    )


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    return Bot(tmp_path_factory.mktemp("bot"))


def pages_of(bot: Bot) -> list[str]:
    """Every GET route there is, with what leads to the most behind it."""
    found = []
    for route in routes_of(bot.app.router.routes):
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or {"GET"}
        if "GET" in methods and not path.startswith("/static"):
            found.append(path.replace("{run_id}", RUN).replace("{code}", bot.code))
    return found


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"next": "/account", "scopes": "gated-repos,webhooks"},
        {"state": "made-up", "code": "made-up"},
        {"state": "made-up", "error": "access_denied"},
        {"ticket": "the ticket"},
    ],
    ids=lambda query: "+".join(query) or "plain",
)
def test_t14_no_get_changes_a_row(bot: Bot, query: dict[str, str], *, signed_in: bool) -> None:
    before, asked = bot.dump(), pages_of(bot)
    given = {name: bot.ticket if name == "ticket" else value for name, value in query.items()}
    answers = [bot.ask("GET", path, signed_in=signed_in, params=given) for path in asked]

    assert bot.dump() == before
    assert len(asked) >= 14 and f"/c/{bot.code}" in asked and "/discord/connect" in asked
    assert not [
        answer.url for answer in answers if answer.status_code >= 500 and "/callback" not in str(answer.url)
    ]
    shown = {answer.url.path for answer in answers if answer.status_code == 200}
    assert {"/", "/runs", "/connect", f"/c/{bot.code}"} <= shown
    assert ("/account" in shown) == signed_in


@pytest.mark.parametrize("path", ["/connect", "/c/{code}", "/discord/connect"])
def test_t14_the_button_behind_each_does_and_another_sites_does_not(bot: Bot, path: str) -> None:
    """That a row is written here shows that the dump above would have seen one."""
    form = {"ticket": bot.ticket}
    before = bot.dump()
    foreign = bot.ask("POST", path.format(code=bot.code), signed_in=True, data=form,
                      headers={"Origin": "https://evil.test"})  # fmt: skip
    assert foreign.status_code == 403 and bot.dump() == before

    own = bot.ask("POST", path.format(code=bot.code), signed_in=True, data=form, headers=OWN)

    assert own.status_code == 303 and len(bot.dump()) == len(before) + 1
    assert "authorize" in own.headers["location"]
    policy = own.headers["content-security-policy"]
    assert policy.endswith("form-action 'self' http://127.0.0.1:9 https://discord.com")


def test_t14_what_is_asked_for_cannot_be_widened_by_a_link(bot: Bot) -> None:
    form = {"scopes": "gated-repos,write-repos,manage-repos,read-billing", "next": "https://evil.test"}

    answer = bot.ask("POST", "/connect", signed_in=False, data=form, headers=OWN)

    scopes = httpx2.URL(answer.headers["location"]).params["scope"].split()
    assert scopes == ["openid", "profile", "contribute-repos", "jobs", "gated-repos"]
