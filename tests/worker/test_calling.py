"""An app with every kind of input is understood, is called with values it takes, and its files come home."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tests.harness.local_hub import LocalHub
from tests.worker.running_apps import RunningApp, environment_for, running_app
from worker.validate.app import App
from worker.validate.calls import Calls, call_app
from worker.validate.client import AppClient
from worker.validate.downloads import Downloads
from worker.validate.probes import Turn
from worker.validate.samples import Samples

PROMPTS = Samples(texts=("A red fox",))


@pytest.fixture(scope="module")
def running(local_hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("many")
    script = shutil.copy(Path(__file__).parent / "data" / "many_inputs_app.py", folder)
    (folder / "requirements.txt").touch()
    python = environment_for(folder / "requirements.txt", folder)
    with running_app(python, Path(script), folder, local_hub.endpoint) as app:
        yield app


@pytest.fixture
def client(running: RunningApp, tmp_path: Path) -> AppClient:
    return AppClient(running.url, None, folder=tmp_path / "answers")


@pytest.fixture(scope="module")
def app(running: RunningApp) -> App:
    return AppClient(running.url, None).app()


def call(client: AppClient, app: App, name: str, folder: Path, samples: Samples = PROMPTS) -> Calls:
    return call_app(client, app, name, samples, folder / "sent")


def test_the_app_is_known_with_the_bounds_of_its_inputs(app: App) -> None:
    assert app.endpoints.keys() == {
        "/media", "/settings", "/stream", "/remember", "/files", "/fail", "/shape"
    }  # fmt: skip
    steps, width, _, _, _, style, tags = app.endpoints["/settings"].parameters[1:]
    assert (steps.minimum, steps.maximum, steps.step, steps.component) == (10, 100, 5, "slider")
    assert (width.parameter_default, style.choices) == (1024, ("oil", "water"))
    assert tags.takes_list
    assert [each.parameter_name for each in app.endpoints["/remember"].parameters] == ["prompt"]
    assert app.endpoints["/stream"].examples == (("A kettle by Vermeer",), ("A boat by Turner",))
    assert app.schema["named_endpoints"]


def test_numbers_are_cheap_and_within_their_bounds(client: AppClient, app: App, tmp_path: Path) -> None:
    calls = call(client, app, "/settings", tmp_path)

    first, again, other, seeded = (answer.output for answer in calls.answers)
    assert first == again
    assert first == {
        "prompt": "A red fox",
        "steps": 10,
        "size": 512,
        "threshold": 0.02,
        "seed": 1,
        "randomize_seed": False,
        "style": "oil",
        "tags": ["new"],
    }
    assert isinstance(other, dict)
    assert isinstance(seeded, dict)
    assert (other["prompt"], other["seed"]) == ("A kettle by Vermeer", 1)
    assert (seeded["prompt"], seeded["seed"]) == ("A red fox", 2)
    assert calls.plans.work == 5


def test_what_was_given_is_kept_and_another_content_is_tried_too(
    client: AppClient, app: App, tmp_path: Path
) -> None:
    samples = Samples(arguments=("My own words", 60), given={"style": "water", "threshold": 0.7})

    calls = call(client, app, "settings", tmp_path, samples)

    first, _, other, _ = (probe.inputs for probe in calls.probes)
    assert (first["prompt"], first["steps"], first["style"]) == ("My own words", 60, "water")
    assert first["threshold"] == 0.7
    assert other["prompt"] != "My own words"
    assert other["steps"] == 60


def test_files_of_every_kind_are_sent(client: AppClient, app: App, tmp_path: Path) -> None:
    calls = call(client, app, "/media", tmp_path)

    first, again, *others = calls.answers
    assert first.output == {
        "image": [128, 128],
        "audio": 16_000,
        "video": ".mp4",
        "file": ".txt",
        "many": [".csv"],
        "edited": [128, 128],
        "album": 1,
    }, first.error
    assert first.output == again.output
    assert len(others) == 3, "other files had the same answer, so further ones should have been tried"
    assert not any(each.error for each in others)
    assert all(media.problem is None for answer in calls.answers for media in answer.sent)
    assert calls.probes[0].inputs["image"] == "artifacts/probe-image-1.png"
    assert {file.name for file in calls.files} >= {"probe-image-1.png", "probe-audio-2.wav"}


def test_the_last_of_a_stream_is_the_answer(client: AppClient, app: App, tmp_path: Path) -> None:
    assert call(client, app, "/stream", tmp_path).answers[0].output == "A red fox"


def test_every_call_is_a_stranger_to_the_app(client: AppClient, app: App, tmp_path: Path) -> None:
    outputs = [answer.output for answer in call(client, app, "/remember", tmp_path).answers]

    assert outputs == ["0 before"] * 3


def test_files_of_an_answer_come_into_the_folder_of_the_caller(
    client: AppClient, app: App, tmp_path: Path
) -> None:
    calls = call(client, app, "/files", tmp_path)

    picture, sound, annotated = calls.answers[0].output  # type: ignore[misc, union-attr]  # three outputs
    seen = calls.answers[0].media
    assert Path(str(picture)).parent == tmp_path / "answers"
    assert (seen[str(picture)].width, seen[str(picture)].height) == (60, 40)
    assert seen[str(sound)].seconds == 0.5
    assert isinstance(annotated, dict)
    assert Path(str(annotated["image"])).suffix == ".png"
    assert str(calls.probes[0].output).count("artifacts/answer-") == 4


def test_without_a_folder_files_stay_where_they_are(running: RunningApp) -> None:
    reply = AppClient(running.url, None).call("/files", {"prompt": "x"})

    assert reply.error is None
    assert reply.files == ()


def test_an_error_is_told_in_the_apps_own_words(client: AppClient, app: App, tmp_path: Path) -> None:
    calls = call(client, app, "/fail", tmp_path)

    assert [answer.turn for answer in calls.answers] == [Turn.FIRST, Turn.AGAIN, Turn.OTHER]
    assert "There is no GPU left for you." in str(calls.answers[0].error)


def test_an_input_that_there_is_no_value_for_is_named(client: AppClient, app: App, tmp_path: Path) -> None:
    calls = call(client, app, "/shape", tmp_path)

    assert calls.answers == ()
    assert "model3d" in calls.plans.why_not


def test_an_app_without_that_endpoint_is_called_where_it_can_be(
    client: AppClient, app: App, tmp_path: Path
) -> None:
    only = App(endpoints={name: app.endpoints[name] for name in ("/shape", "/stream")})

    assert call(client, only, "/generate", tmp_path).plans.endpoint == "/stream"


def test_a_deadline_is_an_error_of_its_own(running: RunningApp) -> None:
    assert AppClient(running.url, None, call_seconds=0).call("/stream", {"prompt": "x"}).error == (
        "no answer within 0 s"
    )


class Elsewhere(BaseHTTPRequestHandler):
    """Another server, which notes whoever comes; with `config`, one that says where its API is."""

    config: ClassVar[bytes] = b""
    visitors: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.visitors.append(str(self.headers.get("x-hf-authorization")))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.config)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def server(config: bytes = b"") -> Iterator[tuple[str, list[str]]]:
    visitors: list[str] = []
    handler = type("Handler", (Elsewhere,), {"config": config, "visitors": visitors})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", visitors
        listening.shutdown()


def test_an_app_that_sends_its_callers_elsewhere_does_not_get_the_token_there() -> None:
    with server() as (other, others), server(json.dumps({"api_prefix": other}).encode()) as (app, _):
        reply = AppClient(app, "hf_secret").call("/generate", {})

    assert "sends its callers to" in str(reply.error)
    assert others == []


def test_a_file_of_an_answer_is_only_fetched_from_the_app_itself(tmp_path: Path) -> None:
    with server() as (other, others), server(b"words") as (app, visitors):
        downloads = Downloads(f"{app}/", {"x-hf-authorization": "Bearer hf_secret"}, tmp_path)
        stream = {"path": "a b", "url": f"{other}/x", "is_stream": True, "meta": {"_type": "gradio.FileData"}}

        output = downloads.replaced({"film": stream})

    assert others == []
    assert visitors == ["Bearer hf_secret"]
    assert output == {"film": str(tmp_path / "answer-1.txt")}
