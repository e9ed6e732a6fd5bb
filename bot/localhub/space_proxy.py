"""The front doors of Spaces: one loopback port each, which stays whichever version runs behind it."""

import asyncio
import threading
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import uvicorn
from fastapi import Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from bot.localhub import space_access, space_life, space_websockets
from bot.localhub.bucket_files import inside
from bot.localhub.repos import Repo
from bot.localhub.space_app import listen_on_free_port
from bot.localhub.space_forward import forward
from bot.localhub.space_launch import Launch
from bot.localhub.space_records import Space
from bot.localhub.state import Hub

TIMEOUT = httpx2.Timeout(5, read=None)
"""An app may think for minutes before it answers; whoever asked decides how long to wait."""
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class FrontDoor:
    """The ASGI app behind one Space's port. Looks the Space up each time: it may change, move or vanish."""

    def __init__(self, hub: Hub, repo: Repo) -> None:
        self._hub = hub
        self._key, self._id = repo.key, repo.repo_id_hex
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
        self._client = httpx2.AsyncClient(trust_env=False, limits=limits, timeout=TIMEOUT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._open(WebSocket(scope, receive, send))
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    def _repo(self) -> Repo | None:
        known = self._hub.all(Repo).get(self._key)
        if known is None or known.repo_id_hex != self._id:
            known = next((repo for repo in self._hub.all(Repo) if repo.repo_id_hex == self._id), None)
            self._key = known.key if known is not None else self._key
        return known

    async def _open(self, client: WebSocket) -> None:
        repo = self._repo()
        if repo is None or not space_access.may_enter(self._hub, repo, client):
            await client.send_denial_response(_nothing_here())
            return
        launch = space_life.visit(self._hub, repo)
        if launch is None or launch.port is None:
            await client.send_denial_response(self._down(repo) if launch is None else _nothing_here())
            return
        try:
            await space_websockets.forward(client, launch.port, partial(space_life.visit, self._hub, repo))
        except space_websockets.Unreachable:
            await client.send_denial_response(self._down(repo))

    async def _answer(self, request: Request) -> Response:
        repo = self._repo()
        if repo is not None and (signed := request.query_params.get(space_access.PARAMETER)):
            return self._let_in(request, repo, signed)
        if repo is None or not space_access.may_enter(self._hub, repo, request):
            return _nothing_here()
        return await self._answer_of_app(request, repo)

    async def _answer_of_app(self, request: Request, repo: Repo) -> Response:
        launch = space_life.visit(self._hub, repo)
        if launch is None:
            return self._down(repo)
        if launch.port is None:
            return _static_file(launch, request)
        try:
            return await forward(request, self._client, launch.port)
        except httpx2.TransportError:
            return self._down(repo)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody is there to read it

    def _let_in(self, request: Request, repo: Repo, signed: str) -> Response:
        """Turn the pass in the address into a cookie, so that the address can be shared without it."""
        query = [pair for pair in request.query_params.multi_items() if pair[0] != space_access.PARAMETER]
        url = request.url.replace(query=urlencode(query))
        response = RedirectResponse(str(url), 303, headers={"Referrer-Policy": "no-referrer"})
        caller = space_access.bearer(self._hub, repo, signed)
        if caller is not None:
            lifetime = space_access.COOKIE_LIFETIME
            value = space_access.sign(repo, caller.user.name, lifetime)
            name = space_access.cookie_name(repo)
            response.set_cookie(name, value, max_age=lifetime, httponly=True, samesite="lax")
        return response

    def _down(self, repo: Repo) -> Response:
        space = self._hub.all(Space).get(repo.repo_id_hex)
        stage = space.stage if space is not None else None
        soon = stage is not None and stage.wants_to_run
        sentence = (
            "This Space is on its way and will be here in a moment."
            if soon
            else f"This Space is not running ({stage}). Its page on the Hub says why."
        )
        page = _templates.get_template("space_down.html")
        return HTMLResponse(page.render(space=repo.id, sentence=sentence, soon=soon), 503)


def _nothing_here() -> Response:
    return PlainTextResponse("Sorry, we can't find the page you are looking for.", 404)


def _static_file(launch: Launch, request: Request) -> Response:
    assert launch.built is not None
    path = str(request.scope["path"]).lstrip("/") or launch.built.config.app_file
    if path.endswith("/"):
        path += "index.html"
    file = inside(launch.folder, path)
    if file is None or request.method not in {"GET", "HEAD"}:
        return PlainTextResponse("Not found", 404)
    return FileResponse(file, headers={"Cache-Control": "no-cache"})


class Doors(threading.Thread):
    """One thread with one event loop that serves all front doors of this process."""

    def __init__(self) -> None:
        super().__init__(name="front doors", daemon=True)
        self.loop = asyncio.new_event_loop()
        self.servers: dict[str, uvicorn.Server] = {}

    def run(self) -> None:
        self.loop.run_forever()

    def open(self, hub: Hub, repo: Repo, wanted: int | None) -> int:
        listening = listen_on_free_port(wanted)
        config = uvicorn.Config(
            FrontDoor(hub, repo),
            lifespan="off",
            http="h11",  # as in serve.py
            ws="websockets-sansio",
            ws_max_size=space_websockets.LARGEST_MESSAGE,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        server = self.servers[repo.repo_id_hex] = uvicorn.Server(config)
        asyncio.run_coroutine_threadsafe(server.serve(sockets=[listening]), self.loop)
        return int(listening.getsockname()[1])

    def close(self, repo: Repo) -> None:
        if server := self.servers.pop(repo.repo_id_hex, None):
            server.should_exit = True


@cache
def _doors() -> Doors:
    doors = Doors()
    doors.start()
    return doors


def open_door(hub: Hub, repo: Repo, wanted: int | None = None) -> int:
    """Listen for this Space, on the wanted port if that is free; the port it is."""
    return _doors().open(hub, repo, wanted)


def close_door(repo: Repo) -> None:
    _doors().close(repo)
