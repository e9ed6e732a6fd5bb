"""Messages that Discord does not take, and how it says so."""

from typing import Any

import pytest

from tests.discord.plain_client import Plain
from tests.harness.discord import Channel, DiscordServer, Permission, Person


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "x"} | fields


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def rows(*components: dict[str, Any]) -> dict[str, Any]:
    return {"components": [row(*components)]}


LONG_EMBEDS = [{"description": "x" * 4000}, {"description": "x" * 2001}]
AT_ONCE = {"allowed_mentions": {"parse": ["users"], "users": ["1"]}}
FAULTS = {
    "a content that is too long": ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    "a content that is a number": ({"content": 7}, "content", "STRING_TYPE_CONVERT"),
    "a field nobody knows": ({"contents": "x"}, "contents", "UNKNOWN_FIELD"),
    "a flag that is not for messages": ({"content": "x", "flags": 64}, "flags", "BASE_TYPE_CHOICES"),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_BAD_LENGTH"),
    "a title that is too long": (
        {"embeds": [{"title": "x" * 257}]},
        "embeds.0.title",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "embeds too long together": ({"embeds": LONG_EMBEDS}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    "an embed's field without value": (
        {"embeds": [{"fields": [{"name": "x"}]}]},
        "embeds.0.fields.0.value",
        "BASE_TYPE_REQUIRED",
    ),
    "an embed's url that is no url": (
        {"embeds": [{"url": "javascript:x"}]},
        "embeds.0.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    "six rows": (
        {"components": [row(button(custom_id=str(n))) for n in range(6)]},
        "components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "six buttons": (
        rows(*[button(custom_id=str(n)) for n in range(6)]),
        "components.0.components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a custom_id that is too long": (
        rows(button(custom_id="x" * 101)),
        "components.0.components.0.custom_id",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "a custom_id twice": (rows(button(), button()), "components", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    "a link with a custom_id": (
        rows(button(style=5, url="https://example.org")),
        "components.0.components.0",
        "BUTTON_COMPONENT_INVALID_URL",
    ),
    "mentions by kind and by id": (
        {"content": "x"} | AT_ONCE,
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
}


@pytest.mark.parametrize(("body", "where", "code"), FAULTS.values(), ids=FAULTS.keys())
def test_a_message_is_refused_with(plain: Plain, channel: Channel, body: Any, where: str, code: str) -> None:
    assert plain.faults("POST", f"/channels/{channel.id}/messages", body) == {where: [code]}
    assert channel.messages == {}


def test_nothing_is_not_a_message(plain: Plain, channel: Channel) -> None:
    assert plain.refused("POST", f"/channels/{channel.id}/messages", {"content": "  "}) == (400, 50006)
    sent = plain.send("POST", f"/channels/{channel.id}/messages", {"content": "x"}).json()
    path = f"/channels/{channel.id}/messages/{sent['id']}"
    assert plain.refused("PATCH", path, {"content": ""}) == (400, 50006)


def test_what_the_stand_in_lacks_is_said_aloud(plain: Plain, channel: Channel) -> None:
    answered = plain.send("POST", f"/channels/{channel.id}/messages", {"flags": 1 << 15})
    assert (answered.status_code, "components v2" in answered.text) == (501, True)


def test_only_the_bot_with_its_token_comes_in(plain: Plain, channel: Channel, discord: DiscordServer) -> None:
    path = f"/channels/{channel.id}/messages"
    assert plain.refused("POST", path, {"content": "x"}, bare=True) == (401, 0)
    for authorization in (f"Bearer {discord.token}", discord.token, "Bot x", f"Bot {discord.token}x"):
        client = plain.client.post(discord.api + path, json={}, headers={"Authorization": authorization})
        assert client.status_code == 401


def test_a_body_that_is_no_json_is_refused(plain: Plain, channel: Channel) -> None:
    path = f"/channels/{channel.id}/messages"
    headers = {"Content-Type": "application/json", "Authorization": f"Bot {plain.discord.token}"}
    answered = plain.client.post(plain.discord.api + path, content=b"{", headers=headers)
    assert answered.json()["code"] == 50109
    form = plain.send("POST", path, data={"content": "x"})
    assert form.json()["errors"]["_errors"][0]["code"] == "CONTENT_TYPE_INVALID"


def test_a_route_that_is_not_there_is_not_found(plain: Plain) -> None:
    assert plain.refused("GET", "/nothing") == (404, 0)
    assert plain.refused("PUT", "/users/@me", {}) == (405, 0)
    assert plain.refused("GET", "/channels/general") == (400, 50035)


def test_only_own_messages_can_be_edited(plain: Plain, channel: Channel, ada: Person) -> None:
    path = f"/channels/{channel.id}/messages/{ada.says('mine').id}"
    assert plain.refused("PATCH", path, {"content": "yours"}) == (403, 50005)
    assert plain.refused("DELETE", path) == (403, 50013)
    channel.gives_to_bot(Permission.MANAGE_MESSAGES)
    assert plain.send("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, ["ada", "bob"]),
        ({"parse": []}, []),
        ({"parse": ["users"]}, ["ada"]),
        ({"parse": ["everyone"]}, ["ada", "bob"]),
        ({"users": ["ada"]}, ["ada"]),
        ({"users": ["bob"]}, []),
    ],
    ids=["unsaid", "nobody", "users", "everyone", "ada", "bob, who is not named"],
)
def test_a_message_pings_whom_it_names_and_may(
    plain: Plain, channel: Channel, ada: Person, bob: Person, allowed: Any, pinged: list[str]
) -> None:
    channel.gives_to_bot(Permission.MENTION_EVERYONE)
    body: dict[str, Any] = {"content": f"<@{ada.id}> and @everyone"}
    if allowed is not None:
        ids = {"ada": ada.id, "bob": bob.id}
        body["allowed_mentions"] = {
            name: [ids.get(each, each) for each in value] for name, value in allowed.items()
        }
    plain.send("POST", f"/channels/{channel.id}/messages", body)
    assert [each.name for each in (ada, bob) if each.was_pinged()] == pinged


def test_an_edit_pings_nobody_but_tells_whom_it_would(plain: Plain, channel: Channel, ada: Person) -> None:
    sent = plain.send("POST", f"/channels/{channel.id}/messages", {"content": "x"}).json()
    plain.send("PATCH", f"/channels/{channel.id}/messages/{sent['id']}", {"content": f"<@{ada.id}>"})
    message = channel.messages[sent["id"]]
    assert ada.was_pinged() == []
    assert message.now.mentions.users == (ada.id,)


def test_a_file_comes_with_its_name_and_content(plain: Plain, channel: Channel) -> None:
    files = {"files[0]": ("log.txt", b"line 1"), "payload_json": (None, '{"content": "the log"}')}
    answered = plain.send("POST", f"/channels/{channel.id}/messages", files=files)
    message = channel.messages[answered.json()["id"]]
    assert [(file.filename, file.content) for file in message.files] == [("log.txt", b"line 1")]


def test_the_journal_has_every_request_and_no_token(plain: Plain, ada: Person, channel: Channel) -> None:
    plain.send(
        "PUT", f"/applications/{plain.discord.application_id}/commands", [{"name": "go", "description": "x"}]
    )
    asked = ada.slash("go")
    plain.send("POST", plain.callback(asked), {"type": 4, "data": {"content": "x"}}, bare=True)
    entries = plain.discord.journal.entries()
    assert [entry.status for entry in entries] == [200, 204]
    assert entries[1].route == "/interactions/{interaction_id}/{interaction_token}/callback"
    assert asked.token not in repr(entries)
    assert plain.discord.token not in repr(entries)
