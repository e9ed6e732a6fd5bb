"""One process that has the CAD kernel loaded and makes parts for another: `python -m parts.making`.

A line of JSON comes in for each part, one goes out. Each part is made by a child of its own, so that whatever
the kernel does to it, the next part is made as if nothing had happened. It knows no secret.
"""

import json
import os
import resource
import sys
import traceback

from .building import build
from .exporting import export, measured, read_back
from .orders import Made, Order

MEMORY = 4 * 1024**3
CPU_SECONDS = 90
LARGEST_FILE = 25 * 1024**2


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _be_a_child(line, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            answer = said.read()
        _, status = os.waitpid(child, 0)
        if not answer:
            answer = _failed(f"the kernel gave up (status {status})").model_dump_json().encode()
        sys.stdout.write(answer.decode() + "\n")
        sys.stdout.flush()


def make(order: Order) -> Made:
    """Build the part and write its files."""
    part = build(order.spec)
    files = export(part, order.spec, order.folder, flat=order.flat)
    step = files.get("step")
    return Made(
        files=files,
        measures=measured(part),
        read_back=read_back(order.folder / step) if step else None,
        valid=bool(part.is_valid) and len(part.solids()) == 1,
        faces=len(part.faces()),
    )


def _be_a_child(line: str, writing: int) -> None:
    """Make one part and end, whatever happens."""
    try:
        # What the kernel prints would be taken for an answer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        made = make(Order.model_validate(json.loads(line)))
    except Exception as error:  # kernels raise anything; the person gets a sentence, the log the trace
        traceback.print_exc()
        made = _failed(f"the kernel could not build it ({type(error).__name__})")
    finally:
        with os.fdopen(writing, "wb") as out:
            out.write(made.model_dump_json().encode())
        os._exit(0)


def _failed(problem: str) -> Made:
    return Made(problem=problem)


if __name__ == "__main__":
    main()
