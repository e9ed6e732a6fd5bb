"""Sign-in links that were handed out to one person each. Only their hashes are known here."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, select, update

from bot.store.tables import invitations


@dataclass(frozen=True)
class InvitationRow:
    """`scopes` are separated by spaces; `used_at` is None until its person signed in with it."""

    code_hash: str
    user_id: str
    user_name: str
    scopes: str
    next_page: str
    created_at: float
    used_at: float | None = None


class InvitationRows:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, row: InvitationRow) -> None:
        with self._engine.begin() as connection:
            connection.execute(invitations.insert().values(vars(row)))

    def get(self, code_hash: str) -> InvitationRow | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(invitations).where(invitations.c.code_hash == code_hash)).first()
        return InvitationRow(**row._mapping) if row else None

    def use(self, code_hash: str, now: float) -> bool:
        """Use it up. False: it was used before, or is gone."""
        unused = (invitations.c.code_hash == code_hash) & invitations.c.used_at.is_(None)
        with self._engine.begin() as connection:
            return bool(connection.execute(update(invitations).where(unused).values(used_at=now)).rowcount)

    def forget(self, user_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
