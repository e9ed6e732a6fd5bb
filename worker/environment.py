"""What the Job gives the worker. Read once; the secrets are taken out before anything else starts."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from worker.contract import RECORD_VARIABLE, REPORT_KEY_VARIABLE, SPEC_VARIABLE, BuildSpec
from worker.webhook import PAYLOAD_VARIABLE, at_new_version

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105  # the name of a variable, not a token
OTHER_TOKEN_VARIABLES = ("HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN")
JOB_VARIABLE = "JOB_ID"
QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
}
"""The Job's log is for the run, and nobody else is called."""


class NotStartable(Exception):
    """The environment lacks what a run needs; the message says what."""


class NothingToDo(Exception):
    """The Hub started the Job for an event that asks for no build."""


@dataclass(frozen=True)
class Environment:
    """One run's inputs. The secrets are kept out of `repr`."""

    spec: BuildSpec
    record: Path
    job_id: str | None
    token: str = field(repr=False)
    """Empty if there is none."""
    report_key: str = field(repr=False)


def read_environment(environ: MutableMapping[str, str]) -> Environment:
    """Take the run's inputs out of the environment. Raises NotStartable or NothingToDo."""
    token = environ.pop(TOKEN_VARIABLE, "").strip()
    report_key = environ.pop(REPORT_KEY_VARIABLE, "").strip()
    for name in OTHER_TOKEN_VARIABLES:
        environ.pop(name, None)
    for name, value in QUIET.items():
        environ.setdefault(name, value)
    record = environ.get(RECORD_VARIABLE)
    if not record:
        raise NotStartable(f"{RECORD_VARIABLE} must name the folder of the run record.")
    spec, folder = _read_spec(environ.get(SPEC_VARIABLE)), Path(record)
    if payload := environ.get(PAYLOAD_VARIABLE):
        if (newer := at_new_version(spec, payload)) is None:
            raise NothingToDo("Neither `main` nor a git tag has a new version: nothing to build.")
        spec, folder = newer, folder.with_name(newer.run_id)
    return Environment(
        spec=spec,
        record=folder,
        job_id=environ.get(JOB_VARIABLE),
        token=token,
        report_key=report_key,
    )


def _read_spec(text: str | None) -> BuildSpec:
    if not text:
        raise NotStartable(f"{SPEC_VARIABLE} must hold the BuildSpec as JSON.")
    try:
        return BuildSpec.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise NotStartable(f"{SPEC_VARIABLE} cannot be read: {where}: {first['msg']}.") from error
