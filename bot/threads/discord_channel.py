"""A thread that is a channel on Discord, or one person's eyes only: ephemeral answers and direct messages.

The first words of ours take the place of the deferred answer. Everything later goes with the bot's token, by
channel and message id: an interaction's token ends after a quarter of an hour.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import discord

from bot.domain import messages_discord
from bot.domain.discord_markdown import LONGEST_CONTENT, LONGEST_EMBED, for_discord
from bot.domain.links import Links
from bot.domain.models import ChannelRef, Run
from bot.domain.redact import redacted
from bot.store.discord_answers import AwaitedAnswer, DiscordAnswers
from bot.store.vault import Vault
from bot.threads.discord_buttons import Button, Link, buttons_of, view_of
from bot.threads.discord_line import DiscordLine

TOKEN_SECONDS = 14 * 60.0
NOT_YET = 5.0
"""Seconds in which Discord may not have our deferral yet, though we sent it."""
MARK = re.compile(r"Run `(r_[0-9a-f]{16})` · (I edit this message|final answer)|<sub>`(d_[0-9a-f]{12})`")
CONNECT = re.compile(r"\[([^\]]+)\]\((\S+/(?:discord/connect\?ticket=|c/)[\w-]+)\)")
COLORS = {"✅": 0x2EA043, "❌": 0xD1242F, "💥": 0xD1242F, "🟡": 0xD29922, "⏳": 0x1F6FEB}
NOWHERE = "-/-"
"""Where we may write neither in the channel nor directly: the run page has it all."""


@dataclass(frozen=True)
class Said:
    """One message, ready to be sent."""

    content: str | None
    embed: discord.Embed | None
    buttons: Sequence[Button]
    called: str | None = None
    """Whom it notifies: a user's id."""

    def fields(self) -> dict[str, Any]:
        """For an edit: what is not said is taken away. Call it on the client's loop."""
        return {"content": self.content, "embed": self.embed, "view": view_of(self.buttons)}

    def new(self) -> dict[str, Any]:
        """For a new message, with whom it may notify."""
        users = [discord.Object(int(self.called))] if self.called else []
        allowed = discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=False)
        given = {name: value for name, value in self.fields().items() if value is not None}
        return given | {"allowed_mentions": allowed, "suppress_embeds": self.embed is None}


class ChannelThread:
    """`run_of` gives a run by its id as it stands, for its buttons."""

    def __init__(
        self,
        line: DiscordLine,
        ref: ChannelRef,
        answers: DiscordAnswers,
        run_of: Callable[[str], Run | None],
        links: Links,
        vault: Vault,
        clock: Callable[[], float],
    ) -> None:
        self._line = line
        self._ref = ref
        self._answers = answers
        self._run_of = run_of
        self._links = links
        self._vault = vault
        self._clock = clock

    def find(self, marker: str, but: str | None = None) -> str | None:
        mark = _mark(marker)
        known = self._answers.is_said(mark)
        if known not in {None, but} or self._ref.is_private:
            return None if known == but else known
        found = self._find_there(marker, but)
        if found:
            # It was said and not remembered, so it was tried in the place of the deferred answer first.
            awaited = self._answers.of(mark.partition(" ")[0])
            self._answers.said(found, self._clock(), mark, *([_deferral(awaited)] if awaited else []))
        return found

    def post(self, text: str) -> str:
        mark = _mark(text)
        awaited = self._answers.of(mark.partition(" ")[0])
        said = self._said(text, awaited)
        if there := self._into_deferral(said, awaited, mark):
            return there
        in_channel = None if self._ref.is_private else self._into_channel(said, mark)
        message_id = in_channel or self._directly(said, mark, awaited)
        self._answers.said(message_id, self._clock(), mark)
        return message_id

    def edit(self, message_id: str, text: str) -> bool:
        channel, _, message = message_id.partition("/")
        if not channel.isdigit():
            return True
        said = self._said(text, None)

        async def change(client: discord.Client) -> None:
            partial = client.get_partial_messageable(int(channel)).get_partial_message(int(message))
            await partial.edit(**said.fields())

        try:
            self._line.do(change)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    def remove(self, message_id: str) -> None:
        channel, _, message = message_id.partition("/")
        if not channel.isdigit():
            return

        async def take_back(client: discord.Client) -> None:
            await client.get_partial_messageable(int(channel)).get_partial_message(int(message)).delete()

        with contextlib.suppress(discord.NotFound, discord.Forbidden):
            self._line.do(take_back)

    def _into_deferral(self, said: Said, awaited: AwaitedAnswer | None, mark: str) -> str | None:
        """Take the place of the deferred answer, once and while Discord lets us."""
        if awaited is None or awaited.token is None or self._answers.is_said(_deferral(awaited)):
            return None
        if awaited.created_at + TOKEN_SECONDS < self._clock():
            return None
        is_run = mark.startswith("r_")
        is_for_one = self._ref.is_private and not awaited.is_ephemeral
        is_elsewhere = is_for_one or (is_run and awaited.is_ephemeral)
        words = self._elsewhere(awaited, is_run=is_run) if is_elsewhere else said
        message = self._edit_original(words, awaited)
        if message is None:
            return None
        place = "ephemeral" if awaited.is_ephemeral else str(message.channel.id)
        message_id = f"{place}/{message.id}"
        marks = [_deferral(awaited)] if is_elsewhere else [_deferral(awaited), mark]
        self._answers.said(message_id, self._clock(), *marks)
        return None if is_elsewhere else message_id

    def _elsewhere(self, awaited: AwaitedAnswer, *, is_run: bool) -> Said:
        run_id = awaited.run_id if is_run else None
        return self._said(messages_discord.answered_directly(run_id, self._links), None)

    def _edit_original(self, said: Said, awaited: AwaitedAnswer) -> discord.Message | None:
        assert awaited.token is not None
        token = self._vault.open(awaited.token, awaited.interaction_id)

        async def change(client: discord.Client) -> discord.Message:
            webhook = discord.Webhook.partial(client.application_id or 0, token, client=client)
            # The library wants a number; Discord takes this word for the answer that has none yet.
            return await webhook.edit_message(cast(int, "@original"), **said.fields())

        while True:
            try:
                return self._line.do(change)
            except discord.HTTPException as refused:
                if refused.status not in {401, 403, 404}:
                    raise
                if refused.status != 404 or self._clock() > awaited.created_at + NOT_YET:
                    return None
                time.sleep(0.2)

    def _into_channel(self, said: Said, mark: str) -> str | None:
        """None if we may not write there any more."""

        async def send(client: discord.Client) -> discord.Message:
            channel = client.get_partial_messageable(int(self._ref.channel_id))
            return await channel.send(**said.new(), nonce=_nonce(mark))

        try:
            message = self._line.do(send)
        except (discord.Forbidden, discord.NotFound):
            return None
        return f"{message.channel.id}/{message.id}"

    def _directly(self, said: Said, mark: str, awaited: AwaitedAnswer | None) -> str:
        if awaited is None:
            return NOWHERE
        return direct(self._line, awaited.user_id, said, _nonce(mark)) or NOWHERE

    def _find_there(self, marker: str, but: str | None) -> str | None:
        """In the channel itself: a crash may have come between posting and remembering."""
        words = for_discord(marker, LONGEST_CONTENT)

        async def look(client: discord.Client) -> str | None:
            assert client.user
            channel = client.get_partial_messageable(int(self._ref.channel_id))
            async for message in channel.history(limit=50):
                message_id = f"{message.channel.id}/{message.id}"
                is_ours = message.author.id == client.user.id and words in _all_words(message)
                if is_ours and message_id != but:
                    return message_id
            return None

        try:
            return self._line.do(look)
        except (discord.Forbidden, discord.NotFound):
            return None

    def _said(self, text: str, awaited: AwaitedAnswer | None) -> Said:
        text = redacted(text)
        found = MARK.search(text)
        run = self._run_of(found[1]) if found and found[1] else None
        buttons = buttons_of(run, self._links, self._vault) if run else []
        if link := CONNECT.search(text):
            buttons.insert(0, Link("Connect", link[2]))
            text = text.replace(link[0], link[1])
        if found and found[2] == "final answer" and run and awaited:
            call = f"<@{awaited.user_id}>"
            words = text.replace(f"@{run.requester.name}", call)
            return Said(for_discord(words, LONGEST_CONTENT), None, buttons, awaited.user_id)
        words = for_discord(text, LONGEST_EMBED)
        return Said(None, discord.Embed(description=words, color=COLORS.get(words[:1])), buttons)


def direct(line: DiscordLine, user_id: str, said: Said, nonce: str) -> str | None:
    """Write to somebody directly; None if they take no messages of ours."""

    async def send(client: discord.Client) -> discord.Message:
        channel = await client.create_dm(discord.Object(int(user_id)))
        return await channel.send(**said.new(), nonce=nonce)

    try:
        message = line.do(send)
    except (discord.Forbidden, discord.NotFound):
        return None
    return f"{message.channel.id}/{message.id}"


def tell(line: DiscordLine, user_id: str, text: str) -> None:
    """A note for one person's eyes, if they take any."""
    embed = discord.Embed(description=for_discord(redacted(text), LONGEST_EMBED))
    direct(line, user_id, Said(None, embed, ()), _nonce(f"{user_id}{text}"))


def _all_words(message: discord.Message) -> str:
    return "\n".join([message.content, *(embed.description or "" for embed in message.embeds)])


def _mark(text: str) -> str:
    """What tells our messages apart: `r_… final answer`, `d_…`."""
    found = MARK.search(text)
    assert found, "a message without a mark"
    return f"{found[1]} {found[2]}" if found[1] else found[3]


def _deferral(awaited: AwaitedAnswer) -> str:
    return f"deferral {awaited.key}"


def _nonce(mark: str) -> str:
    """Discord itself posts a message of one nonce once, within some minutes."""
    return hashlib.sha256(mark.encode()).hexdigest()[:24]
