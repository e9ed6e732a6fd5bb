"""What a Job is to be: the specification that a launch, a schedule or a webhook gives, and its checking."""

import re

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.localhub import hardware, repos, volumes
from bot.localhub.accounts import Caller
from bot.localhub.errors import HubError
from bot.localhub.state import Hub
from bot.localhub.volumes import Volume

_LABEL = re.compile(r"[\w.-]{1,100}", re.ASCII)
_NOT_HERE = ("expose", "network", "resourceGroupId", "ssh")


class JobSpec(BaseModel):
    """The body of a launch. What is not known here is refused by name in `check`."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        coerce_numbers_to_str=True,
    )

    docker_image: str | None = None
    space_id: str | None = None
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    secrets: dict[str, str] = {}
    flavor: str = hardware.DEFAULT
    timeout_seconds: int = Field(default=1800, ge=1)
    attempts: int = Field(default=1, ge=1, le=10)
    labels: dict[str, str] = {}
    volumes: tuple[Volume, ...] = ()

    def with_name(self) -> "JobSpec":
        """With the label `name` that every Job has."""
        return self.model_copy(update={"labels": {"name": self._default_name(), **self.labels}})

    def _default_name(self) -> str:
        image = (self.docker_image or self.space_id or "").rstrip("/").rpartition("/")[2]
        return re.sub(r"[^\w-]", "-", image, flags=re.ASCII)[:100]


def check(hub: Hub, caller: Caller, spec: JobSpec) -> None:
    """Whether this can be a Job, and reaches only what the caller may have. Raises HubError."""
    if unknown := sorted(set(_NOT_HERE) & set(spec.model_extra or {})):
        raise HubError(501, f"The local Hub does not have {unknown[0]} for Jobs yet")
    if (spec.docker_image is None) == (spec.space_id is None):
        raise HubError(400, "A Job needs either a dockerImage or a spaceId")
    if not spec.command and not spec.arguments:
        raise HubError(400, "A Job here needs a command: there is no image whose own command could be run")
    if spec.flavor not in hardware.FOR_JOBS:
        raise HubError(
            400, f"Unknown flavor {spec.flavor[:100]!r}. Choose one of {', '.join(hardware.FOR_JOBS)}"
        )
    checked_labels(spec.labels)
    if spec.space_id is not None:
        repos.find(hub, repos.RepoKind.SPACE, spec.space_id, caller)
    volumes.check(hub, caller, spec.volumes)


def checked_labels(labels: dict[str, str]) -> dict[str, str]:
    for word in [*labels, *filter(None, labels.values())]:
        if not _LABEL.fullmatch(word):
            raise HubError(
                400, f"Invalid label {word[:100]!r}: use at most 100 letters, digits, '-', '_' or '.'"
            )
    return labels


def describe(spec: JobSpec) -> dict[str, object]:
    """The JSON of a specification, secrets by name only."""
    return {
        **spec.model_dump(
            by_alias=True,
            include={"docker_image", "space_id", "command", "arguments", "environment", "flavor", "labels"},
            exclude_none=True,
        ),
        "secrets": sorted(spec.secrets),
        "timeout": spec.timeout_seconds,
        "retry": spec.attempts - 1,
        "volumes": [volume.as_json() for volume in spec.volumes],
    }
