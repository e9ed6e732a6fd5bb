"""How deliveries are taken, and how soon people see what comes of them: `python -m scripts.bench.intake`.

Each server is a process of its own, the bot as in production; all get the same from one program, in turns.
"""

import argparse
import tempfile
from pathlib import Path

from scripts.bench import acknowledged, at_a_rate, edits, slow_disk, where
from scripts.bench.small_world import small_world

PARTS = ("acknowledged", "slow_disk", "at_a_rate", "edits", "where")


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as place, small_world(Path(place) / "hub") as world:
        settings, secret, folder = world.settings(log_level="INFO"), world.secret, Path(place)
        for part in options.only.split(","):
            match part:
                case "acknowledged":
                    contenders = acknowledged.contenders(settings, secret)
                    found = acknowledged.measured(contenders, options.rounds, folder, secret)
                    lines = acknowledged.lines(found)
                case "slow_disk":
                    lines = slow_disk.lines(settings, options.rounds, folder, secret)
                case "at_a_rate":
                    lines = at_a_rate.lines(world, options.rounds, folder)
                case "edits":
                    lines = edits.lines(world, folder)
                case "where":
                    lines = where.lines(settings, options.rounds, folder, secret)
                case _:
                    raise SystemExit(f"There is no {part!r}, but {', '.join(PARTS)}.")
            for line in (*lines, ""):
                print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.intake", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    return parser


if __name__ == "__main__":
    main()
