"""Sign-in, and the only code that opens a requester's token.

A token is opened inside the step that uses it, checked to live long enough, and refreshed under the user's
lock; the new pair is stored before it is used, because the Hub ends the old one.
"""

import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bot.domain.errors import HubError, HubUnavailable, TokenEndsSoon, TokenGone, UserError
from bot.domain.people import About, Person, Receipt
from bot.domain.retention import SESSION, SIGN_IN
from bot.hub.client import HubClient
from bot.hub.oauth import OAuthApp, SignedIn, TokenPair, new_secret
from bot.invitations import Invitations
from bot.store.accounts import AccountRow, SignInRow
from bot.store.accounts import Accounts as AccountStore
from bot.store.resealing import reseal
from bot.store.vault import KeyDropped, Vault, secret_hash

REFRESH_SECONDS = 60.0
"""Longer than any answer of the Hub takes: who renews tokens and dies doing it blocks it for so long."""
LOOKS = 300
LOOK_AGAIN = 0.1
USE_SECONDS = 60.0
"""Its last use is kept this exactly: a burst of commands is not a burst of writes."""


class Accounts:
    def __init__(
        self,
        store: AccountStore,
        vault: Vault,
        app: OAuthApp,
        invitations: Invitations,
        endpoint: str,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._invitations = invitations
        self._vault = vault
        self._app = app
        self._endpoint = endpoint
        self._clock = clock
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def begin_sign_in(
        self, browser: str, next_page: str, scopes: Sequence[str], invitation: str | None = None
    ) -> str:
        """The address to send this browser to. The state it carries is good once, here, for ten minutes.
        `invitation` is the hash of the link that led here, if it was one person's own."""
        state, verifier = new_secret(), new_secret()
        row = SignInRow(
            state_hash=secret_hash(state),
            browser_hash=secret_hash(browser),
            verifier=self._vault.seal(verifier, "sign-in"),
            next_page=next_page,
            created_at=self._clock(),
            scopes=" ".join(scopes),
            invitation=invitation,
        )
        self._store.begin_sign_in(row, forget_before=row.created_at - SIGN_IN)
        return self._app.authorize_url(state, verifier, row.scopes)

    def finish_sign_in(self, browser: str, state: str, code: str) -> tuple[Person, str]:
        """Who signed in, and the page they wanted. UserError if this isn't the browser that began it, or not
        the person whose link led here: then nothing of them is kept."""
        row = self._store.take_sign_in(secret_hash(state))
        is_old = row is not None and row.created_at < self._clock() - SIGN_IN
        if row is None or is_old or row.browser_hash != secret_hash(browser):
            raise UserError("E_STATE", "This sign-in is used up or belongs to another browser.")
        try:
            pair = self._app.exchange(code, self._vault.open(row.verifier, "sign-in"), row.scopes)
            who = self._app.who(pair.access)
        except TokenGone:
            raise UserError("E_STATE", "Hugging Face did not accept this sign-in.") from None
        if row.invitation:
            self._invitations.use(row.invitation, who.user_id, who.name)
        self._store.put(self._row(who, pair, self._clock()))
        return Person(who.user_id, who.name), row.next_page

    def abandon_sign_in(self, state: str) -> None:
        """The person said no: the state is used up all the same."""
        self._store.take_sign_in(secret_hash(state))

    def begin_session(self, user_id: str) -> str:
        """A new browser session; only its hash is stored."""
        session, now = secrets.token_urlsafe(32), self._clock()
        self._store.begin_session(secret_hash(session), user_id, now, forget_before=now - SESSION)
        return session

    def person_of(self, session: str) -> Person | None:
        user_id = self._store.user_of_session(secret_hash(session), not_before=self._clock() - SESSION)
        return self.person(user_id) if user_id else None

    def end_session(self, session: str) -> None:
        self._store.end_session(secret_hash(session))

    def about(self, user_id: str) -> About:
        """Raises TokenGone for who is not connected."""
        row = self._store.get(user_id)
        if row is None:
            raise TokenGone("not connected")
        return About(
            user_id=row.user_id,
            name=row.name,
            scopes=tuple(row.scopes.split()),
            connected_at=row.connected_at,
            used_at=row.used_at,
            expires_at=row.expires_at,
            renews=row.refresh_token is not None,
        )

    def person(self, user_id: str) -> Person | None:
        """Who this is, if they are connected."""
        account = self._store.get(user_id)
        return Person(account.user_id, account.name) if account else None

    def disconnect(self, user_id: str) -> Receipt:
        """Erase this person's tokens and sessions."""
        with self._locks[user_id]:
            had_tokens, sessions = self._store.forget(user_id)
        return Receipt(had_tokens, sessions)

    def is_connected(self, user_id: str) -> bool:
        return self._store.get(user_id) is not None

    def scopes_of(self, user_id: str) -> frozenset[str] | None:
        """What this person has granted; None for who is not connected."""
        account = self._store.get(user_id)
        return frozenset(account.scopes.split()) if account else None

    def ended_at(self, user_id: str) -> float | None:
        """When the connection of this person ended by itself, if they have not connected again."""
        return self._store.ended_at(user_id)

    def ends_soon(self, user_id: str) -> float | None:
        """When the connection of this person ends, if that is soon and nothing renews it."""
        return self.about(user_id).ends_soon(self._clock()) if self.is_connected(user_id) else None

    @contextmanager
    def acting_for(self, user_id: str, lives: float = 60) -> Iterator[tuple[HubClient, str]]:
        """The Hub with this person's eyes, and the token behind it, good for `lives` seconds. TokenGone if
        they have to sign in again; a token that the Hub refuses meanwhile is erased."""
        hub: HubClient | None = None
        try:
            token = self.open_token(user_id, lives)
            hub = HubClient(self._endpoint, token)
            yield hub, token
        except TokenEndsSoon:
            raise
        except TokenGone:
            self.refused(user_id)
            raise
        except HubError as error:
            # Some routes refuse a good token with a 401 too, so the Hub is asked.
            if hub is None or error.status != 401 or hub.is_known():
                raise
            self.refused(user_id)
            raise TokenGone(error.message) from None

    def open_token(self, user_id: str, lives: float) -> str:
        """The person's access token, good for at least `lives` seconds."""
        try:
            return self._opened(user_id, lives)
        except KeyDropped:
            self.refused(user_id)
            raise TokenGone("sealed with a key that was dropped") from None

    def _opened(self, user_id: str, lives: float) -> str:
        with self._locks[user_id]:
            account = self._store.get(user_id)
            if account is None:
                raise TokenGone("not connected")
            if account.expires_at < self._clock() + lives and account.refresh_token:
                account = self._refresh(account)
            self._check(account, lives)
            if (account.used_at or 0) < self._clock() - USE_SECONDS:
                self._store.used(user_id, self._clock())
            reseal(account, self._store, self._vault)
            return self._vault.open(account.access_token, user_id)

    def refused(self, user_id: str) -> None:
        """The Hub does not accept this person's token any more: it is erased, and they are not connected."""
        self._store.drop(user_id, self._clock())

    def _check(self, account: AccountRow, lives: float) -> None:
        if account.expires_at < self._clock():
            self._store.drop(account.user_id, account.expires_at)
            raise TokenGone("expired, and the Hub gave no refresh token")
        if account.expires_at < self._clock() + lives:
            raise TokenEndsSoon("the Hub gives no token that lives long enough")

    def _refresh(self, account: AccountRow) -> AccountRow:
        """Renew the tokens, and keep the new pair before it is used. One process at a time does it, because
        the Hub takes a refresh token once."""
        now = self._clock()
        if not self._store.claim_refresh(account, now, now + REFRESH_SECONDS):
            return self._renewed_by_another(account)
        try:
            fresh = self._renewed(account)
        except TokenGone:
            self._store.drop(account.user_id, now)
            raise
        except Exception:
            self._store.release_refresh(account)
            raise
        if not self._store.renew(fresh):
            raise TokenGone("disconnected meanwhile")
        return fresh

    def _renewed(self, account: AccountRow) -> AccountRow:
        assert account.refresh_token is not None
        old = self._vault.open(account.refresh_token, account.user_id)
        pair = self._app.refresh(old, account.scopes)
        who = SignedIn(account.user_id, account.name)
        # A provider that rotates nothing sends no new refresh token: the old one stays good.
        return self._row(who, replace(pair, refresh=pair.refresh or old), account.connected_at)

    def _renewed_by_another(self, account: AccountRow) -> AccountRow:
        """Wait for the other process. HubUnavailable if nothing comes of it."""
        for _ in range(LOOKS):
            now_there = self._store.get(account.user_id)
            if now_there is None:
                raise TokenGone("the Hub did not renew the connection")
            if now_there.expires_at != account.expires_at:
                return now_there
            if now_there.refreshing_until < self._clock():
                break
            time.sleep(LOOK_AGAIN)
        raise HubUnavailable("the connection could not be renewed just now")

    def _row(self, who: SignedIn, pair: TokenPair, connected_at: float) -> AccountRow:
        return AccountRow(
            user_id=who.user_id,
            name=who.name,
            scopes=pair.scopes,
            access_token=self._vault.seal(pair.access, who.user_id),
            expires_at=self._clock() + pair.seconds,
            refresh_token=self._vault.seal(pair.refresh, who.user_id) if pair.refresh else None,
            connected_at=connected_at,
            used_at=self._clock(),
        )
