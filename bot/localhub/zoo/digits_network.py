"""The network of the zoo's digit reader: it finds the ink itself, whatever its colour, place and size.

pixel_values[batch, 1, 64, 64] -> ink (0..1, whatever the background) -> the ink moved and scaled to a
20 x 20 frame by its centre and spread -> strength of eight stroke directions and of the ink in each
region -> two dense layers.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from bot.localhub.zoo.onnx_graph import Graph

SIZE = 64
FRAME = 20
SPREAD = 2.6
"""Half the frame's width, in standard deviations of the ink."""
DIRECTIONS = 8

Floats = npt.NDArray[np.float32]
ROWS_AND_COLUMNS = np.array([2, 3], dtype=np.int64)


def stretched(graph: Graph, image: str) -> str:
    """The image with its darkest pixel at 0 and its brightest at 1; an empty one stays empty."""
    low = graph("ReduceMin", image, axes=[1, 2, 3])
    high = graph("ReduceMax", image, axes=[1, 2, 3])
    return graph("Div", graph("Sub", image, low), graph("Add", graph("Sub", high, low), 1e-3))


def total(graph: Graph, image: str) -> str:
    return graph("ReduceSum", image, ROWS_AND_COLUMNS, keepdims=1)


def ink(graph: Graph, pixels: str) -> str:
    """0 for background, 1 for ink. What the image's border looks like is taken for the background."""
    border = np.ones((1, 1, SIZE, SIZE), dtype=np.float32)
    border[..., 2:-2, 2:-2] = 0
    image = stretched(graph, pixels)
    brightness = total(graph, graph("Mul", image, border / border.sum()))
    is_bright = graph("Cast", graph("Greater", brightness, 0.5), to=onnx.TensorProto.FLOAT)
    contrast = graph("Div", graph("Sub", graph("Abs", graph("Sub", image, is_bright)), 0.25), 0.5)
    return graph("Clip", contrast, 0.0, 1.0)


def framed(graph: Graph, image: str) -> str:
    """The ink moved to the middle of a FRAME x FRAME image and scaled by its spread, then softened."""
    axis = np.linspace(-1, 1, SIZE, dtype=np.float32)
    across = np.broadcast_to(axis, (1, 1, SIZE, SIZE)).copy()
    down = np.broadcast_to(axis[:, None], (1, 1, SIZE, SIZE)).copy()
    amount = graph("Add", total(graph, image), 1e-3)
    centres = [graph("Div", total(graph, graph("Mul", image, way)), amount) for way in (across, down)]
    offsets = [graph("Sub", way, centre) for way, centre in zip((across, down), centres, strict=True)]
    squares = graph("Add", *[graph("Mul", offset, offset) for offset in offsets])
    variance = graph("Div", total(graph, graph("Mul", image, squares)), amount)
    scale = graph("Mul", graph("Sqrt", graph("Add", variance, 1e-4)), SPREAD)
    steps = np.linspace(-1, 1, FRAME, dtype=np.float32)
    points = np.stack(np.meshgrid(steps, steps), axis=-1)[None]
    grid = graph("Add", graph("Mul", points, scale), graph("Concat", *centres, axis=3))
    soft = graph("AveragePool", image, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    frame = graph("GridSample", soft, grid, align_corners=1, mode="bilinear", padding_mode="zeros")
    bell = (np.outer([1, 2, 1], [1, 2, 1]) / 16).astype(np.float32)[None, None]
    return stretched(graph, graph("Conv", frame, bell, pads=[1, 1, 1, 1]))


def direction_filters() -> Floats:
    """float[DIRECTIONS, 1, 5, 5]: each answers to an edge that rises in its direction."""
    across, down = np.meshgrid(np.arange(-2, 3), np.arange(-2, 3))
    bell = np.exp(-(across**2 + down**2) / 2)
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    filters = [(across * np.cos(angle) + down * np.sin(angle)) * bell for angle in angles]
    return np.stack([one / np.abs(one).sum() for one in filters])[:, None].astype(np.float32)


def strokes(graph: Graph, pixels: str) -> str:
    """float[batch, 300]: the strength of each direction in 25 regions, and of the ink in 100."""
    frame = framed(graph, ink(graph, pixels))
    edges = graph("Relu", graph("Conv", frame, direction_filters(), pads=[2, 2, 2, 2]))
    regions = graph("Flatten", graph("AveragePool", edges, kernel_shape=[4, 4], strides=[4, 4]), axis=1)
    small = graph("Flatten", graph("AveragePool", frame, kernel_shape=[2, 2], strides=[2, 2]), axis=1)
    return graph("Concat", regions, small, axis=1)


def pixel_input() -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("pixel_values", onnx.TensorProto.FLOAT, ["batch", 1, SIZE, SIZE])


def strokes_model() -> onnx.ModelProto:
    """Only the fixed part: what the dense layers are trained on."""
    graph = Graph()
    return graph.model([pixel_input()], strokes(graph, "pixel_values"), "strokes", 300)


def digits_model(mean: Floats, deviation: Floats, layers: Sequence[tuple[Floats, Floats]]) -> onnx.ModelProto:
    """The whole network. `layers` are (weights[in, out], bias[out]), a ReLU between each two."""
    graph = Graph()
    value = graph("Div", graph("Sub", strokes(graph, "pixel_values"), mean), deviation)
    for number, (weights, bias) in enumerate(layers):
        value = graph("Gemm", graph("Relu", value) if number else value, weights, bias)
    return graph.model([pixel_input()], value, "logits", 10)
