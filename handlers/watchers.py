"""A watcher's webhook: one in their own account, on just the models they watch, with a secret of its own.

The secret is made from the vault's key and stored by the Hub only.
"""

from bot.context import Context
from bot.domain.errors import HubError, HubUnavailable, TokenGone
from bot.hub.webhooks import reconcile


def attend(user_id: str, ctx: Context) -> None:
    """Make the webhook what this person's watches ask for. Raises HubError, HubUnavailable, TokenGone."""
    models = sorted({each.model_id for each in ctx.watches.of(user_id) if each.paused is None})
    address = f"{ctx.links.bot}/webhooks/watch/{user_id}"
    with ctx.accounts.acting_for(user_id) as (hub, _):
        reconcile(hub, address, ctx.vault.sign(_purpose(user_id)), models)


def attend_if_possible(user_id: str, ctx: Context) -> None:
    """Likewise, where a webhook too many does no harm: its deliveries find no watch."""
    try:
        attend(user_id, ctx)
    except (HubError, HubUnavailable, TokenGone):
        return


def is_watchers_secret(ctx: Context, given: str, user_id: str) -> bool:
    return ctx.vault.is_signature(_purpose(user_id), given)


def _purpose(user_id: str) -> str:
    return f"webhook:{user_id}"
