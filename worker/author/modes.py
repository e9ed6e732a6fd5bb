"""What the author's modes change in a plan: the hardware that comes first, the models that fit. Pure."""

from worker.blueprints import Content
from worker.card import Card
from worker.contract import AnswerType, AuthorMode
from worker.errors import Blocked, Blocker
from worker.plan import Plan

ZERO_GPU = "zero-a10g"
OF_TEXT = frozenset({AnswerType.TEXT, AnswerType.LABELS, AnswerType.DATA})


def first_hardware(mode: AuthorMode, wished: str | None) -> str | None:
    """The hardware that comes first where nothing else is wished for."""
    return wished or (ZERO_GPU if mode is AuthorMode.ARTICLE else None)


def refuse_unsuitable(mode: AuthorMode, plan: Plan, card: Card) -> None:
    """Raises Blocked where the mode is for other models."""
    near, tag = plan.blueprint, card.pipeline_tag or "no task given"
    is_text = near.content is Content.TEXT and near.answer in OF_TEXT
    if mode is AuthorMode.TEXT and not (is_text and (tag in near.pipeline_tags or "text" in tag)):
        message = f"author-mode=text is for models of text, and this one's task is {tag}."
        step = "Ask again with author-mode=universal."
        raise Blocked(Blocker(code="not_text", message=f"{message} {step}", tried="Its task was looked up."))
