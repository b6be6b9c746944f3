#!/usr/bin/env python3
"""Small networks with seeded weights, one for each kind of script in examples/. Usage: make_models.py FOLDER"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RANDOM = np.random.default_rng(7)


def weights(name, *shape):
    values = RANDOM.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape)
    return numpy_helper.from_array(values.astype(np.float32), name)


def tensor(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def save(folder, name, nodes, inputs, outputs, constants, **options):
    graph = helper.make_graph(nodes, name, inputs, outputs, constants, **options)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.save(model, str(folder / f"{name}.onnx"))


def convolutions(source, target, channels=3):
    """Two layers with their activations: height and width are halved."""
    nodes = [helper.make_node("Conv", [source, "w1", "b1"], ["c1"], "conv1", pads=[1, 1, 1, 1]),
             helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
             helper.make_node("Conv", ["r1", "w2", "b2"], ["c2"], "conv2", pads=[1, 1, 1, 1], strides=[2, 2]),
             helper.make_node("Sigmoid", ["c2"], ["s2"], "sigmoid2"),
             helper.make_node("Mul", ["c2", "s2"], [target], "silu2")]
    constants = [weights("w1", 8, channels, 3, 3), weights("b1", 8), weights("w2", 16, 8, 3, 3), weights("b2", 16)]
    return nodes, constants


def classifier(folder):
    nodes, constants = convolutions("data", "features")
    nodes += [helper.make_node("GlobalAveragePool", ["features"], ["pooled"], "pool"),
              helper.make_node("Reshape", ["pooled", "flat"], ["vector"], "flatten"),
              helper.make_node("Gemm", ["vector", "w3"], ["scores"], "classify", transB=1)]
    constants += [weights("w3", 10, 16), numpy_helper.from_array(np.array([1, 16], np.int64), "flat")]
    save(folder, "classifier", nodes, [tensor("data", 1, 3, 32, 32)], [tensor("scores", 1, 10)], constants)


def dynamic(folder):
    nodes, constants = convolutions("data", "map")
    save(folder, "dynamic", nodes, [tensor("data", 1, 3, "height", "width")],
         [tensor("map", 1, 16, "height_2", "width_2")], constants)


def several_inputs(folder):
    """A colour picture, a grey one, and two tensors."""
    nodes, constants = convolutions("colour", "a")
    nodes += [helper.make_node("Conv", ["grey", "wg"], ["b"], "conv_grey", pads=[1, 1, 1, 1], strides=[2, 2]),
              helper.make_node("Add", ["a", "b"], ["ab"], "join"),
              helper.make_node("Mul", ["ab", "map"], ["abm"], "weigh"),
              helper.make_node("GlobalAveragePool", ["abm"], ["pooled"], "pool"),
              helper.make_node("Reshape", ["pooled", "flat"], ["vector"], "flatten"),
              helper.make_node("Add", ["vector", "offset"], ["scores"], "shift")]
    constants += [weights("wg", 16, 1, 3, 3), numpy_helper.from_array(np.array([1, 16], np.int64), "flat")]
    save(folder, "several_inputs", nodes,
         [tensor("colour", 1, 3, 32, 32), tensor("grey", 1, 1, 32, 32), tensor("map", 1, 16, 16, 16), tensor("offset", 1, 16)],
         [tensor("scores", 1, 16)], constants)


def custom(folder):
    """An operator that only a Python class knows; the file does not state what it answers."""
    nodes, constants = convolutions("data", "features")
    nodes += [helper.make_node("cstScaledTanh", ["features"], ["own"], "own", scale=2.5, axes=[1, 2]),
              helper.make_node("Conv", ["own", "w3"], ["map"], "conv3")]
    constants += [weights("w3", 4, 16, 1, 1)]
    save(folder, "custom", nodes, [tensor("data", 1, 3, 16, 16)], [tensor("map", 1, 4, 8, 8)], constants)


def sequence(folder):
    """Inputs that are no pictures: three axes, and an order of axes that a chip dislikes."""
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"], "product"), helper.make_node("Relu", ["y"], ["z"], "relu")]
    save(folder, "sequence", nodes, [tensor("x", 1, 12, 8)], [tensor("z", 1, 12, 6)], [weights("w", 8, 6)])


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in (classifier, dynamic, several_inputs, custom, sequence):
        make(folder)


if __name__ == "__main__":
    main()
