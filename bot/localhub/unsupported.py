"""What clients ask in passing, and the honest answer for all that this Hub does not have."""

from fastapi import APIRouter, Request

from bot.localhub.errors import HubError
from bot.localhub.model_facts import TASKS

router = APIRouter()
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@router.get("/api/agent-harnesses")
def agent_harnesses() -> dict[str, object]:
    """The client asks once a day which coding agents it may run under. None are known here."""
    return {"standardEnvVars": [], "harnesses": {}}


@router.get("/api/tasks")
def tasks() -> dict[str, dict[str, object]]:
    """The tasks that models are for. This Hub recommends no model for any."""
    return {task: {"id": task, "label": task, "models": [], "widgetModels": []} for task in sorted(TASKS)}


@router.head("/api/telemetry/{topic:path}")
def telemetry(topic: str) -> None:
    """Accepted and forgotten."""


@router.api_route("/api/{rest:path}", methods=ANY_METHOD, include_in_schema=False)
@router.api_route("/{repo:path}.git/{rest:path}", methods=ANY_METHOD, include_in_schema=False)
def not_here(request: Request) -> None:
    raise HubError(501, f"The local Hub does not have {request.method} {request.url.path} yet")
