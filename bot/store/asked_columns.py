"""Who asked and where, as columns: the rows of runs and of watches have them alike."""

from typing import Any

from sqlalchemy import Row

from bot.domain.models import Requester, Run, thread_of
from bot.domain.watching import Watch


def columns_of(asked: Run | Watch) -> dict[str, object]:
    values = asked.model_dump(mode="json", exclude={"requester", "thread"})
    return values | {
        "requester_id": asked.requester.id,
        "requester_name": asked.requester.name,
        "thread": asked.thread.key,
    }


def values_of(row: Row[Any]) -> dict[str, object]:
    """What the model is validated from."""
    values = dict(row._mapping)
    requester = Requester(id=values.pop("requester_id"), name=values.pop("requester_name"))
    return {**values, "requester": requester, "thread": thread_of(values.pop("thread"))}
