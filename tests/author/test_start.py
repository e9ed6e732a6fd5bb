"""What the author needs is no burden on a build that has none."""

import subprocess
import sys

SEEN = (
    "import sys, worker.pipeline; print({'uvicorn', 'starlette', 'worker.author.router'} & set(sys.modules))"
)


def test_a_worker_loads_no_server_before_an_app_has_to_be_written() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEEN], capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stdout == "set()\n"
