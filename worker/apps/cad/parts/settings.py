"""What the environment says, read once. Everything has a value that works alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_PROMPT = 1200
"""Characters."""
PER_CALLER = "20/30second"
ALTOGETHER = "60/minute"
"""Of one key; of an app that asks for no key, of everybody."""
USUAL_MODEL = "Qwen/Qwen2.5-Coder-32B-Instruct"
ROUTER = "https://router.huggingface.co/v1"


@dataclass(frozen=True)
class LanguageModel:
    """An OpenAI-compatible endpoint. The key is sent there and to nobody else."""

    url: str
    name: str
    key: str = field(repr=False)
    seconds: float = 45.0


@dataclass(frozen=True)
class Backend:
    """An endpoint that makes the part elsewhere."""

    url: str
    key: str = field(repr=False)
    seconds: float = 60.0


@dataclass(frozen=True)
class Settings:
    folder: Path
    """For artifacts and the run log."""
    backend: Backend | None = None
    language_model: LanguageModel | None = None
    proxies: int = 1
    """How many proxies of the host stand between a caller and this app."""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Of the app: `NATURALCAD_…`, and `HF_TOKEN` for a language model."""
    url, token = environ.get("NATURALCAD_BACKEND_URL", "").strip(), environ.get("HF_TOKEN", "").strip()
    seconds = float(environ.get("NATURALCAD_BACKEND_SECONDS") or 60)
    return Settings(
        folder=Path(environ.get("NATURALCAD_FOLDER") or "artifacts").absolute(),
        backend=Backend(url, environ.get("NATURALCAD_API_KEY", "").strip(), seconds) if url else None,
        language_model=LanguageModel(
            environ.get("NATURALCAD_MODEL_URL") or ROUTER,
            environ.get("NATURALCAD_MODEL") or USUAL_MODEL,
            token,
        )
        if token
        else None,
        proxies=int(environ.get("NATURALCAD_PROXIES") or 1),
    )
