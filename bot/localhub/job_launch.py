"""Launching Jobs: for a person, again, by a schedule, or for a webhook. Authorised when they are launched."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from bot.localhub import job_runner, job_specs, plans
from bot.localhub.accounts import Caller, Token, User
from bot.localhub.errors import HubError, forbidden
from bot.localhub.job_records import Initiator, Job, Party, find
from bot.localhub.job_specs import JobSpec
from bot.localhub.state import Hub, now
from bot.localhub.webhook_records import Webhook

_secrets: dict[str, Mapping[str, str]] = {}
"""Of the Jobs of this process, by id, for launching them again. They lie nowhere on disk."""


def namespace_for(hub: Hub, caller: Caller, namespace: str) -> User:
    """The namespace's owner, if the caller may have Jobs there."""
    caller.require("jobs")
    owner = hub.all(User).get(namespace)
    if owner is None or not caller.owns(hub, namespace):
        raise forbidden(f'You don\'t have the rights to use Jobs in the namespace "{namespace}"')
    return owner


def launch(hub: Hub, owner: User, caller: Caller, spec: JobSpec, by: Initiator | None = None) -> Job:
    """Check and start a Job; `by` says what started it if it was not the caller themselves."""
    plans.check_credits(owner)
    job_specs.check(hub, caller, spec)
    named = spec.with_name()
    job = Job(
        **named.model_dump(include=set(JobSpec.model_fields) - {"secrets"}),
        id=secrets.token_hex(12),
        owner=party(owner),
        initiator=by or Initiator(**party(caller.user).model_dump()),
        secret_names=tuple(sorted(spec.secrets)),
        created_at=now(),
    )
    hub.all(Job).put(job.id, job)
    _secrets[job.id] = spec.secrets
    job_runner.start(hub, job, spec.secrets)
    return job


def party(user: User) -> Party:
    return Party(id=user.id, name=user.name, type=user.type)


def again(hub: Hub, caller: Caller, job: Job) -> Job:
    """The same Job once more, with its secrets. After a restart of the Hub these are gone, and it says so."""
    known = _secrets.get(job.id, {})
    if missing := set(job.secret_names) - known.keys():
        names = ", ".join(sorted(missing))
        raise HubError(
            409, f"The secrets of this Job went when the Hub was stopped: run it anew with {names}"
        )
    spec = spec_of(job).model_copy(update={"secrets": dict(known)})
    owner = namespace_for(hub, caller, job.owner.name)
    return launch(hub, owner, caller, spec, Initiator(type="duplicated-job", id=job.id))


def spec_of(job: Job) -> JobSpec:
    """What the Job was launched with, without its secrets."""
    return JobSpec(**job.model_dump(include=set(JobSpec.model_fields)))


def on_behalf_of(user: User) -> Caller:
    """The caller for what this Hub does by itself for a person."""
    return Caller(user, Token(value="", user=user.name))


def source_for_webhook(hub: Hub, caller: Caller, job_id: str) -> Job:
    """The Job that a new webhook is to run copies of."""
    job = hub.all(Job).get(job_id)
    return find(hub, job.owner.name if job else "", job_id, caller)


def start_for_webhook(hub: Hub, webhook: Webhook, payload: Mapping[str, Any]) -> Job:
    """Run a copy of the webhook's Job for an event, with the webhook's own secrets and not the source's.

    Raises HubError if that cannot be, for example as the Job is gone.
    """
    user = hub.all(User).get(webhook.owner)
    if user is None or webhook.job_source is None:
        raise HubError(404, "Job not found")
    caller = on_behalf_of(user)
    source = source_for_webhook(hub, caller, webhook.job_source)
    event = {
        "WEBHOOK_PAYLOAD": json.dumps(payload),
        "WEBHOOK_REPO_ID": payload["repo"]["name"],
        "WEBHOOK_REPO_TYPE": payload["repo"]["type"],
    }
    secret = {"WEBHOOK_SECRET": webhook.secret} if webhook.secret else {}
    spec = spec_of(source)
    told = {
        "environment": {**spec.environment, **event},
        "secrets": {**webhook.job_secrets, **secret},
    }
    owner = namespace_for(hub, caller, source.owner.name)
    by = Initiator(type="webhook", id=webhook.id)
    return launch(hub, owner, caller, spec.model_copy(update=told), by)
