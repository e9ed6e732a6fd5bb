"""Builds one commit of a Space: checks it out, reads its configuration, prepares its Python environment."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.localhub import (
    base_environment,
    child_environment,
    hardware,
    space_config,
    space_environments,
    volumes,
)
from bot.localhub.accounts import User
from bot.localhub.repos import Repo, checkout
from bot.localhub.space_config import BadConfig, SpaceConfig
from bot.localhub.space_environments import InstallFailed, Run
from bot.localhub.space_records import Setting, Space, Stage, folder_of, host, space_of
from bot.localhub.state import Hub, now


class Failed(Exception):
    """The Space ends in this stage, with this message for its owner."""

    def __init__(self, stage: Stage, message: str | None) -> None:
        super().__init__(message)
        self.stage = stage
        self.message = message


@dataclass(frozen=True)
class Built:
    """A version that can be started: its files, and for Gradio its Python."""

    config: SpaceConfig
    folder: Path
    python: Path | None

    @property
    def command(self) -> list[str]:
        assert self.python is not None
        return [str(self.python), self.config.app_file]


def build(hub: Hub, repo: Repo, folder: Path, run: Run, say: Callable[[str], None]) -> Built:
    """Build the head of the repo into the folder. Raises Failed."""
    say(f"===== Build Queued at {now()} / Commit SHA: {repo.head[:7]} =====\n")
    checkout(hub, repo, repo.head, folder)
    config = _config(folder)
    if not (folder / config.app_file).is_file():
        raise Failed(Stage.NO_APP_FILE, None)
    if config.sdk == "static":
        return Built(config, folder, None)
    try:
        environment = space_environments.prepare(hub, folder, space_of(hub, repo).layers, run, say)
    except base_environment.NotPrepared as failure:
        raise Failed(Stage.BUILD_ERROR, f"The base environment could not be prepared: {failure}") from None
    except InstallFailed as failure:
        raise Failed(Stage.BUILD_ERROR, str(failure)) from None
    for note in _notes(config, folder):
        say(note)
    return Built(config, folder, base_environment.python_in(environment))


def _config(folder: Path) -> SpaceConfig:
    readme = folder / "README.md"
    try:
        return space_config.read(readme.read_bytes() if readme.is_file() else None)
    except BadConfig as error:
        raise Failed(Stage.CONFIG_ERROR, str(error)) from None


def _notes(config: SpaceConfig, folder: Path) -> list[str]:
    """Where this platform differs from what the Space asks for."""
    offered = base_environment.versions()
    notes = [
        f"Note: README asks for {name} {wanted}; this Hub runs {name} {offered[name]}"
        for name, wanted in (("python", config.python_version), ("gradio", config.sdk_version))
        if wanted is not None and not offered[name].startswith(wanted)
    ]
    if (folder / "packages.txt").is_file():
        notes.append("Note: packages.txt is not installed; this Hub has only what this machine has")
    return notes


def command_environment(hub: Hub, repo: Repo) -> dict[str, str]:
    """What the commands of a build find in their environment: no variable and no secret of the Space."""
    home = folder_of(hub, repo) / "home"
    own = child_environment.base(home, base_environment.python_in(base_environment.folder()))
    return {**own, "PIP_CACHE_DIR": str(hub.folder / "cache" / "pip")}


def app_environment(hub: Hub, repo: Repo, built: Built, port: int) -> dict[str, str]:
    """What the app finds in its environment; what the platform sets wins over the Space's own."""
    space = space_of(hub, repo)
    home = folder_of(hub, repo) / "home"
    mounted = volumes.mount(hub, space.volumes, built.folder.with_name(f"{built.folder.name}-volumes"))
    temporary = home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        **child_environment.base(home, built.python or built.folder),
        "TMPDIR": str(temporary),
        "HF_HOME": str(home / "huggingface"),
        **{name: mounted(value) for name, value in _values(space.variables).items()},
        **_values(space.secrets),
        "HF_ENDPOINT": hub.endpoint,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_ALLOW_FLAGGING": "never",
        **_about_itself(hub, repo, space, built.config),
    }


def _values(settings: dict[str, Setting]) -> dict[str, str]:
    return {name: setting.value for name, setting in settings.items()}


def _about_itself(hub: Hub, repo: Repo, space: Space, config: SpaceConfig) -> dict[str, str]:
    creator = hub.all(User).get(repo.created_by)
    return {
        "SYSTEM": "spaces",
        "SPACE_ID": repo.id,
        "SPACE_HOST": host(space),
        "SPACE_AUTHOR_NAME": repo.owner,
        "SPACE_REPO_NAME": repo.name,
        "SPACE_TITLE": config.title,
        "SPACE_CREATOR_USER_ID": creator.id if creator else "",
        **hardware.FOR_SPACES[space.requested_hardware or hardware.DEFAULT].environment(),
    }
