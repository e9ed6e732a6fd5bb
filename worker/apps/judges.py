"""Who judges which custom app."""

from collections.abc import Callable

from worker.apps.answers import Judged, Visit
from worker.apps.cad import checks as cad
from worker.contract import App

JUDGES: dict[App, Callable[[Visit], Judged]] = {App.CAD: cad.judge}
