"""Every environment variable, named once, typed, with the sentence that documents it.

`.env.example` is made from this file by `python -m bot settings`.
"""

import argparse
import base64
import re
import secrets
import sys
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Secrets = Annotated[tuple[SecretStr, ...], NoDecode]

MAIN_FILE, INBOX_FILE = "space-factory.sqlite", "inbox.sqlite"
"""Of the embedded database, in `data_dir`."""


class Settings(BaseSettings):
    """Read once, in the composition root; everyone else receives values."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    bot_token: SecretStr = Field(description="The bot account's Hub token: it listens and comments.")
    bot_name: str = Field("space-factory", description="The bot account's name: people mention it.")
    webhook_secrets: Secrets = Field(
        description="Secrets that a webhook may present, newest first, separated by commas."
    )
    vault_keys: Secrets = Field(
        description="Keys that seal tokens at rest, newest first, separated by commas: 32 bytes in base64."
    )
    oauth_client_id: str = Field(description="Client id of the OAuth app; a Space with hf_oauth has it set.")
    oauth_client_secret: SecretStr = Field(
        description="Client secret of the OAuth app; set likewise by the Hub."
    )
    openid_provider_url: str = Field(
        "https://huggingface.co", description="Who signs people in; set likewise by the Hub."
    )
    hf_endpoint: str = Field("https://huggingface.co", description="The Hub that is talked to.")
    public_url: str = Field(
        "", description="Address of this bot as others reach it; on a Space it is found from SPACE_HOST."
    )
    space_host: str = Field("", description="Host of the Space; set by the Hub.")
    space_id: str = Field("", description="Name of the Space; set by the Hub.")
    data_dir: Path = Field(Path("data"), description="Folder of the embedded database.")
    hub_seconds: float = Field(20, description="How long an answer of the Hub may take.")
    database_url: str = Field(
        "", description="PostgreSQL address for several replicas; empty for the embedded SQLite."
    )
    state_bucket: str = Field(
        "",
        description="A private bucket, `owner/name`, that keeps copies of the embedded database where the "
        "disk does not last; the bot's token must be able to write it.",
    )
    state_seconds: float = Field(
        30, gt=0, le=60, description="How often a copy goes there, if anything has changed."
    )
    job_image: str = Field(
        "", description="Image of the worker's Job; empty for the bot's own Space image (hf.co/spaces/…)."
    )
    job_flavor: str = Field("cpu-basic", description="Hardware of the worker's Job.")
    job_minutes: int = Field(30, description="Time limit of the worker's Job, in minutes.")
    job_pictures: bool = Field(
        False,
        description="Have the worker take a picture of each Space: `JOB_IMAGE` has Chromium and Playwright.",
    )
    record_days: int = Field(
        365, ge=0, description="How many days a record stays in its requester's bucket; 0 for ever."
    )
    record_runs: int = Field(
        20, ge=1, description="How many records of one Space stay, however old they are."
    )
    open_runs_each: int = Field(2, description="How many builds one person may have open.")
    commands_per_hour: int = Field(
        100, description="How many commands of one person are answered in an hour; twice that in one repo."
    )
    requests_per_minute: int = Field(
        1200, description="How many pages one address may ask for in a minute; a tenth of that to sign in."
    )
    api_requests_per_minute: int = Field(
        300, description="How many requests of the API one person, and one address, may make in a minute."
    )
    edit_seconds: float = Field(20, description="Least time between two edits of a living message.")
    silence_seconds: float = Field(60, description="How long a worker may be silent before the bot looks.")
    upkeep_seconds: float = Field(1, description="How often the bot looks for runs whose time has come.")
    burst_seconds: float = Field(
        60, description="How long a watched model is left to change before it is looked at."
    )
    catch_up_threads: int = Field(
        200, ge=1, description="How many threads are read again after a time away; the newest come first."
    )
    catch_up_days: float = Field(
        30, gt=0, description="For how long a thread in which the bot has spoken is read again after that."
    )
    sign_in_hours: float = Field(24, description="How long a request waits for its author to sign in.")
    discord_token: SecretStr = Field(
        SecretStr(""), description="Token of the Discord bot; empty for a bot that is not on Discord."
    )
    discord_application_id: str = Field(
        "", description="Id of the Discord application, for linking accounts.", validate_default=True
    )
    discord_client_secret: SecretStr = Field(
        SecretStr(""),
        description="OAuth secret of the Discord application, for linking accounts.",
        validate_default=True,
    )
    discord_public_key: str = Field(
        "", description="Key of the Discord application that signs interactions over HTTP, in hex."
    )
    discord_gateway: bool = Field(
        True,
        description="Whether to listen at Discord's gateway; off where interactions come over HTTP only.",
    )
    discord_operators: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Ids of Discord users who may pause the bot, separated by commas."
    )
    discord_seconds: float = Field(30, description="How long a call of Discord's API may take in all.")
    discord_api: str = Field("https://discord.com/api/v10", description="Discord's API.")
    host: str = Field("0.0.0.0", description="Address to listen on.")  # noqa: S104  # a container's own
    port: int = Field(7860, description="Port to listen on.")
    log_level: str = Field("INFO", description="Least level of a log line.")

    @field_validator("webhook_secrets", "vault_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("state_bucket")
    @classmethod
    def _of_the_embedded_database(cls, value: str, given: ValidationInfo) -> str:
        if value and not re.fullmatch(r"[\w.-]+/[\w.-]+", value):
            raise ValueError("a bucket's name is `owner/name`")
        if value and given.data.get("database_url"):
            raise ValueError("PostgreSQL keeps its own state: set DATABASE_URL or STATE_BUCKET, not both")
        return value

    @field_validator("discord_application_id", "discord_client_secret")
    @classmethod
    def _needed_on_discord(cls, value: str | SecretStr, given: ValidationInfo) -> str | SecretStr:
        token = given.data.get("discord_token")
        if token and token.get_secret_value() and not value:
            raise ValueError("a bot on Discord needs it; the developer portal shows it")
        return value

    @field_validator("discord_public_key")
    @classmethod
    def _key_of_a_bot(cls, value: str, given: ValidationInfo) -> str:
        if value and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
            raise ValueError("64 characters of hex, as the developer portal shows them")
        token = given.data.get("discord_token")
        if value and not (token and token.get_secret_value()):
            raise ValueError("answers go out with DISCORD_TOKEN, which is missing")
        return value

    @field_validator("discord_operators", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return tuple(re.findall(r"\d+", value)) if isinstance(value, str) else value

    @field_validator("webhook_secrets")
    @classmethod
    def _long_enough(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not value or any(len(secret.get_secret_value()) < 32 for secret in value):
            raise ValueError("each webhook secret needs 32 characters or more: `openssl rand -hex 32`")
        return value

    @field_validator("vault_keys")
    @classmethod
    def _keys_fit(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not value or any(not _is_key(key.get_secret_value()) for key in value):
            raise ValueError("each vault key is 32 bytes in base64: `openssl rand -base64 32`")
        return value

    @field_validator("hf_endpoint", "openid_provider_url", "public_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    def all_secrets(self) -> list[str]:
        """What is secret of all this, by its value."""
        values = [
            value for _, setting in self for value in (setting if isinstance(setting, tuple) else [setting])
        ]
        given = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [value for value in given if value]

    @property
    def url(self) -> str:
        """This bot as others reach it, without a slash at the end."""
        if self.public_url:
            return self.public_url
        return f"https://{self.space_host}" if self.space_host else f"http://127.0.0.1:{self.port}"

    @property
    def worker_image(self) -> str:
        return self.job_image or f"hf.co/spaces/{self.space_id}"

    @property
    def main_database(self) -> str:
        """SQLAlchemy address of runs, accounts and the engine."""
        return _psycopg(self.database_url) or f"sqlite:///{self.data_dir}/{MAIN_FILE}"

    @property
    def inbox_database(self) -> str:
        """SQLAlchemy address of the deliveries: a file of its own on SQLite, so that taking a delivery never
        waits for a run's write lock (`docs/decisions/0003-intake.md`)."""
        return _psycopg(self.database_url) or f"sqlite:///{self.data_dir}/{INBOX_FILE}"


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except ValueError:
        return False


def _psycopg(url: str) -> str:
    """A PostgreSQL address that names the driver we install."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in {"postgres", "postgresql"} else url


def new_vault_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def what_is_wrong(error: ValidationError, env_file: str | None = None) -> str:
    """Each setting that is missing or unfit, by its name and without its value; and whether the file is."""
    lost = f"There is no file {env_file}. " if env_file and not Path(env_file).is_file() else ""
    lines = [f"  {str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors(include_input=False)]
    return f"{lost}The settings are not complete; .env.example explains each.\n" + "\n".join(lines)


def example() -> str:
    """The text of `.env.example`: every setting with its sentence and its default."""
    lines = ["# Every setting of the bot. Made by `python -m bot settings`; do not edit by hand.\n"]
    for name, setting in Settings.model_fields.items():
        default = "" if setting.is_required() or setting.default == () else setting.default
        needed = " Needed." if setting.is_required() else ""
        lines.append(f"# {setting.description}{needed}\n{name.upper()}={default}\n")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """`python -m bot settings`."""
    parser = argparse.ArgumentParser(prog="python -m bot settings", description="Print .env.example.")
    parser.parse_args(arguments)
    sys.stdout.write(example())
    return 0
