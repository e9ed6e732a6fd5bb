"""Keys for the API, on their owner's account page: made, shown once, named, and revoked."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.domain import messages_api
from bot.store.api_keys import MOST_KEYS, ApiKeyRow
from bot.store.vault import secret_hash
from bot.web.browser import Ctx
from bot.web.own_forms import Presser
from bot.web.render import ShownOnce, message_page, page

NAMELESS = "without a name"

router = APIRouter(include_in_schema=False, prefix="/account/keys")


@router.post("")
def make(
    request: Request, ctx: Ctx, visitor: Presser, label: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    """The key is in this answer and nowhere else: what stays is its hash."""
    key, now = f"sf_{secrets.token_urlsafe(32)}", ctx.clock()
    row = ApiKeyRow(
        id=f"k_{secrets.token_hex(8)}",
        key_hash=secret_hash(key),
        user_id=visitor.user_id,
        user_name=visitor.name,
        label=label.strip() or NAMELESS,
        created_at=now,
        used_at=now,
    )
    if not ctx.api_keys.put(row):
        return message_page(request, "Not made", messages_api.too_many_keys(MOST_KEYS), status=409)
    return page(request, "key.html", {"key": ShownOnce(key), "label": row.label})


@router.post("/revoke")
def revoke(
    request: Request, ctx: Ctx, visitor: Presser, key: Annotated[str, Form(max_length=40)]
) -> Response:
    if not ctx.api_keys.revoke(key, visitor.user_id):
        return message_page(request, "Not revoked", messages_api.no_such_key(), status=404)
    return RedirectResponse("/account#keys", 303)
