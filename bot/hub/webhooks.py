"""One webhook of ours in a person's account: there with just these models, or not there at all."""

from collections.abc import Sequence
from hmac import compare_digest

from huggingface_hub import WebhookInfo, WebhookWatchedItem

from bot.domain.errors import HubError
from bot.hub.client import HubClient, hub_trouble


def reconcile(client: HubClient, url: str, secret: str, models: Sequence[str]) -> None:
    """Look, compare, and make the difference disappear: made, changed, switched on again, or deleted.

    The Hub switches a webhook off whose deliveries failed for long. Others at our address are ours too, made
    by a call whose answer was lost.
    """
    with hub_trouble():
        found = sorted(
            (each for each in client.api.list_webhooks() if each.url == url), key=lambda each: each.id
        )
        keep = found[0] if found and models else None
        for surplus in found:
            if surplus is not keep:
                client.api.delete_webhook(surplus.id)
        if keep:
            _mend(client, keep, secret, models)
        elif models:
            client.api.create_webhook(url=url, watched=_items(models), domains=["repo"], secret=secret)


def _mend(client: HubClient, there: WebhookInfo, secret: str, models: Sequence[str]) -> None:
    watched = {(each.type, each.name) for each in there.watched}
    is_as_wished = watched == {("model", each) for each in models} and there.domains == ["repo"]
    if not is_as_wished or not compare_digest((there.secret or "").encode(), secret.encode()):
        client.api.update_webhook(
            there.id, url=there.url, watched=_items(models), domains=["repo"], secret=secret
        )
    if there.disabled:
        client.api.enable_webhook(there.id)


def _items(models: Sequence[str]) -> list[dict[str, str] | WebhookWatchedItem]:
    return [WebhookWatchedItem(type="model", name=each) for each in models]


def heard_repos(client: HubClient, url: str, most: int) -> list[str]:
    """The models on which this identity's webhooks at this address hear comments: of each owner the newest
    changed, so many at most.

    None where it may not see its webhooks.
    """
    try:
        with hub_trouble():
            items = [item for hook in client.api.list_webhooks() if hook.url == url for item in hook.watched]
            found = [item.name for item in items if item.type == "model"]
            for owner in [item.name for item in items if item.type in {"user", "org"}]:
                models = client.api.list_models(author=owner, sort="last_modified", limit=most)
                found += [model.id for model in models]
    except HubError:
        return []
    return list(dict.fromkeys(found))
