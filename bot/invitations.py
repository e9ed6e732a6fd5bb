"""Sign-in links for one person each: handed out when a text is said, good once, for ten minutes.

What is kept of our words holds general addresses; the link of one's own takes their place on the way out, so
that no stored text ever holds one.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from bot.domain import messages_account
from bot.domain.errors import UserError
from bot.domain.links import Links
from bot.domain.models import Requester
from bot.domain.retention import SIGN_IN
from bot.store.invitations import InvitationRow, InvitationRows
from bot.store.vault import secret_hash

HUB_ID = re.compile(r"^[0-9a-f]{24}\Z")


class State(StrEnum):
    GOOD = "good"
    USED = "used"
    OLD = "old"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Invitation:
    """What a link is: for whom, to allow what, and where it leads. Nobody's if it is unknown."""

    state: State
    code_hash: str
    user_id: str = ""
    user_name: str = ""
    scopes: tuple[str, ...] = ()
    next_page: str = "/"


class Invitations:
    def __init__(self, rows: InvitationRows, links: Links, clock: Callable[[], float]) -> None:
        self._rows = rows
        self._links = links
        self._clock = clock
        self._general = re.compile(rf"(?<=\(){re.escape(links.sign_in)}(\?[\w=&/,-]*)?(?=\))")

    def personal(self, text: str, requester: Requester) -> str:
        """The text with a link of this person's own wherever it has a general one."""
        if not HUB_ID.match(requester.id):
            return text
        return self._general.sub(lambda found: self._hand_out(found[0], requester), text)

    def look(self, code: str) -> Invitation:
        """What this code is for; looking changes nothing."""
        hashed = secret_hash(code)
        row = self._rows.get(hashed)
        if row is None:
            return Invitation(State.UNKNOWN, hashed)
        return Invitation(
            self._state(row), hashed, row.user_id, row.user_name, tuple(row.scopes.split()), row.next_page
        )

    def use(self, code_hash: str, user_id: str, name: str) -> None:
        """This person has signed in with it. UserError if it is another's, which leaves it good, or used."""
        row = self._rows.get(code_hash)
        if row is None:
            raise UserError("E_STATE", messages_account.link_is_unknown())
        if row.user_id != user_id:
            raise UserError("E_OTHER", messages_account.link_of_another(row.user_name, name))
        if not self._rows.use(code_hash, self._clock()):
            raise UserError("E_STATE", messages_account.link_was_used())

    def forget(self, user_id: str) -> None:
        """Erase every link of this person's own."""
        self._rows.forget(user_id)

    def _hand_out(self, address: str, requester: Requester) -> str:
        code = secrets.token_urlsafe(16)
        query = parse_qs(urlsplit(address).query)
        row = InvitationRow(
            code_hash=secret_hash(code),
            user_id=requester.id,
            user_name=requester.name,
            scopes=query.get("scopes", [""])[0].replace(",", " "),
            next_page=query.get("next", ["/"])[0],
            created_at=self._clock(),
        )
        self._rows.put(row)
        return self._links.invitation(code)

    def _state(self, row: InvitationRow) -> State:
        if row.used_at is not None:
            return State.USED
        return State.OLD if row.created_at < self._clock() - SIGN_IN else State.GOOD
