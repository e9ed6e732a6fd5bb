"""Which calls to make: typed inputs from the live API schema, the card's own examples first. Pure."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.blueprints import Content
from worker.validate.client import Endpoint, Parameter

MOST_CONTENTS = 3
COMPONENTS = {
    Content.TEXT: frozenset({"textbox", "textarea", "code", "markdown"}),
    Content.IMAGE: frozenset({"image"}),
}
TEXTS = (
    "I am very happy with it: it works perfectly and arrived early.",
    "It broke after two days and nobody answers. A complete waste of money.",
    "The parcel contains a cable, a manual and two screws.",
)


class Sample(BaseModel):
    """A content to try, and the label that the card gives for it."""

    model_config = ConfigDict(frozen=True)

    value: str | Path
    expected: str | None = None


class ProbePlan(BaseModel):
    """One call to make. Calls with the same `content` must get the same answer."""

    model_config = ConfigDict(frozen=True)

    endpoint: str
    inputs: dict[str, JsonValue | Path]
    content: int
    expected: str | None = None


def find_endpoint(endpoints: dict[str, Endpoint], wished: str, content: Content) -> str | None:
    """The wished endpoint if the app has it, else the first one that takes such a content."""
    if wished in endpoints:
        return wished
    fitting = (name for name, endpoint in endpoints.items() if content_parameter(endpoint, content))
    return next(fitting, None)


def content_parameter(endpoint: Endpoint, content: Content) -> Parameter | None:
    """The input that carries the content."""
    fitting = (each for each in endpoint.parameters if each.component.lower() in COMPONENTS[content])
    return next(fitting, None)


def plan_probes(
    name: str, endpoint: Endpoint, content: Content, samples: tuple[Sample, ...]
) -> tuple[ProbePlan, ...]:
    """Each of the samples once, and the first one again. Empty if the endpoint cannot be called with them."""
    carrier = content_parameter(endpoint, content)
    if carrier is None:
        return ()
    others = [each for each in endpoint.parameters if each is not carrier]
    if not all(each.parameter_has_default for each in others):
        return ()
    options = {each.parameter_name: each.parameter_default for each in others}
    order = [0, 0, *range(1, len(samples))]
    return tuple(
        ProbePlan(
            endpoint=name,
            inputs={carrier.parameter_name: samples[index].value, **options},
            content=index,
            expected=samples[index].expected,
        )
        for index in order
    )


def texts_to_try(examples: tuple[str, ...], expected: dict[str, str]) -> tuple[Sample, ...]:
    """The card's examples, filled up with ours."""
    texts = list(dict.fromkeys((*examples, *TEXTS)))[:MOST_CONTENTS]
    return tuple(Sample(value=text, expected=expected.get(text)) for text in texts)
