"""What the run's record keeps of the writing, and how a worker goes on from it where one was stopped."""

import json
from dataclasses import asdict, dataclass, field

from pydantic import JsonValue

from worker.author.decisions import State, taken_up
from worker.author.ledger import Entry, Totals
from worker.author.traces import RAW, SHOWN, TURNS
from worker.author.turns import Budget, TurnEnd, TurnReport
from worker.author.workspace import Workspace
from worker.journal import Journal

STATE, CALLS, LEDGER = "author/state.json", "author/space_calls.jsonl", "author/ledger.jsonl"
TRACES = {RAW: f"traces/raw/{RAW}", SHOWN: f"traces/redacted/{RAW}", TURNS: "author/turns.json"}
"""Where the record has them."""
MOST_CALLS = 2000
STOPPED = "The worker was stopped in this turn."


@dataclass(frozen=True)
class Spent:
    """Everything so far, the turn under way and the requests in flight included."""

    requests: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0


@dataclass
class Notebook:
    """The author's part of the record of one run, as it grows."""

    journal: Journal
    state: State
    """After the last step."""
    names: tuple[str, ...] = ()
    """Of the files of the app that the record has."""
    reports: list[TurnReport] = field(default_factory=list)
    session: bytes = b""
    calls: list[str] = field(default_factory=list)
    ledger: str = ""

    def keep_state(self, spent: Spent) -> None:
        names: list[JsonValue] = [*self.names]
        state = self.state.model_dump(mode="json")
        self.journal.write_json(STATE, {"state": state, "spent": asdict(spent), "files": names})

    def keep_files(self, workspace: Workspace) -> None:
        for path, content in workspace.files.items():
            text = workspace.texts.get(path)
            if text is None:
                self.journal.write_bytes(f"generated/{path}", content)
            else:
                self.journal.write(f"generated/{path}", text)
        self.names = tuple(sorted(workspace.files))

    def keep_call(self, call: dict[str, JsonValue]) -> None:
        self.calls = [*self.calls, json.dumps(call, ensure_ascii=False)][-MOST_CALLS:]
        self.journal.write(CALLS, "".join(f"{each}\n" for each in self.calls))

    def keep_ledger(self, entries: list[Entry]) -> None:
        lines = "".join(f"{json.dumps(asdict(each))}\n" for each in entries)
        self.journal.write(LEDGER, self.ledger + lines)

    @property
    def before(self) -> Totals:
        """What was spent at the router until the last step."""
        return Totals(self.state.requests, self.state.tokens, self.state.usd)

    @property
    def files(self) -> dict[str, bytes]:
        read = {name: self.journal.read_bytes(f"generated/{name}") for name in self.names}
        return {name: content for name, content in read.items() if content is not None}


def notebook_of(journal: Journal, new: State, budget: Budget) -> Notebook:
    """What a worker of this very run that was stopped has left; `new` is the state where there was none."""
    try:
        found = json.loads(journal.read(STATE) or "")
        state, spent = State.model_validate(found["state"]), Spent(**found["spent"])
        names = tuple(map(str, found["files"]))
    except (ValueError, KeyError, TypeError):
        return Notebook(journal, new)
    cut_off = _cut_off(state, spent)
    return Notebook(
        journal,
        taken_up(state, cut_off, budget),
        names,
        reports=[*_reports(journal), *([cut_off] if cut_off else [])],
        session=journal.read_bytes(TRACES[RAW]) or b"",
        calls=(journal.read(CALLS) or "").splitlines(),
        ledger=journal.read(LEDGER) or "",
    )


def _cut_off(state: State, spent: Spent) -> TurnReport | None:
    """The turn that was under way: what was spent beyond the last step."""
    requests, seconds = spent.requests - state.requests, spent.seconds - state.seconds
    if requests <= 0 and seconds <= 0:
        return None
    tokens, usd = spent.tokens - state.tokens, spent.usd - state.usd
    return TurnReport(TurnEnd.BROKE, "", 0, requests, tokens, usd, seconds, STOPPED)


def _reports(journal: Journal) -> list[TurnReport]:
    try:
        turns = json.loads(journal.read(TRACES[TURNS]) or "")["turns"]
        return [TurnReport(**{**each, "end": TurnEnd(each["end"])}) for each in turns]
    except (ValueError, KeyError, TypeError):
        return []
