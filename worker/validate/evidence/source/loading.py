"""Which models the source loads: the one that was asked for, what it stands on, and no other."""

import ast
import re
from collections.abc import Iterator

from worker.card import Card
from worker.validate.answers import strings_in
from worker.validate.evidence.source.program import Module, Program, dotted, name_of
from worker.validate.evidence.source.services import CLIENTS

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
NO_WEIGHTS = re.compile(r"Tokenizer|Processor|FeatureExtractor|Config|Scheduler|Streamer|Dataset")
"""Classes that hold no model."""
HELPER = re.compile(
    r"VAE|AutoencoderKL|Vocoder|HifiGan|TextEncoder|CLIPText|T5Encoder|ControlNet(?!.*Pipeline)|Safety"
)
"""Classes of models that another one may take from elsewhere."""
DOWNLOADS = frozenset({"hf_hub_download", "snapshot_download"})
OWN = re.compile(r"^\.{0,2}/(?!tmp/|data/|mnt/)")
"""Paths to folders of the Space; what is mounted or downloaded lies elsewhere."""
DEEPEST_PATH = 4
LOCAL = re.compile(r"^[./~]|\.(onnx|json|txt|safetensors|bin|gguf|pt|pth|model|npy|csv|yaml|png|jpg|wav)$")
ID = re.compile(r"[\w.-]+(/[\w.-]+)?")


def is_load(program: Program, module: Module, call: ast.Call) -> bool:
    """Whether a call brings a model, or a part of one, into memory."""
    name = name_of(call.func)
    known = name in NAMED_FIRST or name in OTHER_LOADERS or _torch_load(call)
    return known or _is_pipeline(module, call) or _opens_by_id(program, module, call)


def loads_weights(program: Program, module: Module, call: ast.Call) -> bool:
    """Whether what is loaded holds weights."""
    return is_load(program, module, call) and not NO_WEIGHTS.search(dotted(call.func))


def _is_pipeline(module: Module, call: ast.Call) -> bool:
    """Whether it is the function of that name, and no model that somebody has called so."""
    own = isinstance(call.func, ast.Name) and "pipeline" in module.assigned
    return name_of(call.func) == "pipeline" and not own and dotted(call.func) != "self.pipeline"


def _opens_by_id(program: Program, module: Module, call: ast.Call) -> bool:
    """Whether a library's class or loader that we do not know is given something like a model's id."""
    name = name_of(call.func)
    root = module.imported.get(dotted(call.func).split(".")[0])
    if root is None or root[0].split(".")[0] in {"gradio", *program.modules} or name in CLIENTS:
        return False
    if not (name[:1].isupper() or name.startswith(("from_", "load"))):
        return False
    keywords = [each.value for each in call.keywords if each.arg in KEYWORDS]
    texts = {text for each in (*call.args[:1], *keywords) for text in program.texts(module, each)}
    return any(ID.fullmatch(text) and "/" in text and not LOCAL.search(text) for text in texts)


def loads_the_model(program: Program, module: Module, call: ast.Call, card: Card | None) -> bool:
    """Whether it is the asked-for model itself, as far as can be told, and neither its base nor a helper."""
    if not loads_weights(program, module, call):
        return False
    named = _ids(program, module, call)
    if card is None or not named:
        return not HELPER.search(dotted(call.func))
    return card.model_id in named


def loading(program: Program, card: Card | None) -> list[str]:
    """What is wrong with what is loaded; each continues the sentence: The source …"""
    calls = [(module, call) for module, call in program.calls() if is_load(program, module, call)]
    if not calls:
        return ["loads no model"]
    found = [
        f"loads whatever model the library likes best (line {call.lineno})"
        for module, call in calls
        if _is_pipeline(module, call) and not _argument(call)
    ]
    if card is None:
        return found
    own = {card.model_id, *card.base_models, *({card.base_of_adapter} - {None})}
    weights = [(module, call) for module, call in calls if loads_weights(program, module, call)]
    ids = {name for module, call in weights for name in _ids(program, module, call)}
    if ids and card.model_id not in ids:
        found.append(f"loads {', '.join(sorted(ids)[:3])} and never {card.model_id}")
    elif not ids and not _mentions(program, card.model_id):
        found.append(f"never names {card.model_id}")
    strange = [
        (name, call.lineno)
        for module, call in weights
        if not HELPER.search(dotted(call.func))
        for name in _ids(program, module, call) - own
    ]
    strange += [
        ("whatever its environment names", call.lineno)
        for module, call in weights
        if ids and not _ids(program, module, call) and _is_set_outside(program, module, _argument(call))
    ]
    if strange and not found:
        found.append(f"also loads {strange[0][0]} (line {strange[0][1]})")
    return [*found, *_of_its_own(program, weights)]


def _is_set_outside(program: Program, module: Module, argument: ast.expr | None) -> bool:
    """Whether a name comes from the environment, without a default that could be read."""
    if argument is None or program.texts(module, argument):
        return False
    values = module.assigned.get(argument.id, []) if isinstance(argument, ast.Name) else [argument]
    return any(
        dotted(each) in {"os.environ", "environ", "os.getenv"} for value in values for each in ast.walk(value)
    )


def _of_its_own(program: Program, weights: list[tuple[Module, ast.Call]]) -> Iterator[str]:
    """Models that lie in the Space itself, where nothing that is downloaded could have put them."""
    places = {
        text
        for module, call in program.calls()
        if name_of(call.func) in DOWNLOADS
        for each in call.keywords
        for text in program.texts(module, each.value)
    }
    for module, call in weights:
        argument = _argument(call)
        texts = program.texts(module, argument)
        mine = {text for text in texts if OWN.search(text) and not any(map(text.startswith, places))}
        if mine or (argument is not None and not texts and _beside_the_source(module, argument)):
            yield f"loads a model that lies in the Space itself (line {call.lineno})"


def _beside_the_source(module: Module, argument: ast.expr, deep: int = 0) -> bool:
    """Whether a path is made from the place of the source file."""
    for each in ast.walk(argument):
        if isinstance(each, ast.Name) and each.id == "__file__":
            return True
        values = (
            module.assigned.get(each.id, []) if isinstance(each, ast.Name) and deep < DEEPEST_PATH else []
        )
        if any(_beside_the_source(module, value, deep + 1) for value in values if value is not argument):
            return True
    return False


def other_revision(program: Program, card: Card | None) -> Iterator[str]:
    """Where the model is taken at a revision that is not the asked-for one."""
    for module, call in program.calls():
        if card is None or not loads_the_model(program, module, call, card):
            continue
        asked = next((each.value for each in call.keywords if each.arg == "revision"), None)
        strange = {text for text in program.texts(module, asked) if text not in {card.revision, "main"}}
        if strange:
            yield f"loads the revision {min(strange)[:60]} of its model (line {call.lineno})"


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
    usual = name_of(call.func) not in OTHER_LOADERS and not _torch_load(call)
    return call.args[place] if usual and len(call.args) > place else None


def _mentions(program: Program, model_id: str) -> bool:
    documents = [text for each in program.documents.values() for text in strings_in(each)]
    constants = [
        node.value
        for module in program.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
    ]
    return model_id in documents or model_id in constants


def _torch_load(call: ast.Call) -> bool:
    return dotted(call.func) in {"torch.load", "torch.jit.load", "joblib.load", "pickle.load"}
