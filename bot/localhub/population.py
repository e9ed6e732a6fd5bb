"""Who and what a Hub has from its start: people, organisations, apps and example models."""

import argparse
import secrets

from bot.localhub.accounts import User, add_user, has_token
from bot.localhub.oauth_records import register_app
from bot.localhub.state import Hub


def populate(hub: Hub, options: argparse.Namespace) -> None:
    """Safe to repeat. ValueError says which option cannot be followed."""
    for name, token in (*options.user, *options.free_user):
        add_user(hub, name, token)
        if not has_token(hub, name):
            add_user(hub, name, f"hf_{secrets.token_hex(17)}")
    for name, members in options.org:
        _organisation(hub, name, members)
    for name, _ in options.free_user:
        _change(hub, name, is_pro=False, can_pay=False)
    for name, full_name in options.full_name:
        _change(hub, name, full_name=full_name)
    for name in options.private_by_default:
        _change(hub, name, repos_are_private=True)
    addresses: dict[str, list[str]] = {}
    for name, redirect_uri in options.oauth_app:
        addresses.setdefault(name, []).append(redirect_uri)
    for name, uris in addresses.items():
        register_app(hub, name, tuple(uris), options.oauth_expires)
    if not options.no_zoo:
        from bot.localhub import zoo

        zoo.seed(hub)


def _organisation(hub: Hub, name: str, members: str) -> None:
    org = add_user(hub, name, kind="org")
    roles = dict(member.partition(":")[::2] for member in members.split(","))
    if wrong := {role for role in roles.values() if role not in {"", "admin", "write", "read"}}:
        raise ValueError(f"{', '.join(wrong)} is no role in {name}. Use admin, write or read")
    update = {"members": tuple(roles), "roles": {who: role for who, role in roles.items() if role}}
    hub.all(User).put(name, org.model_copy(update=update))


def _change(hub: Hub, name: str, **fields: object) -> None:
    known = hub.all(User).get(name)
    if known is None:
        raise ValueError(f"nobody here is called {name}. Add --user {name} or --org {name}=MEMBER")
    hub.all(User).put(name, known.model_copy(update=fields))
