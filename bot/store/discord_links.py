"""Who is who on Discord: links, the tickets and browsers that lead to one, and requests that wait for it."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, select, update

from bot.domain.events import InteractionAsked
from bot.store.database import insert_for
from bot.store.tables import discord_links, discord_proofs, discord_requests, discord_tickets

MOST_WAITING = 3
"""Requests of one person that wait for the link."""


@dataclass(frozen=True)
class DiscordLink:
    """One Discord account and the account of the Hub it acts for."""

    discord_id: str
    discord_name: str
    hub_id: str
    hub_name: str
    linked_at: float


@dataclass(frozen=True)
class Proof:
    """What a browser that followed a ticket has proven so far. `discord_id` is None until Discord said it."""

    browser_hash: str
    ticket_hash: str
    state_hash: str | None
    verifier: bytes
    discord_id: str | None
    discord_name: str | None
    created_at: float


class DiscordLinks:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, discord_id: str) -> DiscordLink | None:
        with self._engine.connect() as connection:
            query = select(discord_links).where(discord_links.c.discord_id == discord_id)
            row = connection.execute(query).first()
        return DiscordLink(**row._mapping) if row else None

    def of_hub(self, hub_id: str) -> list[DiscordLink]:
        """Every Discord account of one account of the Hub."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(discord_links).where(discord_links.c.hub_id == hub_id))
            return [DiscordLink(**row._mapping) for row in rows]

    def link(self, link: DiscordLink, ticket_hash: str) -> bool:
        """Use the ticket up and link. False: the ticket was used before."""
        used = delete(discord_tickets).where(discord_tickets.c.ticket_hash == ticket_hash)
        values = vars(link)
        with self._engine.begin() as connection:
            if not connection.execute(used).rowcount:
                return False
            new = insert_for(connection)(discord_links).values(values)
            connection.execute(new.on_conflict_do_update(index_elements=["discord_id"], set_=values))
        return True

    def forget(self, hub_id: str) -> int:
        """Erase every link of one account of the Hub; how many there were."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(discord_links).where(discord_links.c.hub_id == hub_id))
            return int(gone.rowcount)

    def unlink(self, discord_id: str) -> None:
        """Erase what is kept of somebody on Discord, who has removed us there."""
        with self._engine.begin() as connection:
            for table in (discord_links, discord_tickets, discord_requests):
                connection.execute(delete(table).where(table.c.discord_id == discord_id))

    def hand_out(self, ticket_hash: str, discord_id: str, now: float, forget_before: float) -> None:
        """Keep a ticket; an earlier one of this person ends."""
        old = (discord_tickets.c.created_at < forget_before) | (discord_tickets.c.discord_id == discord_id)
        with self._engine.begin() as connection:
            connection.execute(delete(discord_tickets).where(old))
            connection.execute(
                discord_tickets.insert().values(
                    ticket_hash=ticket_hash, discord_id=discord_id, created_at=now
                )
            )

    def holder(self, ticket_hash: str, not_before: float) -> str | None:
        """Whom this ticket was given to, while it is good."""
        query = select(discord_tickets.c.discord_id).where(
            discord_tickets.c.ticket_hash == ticket_hash, discord_tickets.c.created_at >= not_before
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def begin(self, proof: Proof, forget_before: float) -> None:
        old = discord_proofs.c.created_at < forget_before
        with self._engine.begin() as connection:
            connection.execute(delete(discord_proofs).where(old))
            connection.execute(discord_proofs.insert().values(vars(proof)))

    def take_state(self, state_hash: str, browser_hash: str) -> Proof | None:
        """The proof that waits for this state in this browser; a second call finds none."""
        with self._engine.begin() as connection:
            query = select(discord_proofs).where(
                discord_proofs.c.state_hash == state_hash, discord_proofs.c.browser_hash == browser_hash
            )
            row = connection.execute(query).first()
            used = update(discord_proofs).where(discord_proofs.c.state_hash == state_hash)
            connection.execute(used.values(state_hash=None))
        return Proof(**row._mapping) if row else None

    def proven(self, browser_hash: str, discord_id: str, discord_name: str) -> None:
        change = update(discord_proofs).where(discord_proofs.c.browser_hash == browser_hash)
        with self._engine.begin() as connection:
            connection.execute(change.values(discord_id=discord_id, discord_name=discord_name))

    def proof(self, browser_hash: str, not_before: float) -> Proof | None:
        query = select(discord_proofs).where(
            discord_proofs.c.browser_hash == browser_hash, discord_proofs.c.created_at >= not_before
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Proof(**row._mapping) if row else None

    def wait(self, event: InteractionAsked, now: float, forget_before: float) -> None:
        """Keep a request until its author has linked; no more than a few."""
        mine = discord_requests.c.discord_id == event.user_id
        with self._engine.begin() as connection:
            connection.execute(delete(discord_requests).where(discord_requests.c.created_at < forget_before))
            count = select(func.count()).select_from(discord_requests).where(mine)
            if connection.execute(count).scalar_one() >= MOST_WAITING:
                return
            row = {
                "key": event.key,
                "discord_id": event.user_id,
                "event": event.model_dump(mode="json"),
                "created_at": now,
            }
            connection.execute(insert_for(connection)(discord_requests).values(row).on_conflict_do_nothing())

    def waiting(self, discord_id: str, not_before: float) -> list[InteractionAsked]:
        query = (
            select(discord_requests.c.event)
            .where(discord_requests.c.discord_id == discord_id, discord_requests.c.created_at >= not_before)
            .order_by(discord_requests.c.created_at)
        )
        with self._engine.connect() as connection:
            return [InteractionAsked.model_validate(each) for each in connection.execute(query).scalars()]

    def stop_waiting(self, discord_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(discord_requests).where(discord_requests.c.discord_id == discord_id))
