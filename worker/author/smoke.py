"""The smoke edit: one change of an app that is known beforehand, checked by its text and as it runs."""

import hashlib
from collections.abc import Mapping

import httpx2

from worker.author.decisions import Fault
from worker.author.guard import Refusal
from worker.author.known_errors import Where
from worker.author.workspace import Workspace

APP = "app.py"
BEFORE = 'if __name__ == "__main__":'
FIX = "Put it back as it was; the one line of assignment.md is all that changes."


def title_of(run_id: str) -> str:
    """What the page of the running app is called after the edit."""
    return f"Smoke edit {hashlib.sha256(run_id.encode()).hexdigest()[:8]}"


def line_of(run_id: str) -> str:
    return f'demo.title = "{title_of(run_id)}"'


def refusals(workspace: Workspace, start: Mapping[str, str], run_id: str) -> tuple[Refusal, ...]:
    """Where the files are not exactly those of the start with the one line more. Empty lines do not count."""
    wanted = {path: text.encode() for path, text in start.items()}
    changed = [
        path for path in {**wanted, **workspace.files} if workspace.files.get(path) != wanted.get(path)
    ]
    refused = [Refusal("smoke", f"{path} is not what it was.", FIX) for path in changed if path != APP]
    line, before, after = line_of(run_id), _lines(start[APP]), _lines(workspace.texts.get(APP, ""))
    place = before.index(BEFORE)
    if after != [*before[:place], line, *before[place:]]:
        problem = f"{APP} is not its start with the line {line} before {BEFORE}"
        refused.append(Refusal("smoke", problem, FIX))
    return tuple(refused)


def unseen(host: str, token: str, run_id: str) -> Fault | None:
    """Whether the running app shows the edit."""
    try:
        address = f"{host.rstrip('/')}/config"
        answer = httpx2.get(address, headers={"x-hf-authorization": f"Bearer {token}"}, timeout=30)
        said = answer.json()
        title = said.get("title") if isinstance(said, dict) else None
    except (httpx2.HTTPError, ValueError) as error:
        title = type(error).__name__
    if title == title_of(run_id):
        return None
    line = f"The running app is called {str(title)[:80]!r} and not {title_of(run_id)!r}."
    return Fault(where=Where.PROBE, line=line)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]
