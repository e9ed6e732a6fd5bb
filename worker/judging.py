"""The phase in which a running Space is called and judged: one that we made, or one that was there before."""

from pathlib import Path

from worker.build import Build
from worker.card import Card
from worker.contract import Evidence
from worker.hub import Hub
from worker.screenshot import picture
from worker.space_logs import read_logs
from worker.twin.evidence import evidence_of, weights_proof
from worker.validate.calls import call_app
from worker.validate.client import AppClient
from worker.validate.evidence import judge
from worker.validate.evidence.subject import Subject
from worker.validate.samples import Samples

LARGEST_EXAMPLE = 4 * 1024 * 1024
"""Bytes of an example of the card, and of a file that the record keeps."""
MOST_EXAMPLES = 3


def validate(build: Build, hub: Hub) -> str:
    """Call the Space with test inputs, keep what came back, and say what it shows."""
    assert build.running and build.space
    client = AppClient(build.running.host, hub.token, folder=build.folder / "answers")
    app = client.app()
    build.schema = app.schema
    blueprint = build.plan.blueprint if build.plan else None
    wished = blueprint.endpoint if blueprint else build.spec.validation.endpoint
    build.calls = calls = call_app(client, app, wished, samples_of(build, hub), build.folder)
    for file in calls.files:
        if file.stat().st_size <= LARGEST_EXAMPLE:
            build.journal.write_bytes(f"artifacts/{file.name}", file.read_bytes())
    picture(build, hub)
    build.logs = read_logs(hub, build.space.id)
    build.evidence = (*judge(_subject(build), calls), *_rehearsed(build))
    return summary(calls.answers, build.evidence)


def samples_of(build: Build, hub: Hub) -> Samples:
    """What the card offers to try, and what whoever asked for a validation has chosen."""
    card, spec = build.card, build.spec
    chosen = Samples(arguments=spec.validation.arguments, given=dict(spec.validation.named_arguments))
    if card is None:
        return chosen
    expected = {Path(text).name if text in card.files else text: said for text, said in card.expected.items()}
    return chosen.model_copy(
        update={
            "texts": card.example_texts,
            "images": _fetched(build, hub, card, card.example_images),
            "audio": _fetched(build, hub, card, card.example_sounds),
            "videos": _fetched(build, hub, card, card.example_videos),
            "expected": expected,
            "task": card.pipeline_tag,
        }
    )


def _fetched(build: Build, hub: Hub, card: Card, paths: tuple[str, ...]) -> tuple[Path, ...]:
    """Examples of the card as files on this machine."""
    found = []
    for path in [each for each in paths if card.files[each] <= LARGEST_EXAMPLE][:MOST_EXAMPLES]:
        file = build.folder / "examples" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_bytes(hub.read(card.model_id, card.revision, path, LARGEST_EXAMPLE))
        found.append(file)
    return tuple(found)


def _subject(build: Build) -> Subject:
    plan = build.plan
    return Subject(
        card=build.card,
        health=build.health,
        answer=plan.blueprint.answer if plan else build.spec.validation.expected,
        files=build.files,
        logs=build.logs.run if build.logs else "",
        ours=plan is not None or "hosting.py" in build.files,
    )


def _rehearsed(build: Build) -> tuple[Evidence, ...]:
    """What the twin showed, once it is there."""
    if build.rehearsal is None:
        return ()
    rehearsal = build.rehearsal()
    build.weights = weights_proof(rehearsal)
    build.journal.write_json("tests/rehearsal.json", rehearsal)
    return evidence_of(rehearsal)


def summary(answers: tuple[object, ...], evidence: tuple[Evidence, ...]) -> str:
    refuted = [each.name for each in evidence if each.passed is False]
    asked = f"Called {len(answers)} times; {len(evidence)} checks"
    return f"{asked}, failed: {', '.join(refuted)}." if refuted else f"{asked}, none failed."
