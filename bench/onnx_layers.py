"""Layers of a generated ONNX network with seeded random weights, for speed measurements.

Speed does not depend on the weights' values, so such networks stand in for trained ones that may not be redistributed.
"""
import argparse
import math

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Network:
    def __init__(self, act, filter_sum=None):
        """filter_sum: what the weights of every filter add up to. With 1, channels stay alive and of one size, as batch
        normalization keeps them in trained networks, where random weights leave many that are always zero."""
        self.filter_sum = filter_sum
        self.act, self.nodes, self.initializers, self.count = act, [], [], 0
        self.random = np.random.default_rng(5)

    def name(self, kind):
        self.count += 1
        return f"{kind}_{self.count}"

    def constant(self, array):
        name = self.name("const")
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def op(self, kind, inputs, **attributes):
        out = self.name(kind.lower())
        self.nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
        return out

    def activation(self, x):
        if self.act == "relu":
            return self.op("Relu", [x])
        if self.act == "relu6":
            return self.op("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])
        return self.op("Mul", [x, self.op("Sigmoid", [x])])

    def conv(self, x, cin, cout, k=1, s=1, pad=None, groups=1, act=True):
        pad = k // 2 if pad is None else pad
        fan_in = cin // groups * k * k
        weights = self.random.normal(0, math.sqrt(2.0 / fan_in), (cout, cin // groups, k, k)).astype(np.float32)
        if self.filter_sum is not None:
            weights += ((self.filter_sum - weights.sum((1, 2, 3), keepdims=True)) / fan_in).astype(np.float32)
        bias = self.random.normal(0, 0.1, cout).astype(np.float32)
        y = self.op("Conv", [x, self.constant(weights), self.constant(bias)], kernel_shape=[k, k], strides=[s, s],
                    pads=[pad] * 4, group=groups)
        return self.activation(y) if act else y

    def max_pool(self, x, k):
        return self.op("MaxPool", [x], kernel_shape=[k, k], strides=[1, 1], pads=[k // 2] * 4)

    def concat(self, parts, axis=1):
        return self.op("Concat", parts, axis=axis)

    def upsample(self, x):
        return self.op("Resize", [x, "", self.constant(np.array([1, 1, 2, 2], np.float32))], mode="nearest",
                       coordinate_transformation_mode="asymmetric", nearest_mode="floor")

    def model(self, name, size, outputs):
        """outputs: (value, shape) pairs; shape None where the checker shall find it."""
        inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, size, size])]
        outputs = [helper.make_tensor_value_info(value, TensorProto.FLOAT, shape) for value, shape in outputs]
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model


def arguments(description, size, acts, default_act):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", choices=acts, default=default_act)
    parser.add_argument("--size", type=int, default=size)
    parser.add_argument("--out", required=True)
    return parser
