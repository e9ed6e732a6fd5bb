"""Which calls to make: the first content twice, another content, another seed."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import prod
from pathlib import Path

from pydantic import JsonValue

from worker.validate.app import App, Endpoint, Parameter
from worker.validate.contents import CHOOSING, TEXTUAL, Contents, NoValue, Role
from worker.validate.samples import Samples
from worker.validate.settings import choice_value, full_value, number_value, samples, saved, seed_value

USUAL = "/generate"
FIRST_SEED, OTHER_SEED = 1, 2
FURTHER = (2, 3)


class Turn(StrEnum):
    """What a call is for."""

    FIRST = "first"
    AGAIN = "again"
    """The same once more."""
    OTHER = "other"
    """Another content."""
    OTHER_SEED = "other_seed"


@dataclass(frozen=True)
class ProbePlan:
    """One call to make. Calls with the same `content` and `seed` should get the same answer."""

    endpoint: str
    inputs: dict[str, JsonValue | Path]
    turn: Turn
    content: int
    seed: int | None = None
    texts: tuple[str, ...] = ()
    """What was written into the inputs, the content first."""
    files: tuple[Path, ...] = ()
    expected: str | None = None


@dataclass(frozen=True)
class Plans:
    """The calls of one endpoint, and what its inputs say about it."""

    endpoint: str | None = None
    probes: tuple[ProbePlan, ...] = ()
    has_content: bool = False
    """Whether there is an input for a text or a file; else an option is varied, if there is one."""
    has_seed: bool = False
    samples: bool = False
    """Whether an input, such as a temperature, says that answers are drawn by lot."""
    work: float = 1.0
    """How many times longer a call takes with the author's own settings than with ours."""
    returns: tuple[str, ...] = ()
    more: tuple[ProbePlan, ...] = ()
    """Further files, for a model that finds nothing in the first ones, or always the same."""
    why_not: str = ""


def plan_probes(app: App, wished: str | None, offered: Samples, folder: Path) -> Plans:
    """The calls of the endpoint that was wished for, else of the first that can be called."""
    why_not = "The app has no public endpoint."
    for name in candidates(app, wished):
        try:
            return _plans(name, app.endpoints[name], Contents(app.endpoints[name], offered, folder))
        except NoValue as component:
            why_not = f"{name} has an input of the kind {component}, which there is no test value for."
    return Plans(why_not=why_not)


def candidates(app: App, wished: str | None) -> list[str]:
    """The endpoints in the order in which they should be tried."""
    wanted = f"/{wished.lstrip('/')}" if wished else None
    if wanted in app.endpoints:
        return [wanted]

    def order(name: str) -> tuple[bool, bool, bool]:
        endpoint = app.endpoints[name]
        inputs = any(each.component in TEXTUAL or _takes_file(each) for each in endpoint.parameters)
        return name != USUAL, not (endpoint.parameters and endpoint.returns), not inputs

    return [name for name in sorted(app.endpoints, key=order) if app.endpoints[name].returns]


def _takes_file(parameter: Parameter) -> bool:
    return parameter.component in {"image", "audio", "video", "file", "imageeditor", "gallery"}


@dataclass(frozen=True)
class _Endpoint:
    """An endpoint with values for its inputs."""

    name: str
    contents: Contents
    parameters: tuple[Parameter, ...]
    varied: Parameter | None = None
    """The option that is changed where there is no content."""
    overridden: dict[str, JsonValue] = field(default_factory=dict)

    def probe(self, turn: Turn, content: int, seed: int | None) -> ProbePlan:
        inputs = {each.parameter_name: self._value(each, content, seed) for each in self.parameters}
        main = [each for each in self.parameters if self.contents.role(each) is Role.CONTENT]
        values = [inputs[each.parameter_name] for each in (*main, *self.parameters)]
        texts = tuple(dict.fromkeys(each for each in values if isinstance(each, str) and each.strip()))
        files = tuple(dict.fromkeys(each for each in values if isinstance(each, Path)))
        expected = self.contents.samples.expected
        keys = [
            each.name if isinstance(each, Path) else each for each in values if isinstance(each, str | Path)
        ]
        return ProbePlan(
            endpoint=self.name,
            inputs=inputs,
            turn=turn,
            content=content,
            seed=seed,
            texts=texts,
            files=files,
            expected=next((expected[key] for key in keys if key in expected), None),
        )

    def _value(self, parameter: Parameter, content: int, seed: int | None) -> JsonValue | Path:
        role = self.contents.role(parameter)
        if role is Role.SEED:
            return seed_value(parameter, seed if seed is not None else FIRST_SEED)
        name = parameter.parameter_name
        if name in self.overridden and not (content and role is Role.CONTENT):
            return self.overridden[name]
        if parameter is self.varied and content:
            return _another(parameter, content)
        return self.contents.value(parameter, content)


def _plans(name: str, endpoint: Endpoint, contents: Contents) -> Plans:
    parameters = endpoint.parameters
    roles = [contents.role(each) for each in parameters]
    has_content, has_seed = Role.CONTENT in roles, Role.SEED in roles
    varied = None if has_content or has_seed else next(filter(_can_vary, parameters), None)
    positions = zip((each.parameter_name for each in parameters), contents.samples.arguments, strict=False)
    given = {**dict(positions), **contents.samples.given}
    one = _Endpoint(name, contents, parameters, varied, given)
    seed = FIRST_SEED if has_seed else None
    probes = [one.probe(Turn.FIRST, 0, seed), one.probe(Turn.AGAIN, 0, seed)]
    if has_content or varied:
        probes.append(one.probe(Turn.OTHER, 1, seed))
    if has_seed:
        probes.append(one.probe(Turn.OTHER_SEED, 0, OTHER_SEED))
    sends_files = has_content and bool(probes[0].files)
    further = [one.probe(Turn.OTHER, number, seed) for number in FURTHER] if sends_files else []
    return Plans(
        endpoint=name,
        probes=tuple(probes),
        more=tuple(each for each in further if all(each.inputs != known.inputs for known in probes)),
        has_content=has_content or varied is not None,
        has_seed=has_seed,
        samples=any(samples(each) for each in parameters),
        work=prod(saved(each) for each in parameters),
        returns=endpoint.returns,
    )


def _can_vary(parameter: Parameter) -> bool:
    if parameter.component in CHOOSING:
        return len(parameter.choices) > 1
    return parameter.component in {"number", "slider"}


def _another(parameter: Parameter, number: int) -> JsonValue:
    """Another choice, or another number within the bounds."""
    if parameter.component in CHOOSING:
        return choice_value(parameter, number)
    value, step = number_value(parameter), parameter.step or 1
    raised = value + step * number
    inside = parameter.maximum is None or raised <= parameter.maximum
    return raised if inside else min(full_value(parameter), value) - step * number
