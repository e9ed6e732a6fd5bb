"""Writes an ONNX graph node by node, so that the zoo's models need no training framework to be exported."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

Array = npt.NDArray[np.float32] | npt.NDArray[np.int64]


class Graph:
    """Call it with an operator and its inputs; it names the result and returns that name.

    Inputs are names of earlier results or NumPy arrays, which become constants of the graph.
    """

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def __call__(self, operator: str, *inputs: str | Array | float, **attributes: object) -> str:
        result = f"{operator.lower()}_{len(self._nodes)}"
        names = [self._name(value) for value in inputs]
        self._nodes.append(helper.make_node(operator, names, [result], **attributes))
        return result

    def model(
        self, inputs: Sequence[onnx.ValueInfoProto], output: str, name: str, width: int
    ) -> onnx.ModelProto:
        """The finished, checked model. Its one output is float[batch, width] under `name`."""
        self._nodes.append(helper.make_node("Identity", [output], [name]))
        value = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", width])
        graph = helper.make_graph(self._nodes, "zoo", inputs, [value], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model

    def _name(self, value: str | Array | float) -> str:
        if isinstance(value, str):
            return value
        array = np.asarray(value, dtype=np.float32) if isinstance(value, float) else value
        self._constants.append(numpy_helper.from_array(array, f"constant_{len(self._constants)}"))
        return str(self._constants[-1].name)
