"""The commands over the API, made from the one table: each has an address, and its options are its body.

A request is a delivery, on disk before it is answered, and then takes the road of every command.
"""

import asyncio
import hashlib
import inspect
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.concurrency import run_in_threadpool

from bot.context import Context
from bot.domain import messages_api
from bot.domain.commands import BY_NAME, CommandRow, Target
from bot.domain.errors import UserError
from bot.domain.events import ApiAsked
from bot.domain.models import Requester, Wishes
from bot.domain.options import NOTIFY, Option
from bot.domain.parser import command_of
from bot.web.api.answers import RequestAnswer, RequestState, request_answer
from bot.web.api.callers import Caller, Commander
from bot.web.api.problems import DOCUMENTED, REFUSALS, Problem, SpokenJson, refused
from bot.web.browser import Ctx
from worker.contract import APP_PREFIX, App

ABOUT_A_MODEL = ("build", "rebuild", "plan", "watch", "unwatch")
ABOUT_A_SPACE = ("validate",)
ABOUT_A_RUN = ("cancel", "retry", "rollback")
RUN_ID = r"^r_[0-9a-f]{16}$"
REPO = r"[^\s=]+/[^\s=]+"
ABOUT = {Target.MODEL: rf"^({REPO}|{APP_PREFIX}[^\s=]+)$", Target.SPACE: f"^{REPO}$"}
"""What can't be taken for another word of the command; whether it fits is said in the words of the chat."""
LONGEST_REPO = 400
"""Characters. Counted by the pattern itself they would take 0.9 MB."""
UNITS = {
    "budget": "dollars",
    "wait": "seconds",
    "max": "a number a day",
    "trust-remote-code": "`true`",
    "alone": "`true`",
}
"""Where JSON has another form than a comment."""
LOOK_AGAIN = 0.1
"""Seconds."""

Key = Annotated[str | None, Header(min_length=1, max_length=200)]
Within = Annotated[float, Query(ge=0, le=30, description="Seconds that the answer waits for a decision.")]
Endpoint = Callable[..., Awaitable[RequestAnswer]]

router = APIRouter(
    prefix="/api",
    tags=["commands"],
    default_response_class=SpokenJson,
    generate_unique_id_function=lambda route: route.name,
)


def body_of(row: CommandRow) -> type[BaseModel]:
    """What a command is about and its options, as a JSON object."""
    fields: dict[str, Any] = {}
    if row.target in ABOUT:
        app = f"; or a custom app, like `{APP_PREFIX}{next(iter(App))}`" if row.takes_apps else ""
        what = f"{row.target.value[0].upper()}{row.target.value[1:]}{app}."
        about = Field(pattern=ABOUT[row.target], max_length=LONGEST_REPO, description=what)
        fields[row.target.name.lower()] = (str, about)
    for option in (each for each in row.options if each is not NOTIFY):
        kind: Any = Wishes.model_fields[option.field].annotation
        fields[option.key.replace("-", "_")] = (kind | None, Field(None, description=_described(option)))
    if row.can_force:
        fields["force"] = (bool, Field(False, description="Also if nothing has changed."))
    name = f"{row.name.capitalize()}Body"
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _described(option: Option) -> str:
    unit = UNITS.get(option.key, option.values)
    return f"{option.does[0].upper()}{option.does[1:]}: {unit}."


def words_of(row: CommandRow, target: str | None, given: BaseModel | None) -> tuple[str, ...]:
    """The command as it would be written in a comment."""
    values = given.model_dump(mode="json", exclude_none=True) if given else {}
    about = values.pop(row.target.name.lower(), target)
    force = ["force"] if values.pop("force", False) else []
    options = [f"{name.replace('_', '-')}={_word(value)}" for name, value in values.items()]
    return (row.name, *([about] if about else []), *force, *options)


def _word(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case StrEnum():
            return value.value
        case _:
            return str(value)


async def take(
    request: Request, caller: Caller, words: tuple[str, ...], key: str | None, within: float
) -> RequestAnswer:
    """Keep it, have it done, and say what came of it if that is known in time. Problem if it is refused."""
    try:
        command_of(list(words))
    except UserError as error:
        raise refused(error.code, str(error)) from None
    name = f"given {key}" if key else f"own {uuid.uuid4().hex}"
    answer = await done_once(request, caller.requester, words, name, within)
    if answer.state is RequestState.REFUSED:
        raise refused(answer.code or "", answer.sentence, answer.id)
    return answer


async def done_once(
    request: Request, who: Requester, words: tuple[str, ...], name: str, within: float
) -> RequestAnswer:
    """Likewise, whether or not it is refused: for every entrance of this process that waits for an answer.
    `name` tells one request of a person's from the next. Problem if it names another one."""
    ctx: Context = request.app.state.ctx
    digest = hashlib.sha256(f"{who.id} {name}".encode()).hexdigest()[:24]
    event = ApiAsked(user_id=who.id, user_name=who.name, request_id=f"q_{digest}", words=words)
    await request.app.state.intake.take(event)
    kept = await run_in_threadpool(ctx.deliveries.event_of, event.key)
    if not isinstance(kept, ApiAsked) or kept.words != words:
        raise Problem(409, "E_AGAIN", messages_api.used_for_something_else())
    request.app.state.hand_over.take(event.key)
    return await _decided(event, ctx, within)


async def _decided(event: ApiAsked, ctx: Context, within: float) -> RequestAnswer:
    until = time.monotonic() + within
    while True:
        answer = await run_in_threadpool(request_answer, event, ctx)
        if answer.state is not RequestState.WAITING or time.monotonic() >= until:
            return answer
        await asyncio.sleep(LOOK_AGAIN)


@router.get("/requests/{request_id}", responses=REFUSALS | {403: DOCUMENTED[403]})
def read_request(
    caller: Commander, ctx: Ctx, request_id: Annotated[str, Path(pattern=r"^q_[0-9a-f]{24}$")]
) -> RequestAnswer:
    """What came of a command of yours."""
    who = caller.requester
    like = ApiAsked(user_id=who.id, user_name=who.name, request_id=request_id, words=("",))
    event = ctx.deliveries.event_of(like.key)
    if not isinstance(event, ApiAsked):
        raise Problem(404, "E_RUN", messages_api.no_such_request())
    return request_answer(event, ctx)


def _about_a_thing(row: CommandRow) -> Endpoint:
    async def command(
        request: Request,
        response: Response,
        caller: Commander,
        given: BaseModel,  # the body of this command, below
        idempotency_key: Key = None,
        within: Within = 10,
    ) -> RequestAnswer:
        words = words_of(row, None, given)
        return _told(response, await take(request, caller, words, idempotency_key, within))

    command.__annotations__["given"] = body_of(row)
    return command


def _about_a_run(row: CommandRow) -> Endpoint:
    async def command(
        request: Request,
        response: Response,
        caller: Commander,
        run_id: Annotated[str, Path(pattern=RUN_ID)],
        given: BaseModel | None = None,  # likewise
        idempotency_key: Key = None,
        within: Within = 10,
    ) -> RequestAnswer:
        words = words_of(row, run_id, given)
        return _told(response, await take(request, caller, words, idempotency_key, within))

    command.__annotations__["given"] = body_of(row) | None
    return command


def _told(response: Response, answer: RequestAnswer) -> RequestAnswer:
    if answer.state is RequestState.WAITING:
        response.status_code = 202
    return answer


def _add(path: str, row: CommandRow, endpoint: Endpoint) -> None:
    taken: dict[int | str, dict[str, Any]] = {
        202: {"model": RequestAnswer, "description": "Taken; ask for the request again."}
    }
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        operation_id=row.name,
        summary=row.does,
        description=inspect.cleandoc(f"As `{row.usage}` in a comment. For {row.who.value}."),
        response_description="Decided.",
        responses=taken | DOCUMENTED,
    )


for _name in (*ABOUT_A_MODEL, *ABOUT_A_SPACE):
    _add(f"/{_name}", BY_NAME[_name], _about_a_thing(BY_NAME[_name]))
for _name in ABOUT_A_RUN:
    _add(f"/runs/{{run_id}}/{_name}", BY_NAME[_name], _about_a_run(BY_NAME[_name]))
