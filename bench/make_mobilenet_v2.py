#!/usr/bin/env python3
"""Write an ONNX model with the layers of MobileNetV2 1.0 (Sandler et al. 2018, table 2) and seeded random weights.

    make_mobilenet_v2.py --size 224 --out mobilenet_v2.onnx

Output: 1x1000 logits. Needs Python packages onnx and numpy.
"""
import numpy as np
import onnx
from onnx_layers import Network, arguments

# expansion, output channels, repeats, stride of the first
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
CLASSES = 1000


def build(act, size):
    net = Network(act, filter_sum=1)

    def bottleneck(x, cin, cout, expansion, stride):
        mid = cin * expansion
        y = x if expansion == 1 else net.conv(x, cin, mid)
        y = net.conv(y, mid, mid, 3, stride, groups=mid)
        y = net.conv(y, mid, cout, act=False)
        return net.op("Add", [x, y]) if stride == 1 and cin == cout else y

    x, channels = net.conv("images", 3, 32, 3, 2), 32
    for expansion, cout, repeats, stride in STAGES:
        for i in range(repeats):
            x = bottleneck(x, channels, cout, expansion, stride if i == 0 else 1)
            channels = cout
    x = net.conv(x, channels, 1280)
    x = net.op("Flatten", [net.op("GlobalAveragePool", [x])])
    weights = net.random.normal(0, 0.02, (CLASSES, 1280)).astype(np.float32)
    logits = net.op("Gemm", [x, net.constant(weights), net.constant(np.zeros(CLASSES, np.float32))], transB=1)
    return net.model(f"mobilenet_v2_{act}", size, [(logits, [1, CLASSES])])


def main():
    a = arguments(__doc__, 224, ("relu6", "silu", "relu"), "relu6").parse_args()
    onnx.save(build(a.act, a.size), a.out)


if __name__ == "__main__":
    main()
