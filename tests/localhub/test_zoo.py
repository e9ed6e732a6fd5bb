"""The shipped models are small, tell the truth in their cards, and answer sensibly; their Hub keeps edits."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from PIL import Image, ImageDraw, ImageOps
from tokenizers import Tokenizer

from bot.localhub import zoo
from bot.localhub.cards import parse_card
from tests.harness.local_hub import LocalHub
from tests.localhub.around_the_hub import ARGUMENTS

DIGITS, SENTIMENT = zoo.FOLDERS
ONE_MEGABYTE = 1_000_000
HAND: dict[int, list[tuple[int, int]]] = {
    # How the author of these tests draws a digit, on a sheet of 100 x 100, without lifting the pen.
    0: [(50, 15), (30, 25), (22, 50), (30, 78), (50, 88), (70, 78), (78, 50), (70, 25), (50, 15)],
    1: [(40, 28), (54, 14), (54, 88)],
    2: [(28, 32), (36, 18), (54, 14), (70, 24), (70, 40), (52, 60), (26, 86), (76, 86)],
    3: [(28, 20), (50, 14), (68, 24), (66, 40), (46, 48), (68, 56), (72, 72), (56, 86), (28, 82)],
    4: [(62, 88), (62, 14), (24, 62), (78, 62)],
    5: [(70, 16), (34, 16), (32, 46), (54, 42), (70, 54), (70, 72), (54, 86), (28, 80)],
    6: [(64, 14), (42, 30), (30, 56), (34, 80), (52, 88), (68, 76), (66, 58), (50, 52), (34, 64)],
    7: [(24, 18), (74, 18), (46, 88)],
    8: [(50, 14), (32, 24), (36, 42), (64, 58), (70, 76), (50, 88), (30, 76), (64, 42), (68, 24), (50, 14)],
    9: [(68, 34), (54, 46), (36, 40), (34, 24), (50, 14), (66, 20), (68, 34), (66, 60), (56, 88)],
}  # fmt: skip


def card(folder: Path) -> dict[str, Any]:
    return parse_card((folder / "README.md").read_text("utf-8"))


def shown_accuracy(folder: Path) -> float:
    return float(card(folder)["model-index"][0]["results"][0]["metrics"][0]["value"])


@pytest.fixture(scope="module")
def sentiment() -> Callable[[list[str]], list[str]]:
    """The labels of texts, from nothing but the shipped files."""
    tokenizer = Tokenizer.from_file(str(SENTIMENT / "tokenizer.json"))
    session = onnxruntime.InferenceSession(SENTIMENT / "onnx" / "model.onnx")
    labels = json.loads((SENTIMENT / "config.json").read_text())["id2label"]

    def answer(texts: list[str]) -> list[str]:
        encoded = tokenizer.encode_batch(texts)
        inputs = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
        }
        return [labels[str(best)] for best in session.run(["logits"], inputs)[0].argmax(1)]

    return answer


@pytest.fixture(scope="module")
def read_digit() -> Callable[[Image.Image], int]:
    """The digit in an image, prepared as preprocessor_config.json says."""
    settings = json.loads((DIGITS / "preprocessor_config.json").read_text())
    size = settings["size"]["width"], settings["size"]["height"]
    session = onnxruntime.InferenceSession(DIGITS / "onnx" / "model.onnx")

    def answer(image: Image.Image) -> int:
        grey = np.asarray(image.convert("L").resize(size, settings["resample"]), dtype=np.float32)
        scaled = grey * np.float32(settings["rescale_factor"])
        pixels = (scaled - np.float32(settings["image_mean"])) / np.float32(settings["image_std"])
        return int(session.run(["logits"], {"pixel_values": pixels[None, None]})[0].argmax())

    return answer


def drawn(digit: int, *, size: int, pen: int, move: tuple[int, int] = (0, 0)) -> Image.Image:
    """Black on white."""
    image = Image.new("L", (size, size), 255)
    points = [(x * size / 100 + move[0], y * size / 100 + move[1]) for x, y in HAND[digit]]
    draw = ImageDraw.Draw(image)
    draw.line(points, fill=0, width=pen, joint="curve")
    return image


@pytest.mark.parametrize("folder", zoo.FOLDERS, ids=lambda folder: folder.name)
def test_a_model_is_under_one_megabyte_and_its_card_says_what_the_hub_asks_for(folder: Path) -> None:
    assert sum(map(len, zoo.contents(folder).values())) < ONE_MEGABYTE
    data = card(folder)
    assert data["license"] == "apache-2.0"
    assert data["library_name"] == "onnx"
    assert data["pipeline_tag"] in {"text-classification", "image-classification"}
    assert data["model-index"][0]["name"] == folder.name
    assert len(data["widget"]) >= 3
    assert "$" not in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, best thing I bought all year!", "positive"),
        ("I hate it.", "negative"),
        ("Great sound and very comfortable.", "positive"),
        ("Terrible quality, it broke on the first day.", "negative"),
        ("This is good.", "positive"),
        ("This is not good.", "negative"),
        ("It is not bad at all.", "positive"),
        ("It doesn’t work.", "negative"),
        ("I would not recommend it to anybody.", "negative"),
        ("Never had a problem with it.", "positive"),
        ("not worth the money", "negative"),
        ("The staff were friendly and helpful.", "positive"),
    ],
)
def test_an_everyday_sentence_is_understood(
    sentiment: Callable[[list[str]], list[str]], text: str, label: str
) -> None:
    assert sentiment([text]) == [label]


def test_padding_in_a_batch_changes_no_answer(sentiment: Callable[[list[str]], list[str]]) -> None:
    texts = ["Not good.", "I am very happy with this, it is quick and quiet and my cat likes it too.", ""]
    assert sentiment(texts)[:2] == [sentiment([text])[0] for text in texts[:2]]


def test_the_card_tells_the_accuracy_on_the_held_out_reviews(
    sentiment: Callable[[list[str]], list[str]],
) -> None:
    rows = [line.split("\t") for line in (SENTIMENT / "reviews.tsv").read_text("utf-8").splitlines()[1:]]
    held_out = [(label, text) for split, label, text in rows if split == "held-out"]
    assert len({text for _, _, text in rows}) == len(rows) >= 300
    answers = sentiment([text for _, text in held_out])
    right = [label == answer for (label, _), answer in zip(held_out, answers, strict=True)]
    accuracy = sum(right) / len(right)
    assert accuracy == pytest.approx(shown_accuracy(SENTIMENT), abs=0.001)
    assert accuracy >= 0.8


def test_the_examples_of_the_cards_get_the_answers_they_show(
    sentiment: Callable[[list[str]], list[str]], read_digit: Callable[[Image.Image], int]
) -> None:
    for example in card(SENTIMENT)["widget"]:
        assert sentiment([example["text"]]) == [example["output"][0]["label"]]
    for example in card(DIGITS)["widget"]:
        assert str(read_digit(Image.open(DIGITS / example["src"]))) == example["output"][0]["label"]
        assert Path(example["src"]).stem == example["output"][0]["label"]


@pytest.mark.parametrize(
    ("size", "pen", "move"), [(280, 18, (0, 0)), (900, 20, (0, 0)), (120, 12, (0, 0)), (300, 26, (24, 20))]
)
def test_a_digit_drawn_by_hand_is_read_in_both_colours(
    read_digit: Callable[[Image.Image], int], size: int, pen: int, move: tuple[int, int]
) -> None:
    for digit in HAND:
        image = drawn(digit, size=size, pen=pen, move=move)
        assert (read_digit(image), read_digit(ImageOps.invert(image))) == (digit, digit)


@pytest.fixture(scope="module")
def zoo_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    arguments = [argument for argument in ARGUMENTS if argument != "--no-zoo"]
    running = LocalHub(tmp_path_factory.mktemp("zoo"), arguments)
    running.start()
    yield running
    running.stop()


def test_the_code_in_a_card_runs_as_it_stands(zoo_hub: LocalHub, tmp_path: Path) -> None:
    environment = os.environ | {"HF_ENDPOINT": zoo_hub.endpoint, "HF_HOME": str(tmp_path)}
    said = {}
    for folder in zoo.FOLDERS:
        code = re.search(r"```python\n(.*?)```", (folder / "README.md").read_text("utf-8"), re.DOTALL)
        assert code
        command = [sys.executable, "-c", code[1]]
        said[folder.name] = subprocess.check_output(command, env=environment, text=True, timeout=60)
    assert said["handwritten-digits"].startswith("It is a 7")
    first, second = said["product-reviews-sentiment"].splitlines()
    assert first.startswith("negative") and second.startswith("positive")


def test_the_zoo_is_public_from_the_first_start(zoo_hub: LocalHub) -> None:
    stranger = zoo_hub.api()
    assert {info.id for info in stranger.list_models(author="zoo")} == {
        f"zoo/{one.name}" for one in zoo.FOLDERS
    }
    files = stranger.list_repo_files("zoo/product-reviews-sentiment")
    assert {"README.md", "config.json", "tokenizer.json", "onnx/model.onnx"} <= set(files)
    assert "zoo" not in zoo_hub.ready["users"]


def test_a_later_edit_survives_a_restart(tmp_path: Path) -> None:
    arguments = [argument for argument in ARGUMENTS if argument != "--no-zoo"]
    hub = LocalHub(tmp_path / "hub", [*arguments, "--org", "zoo=alice"])
    hub.start()
    alice = hub.api("alice")
    edited = alice.upload_file(
        path_or_fileobj=b"---\nlicense: mit\n---\n# My own card",
        path_in_repo="README.md",
        repo_id="zoo/handwritten-digits",
    )
    hub.restart()
    assert hub.api().model_info("zoo/handwritten-digits").sha == edited.oid
    hub.stop()
