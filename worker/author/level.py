"""How strong a confinement is, told by what a program inside could reach when it tried."""

import json
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """What stands between the agent and the token, the stronger the higher."""

    OPEN = 0
    """Nothing that holds."""
    WALLS = 1
    """The worker's own user, behind Landlock."""
    USER = 2
    """A user of its own: it may still see files that everybody may read, and the network."""
    USER_AND_WALLS = 3
    """A user of its own behind Landlock: its folder, its ports, and nothing else."""

    @property
    def words(self) -> str:
        return {
            Level.OPEN: "nothing that holds",
            Level.WALLS: "walls around its files and ports",
            Level.USER: "a user of its own",
            Level.USER_AND_WALLS: "a user of its own, and walls around its files and ports",
        }[self]


@dataclass(frozen=True)
class Reached:
    """What a program inside could reach when it tried."""

    file: bool
    """One outside that everybody may read."""
    arguments: bool
    """The command lines of others."""
    secrets: bool
    """The worker's variables or memory."""
    open: bool
    """The port that it is given."""
    closed: bool
    """Another port."""
    datagram: bool
    """UDP, by which names are asked for and by which texts could leave."""

    def level(self, *, own_user: bool) -> Level:
        walls = not (self.file or self.arguments or self.closed or self.datagram)
        if self.secrets or not self.open:
            return Level.OPEN
        match own_user, walls:
            case True, True:
                return Level.USER_AND_WALLS
            case True, False:
                return Level.USER
            case False, True:
                return Level.WALLS
            case _:
                return Level.OPEN


def read_reached(log: str) -> Reached:
    """Of the probe's last line; where there is none, nothing is known to hold."""
    lines = log.strip().splitlines()
    try:
        return Reached(**json.loads(lines[-1]))
    except (IndexError, ValueError, TypeError):
        return Reached(file=True, arguments=True, secrets=True, open=False, closed=True, datagram=True)
