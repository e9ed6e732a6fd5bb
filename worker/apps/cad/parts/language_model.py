"""Has a language model write the specification. What it writes is data: it is checked like any other."""

import json
import re
from importlib.resources import files

from pydantic import ValidationError

from .settings import LanguageModel
from .specification import Specification
from .web import Unavailable, bearer, fetch

TRIES = 2
MOST = 256 * 1024
OBJECT = re.compile(r"\{.*\}", re.DOTALL)


def specify(model: LanguageModel, prompt: str) -> Specification:
    """The part as the model understands the prompt. Unavailable where it gives none that can be built."""
    told = files(__package__ or "parts").joinpath("instructions.md").read_text(encoding="utf-8")
    schema = json.dumps(Specification.model_json_schema(), separators=(",", ":"))
    talk = [
        {"role": "system", "content": f"{told}\n{schema}"},
        {"role": "user", "content": prompt},
    ]
    for _ in range(TRIES):
        said = _ask(model, talk)
        try:
            return Specification.model_validate_json(_object(said))
        except ValidationError as error:
            problem = error.errors()[0]["msg"][:300]
            talk += [
                {"role": "assistant", "content": said[:4000]},
                {
                    "role": "user",
                    "content": f"That is not right: {problem}. Answer with the corrected JSON only.",
                },
            ]
    raise Unavailable("it gave no specification that can be built")


def _ask(model: LanguageModel, talk: list[dict[str, str]]) -> str:
    answer = fetch(
        "POST",
        f"{model.url.rstrip('/')}/chat/completions",
        seconds=model.seconds,
        most=MOST,
        headers=bearer(model.key),
        json={"model": model.name, "messages": talk, "temperature": 0, "max_tokens": 900},
    )
    try:
        said = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        raise Unavailable("its answer could not be read") from None
    return said if isinstance(said, str) else ""


def _object(said: str) -> str:
    found = OBJECT.search(said)
    return found[0] if found else "{}"
