"""What the guard lets through, and what it refuses with which mend."""

import os
from pathlib import Path

import pytest

from tests.worker.read_sources import CARD, CHEATS, GENUINE
from tests.worker.source_files import cheating_sources, honest_sources
from worker.author.guard import Allowed, check
from worker.author.workspace import LARGEST_FILE, MOST_FILES, Workspace, read_workspace
from worker.blueprints import Blueprint, all_blueprints
from worker.redact import Redactor

README = "---\ntitle: t\nsdk: gradio\nsdk_version: 6.31.0\napp_file: app.py\n"
README += f"models:\n- {CARD.model_id}\n---\n# t\n"
HONEST = next(iter(GENUINE.values()))
INSTALLS = "config read to decide dtype, subprocess flash install"
SECRET = "hf_thetokenofthisrun0000"


def refused(
    files: dict[str, str] | None = None,
    *,
    app: str = HONEST,
    endpoint: str = "/generate",
    trust: bool = False,
) -> dict[str, str]:
    """Each rule that refused, with its whole text."""
    texts = {"app.py": app, "requirements.txt": "torch\n", "README.md": README, **(files or {})}
    workspace = Workspace(files={path: text.encode() for path, text in texts.items()})
    found = check(workspace, Allowed(CARD, endpoint, trust), Redactor([SECRET]))
    return {each.rule: str(each) for each in found}


@pytest.mark.parametrize("name", GENUINE)
def test_an_honest_app_is_let_through(name: str) -> None:
    assert not refused(app=GENUINE[name])


@pytest.mark.parametrize("name", [each for each in honest_sources() if each != INSTALLS])
def test_an_unusual_honest_app_is_let_through_where_code_of_the_model_may_run(name: str) -> None:
    assert not refused(honest_sources()[name], trust=True)


def test_even_an_honest_app_may_not_install_when_it_starts() -> None:
    assert set(refused(honest_sources()[INSTALLS])) == {"program", "install"}


@pytest.mark.parametrize("blueprint", all_blueprints(), ids=lambda each: each.name)
def test_every_blueprint_is_let_through_but_for_what_its_model_decides(blueprint: Blueprint) -> None:
    files = {
        path.name: path.read_text() for path in blueprint.folder.iterdir() if path.suffix in {".py", ".txt"}
    }
    workspace = Workspace(
        files={path: text.encode() for path, text in files.items()} | {"README.md": README.encode()}
    )
    found = check(workspace, Allowed(CARD, blueprint.endpoint, True), Redactor())

    assert not [str(each) for each in found if each.rule not in {"model"}]


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_is_refused(name: str) -> None:
    assert refused(app=CHEATS[name][0])


@pytest.mark.parametrize("name", cheating_sources())
def test_a_sly_cheat_is_refused(name: str) -> None:
    assert refused(cheating_sources()[name][0])


@pytest.mark.parametrize(
    ("line", "rule", "fix"),
    [
        ("import os; key = os.environ['HF_TOKEN']", "token", "Read no token"),
        ("import os; key = os.getenv('OPENAI_API_KEY')", "token", "Read no token"),
        ("from os import environ as e; key = e.get('MY_' + 'SECRET')", "token", "Read no token"),
        ("import os, json; print(json.dumps(dict(os.environ)))", "token", "Read no token"),
        ("import os\nfor each in os.environ.items(): print(each)", "token", "Read no token"),
        ("from huggingface_hub import get_token; t = get_token()", "token", "Read no token"),
        ("print(open('/proc/1/environ').read())", "token", "Read no token"),
        ("import subprocess; subprocess.run(['pip', 'install', 'x'])", "program", "Use Python"),
        ("import subprocess as s; s.check_call('ls', shell=True)", "program", "Use Python"),
        ("import os; os.system('pip install flash-attn')", "program", "Use Python"),
        ("import os; os.system('pip install flash-attn')", "install", "requirements.txt"),
        ("from os import execvp; execvp('sh', ['sh'])", "program", "Use Python"),
        ("import pip", "import", "requirements.txt"),
        ("import ctypes", "import", "PyPI"),
        ("from gradio_client import Client; c = Client('a/b')", "remote", "this process"),
        ("from huggingface_hub import InferenceClient", "remote", "this process"),
        ("exec(open('x').read())", "hidden", "plainly"),
        ("demo.launch(share=True)", "share", "Leave it out"),
        ("m = load(x, trust_remote_code=True)", "remote code", "TECHNICAL_BLOCKERS"),
        ("def broken(:", "syntax", "py_compile app.py"),
        (f"# {SECRET}", "secret", "Take it out"),
        ("KEY = 'sk-" + "a1" * 12 + "'", "secret", "Take it out"),
    ],
)
def test_a_forbidden_shortcut_is_refused_with_its_mend(line: str, rule: str, fix: str) -> None:
    assert fix in refused(app=f"{HONEST}\n{line}\n")[rule]


@pytest.mark.parametrize(
    "line", [f"x = {'(' * 400}1{')' * 400}", f"x = a{'.b' * 700}", f"x = {'[' * 90}1{']' * 90}"]
)
def test_code_that_is_nested_absurdly_ends_in_a_sentence(line: str) -> None:
    assert isinstance(refused(app=f"{HONEST}\n{line}\n"), dict)


def test_what_is_forbidden_in_one_module_is_found_in_a_package() -> None:
    said = refused({"own/__init__.py": "", "own/deep/net.py": "import os\nos.getenv('HF_TOKEN')\n"})

    assert "own/deep/net.py, line 2" in said["token"]


def test_starting_a_program_for_media_and_a_plain_variable_are_no_shortcuts() -> None:
    lines = "import os, subprocess\nFOLDER = os.environ.get('MODEL_FOLDER')\n"
    lines += "def cut(path):\n    subprocess.run(['ffmpeg', '-i', path, 'o.wav'], check=True)\n"

    assert not refused(app=f"{lines}{HONEST}")


def test_code_of_the_model_may_run_where_the_requester_allows_it() -> None:
    app = f"{HONEST}\nm = str(trust_remote_code=True)\n"

    assert "remote code" in refused(app=app)
    assert "remote code" not in refused(app=app, trust=True)


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("git+https://example.com/x", "PyPI"),
        ("--index-url https://example.com/simple", "PyPI"),
        ("evil @ https://example.com/evil.whl", "PyPI"),
        ("-e .", "PyPI"),
        ("gradio==6.31.0", "platform"),
        ("openai", "Space itself"),
        ("flash-attn", "SDPA"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused_with_its_mend(line: str, fix: str) -> None:
    assert fix in " ".join(refused({"requirements.txt": f"torch\n{line}\n"}).values())


def test_usual_requirements_are_let_through() -> None:
    lines = (
        "--extra-index-url https://download.pytorch.org/whl/cpu\ntorch==2.11.0\nimageio[ffmpeg]>=2 # films\n"
    )
    wheel = "https://huggingface.co/datasets/multimodalart/zerogpu-blackwell-wheels/resolve/main/a.whl\n"

    assert not refused({"requirements.txt": lines + wheel})


@pytest.mark.parametrize(
    ("readme", "fix"),
    [
        ("# no header", "YAML header"),
        (README.replace("sdk: gradio", "sdk: docker"), "sdk: gradio"),
        (README.replace(CARD.model_id, "somebody/else"), "models:"),
        (README.replace("---\n# t", "preload_from_hub:\n- somebody/else\n---\n# t"), "Preload"),
    ],
)
def test_a_header_that_leads_elsewhere_is_refused_with_its_mend(readme: str, fix: str) -> None:
    assert fix in " ".join(refused({"README.md": readme}).values())


def test_links_and_strange_files_are_refused_and_never_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("secret")
    folder = tmp_path / "workspace"
    (folder / "pkg").mkdir(parents=True)
    (folder / "app.py").write_text(HONEST)
    (folder / "link.txt").symlink_to(outside)
    (folder / "pkg" / "up").symlink_to(tmp_path, target_is_directory=True)
    os.link(outside, folder / "hard.txt")
    os.mkfifo(folder / "pipe")
    (folder / "large.json").write_bytes(b"x" * (LARGEST_FILE + 1))
    (folder / "bad\nname.py").write_text("")

    found = read_workspace(folder)

    assert set(found.files) == {"app.py"}
    assert {each.path for each in found.oddities} == {
        "link.txt",
        "pkg/up",
        "hard.txt",
        "pipe",
        "large.json",
        "bad\\nname.py",
    }
    assert all(each.fix for each in found.oddities)


def test_packages_are_read_and_notes_caches_and_hidden_files_are_not(tmp_path: Path) -> None:
    for path in (
        "app.py",
        "own/a/b.py",
        ".pi/settings.json",
        ".env",
        "__pycache__/x.pyc",
        "AGENTS.md",
        "brief/goal.md",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    (tmp_path / "TECHNICAL_BLOCKERS.json").write_text("[]")

    found = read_workspace(tmp_path)

    assert set(found.files) == {"app.py", "own/a/b.py"}
    assert found.blockers == b"[]"
    assert not found.oddities


def test_files_of_somebody_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x")

    found = read_workspace(tmp_path, owner=os.getuid() + 1)

    assert not found.files
    assert "somebody else" in found.oddities[0].problem


def test_a_flood_of_files_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 50):
        (tmp_path / f"{number:04}.txt").write_text("")

    found = read_workspace(tmp_path)

    assert len(found.files) == MOST_FILES
    assert f"{MOST_FILES} files and folders may be there" in found.oddities[0].problem


def test_a_flood_of_folders_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 50):
        (tmp_path / f"{number:04}").mkdir()

    assert len(read_workspace(tmp_path).oddities) == 1
