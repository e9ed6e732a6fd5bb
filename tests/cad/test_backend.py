"""The backend as it is deployed: a process of its own, called over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.cad.far_ends import Call, far_end, model_says
from tests.harness.waiting import wait_until
from worker.apps.cad.parts.service import Service
from worker.apps.cad.parts.settings import Backend, Settings
from worker.apps.cad.parts.workshop import Workshop

FOLDER = Path(__file__).parents[2] / "worker" / "apps" / "cad"
KEY = {"x-api-key": "sesame"}
PLATE = {"prompt": "80x50 mm plate, 5 mm thick, four 6 mm holes"}


@contextmanager
def backend(folder: Path, **settings: str) -> Iterator[str]:
    """Its address, once it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "BACKEND_FOLDER": str(folder),
        **settings,
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "backend.endpoint:application",
        "--factory",
        "--port",
        str(port),
    ]
    with (folder / "backend.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=FOLDER, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or _listens(port), "the backend", seconds=120)
        assert process.poll() is None, (folder / "backend.log").read_text()
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        said = (folder / "backend.log").read_text()
        assert "Traceback" not in said
        assert not any(secret in said for secret in ("sesame", "or_key", "service_key"))


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def post(url: str, body: object, headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.post(url, json=body, headers=headers, timeout=200)


def test_it_makes_a_part_for_whoever_has_the_key(tmp_path: Path) -> None:
    with backend(tmp_path, NATURALCAD_API_KEY="sesame") as url:
        answer = post(url, PLATE, KEY)
        said = answer.json()
        files = {kind: httpx2.get(address, headers=KEY, timeout=60) for kind, address in said["urls"].items()}
        stranger = httpx2.get(said["urls"]["stl"], timeout=60)

    assert answer.status_code == 200
    assert said["job_id"]
    assert "Box(80, 50, 5" in said["generated_code"]
    assert files.keys() == {"step", "stl", "glb", "dxf"}
    assert files["step"].content.startswith(b"ISO-10303-21")
    assert stranger.status_code == 401
    assert said["report"]["volume_mm3"] == pytest.approx(19434.513)


def test_it_refuses_who_has_no_key_and_what_is_no_request(tmp_path: Path) -> None:
    with backend(tmp_path, NATURALCAD_API_KEY="sesame") as url:
        assert post(url, PLATE).status_code == 401
        assert post(url, PLATE, {"x-api-key": "guess"}).status_code == 401
        assert httpx2.post(url, content=b"x" * 100_000, headers=KEY).status_code == 413
        assert post(url, {"mode": "part"}, KEY).status_code == 422
        too_long = post(url, {"prompt": "x" * 1300}, KEY)
        rocket = post(url, {"prompt": "a rocket"}, KEY)
        missing = httpx2.get(f"{url}/artifacts/{'0' * 32}/part.stl", headers=KEY)
        outside = httpx2.get(f"{url}/artifacts/..%2f..%2fetc/passwd", headers=KEY)

    assert too_long.json() == {"detail": "Please keep it under 1200 characters; this has 1300."}
    assert (rocket.status_code, "could not tell" in rocket.json()["detail"]) == (422, True)
    assert (missing.status_code, outside.status_code) == (404, 404)


def test_without_a_key_of_its_own_it_answers_nobody(tmp_path: Path) -> None:
    with backend(tmp_path) as url:
        assert post(url, PLATE, {"x-api-key": ""}).status_code == 503
        assert httpx2.get(f"{url}/health").json()["has_key"] is False


def test_who_asks_too_often_has_to_wait(tmp_path: Path) -> None:
    with backend(tmp_path, NATURALCAD_API_KEY="sesame") as url:
        statuses = [post(url, {"mode": "?"}, KEY).status_code for _ in range(25)]

    assert 429 in statuses
    assert statuses[0] == 422


def test_a_language_model_of_openrouter_writes_the_specification(tmp_path: Path) -> None:
    spec = json.dumps({"shape": {"shape": "sphere", "diameter": 42}})
    with (
        far_end(model_says(spec)) as router,
        backend(
            tmp_path,
            NATURALCAD_API_KEY="sesame",
            OPENROUTER_API_KEY="or_key",
            OPENROUTER_MODEL="some/model",
            OPENROUTER_URL=router.url,
        ) as url,
    ):
        said = post(url, {"prompt": "something to play with"}, KEY).json()

    assert said["report"]["box_mm"] == [42, 42, 42]
    assert router.calls[0].headers["authorization"] == "Bearer or_key"
    assert router.calls[0].json()["model"] == "some/model"


def supabase(call: Call) -> tuple[int, bytes]:
    if call.path.startswith("/storage/v1/object/sign/"):
        path = call.path.removeprefix("/storage/v1/object/sign/")
        return 200, json.dumps({"signedURL": f"/object/sign/{path}?token=t"}).encode()
    return 200, b"{}"


def test_the_files_go_to_supabase_where_it_is_set(tmp_path: Path) -> None:
    with (
        far_end(supabase) as storage,
        backend(
            tmp_path,
            NATURALCAD_API_KEY="sesame",
            SUPABASE_URL=storage.url,
            SUPABASE_SERVICE_ROLE_KEY="service_key",
            SUPABASE_BUCKET="parts",
        ) as url,
    ):
        said = post(url, PLATE, KEY).json()

    put = {call.path: call for call in storage.calls if "/sign/" not in call.path}
    job = said["job_id"]
    assert f"/storage/v1/object/parts/runs/{job}/plate.step" in put
    assert put[f"/storage/v1/object/parts/runs/{job}/plate.step"].body.startswith(b"ISO-10303-21")
    assert all(call.headers["authorization"] == "Bearer service_key" for call in storage.calls)
    assert said["urls"]["stl"] == f"{storage.url}/storage/v1/object/sign/parts/runs/{job}/plate.stl?token=t"


def test_a_storage_that_fails_is_said(tmp_path: Path) -> None:
    with (
        far_end(lambda _: (500, b"")) as storage,
        backend(
            tmp_path,
            NATURALCAD_API_KEY="sesame",
            SUPABASE_URL=storage.url,
            SUPABASE_SERVICE_ROLE_KEY="service_key",
        ) as url,
    ):
        answer = post(url, PLATE, KEY)

    assert answer.status_code == 502
    assert "Supabase did not keep it: it answered 500" in answer.json()["detail"]


def test_the_app_and_the_backend_understand_each_other(tmp_path: Path, workshop: Workshop) -> None:
    (tmp_path / "there").mkdir()
    with backend(tmp_path / "there", NATURALCAD_API_KEY="sesame") as url:
        settings = Settings(folder=tmp_path / "here", backend=Backend(f"{url}/", "sesame", seconds=200))
        part = Service(settings, workshop).make(PLATE["prompt"], "part")

    assert (part.source, part.fallbacks) == ("backend", [])
    assert part.files.keys() == {"step", "stl", "glb", "dxf"}
    assert part.files["glb"].read_bytes().startswith(b"glTF")
