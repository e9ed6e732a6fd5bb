"""Two hundred clients at once: nobody is turned away by accident, and nothing is left half-written."""

import secrets
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import HfHubHTTPError

from tests.harness.local_hub import LocalHub
from tests.harness.waiting import wait_until
from tests.localhub.some_jobs import SLEEP, log_is, run

CLIENTS = 200
SECONDS = 6


def test_two_hundred_clients_at_once_meet_no_accident(own_hub: LocalHub, tmp_path: Path) -> None:
    api = own_hub.api("alice")
    for number in range(4):
        api.create_repo(f"alice/crowd-{number}")
        api.create_discussion(f"alice/crowd-{number}", "A question")
    job = run(api, SLEEP)
    wait_until(lambda: log_is(own_hub, job, "asleep"), what="the Job runs")
    began = threading.Barrier(CLIENTS)

    def client(number: int) -> list[tuple[int, str | None]]:
        with own_hub.browser() as browser:
            began.wait(30)
            return _visits(browser, own_hub, number)

    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = [answer for all_of in crowd.map(client, range(CLIENTS)) for answer in all_of]

    statuses = {status for status, _ in answers}
    assert statuses <= {200, 409, 412}, statuses
    written = [text for _, text in answers if text]
    assert len(answers) > CLIENTS
    assert written
    _comments_are_whole(own_hub, written)
    own_hub.restart(signal.SIGKILL)
    _comments_are_whole(own_hub, written)
    _commits_are_whole(own_hub)
    assert api.inspect_job(job_id=job.id, namespace="alice").status.stage == "ERROR"
    wait_until(lambda: not _left_behind(own_hub), what="no process of the Hub's Jobs is left")


def _visits(browser: httpx2.Client, hub: LocalHub, number: int) -> list[tuple[int, str | None]]:
    """What one client does until it is time; for each request the status, and the text if it wrote one."""
    headers = {"Authorization": f"Bearer {hub.token(('alice', 'bob')[number % 2])}"}
    repo, seen = f"alice/crowd-{number % 4}", []
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for path in ("/api/whoami-v2", f"/api/models/{repo}", f"/{repo}/resolve/main/.gitattributes"):
            seen.append((browser.get(path, headers=headers).status_code, None))
        text = f"comment {secrets.token_hex(8)}"
        answer = browser.post(
            f"/api/models/{repo}/discussions/1/comment", json={"comment": text}, headers=headers
        )
        seen.append((answer.status_code, text if answer.is_success else None))
        if number % 20 == 0:
            seen.append((_commit(hub, repo, text), None))
    return seen


def _commit(hub: LocalHub, repo: str, text: str) -> int:
    operation = CommitOperationAdd(f"{text}.txt", text.encode())
    try:
        hub.api("alice").create_commit(repo, [operation], commit_message=text)
    except HfHubHTTPError as error:
        return error.response.status_code
    return 200


def _comments_are_whole(hub: LocalHub, written: list[str]) -> None:
    """What was answered with 200 is there, once."""
    found = [
        getattr(event, "content", None)
        for number in range(4)
        for event in hub.api("alice").get_discussion_details(f"alice/crowd-{number}", 1).events
    ]
    assert [text for text in written if found.count(text) != 1] == []


def _commits_are_whole(hub: LocalHub) -> None:
    """Every file of every head can be read, and the history leads back to the beginning."""
    with hub.browser() as browser:
        for number in range(4):
            repo = f"alice/crowd-{number}"
            for path in hub.api("alice").list_repo_files(repo):
                answer = browser.get(f"/{repo}/resolve/main/{path}")
                assert answer.status_code == 200
                assert path == ".gitattributes" or answer.text == path.removesuffix(".txt")
            assert hub.api("alice").list_repo_commits(repo)[-1].title == "initial commit"


def _left_behind(hub: LocalHub) -> list[str]:
    """Processes that were started in the folder of a Job."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cwd"):
        try:
            folder = process.readlink()
        except OSError:  # it has ended meanwhile, or is another user's
            continue
        if folder.is_relative_to(hub.folder):
            found.append(str(process))
    return found
