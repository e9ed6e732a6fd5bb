"""The backend's settings: what the environment says, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parts.settings import LanguageModel, Settings

OPENROUTER = "https://openrouter.ai/api/v1"
USUAL_MODEL = "anthropic/claude-opus-4.7"


@dataclass(frozen=True)
class Supabase:
    """A bucket of Supabase Storage, and the key that may write into it."""

    url: str
    bucket: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Configuration:
    settings: Settings
    key: str = field(default="", repr=False)
    """What callers must send; without it nobody may call."""
    supabase: Supabase | None = None
    public_url: str = ""
    """Of this endpoint, where a proxy hides it."""


def read_configuration(environ: Mapping[str, str]) -> Configuration:
    def value(name: str, usual: str = "") -> str:
        return environ.get(name, "").strip() or usual

    model = None
    if key := value("OPENROUTER_API_KEY"):
        model = LanguageModel(
            value("OPENROUTER_URL", OPENROUTER), value("OPENROUTER_MODEL", USUAL_MODEL), key
        )
    supabase = None
    if url := value("SUPABASE_URL"):
        service_key = value("SUPABASE_SERVICE_ROLE_KEY")
        if not service_key:
            raise SystemExit("SUPABASE_URL is set, and SUPABASE_SERVICE_ROLE_KEY is not. Set both, or none.")
        supabase = Supabase(url.rstrip("/"), value("SUPABASE_BUCKET", "artifacts"), service_key)
    return Configuration(
        settings=Settings(
            folder=Path(value("BACKEND_FOLDER", "artifacts")).absolute(),
            language_model=model,
            proxies=int(value("BACKEND_PROXIES", "0")),
        ),
        key=value("NATURALCAD_API_KEY"),
        supabase=supabase,
        public_url=value("BACKEND_PUBLIC_URL"),
    )
