"""What Pi reads at its start: where the model is, with which key, and how patient to be."""

from dataclasses import dataclass

from pydantic import JsonValue

from worker.author.models import ChosenModel

PROVIDER = "run"
COMPATIBLE: dict[str, JsonValue] = {
    "supportsDeveloperRole": False,
    "supportsReasoningEffort": False,
    "supportsStore": False,
    "supportsStrictMode": False,
    "maxTokensField": "max_tokens",
}
"""What the router's providers have in common."""


@dataclass(frozen=True)
class Patience:
    """Seconds, but for the retries."""

    retries: int = 3
    first_wait: float = 2.0
    """Doubled for each retry."""
    idle: float = 150.0
    """Of a stream; the router gives up before, and says why."""
    command: float = 300.0
    """Of a command of the agent's."""
    quiet: float = 480.0
    """Without a word from the model or in the session: something hangs."""


def models(address: str, key: str, model: ChosenModel) -> JsonValue:
    """models.json. Prices are the ledger's matter."""
    free: dict[str, JsonValue] = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
    listed: dict[str, JsonValue] = {
        "id": model.name,
        "contextWindow": model.context,
        "maxTokens": model.output,
        "input": ["text"],
        "cost": free,
    }
    provider: dict[str, JsonValue] = {
        "baseUrl": address,
        "api": "openai-completions",
        "apiKey": key,
        "compat": {**COMPATIBLE},
        "models": [listed],
    }
    return {"providers": {PROVIDER: provider}}


def settings(patience: Patience, shell: str, context: int) -> JsonValue:
    """settings.json."""
    return {
        "quietStartup": True,
        "enableInstallTelemetry": False,
        "shellPath": shell,
        "httpIdleTimeoutMs": int(patience.idle * 1000),
        "retry": {
            "enabled": True,
            "maxRetries": patience.retries,
            "baseDelayMs": int(patience.first_wait * 1000),
            "provider": {
                "timeoutMs": int(patience.idle * 1000),
                "maxRetries": 0,
                "maxRetryDelayMs": 30_000,
            },
        },
        "compaction": {
            "enabled": True,
            "reserveTokens": min(16_384, context // 4),
            "keepRecentTokens": min(20_000, context // 4),
        },
    }
