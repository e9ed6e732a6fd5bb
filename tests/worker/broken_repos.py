"""Repos as nobody should make them, each with the verdict and the words that its plan must end with."""

import json
import struct
from collections.abc import Mapping
from typing import NamedTuple

from worker.contract import Verdict

BLOCKED, PLANNED = Verdict.TECHNICAL_BLOCKER, Verdict.PLANNED


class Broken(NamedTuple):
    """The files of a repo, how a plan of it ends, and what its record says among other things."""

    files: Mapping[str, bytes]
    verdict: Verdict
    says: str


def readme(header: str, body: str = "# A model\n") -> bytes:
    return f"---\n{header}\n---\n{body}".encode()


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def safetensors(header: bytes, length: int | None = None, data: bytes = b"\0" * 64) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + data


TENSOR = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}
GOOD_WEIGHTS = safetensors(as_json({"a": TENSOR}))
TEXT = "pipeline_tag: text-classification\nlibrary_name: transformers"
BERT = as_json({"model_type": "bert", "architectures": ["BertForSequenceClassification"], "hidden_size": 8})
MODEL = {
    "README.md": readme(TEXT),
    "config.json": BERT,
    "tokenizer.json": b"{}",
    "model.safetensors": GOOD_WEIGHTS,
}
"""A repo whose plan is made; each case below spoils one thing."""
TOUCH = "touch unpickled"
RUNS_CODE = f"cos\nsystem\n(S'{TOUCH}'\ntR.".encode()
"""A pickle that makes a file when it is opened."""
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 438000000\n"
BOMB = "\n".join(["a: &a0 [x, x]", *(f"b{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30))])


def card_with(readme: bytes, says: str = "text-classification") -> Broken:
    """What the card does not say, the Hub reads of the config: there is a plan, and a remark."""
    return Broken(MODEL | {"README.md": readme}, PLANNED, says)


def without(name: str, **more: bytes) -> dict[str, bytes]:
    return {path: content for path, content in MODEL.items() if path != name} | more


def config_with(content: bytes, verdict: Verdict, says: str) -> Broken:
    return Broken(MODEL | {"config.json": content}, verdict, says)


def weights_with(content: bytes, verdict: Verdict, says: str) -> Broken:
    return Broken(MODEL | {"model.safetensors": content}, verdict, says)


def pipeline_with(index: bytes, verdict: Verdict, says: str, weights: bytes = GOOD_WEIGHTS) -> Broken:
    header = readme("pipeline_tag: text-to-image\nlibrary_name: diffusers")
    files = {
        "README.md": header,
        "model_index.json": index,
        "unet/diffusion_pytorch_model.safetensors": weights,
    }
    return Broken(files, verdict, says)


CARDS = {
    "an empty repo": Broken({}, BLOCKED, "has no files at this revision. Upload the model"),
    "no README": Broken({"config.json": BERT}, BLOCKED, "There is no README.md."),
    "a README without metadata": card_with(b"# Hello\n", "The README has no YAML header."),
    "corrupt YAML": card_with(readme("pipeline_tag: ["), "The YAML header of the README is broken (line 2)"),
    "nothing but corrupt YAML": Broken(
        {"README.md": readme("license: ["), "model.safetensors": GOOD_WEIGHTS},
        BLOCKED,
        "was ignored. Add pipeline_tag to the metadata of its card",
    ),
    "YAML that explodes": card_with(readme(BOMB), "is broken and was ignored"),
    "YAML with an object": card_with(readme(f"a: !!python/object/apply:os.system [{TOUCH}]"), "is broken"),
    "YAML nested without end": card_with(readme("a: " + "[" * 3000), "is broken"),
    "a task that is a list": card_with(readme("pipeline_tag: [text-classification]")),
    "metadata of wrong types": card_with(
        readme(
            f"{TEXT}\nlicense: {{a: 1}}\nlanguage: [1, 2.5, null]\ntags: {{x: y}}\nbase_model: 7\n"
            "widget: [1, [2], {text: {a: b}}, {src: 5}, {output: [{label: [], score: x}]}]\ndatasets: 1\n"
            "model-index: nonsense\ninstance_prompt: [a]\nmetrics: {a: 1}"
        )
    ),
    "a widget that is a word": card_with(readme(f"{TEXT}\nwidget: hello")),
    "a binary README": card_with(b"\x00\xff\xfe\x80" * 5000, "The README has no YAML header."),
    "a README of 5 MB": card_with(readme(TEXT, "# x\n" + "word " * 1_000_000), "Only the first 512 KiB"),
    "a header of 5 MB": card_with(readme(f"{TEXT}\nx: {'y' * 5_000_000}"), "has no end and was ignored"),
    "a dataset's card": Broken(
        {"README.md": readme("task_categories: [text-classification]"), "a.csv": b"a,b"},
        BLOCKED,
        "It holds no weights that could be loaded",
    ),
    "only a Dockerfile": Broken({"Dockerfile": b"FROM scratch\n"}, BLOCKED, "It holds no weights"),
    "only a notebook": Broken({"train.ipynb": b"{}"}, BLOCKED, "It holds no weights"),
    "weights for TensorFlow only": Broken(
        without("model.safetensors", **{"tf_model.h5": b"x"}), BLOCKED, "safetensors"
    ),
    "a card that lies about its task": Broken(
        MODEL
        | {"README.md": readme("pipeline_tag: image-classification"), "preprocessor_config.json": b"{}"},
        BLOCKED,
        "image-classification with transformers, but its config names BertForSequenceClassification",
    ),
}
ODD_CONFIG = {
    **{"model_type": ["bert"], "architectures": {"a": 1}, "id2label": [1], "quantization_config": "awq"},
    **{"hidden_size": -1e308, "text_config": [], "torch_dtype": 7, "num_hidden_layers": 10**400},
}
CONFIGS = {
    "a corrupt config": config_with(b"{not json", BLOCKED, "config.json is not a JSON object"),
    "a config that is a list": config_with(b"[1]", BLOCKED, "config.json is not a JSON object"),
    "a config nested for ever": config_with(nested(200_000), BLOCKED, "config.json is not a JSON object"),
    "a config nested a thousand deep": config_with(nested(1000), BLOCKED, "config.json is not a JSON object"),
    "a huge config": config_with(
        as_json({"x": "y" * 6_000_000}), PLANNED, "larger than 4 MiB and was not read"
    ),
    "a config of wrong types": config_with(as_json(ODD_CONFIG), PLANNED, "text-classification"),
    "code that is a number": config_with(as_json({"auto_map": 5}), BLOCKED, "trust-remote-code=yes"),
    "no config": Broken(without("config.json"), BLOCKED, "config.json"),
    "a pipeline of unknown classes": pipeline_with(
        as_json({"_class_name": "NoSuchPipeline", "unet": ["diffusers", "X"]}), PLANNED, "text-to-image"
    ),
    "a pipeline of its own": pipeline_with(
        as_json({"_class_name": ["pipeline", "Mine"], "unet": ["unet", "X"]}),
        BLOCKED,
        "trust-remote-code=yes",
    ),
    "a pipeline without its parts": pipeline_with(
        as_json({"_class_name": "StableDiffusionPipeline", "vae": ["diffusers", "X"]}), BLOCKED, "weights"
    ),
    "a corrupt model_index": pipeline_with(b"[[", BLOCKED, "model_index.json is not a JSON object"),
}
INDEX = as_json({"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]})
WEIGHTS = {
    "a header that is longer than its file": pipeline_with(
        INDEX, BLOCKED, "its header claims to be longer", safetensors(b"{}", 2**62)
    ),
    "a header of wrong types": pipeline_with(
        INDEX, BLOCKED, "describes no tensors", safetensors(as_json({"a": [1], "b": {"dtype": 5}}))
    ),
    "a header that is no JSON": weights_with(safetensors(b"hello"), BLOCKED, "a header that is not JSON"),
    "tensors that overlap": weights_with(
        safetensors(as_json({"a": TENSOR, "b": TENSOR})), BLOCKED, "has tensors that overlap"
    ),
    "tensors beyond the end": weights_with(
        safetensors(as_json({"a": TENSOR | {"data_offsets": [0, 9999]}})),
        BLOCKED,
        "more bytes than are there",
    ),
    "weights of five bytes": weights_with(b"hello", BLOCKED, "is too short for a safetensors file"),
    "a pointer in place of the weights": weights_with(POINTER, BLOCKED, "is a pointer to a large file"),
    "empty weights": weights_with(b"", BLOCKED, "model.safetensors is empty"),
    "a pickle that runs code": Broken(
        without("model.safetensors", **{"pytorch_model.bin": RUNS_CODE}), PLANNED, "Python pickles"
    ),
    "pickles of nobody's format": Broken(
        {"README.md": readme("pipeline_tag: text-classification"), "model.pt": RUNS_CODE, "x.pkl": RUNS_CODE},
        BLOCKED,
        "author=pi",
    ),
    "an index of files that are not there": Broken(
        without("model.safetensors")
        | {
            "model.safetensors.index.json": as_json(
                {"weight_map": {"a": "m.safetensors", "b": "../../etc/passwd"}}
            )
        },
        BLOCKED,
        "It holds no weights that could be loaded",
    ),
    "a part that is missing": Broken(
        without("model.safetensors", **{"model-00001-of-00002.safetensors": GOOD_WEIGHTS}),
        BLOCKED,
        "is one of 2 parts, and 1 of them can be found",
    ),
    "a hundred shards": Broken(
        without("model.safetensors")
        | {f"model-{n:05}-of-00100.safetensors": GOOD_WEIGHTS for n in range(1, 101)},
        PLANNED,
        "cpu-basic",
    ),
    "a corrupt GGUF file": Broken(
        {"README.md": readme("pipeline_tag: text-generation"), "m-Q4_K_M.gguf": b"GGUF" + b"\xff" * 60},
        BLOCKED,
        "has no GGUF header that can be read",
    ),
}


def adapter_on(base: object, says: str) -> Broken:
    files = {
        "README.md": readme("pipeline_tag: text-generation\nlibrary_name: peft"),
        "adapter_config.json": as_json({"peft_type": "LORA", "base_model_name_or_path": base}),
        "adapter_model.safetensors": GOOD_WEIGHTS,
    }
    return Broken(files, BLOCKED, says)


NO_BASE = "does not name a model on the Hub that it stands on"
ADAPTERS = {
    "an adapter without a base": adapter_on(None, NO_BASE),
    "an adapter on a model that is not there": adapter_on("alice/nobody-made-this", "which does not exist"),
    "an adapter on a folder": adapter_on("/home/me/llama", NO_BASE),
    "an adapter on a path upwards": adapter_on("../../etc/passwd", NO_BASE),
    "an adapter on an address": adapter_on("http://169.254.169.254/latest/meta-data", NO_BASE),
    "an adapter on a list": adapter_on(["a/b"], NO_BASE),
    "an adapter on a name of 10 000 letters": adapter_on("a/" + "b" * 10_000, NO_BASE),
}
ODD_NAMES = (
    *("with space.txt", "ünïcode 🙂.txt", "-rf", "100%25.txt", 'it\'s "quoted".txt', "`tick`|pipe.txt"),
    *("semi;colon&and.txt", f"$({TOUCH}).txt", "<script>alert(1)</script>.md", "a#b?c=d.txt"),
    *("x" * 200 + ".txt", "deep/" * 40 + "end.txt"),
)
NAMES = {
    "odd names": Broken(MODEL | dict.fromkeys(ODD_NAMES, b"x"), PLANNED, "cpu-basic"),
    "weights of an odd name": Broken(
        {"README.md": readme("pipeline_tag: text-generation"), "-rf 🙂 `$(x)` Q4_K_M.gguf": b"GGUF"},
        BLOCKED,
        "has no GGUF header that can be read",
    ),
    "ten thousand files": Broken(
        MODEL | {f"data/{n % 100}/{n}.txt": b"x" for n in range(10_000)}, PLANNED, "cpu-basic"
    ),
}
BROKEN: dict[str, Broken] = {**CARDS, **CONFIGS, **WEIGHTS, **ADAPTERS, **NAMES}
