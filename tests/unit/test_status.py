"""The status page: what waits, how long people waited and it took, how it ended, and what it depends on."""

import re
from html import unescape
from pathlib import Path

from bot.app import create_app
from bot.domain.models import Requester, RunState
from tests.harness.small_bot import small_settings
from tests.safety.test_t13_t14_t23_every_page import ask
from tests.unit.test_metrics import a_report, a_run

BOB = Requester(id="b" * 24, name="bob")
RUNS = (
    # Asked for at 1000.
    *(a_run(str(n), RunState.SUCCEEDED, launched=1000.0 + n, ended=1020.0 + 2 * n) for n in range(5)),
    a_run("a", RunState.FAILED, launched=1004.0, ended=1005.0),
    a_run("b", RunState.FAILED, launched=1004.0, ended=1005.0),
    a_run("c", RunState.RUNNING, launched=1090.0),
    a_run("d", RunState.QUEUED).model_copy(update={"requester": BOB}),
)


def status_page(folder: Path) -> str:
    app = create_app(small_settings(folder), clock=lambda: 2000.0)
    for run in RUNS:
        app.state.ctx.runs.admit(run, limit=20)
    app.state.ctx.runs.hear(RUNS[5].id, 1005.0, a_report(RUNS[5], "no_hardware"))
    app.state.ctx.runs.hear(RUNS[6].id, 1005.0, a_report(RUNS[6], "ada/moonshot is mine"))
    return unescape(ask(app, "GET", "/status").text)


def rows(page: str) -> dict[str, list[str]]:
    """Of the tables and lists: what, and what is said about it."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>|<dt>(.*?)</dd>", page, re.S):
        name, *values = re.split(r"\s*<[^>]*>\s*", "".join(row).strip())[row[0] != "" :]
        found[name] = [value for value in values if value]
    return found


def test_the_status_page_has_the_figures_right_and_names_nobody(tmp_path: Path) -> None:
    page = status_page(tmp_path)

    seen = rows(page)
    # They waited for 0, 1, 2, 3, 4, 4, 4 and 90 seconds.
    assert seen["Waiting, from the request to the launch of its Job"] == ["3.5 s", "30 s", "8"]
    assert seen["A plan that succeeded, from the launch of its Job"] == ["22 s", "24 s", "5"]
    assert seen["A plan that succeeded, from the request"] == ["24 s", "27 s", "5"]
    assert (seen["Jobs running"], seen["Runs about to start"]) == (["1"], ["1"])
    assert (seen["succeeded"], seen["no_hardware"], seen["failed"]) == (["5"], ["1"], ["1"])
    assert (seen["Hugging Face"], seen["Its database"]) == (["does not answer"], ["answers"])
    assert "moonshot" not in page, "a worker is its requester's: what it says is a word here, or nothing"
