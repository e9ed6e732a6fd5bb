"""Linking: one browser proves who somebody is on Discord and on the Hub, and then they confirm it.

A ticket is handed out to one Discord account, and only that account can use it: whoever else opens the link
has to prove on Discord that they are its holder, and can't.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx2

from bot.domain.errors import DiscordUnavailable, UserError
from bot.domain.messages_discord import MOST_LINKED
from bot.domain.retention import SIGN_IN
from bot.store.discord_links import DiscordLink, DiscordLinks, Proof
from bot.store.vault import Vault, secret_hash

TICKET_SECONDS = SIGN_IN
TIMEOUT = httpx2.Timeout(10, connect=5)


@dataclass(frozen=True)
class DiscordApp:
    """Our registration with Discord. `api` is an address without a slash at the end."""

    api: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def authorize_url(self, state: str, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "identify",
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.api}/oauth2/authorize?{urlencode(query)}"

    def who(self, code: str, verifier: str) -> tuple[str, str]:
        """(id, name) of who agreed. Their token is used once, here, and kept nowhere."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        secret = (self.client_id, self.client_secret)
        tokens = _ask("POST", f"{self.api}/oauth2/token", data=form, auth=secret)
        me = _ask(
            "GET", f"{self.api}/users/@me", headers={"Authorization": f"Bearer {tokens['access_token']}"}
        )
        return me["id"], me["username"]


class DiscordAccounts:
    def __init__(
        self, store: DiscordLinks, vault: Vault, app: DiscordApp, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._vault = vault
        self._app = app
        self._clock = clock

    def hand_out(self, discord_id: str) -> str:
        """A ticket for this Discord account: good once, for ten minutes."""
        ticket, now = secrets.token_urlsafe(24), self._clock()
        self._store.hand_out(secret_hash(ticket), discord_id, now, forget_before=now - TICKET_SECONDS)
        return ticket

    def look(self, ticket: str) -> None:
        """UserError if the ticket is no good; looking changes nothing."""
        if self._store.holder(secret_hash(ticket), not_before=self._clock() - TICKET_SECONDS) is None:
            raise UserError("E_TICKET", "This link was used already, or is older than ten minutes.")

    def begin(self, ticket: str, browser: str) -> str:
        """Where to send this browser. UserError if the ticket is no good."""
        now = self._clock()
        self.look(ticket)
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        proof = Proof(
            browser_hash=secret_hash(browser),
            ticket_hash=secret_hash(ticket),
            state_hash=secret_hash(state),
            verifier=self._vault.seal(verifier, "discord"),
            discord_id=None,
            discord_name=None,
            created_at=now,
        )
        self._store.begin(proof, forget_before=now - TICKET_SECONDS)
        return self._app.authorize_url(state, verifier)

    def prove(self, browser: str, state: str, code: str) -> None:
        """Discord says who this browser is. UserError unless it is who the link was made for."""
        proof = self._store.take_state(secret_hash(state), secret_hash(browser))
        if proof is None or proof.created_at < self._clock() - TICKET_SECONDS:
            raise UserError("E_STATE", "This link is used up or was opened in another browser.")
        holder = self._store.holder(proof.ticket_hash, not_before=self._clock() - TICKET_SECONDS)
        discord_id, name = self._app.who(code, self._vault.open(proof.verifier, "discord"))
        if holder is None or holder != discord_id:
            raise UserError(
                "E_OTHER", "This link was made for another Discord account. Nothing was connected."
            )
        self._store.proven(secret_hash(browser), discord_id, name)

    def proof(self, browser: str) -> Proof:
        """Who this browser is on Discord. UserError if that is not proven, or too long ago."""
        found = (
            self._store.proof(secret_hash(browser), not_before=self._clock() - TICKET_SECONDS)
            if browser
            else None
        )
        if found is None or found.discord_id is None:
            raise UserError("E_STATE", "This browser has not shown who you are on Discord, or too long ago.")
        return found

    def form_key(self, browser: str, hub_id: str) -> str:
        """What the confirm form carries: made for this browser and this person."""
        return self._vault.sign(f"discord link:{secret_hash(browser)}:{hub_id}")

    def confirm(self, browser: str, form_key: str, hub_id: str, hub_name: str) -> DiscordLink:
        """Link them. UserError if the form is not ours, the ticket is used, or there are too many."""
        if not self._vault.is_signature(f"discord link:{secret_hash(browser)}:{hub_id}", form_key):
            raise UserError("E_FORM", "That form was not ours. Nothing was connected.")
        proof = self.proof(browser)
        assert proof.discord_id and proof.discord_name
        others = [each for each in self._store.of_hub(hub_id) if each.discord_id != proof.discord_id]
        if len(others) >= MOST_LINKED:
            raise UserError(
                "E_MANY",
                f"{hub_name} has {MOST_LINKED} Discord accounts already. First use /disconnect.",
            )
        link = DiscordLink(proof.discord_id, proof.discord_name, hub_id, hub_name, self._clock())
        if not self._store.link(link, proof.ticket_hash):
            raise UserError("E_TICKET", "This link was used already.")
        return link


def _ask(method: str, url: str, **given: object) -> dict[str, str]:
    try:
        response = httpx2.request(method, url, timeout=TIMEOUT, **given)  # type: ignore[arg-type]
    except httpx2.TransportError as error:
        raise DiscordUnavailable(f"Discord could not be reached ({type(error).__name__})") from None
    if response.status_code >= 500 or response.status_code == 429:
        raise DiscordUnavailable(f"Discord answered {response.status_code}")
    if response.status_code != 200:
        raise UserError("E_STATE", "Discord did not accept this sign-in.")
    answer: dict[str, str] = response.json()
    return answer
