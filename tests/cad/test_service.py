"""Backend, language model, rules: who makes the part, and what is said where one of them fails."""

import json
from pathlib import Path

import pytest

from tests.cad.far_ends import Answer, Call, far_end, model_says
from worker.apps.cad.parts.run_log import Line
from worker.apps.cad.parts.service import Service
from worker.apps.cad.parts.settings import Backend, LanguageModel, Settings
from worker.apps.cad.parts.trouble import Trouble
from worker.apps.cad.parts.workshop import Workshop

PROMPT = "80x50x5 mm plate"
TAKEN = "The height was not given; 20 mm was taken."
STL = b"solid part\nendsolid part\n"
CUP = {"shape": {"shape": "tube", "outer_diameter": 60, "inner_diameter": 54, "height": 80}}


def lines(folder: Path) -> list[Line]:
    text = (folder / "logs" / "runs.jsonl").read_text()
    return [Line.model_validate_json(line) for line in text.splitlines()]


def delivering(call: Call) -> tuple[int, bytes]:
    """A backend that makes what it is asked for."""
    if call.method == "GET":
        return 200, STL
    url = f"http://{call.headers['host']}/files/part.stl"
    said = {
        "job_id": "job-7",
        "generated_code": "# a plate",
        "urls": {"stl": url},
        "report": {"notes": [TAKEN]},
    }
    return 200, json.dumps(said).encode()


def test_without_settings_the_rules_make_it_and_nobody_is_asked(workshop: Workshop, tmp_path: Path) -> None:
    part = Service(Settings(folder=tmp_path), workshop).make(PROMPT, "part")

    assert (part.source, part.fallbacks, part.notes) == ("rules", [], [])
    assert part.files.keys() == {"step", "stl", "glb", "dxf"}
    (line,) = lines(tmp_path)
    assert (line.run_id, line.prompt, line.success, line.error) == (part.run_id, PROMPT, True, None)
    assert (line.mode, line.output_type, line.geometry_family) == ("part", "3d_solid", "plate")
    assert line.backend_available is None
    assert line.runtime_seconds > 0


def test_a_backend_makes_it_where_one_is_set(workshop: Workshop, tmp_path: Path) -> None:
    with far_end(delivering) as end:
        settings = Settings(folder=tmp_path, backend=Backend(f"{end.url}/", "sesame"))
        part = Service(settings, workshop).make(PROMPT, "part")

    assert (part.source, part.code, part.report["job_id"]) == ("backend", "# a plate", "job-7")
    assert part.notes == [TAKEN]
    assert part.files["stl"].read_bytes() == STL
    asked = end.calls[0]
    assert asked.headers["x-api-key"] == "sesame"
    assert asked.json() == {"prompt": PROMPT, "mode": "part", "output_type": "3d_solid"}
    assert lines(tmp_path)[0].backend_available is True


BROKEN: dict[str, tuple[Answer, str]] = {
    "fails": (lambda _: (500, b"oops"), "it answered 500"),
    "refuses": (lambda _: (401, b"no"), "it answered 401"),
    "says nothing": (lambda _: (200, b""), "could not be read"),
    "is no backend": (lambda _: (200, b"<html>"), "could not be read"),
    "sends no file": (lambda _: (200, b'{"job_id": "1", "urls": {}}'), "sent no file"),
    "sends too much": (lambda _: (200, b"x" * 1_000_000), "sent too much"),
    "names a strange address": (
        lambda _: (200, b'{"job_id": "1", "urls": {"stl": "http://169.254.169.254/latest"}}'),
        "not safe",
    ),
}


@pytest.mark.parametrize(("answer", "why"), BROKEN.values(), ids=BROKEN)
def test_a_backend_that_does_not_help_is_replaced_and_that_is_said(
    answer: Answer, why: str, workshop: Workshop, tmp_path: Path
) -> None:
    with far_end(answer) as end:
        settings = Settings(folder=tmp_path, backend=Backend(f"{end.url}/", "sesame"))
        part = Service(settings, workshop).make(PROMPT, "part")

    assert part.source == "rules"
    (said,) = part.fallbacks
    assert why in said
    assert "sesame" not in said
    assert lines(tmp_path)[0].backend_available is False


def test_a_step_file_that_is_none_is_not_handed_on(workshop: Workshop, tmp_path: Path) -> None:
    def answer(call: Call) -> tuple[int, bytes]:
        if call.method == "GET":
            return 200, b"MZ\x90 not a part"
        url = f"http://{call.headers['host']}/part.step"
        return 200, json.dumps({"job_id": "1", "urls": {"step": url}}).encode()

    with far_end(answer) as end:
        settings = Settings(folder=tmp_path, backend=Backend(f"{end.url}/", "sesame"))
        part = Service(settings, workshop).make(PROMPT, "part")

    assert part.source == "rules"
    assert "STEP file is none" in part.fallbacks[0]


def test_a_backend_that_is_slow_is_not_waited_for(workshop: Workshop, tmp_path: Path) -> None:
    with far_end(delivering) as end:
        end.open.clear()
        settings = Settings(folder=tmp_path, backend=Backend(f"{end.url}/", "sesame", seconds=0.5))
        part = Service(settings, workshop).make(PROMPT, "part")

    assert part.source == "rules"
    assert "did not answer within 0.5 s" in part.fallbacks[0]


def test_a_backend_that_is_not_there_is_replaced(workshop: Workshop, tmp_path: Path) -> None:
    with far_end(delivering) as gone:
        pass
    settings = Settings(folder=tmp_path, backend=Backend(gone.url, "sesame"))

    part = Service(settings, workshop).make(PROMPT, "part")

    assert part.source == "rules"
    assert "could not be reached" in part.fallbacks[0]


def test_a_language_model_writes_a_specification_that_is_built(workshop: Workshop, tmp_path: Path) -> None:
    with far_end(model_says(f"Here it is:\n```json\n{json.dumps(CUP)}\n```")) as end:
        settings = Settings(folder=tmp_path, language_model=LanguageModel(end.url, "some/model", "hf_key"))
        part = Service(settings, workshop).make("something to drink from", "part")

    assert part.source == "language model"
    assert part.spec and part.spec.family == "tube"
    assert part.report["volume_mm3"] == pytest.approx(42977.0, abs=0.5)
    assert "its choice" in part.notes[0]
    assert end.calls[0].path == "/chat/completions"
    assert end.calls[0].headers["authorization"] == "Bearer hf_key"


def test_a_specification_that_is_wrong_is_sent_back_once(workshop: Workshop, tmp_path: Path) -> None:
    wrong = {"shape": {**CUP["shape"], "inner_diameter": 70}}
    with far_end(model_says(json.dumps(wrong), json.dumps(CUP))) as end:
        settings = Settings(folder=tmp_path, language_model=LanguageModel(end.url, "some/model", "hf_key"))
        part = Service(settings, workshop).make("something to drink from", "part")

    assert part.source == "language model"
    assert "must be smaller" in end.calls[1].body.decode()


NO_HELP: dict[str, tuple[Answer, str]] = {
    "code": (model_says("import os\nos.system('rm -rf /')"), "no specification that can be built"),
    "a strange shape": (model_says('{"shape": {"shape": "exec", "code": "1"}}'), "no specification"),
    "too large": (
        model_says('{"shape": {"shape": "sphere", "diameter": 1e9}}'),
        "no specification that can be built",
    ),
    "no credits": (lambda _: (402, b"pay"), "it answered 402"),
    "broken": (lambda _: (200, b'{"choices": []}'), "could not be read"),
}


@pytest.mark.parametrize(("answer", "why"), NO_HELP.values(), ids=NO_HELP)
def test_a_language_model_that_does_not_help_is_replaced_and_that_is_said(
    answer: Answer, why: str, workshop: Workshop, tmp_path: Path
) -> None:
    with far_end(answer) as end:
        settings = Settings(folder=tmp_path, language_model=LanguageModel(end.url, "some/model", "hf_key"))
        part = Service(settings, workshop).make(PROMPT, "part")

    assert part.source == "rules"
    assert why in part.fallbacks[0]
    assert "hf_key" not in part.fallbacks[0]


def test_where_nobody_understands_it_the_sentence_says_who_was_asked(
    workshop: Workshop, tmp_path: Path
) -> None:
    with far_end(lambda _: (503, b"")) as end:
        settings = Settings(
            folder=tmp_path,
            backend=Backend(end.url, "sesame"),
            language_model=LanguageModel(end.url, "some/model", "hf_key"),
        )
        with pytest.raises(Trouble, match=r"503.*503.*could not tell which part"):
            Service(settings, workshop).make("a rocket ship", "part")

    (line,) = lines(tmp_path)
    assert (line.success, line.backend_available) == (False, False)
    assert line.error and "could not tell" in line.error
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("prompt", "mode", "says"),
    [
        ("", "part", "Describe a part first"),
        ("  \n", "part", "Describe a part first"),
        ("x" * 1201, "part", "under 1200 characters; this has 1201"),
        (PROMPT, "assembly", "Choose one of: part, sketch"),
    ],
)
def test_what_is_no_request_is_refused_before_anyone_is_asked(
    prompt: str, mode: str, says: str, workshop: Workshop, tmp_path: Path
) -> None:
    with far_end(delivering) as end:
        settings = Settings(folder=tmp_path, backend=Backend(end.url, "sesame"))
        with pytest.raises(Trouble, match=says):
            Service(settings, workshop).make(prompt, mode)

    assert end.calls == []
    assert lines(tmp_path)[0].error


def test_the_folder_does_not_grow_without_bounds(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.apps.cad.parts.artifacts.MOST_RUNS", 3)
    service = Service(Settings(folder=tmp_path), workshop)

    made = [service.make(f"{size} mm cube", "part").run_id for size in range(10, 15)]

    kept = {place.name for place in (tmp_path / "runs").iterdir()}
    assert kept <= set(made[-3:])
    assert made[-1] in kept
    assert len(kept) <= 3
