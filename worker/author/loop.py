"""Writes an app until it is accepted, or a budget ends: the effects around the decisions.

Each step is kept before the next begins. What is checked is what is rehearsed, published and probed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from worker.author.brief import direct_prompt, first_prompt, repair_prompt
from worker.author.decisions import Backend, Fault, Seen, Stage, State, Turned, Unchanged, Well, after
from worker.author.direct import Ask, direct_turn
from worker.author.guard import Refusal
from worker.author.known_errors import Where, edited, known
from worker.author.turns import Budget, Turn, TurnReport
from worker.author.workspace import Workspace
from worker.errors import Blocker

MOST_BLOCKERS = 5
LONGEST_WORDS = 400
VAGUE = Refusal(
    "blockers",
    "TECHNICAL_BLOCKERS.json names nothing concrete that was tried.",
    "Say what you tried (for attention: SDPA, xformers and HF Kernels) and what it said, or remove the file.",
)
KERNELS = ("sdpa", "xformers", "kernels")
"""What must have been tried before attention is to blame."""


@dataclass(frozen=True)
class Effects:
    """What the loop does to the world. Those that give a Fault or None say what was wrong first."""

    turn: Turn | None
    """A turn of the agent; None where only the plain question is left."""
    ask: Ask
    """A question to the model without tools: a prompt in; the report, with the whole answer in `said`."""
    read: Callable[[], Workspace]
    put: Callable[[Mapping[str, bytes]], None]
    """Write files into the workspace."""
    check: Callable[[Workspace], tuple[Refusal, ...]]
    rehearse: Callable[[Workspace], Fault | None]
    publish: Callable[[Workspace], Fault | None]
    probe: Callable[[Workspace], Fault | None]
    keep: Callable[[State, Workspace], None]
    """Into the record, after each step."""
    note: Callable[[str], None]
    """A sentence for the person who waits."""
    pushed: Callable[[], str | None] = lambda: None
    """The commit that the agent's Space has."""


@dataclass(frozen=True)
class Instructions:
    """Where the agent finds its brief, and the same as texts."""

    folder: Path
    texts: Mapping[str, str]


class Loop:
    """One app. `state` is where to begin: a new one, or that of a worker that was stopped."""

    def __init__(
        self, effects: Effects, instructions: Instructions, budget: Budget, state: State | None = None
    ) -> None:
        backend = Backend.PI if effects.turn else Backend.DIRECT
        self.state = state or State(backend=backend)
        self._effects, self._instructions, self._budget = effects, instructions, budget
        self._workspace = effects.read()

    def run(self) -> State:
        """Go on until the end; the last state says how it ended."""
        while not self.state.over:
            before = self.state
            seen = self._seen()
            self.state = after(before, seen, self._budget)
            self._effects.keep(self.state, self._workspace)
            self._effects.note(_words(before, seen, self.state))
        return self.state

    def _seen(self) -> Seen:
        match self.state.stage:
            case Stage.WRITE:
                return self._write()
            case Stage.MEND:
                return self._mend()
            case Stage.CHECK:
                return self._check()
            case Stage.REHEARSE:
                return self._effects.rehearse(self._workspace) or Well()
            case Stage.PUBLISH:
                return self._effects.publish(self._workspace) or Well()
            case _:
                return self._effects.probe(self._workspace) or Well()

    def _write(self) -> Turned:
        before, commit = self._workspace, self._effects.pushed()
        report = self._turn()
        self._workspace = self._effects.read()
        blockers = read_blockers(self._workspace.blockers)
        changed = self._workspace != before or self._effects.pushed() != commit
        return Turned(report, changed=changed, blockers=blockers)

    def _turn(self) -> TurnReport:
        prompt = self._prompt()
        if self.state.backend is Backend.PI and self._effects.turn:
            return self._effects.turn(prompt)
        whole = direct_prompt(prompt, self._instructions.texts, self._workspace.texts)
        report, files = direct_turn(self._effects.ask, whole)
        self._effects.put(files)
        return report

    def _prompt(self) -> str:
        fault, folder = self.state.fault, self._instructions.folder
        if fault is None:
            return first_prompt(folder)
        rule = known(fault.where, fault.line, fault.log)
        return repair_prompt(folder, fault.where, f"{fault.line}\n\n{_end_of(fault.log)}", rule)

    def _mend(self) -> Seen:
        fault = self.state.fault
        rule = known(fault.where, fault.line, fault.log) if fault else None
        files = edited(rule, self._workspace.files) if rule else None
        if files is None:
            return Unchanged()
        self._effects.put({path: text for path, text in files.items() if self._workspace.files[path] != text})
        self._workspace = self._effects.read()
        return Well()

    def _check(self) -> Seen:
        refusals = self._effects.check(self._workspace)
        if self._workspace.blockers is not None:
            refusals = (VAGUE, *refusals)
        if not refusals:
            return Well()
        return Fault(where=Where.ANY, line="; ".join(str(each) for each in refusals)[:3000])


def read_blockers(content: bytes | None) -> tuple[Blocker, ...]:
    """What the agent says is in the way, as far as it is concrete; a stranger's file."""
    try:
        listed = json.loads(content or b"[]")
        listed = listed.get("blockers", []) if isinstance(listed, dict) else listed
        found = [Blocker.model_validate(each) for each in listed[:MOST_BLOCKERS]]
    except (ValueError, RecursionError, TypeError, ValidationError):
        return ()
    kept = [each for each in found if each.message.strip() and len(each.tried.strip()) > 10 and _tried(each)]
    return tuple(
        Blocker(code=each.code[:40], message=_line(each.message), tried=_line(each.tried)) for each in kept
    )


def _tried(blocker: Blocker) -> bool:
    """Whether the other kernels were tried before attention is named as what is in the way."""
    blames = any(word in blocker.message.lower() for word in ("flash-attn", "flash_attn", "flash attention"))
    return not blames or all(word in blocker.tried.lower() for word in KERNELS)


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDS]


def _end_of(log: str) -> str:
    return "\n".join(log.splitlines()[-25:])


def _words(before: State, seen: Seen, now: State) -> str:
    """For the living message: what was done, what it showed, what it has cost so far."""
    spent = f"turn {now.turns}, {now.tokens} tokens, {now.usd:.3f} USD"
    match seen:
        case _ if now.over:
            return f"{now.reason} ({spent})"
        case Turned(report=report):
            switched = f" {now.backend_reason}" if now.backend is not before.backend else ""
            said = report.problem or "The files are looked at next."
            return f"The model's turn is over ({spent}). {said}{switched}"
        case Fault(where=where, line=line):
            return f"{before.stage.capitalize()} ({where}) showed: {line[:200]} ({spent})"
        case _:
            return f"{before.stage.capitalize()} went well; next: {now.stage}."
