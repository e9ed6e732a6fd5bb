"""Makes the probes: what to send, the calls themselves, and what the record keeps of them."""

import math
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.blueprints import Content
from worker.contract import Probe
from worker.validate.client import AppClient, Reply, endpoints_of
from worker.validate.evidence import Answered
from worker.validate.probes import ProbePlan, Sample, find_endpoint, plan_probes

LARGEST_OUTPUT = 20
"""Items of a list that the report keeps; an answer with a thousand labels is cut there."""
LONGEST_TEXT = 1000


class Calls(BaseModel):
    """What was asked of an app and what came back."""

    model_config = ConfigDict(frozen=True)

    answers: tuple[Answered, ...] = ()
    probes: tuple[Probe, ...] = ()


def call_app(
    client: AppClient,
    schema: dict[str, JsonValue],
    wished: str,
    content: Content,
    samples: tuple[Sample, ...],
) -> Calls:
    """Call the app's endpoint with each sample, the first one twice. Empty if nothing can be called."""
    endpoints = endpoints_of(schema)
    name = find_endpoint(endpoints, wished, content)
    plans = plan_probes(name, endpoints[name], content, samples) if name else ()
    replies = [(plan, client.call(plan.endpoint, plan.inputs)) for plan in plans]
    return Calls(
        answers=tuple(_answered(plan, reply) for plan, reply in replies),
        probes=tuple(_probe(plan, reply) for plan, reply in replies),
    )


def _answered(plan: ProbePlan, reply: Reply) -> Answered:
    texts = [value for value in plan.inputs.values() if isinstance(value, str)]
    return Answered(
        content=plan.content,
        expected=plan.expected,
        text=texts[0] if texts else None,
        output=reply.output,
        error=reply.error,
        seconds=reply.seconds,
    )


def _probe(plan: ProbePlan, reply: Reply) -> Probe:
    inputs: dict[str, JsonValue] = {
        name: f"artifacts/{value.name}" if isinstance(value, Path) else value
        for name, value in plan.inputs.items()
    }
    return Probe(
        endpoint=plan.endpoint,
        inputs=inputs,
        output=_cut(reply.output),
        seconds=reply.seconds,
        error=reply.error,
    )


def _cut(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return value[:LONGEST_TEXT]
        case float() if not math.isfinite(value):
            return str(value)  # JSON has no word for it
        case list():
            return [_cut(item) for item in value[:LARGEST_OUTPUT]]
        case dict():
            return {key: _cut(item) for key, item in list(value.items())[:LARGEST_OUTPUT]}
        case _:
            return value
