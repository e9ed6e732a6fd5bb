"""From a prompt to a part: the backend if one is set, else a language model if there is a token, else the
built-in rules. Where one fails the next takes over, and the answer says so."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import rules
from .artifacts import Artifacts
from .language_model import specify
from .listing import listing_of
from .measures import measures_of
from .orders import Made, Order
from .remote import order
from .run_log import Line, RunLog
from .settings import LONGEST_PROMPT, LanguageModel, Settings
from .specification import Specification
from .trouble import Trouble
from .unused_numbers import notes_on
from .web import Unavailable
from .workshop import Workshop

MODES = {"part": "3d_solid", "sketch": "2d_vector"}
"""Mode to output type."""
Planner = tuple[str, Callable[[str], tuple[Specification, tuple[str, ...]]]]


@dataclass
class Part:
    """What came of a prompt."""

    run_id: str
    mode: str
    source: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    code: str = ""
    spec: Specification | None = None
    notes: list[str] = field(default_factory=list)
    fallbacks: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


class Service:
    """Makes parts, keeps them for a while, and writes the run log."""

    def __init__(self, settings: Settings, workshop: Workshop) -> None:
        self._settings = settings
        self._workshop = workshop
        self.artifacts = Artifacts(settings.folder)
        self.log = RunLog(settings.folder)

    def make(self, prompt: str, mode: str) -> Part:
        """The part. Trouble with a sentence where there is none."""
        part = Part(secrets.token_hex(16), mode)
        line = Line(
            run_id=part.run_id, prompt=prompt[:LONGEST_PROMPT], mode=mode, output_type=MODES.get(mode, "")
        )
        started = time.monotonic()
        try:
            _check(prompt, mode)
            self._make(prompt, part, line)
            line.success = True
        except Trouble as trouble:
            line.error = str(trouble)
            raise
        except Exception as error:
            line.error = type(error).__name__
            raise
        finally:
            line.source, line.runtime_seconds = part.source or None, round(time.monotonic() - started, 3)
            line.geometry_family = part.spec.family if part.spec else None
            part.report |= {"run_id": part.run_id, "source": part.source, "seconds": line.runtime_seconds}
            part.report["log"] = line.model_dump(mode="json")
            self.log.append(line)
        return part

    def _make(self, prompt: str, part: Part, line: Line) -> None:
        place = self.artifacts.place_for(part.run_id)
        try:
            line.backend_available = self._from_backend(prompt, part, place)
            if not part.files:
                self._by_planners(prompt, part, place)
        except BaseException:
            self.artifacts.drop(place)
            raise
        part.report |= {"notes": part.notes, "fallbacks": part.fallbacks}

    def _from_backend(self, prompt: str, part: Part, place: Path) -> bool | None:
        """Whether the backend has made it; None where none is set."""
        backend = self._settings.backend
        if backend is None:
            return None
        try:
            delivered = order(backend, prompt, part.mode, MODES[part.mode], place)
        except Unavailable as why:
            part.fallbacks.append(f"The remote backend did not help: {why}. The part was made here instead.")
            return False
        part.source, part.code, part.files = "backend", delivered.code, delivered.files
        part.report["job_id"] = delivered.job_id
        part.notes += delivered.notes
        return True

    def _by_planners(self, prompt: str, part: Part, place: Path) -> None:
        for name, plan in self._planners():
            try:
                spec, notes = plan(prompt)
                made = self._workshop.make(Order(spec=spec, folder=place, flat=part.mode == "sketch"))
                _fill(part, name, spec, made, place)
            except Unavailable as why:
                part.fallbacks.append(
                    f"The language model did not help: {why}. The built-in rules were used."
                )
            except Trouble as trouble:
                if name == "rules":
                    raise _after(part.fallbacks, trouble) from None
                part.fallbacks.append(f"What the language model wrote did not work: {trouble}")
            else:
                part.notes += notes
                return

    def _planners(self) -> Iterator[Planner]:
        if model := self._settings.language_model:
            yield "language model", lambda prompt: _specified(model, prompt)
        yield "rules", rules.plan


def _specified(model: LanguageModel, prompt: str) -> tuple[Specification, tuple[str, ...]]:
    spec = specify(model, prompt)
    return spec, notes_on(prompt, spec)


def _check(prompt: str, mode: str) -> None:
    if mode not in MODES:
        raise Trouble(f"There is no such mode. Choose one of: {', '.join(MODES)}.")
    if not prompt.strip():
        raise Trouble("Describe a part first, for example: 80x50 mm plate, 5 mm thick, four 6 mm holes.")
    if len(prompt) > LONGEST_PROMPT:
        raise Trouble(f"Please keep it under {LONGEST_PROMPT} characters; this has {len(prompt)}.")


def _fill(part: Part, source: str, spec: Specification, made: Made, place: Path) -> None:
    """Take what was made, if it is what was specified."""
    expected = measures_of(spec)
    assert made.measures
    problem = made.measures.differs(expected) or (made.read_back and made.read_back.differs(expected))
    if problem or not made.valid:
        raise Trouble(f"The kernel made another part than was specified: {problem or 'it is not one solid'}.")
    part.source, part.spec, part.code = source, spec, listing_of(spec)
    part.files = {name: place / file for name, file in made.files.items()}
    part.report |= {
        "specification": spec.model_dump(mode="json", exclude_none=True),
        "volume_mm3": round(made.measures.volume, 3),
        "box_mm": [round(side, 3) for side in made.measures.box],
        "expected_volume_mm3": round(expected.volume, 3),
        "expected_box_mm": [round(side, 3) for side in expected.box],
        "step_volume_mm3": round(made.read_back.volume, 3) if made.read_back else None,
        "valid": made.valid,
        "faces": made.faces,
    }


def _after(fallbacks: list[str], trouble: Trouble) -> Trouble:
    """The sentence, with what had failed before it."""
    return Trouble(" ".join((*fallbacks, str(trouble))))
