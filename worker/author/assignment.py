"""What the brief tells about a build: its card, its endpoint, its hardware, and where the agent begins."""

from worker.author.brief import Task
from worker.author.smoke import line_of
from worker.build import Build
from worker.card import LARGEST_README
from worker.contract import AnswerType
from worker.hub import Hub

ANSWERS = {
    AnswerType.TEXT: "text that the model wrote",
    AnswerType.LABELS: "a probability for each label",
    AnswerType.DATA: "JSON with the model's numbers",
    AnswerType.IMAGE: "a picture",
    AnswerType.ANNOTATED: "a picture with named regions",
    AnswerType.AUDIO: "sound",
    AnswerType.VIDEO: "a film",
    AnswerType.ANY: "whatever this kind of model gives",
}


def task_of(build: Build, hub: Hub, why: str) -> Task:
    """What the brief tells about this build."""
    assert build.card and build.plan
    card, plan = build.card, build.plan
    readme = ""
    if "README.md" in card.files:
        readme = hub.read(card.model_id, card.revision, "README.md", LARGEST_README).decode(errors="replace")
    return Task(
        card=card,
        readme=build.journal.redactor.text(readme),
        endpoint=plan.blueprint.endpoint,
        answer=ANSWERS[plan.blueprint.answer],
        hardware=plan.hardware,
        start=build.files,
        start_reason=why,
        weights=plan.weights,
        trust_remote_code=build.spec.trust_remote_code,
        mode=build.spec.author_mode,
        change=line_of(build.spec.run_id),
    )
