"""The framework, and a road past it for what strangers can send often: straight from address to hook."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import FastAPI
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

WEBHOOKS = "/webhooks/"


class DeliveriesFirst(FastAPI):
    """Whatever else the hooks' routes are asked goes the framework's road, which leads to them as well."""

    _hooks: Sequence[tuple[Route, ASGIApp]] = ()
    _by_path: Mapping[str, ASGIApp] = {}

    def lead(self, routes: Sequence[Route], dressed: Callable[[ASGIApp], ASGIApp]) -> None:
        """`dressed` gives a hook what every answer has."""
        self.router.routes += routes
        self._hooks = [(route, dressed(route.app)) for route in routes]
        self._by_path = {route.path: hook for route, hook in self._hooks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._hook(scope) or super().__call__)(scope, receive, send)

    def _hook(self, scope: Scope) -> ASGIApp | None:
        if scope["type"] != "http" or not scope["path"].startswith(WEBHOOKS):
            return None
        if hook := self._by_path.get(scope["path"]):
            return hook
        return next((hook for route, hook in self._hooks if route.matches(scope)[0] is Match.FULL), None)
