"""The last files of a run record, written at every end, so that a record is complete however it ended."""

import json
from importlib.resources import files as package_files

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, JsonValue

from worker.apps.checklist import app_checklist
from worker.build import Build
from worker.checklist import Item, checklist
from worker.contract import Report

NOT_REACHED = "The run ended before there was a log.\n"


def write_record(build: Build, report: Report) -> None:
    """Everything that is decided at the end. The events and the state are already there."""
    journal = build.journal
    items = _checklist(build)
    logs = build.logs
    journal.write_json("report.json", report)
    journal.write("report.md", markdown(report))
    journal.write_json("inference_gate.json", _gate(report))
    journal.write_json("target_space.json", _target(build, report))
    journal.write_json("runtime_recommendation.json", _recommendation(build))
    journal.write_json("checklist.json", {"items": _plain(items)})
    journal.write_json("tests/api_schema.json", build.schema)
    journal.write_json("tests/test_result.json", {"probes": _plain(report.probes), "health": build.health})
    journal.write("logs/space_build.txt", (logs and logs.build) or NOT_REACHED)
    journal.write("logs/space_run.txt", (logs and logs.run) or NOT_REACHED)
    if build.blockers:
        journal.write_json("TECHNICAL_BLOCKERS.json", {"blockers": _plain(build.blockers)})


def _checklist(build: Build) -> tuple[Item, ...]:
    redactor = build.journal.redactor
    if build.app:
        return app_checklist(build.files, build.first_run(), build.evidence, redactor)
    return checklist(build.files, build.first_run(), redactor)


def markdown(report: Report) -> str:
    """The report for people, as `report.md.jinja` beside this module lays it out."""
    environment = Environment(  # noqa: S701  # Markdown, not HTML; texts of others stand in code spans
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["code"] = _code
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = package_files("worker").joinpath("report.md.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(report=report)


def _gate(report: Report) -> dict[str, JsonValue]:
    kept = {"verdict", "reason", "weights", "evidence", "failure"}
    return report.model_dump(mode="json", include=kept)


def _target(build: Build, report: Report) -> dict[str, JsonValue]:
    return {
        "space_id": report.space_id,
        "url": report.space_url,
        "host": build.running.host if build.running else None,
        "commit": report.space_commit,
        "hardware": report.hardware,
        "private": build.private,
    }


def _recommendation(build: Build) -> JsonValue:
    if build.app:
        return {"hardware": build.app.hardware, "reason": build.app.why_hardware}
    if build.recommendation is None:
        return {"hardware": None, "reason": "The run ended before the model was read."}
    return build.recommendation.model_dump(mode="json")


def _plain(models: tuple[BaseModel, ...]) -> list[JsonValue]:
    return [model.model_dump(mode="json") for model in models]


def _code(value: object) -> str:
    """One line in a code span that its content cannot leave."""
    text = " ".join(str(value).split()) or " "
    text = text if len(text) <= 300 else text[:299] + "…"
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"
