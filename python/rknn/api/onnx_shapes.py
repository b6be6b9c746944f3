"""States in an ONNX file what custom operators answer, so that the converter knows the shapes behind them."""
from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import numpy as np

import rknn.utils.onnx_wire as wire
from rknn.api.step import StepError
from sixtops import _core

if TYPE_CHECKING:
    from rknn.api.custom_op import CustomOperator
    from rknn.api.network import Network


def with_stated_shapes(network: Network, operators: dict[str, CustomOperator]) -> str:
    """The path of a copy, which lives as long as the network; of the file itself when there is nothing to state."""
    path = network.source.path
    file = wire.OnnxFile(path)
    custom = [node for node in file.nodes if node.text(4) in operators]
    if not custom:
        return path
    folder = tempfile.TemporaryDirectory(prefix="rknn_custom_")
    network.keep(folder)
    copy = os.path.join(folder.name, os.path.basename(path))
    for node in custom:
        # The types of a node's inputs are those of the network up to there.
        names = [value.decode() for value in node.bytes_of(1) if value]
        types = _types_of(file, copy, names, network.source.shapes)
        attributes = {**wire.attributes_of(node), "type": node.text(4), "name": node.text(3)}
        shapes, dtypes = operators[node.text(4)].infer_shapes(
            attributes, [shape for shape, _ in types], [np.dtype(dtype) for _, dtype in types]
        )
        outputs = [value.decode() for value in node.bytes_of(2)]
        if len(shapes) != len(outputs) or len(dtypes) != len(outputs):
            raise StepError(f"shape_infer of '{node.text(4)}' returned {len(shapes)} shapes, the node has {len(outputs)} outputs.")
        for name, shape, dtype in zip(outputs, shapes, dtypes):
            info = wire.value_info(name, wire.elem_type_named(np.dtype(dtype).name), shape)
            file.stated = [entry for entry in file.stated if entry.text(1) != name] + [info]
            file.outputs = [info if entry.text(1) == name else entry for entry in file.outputs]
    file.save(copy)
    return copy


def _types_of(file: wire.OnnxFile, path: str, names: list[str], shapes: dict[str, list[int]]) -> list[tuple[list[int], str]]:
    """Shape and element type of tensors of the graph."""
    known = {info.text(1): info for info in file.inputs}
    constants = {wire.Message(data).text(8): wire.Message(data) for data in file.initializers}
    inner = [name for name in names if name not in known and name not in constants]
    found: dict[str, tuple[list[int], str]] = {}
    if inner:
        file.save(path)
        six = _core.convert(path, None, precision="float32", input_shapes=shapes, outputs=inner).six
        session = _core.Session.open_bytes(six, path)
        found = {tensor["name"]: (tensor["shape"], tensor["dtype"]) for tensor in session.outputs}
    for name in names:
        if name in known:
            info = known[name]
            shape = shapes.get(name) or wire.shape_of(info) or []
            found[name] = ([1 if extent < 0 else extent for extent in shape], wire.dtype_name(wire.elem_type_of(info)))
        elif name in constants:
            tensor = constants[name]
            found[name] = (tensor.integers(1), wire.dtype_name(tensor.integer(2) or wire.FLOAT))
    return [found[name] for name in names]
