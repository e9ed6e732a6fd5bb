"""Makes the probes: what to send, the calls themselves, and what the record keeps of them."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from worker.contract import Probe
from worker.validate.answers import Answered
from worker.validate.app import App
from worker.validate.client import AppClient, Reply
from worker.validate.media import Media, looked_at
from worker.validate.probes import Plans, ProbePlan, plan_probes
from worker.validate.samples import Samples

LARGEST_OUTPUT = 20
"""Items of a list that the report keeps; an answer with a thousand labels is cut there."""
LONGEST_TEXT = 1000


@dataclass(frozen=True)
class Calls:
    """What was asked of an app and what came back."""

    plans: Plans = field(default_factory=Plans)
    answers: tuple[Answered, ...] = ()
    probes: tuple[Probe, ...] = ()
    files: tuple[Path, ...] = ()
    """Every file that was sent or came back; `probes` names them artifacts/NAME."""


def call_app(client: AppClient, app: App, wished: str | None, samples: Samples, folder: Path) -> Calls:
    """Call the app's endpoint with each probe. Empty, with the reason in `plans`, if nothing can be called.

    Files that are made for the calls are written into `folder`, which is the caller's to remove.
    """
    plans = plan_probes(app, wished, samples, folder)
    replies = [(plan, client.call(plan.endpoint, plan.inputs)) for plan in plans.probes]
    for plan in plans.more:
        if not _is_one_answer(replies):
            break
        replies.append((plan, client.call(plan.endpoint, plan.inputs)))
    files = [file for plan, reply in replies for file in (*plan.files, *reply.files)]
    files = list(dict.fromkeys(files))
    seen = looked_at(files)
    return Calls(
        plans=plans,
        answers=tuple(_answered(plan, reply, seen, plans.returns) for plan, reply in replies),
        probes=tuple(_probe(plan, reply) for plan, reply in replies),
        files=tuple(files),
    )


def _is_one_answer(replies: list[tuple[ProbePlan, Reply]]) -> bool:
    """Whether different contents got the same answer: two pictures may show nothing that a model knows."""
    given = [(plan.content, reply) for plan, reply in replies]
    if any(reply.error for _, reply in given):
        return False
    (first, said), *others = given
    return all(_same(said, reply) for content, reply in others if content != first)


def _same(one: Reply, other: Reply) -> bool:
    if not (one.files or other.files):
        return one.output == other.output
    return [file.read_bytes() for file in one.files] == [file.read_bytes() for file in other.files]


def _answered(plan: ProbePlan, reply: Reply, seen: dict[Path, Media], returns: tuple[str, ...]) -> Answered:
    return Answered(
        turn=plan.turn,
        content=plan.content,
        seed=plan.seed,
        texts=plan.texts,
        sent=tuple(seen[file] for file in plan.files),
        expected=plan.expected,
        returns=returns,
        output=reply.output,
        media={str(file): seen[file] for file in reply.files},
        error=reply.error,
        seconds=reply.seconds,
    )


def _probe(plan: ProbePlan, reply: Reply) -> Probe:
    names = {str(file): f"artifacts/{file.name}" for file in (*plan.files, *reply.files)}
    return Probe(
        endpoint=plan.endpoint,
        inputs={name: _kept(value, names) for name, value in plan.inputs.items()},
        output=_kept(reply.output, names),
        seconds=reply.seconds,
        error=reply.error,
    )


def _kept(value: JsonValue | Path, names: dict[str, str]) -> JsonValue:  # noqa: PLR0911  # one for each kind
    match value:
        case Path():
            return names[str(value)]
        case {"path": str() as path, "meta": _}:  # a file inside a list or a mapping
            return f"artifacts/{Path(path).name}"
        case str():
            return names.get(value, value[:LONGEST_TEXT])
        case float() if not math.isfinite(value):
            return str(value)  # JSON has no word for it
        case list():
            return [_kept(item, names) for item in value[:LARGEST_OUTPUT]]
        case dict():
            return {key: _kept(item, names) for key, item in list(value.items())[:LARGEST_OUTPUT]}
        case _:
            return value
