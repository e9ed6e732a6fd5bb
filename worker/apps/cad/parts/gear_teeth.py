"""The outline of a spur gear: straight lines between points of its involutes, so that its area is exact."""

import math

from .shapes import Gear

Point = tuple[float, float]
STEPS = 5
"""Lines for one side of a tooth."""


def outline(gear: Gear) -> tuple[Point, ...]:
    """The corners of the gear's face, in order."""
    side = _side(gear)
    points: list[Point] = []
    for number in range(gear.teeth):
        middle = 2 * math.pi * number / gear.teeth
        points += [_polar(radius, middle - angle) for radius, angle in side]
        points += [_polar(radius, middle + angle) for radius, angle in reversed(side)]
    return tuple(points)


def area(points: tuple[Point, ...]) -> float:
    """Of a face with these corners, in square millimetres."""
    following = (*points[1:], points[0])
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(points, following, strict=True))) / 2


def _side(gear: Gear) -> list[tuple[float, float]]:
    """Radius and angle from the tooth's middle, from its root to its tip."""
    pitch = gear.module * gear.teeth / 2
    pressure = math.radians(gear.pressure_angle)
    base = pitch * math.cos(pressure)
    root, tip = gear.root_diameter / 2, gear.tip_diameter / 2
    half_at_pitch = math.pi / (2 * gear.teeth)
    half_at_base = half_at_pitch + _involute(pressure)
    lowest = max(base, root)
    rising = [lowest + (tip - lowest) * step / STEPS for step in range(STEPS + 1)]
    side = [(radius, half_at_base - _involute(math.acos(base / radius))) for radius in rising]
    side = [(radius, max(angle, 0.0005)) for radius, angle in side]
    return [(root, side[0][1]), *side] if root < base else side


def _involute(angle: float) -> float:
    return math.tan(angle) - angle


def _polar(radius: float, angle: float) -> Point:
    return radius * math.cos(angle), radius * math.sin(angle)
