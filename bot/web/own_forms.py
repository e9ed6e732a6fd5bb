"""Who pressed a button: somebody who is signed in, on a page of ours. What changes anything asks for that."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from bot.domain import messages_account, messages_page
from bot.domain.people import Person
from bot.web.browser import Ctx, Visitor
from bot.web.render import message_page
from bot.web.signin import is_own_form


class NotPressed(Exception):
    """A form that no page of ours has sent for a person; the answer says which of the two it is."""

    def __init__(self, *, is_stranger: bool) -> None:
        super().__init__()
        self.is_stranger = is_stranger


def person_who_pressed(request: Request, ctx: Ctx, visitor: Visitor) -> Person:
    if visitor is None or not is_own_form(request, ctx.links.bot):
        raise NotPressed(is_stranger=visitor is None)
    return visitor


Presser = Annotated[Person, Depends(person_who_pressed)]


async def tell_who_may(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotPressed)
    if error.is_stranger:
        title, sentence, status = "Sign in first", messages_page.sign_in_to_do(), 401
    else:
        title, sentence, status = "Not done", messages_account.foreign_form(), 403
    return await run_in_threadpool(message_page, request, title, sentence, status=status)
