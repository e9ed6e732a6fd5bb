"""A card is read whatever stands in it; what cannot be read is a remark in words."""

import json

import pytest
from pydantic import JsonValue

from tests.harness.local_hub import LocalHub
from tests.worker.models_on_the_hub import Model, put_model, zoo_model
from worker.card import Card, json_object, labels_of, read_card, summary_of
from worker.card_examples import (
    MOST_EXAMPLES,
    SOUND_SUFFIXES,
    VIDEO_SUFFIXES,
    example_files,
    example_images,
    example_texts,
    expected_labels,
)
from worker.errors import Failed
from worker.front_matter import read_header
from worker.hub import Hub
from worker.redact import Redactor


@pytest.fixture
def hub(local_hub: LocalHub) -> Hub:
    return Hub(local_hub.token("alice"), local_hub.endpoint)


def read(hub: Hub, model: Model) -> Card:
    return read_card(hub, model.id, model.revision, Redactor().text)


def test_a_good_card_is_understood(hub: Hub, local_hub: LocalHub) -> None:
    card = read(hub, zoo_model(local_hub, "product-reviews-sentiment"))

    assert card.pipeline_tag == "text-classification"
    assert (card.library_name, card.license, card.languages) == ("onnx", "apache-2.0", ("en",))
    assert card.labels == ("negative", "positive")
    assert card.summary.startswith("Says whether a short English product review")
    assert card.example_texts[0] == "Works perfectly and looks lovely on the shelf."
    assert card.expected["Works perfectly and looks lovely on the shelf."] == "positive"
    assert card.files["onnx/model.onnx"] > 10_000
    assert card.remarks == ()


def test_example_pictures_are_files_of_the_model(hub: Hub, local_hub: LocalHub) -> None:
    card = read(hub, zoo_model(local_hub, "handwritten-digits"))

    assert "examples/7.png" in card.example_images
    assert card.expected["examples/7.png"] == "7"


HOSTILE: dict[str, tuple[bytes, str]] = {
    "no header": (b"# Just words\n", "no YAML header"),
    "corrupt YAML": (b"---\npipeline_tag: [text\n---\n# x\n", "broken"),
    "header is a list": (b"---\n- a\n- b\n---\n", "not a mapping"),
    "header is a word": (b"---\nhello\n---\n", "not a mapping"),
    "aliases that explode": (b"---\na: &a [1]\nb: [*a, *a]\n---\n", "broken"),
    "python object": (b"---\na: !!python/object/apply:os.system [ls]\n---\n", "broken"),
    "not UTF-8": (b"---\nlicense: \xff\xfe\n---\n", ""),
    "control characters": (b"---\nlicense: \x01\x00\n---\n", "broken"),
    "no end": (b"---\nlicense: mit\n", "has no end"),
}


@pytest.mark.parametrize(("readme", "remark"), HOSTILE.values(), ids=HOSTILE)
def test_a_broken_header_is_a_remark_and_no_metadata(
    hub: Hub, local_hub: LocalHub, readme: bytes, remark: str
) -> None:
    card = read(hub, put_model(local_hub, {"README.md": readme, "config.json": b"{}"}))

    assert remark in " ".join(card.remarks)
    assert (card.license, card.example_texts) == (None, ())


def test_an_empty_repo_is_read_too(hub: Hub, local_hub: LocalHub) -> None:
    card = read(hub, put_model(local_hub, {}))

    assert card.remarks == ("There is no README.md.", "There is no config.json.")
    assert card.labels is None


@pytest.mark.parametrize("config", [b"", b"not json", b"[1]", b'"text"', b"\xff\xfe", b'{"a": "\\ud800"}'])
def test_a_config_that_is_no_object_is_a_remark(hub: Hub, local_hub: LocalHub, config: bytes) -> None:
    card = read(hub, put_model(local_hub, {"config.json": config}))

    assert card.config == {}
    assert card.labels is None


def test_a_huge_readme_is_read_in_part(hub: Hub, local_hub: LocalHub) -> None:
    readme = b"---\nlicense: mit\n---\n# x\n" + b"word " * 400_000

    card = read(hub, put_model(local_hub, {"README.md": readme}))

    assert card.license == "mit"
    assert "Only the first 512 KiB of README.md were read." in card.remarks
    assert len(card.summary) <= 300


def test_metadata_of_the_wrong_type_is_left_out(hub: Hub, local_hub: LocalHub) -> None:
    header = "license: [1, 2]\nlanguage: {a: b}\nwidget: 5\nbase_model: [null, a/b, 'x y']\nlibrary_name: 1.0"
    card = read(hub, put_model(local_hub, {"README.md": f"---\n{header}\n---\n".encode()}))

    assert (card.license, card.languages, card.example_texts, card.base_models) == (None, (), (), ("a/b",))


def test_a_secret_in_a_card_goes_no_further(hub: Hub, local_hub: LocalHub) -> None:
    secret = "hf_" + "AbCdEfGhIj" * 3
    readme = (
        f"---\nwidget:\n- text: use {secret}\n---\n# x\n\nMy token for this is {secret}, please use it.\n"
    )

    card = read(hub, put_model(local_hub, {"README.md": readme.encode()}))

    assert secret not in card.model_dump_json()
    assert card.example_texts


@pytest.mark.parametrize(
    ("model_id", "revision"),
    [("alice/does-not-exist", "0" * 40), ("zoo/handwritten-digits", "0" * 40), ("../../etc", "0" * 40)],
)
def test_a_model_that_cannot_be_read_ends_the_run_with_a_sentence(
    hub: Hub, model_id: str, revision: str
) -> None:
    with pytest.raises(Failed) as failed:
        read_card(hub, model_id, revision, str)

    assert failed.value.category == "not_found"
    assert model_id in str(failed.value)


WIDGETS: dict[str, tuple[JsonValue, tuple[str, ...]]] = {
    "mappings": ([{"text": "a"}, {"text": " b "}, {"src": "c"}], ("a", "b")),
    "plain texts": (["a", "b", "a"], ("a", "b")),
    "by language": ({"en": [{"text": "a"}], "fr": [{"text": "b"}]}, ("a", "b")),
    "empty": ([{"text": "  "}, {"text": None}, {"text": 5}, None, []], ()),
    "nothing": (None, ()),
    "a word": ("hello", ()),
    "too many": ([{"text": str(number)} for number in range(99)], tuple("012345")[:MOST_EXAMPLES]),
}


@pytest.mark.parametrize(("widget", "texts"), WIDGETS.values(), ids=WIDGETS)
def test_example_texts(widget: JsonValue, texts: tuple[str, ...]) -> None:
    assert example_texts(widget) == texts


SOURCES = {
    "a path": ("examples/1.png", "examples/1.png"),
    "a path with a dot": ("./examples/1.png", "examples/1.png"),
    "this repo's address": ("https://huggingface.co/a/b/resolve/main/examples/1.png", "examples/1.png"),
    "another repo's address": ("https://huggingface.co/x/y/resolve/main/examples/1.png", None),
    "another host": ("http://169.254.169.254/latest/meta-data", None),
    "a file of this machine": ("file:///etc/passwd", None),
    "a path upwards": ("../../etc/passwd", None),
    "no image": ("config.json", None),
}


@pytest.mark.parametrize(("source", "path"), SOURCES.values(), ids=SOURCES)
def test_only_pictures_of_the_repo_itself_are_examples(source: str, path: str | None) -> None:
    files = {"examples/1.png": 10, "config.json": 10}

    assert example_images([{"src": source}], "a/b", files) == ((path,) if path else ())


def test_the_most_likely_label_of_an_example_is_expected() -> None:
    output: JsonValue = [{"label": "no", "score": 0.2}, {"label": "yes", "score": 0.8}, {"label": "x"}, 5]

    assert expected_labels([{"text": " hi ", "output": output}, {"text": "b", "output": 1}], "a/b") == {
        "hi": "yes"
    }


@pytest.mark.parametrize(
    ("config", "labels"),
    [
        ({"id2label": {"1": "b", "0": "a"}}, ("a", "b")),
        ({"id2label": {"0": "a", "2": "c"}}, None),
        ({"id2label": {}}, None),
        ({"id2label": ["a"]}, None),
        ({"id2label": {"0": 7}}, ("7",)),
        ({}, None),
    ],
)
def test_labels_come_in_the_order_of_the_outputs(
    config: dict[str, JsonValue], labels: tuple[str, ...] | None
) -> None:
    assert labels_of(config) == labels


def test_the_summary_is_the_first_prose_without_markup() -> None:
    body = (
        "# Title\n\n[![badge](x)](y)\n\n<!-- comment\n\nwith paragraphs -->\n\n"
        "```\ncode code code code code\n```\n\n| a | b |\n|---|---|\n\n"
        "This **model** reads [digits](http://x) and `says` which.\nSecond line.\n\nMore."
    )

    assert summary_of(body) == "This model reads digits and says which. Second line."


def test_half_a_character_ends_a_header() -> None:
    assert "broken" in str(read_header('---\nlicense: "\\ud800"\n---\n').remark)


def test_nesting_without_end_is_broken_and_no_crash() -> None:
    assert "broken" in str(read_header("---\na: " + "[" * 5000 + "\n---\n").remark)
    assert json_object("[" * 100_000) is None
    assert json_object('{"a":' * 100_000) is None


def test_a_header_is_found_under_a_byte_order_mark_and_windows_lines() -> None:
    header = read_header("\ufeff---\r\nlicense: mit\r\n---\r\n# x")

    assert header.values == {"license": "mit"}
    assert header.body == "# x"


def test_dates_and_numbers_in_a_header_stay_json() -> None:
    header = read_header("---\na: 2024-01-01\nb: 1.5\nc: {1: 2}\nd: !!binary aGk=\n---\n")

    assert json.loads(json.dumps(header.values)) == header.values


def test_examples_to_hear_and_to_see_moving_are_those_of_the_repo() -> None:
    files = {"a.flac": 1, "b.mp4": 1, "c.png": 1}
    widget: JsonValue = [{"src": name} for name in (*files, "elsewhere.wav")]

    assert example_files(widget, "a/b", files, SOUND_SUFFIXES) == ("a.flac",)
    assert example_files(widget, "a/b", files, VIDEO_SUFFIXES) == ("b.mp4",)
