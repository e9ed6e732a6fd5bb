"""Whether transformers itself has the class of a model whose repo brings code. Reads one file of ours."""

import json
from functools import cache
from pathlib import Path

from pydantic import JsonValue

LIST = Path(__file__).parent / "transformers_architectures.json"
"""Written by `scripts/list_architectures.py`."""
OTHER_WEIGHTS = frozenset({"Florence2ForConditionalGeneration"})
"""Classes that transformers has under the name of an older one, whose weights they do not open."""


def is_known(auto_map: JsonValue) -> bool:
    """Whether all that a config's `auto_map` brings are models that transformers has. Hostile input.

    A tokenizer of the repo's own has no such list, and a class by another name is another class.
    """
    classes = auto_map if isinstance(auto_map, dict) else {}
    models = {name: _class(value) for name, value in classes.items() if name != "AutoConfig"}
    of_models = all(name.startswith("AutoModel") for name in models)
    return bool(models) and of_models and set(models.values()) <= _listed() - OTHER_WEIGHTS


def _class(value: JsonValue) -> str:
    """`Phi3ForCausalLM` of `owner/repo--modeling_phi3.Phi3ForCausalLM`."""
    return str(value).rpartition(".")[2]


@cache
def _listed() -> frozenset[str]:
    return frozenset(json.loads(LIST.read_text()))
