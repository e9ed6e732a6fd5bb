"""The phase in which it is decided what to build: reads what the decision needs, and leaves it to plan.py."""

from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from worker.blueprints import all_blueprints
from worker.build import Build
from worker.card import Card, read_card
from worker.errors import Failed
from worker.hardware import Wishes
from worker.hardware_offers import Offer, read_offers
from worker.headers import types_of
from worker.hub import Hub
from worker.loader import Loader, loader_of
from worker.plan import make_plan


def plan(build: Build, hub: Hub) -> str:
    assert build.card
    spec, card = build.spec, build.card
    build.plan = plan = make_plan(
        card,
        all_blueprints(),
        _offers(hub),
        Wishes(hardware=spec.hardware, fallback=spec.fallback, most_usd_per_hour=spec.most_usd_per_hour),
        base=_base(build, hub),
        types=types_of(hub, card),
        trust_remote_code=spec.trust_remote_code,
    )
    return f"Blueprint {plan.blueprint.name}. {plan.reason} {plan.choice.reason}"


def _offers(hub: Hub) -> tuple[Offer, ...]:
    """What the Hub offers; what is free by definition where its list cannot be understood."""
    try:
        return read_offers(hub.call(hub.api.list_spaces_hardware))
    except (KeyError, TypeError, ValueError):  # the client reads the list strictly
        return read_offers(())


def _base(build: Build, hub: Hub) -> Card | None:
    """The card of the model that an adapter stands on."""
    assert build.card
    name = build.card.base_of_adapter
    if loader_of(build.card)[0] not in {Loader.PEFT, Loader.DIFFUSERS_LORA} or not name:
        return None
    try:
        sha = str(hub.call(lambda: hub.api.model_info(name)).sha)
        return read_card(hub, name, sha, build.journal.redactor.text)
    except (HfHubHTTPError, HFValidationError, Failed):
        build.journal.note(f"The base model {name} could not be read.")
        return None
