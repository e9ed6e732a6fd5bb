"""The CAD backend: a prompt comes in with a key, a part goes out as addresses of its files.

Run it beside `parts/`: uvicorn backend.endpoint:application --factory --port 8000
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from backend.configuration import Configuration, read_configuration
from backend.door import Door
from backend.storage import FOLDER_ROUTE, NotStored, storage_of
from parts.service import Service
from parts.trouble import TooMany, Trouble
from parts.workshop import Workshop

AT_ONCE = 3
"""Parts that are made or wait for it; whoever comes then is asked to come back."""


class Asked(BaseModel):
    """The body of a call."""

    model_config = ConfigDict(extra="ignore")

    prompt: str
    mode: Literal["part", "sketch"] = "part"


def application(configuration: Configuration | None = None) -> FastAPI:
    """The endpoint, with its settings from the environment."""
    config = configuration or read_configuration(os.environ)
    workshop = Workshop()
    service, storage, door = Service(config.settings, workshop), storage_of(config), Door(config)
    room = asyncio.Semaphore(AT_ONCE)
    app = FastAPI(title="CAD backend", docs_url=None, redoc_url=None, on_shutdown=[workshop.close])

    @app.post("/")
    async def make(request: Request) -> dict[str, Any]:
        asked = _asked(await door.body(request))
        if room.locked():
            raise HTTPException(429, "Enough parts are being made. Try again in a minute.")
        async with room:
            part = await run_in_threadpool(service.make, asked.prompt, asked.mode)
            address = config.public_url or str(request.base_url)
            urls = await run_in_threadpool(storage.keep, part.run_id, part.files, address)
        return {
            "job_id": part.run_id,
            "generated_code": part.code,
            "urls": urls,
            "report": part.report,
        }

    @app.get(FOLDER_ROUTE, dependencies=[Depends(door.admit)])
    def file(job_id: str, name: str) -> FileResponse:
        found = service.artifacts.file_of(job_id, name)
        if found is None:
            raise HTTPException(404, "There is no such file, or not any more.")
        return FileResponse(found)

    @app.get("/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "app": "cad-backend", "storage": storage.name, "has_key": bool(config.key)}

    for kind, status in ((TooMany, 429), (Trouble, 422), (NotStored, 502)):
        app.add_exception_handler(kind, _sentence(status))
    return app


def _asked(body: bytes) -> Asked:
    try:
        return Asked.model_validate_json(body)
    except ValidationError:
        raise HTTPException(422, 'Send {"prompt": "…", "mode": "part"}, or "sketch".') from None


def _sentence(status: int) -> Callable[[Request, Exception], JSONResponse]:
    def answer(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status)

    return answer
