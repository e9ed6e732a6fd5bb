"""Discord's refusals: its codes, its sentences and its shapes."""

from typing import Any

from aiohttp import web
from pydantic import ValidationError

from tests.harness.discord.answers import said

CODES: dict[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has hit the maximum number of follow up messages."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50025: (401, "Invalid OAuth2 access token provided"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
}

WORDS: dict[str, tuple[str, str]] = {
    "missing": ("BASE_TYPE_REQUIRED", "This field is required"),
    "extra_forbidden": ("UNKNOWN_FIELD", "Discord does not know this field here"),
    "string_type": ("STRING_TYPE_CONVERT", 'Could not interpret "{value}" as string.'),
    "int_type": ("NUMBER_TYPE_COERCE", 'Value "{value}" is not int.'),
    "float_type": ("NUMBER_TYPE_COERCE", 'Value "{value}" is not float.'),
    "bool_type": ("BOOLEAN_TYPE_PARSE", "Must be either true or false."),
    "list_type": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    "model_type": ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"),
    "dict_type": ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
    "string_too_long": ("BASE_TYPE_MAX_LENGTH", "Must be {max_length} or fewer in length."),
    "string_too_short": ("BASE_TYPE_MIN_LENGTH", "Must be {min_length} or more in length."),
    "too_short": ("BASE_TYPE_BAD_LENGTH", "Must be {min_length} or more in length."),
    "too_long": ("BASE_TYPE_BAD_LENGTH", "Must be {max_length} or fewer in length."),
    "literal_error": ("BASE_TYPE_CHOICES", "Value must be one of {{{expected}}}."),
    "greater_than_equal": ("NUMBER_TYPE_MIN", "int value should be greater than or equal to {ge}."),
    "less_than_equal": ("NUMBER_TYPE_MAX", "int value should be less than or equal to {le}."),
}
"""By pydantic's type of error: Discord's code and sentence."""


class Refusal(Exception):
    """An answer that is not what was asked for."""

    def __init__(
        self, status: int, body: dict[str, Any], *, headers: dict[str, str] | None = None, said: str = ""
    ) -> None:
        super().__init__(said or f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}

    @property
    def code(self) -> int | None:
        code = self.body.get("code")
        return code if isinstance(code, int) else None

    def response(self) -> web.Response:
        return said(self.body, status=self.status, headers=self.headers)


def refuse(code: int) -> Refusal:
    """The refusal with this JSON error code."""
    status, message = CODES[code]
    return Refusal(status, {"message": message, "code": code})


def plain(status: int, words: str) -> Refusal:
    """A refusal that names no code of its own: `401: Unauthorized`."""
    return Refusal(status, {"message": f"{status}: {words}", "code": 0})


def not_built(what: str) -> Refusal:
    """Discord can do this; the stand-in can't. Loud, so that no test passes on it by accident."""
    return Refusal(501, {"message": f"The stand-in for Discord lacks {what}", "code": 0})


def invalid(path: tuple[str | int, ...], code: str, message: str) -> Refusal:
    """One field is wrong."""
    return _form_body([(path, code, message)])


def invalid_fields(error: ValidationError, at: tuple[str | int, ...] = ()) -> Refusal:
    """What pydantic found, in Discord's tree of fields."""
    found = []
    for each in error.errors(include_url=False):
        path = [part for part in each["loc"] if not str(part).startswith("~")]
        code, message = _in_discords_words(each["type"], each["msg"], each.get("ctx", {}), each.get("input"))
        found.append(((*at, *path), code, message))
    return _form_body(found)


def _form_body(found: list[tuple[tuple[str | int, ...], str, str]]) -> Refusal:
    tree: dict[str, Any] = {}
    for path, code, message in found:
        place = tree
        for part in path:
            place = place.setdefault(str(part), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})
    status, words = CODES[50035]
    return Refusal(status, {"message": words, "code": 50035, "errors": tree})


def _in_discords_words(kind: str, message: str, context: dict[str, Any], value: object) -> tuple[str, str]:
    if kind in WORDS:
        code, words = WORDS[kind]
        return code, words.format(value=value, **context)
    return (kind, message) if kind.isupper() else ("BASE_TYPE_INVALID", message)
