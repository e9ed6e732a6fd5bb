"""T2, T5, T9, T16 where no Hub is needed: a dump opens nothing, one request makes one Job, secrets
are compared in constant time."""

import ast
import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.assembly import build_context
from bot.domain.events import CommentPosted
from bot.domain.models import DiscussionRef, Requester, Run, RunState, run_id_for
from bot.domain.redact import redacted
from bot.hub.payloads import read_payload
from bot.settings import new_vault_key
from bot.store.claims import Claims
from bot.store.database import open_database
from bot.store.deliveries import Deliveries
from bot.store.runs import Runs
from bot.store.tables import inbox_tables, main_tables
from bot.store.vault import Vault
from tests.harness.small_bot import small_settings

ROOT = Path(__file__).parents[2]
SECRET_NAMES = ("secret", "signature", "state_hash", "browser_hash", "report_key", "csrf", "form_key")
THREAD = DiscussionRef(repo="owner/model", num=1)


def test_t05_a_row_moved_to_another_account_opens_nothing() -> None:
    vault, stranger = Vault([new_vault_key()]), Vault([new_vault_key()])
    sealed = vault.seal("the token", "ada's id")

    with pytest.raises(InvalidTag):
        vault.open(sealed, "bob's id")
    with pytest.raises(KeyError):
        stranger.open(sealed, "ada's id")


def test_t05_a_vault_key_is_replaced_without_anyone_signing_in_again() -> None:
    old, new = new_vault_key(), new_vault_key()
    sealed = Vault([old]).seal("the token", "ada")
    both = Vault([new, old])

    again = both.seal(both.open(sealed, "ada"), "ada")

    assert Vault([new]).open(again, "ada") == "the token"
    assert both.is_signature("r_1", Vault([old]).sign("r_1")), "a worker on its way still gets home"


def test_t16_no_secret_is_compared_with_an_equals_sign() -> None:
    """A comparison that ends at the first wrong character tells how many were right. Of a hash that tells
    nothing, so only `_hash(…)` may be compared."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
        if "localhub" not in file.parts and "store" not in file.parts
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and _of_a_secret(node)
    ]
    assert found == []


def _of_a_secret(node: ast.Compare) -> bool:
    sides = [ast.unparse(node.left), *(ast.unparse(each) for each in node.comparators)]
    return any(name in side.lower() for side in sides for name in SECRET_NAMES) and not any(
        "_hash(" in side for side in sides
    )


@given(
    author=st.from_regex(r"[0-9a-f]{24}", fullmatch=True),
    others=st.dictionaries(
        st.sampled_from(
            ["sender", "user", "as", "actor", "requester", "onBehalfOf", "movedTo", "updatedRefs"]
        ),
        st.recursive(st.text() | st.integers() | st.none(), lambda each: st.dictionaries(st.text(), each)),
    ),
    inside=st.dictionaries(st.text(max_size=12), st.text(max_size=30), max_size=5),
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_t02_a_delivery_names_its_comments_author_and_nobody_else(
    author: str, others: dict[str, object], inside: dict[str, str]
) -> None:
    """What is read is a hint still: the Hub is asked whether it is so (see `test_t01_t10_deliveries.py`)."""
    body = {
        **others,
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {**inside, "type": "model", "name": "owner/model", "owner": {"id": "e" * 24}},
        "discussion": {**inside, "num": 3, "author": {"id": "e" * 24}},
        "comment": {
            **inside,
            "id": "c" * 24,
            "author": {"id": author},
            "content": "@space-factory build",
            "hidden": False,
        },
    }
    event = read_payload(json.dumps(body).encode(), "space-factory", "f" * 24)

    if author != "f" * 24:
        assert event == CommentPosted(repo="owner/model", num=3, comment_id="c" * 24, author_id=author)


@given(
    st.lists(st.tuples(st.sampled_from(["ada", "bob"]), st.integers(0, 2), st.integers(0, 2)), max_size=12),
    st.randoms(),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_t02_t09_each_request_has_at_most_one_run_and_its_author_owns_it(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, int, int]], chance: random.Random
) -> None:
    """Deliveries in any order, twice, at once, with ticks in between: one launch for each run at most."""
    engine = a_database(tmp_path_factory, "main")
    runs, claims, launched = Runs(engine), Claims(engine), list[str]()

    def ask(who: str, comment: int, model: int) -> None:
        runs.admit(a_run(who, f"comment:{who}{comment}", f"owner/model-{model}"), limit=3)

    def tick(run_id: str) -> None:
        if (claim := claims.claim(run_id, 1.0, 60.0)) is None:
            return
        run = runs.get(run_id)
        if run and run.state is RunState.QUEUED:
            launched.append(run_id)
            runs.save(run.model_copy(update={"state": RunState.RUNNING}))
        claims.release(claim, None)

    steps = [lambda each=each: ask(*each) for each in wanted + wanted]
    steps += [lambda who=who, n=n: tick(run_id_for(f"comment:{who}{n}")) for who, n, _ in wanted * 3]
    chance.shuffle(steps)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda step: step(), steps))

    assert len(launched) == len(set(launched))
    for who in ("ada", "bob"):
        mine = [run for run in runs.visible_to(who, 1000) if run.requester.id == who]
        assert {run.id for run in mine} <= {run_id_for(f"comment:{who}{n}") for n in range(3)}
        assert len({run.model_id for run in mine}) == len(mine), "the same twice at once"


@given(st.lists(st.sampled_from(["put", "claim", "done", "late", "restart"]), max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_t09_a_delivery_is_in_one_hand_at_a_time_and_over_when_it_is_done(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    engine = a_database(tmp_path_factory, "inbox")
    deliveries, now, held_until, is_done = Deliveries(engine), 0.0, 0.0, False
    event = CommentPosted(repo="owner/model", num=1, comment_id="c" * 24, author_id="a" * 24)
    is_there = False
    for step in steps:
        now += 1
        match step:
            case "put":
                deliveries.put([event, event], now)
                is_there = True
            case "claim":
                got = deliveries.claim(event.key, now, 10)
                assert (got is not None) == (is_there and not is_done and now >= held_until)
                held_until = now + 10 if got else held_until
            case "done":
                deliveries.done(event.key)
                is_done = is_done or is_there
            case "late":
                now += 20
            case _:
                deliveries.start_over(now)
                held_until = now


def test_t15_the_bot_never_says_its_own_secrets(tmp_path: Path) -> None:
    given = small_settings(tmp_path)
    build_context(given, lambda: 0.0)

    for secret in given.all_secrets():
        assert secret not in redacted(f'{{"a": "{secret}"}} x{secret}x')
    assert len(given.all_secrets()) >= 4


_ready: dict[str, Engine] = {}


def a_database(folders: pytest.TempPathFactory, room: str) -> Engine:
    """The real one, migrated once and emptied for each example."""
    if room not in _ready:
        _ready[room] = open_database(f"sqlite:///{folders.mktemp(room)}/{room}.sqlite", room)
    tables = main_tables if room == "main" else inbox_tables
    with _ready[room].begin() as connection:
        for table in reversed(tables.sorted_tables):
            connection.execute(table.delete())
    return _ready[room]


def a_run(who: str, delivery: str, model: str) -> Run:
    return Run(
        id=run_id_for(delivery),
        requester=Requester(id=who, name=who),
        thread=THREAD,
        model_id=model,
        sha="0" * 40,
        target_space=f"{who}/demo",
        state=RunState.QUEUED,
        created_at=1.0,
    )
