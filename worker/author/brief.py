"""The brief: what the agent is told, as files beside its workspace that it can read and not change."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from pydantic import JsonValue

from worker.author.known_errors import KnownError, Where
from worker.author.sanitise import MARK, one_line, quoted, sanitised
from worker.card import Card
from worker.contract import AuthorMode

TEMPLATES = Path(__file__).with_name("brief")
FILES = ("goal", "acceptance", "forbidden", "hardware", "blueprint", "repair", "blockers", "card")
MOST_FILES = 120
LONGEST_CONFIG = 6000
LONGEST_FAULT = 3000
NAMES = {
    Where.BUILD: "build log",
    Where.RUN: "run log",
    Where.PROBE: "probes",
    Where.CONFIG: "Hub's message",
    Where.ANY: "files",
}


@dataclass(frozen=True)
class Task:
    """What is decided about the app before anybody writes it. Texts of the card are hostile."""

    card: Card
    readme: str
    """The model's README as it is."""
    endpoint: str
    answer: str
    """The kind of answer, in words: “a picture”."""
    hardware: str
    start: Mapping[str, str]
    """The files to start from, path to text; `README.md` gives the header."""
    start_reason: str
    """A sentence: which blueprint this is, and what it lacks."""
    probes: tuple[str, ...] = ()
    """What will be asked, in words."""
    weights: str = ""
    memory: str = ""
    trust_remote_code: bool = False
    mode: AuthorMode = AuthorMode.WHERE_NEEDED
    change: str = ""
    """The one line of a smoke edit."""


def brief_files(task: Task, workspace: Path) -> dict[str, str]:
    """The files of the brief by name."""
    words = _words(task, workspace)
    files = {f"{name}.md": _filled(name, words) for name in FILES}
    if task.mode is AuthorMode.WHERE_NEEDED:
        return files
    return {"assignment.md": _filled(f"mode_{task.mode}", words), **files}


def write_brief(folder: Path, task: Task, workspace: Path) -> None:
    """Put the brief into a folder that the agent can read only."""
    folder.mkdir(mode=0o755, exist_ok=True)
    for name, text in brief_files(task, workspace).items():
        file = folder / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o644)


def first_prompt(folder: Path) -> str:
    return _filled("first_turn", {"folder": str(folder)})


def repair_prompt(folder: Path, where: Where, fault: str, rule: KnownError | None) -> str:
    """What was seen, quoted, with the cause and the mend where they are known."""
    advice = f"This is known. {rule.cause} {rule.mend}" if rule else "This error is not a known one."
    words = {
        "where": NAMES[where],
        "quoted": quoted(sanitised(fault)[:LONGEST_FAULT], f"seen-{secrets.token_hex(3)}| "),
        "advice": advice,
        "folder": str(folder),
    }
    return _filled("repair_turn", words)


def direct_prompt(task: str, brief: Mapping[str, str], files: Mapping[str, str]) -> str:
    """Everything in one text, for a model without tools."""
    shown = "\n".join(f"````file {path}\n{text.rstrip()}\n````\n" for path, text in files.items())
    whole = "\n\n".join(brief.values())
    return _filled("direct_turn", {"task": task, "brief": whole, "files": f"# The files now\n\n{shown}"})


def _words(task: Task, workspace: Path) -> dict[str, str]:
    card = task.card
    bases = ", ".join(one_line(each) for each in card.base_models)
    probes = "\n".join(f"- {one_line(each, 400)}" for each in task.probes)
    header = task.start.get("README.md", "").split("\n---\n")[0]
    return {
        "model_id": card.model_id,
        "revision": card.revision,
        "workspace": str(workspace),
        "endpoint": task.endpoint,
        "change": task.change,
        "answer": task.answer,
        "probes": probes or "They are made from what the app says about its inputs.",
        "trust": "yes" if task.trust_remote_code else "no",
        "hardware": task.hardware,
        "weights": one_line(task.weights) or "see the list of files in card.md",
        "memory": one_line(task.memory, 400),
        "bases": f"The card names as base: {bases}." if bases else "The card names no base model.",
        "start": one_line(task.start_reason, 600),
        "header": quoted(f"{header}\n---", "    "),
        "mark": MARK.strip(),
        "facts": quoted(_facts(card)),
        "readme": quoted(sanitised(task.readme) or "There is none."),
    }


def _facts(card: Card) -> str:
    """What the card's metadata, files and config say, each on a line of its own."""
    files = [f"{one_line(path)} ({size} bytes)" for path, size in list(card.files.items())[:MOST_FILES]]
    config: JsonValue = card.config
    lines = [
        f"task: {one_line(card.pipeline_tag)}",
        f"library: {one_line(card.library_name)}",
        f"licence: {one_line(card.license)}",
        f"architectures: {one_line(', '.join(card.architectures))}",
        f"examples: {one_line(' / '.join(card.example_texts), 600)}",
        *(f"file: {each}" for each in files),
        "config.json:",
        *(one_line(line, 300) for line in json.dumps(config, indent=1)[:LONGEST_CONFIG].splitlines()),
    ]
    return "\n".join(lines)


def _filled(name: str, words: Mapping[str, str]) -> str:
    return _template(name).substitute(words)


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.md").read_text(encoding="utf-8"))
