"""Model ids while a name is typed: the person's own first, within half a second or not at all."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.domain.people import Person
from bot.hub.search import find_models

BUDGET = 0.5
MOST = 25
LONGEST = 100
FRESH_SECONDS = 60.0
MOST_KEPT = 2000


class Completion:
    """Answers are kept for a minute, per person; a late one is there for the next key.

    `known_as` says who somebody is on the Hub, by what they are called where they type.
    """

    def __init__(self, ctx: Context, known_as: Callable[[str], Person | None]) -> None:
        self._ctx = ctx
        self._known_as = known_as
        self._kept: dict[tuple[str, str], tuple[float, list[str]]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="completion")

    async def models(self, who: str, typed: str) -> list[str]:
        """At most twenty-five ids; none if the Hub takes too long."""
        key = (who, typed.strip().lower()[:LONGEST])
        looking = asyncio.wrap_future(self._pool.submit(self._look, key))
        try:
            return await asyncio.wait_for(looking, BUDGET)
        except TimeoutError:
            return self._nearest(key)

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, key: tuple[str, str]) -> list[str]:
        now = self._ctx.clock()
        with self._lock:
            at, known = self._kept.get(key, (float("-inf"), []))
        if now - at < FRESH_SECONDS:
            return known
        try:
            found = self._search(*key)
        except (HubError, HubUnavailable):
            return known
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (now, found)
        return found

    def _search(self, who: str, typed: str) -> list[str]:
        own = self._own(who, typed)
        # The bot's account may have been let into private models; nobody hears of them here.
        others = find_models(self._ctx.bot_hub, typed, limit=MOST, public_only=True)
        all_of_them = [*own, *others]
        return [each for each in dict.fromkeys(all_of_them) if len(each) <= LONGEST][:MOST]

    def _own(self, who: str, typed: str) -> list[str]:
        try:
            person = self._known_as(who)
            if person is None:
                return []
            with self._ctx.accounts.acting_for(person.user_id) as (eyes, _):
                words = typed.removeprefix(f"{person.name.lower()}/")
                return find_models(eyes, words, author=person.name, limit=MOST)
        except TokenGone:
            return []

    def _nearest(self, key: tuple[str, str]) -> list[str]:
        """What is known of a shorter beginning, that still fits."""
        person, typed = key
        for length in range(len(typed), -1, -1):
            with self._lock:
                _, known = self._kept.get((person, typed[:length]), (0.0, []))
            if fitting := [each for each in known if typed in each.lower()]:
                return fitting
        return []
