"""What the API answers when it does not do what was asked: a reason code, and a sentence with what next."""

import json
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from bot.domain.redact import redacted

STATUSES = {
    "E_ACCESS": 404,
    "E_BUDGET": 403,
    "E_DENIED": 403,
    "E_FAULT": 500,
    "E_PAUSED": 503,
    "E_RATE": 429,
    "E_ROLE": 403,
    "E_RUN": 404,
    "E_SCOPE": 403,
    "E_SPACE": 404,
    "E_TOKEN": 403,
}
"""Where a refused command has no other: 422."""
WAIT = {429: "60", 503: "30"}
"""Seconds after which trying again may help."""
RUN = "r_0123456789abcdef"
LIKE = {
    "model": "owner/model",
    "space": "owner/space",
    "run_id": RUN,
    "before": RUN,
    "request_id": "q_0123456789abcdef01234567",
}
"""What has a form of its own."""


class SpokenJson(JSONResponse):
    """Without secrets: a worker's or a stranger's words may hold one."""

    def render(self, content: Any) -> bytes:
        return redacted(json.dumps(content, ensure_ascii=False, separators=(",", ":"))).encode(
            errors="replace"
        )


class ProblemAnswer(BaseModel):
    """Why it was not done. `code` never changes its meaning; `error` is for people."""

    code: str
    error: str
    request: str | None = None
    """The command's id, where one was taken and then refused."""


class Problem(Exception):
    def __init__(self, status: int, code: str, sentence: str, request_id: str | None = None) -> None:
        super().__init__(sentence)
        self.response = problem_answer(status, code, sentence, request_id)


def refused(code: str, sentence: str, request_id: str | None = None) -> Problem:
    """A command that was refused, by the same code and sentence as in the chat."""
    return Problem(STATUSES.get(code, 422), code, sentence, request_id)


def problem_answer(status: int, code: str, sentence: str, request_id: str | None = None) -> Response:
    headers = {"Retry-After": WAIT[status]} if status in WAIT else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    answer = ProblemAnswer(code=code, error=sentence, request=request_id)
    return SpokenJson(answer.model_dump(), status, headers)


def tell(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem.response


def tell_unfit(error: RequestValidationError) -> Response:
    """Which field does not fit and why, without the value that was sent."""
    found: dict[str, list[str]] = {}
    for each in error.errors():
        name, words = _unfit(each["loc"], each["type"], each["msg"])
        found.setdefault(name, []).append(words)
    said = "; ".join(f"`{name}`: {', or '.join(words)}" for name, words in found.items())
    return problem_answer(422, "E_BODY", f"{said}. /api/openapi.json describes what fits.")


def _unfit(where: tuple[str | int, ...], kind: str, words: str) -> tuple[str, str]:
    """The field's name, and what is wrong with it, in other words where pydantic's help nobody."""
    names = [str(part) for part in where[1:] if "[" not in str(part)]  # without `str-enum[…]`
    match kind:
        case "json_invalid":
            return "body", f"not JSON, at character {where[-1]}"
        case "model_attributes_type" | "missing" if where == ("body",):
            return "body", "takes a JSON object, sent with `Content-Type: application/json`"
        case "string_pattern_mismatch" if names and names[-1] in LIKE:
            return names[-1], f"has to look like `{LIKE[names[-1]]}`"
        case _:
            return ".".join(names) or str(where[0]), words


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemAnswer, "description": words}
    for status, words in {
        401: "The key or token is missing or not known.",
        403: "Not allowed: not yours, not connected, or over a limit of yours.",
        404: "There is no such thing, or it is not for your eyes.",
        409: "The idempotency key was used for something else.",
        413: "The body is too large.",
        422: "It can't be understood; the sentence names what fits.",
        429: "Too often; `Retry-After` says when to come back.",
        500: "Ours: it has been noted.",
        503: "Paused, or the Hub is away; `Retry-After` says when to come back.",
    }.items()
}
ANY_CALL: dict[int | str, dict[str, Any]] = {status: DOCUMENTED[status] for status in (401, 429, 500, 503)}
"""Of who asks, before it is looked at what is asked for."""
REFUSALS: dict[int | str, dict[str, Any]] = ANY_CALL | {status: DOCUMENTED[status] for status in (404, 422)}
