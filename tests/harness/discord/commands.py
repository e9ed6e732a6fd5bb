"""The application's commands: what is registered, and how many may be created in a day."""

from collections import deque
from typing import Any

from tests.harness.discord.clock import Clock
from tests.harness.discord.command_fields import Command, as_stored
from tests.harness.discord.errors import invalid, refuse

EVERYWHERE = ""
"""The scope of global commands; others have their guild's id."""
DAY = 24 * 3600
LOCALIZED = ("name_localizations", "description_localizations")


class Commands:
    """Stored commands by scope, in the order of their creation."""

    def __init__(self, clock: Clock, application_id: str, created_a_day: int = 200) -> None:
        self.created_a_day = created_a_day
        self._clock = clock
        self._application_id = application_id
        self._of: dict[str, list[dict[str, Any]]] = {}
        self._created: dict[str, deque[float]] = {}

    def all(self, scope: str = EVERYWHERE) -> list[dict[str, Any]]:
        return list(self._of.get(scope, []))

    def named(self, name: str, scope: str = EVERYWHERE) -> dict[str, Any] | None:
        return next((each for each in self.all(scope) if each["name"] == name and each["type"] == 1), None)

    def get(self, command_id: str, scope: str = EVERYWHERE) -> dict[str, Any]:
        found = next((each for each in self.all(scope) if each["id"] == command_id), None)
        if found is None:
            raise refuse(10063)
        return found

    def overwrite(self, commands: list[Command], scope: str = EVERYWHERE) -> list[dict[str, Any]]:
        """Exactly these from now on. Those that were there keep their ids; the others count as created."""
        names = [(command.type, command.name) for command in commands]
        for number, name in enumerate(names):
            if name in names[:number]:
                message = "Application command names must be unique"
                raise invalid((number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        if sum(kind == 1 for kind, _ in names) > 100:
            raise invalid((), "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 100 in length.")
        before = {(each["type"], each["name"]): each for each in self.all(scope)}
        self._count([name for name in names if name not in before], scope)
        self._of[scope] = [self._stored(c, before.get((c.type, c.name)), scope) for c in commands]
        return self.all(scope)

    def upsert(self, command: Command, scope: str = EVERYWHERE) -> tuple[dict[str, Any], bool]:
        """The command, and whether it is new."""
        name = (command.type, command.name)
        before = next((each for each in self.all(scope) if (each["type"], each["name"]) == name), None)
        if before is None:
            self._count([name], scope)
        stored = self._stored(command, before, scope)
        self._of[scope] = [each for each in self.all(scope) if each is not before] + [stored]
        return stored, before is None

    def replace(self, before: dict[str, Any], command: Command, scope: str = EVERYWHERE) -> dict[str, Any]:
        stored = self._stored(command, before, scope)
        self._of[scope] = [stored if each is before else each for each in self.all(scope)]
        return stored

    def delete(self, command_id: str, scope: str = EVERYWHERE) -> None:
        gone = self.get(command_id, scope)
        self._of[scope] = [each for each in self.all(scope) if each is not gone]

    def _count(self, new: list[tuple[int, str]], scope: str) -> None:
        now, created = self._clock.now(), self._created.setdefault(scope, deque())
        while created and created[0] < now - DAY:
            created.popleft()
        if len(created) + len(new) > self.created_a_day:
            raise refuse(30034)
        created.extend(now for _ in new)

    def _stored(self, command: Command, before: dict[str, Any] | None, scope: str) -> dict[str, Any]:
        body = as_stored(command)
        if before and all(before[name] == value for name, value in body.items()):
            return before
        body["version"] = self._clock.snowflake()
        body["id"] = before["id"] if before else self._clock.snowflake()
        body["application_id"] = self._application_id
        return body | ({"guild_id": scope} if scope else {})


def listed(command: dict[str, Any], *, with_localizations: bool) -> dict[str, Any]:
    """As a list of commands shows it: languages only when they were asked for."""
    if with_localizations:
        return command
    return {name: value for name, value in command.items() if name not in LOCALIZED}
