"""What many runs cost, and what a crash costs them: `python -m scripts.bench.scale`.

The bot is the real one, as processes of its own. The build whose Hub calls are counted is a whole one, on the
local Hub. For the rest the Hub is one that costs next to nothing (`cheap_hub.py`), and open runs are put into
the database as they are in the middle of their lives (`open_runs.py`). Measures take turns in each round.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from scripts.bench.hub_calls import hub_calls
from scripts.bench.idle import idle
from scripts.bench.recovery import recovery
from scripts.bench.starts import starts
from scripts.bench.takeover import takeover
from tests.harness.postgres import Postgres

HEAD = "| what | median | least – most | aim | rounds |\n|---|---|---|---|---|"
AIMS = {
    "Hub calls of a run": "7",
    "memory, 10000 open runs (MB)": "120",
    "processor, 10000 open runs (% of a core)": "5",
    "kill -9 with 10000 open runs: each was looked at (s)": "3",
    "a killed replica's 8 runs have moved on (s)": "15",
}


def main() -> None:
    options = _parser().parse_args()
    postgres = Postgres().start()
    try:
        measures = _measures(postgres)
        wanted = options.only.split(",") if options.only else list(measures)
        print(HEAD, flush=True)
        for name, values in _measured({name: measures[name] for name in wanted}, options.rounds).items():
            print(line(name, values), flush=True)
    finally:
        postgres.stop()


def line(name: str, values: list[float]) -> str:
    spread = f"{min(values):.4g} – {max(values):.4g}"
    return f"| {name} | {median(values):.4g} | {spread} | {AIMS.get(name, '')} | {len(values)} |"


def _measures(postgres: Postgres) -> dict[str, Callable[[Path], dict[str, float]]]:
    return {
        "hub_calls": hub_calls,
        "idle": idle,
        "recovery": recovery,
        "starts": lambda folder: starts(folder, postgres),
        "takeover": lambda folder: takeover(folder, postgres),
    }


def _measured(measures: dict[str, Callable[[Path], dict[str, float]]], rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for name, measure in measures.items():
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                (place := Path(folder) / str(number)).mkdir()
                for what, value in measure(place / name).items():
                    found.setdefault(what, []).append(value)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="some of: hub_calls, idle, recovery, starts, takeover")
    return parser


if __name__ == "__main__":
    main()
