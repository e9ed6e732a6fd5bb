"""The YAML header on top of a README. Whoever wrote it may have written anything."""

import re
from datetime import date

import yaml
from pydantic import BaseModel, ConfigDict, JsonValue

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class Header(BaseModel):
    """The YAML header of a README, or why there is none."""

    model_config = ConfigDict(frozen=True)

    values: dict[str, JsonValue] = {}
    body: str = ""
    remark: str | None = None


def read_header(readme: str) -> Header:
    """The metadata on top of a README; broken YAML is a remark and no metadata."""
    found = FRONT_MATTER.match(readme)
    if not found:
        return Header(body=readme, remark=_no_header(readme))
    body = readme[found.end() :]
    try:
        values = _load_yaml(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        return Header(body=body, remark=f"The YAML header of the README is broken{where} and was ignored.")
    if not isinstance(values, dict):
        return Header(body=body, remark="The YAML header of the README is not a mapping and was ignored.")
    return Header(values=values, body=body)


def _no_header(readme: str) -> str | None:
    if readme.startswith("---"):
        return "The YAML header of the README has no end and was ignored."
    return "The README has no YAML header." if readme else None


def _load_yaml(text: str) -> JsonValue:
    # Ten lines of nested aliases expand to gigabytes, and no card needs one.
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    if any(isinstance(event, yaml.AliasEvent) for event in events):
        raise ValueError("aliases are not read")
    return _plain(yaml.safe_load(text))


def _plain(value: object) -> JsonValue:
    """A YAML value as JSON has it."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            value.encode()  # half characters cannot be passed on, and end the header here
            return value
        case date():
            return value.isoformat()
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case _:
            return str(value)
