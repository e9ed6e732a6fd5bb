"""Trains the zoo's image classifier: scikit-learn's digits, redrawn in many hands, and pen strokes."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bot.localhub.zoo import digit_images, digits_network, pen_digits

HELD_OUT = 360
COPIES = 24
"""How many redrawn copies of each digit are trained on."""
PEN_DRAWN = 600
"""How many pen-drawn images of each of the ten digits are trained on."""
EXAMPLES = {2: 5, 5: 0, 7: 5}
"""Digits shown in the card: which of the held-out ones, for being easy to read for people too."""
MEAN, DEVIATION = 0.5, 0.5

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Digits:
    """Images of 8 x 8 pixels, 0..16, with what they show."""

    images: Floats
    labels: Integers


def load(rng: np.random.Generator) -> tuple[Digits, Digits]:
    """Training and held-out digits."""
    bunch = load_digits()
    order = rng.permutation(len(bunch.images))
    images, labels = bunch.images[order].astype(np.float32), bunch.target[order]
    return Digits(images[HELD_OUT:], labels[HELD_OUT:]), Digits(images[:HELD_OUT], labels[:HELD_OUT])


def run(model: onnx.ModelProto, images: Floats) -> Floats:
    """The model's output for images[n, SIZE, SIZE] of 0..1, prepared as preprocessor_config.json says."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    prepared = ((images - MEAN) / DEVIATION).astype(np.float32)[:, None]
    return np.concatenate(
        [
            session.run(None, {"pixel_values": batch})[0]
            for batch in np.split(prepared, range(500, len(prepared), 500))
        ]
    )


def train(digits: Digits, rng: np.random.Generator) -> onnx.ModelProto:
    redrawn = [digit_images.varied(one, rng) for _ in range(COPIES) for one in digits.images]
    pen = [pen_digits.drawn(digit, rng) for _ in range(PEN_DRAWN) for digit in range(10)]
    images = np.stack([digit_images.plain(one) for one in digits.images] + redrawn + pen)
    labels = np.concatenate([np.tile(digits.labels, COPIES + 1), np.tile(np.arange(10), PEN_DRAWN)])
    strokes = run(digits_network.strokes_model(), images)
    mean, deviation = strokes.mean(0), strokes.std(0) + np.float32(0.01)
    dense = MLPClassifier((96,), alpha=1e-3, max_iter=30, random_state=0)
    with warnings.catch_warnings():
        # Thirty rounds are enough; the last thousandth of loss is not worth waiting for.
        warnings.simplefilter("ignore", ConvergenceWarning)
        dense.fit((strokes - mean) / deviation, labels)
    layers = [
        (weights.astype(np.float32), bias.astype(np.float32))
        for weights, bias in zip(dense.coefs_, dense.intercepts_, strict=True)
    ]
    return digits_network.digits_model(mean, deviation, layers)


def accuracy(model: onnx.ModelProto, images: list[Floats], labels: Integers) -> float:
    return float((run(model, np.stack(images)).argmax(1) == labels).mean())


def measure(model: onnx.ModelProto, digits: Digits, rng: np.random.Generator) -> dict[str, float]:
    """Accuracy on held-out digits: as they are, in black on white, and redrawn by an unknown hand."""
    plain = [digit_images.plain(one) for one in digits.images]
    return {
        "accuracy": accuracy(model, plain, digits.labels),
        "inverted": accuracy(model, [1 - one for one in plain], digits.labels),
        "redrawn": accuracy(model, [digit_images.varied(one, rng) for one in digits.images], digits.labels),
    }


def write(model: onnx.ModelProto, held_out: Digits, folder: Path) -> None:
    (folder / "onnx").mkdir(exist_ok=True)
    (folder / "onnx" / "model.onnx").write_bytes(model.SerializeToString())
    names = {str(number): str(number) for number in range(10)}
    config: dict[str, object] = {
        "architectures": ["StrokeDirectionsForImageClassification"],
        "model_type": "stroke-directions",
        "image_size": digits_network.SIZE,
        "num_channels": 1,
        "id2label": names,
        "label2id": {name: int(number) for number, name in names.items()},
    }
    preprocessor: dict[str, object] = {
        "image_processor_type": "ViTImageProcessor",
        "do_convert_rgb": False,
        "do_resize": True,
        "size": {"height": digits_network.SIZE, "width": digits_network.SIZE},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [MEAN],
        "image_std": [DEVIATION],
    }
    for name, document in (("config.json", config), ("preprocessor_config.json", preprocessor)):
        (folder / name).write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    (folder / "examples").mkdir(exist_ok=True)
    for digit, number in EXAMPLES.items():
        paper = digit_images.on_paper(held_out.images[held_out.labels == digit][number])
        paper.save(folder / "examples" / f"{digit}.png")
