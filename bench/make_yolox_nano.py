#!/usr/bin/env python3
"""Write an ONNX model with the layers of YOLOX-Nano (width 0.25, depth 0.33, depthwise) and seeded random weights.

    make_yolox_nano.py --act silu --size 416 --out yolox_nano.onnx

Outputs are the three heads, 1x85xHxW: box, objectness, classes. Needs Python packages onnx and numpy.
"""
import numpy as np
import onnx
from onnx_layers import Network, arguments

CLASSES = 80


def build(act, size):
    net = Network(act)
    conv = net.conv

    def separable(x, cin, cout, k=3, s=1):
        return conv(conv(x, cin, cin, k, s, groups=cin), cin, cout)

    def csp(x, cin, cout, n, shortcut):
        mid = cout // 2
        a, b = conv(x, cin, mid), conv(x, cin, mid)
        for _ in range(n):
            y = separable(conv(a, mid, mid), mid, mid)
            a = net.op("Add", [a, y]) if shortcut else y
        return conv(net.concat([a, b]), cout, cout)

    def focus(x, cout):
        """The four pixels of each 2x2 block become channels."""
        def every_second(x, start, axis):
            bounds = [net.constant(np.array([v], np.int64)) for v in (start, 2**31 - 1, axis, 2)]
            return net.op("Slice", [x] + bounds)
        parts = [every_second(every_second(x, row, 2), column, 3) for column in (0, 1) for row in (0, 1)]
        return conv(net.concat(parts), 12, cout, 3)

    def spp(x, cin, cout):
        x = conv(x, cin, cin // 2)
        return conv(net.concat([x] + [net.max_pool(x, k) for k in (5, 9, 13)]), cin * 2, cout)

    x = focus("images", 16)
    x = csp(separable(x, 16, 32, s=2), 32, 32, 1, True)
    p3 = x = csp(separable(x, 32, 64, s=2), 64, 64, 3, True)
    p4 = x = csp(separable(x, 64, 128, s=2), 128, 128, 3, True)
    x = spp(separable(x, 128, 256, s=2), 256, 256)
    x = csp(x, 256, 256, 1, False)
    h5 = x = conv(x, 256, 128)
    x = csp(net.concat([net.upsample(x), p4]), 256, 128, 1, False)
    h4 = x = conv(x, 128, 64)
    o3 = x = csp(net.concat([net.upsample(x), p3]), 128, 64, 1, False)
    o4 = x = csp(net.concat([separable(x, 64, 64, s=2), h4]), 128, 128, 1, False)
    o5 = csp(net.concat([separable(x, 128, 128, s=2), h5]), 256, 256, 1, False)

    outputs = []
    for x, cin, stride in ((o3, 64, 8), (o4, 128, 16), (o5, 256, 32)):
        x = conv(x, cin, 64)
        classes = separable(separable(x, 64, 64), 64, 64)
        boxes = separable(separable(x, 64, 64), 64, 64)
        parts = [conv(boxes, 64, 4, act=False), net.op("Sigmoid", [conv(boxes, 64, 1, act=False)]),
                 net.op("Sigmoid", [conv(classes, 64, CLASSES, act=False)])]
        outputs.append((net.concat(parts), [1, 5 + CLASSES, size // stride, size // stride]))
    return net.model(f"yolox_nano_{act}", size, outputs)


def main():
    a = arguments(__doc__, 416, ("silu", "relu"), "silu").parse_args()
    onnx.save(build(a.act, a.size), a.out)


if __name__ == "__main__":
    main()
