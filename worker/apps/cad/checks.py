"""Judges a running CAD Space from outside: the files that it gives are measured, and not believed."""

import json
import math
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from worker.apps import ProbeOf
from worker.apps.answers import Judged, Said, Visit
from worker.apps.cad.mesh import measured
from worker.apps.source_guard import runs_no_generated_code
from worker.contract import Evidence
from worker.errors import Failed

EXACT = 1e-4
"""Of what the kernel says."""
MESHED = 0.02
"""Of triangles in place of round faces."""
LOG_FIELDS = frozenset(
    {
        *("timestamp", "run_id", "prompt", "mode", "output_type", "geometry_family", "backend_available"),
        *("success", "runtime_seconds", "error"),
    }
)
LONGEST_PROMPT = 1200
MOST_TRIES = 40
SHARE_SECONDS = 30.0
"""In which a caller may ask so many times."""
PAUSE = 2.0
STARTS = {"step": b"ISO-10303-21;", "glb": b"glTF"}
ENTITIES = ("LINE", "CIRCLE", "ARC", "ELLIPSE", "SPLINE", "LWPOLYLINE")


def judge(visit: Visit) -> Judged:
    """Every check, the one that uses up the caller's share last."""
    parts = [_Part(visit.call(probe)) for probe in visit.app.probes]
    again = _Part(visit.call(visit.app.probes[0]))
    refused = [visit.call(probe) for probe in visit.app.refused]
    evidence = (
        _healthy(visit),
        _answered(parts),
        _each("type", parts, _Part.formats, "STEP, STL, GLB and DXF are what they are called."),
        _each(
            "substance", parts, _Part.mesh, "The STL files enclose what was specified, in size and volume."
        ),
        _each("volume", parts, _Part.volume, "Each volume is that of the specification, worked out by hand."),
        _each("size", parts, _Part.size, "Each part fits into the box that was specified."),
        _each("valid", parts, _Part.valid, "The kernel says that each part is one valid solid."),
        _each("step", parts, _Part.step, "Each STEP file, read back by the kernel, is the same part."),
        _each("run_log", parts, _Part.log, "Each run is logged with every field that was asked for."),
        _repeatable(parts[0], again),
        _sensitive(parts),
        _refusals(refused),
        _fallback(visit, parts),
        runs_no_generated_code(visit.files),
        _untracked(visit),
        _prompt_cap(visit),
        _rate_limit(visit),
    )
    return Judged(evidence, tuple(visit.made))


class _Part:
    """An answer with a part. Each check returns what is wrong, or None."""

    def __init__(self, said: Said) -> None:
        self.error = said.reply.error
        self.prompt = str(said.probe.inputs["prompt"])
        self.expected: dict[str, Any] = dict(said.probe.expected)
        self.is_flat = said.probe.inputs.get("mode") == "sketch"
        output = said.reply.output if isinstance(said.reply.output, list) else []
        self.report: dict[str, Any] = next((each for each in output if isinstance(each, dict)), {})
        self.files = dict(_by_format(said.reply.files))

    def formats(self) -> str | None:
        wanted = {"dxf"} if self.is_flat else {"step", "stl", "glb", "dxf"}
        missing = wanted - self.files.keys()
        return f"has no {' and no '.join(sorted(missing))}" if missing else None

    def mesh(self) -> str | None:
        if self.is_flat:
            return None
        try:
            volume, box = measured(self.files["stl"])
        except (KeyError, Failed):
            return "has no STL file that can be measured"
        return self._differs(volume, box, MESHED)

    def volume(self) -> str | None:
        return self._differs(_number(self.report.get("volume_mm3")), self.expected["box"], EXACT)

    def size(self) -> str | None:
        return self._differs(float(self.expected["volume"]), self.report.get("box_mm") or (), EXACT)

    def valid(self) -> str | None:
        return None if self.report.get("valid") is True else "is not one valid solid"

    def step(self) -> str | None:
        if self.is_flat:
            return None
        return self._differs(_number(self.report.get("step_volume_mm3")), self.expected["box"], EXACT)

    def log(self) -> str | None:
        line = self.report.get("log")
        missing = LOG_FIELDS - (line.keys() if isinstance(line, dict) else set())
        return f"is logged without {', '.join(sorted(missing))}" if missing else None

    def shape(self) -> JsonValue:
        return [self.report.get(key) for key in ("volume_mm3", "box_mm", "faces")]

    def _differs(self, volume: float, box: Iterable[float], tolerance: float) -> str | None:
        wanted = float(self.expected["volume"])
        if not math.isclose(volume, wanted, rel_tol=tolerance):
            return f"has {volume:.1f} mm³ instead of {wanted:.1f}"
        sides = tuple(box)
        if len(sides) != 3 or not all(
            math.isclose(one, other, rel_tol=tolerance, abs_tol=0.01)
            for one, other in zip(sides, self.expected["box"], strict=True)
        ):
            return f"measures {' × '.join(f'{side:g}' for side in sides)} mm"
        return None


def _by_format(files: Iterable[Path]) -> Iterable[tuple[str, Path]]:
    """Told by content: whatever the app calls them."""
    for file in files:
        content = file.read_bytes()
        if content.startswith(STARTS["step"]) and b"END-ISO-10303-21" in content[-200:]:
            yield "step", file
        elif content.startswith(STARTS["glb"]) and int.from_bytes(content[8:12], "little") == len(content):
            yield "glb", file
        elif b"ENTITIES" in content and any(f"\n{name}\n".encode() in _lines(content) for name in ENTITIES):
            yield "dxf", file
        elif len(content) > 84 and int.from_bytes(content[80:84], "little") * 50 + 84 == len(content):
            yield "stl", file


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _healthy(visit: Visit) -> Evidence:
    said = visit.health or {}
    passed = said.get("status") == "ok" and said.get("app") == visit.app.name
    detail = "The CAD kernel is loaded." if passed else f"/health says {json.dumps(said)[:200]}."
    return Evidence(name="health", passed=passed, detail=detail)


def _answered(parts: list[_Part]) -> Evidence:
    failed = next((part for part in parts if part.error), None)
    if failed:
        return Evidence(name="answered", passed=False, detail=f"{failed.prompt}: {failed.error}"[:400])
    return Evidence(name="answered", passed=True, detail=f"{len(parts)} prompts were answered with a part.")


def _each(name: str, parts: list[_Part], check: Any, fine: str) -> Evidence:
    """One check of every part that there is."""
    for part in parts:
        if not part.error and (problem := check(part)):
            return Evidence(name=name, passed=False, detail=f"{part.prompt}: it {problem}."[:400])
    return Evidence(name=name, passed=True if any(not part.error for part in parts) else None, detail=fine)


def _repeatable(first: _Part, again: _Part) -> Evidence:
    passed = first.shape() == again.shape()
    detail = "The same prompt made the same part." if passed else "The same prompt made another part."
    return Evidence(name="repeatable", passed=passed, detail=detail)


def _sensitive(parts: list[_Part]) -> Evidence:
    shapes = {json.dumps(part.shape()) for part in parts}
    passed = len(shapes) == len(parts)
    detail = f"{len(parts)} different prompts made {len(shapes)} different parts."
    return Evidence(name="input_sensitive", passed=passed, detail=detail)


def _refusals(refused: list[Said]) -> Evidence:
    for said in refused:
        error, wanted = said.reply.error or "", str(said.probe.expected["says"])
        if wanted not in error or "Traceback" in error:
            detail = f"{said.probe.inputs['prompt']!r} was answered with {error[:200] or 'a part'!r}."
            return Evidence(name="refusals", passed=False, detail=detail)
    return Evidence(name="refusals", passed=True, detail="What can't be made is refused with a sentence.")


def _fallback(visit: Visit, parts: list[_Part]) -> Evidence:
    """A Space without a backend must work; one with a backend says who has made the part."""
    if (visit.health or {}).get("backend"):
        told = all(part.report.get("source") for part in parts)
        return Evidence(name="fallback", passed=told, detail="A backend is set; each part says who made it.")
    alone = [part for part in parts if part.report.get("source") and part.report["source"] != "backend"]
    passed = len(alone) == len(parts)
    detail = "No backend is set, and each part was made without one." if passed else "It needs a backend."
    return Evidence(name="fallback", passed=passed, detail=detail)


def _untracked(visit: Visit) -> Evidence:
    tracked = [
        path for path in (*visit.files, *visit.tracked) if path.endswith(".jsonl") or "artifacts/" in path
    ]
    detail = (
        f"{tracked[0]} is part of the repo." if tracked else "No run log and no artifact is part of the repo."
    )
    return Evidence(name="untracked_logs", passed=not tracked, detail=detail)


def _prompt_cap(visit: Visit) -> Evidence:
    said = visit.call(ProbeOf(inputs={"prompt": "box " * LONGEST_PROMPT, "mode": "part"}))
    error = said.reply.error or ""
    passed = "characters" in error
    detail = (
        f"{4 * LONGEST_PROMPT} characters were refused." if passed else f"They were answered with {error!r}."
    )
    return Evidence(name="prompt_cap", passed=passed, detail=detail[:300])


def _rate_limit(visit: Visit) -> Evidence:
    """Ask until it says that it is enough, and then until it lets us in again: people come next. Nothing is
    made for an empty prompt."""
    started = time.monotonic()
    tries = next((number for number in range(1, MOST_TRIES + 1) if _is_too_much(visit)), None)
    if tries is None:
        # On a slow machine so many calls may take longer than the time that they are counted in.
        slow = time.monotonic() - started > SHARE_SECONDS
        detail = f"{MOST_TRIES} calls in a row were let in."
        return Evidence(name="rate_limit", passed=None if slow else False, detail=detail)
    while _is_too_much(visit):
        if time.monotonic() - started > 4 * SHARE_SECONDS:
            detail = f"After {tries} calls it said that it is enough, and never let us in again."
            return Evidence(name="rate_limit", passed=False, detail=detail)
        time.sleep(PAUSE)
    detail = f"After {tries} more calls it said that it is enough, and later it let us in again."
    return Evidence(name="rate_limit", passed=True, detail=detail)


def _is_too_much(visit: Visit) -> bool:
    reply = visit.client.call(visit.app.endpoint, {"prompt": "", "mode": "part"})
    return "Too many parts" in (reply.error or "")
