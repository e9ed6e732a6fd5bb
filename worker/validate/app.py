"""What a Gradio app offers: its API schema, with what `/config` knows of each input. Pure; no I/O.

The schema names components with a capital letter and tells bounds in prose only; `/config` has the numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, field_validator

UNSENT = frozenset({"state"})
"""Components that an endpoint lists and that callers never send."""


class Parameter(BaseModel):
    """One input of an endpoint."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parameter_name: str
    component: str
    """In small letters."""
    label: str | None = None
    parameter_has_default: bool = False
    parameter_default: JsonValue = None
    takes_list: bool = False
    choices: tuple[JsonValue, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    file_types: tuple[str, ...] = ()
    value: JsonValue = None
    """What the page shows at first."""
    hint: str = ""
    """Placeholder and info."""

    @field_validator("component")
    @classmethod
    def _small(cls, value: str) -> str:
        return value.lower()

    @property
    def key(self) -> str:
        """Name and label in small letters, words apart: what the author calls this input."""
        return f"{self.parameter_name} {self.label or ''}".lower().replace("_", " ").replace("-", " ")


class Endpoint(BaseModel):
    """One named endpoint."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    parameters: tuple[Parameter, ...] = ()
    returns: tuple[str, ...] = ()
    """The components of its outputs, in small letters."""
    examples: tuple[tuple[JsonValue, ...], ...] = ()
    """Rows of the page's own examples: values for the first inputs."""


@dataclass(frozen=True)
class App:
    """A running app as a caller sees it."""

    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    """Public and named, by their name with its slash."""
    schema: dict[str, JsonValue] = field(default_factory=dict)
    """The API schema as the app gave it."""


def read_app(schema: JsonValue, config: JsonValue) -> App:
    """Both documents are a stranger's: what cannot be understood is left out."""
    said = schema if isinstance(schema, dict) else {}
    named = said.get("named_endpoints")
    pages = _Config(config if isinstance(config, dict) else {})
    found = {}
    for name, described in (named if isinstance(named, dict) else {}).items():
        try:
            found[name] = _endpoint(described, pages.inputs_of(name), pages.examples)
        except (ValueError, AttributeError, TypeError, KeyError):
            continue
    return App(endpoints=found, schema=said)


def _endpoint(described: Any, inputs: list[dict[str, Any]], examples: list[Any]) -> Endpoint:
    parameters = described.get("parameters") or []
    fitting = inputs if len(inputs) == len(parameters) else [{}] * len(parameters)
    read = tuple(_parameter(one, props) for one, props in zip(parameters, fitting, strict=True))
    kinds = [each.component for each in read]
    rows = [row for components, rows in examples if components == kinds[: len(components)] for row in rows]
    returns = tuple(str(each.get("component", "")).lower() for each in described.get("returns") or [])
    return Endpoint(parameters=read, returns=returns, examples=tuple(map(tuple, rows)))


def _parameter(described: dict[str, Any], props: dict[str, Any]) -> Parameter:
    kind = described.get("type")
    kind = kind if isinstance(kind, dict) else {}
    items = kind.get("items")
    listed = items if isinstance(items, dict) else {}
    return Parameter(
        parameter_name=described["parameter_name"],
        component=described["component"],
        label=str(described.get("label") or ""),
        parameter_has_default=bool(described.get("parameter_has_default")),
        parameter_default=described.get("parameter_default"),
        takes_list=kind.get("type") == "array",
        choices=tuple(kind.get("enum") or listed.get("enum") or _choices(props)),
        minimum=_number(props.get("minimum")),
        maximum=_number(props.get("maximum")),
        step=_number(props.get("step")),
        file_types=tuple(str(each).lower() for each in props.get("file_types") or ()),
        value=props.get("value"),
        hint=f"{props.get('placeholder') or ''} {props.get('info') or ''}".strip(),
    )


def _choices(props: dict[str, Any]) -> list[Any]:
    choices = props.get("choices")
    return [each[1] if isinstance(each, list) else each for each in choices or []]


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class _Config:
    """The parts of `/config` that belong to endpoints."""

    def __init__(self, config: dict[str, Any]) -> None:
        components = [each for each in _dicts(config.get("components")) if "id" in each]
        self._components = {each["id"]: each for each in components}
        self._dependencies = list(_dicts(config.get("dependencies")))
        self.examples = [
            (list(map(_kind, props["components"])), [row for row in props["samples"] if row])
            for each in components
            if each.get("type") == "dataset"
            and isinstance(props := each.get("props"), dict)
            and isinstance(props.get("components"), list)
            and isinstance(props.get("samples"), list)
        ]

    def inputs_of(self, name: str) -> list[dict[str, Any]]:
        """The properties of an endpoint's inputs, in order."""
        for each in self._dependencies:
            if f"/{each.get('api_name')}" == name:
                found = [self._components.get(number, {}) for number in each.get("inputs") or []]
                return [one.get("props") or {} for one in found if one.get("type") not in UNSENT]
        return []


def _kind(component: JsonValue) -> str:
    """Newer apps tell more of a component than its name."""
    return str(component.get("name") if isinstance(component, dict) else component).lower()


def _dicts(value: JsonValue) -> Iterator[dict[str, Any]]:
    yield from (each for each in (value if isinstance(value, list) else []) if isinstance(each, dict))
