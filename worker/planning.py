"""The phase in which it is decided what to build: reads what the decision needs, and leaves it to plan.py."""

from huggingface_hub.errors import HfHubHTTPError

from worker.author.modes import first_hardware, refuse_unsuitable
from worker.author.nearest import plan_from_nearest
from worker.base_model import base_of
from worker.blueprints import all_blueprints
from worker.build import Build
from worker.card import Card
from worker.contract import Author, AuthorMode, BuildSpec
from worker.errors import Blocked, Blocker
from worker.estimate import Place
from worker.hardware import Wishes, choose
from worker.hardware_offers import Offer, read_offers
from worker.headers import types_of
from worker.hub import Hub
from worker.loader import loader_of
from worker.memory import estimate, family_of
from worker.next_steps import with_next_steps
from worker.plan import Plan, make_plan
from worker.recommendation import Recommendation, recommend
from worker.selection import select
from worker.weight_faults import broken_config, broken_weights

UNCOVERED = "no_blueprint"


def plan(build: Build, hub: Hub) -> str:
    assert build.card
    card, offers, price = build.card, _offers(hub), _job_price(hub, build)
    try:
        build.plan = made = _plan(build, hub, offers)
    except Blocked as blocked:
        ended = with_next_steps(blocked, card, build.spec.author)
        build.recommendation = _as_far_as_it_goes(card, _wishes(build.spec), offers, ended)
        raise Blocked(*_worst_first(build.recommendation.blockers)) from None
    build.recommendation = recommend(
        card,
        made.reason,
        blueprint=made.blueprint,
        estimate=made.estimate,
        choice=made.choice,
        job_usd_per_hour=price,
    )
    who = "A coding agent writes the app." if made.to_be_written else f"Blueprint {made.blueprint.name}."
    return f"{who} {made.reason} {made.choice.reason}"


def _plan(build: Build, hub: Hub, offers: tuple[Offer, ...]) -> Plan:
    """Who writes is part of it: a mode of the author's has the app written also where a blueprint fits."""
    assert build.card
    made, mode = _made(build, hub, offers), build.spec.author_mode
    if build.spec.author is Author.NONE or mode is AuthorMode.WHERE_NEEDED:
        return made
    refuse_unsuitable(mode, made, build.card)
    return made.model_copy(update={"to_be_written": True})


def _made(build: Build, hub: Hub, offers: tuple[Offer, ...]) -> Plan:
    assert build.card
    card, blueprints = build.card, all_blueprints()
    try:
        select(card, blueprints)  # before anything is asked of the Hub for a model that no blueprint covers
    except Blocked as blocked:
        if not _may_be_written(build.spec) or any(each.code != UNCOVERED for each in blocked.blockers):
            raise
        return plan_from_nearest(card, blueprints, offers, _wishes(build.spec), types=types_of(hub, card))
    if fault := broken_config(card, loader_of(card)[0]):
        raise Blocked(fault)
    made = make_plan(
        card,
        blueprints,
        offers,
        _wishes(build.spec),
        base=base_of(hub, card, build.journal.redactor.text),
        types=types_of(hub, card),
        trust_remote_code=build.spec.trust_remote_code,
    )
    if fault := broken_weights(hub, card, made.estimate.files):
        raise Blocked(fault)
    return made


def _may_be_written(spec: BuildSpec) -> bool:
    """A smoke edit changes an app that is there."""
    return spec.author is not Author.NONE and spec.author_mode is not AuthorMode.SMOKE


def _as_far_as_it_goes(
    card: Card, wishes: Wishes, offers: tuple[Offer, ...], blocked: Blocked
) -> Recommendation:
    """What a model that cannot be built now would need, for whoever finds another way."""
    needs = estimate(card, loader_of(card)[0], family_of(card.pipeline_tag))
    reason = f"Nothing would be built. {blocked}"
    if not needs.files or len(needs.closed) == len(Place):
        return recommend(card, reason, blockers=blocked.blockers)
    choice = choose(needs, offers, wishes)
    return recommend(card, reason, estimate=needs, choice=choice, blockers=blocked.blockers)


def _worst_first(blockers: tuple[Blocker, ...]) -> list[Blocker]:
    """What the requester's word can lift comes last."""
    return sorted(blockers, key=lambda blocker: blocker.code == "custom_code")


def _wishes(spec: BuildSpec) -> Wishes:
    hardware = first_hardware(spec.author_mode, spec.hardware)
    return Wishes(hardware=hardware, fallback=spec.fallback, most_usd_per_hour=spec.most_usd_per_hour)


def _job_price(hub: Hub, build: Build) -> float | None:
    """Of this Job, in dollars an hour, as the Hub's list has it; None where it cannot be told."""
    job_id, owner = build.journal.job_id, build.spec.target_space.split("/")[0]
    if job_id is None:
        return None
    try:
        flavor = hub.call(lambda: hub.api.inspect_job(job_id=job_id, namespace=owner)).flavor
        listed = [each for each in hub.call(hub.api.list_jobs_hardware) if each.name == flavor]
    except (HfHubHTTPError, KeyError, TypeError, ValueError):
        return None
    return next(
        (offer.usd_per_hour for offer in read_offers(listed) if listed and offer.name == flavor), None
    )


def _offers(hub: Hub) -> tuple[Offer, ...]:
    """What the Hub offers; what is free by definition where its list is refused or cannot be understood."""
    try:
        return read_offers(hub.call(hub.api.list_spaces_hardware))
    except (HfHubHTTPError, KeyError, TypeError, ValueError):  # the client reads the list strictly
        return read_offers(())
