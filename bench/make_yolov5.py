#!/usr/bin/env python3
"""Write an ONNX model with the layers of YOLOv5 v6 (n, s, m, l) and seeded random weights.

    make_yolov5.py --variant s --act silu --size 640 --out yolov5s.onnx

Outputs are the three raw head convolutions, 1x255xHxW. Needs Python packages onnx and numpy.
"""
import math

import onnx
from onnx_layers import Network, arguments

WIDTH_DEPTH = {"n": (0.25, 0.33), "s": (0.50, 0.33), "m": (0.75, 0.67), "l": (1.0, 1.0)}


def build(variant, act, size):
    width, depth = WIDTH_DEPTH[variant]
    net = Network(act)
    conv = net.conv

    def c(channels):
        return math.ceil(channels * width / 8) * 8

    def c3(x, cin, cout, n, shortcut=True):
        mid = cout // 2
        a, b = conv(x, cin, mid), conv(x, cin, mid)
        for _ in range(max(round(n * depth), 1)):
            y = conv(conv(a, mid, mid), mid, mid, 3)
            a = net.op("Add", [a, y]) if shortcut else y
        return conv(net.concat([a, b]), cout, cout)

    def sppf(x, cin, cout):
        parts = [conv(x, cin, cin // 2)]
        for _ in range(3):
            parts.append(net.max_pool(parts[-1], 5))
        return conv(net.concat(parts), cin * 2, cout)

    x = conv("images", 3, c(64), 6, 2, 2)
    x = conv(x, c(64), c(128), 3, 2)
    x = c3(x, c(128), c(128), 3)
    x = conv(x, c(128), c(256), 3, 2)
    p3 = x = c3(x, c(256), c(256), 6)
    x = conv(x, c(256), c(512), 3, 2)
    p4 = x = c3(x, c(512), c(512), 9)
    x = conv(x, c(512), c(1024), 3, 2)
    x = c3(x, c(1024), c(1024), 3)
    x = sppf(x, c(1024), c(1024))
    h10 = x = conv(x, c(1024), c(512))
    x = c3(net.concat([net.upsample(x), p4]), c(1024), c(512), 3, False)
    h14 = x = conv(x, c(512), c(256))
    o3 = x = c3(net.concat([net.upsample(x), p3]), c(512), c(256), 3, False)
    x = conv(x, c(256), c(256), 3, 2)
    o4 = x = c3(net.concat([x, h14]), c(512), c(512), 3, False)
    x = conv(x, c(512), c(512), 3, 2)
    o5 = c3(net.concat([x, h10]), c(1024), c(1024), 3, False)
    heads = [conv(o, channels, 255, act=False) for o, channels in ((o3, c(256)), (o4, c(512)), (o5, c(1024)))]
    outputs = [(head, [1, 255, size // stride, size // stride]) for head, stride in zip(heads, (8, 16, 32))]
    return net.model(f"yolov5{variant}_{act}", size, outputs)


def main():
    parser = arguments(__doc__, 640, ("silu", "relu"), "silu")
    parser.add_argument("--variant", choices=WIDTH_DEPTH, default="s")
    a = parser.parse_args()
    onnx.save(build(a.variant, a.act, a.size), a.out)


if __name__ == "__main__":
    main()
