"""Launch the worker's Job with the requester's token, find it again by its label, and see how it is."""

from dataclasses import dataclass
from datetime import UTC, datetime

from huggingface_hub import JobInfo, Volume

from bot.domain.errors import HubError
from bot.hub.client import HubClient, hub_trouble
from worker.contract import (
    RECORD_BUCKET,
    RECORD_VARIABLE,
    REPORT_KEY_VARIABLE,
    REPORT_LINE,
    SPEC_VARIABLE,
    BuildSpec,
    Kept,
)

MOUNT = "/bucket"
OVER = frozenset({"COMPLETED", "ERROR", "CANCELED", "DELETED"})


@dataclass(frozen=True)
class Job:
    """A Job as the Hub has it now; `stage` is the Hub's word."""

    id: str
    stage: str
    message: str
    created_at: datetime

    @property
    def is_over(self) -> bool:
        return self.stage in OVER


@dataclass(frozen=True)
class JobPlan:
    """What a Job is started with, besides the BuildSpec."""

    image: str
    flavor: str
    minutes: int
    kept: Kept
    are_pictured: bool = False
    """Whether the worker takes a picture of each Space."""


class Jobs:
    """The Jobs in one namespace, with the token of its owner."""

    def __init__(self, client: HubClient, token: str, namespace: str) -> None:
        self._api = client.api
        self._token = token
        self._namespace = namespace
        self._bucket = f"{namespace}/{RECORD_BUCKET}"

    def find(self, run_id: str) -> Job | None:
        """The oldest Job with the run's label: the label keeps a launch from happening twice."""
        return next(iter(self._labelled(run_id)), None)

    def keep_oldest(self, run_id: str) -> Job | None:
        """Likewise; newer ones that still live are stopped."""
        found = self._labelled(run_id)
        for job in found[1:]:
            if not job.is_over:
                self.cancel(job.id)
        return next(iter(found), None)

    def _labelled(self, run_id: str) -> list[Job]:
        with hub_trouble():
            found = self._api.list_jobs(labels={"run": run_id}, namespace=self._namespace)
            return sorted(map(_job, found), key=lambda job: (job.created_at, job.id))

    def make_bucket(self) -> None:
        """For the records, if it is not there: a Job can only mount one that is."""
        with hub_trouble():
            self._api.create_bucket(self._bucket, private=True, exist_ok=True)

    def launch(self, spec: BuildSpec, plan: JobPlan, report_key: str) -> Job:
        """Start the worker."""
        with hub_trouble():
            job = self._api.run_job(
                image=plan.image,
                command=["python", "-m", "worker", spec.kind.value],
                env={
                    SPEC_VARIABLE: spec.model_dump_json(),
                    RECORD_VARIABLE: f"{MOUNT}/runs/{spec.run_id}",
                },
                secrets={"HF_TOKEN": self._token, REPORT_KEY_VARIABLE: report_key},
                flavor=plan.flavor,
                timeout=f"{plan.minutes}m",
                labels={"run": spec.run_id, "app": "space-factory"},
                volumes=[Volume(type="bucket", source=self._bucket, mount_path=MOUNT)],
                namespace=self._namespace,
            )
        return _job(job)

    def inspect(self, job_id: str) -> Job:
        with hub_trouble():
            return _job(self._api.inspect_job(job_id=job_id, namespace=self._namespace))

    def cancel(self, job_id: str) -> None:
        """Stop it; one that is over already stays as it is."""
        with hub_trouble():
            self._api.cancel_job(job_id=job_id, namespace=self._namespace)

    def last_lines(self, job_id: str, most: int) -> list[str]:
        """The end of its log."""
        with hub_trouble():
            return list(self._api.fetch_job_logs(job_id=job_id, namespace=self._namespace, tail=most))

    def report_line(self, job_id: str) -> str | None:
        """The report that the worker printed last, as JSON: where nothing else arrived."""
        try:
            lines = self.last_lines(job_id, most=20)
        except HubError as error:
            if error.status == 404:
                return None
            raise
        found = [line.removeprefix(REPORT_LINE) for line in lines if line.startswith(REPORT_LINE)]
        return found[-1] if found else None


def _job(job: JobInfo) -> Job:
    return Job(
        id=job.id,
        stage=str(job.status.stage),
        message=job.status.message or "",
        created_at=job.created_at or datetime.now(UTC),
    )
