"""T24: nobody may do more because of what somebody calls them; only facts that we can check count.

These are a linked id, the role that the Hub gives in an organisation, and the operator's own list.
"""

import json
from pathlib import Path

from bot.assembly import build_context
from bot.discord.interaction import from_payload
from bot.domain.events import CommentPosted, InteractionAsked
from bot.hub.client import HubClient
from bot.hub.payloads import read_payload
from handlers.admin import outcome
from tests.harness.local_hub import LocalHub, people
from tests.harness.small_bot import small_settings

LABELS = {
    "role": "admin",
    "isOwner": True,
    "association": "OWNER",
    "type": "org",
    "isHf": True,
    "isMod": True,
}
EVERYTHING = str((1 << 53) - 1)
OPERATOR = "100000000000000001"


def test_t24_what_a_delivery_calls_its_author_is_not_even_read() -> None:
    body = {
        "event": {"action": "create", "scope": "discussion.comment"},
        "repo": {"name": "owner/model", "id": "d" * 24, "owner": {"id": "a" * 24}, **LABELS, "type": "model"},
        "discussion": {"num": 3, "author": {"id": "a" * 24}, **LABELS},
        "comment": {"id": "c" * 24, "author": {"id": "a" * 24, **LABELS}, "content": "@space-factory quiet"},
        **LABELS,
    }

    event = read_payload(json.dumps(body).encode(), "space-factory", "f" * 24)

    assert event == CommentPosted(repo="owner/model", num=3, comment_id="c" * 24, author_id="a" * 24)
    assert not set(LABELS) & (set(CommentPosted.model_fields) | set(InteractionAsked.model_fields))


def test_t24_neither_a_guilds_permissions_nor_a_name_make_an_operator(tmp_path: Path) -> None:
    ctx = build_context(small_settings(tmp_path, discord_operators=OPERATOR), lambda: 1_800_000_000.0)

    for user_id, name in (("100000000000000002", OPERATOR), ("100000000000000003", "operator")):
        said = outcome(an_admin_pauses(user_id, name), ctx)
        assert said.code == "E_ROLE" and ctx.preferences.switch("pause") is None
    assert outcome(an_admin_pauses(OPERATOR, "anybody"), ctx).code == "OK"


def an_admin_pauses(user_id: str, name: str) -> InteractionAsked:
    """As Discord tells of somebody who may do everything in their guild."""
    asked = from_payload(
        {
            "id": "1",
            "type": 2,
            "token": "x",
            "channel_id": "2",
            "guild_id": "3",
            "app_permissions": EVERYTHING,
            "authorizing_integration_owners": {"0": "3"},
            "member": {
                "user": {"id": user_id, "username": name, "global_name": OPERATOR},
                "nick": OPERATOR,
                "permissions": EVERYTHING,
                "roles": [OPERATOR],
            },
            "data": {"name": "admin"},
        }
    )
    return InteractionAsked(
        interaction_id=asked.id,
        user_id=asked.user_id,
        user_name=asked.user_name,
        guild_id=asked.guild_id,
        channel_id=asked.channel_id,
        words=("admin", "pause", "reason=because"),
        is_public=False,
        is_ephemeral=True,
        answer=None,
    )


def test_t24_of_an_organisation_only_those_count_whom_the_hub_lets_write(tmp_path: Path) -> None:
    hub = LocalHub(tmp_path / "hub", [*people("ada", "bob", "cleo"), "--org", "lab=ada,bob:write,cleo:read"])
    hub.start()
    try:
        may = {
            name: "lab" in HubClient(hub.endpoint, hub.token(name)).organisations({"write", "admin"})
            for name in ("ada", "bob", "cleo")
        }
    finally:
        hub.stop()

    assert may == {"ada": True, "bob": True, "cleo": False}
