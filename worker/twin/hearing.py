"""Calls the copies of an app and compares what they say: with the first weights, with others, without."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worker.twin.boot import Boot, Heard, ListeningClient
from worker.twin.make import Twin
from worker.twin.more_work import SLOW, more_work
from worker.twin.notes import Notes
from worker.twin.sameness import changed, steady
from worker.twin.share import share_of
from worker.validate.calls import Calls

Ask = Callable[[ListeningClient], Calls]
"""Calls the app as the judge of the deployed Space will; the client remembers."""
MOST_QUESTIONS = 3
"""Asked of every copy: a model may have nothing to say to the first."""


@dataclass(frozen=True)
class Asked:
    """Different questions that were answered, and the parts of an answer that stay the same."""

    questions: tuple[Heard, ...]
    steady: list[int]
    returns: tuple[str, ...] = ()
    """The components of the endpoint's outputs."""

    @property
    def told_apart(self) -> bool:
        """Whether different questions got different answers."""
        first, *others = self.questions
        return not others or any(self.moved(first, other) for other in others)

    def moved(self, one: Heard, other: Heard) -> bool:
        return changed(one.reply.output, other.reply.output, self.steady)


def hear_first(client: ListeningClient, ask: Ask, boot: Boot, twin: Twin, notes: Notes) -> Asked | None:
    """Call the app as the judge will, and look inside while it answers."""
    try:
        calls = ask(client)
    except Exception as error:  # a strange app makes its client fail in any way
        notes.saw("answers", False, f"What the app offers could not be read: {type(error).__name__}: {error}")
        return None
    if not client.heard:
        notes.saw("answers", None, calls.plans.why_not)
        return None
    heard, *others = client.heard
    failed = next((each.reply.error for each in client.heard if each.reply.error), None)
    notes.saw("answers", not failed, f"A call failed: {failed}" if failed else "Every call was answered.")
    if heard.reply.error:
        return None
    same = [each for each in others if _same_question(each, heard)]
    again = same[0] if same else client.repeat(heard)
    same_parts = steady(heard.reply.output, again.reply.output)
    asked = Asked(tuple(_different([heard, *others])), same_parts, calls.plans.returns)
    words = (
        "The same inputs got the same answer." if asked.steady else "The same inputs got different answers."
    )
    notes.saw("repeatable", bool(asked.steady), words)
    _count(heard, boot, twin, notes)
    _disturb(client, boot, asked, notes)
    notes.saw("work_grows", *more_work(client, heard))
    return asked


def hear_other(client: ListeningClient, boot: Boot, until: float, asked: Asked, notes: Notes) -> None:
    """Ask the copy that has other weights under the same id."""
    if boot.wait_for_health(until) is None:
        notes.saw("swap_changes", None, f"With other weights it did not answer. {boot.why_down()}")
        return
    if not asked.steady:
        detail = "The same inputs get different answers in any case, so other weights prove nothing."
        notes.saw("swap_changes", None, detail)
        return
    for question in asked.questions:
        other = client.repeat(question)
        if other.reply.error:
            notes.saw("swap_changes", None, f"With other weights the call failed: {other.reply.error}")
            return
        if asked.moved(question, other):
            notes.saw("swap_changes", True, "Other weights under the same id changed the answer.")
            return
    detail = "Other weights under the same id left the answer as it was."
    notes.saw("swap_changes", *_unmoved(asked, detail))


def hear_closed(client: ListeningClient, boot: Boot, until: float, asked: Asked, notes: Notes) -> None:
    """See whether the copy that finds no weights owns up to it."""
    if boot.wait_for_health(until) is None:
        how = "it was still not healthy when the others were long done" if boot.child.running else "it ended"
        notes.saw("closed_without_weights", True, f"Without the weights the app did not start: {how}.")
    elif client.repeat(asked.questions[0]).reply.error:
        detail = "Without the weights the app started, but refused the call."
        notes.saw("closed_without_weights", True, detail)
    else:
        detail = "Without the weights the app became healthy, and answered all the same."
        notes.saw("closed_without_weights", False, detail)


def _count(heard: Heard, boot: Boot, twin: Twin, notes: Notes) -> None:
    cost, total = heard.cost, boot.cost()
    if not (total.torch or total.onnx):
        detail = "The app loads neither torch nor onnxruntime, so nothing was counted."
        notes.saw("forward_calls", None, detail)
        return
    share = min(1.0, total.weights_touched / twin.weights) if total.torch and twin.weights else None
    if total.onnx and not total.weights_touched:
        share = None
    notes.note(cpu_seconds=round(cost.cpu_seconds, 2), share_touched=share)
    detail = f"The first call made {cost.forward_calls} forward calls in {cost.cpu_seconds:.2f} s of CPU time"
    detail += "." if share is None else f", through {share:.0%} of the model's weights."
    notes.saw("forward_calls", cost.forward_calls, detail)


def _disturb(client: ListeningClient, boot: Boot, asked: Asked, notes: Notes) -> None:
    """Whatever the model computes is changed on its way out; an answer made from it must change too."""
    if not asked.steady:
        return
    boot.disturb(True)
    disturbed: list[Heard] = []
    for question in asked.questions:
        disturbed.append(client.repeat(question))
        if disturbed[-1].reply.error:
            break
    boot.disturb(False)
    if not any(each.cost.forward_calls for each in disturbed):
        detail = "Asking again made no forward call, so there was nothing to disturb."
        notes.saw("disturbance_changes", None, detail)
    else:
        notes.saw("disturbance_changes", *_moved(asked, disturbed))


def _moved(asked: Asked, disturbed: list[Heard]) -> tuple[bool | None, str]:
    """Whether the disturbed answers are others, and clearly so."""
    failed = any(each.reply.error for each in disturbed)
    pairs = zip(asked.questions, disturbed, strict=False)
    if not failed and not any(asked.moved(one, two) for one, two in pairs):
        detail = "The answer stayed the same while the model's numbers were changed on their way out."
        return _unmoved(asked, detail)
    share = None if failed else share_of(asked.questions, disturbed, asked.returns)
    if share and not share.enough:
        detail = (
            f"With the model's numbers changed on their way out the answer moved by {share.by_model:.4f};"
            f" another question moves it by {share.by_question:.4f}. Something else makes the answer."
        )
        return False, detail
    return True, "The answer changed when the model's numbers were changed on their way out."


def _unmoved(asked: Asked, detail: str) -> tuple[bool | None, str]:
    """An answer that never changes says nothing about the weights; the judge has its own word for that."""
    if asked.told_apart:
        return False, detail
    return None, f"{detail} But here every question gets that answer."


def _different(heard: list[Heard]) -> Iterator[Heard]:
    """The first few different questions that were answered."""
    chosen: list[Heard] = []
    most = 1 if heard[0].reply.seconds > SLOW else MOST_QUESTIONS
    for each in heard:
        if not each.reply.error and not any(_same_question(each, other) for other in chosen):
            chosen.append(each)
            yield each
        if len(chosen) == most:
            return


def _same_question(one: Heard, other: Heard) -> bool:
    return (one.endpoint, one.inputs) == (other.endpoint, other.inputs)
