"""The model that an adapter stands on: reads its card, or says in words why that cannot be the base."""

from collections.abc import Callable

from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError

from worker.card import Card, read_card
from worker.errors import Blocked, Blocker, Failed, failure_of
from worker.hub import Hub
from worker.loader import Loader, loader_of

ADAPTERS = frozenset({Loader.PEFT, Loader.DIFFUSERS_LORA})


def base_of(hub: Hub, card: Card, clean: Callable[[str], str]) -> Card | None:
    """The card of the base of an adapter; None for a model that needs none. Raises Blocked."""
    if loader_of(card)[0] not in ADAPTERS:
        return None
    name = card.base_of_adapter
    if name is None:
        raise _blocked(
            card,
            "does not name a model on the Hub that it stands on",
            f"Add base_model to {_card(hub, card)}.",
        )
    if name.lower() == card.model_id.lower():
        raise _blocked(card, "says that it stands on itself", f"Correct base_model in {_card(hub, card)}.")
    base = _read(hub, card, name, clean)
    if loader_of(base)[0] in ADAPTERS:
        raise _blocked(
            card, f"stands on {name}, which is an adapter too", "Ask for a model in which they are merged."
        )
    if base.gated or base.private:
        advice = (
            "Its Space has no token to download that with: merge the adapter into a model, and ask for that."
        )
        raise _blocked(card, f"stands on {name}, which not everyone may download", advice)
    if base.needs_own_code:
        advice = "An adapted model with code of its own cannot be built yet; ask for the base model instead."
        raise _blocked(card, f"stands on {name}, which brings code of its own", advice)
    return base


def _read(hub: Hub, card: Card, name: str, clean: Callable[[str], str]) -> Card:
    try:
        sha = str(hub.call(lambda: hub.api.model_info(name)).sha)
        return read_card(hub, name, sha, clean)
    except GatedRepoError:
        advice = f"Accept its terms at {hub.endpoint}/{name}, then ask again."
        raise _blocked(card, f"stands on {name}, which is gated", advice) from None
    except (HfHubHTTPError, HFValidationError, Failed) as error:
        if failure_of(error).category in {"hub_error", "rate_limited", "token_refused"}:
            raise
        advice = f"Correct base_model in {_card(hub, card)}, or ask its owner for access."
        raise _blocked(
            card, f"stands on {name}, which does not exist or which you may not read", advice
        ) from None


def _card(hub: Hub, card: Card) -> str:
    return f"the card at {hub.endpoint}/{card.model_id}"


def _blocked(card: Card, what: str, advice: str) -> Blocked:
    return Blocked(
        Blocker(
            code="base_model",
            message=f"The adapter {card.model_id} {what}, and it cannot run without its base model. {advice}",
            tried="Its adapter_config.json and its card were read.",
        )
    )
