"""Space Factory from Python: a typed client of its API, and the command `space-factory`.

It stands alone: nothing here imports the bot, so that it installs in a moment. Installed, its name is
`space_factory`.
"""

from .calls import SpaceFactory
from .problems import Refused, TooLate, Unreachable
from .shapes import Event, Me, Request, Run, Watch

__all__ = [
    "Event",
    "Me",
    "Refused",
    "Request",
    "Run",
    "SpaceFactory",
    "TooLate",
    "Unreachable",
    "Watch",
]
