"""`python -m worker` with less patience for the Hub, and nothing else of it changed:
`python -m tests.harness.hasty_worker KIND`."""

import os
import sys

import httpx2

import worker.hub
from worker.__main__ import main

SECONDS = 6.0

if __name__ == "__main__":
    worker.hub.TIMEOUT = httpx2.Timeout(SECONDS)  # type: ignore[misc]  # the constant itself
    code = main()
    sys.stdout.flush()
    os._exit(code)
