"""Operators in Python: a class with `op_type`, `shape_infer` and `compute`, given to RKNN.reg_custom_op.

It serves conversion and simulation; a program for the board registers C callbacks (rknn_register_custom_ops).
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rknn.api.step import StepError

if TYPE_CHECKING:
    from rknn.api.network import Network


class Node:
    """The node that shape_infer and compute get."""

    def __init__(self, attributes: dict[str, Any]) -> None:
        self.name: str = attributes.get("name", "")
        self.op_type: str = attributes.get("type", "")
        self.attributes = attributes


def get_node_attr(node: Node, name: str) -> Any:
    """An attribute of the node; lists come as lists, tensors as arrays. KeyError names it when there is none."""
    return node.attributes[name]


class CustomOperator:
    """A user's class, checked."""

    def __init__(self, custom_op: Any) -> None:
        self._user = custom_op() if isinstance(custom_op, type) else custom_op
        self.op_type = str(getattr(self._user, "op_type", "") or "")
        if not self.op_type:
            raise StepError("the custom operator has no op_type, which names the nodes that it computes.")
        for name in ("shape_infer", "compute"):
            if not callable(getattr(self._user, name, None)):
                raise StepError(f"custom operator '{self.op_type}' has no method {name}.")

    def compute(self, attributes: dict[str, Any], inputs: list[Any]) -> list[Any]:
        return [np.asarray(output) for output in self._user.compute(Node(attributes), inputs)]

    def infer_shapes(self, attributes: dict[str, Any], shapes: list[list[int]], dtypes: list[Any]) -> tuple[list[Any], list[Any]]:
        out_shapes, out_dtypes = self._user.shape_infer(Node(attributes), shapes, dtypes)
        return [list(shape) for shape in out_shapes], [np.dtype(dtype) for dtype in out_dtypes]


def state_shapes(network: Network, operators: dict[str, CustomOperator]) -> None:
    """Writes what shape_infer says into a copy of the ONNX file, where the file itself does not state it."""
    if not operators:
        return
    from rknn.api.onnx_shapes import with_stated_shapes

    network.source.path = with_stated_shapes(network, operators)
