"""Requesters and their sealed tokens, sign-ins under way, and browser sessions. Sees sealed bytes only."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Delete, Engine, delete, select, update

from bot.store.database import insert_for
from bot.store.tables import accounts, ended_connections, sessions, sign_ins


@dataclass(frozen=True)
class AccountRow:
    user_id: str
    name: str
    scopes: str
    access_token: bytes
    expires_at: float
    refresh_token: bytes | None
    connected_at: float
    used_at: float | None = None
    refreshing_until: float = 0.0
    """Until when one process, and no other, may renew the tokens."""


@dataclass(frozen=True)
class SignInRow:
    """A sign-in that was begun: found again by the hash of its state, once."""

    state_hash: str
    browser_hash: str
    verifier: bytes
    next_page: str
    created_at: float
    scopes: str
    invitation: str | None
    """Hash of the link that led here, if it was one person's own."""


class Accounts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, user_id: str) -> AccountRow | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(accounts).where(accounts.c.user_id == user_id)).first()
        return AccountRow(**row._mapping) if row else None

    def put(self, account: AccountRow) -> None:
        """Create or replace, in one commit: a new token pair is kept before it is used."""
        values = vars(account)
        with self._engine.begin() as connection:
            dialect_insert = insert_for(connection)
            connection.execute(
                dialect_insert(accounts)
                .values(values)
                .on_conflict_do_update(index_elements=["user_id"], set_=values)
            )
            connection.execute(_ended(account.user_id))

    def ids(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(select(accounts.c.user_id)).scalars())

    def claim_refresh(self, account: AccountRow, now: float, until: float) -> bool:
        """Take the right to renew these tokens. False if another has it, or they are not these any more."""
        mine = update(accounts).where(_is(account), accounts.c.refreshing_until < now)
        with self._engine.begin() as connection:
            return bool(connection.execute(mine.values(refreshing_until=until)).rowcount)

    def release_refresh(self, account: AccountRow) -> None:
        """Nothing came of it: another may try."""
        with self._engine.begin() as connection:
            connection.execute(update(accounts).where(_is(account)).values(refreshing_until=0.0))

    def renew(self, new: AccountRow) -> bool:
        """Keep a new pair. False if its person disconnected or connected anew meanwhile."""
        same = (accounts.c.user_id == new.user_id) & (accounts.c.connected_at == new.connected_at)
        with self._engine.begin() as connection:
            return bool(connection.execute(update(accounts).where(same).values(vars(new))).rowcount)

    def reseal(self, old: AccountRow, new: AccountRow) -> bool:
        """The same tokens under another key. False if they were renewed or erased meanwhile."""
        sealed = {"access_token": new.access_token, "refresh_token": new.refresh_token}
        with self._engine.begin() as connection:
            return bool(connection.execute(update(accounts).where(_is(old)).values(sealed)).rowcount)

    def drop(self, user_id: str, at: float) -> None:
        """Erase tokens that are of no use any more, and keep when they ended; browser sessions stay."""
        with self._engine.begin() as connection:
            if connection.execute(delete(accounts).where(accounts.c.user_id == user_id)).rowcount:
                ended = insert_for(connection)(ended_connections).values(user_id=user_id, at=at)
                connection.execute(ended.on_conflict_do_update(index_elements=["user_id"], set_={"at": at}))

    def ended_at(self, user_id: str) -> float | None:
        """When the connection of this person ended, if they have not connected again."""
        query = select(ended_connections.c.at).where(ended_connections.c.user_id == user_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def used(self, user_id: str, now: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.user_id == user_id).values(used_at=now))

    def forget(self, user_id: str) -> tuple[bool, int]:
        """Erase the tokens and sessions of this person: whether there were tokens, and how many sessions."""
        with self._engine.begin() as connection:
            tokens = connection.execute(delete(accounts).where(accounts.c.user_id == user_id)).rowcount
            ended = connection.execute(delete(sessions).where(sessions.c.user_id == user_id)).rowcount
            connection.execute(_ended(user_id))
        return bool(tokens), int(ended)

    def begin_sign_in(self, sign_in: SignInRow, forget_before: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.created_at < forget_before))
            connection.execute(sign_ins.insert().values(vars(sign_in)))

    def take_sign_in(self, state_hash: str) -> SignInRow | None:
        """The sign-in of this state; a second call finds none."""
        gone = delete(sign_ins).where(sign_ins.c.state_hash == state_hash).returning(*sign_ins.c)
        with self._engine.begin() as connection:
            row = connection.execute(gone).first()
        return SignInRow(**row._mapping) if row else None

    def begin_session(self, id_hash: str, user_id: str, now: float, forget_before: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.created_at < forget_before))
            connection.execute(sessions.insert().values(id_hash=id_hash, user_id=user_id, created_at=now))

    def user_of_session(self, id_hash: str, not_before: float) -> str | None:
        query = select(sessions.c.user_id).where(
            sessions.c.id_hash == id_hash, sessions.c.created_at >= not_before
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def end_session(self, id_hash: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.id_hash == id_hash))


def _ended(user_id: str) -> Delete:
    return delete(ended_connections).where(ended_connections.c.user_id == user_id)


def _is(account: AccountRow) -> ColumnElement[bool]:
    """The row as it was read: with these very tokens."""
    return (accounts.c.user_id == account.user_id) & (accounts.c.access_token == account.access_token)
