"""The settings of a bot whose Hub is not there, for what can be proven without one."""

from pathlib import Path

from bot.context import Context
from bot.settings import Settings, new_vault_key
from bot.store.accounts import AccountRow, Accounts
from bot.store.database import open_database


def small_settings(folder: Path, **changed: object) -> Settings:
    values: dict[str, object] = {
        "bot_token": "hf_" + "x" * 34,
        "webhook_secrets": "s" * 64,
        "vault_keys": new_vault_key(),
        "oauth_client_id": "client",
        "oauth_client_secret": "o" * 40,
        "openid_provider_url": "http://127.0.0.1:9",
        "hf_endpoint": "http://127.0.0.1:9",
        "public_url": "https://bot.test",
        "data_dir": folder,
        "database_url": f"sqlite:///{folder}/bot.sqlite",
    }
    return Settings.model_validate(values | changed)


def connects(name: str, ctx: Context, settings: Settings) -> None:
    """As after a sign-in, for a million seconds; the person's id is their name."""
    token, now = ctx.vault.seal("hf_oauth_of_a_test", name), ctx.clock()
    row = AccountRow(name, name, "jobs", token, now + 1e6, None, connected_at=now, used_at=now)
    Accounts(open_database(settings.main_database, "main")).put(row)
