"""The bot's pages: what everybody may see, what only the requester may, and the part that lives."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx2

from bot.domain.models import Run, RunState
from tests.harness.world import SENTIMENT, World


def test_a_visitor_finds_what_it_is_and_how_to_ask(world: World) -> None:
    page = httpx2.get(world.url)

    assert "@space-factory build" in page.text
    assert "contribute-repos" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_health_and_readiness_answer_machines(world: World) -> None:
    assert httpx2.get(f"{world.url}/healthz").json() == {"ok": True}
    assert httpx2.get(f"{world.url}/readyz").json() == {
        "ok": True,
        "open_runs": 0,
        "deliveries_waiting": 0,
        "deliveries_parked": 0,
        "state_kept_at": None,
        "caught_up_in_part_at": None,
        "dependencies": {"database": "answers", "hub": "not asked yet", "discord": "off"},
    }


def test_what_is_not_there_is_a_sentence_and_for_machines_json(world: World) -> None:
    page = httpx2.get(f"{world.url}/no/such/page")
    machine = httpx2.get(f"{world.url}/api/no-such-thing")

    assert (page.status_code, machine.status_code) == (404, 404)
    assert "There is nothing at this address." in page.text
    assert machine.json()["error"] == "There is nothing at this address."
    assert httpx2.get(f"{world.url}/runs/r_0000000000000000").status_code == 404
    assert httpx2.get(f"{world.url}/runs/%3Cscript%3E").status_code == 404


def test_a_run_whose_model_nobody_has_seen_yet_is_its_requesters_business(world: World) -> None:
    """The name could be a private model's, so until the requester's own eyes have seen it, it is private."""
    bob = world.bob.signs_in()
    thread = world.ada.opens_discussion(SENTIMENT, "@space-factory build ada/secret-plans")
    run = thread.run()

    assert httpx2.get(f"{world.url}/runs/{run.id}").status_code == 404
    shown = bob.browser.open(f"{world.url}/runs/{run.id}")
    assert shown.status_code == 403
    assert "belongs to another account" in shown.text and "secret-plans" not in shown.text
    assert bob.browser.open(f"{world.url}/runs/{run.id}/events").status_code == 404
    assert "secret-plans" not in bob.browser.open(f"{world.url}/runs").text

    ada = world.ada.signs_in(f"/runs/{run.id}")
    assert thread.run_ends().state is RunState.ERRORED
    own = ada.browser.open(f"{world.url}/runs/{run.id}")
    assert "I can't open that model with your account" in " ".join(own.text.split()).replace("&#39;", "'")
    assert "secret-plans" in ada.browser.open(f"{world.url}/runs").text
    assert "secret-plans" not in bob.browser.open(f"{world.url}/runs").text
    for _ in range(2):
        thread.next_reply()


def test_the_run_page_lives_until_the_run_is_settled(world: World) -> None:
    ada = world.ada.signs_in()
    thread = ada.opens_discussion(SENTIMENT, "@space-factory build")
    run = thread.run()

    with ThreadPoolExecutor() as others:
        own = others.submit(_follows, run, world, ada.browser.cookies_for(world.url))
        lines = _follows(run, world)

    events = [line for line in lines if line.startswith("event: ")]
    assert events.count("event: run") >= 3, "it changed at least thrice"
    assert events[-1] == "event: end"
    text = "\n".join(lines)
    assert "The worker has not reported yet." in text and "full_inference_success" in text
    page = httpx2.get(f"{world.url}/runs/{run.id}").text
    assert "Open the Space" in page and "live.js" not in page
    log = "\n".join(own.result())
    assert "event: log" in log and "card     started Reading the model card." in log
    assert "event: log" not in text, "a stranger gets no log"
    for _ in range(2):
        thread.next_reply()
    assert "'label': '" in _runs(world, [sys.executable, "-c", _code("Python", page)])
    answer = _runs(world, ["sh", "-c", _code("curl", page)])
    assert "event: complete" in answer and '"label": "' in answer, answer


def _follows(run: Run, world: World, cookies: str = "") -> list[str]:
    """The lines of its live part, from now to its end."""
    address = f"{world.url}/runs/{run.id}/events"
    with httpx2.stream("GET", address, headers={"Cookie": cookies}, timeout=90) as stream:
        return list(stream.iter_lines())


def _code(language: str, page: str) -> str:
    """As it is printed on the run's page."""
    found = re.search(rf'aria-label="{language}"><code>(.*?)</code>', page, re.S)
    assert found, f"no code in {language}"
    return unescape(found[1])


def _runs(world: World, command: list[str]) -> str:
    """What it prints, with a token of ada's."""
    own = {"HF_TOKEN": world.hub.token("ada"), "HF_ENDPOINT": world.hub.endpoint}
    surroundings = own | {"HOME": str(world.folder), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
