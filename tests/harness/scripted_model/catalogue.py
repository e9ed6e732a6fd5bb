"""The router's list of models, in its shape."""

from typing import Any


def provider(name: str, status: str = "live", **about: Any) -> dict[str, Any]:
    """A provider with what most tell; None takes a field away."""
    told = {
        "provider": name,
        "status": status,
        "context_length": 262_144,
        "pricing": {"input": 0.2, "output": 1.5},
        "is_free": False,
        "supports_tools": True,
        "supports_structured_output": False,
        "first_token_latency_ms": 700.0,
        "throughput": 120.0,
        "is_model_author": False,
        **about,
    }
    return {key: value for key, value in told.items() if value is not None}


def model(model_id: str, *providers: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": model_id,
        "object": "model",
        "created": 1_770_000_000,
        "owned_by": model_id.partition("/")[0],
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "providers": list(providers),
    }


USUAL = (
    model(
        "Qwen/Qwen3-Coder-Next",
        provider("novita"),
        provider("together", pricing={"input": 0.5, "output": 1.2}, throughput=300.0),
        provider("asleep", "error", pricing=None, context_length=None, throughput=None),
    ),
    model("zai-org/GLM-5", provider("novita", pricing={"input": 1.0, "output": 3.2})),
    model("example/no-tools", provider("novita", supports_tools=False)),
    model("example/bare", {"provider": "hf-inference", "status": "live"}),
)
