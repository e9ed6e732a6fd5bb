"""Measures an STL file without any CAD kernel: the volume that its triangles enclose, and their size."""

from pathlib import Path

import numpy as np

from worker.errors import Failed

HEADER = 80
TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def measured(file: Path) -> tuple[float, tuple[float, float, float]]:
    """Cubic millimetres, and length, width and height in millimetres. Failed where it is no binary STL."""
    content = file.read_bytes()
    count = int.from_bytes(content[HEADER : HEADER + 4], "little")
    if len(content) != HEADER + 4 + count * TRIANGLE.itemsize or not count:
        raise Failed("evidence", f"{file.name} is no binary STL file.")
    corners = np.frombuffer(content, TRIANGLE, count, HEADER + 4)["corners"].astype(np.float64)
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    length, width, height = np.ptp(corners.reshape(-1, 3), axis=0)
    return float(volume), (float(length), float(width), float(height))
