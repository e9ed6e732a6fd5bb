"""How the C library keeps memory: for each thread a heap, and what a thread once used stays in its own."""

import ctypes

ARENA_MAX = -8
"""`M_ARENA_MAX` of <malloc.h>."""


def share_one_heap() -> None:
    """For all threads to come; they wait for Python's own lock longer than for this heap's. Other C libraries
    than GNU's have no such switch, and no such heaps."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(ARENA_MAX, 1)
