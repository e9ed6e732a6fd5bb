"""Where the answer to an interaction belongs, and which message of ours carries which mark."""

from dataclasses import dataclass

from sqlalchemy import Engine, or_, select

from bot.store.database import insert_for
from bot.store.tables import discord_answers, discord_said


@dataclass(frozen=True)
class AwaitedAnswer:
    """`token` is the interaction's, sealed with its id; None where there is none to use."""

    key: str
    run_id: str
    decision_id: str
    interaction_id: str
    user_id: str
    is_ephemeral: bool
    token: bytes | None
    created_at: float


class DiscordAnswers:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, answer: AwaitedAnswer) -> None:
        """The first of a key stays."""
        with self._engine.begin() as connection:
            new = insert_for(connection)(discord_answers).values(vars(answer))
            connection.execute(new.on_conflict_do_nothing())

    def of(self, some_id: str) -> AwaitedAnswer | None:
        """By the id of the run or of the decision that came of the interaction."""
        table = discord_answers.c
        query = select(discord_answers).where(or_(table.run_id == some_id, table.decision_id == some_id))
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        return AwaitedAnswer(**row._mapping) if row else None

    def is_said(self, mark: str) -> str | None:
        """Our message that carries this mark."""
        with self._engine.connect() as connection:
            query = select(discord_said.c.message_id).where(discord_said.c.mark == mark)
            return connection.execute(query).scalar_one_or_none()

    def said(self, message_id: str, now: float, *marks: str) -> None:
        """This message carries these marks."""
        with self._engine.begin() as connection:
            for mark in marks:
                values = {"mark": mark, "message_id": message_id, "at": now}
                new = insert_for(connection)(discord_said).values(values)
                connection.execute(new.on_conflict_do_update(index_elements=["mark"], set_=values))
