"""Nothing is kept longer than stated: how long the rows of each table may live, and their end.

What has no rule here ends with its owner (`handlers/disconnect.py`) or with the command that made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Engine, Table, delete, select

from bot.domain import retention
from bot.store import tables as t


@dataclass(frozen=True)
class Rule:
    """Rows of a table end so many seconds after the time in `since`; those where it is empty stay."""

    table: Table
    since: Column[float]
    seconds: float
    only: ColumnElement[bool] | None = None


_connected = select(t.accounts.c.user_id)
_rules = (
    Rule(t.sign_ins, t.sign_ins.c.created_at, retention.SIGN_IN),
    Rule(t.sessions, t.sessions.c.created_at, retention.SESSION),
    Rule(t.invitations, t.invitations.c.created_at, retention.LINK_REMEMBERED),
    Rule(t.accounts, t.accounts.c.used_at, retention.IDLE_ACCOUNT),
    Rule(t.ended_connections, t.ended_connections.c.at, retention.ENDED_CONNECTION),
    Rule(t.waiting_requests, t.waiting_requests.c.created_at, retention.WAITING_REQUEST),
    Rule(t.api_keys, t.api_keys.c.used_at, retention.IDLE_ACCOUNT),
    Rule(t.decisions, t.decisions.c.at, retention.DECISION),
    Rule(t.rate_hits, t.rate_hits.c.ends_at, 0),
    Rule(t.discord_tickets, t.discord_tickets.c.created_at, retention.SIGN_IN),
    Rule(t.discord_proofs, t.discord_proofs.c.created_at, retention.SIGN_IN),
    Rule(t.discord_requests, t.discord_requests.c.created_at, retention.WAITING_REQUEST),
    Rule(t.discord_answers, t.discord_answers.c.created_at, retention.DISCORD_ANSWER),
    Rule(t.discord_said, t.discord_said.c.at, retention.DISCORD_ANSWER),
    Rule(
        t.discord_links,
        t.discord_links.c.linked_at,
        retention.IDLE_ACCOUNT,
        t.discord_links.c.hub_id.not_in(_connected),
    ),
    Rule(t.runs, t.runs.c.ended_at, retention.RUN),
    Rule(t.deliveries, t.deliveries.c.taken_at, retention.DELIVERY, t.deliveries.c.state != "new"),
)
RULES = {rule.table.name: rule for rule in _rules}


class Retention:
    """Of both rooms: the main one's tables, and the inbox's."""

    def __init__(self, main: Engine, inbox: Engine) -> None:
        self._rooms = {t.main_tables: main, t.inbox_tables: inbox}

    def forget_the_old(self, now: float) -> None:
        """End every row whose time is over; what workers reported ends with its run."""
        for room, engine in self._rooms.items():
            with engine.begin() as connection:
                if room is t.main_tables:
                    old_runs = select(t.runs.c.id).where(*_is_old(RULES["runs"], now))
                    connection.execute(delete(t.run_events).where(t.run_events.c.run_id.in_(old_runs)))
                for rule in RULES.values():
                    if rule.table.metadata is room:
                        connection.execute(delete(rule.table).where(*_is_old(rule, now)))


def _is_old(rule: Rule, now: float) -> Sequence[ColumnElement[bool]]:
    old = rule.since < now - rule.seconds
    return [old] if rule.only is None else [old, rule.only]
