"""The whole worker as a Job runs it: a process, the local Hub, a record folder, and a bot to call home."""

import signal
import time
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.harness.local_hub import LocalHub
from tests.worker.far_end import far_end
from tests.worker.models_on_the_hub import Model, put_model, zoo_files, zoo_model
from tests.worker.worker_runs import COMPLETE, KEY, WorkerRun, start_worker
from worker.build import Build
from worker.contract import BuildSpec, EventKind, Phase, Report, Verdict
from worker.journal import Journal
from worker.pipeline import BUILDING, TRACE, VALIDATION, end_with
from worker.redact import Redactor
from worker.space import MARK

MODELS = ("product-reviews-sentiment", "handwritten-digits")
BLOCKERS = "TECHNICAL_BLOCKERS.json"


def check_record(run: WorkerRun, report: Report, token: str) -> None:
    """What must be true of every run, however it ended."""
    assert run.files() >= COMPLETE
    assert Report.model_validate_json((run.record / "report.json").read_text()) == report
    assert run.state().verdict == report.verdict
    assert [event.seq for event in run.events()] == list(range(1, len(run.events()) + 1))
    assert run.events()[-1].kind in {EventKind.DONE, EventKind.FAILED}
    assert (BLOCKERS in run.files()) == (report.verdict is Verdict.TECHNICAL_BLOCKER)
    assert run.process.returncode == (1 if report.verdict is Verdict.FAILED else 0)
    assert report.reason
    assert token not in run.texts()
    assert KEY not in run.texts()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_the_zoo_becomes_a_private_space_that_answered(
    local_hub: LocalHub, tmp_path: Path, name: str
) -> None:
    token = local_hub.token("alice")
    api = HfApi(endpoint=local_hub.endpoint, token=token)
    with far_end() as bot:
        run = start_worker(local_hub, zoo_model(local_hub, name), tmp_path, report_url=bot.url)
        report = run.ends(90)

    check_record(run, report, token)
    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS
    assert [each.phase for each in report.phases] == [step[0] for step in (*BUILDING, VALIDATION)]
    assert not report.weights.proven
    assert report.space_id
    space = api.space_info(report.space_id)
    assert space.private
    assert space.sha == report.space_commit
    assert run.files() >= {f"generated/{path}" for path in ("app.py", "README.md", "requirements.txt")}
    assert "Application Startup" in (run.record / "logs" / "space_run.txt").read_text()
    assert bot.events == [event.seq for event in run.events()]
    assert bot.reports == [report]
    assert bot.keys == {f"Bearer {KEY}"}
    assert api.get_space_variables(report.space_id)[MARK].value == report.run_id


def test_an_error_of_ours_leaves_its_trace_in_the_record_and_a_sentence_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = BuildSpec(run_id="run-1", model_id="a/b", revision="0" * 40, target_space="alice/demo")
    build = Build(spec, Journal(tmp_path, "run-1", None, Redactor(("hf_secret",))), "hf_secret")

    try:
        int("hf_secret")
    except ValueError as error:
        end_with(build, Phase.CARD, error)

    trace, said = (tmp_path / TRACE).read_text(), capsys.readouterr().out
    assert "ValueError: invalid literal" in trace
    assert Path(__file__).name in trace
    assert "hf_secret" not in trace + said
    assert "Traceback" not in said
    assert TRACE in said


def test_a_taken_name_is_left_alone_and_the_next_one_used(local_hub: LocalHub, tmp_path: Path) -> None:
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token("alice"))
    taken = "alice/taken"
    api.create_repo(taken, repo_type="space", space_sdk="static", private=True)
    before = api.space_info(taken).sha
    model = zoo_model(local_hub, MODELS[0])

    first = start_worker(local_hub, model, tmp_path, space=taken, run_id="run-taken").ends(90)
    again = start_worker(local_hub, model, tmp_path, space=taken, run_id="run-taken").ends(90)
    other = start_worker(local_hub, model, tmp_path, space=taken, run_id="run-other").ends(90)

    assert {first.verdict, again.verdict, other.verdict} == {Verdict.FULL_INFERENCE_SUCCESS}
    assert (first.space_id, again.space_id, other.space_id) == (
        "alice/taken-2",
        "alice/taken-2",
        "alice/taken-3",
    )
    assert api.space_info(taken).sha == before


def test_weights_that_cannot_be_loaded_fail_with_the_apps_own_error(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    files = zoo_files(local_hub, MODELS[0])
    broken = put_model(local_hub, files | {"onnx/model.onnx": files["onnx/model.onnx"][:1000]})

    run = start_worker(local_hub, broken, tmp_path)
    report = run.ends(90)

    check_record(run, report, local_hub.token("alice"))
    assert report.verdict is Verdict.FAILED
    assert report.failure
    assert report.failure.category == "runtime_error"
    assert "onnx" in report.failure.message.lower()
    assert "Traceback" in (run.record / "logs" / "space_run.txt").read_text()
    assert report.space_id
    assert [event.phase for event in run.events() if event.kind is EventKind.FAILED] == [Phase.START]


def readme(header: str) -> bytes:
    return f"---\n{header}\n---\n# A model\n".encode()


UNCOVERED: dict[str, tuple[dict[str, bytes], str]] = {
    "another task": ({"README.md": readme("pipeline_tag: text-generation")}, "text-generation"),
    "corrupt YAML": ({"README.md": b"---\npipeline_tag: [\n---\n"}, "a model without a task"),
    "no metadata": ({"README.md": b"# hello\n", "pytorch_model.bin": b"x"}, "a model without a task"),
    "empty repo": ({}, "has no files"),
    "odd names": ({"README.md": readme("license: mit"), "mødel 🙂 `x`.onnx": b"x"}, "a model without a task"),
    "a card that lies": (
        {
            "README.md": readme("pipeline_tag: text-classification"),
            "config.json": b'{"architectures": ["WhisperForConditionalGeneration"]}',
            "tokenizer.json": b"{}",
            "onnx/model.onnx": b"x",
        },
        "WhisperForConditionalGeneration",
    ),
}


@pytest.mark.parametrize(("files", "said"), UNCOVERED.values(), ids=UNCOVERED)
def test_what_no_blueprint_covers_is_a_blocker_with_a_sentence(
    local_hub: LocalHub, tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    run = start_worker(local_hub, put_model(local_hub, files), tmp_path)
    report = run.ends()

    check_record(run, report, local_hub.token("alice"))
    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    assert said in report.reason
    assert report.space_id is None
    assert "Traceback" not in run.texts()


def test_the_blockers_name_the_closest_blueprint(local_hub: LocalHub, tmp_path: Path) -> None:
    model = put_model(local_hub, {"README.md": readme("pipeline_tag: image-segmentation")})

    run = start_worker(local_hub, model, tmp_path)
    run.ends()

    assert "The closest blueprint is image-segmentation" in (run.record / BLOCKERS).read_text()


def test_a_private_model_is_mounted_into_its_space_which_gets_no_token(
    local_hub: LocalHub, tmp_path: Path
) -> None:
    model = put_model(local_hub, zoo_files(local_hub, MODELS[0]), private=True)

    report = start_worker(local_hub, model, tmp_path).ends()
    api = local_hub.api("alice")
    space = str(report.space_id)

    assert report.verdict is Verdict.FULL_INFERENCE_SUCCESS, report.reason
    (volume,) = api.get_space_runtime(space).volumes or ()
    assert (volume.source, volume.revision, volume.read_only) == (model.id, model.revision, True)
    assert api.get_space_secrets(space) == {}


@pytest.mark.parametrize(
    ("token", "category"), [("", "no_token"), ("hf_" + "unknownunknown" * 2, "token_refused")]
)
def test_without_a_good_token_the_run_fails_with_a_complete_record(
    local_hub: LocalHub, tmp_path: Path, token: str, category: str
) -> None:
    run = start_worker(local_hub, zoo_model(local_hub, MODELS[0]), tmp_path, token=token)
    report = run.ends()

    check_record(run, report, token or KEY)
    assert report.failure
    assert report.failure.category == category
    assert "Traceback" not in run.output


def test_a_model_that_does_not_exist_fails_with_its_name(local_hub: LocalHub, tmp_path: Path) -> None:
    run = start_worker(local_hub, Model("alice/nothing-here", "0" * 40), tmp_path)
    report = run.ends()

    check_record(run, report, local_hub.token("alice"))
    assert report.failure
    assert report.failure.category == "not_found"
    assert "alice/nothing-here" in report.reason


def test_someone_elses_namespace_is_refused_in_words(local_hub: LocalHub, tmp_path: Path) -> None:
    run = start_worker(local_hub, zoo_model(local_hub, MODELS[0]), tmp_path, space="bob/demo")
    report = run.ends()

    check_record(run, report, local_hub.token("alice"))
    assert report.failure
    assert report.failure.category == "forbidden"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_cancelled_job_leaves_a_complete_record_at_once(
    local_hub: LocalHub, tmp_path: Path, number: signal.Signals
) -> None:
    with far_end() as bot:
        run = start_worker(local_hub, zoo_model(local_hub, MODELS[0]), tmp_path, report_url=bot.url)
        run.reaches("start")
        run.process.send_signal(number)
        started = time.monotonic()
        report = run.ends(10)

    check_record(run, report, local_hub.token("alice"))
    assert time.monotonic() - started < 5
    assert report.failure
    assert report.failure.category == "cancelled"
    assert bot.reports == [report]


def test_the_budget_bounds_the_run(local_hub: LocalHub, tmp_path: Path) -> None:
    started = time.monotonic()
    run = start_worker(local_hub, zoo_model(local_hub, MODELS[0]), tmp_path, budget_seconds=3)
    report = run.ends(30)

    check_record(run, report, local_hub.token("alice"))
    assert report.failure
    assert report.failure.category == "out_of_time"
    assert time.monotonic() - started < 15


def test_a_bot_that_hangs_does_not_hold_the_run_up(local_hub: LocalHub, tmp_path: Path) -> None:
    with far_end() as bot:
        bot.open.clear()
        started = time.monotonic()
        run = start_worker(local_hub, put_model(local_hub, {}), tmp_path, report_url=bot.url)
        report = run.ends(30)

    check_record(run, report, local_hub.token("alice"))
    assert report.verdict is Verdict.TECHNICAL_BLOCKER
    assert time.monotonic() - started < 20
    assert "did not reach the bot" in run.output
