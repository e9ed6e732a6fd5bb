"""What of an agent's request goes on to the provider: known fields only, within bounds."""

from collections.abc import Collection

from pydantic import JsonValue

KEPT = frozenset(
    {
        *("model", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream"),
        *("temperature", "top_p", "stop", "seed", "frequency_penalty", "presence_penalty"),
        *("response_format", "reasoning_effort"),
    }
)
"""Others may cost extra (searches, service tiers, more than one answer) or reach further than a chat."""
OUTPUT = ("max_tokens", "max_completion_tokens")
MOST_OUTPUT = 16_384
"""Tokens of one answer. A whole app.py takes less than half of it."""


class NotAllowed(Exception):
    """The request is not one that the run may make; the message says why."""


def cleaned(asked: JsonValue, models: Collection[str]) -> dict[str, JsonValue]:
    """The request with what is allowed, and without a bound on its output. Raises NotAllowed."""
    if not isinstance(asked, dict):
        raise NotAllowed("a request is a JSON object")
    model, messages = asked.get("model"), asked.get("messages")
    if not isinstance(model, str) or model not in models:
        raise NotAllowed(f"this run may ask only {', '.join(sorted(models))}")
    if not isinstance(messages, list) or not messages:
        raise NotAllowed("`messages` must be a list with something in it")
    kept = {key: value for key, value in asked.items() if key in KEPT}
    if kept.get("stream"):
        kept["stream_options"] = {"include_usage": True}  # the ledger needs it
    return kept


def output_asked(asked: dict[str, JsonValue]) -> int:
    """Tokens of output that the request asks for, at most what one answer may have."""
    wishes = [wish for name in OUTPUT if isinstance(wish := asked.get(name), int) and wish > 1]
    return min([*wishes, MOST_OUTPUT])
