"""T2: a token of the Hub lets the API do what it could have done without us, and nothing more."""

import pytest

from bot.hub.client import may_start_jobs


def fine(*scoped: tuple[str, str], everywhere: tuple[str, ...] = ()) -> dict[str, object]:
    rights = [{"entity": {"type": kind, "name": "x"}, "permissions": [right]} for kind, right in scoped]
    return {"role": "fineGrained", "fineGrained": {"scoped": rights, "global": list(everywhere)}}


@pytest.mark.parametrize(
    ("token", "may"),
    [
        ({"role": "write"}, True),
        ({"role": "read"}, False),
        ({}, False),
        (fine(("user", "job.write")), True),
        (fine(("user", "repo.content.read")), False),
        (fine(("org", "job.write")), False),
        (fine(("user", "repo.write"), ("org", "job.write")), False),
        (fine(everywhere=("discussion.write",)), False),
        ({"role": "fineGrained", "fineGrained": None}, False),
    ],
)
def test_t02_only_a_token_that_may_start_jobs_starts_any_here(token: dict[str, object], may: bool) -> None:
    assert may_start_jobs(token) is may
