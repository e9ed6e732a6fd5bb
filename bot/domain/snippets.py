"""How to call a Space from a program, with the inputs that it has answered: Python, and curl."""

import json
import keyword
import shlex

from pydantic import JsonValue

from bot.domain.pieces import ARTIFACT
from worker.contract import Probe


def in_python(space: str, probe: Probe) -> str:
    """With Gradio's client. A file stands there under the name that the record has."""
    named = [name for name in probe.inputs if name.isidentifier() and not keyword.iskeyword(name)]
    lines = [f"    {name}={_python(probe.inputs[name])}," for name in named]
    rest = {name: value for name, value in probe.inputs.items() if name not in named}
    if rest:
        values = ", ".join(f"{name!r}: {_python(value)}" for name, value in rest.items())
        lines.append(f"    **{{{values}}},")
    return "\n".join(
        [
            "import os",
            "from gradio_client import Client, handle_file"
            if _has_file(probe)
            else "from gradio_client import Client",
            "",
            f'client = Client({space!r}, token=os.environ["HF_TOKEN"])',
            "answer = client.predict(",
            *lines,
            f"    api_name={probe.endpoint!r},",
            ")",
            "print(answer)",
        ]
    )


def in_shell(space: str, probe: Probe, hub: str) -> str | None:
    """With curl alone; None where a file has to be uploaded first. The inputs are sent in order."""
    if _has_file(probe):
        return None
    data = json.dumps({"data": list(probe.inputs.values())}, ensure_ascii=False)
    name = shlex.quote(probe.endpoint.lstrip("/"))
    return "\n".join(
        [
            'AUTH="Authorization: Bearer $HF_TOKEN"',
            f'HOST=$(curl -sSf -H "$AUTH" {shlex.quote(f"{hub}/api/spaces/{space}/host")} | {_word("host")})',
            f'CALL="$HOST/gradio_api/call/"{name}',
            f"DATA={shlex.quote(data)}",
            'ID=$(curl -sSf -H "$AUTH" -H "Content-Type: application/json" -d "$DATA" "$CALL"'
            f" | {_word('event_id')})",
            'curl -sSfN -H "$AUTH" "$CALL/$ID"',
        ]
    )


def _word(key: str) -> str:
    """Takes one word out of a small JSON object: not everybody has a tool for JSON."""
    return f"""sed -n 's/.*"{key}": *"\\([^"]*\\)".*/\\1/p'"""


def _has_file(probe: Probe) -> bool:
    return any(isinstance(value, str) and ARTIFACT.match(value) for value in probe.inputs.values())


def _python(value: JsonValue) -> str:
    if isinstance(value, str) and (found := ARTIFACT.match(value)):
        return f"handle_file({found[1]!r})"
    return repr(value)
