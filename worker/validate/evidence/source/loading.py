"""Which models the source loads: the one that was asked for, what it stands on, and no other."""

import ast
import re

from worker.card import Card
from worker.validate.evidence.source.program import Module, Program, dotted, name_of

NAMED_FIRST = frozenset(
    {
        "from_pretrained",
        "from_single_file",
        "SentenceTransformer",
        "CrossEncoder",
        "SparseEncoder",
        "create_model",
        "WhisperModel",
        "hf_hub_download",
        "snapshot_download",
        "load_lora_weights",
        "load_textual_inversion",
        "load_ip_adapter",
    }
)
"""Calls whose first argument, or one of KEYWORDS, says which model."""
KEYWORDS = frozenset(
    {"pretrained_model_name_or_path", "model_name_or_path", "repo_id", "model", "model_id", "model_name"}
)
OTHER_LOADERS = frozenset(
    {"InferenceSession", "Llama", "load_model", "load_file", "load_state_dict", "create_model_and_transforms"}
)
HELPER = re.compile(
    r"Tokenizer|Processor|FeatureExtractor|Config|Scheduler|VAE|AutoencoderKL|Vocoder|HifiGan|TextEncoder"
    r"|CLIPText|T5Encoder|ControlNet|Safety|Streamer|Dataset"
)
"""Classes that a model may take from elsewhere."""
LOCAL = re.compile(r"^[./~]|\.(onnx|json|txt|safetensors|bin|gguf|pt|pth|model|npy|csv|yaml|png|jpg|wav)$")
ID = re.compile(r"[\w.-]+(/[\w.-]+)?")


def is_load(call: ast.Call) -> bool:
    """Whether a call brings a model, or a part of one, into memory."""
    name = name_of(call.func)
    return name in NAMED_FIRST or name in OTHER_LOADERS or name == "pipeline" or _torch_load(call)


def loads_weights(call: ast.Call) -> bool:
    """Whether what is loaded is the model itself and no helper of it."""
    return is_load(call) and not HELPER.search(dotted(call.func))


def loading(program: Program, card: Card | None) -> list[str]:
    """What is wrong with what is loaded; each continues the sentence: The source …"""
    calls = [(module, call) for module, call in program.calls() if is_load(call)]
    if not calls:
        return ["loads no model"]
    found = [
        f"loads whatever model the library likes best (line {call.lineno})"
        for _, call in calls
        if name_of(call.func) == "pipeline" and not _argument(call) and dotted(call.func) != "self.pipeline"
    ]
    if card is None:
        return found
    own = {card.model_id, *card.base_models, *({card.base_of_adapter} - {None})}
    named = {(each, call.lineno) for module, call in calls for each in _ids(program, module, call)}
    ids = {each for each, _ in named}
    if ids and card.model_id not in ids:
        found.append(f"loads {', '.join(sorted(ids)[:3])} and never {card.model_id}")
    elif not ids and not _mentions(program, card.model_id):
        found.append(f"never names {card.model_id}")
    strange = [
        (name, call.lineno)
        for module, call in calls
        if loads_weights(call)
        for name in _ids(program, module, call) - own
    ]
    if strange and not found:
        found.append(f"also loads {strange[0][0]} (line {strange[0][1]})")
    return found


def _ids(program: Program, module: Module, call: ast.Call) -> set[str]:
    """The repos that a call may load from."""
    given = [_argument(call)]
    if name_of(call.func) == "from_pretrained":
        given += call.args[1:2]  # an adapter is named after the model it is put on
    found = {text for each in given for text in program.texts(module, each)}
    texts = {re.sub(r"^hf[-_]hub:", "", text) for text in found}
    return {text for text in texts if ID.fullmatch(text) and not LOCAL.search(text)}


def _argument(call: ast.Call) -> ast.expr | None:
    """The argument that says which model."""
    for keyword in call.keywords:
        if keyword.arg in KEYWORDS:
            return keyword.value
    place = 1 if name_of(call.func) == "pipeline" else 0
    usual = name_of(call.func) in NAMED_FIRST or name_of(call.func) == "pipeline"
    return call.args[place] if usual and len(call.args) > place else None


def _mentions(program: Program, model_id: str) -> bool:
    documents = [
        value for each in program.documents.values() if isinstance(each, dict) for value in each.values()
    ]
    constants = [
        node.value
        for module in program.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
    ]
    return model_id in documents or model_id in constants


def _torch_load(call: ast.Call) -> bool:
    return dotted(call.func) in {"torch.load", "torch.jit.load", "joblib.load", "pickle.load"}
