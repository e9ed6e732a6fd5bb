"""A Job that the Hub itself starts because a watched model changed: the event says which version to build."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worker.contract import BuildSpec

PAYLOAD_VARIABLE = "WEBHOOK_PAYLOAD"
"""The Hub puts the event here, as JSON; other Jobs have none."""


class _Ref(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    ref: str
    sha: str | None = Field(default=None, alias="newSha")


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    refs: tuple[_Ref, ...] = Field(default=(), alias="updatedRefs")


def at_new_version(spec: BuildSpec, payload: str) -> BuildSpec | None:
    """The spec for the version that the event tells of: a git tag's, else that of `main`. None for any other.

    The Space that the first Job made is then rebuilt, beside it first.
    """
    try:
        refs = _Payload.model_validate_json(payload).refs
    except ValidationError:
        return None
    tags = [each.sha for each in refs if each.ref.startswith("refs/tags/") and each.sha]
    mains = [each.sha for each in refs if each.ref == "refs/heads/main" and each.sha]
    if not (found := tags or mains):
        return None
    changed = {"revision": found[-1], "run_id": f"{spec.run_id}-{found[-1][:12]}"}
    return BuildSpec.model_validate({**spec.model_dump(), **changed, "rebuild_of": spec.target_space})
