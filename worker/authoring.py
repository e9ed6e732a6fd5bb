"""The road of an app that a coding agent writes: one phase in which it writes, tries and mends it, until the
gate is satisfied. The phases after that have happened then, and say so.
"""

import os
from collections.abc import Callable, Mapping

from worker.author.decisions import State
from worker.author.install import Installed, NotInstalled, installed
from worker.author.models import DEFAULT, ChosenModel, NoModel, choose, read_list
from worker.author.router import HUGGING_FACE
from worker.author.stage import Wishes, write_app
from worker.author.turns import Budget
from worker.build import Build
from worker.contract import Author, AuthorMode, BuildSpec, Mode, Phase
from worker.errors import Failed
from worker.hub import Hub
from worker.judging import summary
from worker.publishing import make_space
from worker.writing import write_space

ROUTER_VARIABLE = "INFERENCE_ROUTER"
"""Environment variable that names another router than Hugging Face's."""
TURNS, REQUESTS, TOKENS = 8, 200, 8_000_000
LEFT_FOR_THE_END = 240
"""Seconds of the Job that the author does not get: the last calls, and the record."""


def write(build: Build, hub: Hub) -> str:
    """What came of it, in a sentence. Blocked or Failed where there is no app that satisfies the gate."""
    assert build.card and build.plan
    spec = build.spec
    if spec.mode is Mode.SAFE_SCAFFOLD:
        raise Failed("author", "A scaffold is made from blueprints only. Ask again with another mode.")
    if spec.author_mode is AuthorMode.RECIPE and spec.author is not Author.PI:
        raise Failed("author", "Only an agent can publish by itself. Ask again with author=pi.")
    upstream = os.environ.get(ROUTER_VARIABLE) or HUGGING_FACE
    model, pi = _model(spec, hub, upstream), _pi(spec)
    build.journal.note(f"{model.id} at {model.provider} writes, for ${spec.author_usd:.2f} at most.")
    # Not into the record: there may be what a worker that was stopped has kept of the app.
    build.files = write_space(spec.target_space, build.card, build.plan, hub.endpoint)
    wishes = Wishes(model=model, budget=_budget(spec), installed=pi, upstream=upstream)
    try:
        state = write_app(build, hub, wishes, lambda: make_space(build, hub), build.plan.reason)
    finally:
        build.written_by = f"{model.id} at {model.provider}"
    build.written_by = f"{model.id} at {model.provider}: {_took(state)}"
    return f"Written by {build.written_by}."


def was_published(build: Build, _hub: Hub) -> str:
    assert build.space and build.commit
    return f"Uploaded to {build.space.id} as {build.commit[:7]}, private, by the coding agent."


def was_started(build: Build, _hub: Hub) -> str:
    assert build.running
    return f"It runs on {build.running.hardware or 'hardware of an unknown kind'}."


def was_judged(build: Build, _hub: Hub) -> str:
    assert build.calls
    return summary(build.calls.answers, build.evidence)


WRITTEN: Mapping[Phase, Callable[[Build, Hub], str]] = {
    Phase.WRITE: write,
    Phase.PUBLISH: was_published,
    Phase.START: was_started,
    Phase.VALIDATE: was_judged,
}
"""What these phases are for an app that has to be written."""


def _model(spec: BuildSpec, hub: Hub, upstream: str) -> ChosenModel:
    try:
        wanted = spec.author_model or DEFAULT
        return choose(read_list(upstream, hub.token), wanted, tools=spec.author is Author.PI)
    except NoModel as error:
        raise Failed("author", str(error)) from error


def _pi(spec: BuildSpec) -> Installed | None:
    if spec.author is Author.DIRECT:
        return None
    try:
        return installed()
    except NotInstalled as error:
        raise Failed("author", f"The coding agent is not in this image. {error}") from error


def _took(state: State) -> str:
    turns = "1 turn" if state.turns == 1 else f"{state.turns} turns"
    return f"{turns}, {state.tokens} tokens, about ${state.usd:.2f}"


def _budget(spec: BuildSpec) -> Budget:
    seconds = max(60, spec.budget_seconds - LEFT_FOR_THE_END)
    return Budget(turns=TURNS, usd=spec.author_usd, tokens=TOKENS, requests=REQUESTS, seconds=seconds)
