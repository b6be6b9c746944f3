#!/usr/bin/env python3
"""Networks of one operator each for Darknet, Caffe and TensorFlow, against OpenCV's dnn, or NumPy where that has none.

Usage: opencv_layers.py SIXTOPS [--only WORD]

Files are written from scratch, as the frameworks themselves are in no distribution. opencv_layers.txt lists the cases
that differ, with the reason; one that passes although it stands there is a failure too. Exit code 77 (skipped) without
Debian's python3-opencv.
"""
import argparse
import pathlib
import struct
import subprocess
import sys
import tempfile

SKIPPED = 77
TOLERANCE = 1e-3

try:
    import cv2
    import numpy
except ImportError as error:
    print(f"{error}: apt-get install python3-opencv")
    sys.exit(SKIPPED)

RANDOM = numpy.random.RandomState(7)


def random(*shape):
    return RANDOM.uniform(-1, 1, shape).astype("float32")


# ---- protobuf

def varint(number):
    number &= (1 << 64) - 1
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """An int, a float, or anything that has a length."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, (bool, int)):
        return varint(number << 3) + varint(int(value))
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


# ---- Darknet: (name, sections behind [net], floats)

def convolution(filters, size, inputs, options="", batch=False, groups=1):
    floats = filters * (4 if batch else 1) + filters * (inputs // groups) * size * size
    return (f"[convolutional]\nfilters={filters}\nsize={size}\n" + ("batch_normalize=1\n" if batch else "") +
            (f"groups={groups}\n" if groups > 1 else "") + options.replace(";", "\n") + "\n"), floats


def darknet_cases():
    def net(*parts):
        return "".join(p[0] if isinstance(p, tuple) else p + "\n" for p in parts), sum(
            p[1] for p in parts if isinstance(p, tuple))

    first = convolution(4, 3, 3, "stride=1;pad=1;activation=linear")
    for name in ("linear", "relu", "leaky", "mish", "swish", "logistic"):
        yield f"conv_{name}", net(convolution(4, 3, 3, f"stride=1;pad=1;activation={name}"))
    yield "conv_batch_norm", net(convolution(4, 3, 3, "stride=1;pad=1;activation=leaky", True))
    yield "conv_stride", net(convolution(4, 3, 3, "stride=2;pad=1;activation=linear"))
    yield "conv_unpadded", net(convolution(4, 3, 3, "stride=1;activation=linear"))
    yield "conv_1x1", net(convolution(5, 1, 3, "stride=1;pad=1;activation=linear"))
    yield "conv_depthwise", net(first, convolution(4, 3, 4, "stride=1;pad=1;activation=relu", True, 4))
    yield "conv_groups", net(first, convolution(6, 3, 4, "stride=1;pad=1;activation=leaky", False, 2))
    for size, stride in ((2, 2), (2, 1), (3, 2), (5, 1), (9, 1)):
        yield f"maxpool_{size}_{stride}", net(first, f"[maxpool]\nsize={size}\nstride={stride}")
    yield "avgpool", net(first, "[avgpool]")
    yield "upsample", net(first, "[upsample]\nstride=2")
    yield "dropout", net(first, "[dropout]\nprobability=.5")
    yield "softmax", net(first, "[avgpool]", "[softmax]\ngroups=1")
    yield "shortcut", net(first, convolution(4, 3, 4, "stride=1;pad=1;activation=leaky"),
                          "[shortcut]\nfrom=-2\nactivation=linear")
    yield "shortcut_leaky", net(first, convolution(4, 3, 4, "stride=1;pad=1;activation=leaky"),
                                "[shortcut]\nfrom=0\nactivation=leaky")
    yield "route_back", net(first, "[maxpool]\nsize=2\nstride=2", "[route]\nlayers=-2")
    yield "route_two", net(first, convolution(2, 1, 4, "stride=1;pad=1;activation=leaky"), "[route]\nlayers=-1,0")
    yield "route_half", net(first, "[route]\nlayers=-1\ngroups=2\ngroup_id=1")
    yield "reorg", net(convolution(4, 3, 3, "stride=1;pad=1;activation=linear"), "[reorg]\nstride=2")
    yield "scale_channels", net(first, "[avgpool]", convolution(4, 1, 4, "stride=1;pad=1;activation=logistic"),
                                "[scale_channels]\nfrom=0")
    yield "connected", net(first, ("[connected]\noutput=5\nactivation=relu\n", 5 + 5 * 4 * 8 * 8))


def run_darknet(folder, name, case):
    sections, floats = case
    (folder / f"{name}.cfg").write_text("[net]\nwidth=8\nheight=8\nchannels=3\n\n" + sections)
    # Variances have to be positive, whichever number is one.
    weights = RANDOM.uniform(0.1, 0.6, floats).astype("float32")
    (folder / f"{name}.weights").write_bytes(struct.pack("<iiiQ", 0, 2, 5, 0) + weights.tobytes())
    x = random(1, 3, 8, 8)
    net = cv2.dnn.readNetFromDarknet(str(folder / f"{name}.cfg"), str(folder / f"{name}.weights"))
    net.setInput(x)
    return folder / f"{name}.cfg", [x], net.forward()


# ---- Caffe: (layers behind the input, blobs by layer, input shapes)

def layer(kind, options="", bottoms="x", top="y", name=None):
    text = f'layer {{ name: "{name or top}" type: "{kind}" '
    text += "".join(f'bottom: "{b}" ' for b in bottoms.split()) + "".join(f'top: "{t}" ' for t in top.split())
    return text + options + " }\n"


def caffe_cases():
    shape = ((1, 4, 9, 7),)
    for name, options, weights in (
            ("plain", "num_output: 6 kernel_size: 3", (6, 4, 3, 3)),
            ("pad", "num_output: 6 kernel_size: 3 pad: 1 stride: 2", (6, 4, 3, 3)),
            ("uneven", "num_output: 6 kernel_h: 3 kernel_w: 1 pad_h: 1 pad_w: 0 stride_h: 1 stride_w: 2", (6, 4, 3, 1)),
            ("dilation", "num_output: 6 kernel_size: 3 dilation: 2", (6, 4, 3, 3)),
            ("group", "num_output: 6 kernel_size: 1 group: 2", (6, 2, 1, 1)),
            ("depthwise", "num_output: 4 kernel_size: 3 pad: 1 group: 4", (4, 1, 3, 3))):
        yield (f"convolution_{name}", layer("Convolution", f"convolution_param {{ {options} }}"),
               {"y": [random(*weights), random(weights[0])]}, shape)
    yield ("convolution_no_bias", layer("Convolution", "convolution_param { num_output: 3 kernel_size: 1 bias_term: false }"),
           {"y": [random(3, 4, 1, 1)]}, shape)
    yield ("deconvolution", layer("Deconvolution", "convolution_param { num_output: 3 kernel_size: 4 stride: 2 pad: 1 }"),
           {"y": [random(4, 3, 4, 4), random(3)]}, shape)
    yield ("deconvolution_group",
           layer("Deconvolution",
                 "convolution_param { num_output: 4 kernel_size: 4 stride: 2 pad: 1 group: 4 bias_term: false }"),
           {"y": [random(4, 1, 4, 4)]}, shape)
    for name, options in (("max", "pool: MAX kernel_size: 2 stride: 2"), ("max_pad", "pool: MAX kernel_size: 3 stride: 2 pad: 1"),
                          ("average", "pool: AVE kernel_size: 3 stride: 2"), ("average_pad", "pool: AVE kernel_size: 3 stride: 1 pad: 1"),
                          ("global", "pool: AVE global_pooling: true"), ("global_max", "pool: MAX global_pooling: true"),
                          ("floor", "pool: MAX kernel_size: 2 stride: 2 round_mode: FLOOR")):
        yield f"pooling_{name}", layer("Pooling", f"pooling_param {{ {options} }}"), {}, shape
    yield ("inner_product", layer("InnerProduct", "inner_product_param { num_output: 5 }"),
           {"y": [random(5, 252), random(5)]}, shape)
    statistics = [random(4), numpy.abs(random(4)) + 0.1, numpy.float32([2])]
    yield "batch_norm", layer("BatchNorm", "batch_norm_param { use_global_stats: true }"), {"y": statistics}, shape
    yield ("batch_norm_scale", layer("BatchNorm", "batch_norm_param { use_global_stats: true eps: 0.001 }", top="b") +
           layer("Scale", "scale_param { bias_term: true }", "b"), {"b": statistics, "y": [random(4), random(4)]}, shape)
    yield "scale", layer("Scale", "scale_param { bias_term: false }"), {"y": [random(4)]}, shape
    for kind in ("ReLU", "Sigmoid", "TanH", "AbsVal", "BNLL", "ReLU6", "Swish", "Mish", "ELU"):
        yield kind.lower(), layer(kind), {}, shape
    yield "relu_leaky", layer("ReLU", "relu_param { negative_slope: 0.1 }"), {}, shape
    yield "relu_in_place", layer("TanH", top="t") + layer("ReLU", bottoms="t", top="t", name="r") + layer("AbsVal", bottoms="t"), {}, shape
    yield "prelu", layer("PReLU"), {"y": [numpy.abs(random(4))]}, shape
    yield "prelu_shared", layer("PReLU", "prelu_param { channel_shared: true }"), {"y": [numpy.abs(random(1))]}, shape
    yield "power", layer("Power", "power_param { power: 2 scale: 0.5 shift: 3 }"), {}, shape
    yield "power_linear", layer("Power", "power_param { scale: -0.5 shift: 0.1 }"), {}, shape
    yield "exp", layer("Exp"), {}, shape
    two = ((1, 4, 9, 7), (1, 4, 9, 7))
    for name, options in (("sum", ""), ("coefficients", "coeff: 1 coeff: -2"), ("product", "operation: PROD"), ("max", "operation: MAX")):
        yield f"eltwise_{name}", layer("Eltwise", f"eltwise_param {{ {options} }}", "x x1"), {}, two
    yield "concat", layer("Concat", "", "x x1"), {}, two
    yield "concat_axis", layer("Concat", "concat_param { axis: 2 }", "x x1"), {}, two
    yield "slice", layer("Slice", "slice_param { axis: 1 slice_point: 1 }", top="a b") + layer("Concat", "", "b a"), {}, shape
    yield "split", layer("Split", top="a b") + layer("Eltwise", "", "b a"), {}, shape
    yield "flatten", layer("Flatten"), {}, shape
    yield "reshape", layer("Reshape", "reshape_param { shape { dim: 0 dim: 2 dim: -1 } }"), {}, shape
    yield "permute", layer("Permute", "permute_param { order: 0 order: 2 order: 3 order: 1 }"), {}, shape
    yield "softmax", layer("Softmax"), {}, shape
    yield "softmax_axis", layer("Softmax", "softmax_param { axis: 3 }"), {}, shape
    yield "lrn", layer("LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 }"), {}, shape
    yield ("lrn_within", layer("LRN", "lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 norm_region: WITHIN_CHANNEL }"), {}, shape)
    yield ("normalize", layer("Normalize", "norm_param { across_spatial: false channel_shared: false }"),
           {"y": [numpy.abs(random(4))]}, shape)
    yield "crop", layer("Crop", "crop_param { axis: 2 offset: 1 offset: 2 }", "x x1"), {}, ((1, 4, 9, 7), (1, 4, 5, 4))
    yield "dropout", layer("Dropout"), {}, shape
    yield "shuffle", layer("ShuffleChannel", "shuffle_channel_param { group: 2 }"), {}, shape
    yield "interp", layer("Interp", "interp_param { height: 17 width: 13 }"), {}, shape
    yield "tile", layer("Tile", "tile_param { axis: 1 tiles: 2 }"), {}, shape


def pool_floor(x):
    return x[:, :, :8, :6].reshape(1, 4, 4, 2, 3, 2).max((3, 5))


def halves(x, axis):
    first = x.take(range(x.shape[axis] - 1), axis)
    second = x.take(range(1, x.shape[axis]), axis)
    between = numpy.stack([first, (first + second) / 2], axis + 1).reshape(
        x.shape[:axis] + (2 * first.shape[axis],) + x.shape[axis + 1:])
    return numpy.concatenate([between, x.take([-1], axis)], axis)


# Layers of forks, which OpenCV does not have.
CAFFE_REFERENCES = {
    "pooling_floor": pool_floor,
    "relu6": lambda x: numpy.clip(x, 0, 6),
    "swish": lambda x: x / (1 + numpy.exp(-x)),
    "mish": lambda x: x * numpy.tanh(numpy.log1p(numpy.exp(x))),
    "shuffle": lambda x: x.reshape(1, 2, 2, 9, 7).transpose(0, 2, 1, 3, 4).reshape(1, 4, 9, 7),
    "tile": lambda x: numpy.tile(x, (1, 2, 1, 1)),
    "interp": lambda x: halves(halves(x, 2), 3),  # corners stay, so new pixels are means of two
}


def run_caffe(folder, name, case):
    layers, blobs, shapes = case
    names = ["x", "x1"][:len(shapes)]
    text = "".join(f'input: "{n}"\ninput_shape {{ {" ".join(f"dim: {d}" for d in s)} }}\n' for n, s in zip(names, shapes))
    (folder / f"{name}.prototxt").write_text(text + layers)
    weights = b""
    for owner, tensors in blobs.items():
        body = field(1, owner)
        for tensor in tensors:
            shape = field(1, b"".join(varint(d) for d in tensor.shape))
            body += field(7, field(7, shape) + field(5, tensor.astype("<f4").tobytes()))
        weights += field(100, body)
    (folder / f"{name}.caffemodel").write_bytes(weights or field(1, "no weights"))
    inputs = [random(*shape) for shape in shapes]
    if name in CAFFE_REFERENCES:
        return folder / f"{name}.prototxt", inputs, CAFFE_REFERENCES[name](inputs[0])
    net = cv2.dnn.readNetFromCaffe(str(folder / f"{name}.prototxt"), str(folder / f"{name}.caffemodel"))
    for n, x in zip(names, inputs):
        net.setInput(x, n)
    return folder / f"{name}.prototxt", inputs, net.forward()


# ---- TensorFlow: nodes, input shapes, and what NumPy makes of it where OpenCV cannot read it

TYPES = {"float32": 1, "int32": 3}


def attribute(value):
    if isinstance(value, numpy.ndarray):
        dims = b"".join(field(2, field(1, d)) for d in value.shape)
        return field(8, field(1, TYPES[str(value.dtype)]) + field(2, dims) + field(4, value.tobytes()))
    if isinstance(value, list):
        return field(1, field(3, b"".join(varint(v) for v in value)))
    if isinstance(value, (str, bytes)):
        return field(2, value)
    if isinstance(value, bool):
        return field(5, value)
    return field(4, value) if isinstance(value, float) else field(3, value)


def node(name, kind, inputs="", **attributes):
    body = field(1, name) + field(2, kind) + b"".join(field(3, i) for i in inputs.split())
    types = {key: attributes.pop(key) for key in ("dtype", "T") if key in attributes} or {"T": 1}
    for key, value in types.items():
        body += field(5, field(1, key) + field(2, field(6, value)))
    for key, value in attributes.items():
        body += field(5, field(1, key) + field(2, value if key == "shape" else attribute(value)))
    return field(1, body)


def constant(name, values):
    values = numpy.asarray(values)
    values = values.astype("int32" if values.dtype.kind == "i" else "float32")
    return node(name, "Const", dtype=TYPES[str(values.dtype)], value=values)


def placeholder(name, shape):
    return node(name, "Placeholder", dtype=1, shape=field(7, b"".join(field(2, field(1, d)) for d in shape)))


def dilated(x, weights):
    """3x3, dilation 2, as large as x"""
    padded = numpy.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)))
    height, width = x.shape[1:3]
    return sum(padded[:, 2 * i:2 * i + height, 2 * j:2 * j + width] @ weights[i, j] for i in range(3) for j in range(3))


def tensorflow_cases():
    shape = ((1, 8, 6, 4),)
    window = {"strides": [1, 1, 1, 1], "padding": "SAME", "data_format": "NHWC"}

    def one(name, kind, reference=None, constants=(), positive=False, **attributes):
        text = b"".join(constant(f"c{i}", c) for i, c in enumerate(constants))
        inputs = " ".join(["x"] + [f"c{i}" for i in range(len(constants))])
        return name, text + node("y", kind, inputs, **attributes), shape, reference, positive

    yield one("conv_same", "Conv2D", None, [random(3, 3, 4, 5)], **window)
    yield one("conv_stride", "Conv2D", None, [random(3, 3, 4, 5)], **{**window, "strides": [1, 2, 2, 1]})
    yield one("conv_valid", "Conv2D", None, [random(3, 2, 4, 5)], **{**window, "padding": "VALID"})
    # OpenCV 4.6 does not look at the attribute.
    weights = random(3, 3, 4, 5)
    yield one("conv_dilation", "Conv2D", lambda x, w=weights: dilated(x, w), [weights], dilations=[1, 2, 2, 1], **window)
    yield one("depthwise", "DepthwiseConv2dNative", None, [random(3, 3, 4, 1)], **window)
    yield one("depthwise_multiplier", "DepthwiseConv2dNative", None, [random(3, 3, 4, 2)], **window)
    yield one("depthwise_stride", "DepthwiseConv2dNative", None, [random(3, 3, 4, 1)], **{**window, "strides": [1, 2, 2, 1]})
    yield ("conv_transpose", constant("size", numpy.int32([1, 16, 12, 5])) + constant("w", random(2, 2, 5, 4)) +
           node("y", "Conv2DBackpropInput", "size w x", strides=[1, 2, 2, 1], padding="SAME", data_format="NHWC"),
           shape, None, False)
    yield ("fused_batch_norm", b"".join(constant(n, v) for n, v in (
        ("g", random(4)), ("b", random(4)), ("m", random(4)), ("v", numpy.abs(random(4)) + 0.1))) +
        node("y", "FusedBatchNorm", "x g b m v", epsilon=0.001, is_training=False, data_format="NHWC"), shape, None, False)
    yield ("conv_bias_relu", constant("w", random(1, 1, 4, 5)) + constant("b", random(5)) +
           node("c", "Conv2D", "x w", **window) + node("d", "BiasAdd", "c b") + node("y", "Relu", "d"), shape, None, False)
    for pool in ("MaxPool", "AvgPool"):
        for name, size, stride, padding in (("2", 2, 2, "VALID"), ("3_same", 3, 2, "SAME"), ("3_1", 3, 1, "SAME")):
            yield one(f"{pool.lower()}_{name}", pool, None, ksize=[1, size, size, 1], strides=[1, stride, stride, 1],
                      padding=padding, data_format="NHWC")
    sigmoid = lambda x: 1 / (1 + numpy.exp(-x))
    for kind, reference in (
            ("Relu", lambda x: numpy.maximum(x, 0)), ("Relu6", lambda x: numpy.clip(x, 0, 6)), ("Sigmoid", sigmoid),
            ("Tanh", numpy.tanh), ("Elu", lambda x: numpy.where(x > 0, x, numpy.exp(x) - 1)), ("Abs", numpy.abs),
            ("Exp", numpy.exp), ("Neg", numpy.negative), ("Square", numpy.square), ("Floor", numpy.floor),
            ("Ceil", numpy.ceil), ("Round", numpy.round), ("Sign", numpy.sign), ("Softplus", lambda x: numpy.log1p(numpy.exp(x))),
            ("Identity", lambda x: x), ("Selu", lambda x: 1.0507009873554805 * numpy.where(x > 0, x, 1.6732632423543772 * (numpy.exp(x) - 1)))):
        yield one(kind.lower(), kind, reference)
    yield one("leaky_relu", "LeakyRelu", lambda x: numpy.where(x > 0, x, 0.1 * x), alpha=0.1)
    for kind, reference in (("Sqrt", numpy.sqrt), ("Rsqrt", lambda x: 1 / numpy.sqrt(x)), ("Log", numpy.log)):
        yield one(kind.lower(), kind, reference, positive=True)
    row, whole = random(4), random(1, 8, 6, 4)
    for kind, reference in (("Add", numpy.add), ("AddV2", numpy.add), ("Sub", numpy.subtract), ("Mul", numpy.multiply),
                            ("RealDiv", numpy.divide), ("Maximum", numpy.maximum), ("Minimum", numpy.minimum),
                            ("SquaredDifference", lambda a, b: (a - b) ** 2), ("BiasAdd", numpy.add)):
        yield one(f"{kind.lower()}_row", kind, lambda x, f=reference: f(x, row), [row])
        if kind != "BiasAdd":
            yield one(f"{kind.lower()}_whole", kind, lambda x, f=reference: f(x, whole), [whole])
    yield one("add_scalar", "Add", lambda x: x + numpy.float32(2), [numpy.float32(2)])
    for kind, reference in (("Mean", numpy.mean), ("Sum", numpy.sum), ("Max", numpy.max), ("Min", numpy.min)):
        yield one(f"{kind.lower()}_hw", kind, lambda x, f=reference: f(x, (1, 2)), [numpy.int32([1, 2])])
        yield one(f"{kind.lower()}_keep", kind, lambda x, f=reference: f(x, (1, 2), keepdims=True), [numpy.int32([1, 2])], keep_dims=True)
        yield one(f"{kind.lower()}_channels", kind, lambda x, f=reference: f(x, 3, keepdims=True), [numpy.int32([3])], keep_dims=True)
    yield one("reshape", "Reshape", lambda x: x.reshape(1, 12, 16), [numpy.int32([1, -1, 16])])
    yield one("transpose", "Transpose", lambda x: x.transpose(0, 3, 1, 2).copy(), [numpy.int32([0, 3, 1, 2])])
    yield one("pad", "Pad", lambda x: numpy.pad(x, ((0, 0), (1, 2), (0, 3), (0, 0))), [numpy.int32([[0, 0], [1, 2], [0, 3], [0, 0]])])
    yield one("mirror_pad", "MirrorPad", lambda x: numpy.pad(x, ((0, 0), (1, 2), (2, 1), (0, 0)), "reflect"),
              [numpy.int32([[0, 0], [1, 2], [2, 1], [0, 0]])], mode="REFLECT")
    yield one("slice", "Slice", lambda x: x[:, 1:5, 2:, :3], [numpy.int32([0, 1, 2, 0]), numpy.int32([1, 4, -1, 3])])
    yield one("strided_slice", "StridedSlice", lambda x: x[:, ::2, 1:, :],
              [numpy.int32([0, 0, 1, 0]), numpy.int32([1, 8, 6, 4]), numpy.int32([1, 2, 1, 1])], begin_mask=0, end_mask=0,
              ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)
    yield one("strided_slice_shrink", "StridedSlice", lambda x: x[:, 3], [numpy.int32([0, 3]), numpy.int32([1, 4]), numpy.int32([1, 1])],
              begin_mask=1, end_mask=1, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=2)
    yield one("tile", "Tile", lambda x: numpy.tile(x, (1, 2, 1, 3)), [numpy.int32([1, 2, 1, 3])])
    yield one("expand_dims", "ExpandDims", lambda x: x[:, None], [numpy.int32(1)])
    yield one("gather", "Gather", lambda x: x[[0]], [numpy.int32([0])])
    yield one("softmax", "Softmax", lambda x: numpy.exp(x) / numpy.exp(x).sum(-1, keepdims=True))
    yield one("space_to_depth", "SpaceToDepth",
              lambda x: x.reshape(1, 4, 2, 3, 2, 4).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 3, 16), block_size=2)
    yield one("depth_to_space", "DepthToSpace",
              lambda x: x.reshape(1, 8, 6, 2, 2, 1).transpose(0, 1, 3, 2, 4, 5).reshape(1, 16, 12, 1), block_size=2)
    yield one("resize_nearest", "ResizeNearestNeighbor", lambda x: x.repeat(2, 1).repeat(2, 2), [numpy.int32([16, 12])])
    yield one("resize_bilinear", "ResizeBilinear", None, [numpy.int32([16, 12])])
    yield one("resize_aligned", "ResizeBilinear", None, [numpy.int32([15, 11])], align_corners=True)
    yield one("lrn", "LRN", lambda x: x / (1 + 0.5 * sum(numpy.pad(x * x, ((0, 0),) * 3 + ((1, 1),))[..., i:i + 4] for i in range(3))) ** 0.75,
              depth_radius=1, bias=1.0, alpha=0.5, beta=0.75)
    yield ("concat", constant("axis", numpy.int32(3)) + node("t", "Tanh", "x") + node("y", "ConcatV2", "x t axis"), shape,
           lambda x: numpy.concatenate([x, numpy.tanh(x)], 3), False)
    yield ("split", constant("axis", numpy.int32(3)) + node("s", "Split", "axis x", num_split=2) + node("y", "Sub", "s:1 s"), shape,
           lambda x: x[..., 2:] - x[..., :2], False)
    yield ("pack", node("t", "Tanh", "x") + node("y", "Pack", "x t", axis=1), shape, lambda x: numpy.stack([x, numpy.tanh(x)], 1), False)
    yield ("squeeze", constant("a", numpy.int32([1, 2])) + node("m", "Mean", "x a", keep_dims=True) +
           node("y", "Squeeze", "m", squeeze_dims=[1, 2]), shape, lambda x: x.mean((1, 2)), False)
    yield ("select", constant("z", numpy.float32(0)) + node("g", "Greater", "x z") + node("n", "Neg", "x") +
           node("y", "SelectV2", "g x n"), shape, numpy.abs, False)
    weights = random(6, 5)
    yield ("matmul", constant("w", weights) + node("y", "MatMul", "x w"), ((3, 6),), lambda x: x @ weights, False)
    yield ("matmul_transposed", constant("w", weights.T.copy()) + node("y", "MatMul", "x w", transpose_b=True), ((3, 6),),
           lambda x: x @ weights, False)
    # Shapes that are computed: as Keras writes a Flatten and a Reshape.
    yield ("computed_reshape", constant("b", numpy.int32([0])) + constant("e", numpy.int32([1])) + constant("s", numpy.int32([1])) +
           constant("rest", numpy.int32(-1)) + node("shape", "Shape", "x") +
           node("n", "StridedSlice", "shape b e s", T=3, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=1) +
           node("to", "Pack", "n rest", T=3, axis=0) + node("y", "Reshape", "x to"), shape, lambda x: x.reshape(1, -1), False)


def run_tensorflow(folder, name, case):
    nodes, shapes, reference, positive = case
    graph = placeholder("x", shapes[0]) + nodes
    (folder / f"{name}.pb").write_bytes(graph)
    x = random(*shapes[0])
    x = numpy.abs(x) + numpy.float32(0.1) if positive else x
    first = numpy.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x
    if reference is None:
        net = cv2.dnn.readNetFromTensorflow(str(folder / f"{name}.pb"))
        net.setInput(first)
        return folder / f"{name}.pb", [first], net.forward()
    wanted = numpy.asarray(reference(x), dtype="float32")
    return folder / f"{name}.pb", [first], wanted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sixtops")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    lines = pathlib.Path(__file__).with_suffix(".txt").read_text().splitlines()
    expected = dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))
    surprises = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for kind, cases, run in (("darknet", darknet_cases, run_darknet), ("caffe", caffe_cases, run_caffe),
                                 ("tensorflow", tensorflow_cases, run_tensorflow)):
            count = passed = 0
            for name, *case in cases():
                key = f"{kind}.{name}"
                if arguments.only not in key:
                    continue
                count += 1
                fault = fault_of(arguments.sixtops, folder, run, name, case[0] if kind == "darknet" else case)
                passed += not fault
                if bool(fault) != (key in expected):
                    surprises += 1
                    print("FAULT" if fault else "PASSES, but opencv_layers.txt says otherwise:", key, fault)
            print(f"{kind}: {passed} of {count} cases are as expected of the framework")
    return 1 if surprises else 0


def fault_of(sixtops, folder, run, name, case):
    try:
        model, inputs, wanted = run(folder, name, case)
    except cv2.error as error:
        return f"OpenCV: {str(error).strip().splitlines()[0][-120:]}"
    for i, tensor in enumerate(inputs):
        numpy.save(folder / f"in{i}.npy", tensor)
    command = [sixtops, "run", model, "--output-dir", folder / "out", "--input"] + [folder / f"in{i}.npy" for i in range(len(inputs))]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip().split("error: ")[-1]
    actual = numpy.load(done.stdout.splitlines()[0].rsplit("  ", 1)[-1].strip())
    # NumPy's pictures have their channels last, the graph's first.
    if run is run_tensorflow and case[2] is not None and wanted.ndim == 4 and actual.shape != wanted.shape:
        wanted = wanted.transpose(0, 3, 1, 2)
    elif run is run_tensorflow and case[2] is not None and wanted.ndim == 4 and not numpy.allclose(actual, wanted, 1e-3, 1e-3):
        wanted = wanted.transpose(0, 3, 1, 2)
    if actual.size != wanted.size or (actual.shape != wanted.shape and actual.squeeze().shape != wanted.squeeze().shape):
        return f"shape {actual.shape}, expected {wanted.shape}"
    difference = float(numpy.abs(actual.reshape(wanted.shape) - wanted).max()) / max(float(numpy.abs(wanted).max()), 1e-6)
    return "" if difference <= TOLERANCE else f"differs by {difference:.1e}"


if __name__ == "__main__":
    sys.exit(main())
