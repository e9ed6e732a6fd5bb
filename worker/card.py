"""What a model says about itself at one sha: its metadata, README and config, read as hostile input.

Whatever is missing, broken or too large becomes a sentence in `remarks`; only a model that cannot be read
is an error.
"""

import json
import re
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, JsonValue

from worker.card_examples import (
    SOUND_SUFFIXES,
    VIDEO_SUFFIXES,
    example_entries,
    example_files,
    example_images,
    example_texts,
    expected_labels,
)
from worker.front_matter import read_header
from worker.hub import Hub
from worker.model_info import model_info
from worker.own_code import is_known
from worker.pipeline_index import INDEX, PipelineIndex, read_index

LARGEST_README = 512 * 1024
LARGEST_CONFIG = 4 * 1024 * 1024
WORD = re.compile(r"[\w.+/:-]{1,100}")
REPO_ID = re.compile(r"(?!.*(\.\.|--))\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
"""What can be the name of a model; paths and addresses cannot."""


class Card(BaseModel):
    """A model at one revision. Every text in it is the model author's and may say anything."""

    model_config = ConfigDict(frozen=True)

    model_id: str
    revision: str
    private: bool = False
    gated: bool = False
    pipeline_tag: str | None = None
    library_name: str | None = None
    license: str | None = None
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    summary: str = ""
    """The first paragraph of the README, without markup, at most 300 characters."""
    example_texts: tuple[str, ...] = ()
    example_entries: tuple[dict[str, str], ...] = ()
    """All texts of each example by their key, for models that take several."""
    example_images: tuple[str, ...] = ()
    """Paths in the model's repo."""
    example_sounds: tuple[str, ...] = ()
    example_videos: tuple[str, ...] = ()
    expected: dict[str, str] = {}
    """The label that the card gives for an example, by the example's text or path."""
    files: dict[str, int] = {}
    """Size in bytes by path."""
    config: dict[str, JsonValue] = {}
    """config.json, over what the Hub itself has read of the model's configuration."""
    pipeline: PipelineIndex | None = None
    """What model_index.json says, where there is one."""
    parameters: dict[str, int] = {}
    """Number of parameters by their type, such as BF16, as the Hub has counted them."""
    instance_prompt: str | None = None
    """The words that a LoRA was trained on."""
    labels: tuple[str, ...] | None = None
    """The model's own labels, in the order of its outputs."""
    remarks: tuple[str, ...] = ()

    @property
    def architectures(self) -> tuple[str, ...]:
        """The classes that config.json or model_index.json names."""
        named = self.config.get("architectures")
        diffusers = self.config.get("diffusers")
        pipeline = diffusers.get("_class_name") if isinstance(diffusers, dict) else None
        pipeline = self.pipeline.class_name if self.pipeline else pipeline
        every = [*(named if isinstance(named, list) else ()), pipeline]
        return tuple(name for name in every if isinstance(name, str))

    @property
    def brings_own_code(self) -> bool:
        """Whether the repo has Python files that its loader would run if it were told to trust them."""
        of_pipeline = self.pipeline is not None and self.pipeline.own_code
        return of_pipeline or "custom_code" in self.tags or "auto_map" in self.config

    @property
    def needs_own_code(self) -> bool:
        """Whether the model only loads with those files, which many keep for older transformers."""
        known = self.pipeline is None and is_known(self.config.get("auto_map"))
        return self.brings_own_code and not known

    @property
    def chat(self) -> bool:
        """Whether the model is made for a conversation."""
        tokenizer = self.config.get("tokenizer_config")
        template = isinstance(tokenizer, dict) and "chat_template" in tokenizer
        return (
            template
            or "chat_template_jinja" in self.config
            or "chat_template.jinja" in self.files
            or "conversational" in self.tags
        )

    @property
    def base_of_adapter(self) -> str | None:
        """The model that an adapter stands on: what its config says, else what its card says."""
        peft = self.config.get("peft")
        named = peft.get("base_model_name_or_path") if isinstance(peft, dict) else None
        every = (name for name in (named, *self.base_models) if isinstance(name, str))
        return next((name for name in every if REPO_ID.fullmatch(name)), None)


def read_card(hub: Hub, model_id: str, revision: str, clean: Callable[[str], str]) -> Card:
    """The card of a model. `clean` takes secrets out of its texts before anyone sees them."""
    info = model_info(hub, model_id, revision)
    files = {file.rfilename: file.size or 0 for file in info.siblings or ()}
    texts = _Texts(hub, model_id, revision, files, clean)
    header = read_header(texts.read("README.md", LARGEST_README))
    config = {**(info.config or {}), **texts.read_json("config.json")}
    index = texts.read_json(INDEX) if INDEX in files else None
    said = header.values
    return Card(
        model_id=model_id,
        revision=revision,
        private=bool(info.private),
        gated=bool(info.gated),
        pipeline_tag=info.pipeline_tag or _word(said.get("pipeline_tag")) or task_of_adapter(config),
        library_name=_word(said.get("library_name")) or info.library_name,
        license=_word(said.get("license")),
        tags=tuple(dict.fromkeys([*(info.tags or ()), *_words(said.get("tags"))])),
        languages=_words(said.get("language")),
        base_models=_words(said.get("base_model")),
        summary=summary_of(header.body),
        example_texts=example_texts(said.get("widget")),
        example_entries=example_entries(said.get("widget")),
        example_images=example_images(said.get("widget"), model_id, files),
        example_sounds=example_files(said.get("widget"), model_id, files, SOUND_SUFFIXES),
        example_videos=example_files(said.get("widget"), model_id, files, VIDEO_SUFFIXES),
        expected=expected_labels(said.get("widget"), model_id),
        files=files,
        config=config,
        labels=labels_of(config),
        pipeline=None if index is None else read_index(index, files),
        parameters=dict(info.safetensors.parameters) if info.safetensors else {},
        instance_prompt=_line(said.get("instance_prompt")),
        remarks=(*texts.remarks, *([header.remark] if header.remark else ())),
    )


class _Texts:
    """Reads the text files of one revision and notes what could not be read."""

    def __init__(
        self, hub: Hub, model_id: str, revision: str, files: dict[str, int], clean: Callable[[str], str]
    ) -> None:
        self._hub, self._model_id, self._revision = hub, model_id, revision
        self._files = files
        self._clean = clean
        self.remarks: list[str] = []

    def read(self, path: str, limit: int) -> str:
        if path not in self._files:
            self.remarks.append(f"There is no {path}.")
            return ""
        if self._files[path] > limit:
            self.remarks.append(f"Only the first {limit // 1024} KiB of {path} were read.")
        content = self._hub.read(self._model_id, self._revision, path, limit)
        return self._clean(content.decode(errors="replace"))

    def read_json(self, path: str) -> dict[str, JsonValue]:
        if path not in self._files:
            self.remarks.append(f"There is no {path}.")
            return {}
        if self._files[path] > LARGEST_CONFIG:
            self.remarks.append(f"{path} is larger than {LARGEST_CONFIG // 1024**2} MiB and was not read.")
            return {}
        value = json_object(self.read(path, LARGEST_CONFIG))
        if value is None:
            self.remarks.append(f"{path} is not a JSON object that can be read.")
        return value or {}


def json_object(text: str) -> dict[str, JsonValue] | None:
    """A JSON object out of a text of a stranger; None if it is anything else."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half characters cannot be passed on
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def task_of_adapter(config: dict[str, JsonValue]) -> str | None:
    """The task of an adapter whose card names none, as the Hub has read it of its configuration."""
    match config.get("peft"):
        case {"task_type": "CAUSAL_LM"}:
            return "text-generation"
        case _:
            return None


def labels_of(config: dict[str, JsonValue]) -> tuple[str, ...] | None:
    """`id2label` of a config in the order of the outputs; None where it is missing or has holes."""
    names = config.get("id2label")
    if not isinstance(names, dict) or not names:
        return None
    ordered = [names.get(str(index)) for index in range(len(names))]
    return tuple(str(name) for name in ordered) if None not in ordered else None


def summary_of(body: str) -> str:
    """The first paragraph of prose in Markdown, without its markup."""
    without_code = re.sub(r"```.*?(```|\Z)|<!--.*?(-->|\Z)", "", body, flags=re.DOTALL)
    for block in re.split(r"\n\s*\n", without_code):
        lines = [line.strip() for line in block.strip().splitlines()]
        prose = " ".join(line for line in lines if line and not re.match(r"[#>|<!*-]|\[!|\d+\.", line))
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[`*_<>]", r"\1", prose).strip()
        if len(text) > 20:
            return text if len(text) <= 300 else text[:299].rsplit(" ", 1)[0] + "…"
    return ""


def _words(value: JsonValue) -> tuple[str, ...]:
    values = value[:200] if isinstance(value, list) else [value]
    return tuple(word for item in values if (word := _word(item)))


def _word(value: JsonValue) -> str | None:
    """A metadata value that is one plain word, such as a tag or a licence; anything else is nothing."""
    return value if isinstance(value, str) and WORD.fullmatch(value) else None


def _line(value: JsonValue) -> str | None:
    """A short text in one line."""
    return " ".join(value.split())[:300] if isinstance(value, str) and value.strip() else None
