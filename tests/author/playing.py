"""Everything around a turn of the real Pi: the scripted model, the real proxy, the real confinement."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.scripted_model import ScriptedModel
from tests.harness.scripted_model.steps import Behaviour
from worker.author.confinement import Confinement
from worker.author.install import installed
from worker.author.ledger import NOTHING, Ledger, Totals
from worker.author.models import choose, read_list
from worker.author.pi import Pi
from worker.author.pi_settings import Patience
from worker.author.router import Router
from worker.author.turns import Budget

TOKEN = "hf_" + "theRealTokenOfAPerson" + "0123456789"
AMPLE = Budget(turns=9, usd=10, tokens=10_000_000, requests=60, seconds=60)
IMPATIENT = Patience(retries=1, first_wait=0.1, idle=5, command=20, quiet=20)


@dataclass
class Playing:
    model: ScriptedModel
    router: Router
    place: Confinement
    pi: Pi

    def file(self, name: str) -> str:
        return (self.place.workspace / name).read_text()


@contextmanager
def playing(
    behaviour: Behaviour,
    folder: Path,
    *,
    budget: Budget = AMPLE,
    patience: Patience = IMPATIENT,
    before: Totals = NOTHING,
    quiet_seconds: float = 3,
    **about: Any,
) -> Iterator[Playing]:
    found = installed()
    with ScriptedModel(behaviour) as model:
        chosen = choose(read_list(model.address, TOKEN))
        with (
            Router(
                TOKEN,
                models=[chosen.name],
                ledger=Ledger(budget, chosen.prices, before),
                upstream=model.address,
                quiet_seconds=quiet_seconds,
            ) as router,
            Confinement(readable=found.readable) as place,
        ):
            pi = Pi(
                installed=found,
                place=place,
                router=router,
                model=chosen,
                session=folder / "session.jsonl",
                log=folder / "pi.log",
                patience=patience,
                **about,
            )
            yield Playing(model, router, place, pi)
