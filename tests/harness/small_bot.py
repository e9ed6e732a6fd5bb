"""The settings of a bot whose Hub is not there, for what can be proven without one."""

from pathlib import Path

from bot.settings import Settings, new_vault_key


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
