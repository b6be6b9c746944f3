#!/usr/bin/env python3
"""A second implementation of docs/arithmetic.md, written from that page alone, against the kernels of cpu/.

Usage: arithmetic_second.py ORACLE [SEED]

Makes random layers, computes them here with exact integers, sends them to the oracle program as text graphs and
compares bytes: 1,000 layers of every integer op, then 10 million accumulators with many ties and saturations; each on
the reference kernels and on the engine's. Exit code 1 when a byte differs, 77 (skipped) without NumPy.
"""
import base64
import itertools
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: this test needs NumPy (Debian package python3-numpy)")
    sys.exit(77)

LAYERS = 1000
ACCUMULATORS = 10_000_000
T = 12
TYPES = {"i8": np.int8, "u8": np.uint8, "i16": np.int16, "u16": np.uint16, "i32": np.int32, "f32": np.float32}
NAMES = {np.dtype(value): key for key, value in TYPES.items()}

# ---- section 2
def rne_shift(n, shift):
    """rne(n / 2^shift) of int64 arrays."""
    if shift == 0:
        return n
    low = n >> shift
    twice_rest = (n - (low << shift)) << 1
    one = np.int64(1) << shift
    return low + ((twice_rest > one) | ((twice_rest == one) & (low & 1 == 1)))

def requantize(acc, multiplier, shift, zero_point):
    v = np.clip(rne_shift(acc * multiplier, shift), -2**31, 2**31 - 1)
    return np.clip(rne_shift(v, T) + zero_point, -128, 127).astype(np.int8)

# ---- text graphs
def type_text(array):
    return f"{NAMES[array.dtype]}[{'x'.join(map(str, array.shape))}]"

def attribute_text(value):
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple, np.ndarray)):
        return "[" + " ".join(attribute_text(item) for item in value) + "]"
    if isinstance(value, (float, np.floating)):
        return np.format_float_scientific(np.float32(value), unique=True)
    return str(int(value))

class Layer:
    """One node: its op, operands as (array, is fed) pairs, attributes, and the answer that the page gives."""

    def __init__(self, op, operands, attributes, answer, precision=" : int8"):
        self.answer = answer
        self.data = b"".join(np.ascontiguousarray(array).tobytes() for array, is_fed in operands if is_fed)
        self.text = 'graph "layer"\n'
        for i, (array, is_fed) in enumerate(operands):
            data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
            value = f"%v{i}: {type_text(array)}"
            self.text += f"input {value}\n" if is_fed else f'const {value} = base64 "{data}"\n'
        names = ", ".join(f"%v{i}" for i in range(len(operands)))
        words = " ".join(f"{name}={attribute_text(value)}" for name, value in attributes.items())
        self.text += f'%y: {type_text(answer)} = {op}({names}) {{{words}}} "node"{precision}\noutput %y\n'

class Oracle:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def differing_bytes(self, layer):
        self.process.stdin.write(b"%d %d\n" % (len(layer.text), len(layer.data)) + layer.text.encode() + layer.data)
        self.process.stdin.flush()
        status = self.process.stdout.readline().decode()
        if not status.startswith("ok"):
            sys.exit(f"the oracle refused a layer: {status}{layer.text[:2000]}")
        header = self.process.stdout.readline().decode().split()
        raw = np.frombuffer(self.process.stdout.read(int(header[-1])), np.uint8)
        mine = np.frombuffer(np.ascontiguousarray(layer.answer).tobytes(), np.uint8)
        if header[0] != NAMES[layer.answer.dtype] or raw.size != mine.size:
            sys.exit(f"the oracle gives {header}, expected {type_text(layer.answer)}")
        return int(np.count_nonzero(raw != mine))

# ---- random parts
def codes(rng, shape, low=-128, high=127):
    return rng.integers(low, high, shape, np.int8, endpoint=True)

def finish(rng, acc, axis, attributes):
    """Draws C, s and zp for accumulators and returns the codes; most of them do not saturate."""
    assert np.abs(acc).max(initial=0) < 2**31
    count = acc.shape[axis] if rng.integers(2) and acc.ndim > axis else 1
    multiplier = rng.integers(-32768, 32767, count, endpoint=True) if rng.integers(4) == 0 else \
        rng.integers(256, 32767, count, endpoint=True)
    size = max(1.0, float(np.sqrt(np.mean(acc.astype(float) ** 2)))) * 20000
    shift = int(np.clip(np.log2(size / 2**T / rng.choice([1, 30, 60, 500])), 0, 31))
    zero_point = int(rng.integers(-128, 128))
    attributes.update(multiplier=multiplier, shift=shift, output_zero_point=zero_point)
    shape = [1] * acc.ndim
    if acc.ndim > axis:
        shape[axis] = count
    return requantize(acc, multiplier.astype(np.int64).reshape(shape), shift, zero_point)

def weighted_extras(rng, channels, operands, attributes):
    """z and the bias of a sum of products, one a channel or one for all, or left out."""
    z, bias = np.zeros(1, np.int64), np.zeros(1, np.int64)
    if rng.integers(2):
        z = rng.integers(-255, 255, channels if rng.integers(2) else 1, endpoint=True)
        attributes["weight_offset"] = z
    if rng.integers(3):
        bias = rng.integers(-200000, 200000, channels)
        operands.append((bias.astype(np.int32), False))
    return z, bias

def per_channel(values, rank, axis=1):
    shape = [1] * rank
    shape[axis] = values.size
    return values.reshape(shape)

def random_window(rng, transposed=False):
    """(input, kernel, stride, dilation, begin, end, extra, output) of one axis."""
    kernel, stride, dilation = rng.integers(1, 5), rng.integers(1, 4), rng.integers(1, 3)
    reach = (kernel - 1) * dilation + 1
    begin, end = rng.integers(0, reach), rng.integers(0, reach)
    if transposed:
        extent, extra = rng.integers(1, 6), rng.integers(0, stride)
        begin, end = begin // 2, end // 2
        return extent, kernel, stride, dilation, begin, end, extra, (extent - 1) * stride + reach + extra - begin - end
    extent = rng.integers(max(1, reach - begin - end), reach + 8)
    return extent, kernel, stride, dilation, begin, end, 0, (extent + begin + end - reach) // stride + 1

def window_attributes(windows):
    return dict(kernel_shape=[w[1] for w in windows], strides=[w[2] for w in windows],
                dilations=[w[3] for w in windows], pads=[w[4] for w in windows] + [w[5] for w in windows])

def taps(x, windows, pad_code, transposed=False):
    """For each tap of a window, the codes that all outputs see through it: [batch, channels, outputs...]."""
    margin = 40  # more than any window reaches
    step = [w[2] if transposed else 1 for w in windows]
    spread = np.full(x.shape[:2] + tuple((w[0] - 1) * s + 1 for w, s in zip(windows, step)), pad_code, np.int64)
    spread[(slice(None),) * 2 + tuple(slice(None, None, s) for s in step)] = x
    padded = np.pad(spread, [(0, 0)] * 2 + [(margin, margin)] * len(windows), constant_values=pad_code)
    for tap in itertools.product(*[range(w[1]) for w in windows]):
        index = [slice(None)] * 2
        for w, k in zip(windows, tap):
            start, stride = margin - w[4] + k * w[3], w[2]
            if transposed:
                start, stride = margin + w[4] - k * w[3], 1
            index.append(slice(start, start + w[7] * stride, stride))
        yield tap, padded[tuple(index)]

# ---- layers, one function an op
def convolution(rng, transposed=False):
    windows = [random_window(rng, transposed) for _ in range(rng.integers(1, 4))]
    groups, inputs, outputs = rng.integers(1, 4), rng.integers(1, 6), rng.integers(1, 6)
    x = codes(rng, [rng.integers(1, 3), groups * inputs] + [w[0] for w in windows])
    kernel = [w[1] for w in windows]
    w = codes(rng, ([groups * inputs, outputs] if transposed else [groups * outputs, inputs]) + kernel)
    attributes = dict(window_attributes(windows), group=groups, pad_code=rng.integers(-128, 128))
    if transposed:
        attributes["output_padding"] = [window[6] for window in windows]
    operands = [(x, True), (w, False)]
    z, bias = weighted_extras(rng, groups * outputs, operands, attributes)
    spatial = [window[7] for window in windows]
    products = np.zeros([x.shape[0], groups, outputs] + spatial, np.int64)
    window_sum = np.zeros([x.shape[0], groups, 1] + spatial, np.int64)
    for tap, seen in taps(x, windows, int(attributes["pad_code"]), transposed):
        seen = seen.reshape([x.shape[0], groups, inputs] + spatial)
        weights = w[(slice(None), slice(None)) + tap].astype(np.int64)
        weights = weights.reshape([groups, inputs, outputs] if transposed else [groups, outputs, inputs])
        products += np.einsum("ngi...,gio->ngo..." if transposed else "ngi...,goi->ngo...", seen, weights)
        window_sum += seen.sum(2, keepdims=True)
    shape = [x.shape[0], groups * outputs] + spatial
    sums = np.broadcast_to(window_sum, products.shape).reshape(shape)
    acc = products.reshape(shape) + per_channel(z, len(shape)) * sums + per_channel(bias, len(shape))
    if not transposed and rng.integers(6) == 0:
        return Layer("Conv", operands, dict(attributes, accumulator_output=1, multiplier=[1]), acc.astype(np.int32))
    return Layer("ConvTranspose" if transposed else "Conv", operands, attributes, finish(rng, acc, 1, attributes))

def matrix_product(rng, gemm):
    n, k, m = rng.integers(1, 12), rng.integers(1, 80), rng.integers(1, 12)
    x, w = codes(rng, [n, k] if gemm else [rng.integers(1, 4), n, k]), codes(rng, [k, m])
    attributes, stored_x, stored_w = {}, x, w
    if gemm:
        attributes = dict(transA=rng.integers(2), transB=rng.integers(2))
        stored_x = x.T if attributes["transA"] else x
        stored_w = w.T if attributes["transB"] else w
    operands = [(stored_x, True), (stored_w, False)]
    z, bias = weighted_extras(rng, m, operands, attributes)
    x = x.astype(np.int64)
    acc = x @ w.astype(np.int64) + z * x.sum(-1, keepdims=True) + bias
    return Layer("Gemm" if gemm else "MatMul", operands, attributes, finish(rng, acc, acc.ndim - 1, attributes))

def two_activations(rng, op):
    shape = list(rng.integers(1, 6, rng.integers(2, 5)))
    other = [1 if rng.integers(3) == 0 else extent for extent in shape][rng.integers(0, 2):]
    a, b = codes(rng, shape), codes(rng, other)
    if op == "Mul":
        zero = rng.integers(-128, 128, 2)
        attributes = dict(input_zero_points=zero)
        acc = (a.astype(np.int64) - zero[0]) * (b.astype(np.int64) - zero[1])
    else:
        weight, bias = rng.integers(-128, 128, 2), rng.integers(-60000, 60000)
        attributes = dict(operand_multiplier=weight, operand_bias=bias)
        acc = weight[0] * a.astype(np.int64) + weight[1] * b.astype(np.int64) + bias
    return Layer(op, [(a, True), (b, True)], attributes, finish(rng, acc, 1, attributes))

def average(rng, whole):
    windows = [random_window(rng) for _ in range(rng.integers(1, 4))]
    x = codes(rng, [rng.integers(1, 3), rng.integers(1, 5)] + [w[0] for w in windows])
    bias = int(rng.integers(-5000, 5000))
    attributes = dict(operand_bias=bias)
    if whole:
        acc = x.astype(np.int64).sum(tuple(range(2, x.ndim)), keepdims=True) + bias
        return Layer("GlobalAveragePool", [(x, True)], attributes, finish(rng, acc, 1, attributes))
    attributes.update(window_attributes(windows), pad_code=rng.integers(-128, 128), count_include_pad=1)
    acc = sum(seen for _, seen in taps(x, windows, int(attributes["pad_code"]))) + bias
    return Layer("AveragePool", [(x, True)], attributes, finish(rng, acc, 1, attributes))

def mover_or_table(rng, op):
    if op == "Table":
        x, table = codes(rng, rng.integers(1, 20, 3)), codes(rng, 256)
        return Layer("Table", [(x, True)], dict(table=table), table[x.astype(int) + 128])
    windows = [random_window(rng) for _ in range(rng.integers(1, 4))]
    x = codes(rng, [1, 2] + [w[0] for w in windows])
    best = np.max([seen for _, seen in taps(x, windows, -128)], axis=0)  # padding never wins
    return Layer("MaxPool", [(x, True)], window_attributes(windows), best.astype(np.int8))

def border(rng, op):
    to = rng.choice(["i8", "u8", "i16", "u16"])
    limits = np.iinfo(TYPES[to])
    shape, axis = rng.integers(1, 9, 3), int(rng.integers(3))
    count = shape[axis] if rng.integers(2) else 1
    scale = (2.0 ** rng.uniform(-9, 2, count)).astype(np.float32)
    if rng.integers(4) == 0:
        scale = np.float32(2.0) ** rng.integers(-6, 3, count)  # exact quotients: many halves
    zero_point = rng.integers(limits.min, limits.max, count, endpoint=True)
    attributes = dict(scale=[float(s) for s in scale], zero_point=zero_point, axis=axis)
    s, z = per_channel(scale.astype(np.float32), 3, axis), per_channel(zero_point, 3, axis)
    if op == "DequantizeLinear":
        x = rng.integers(limits.min, limits.max, shape, TYPES[to], endpoint=True)
        return Layer(op, [(x, True)], attributes, (x.astype(np.int64) - z).astype(np.float32) * s, "")
    x = (rng.integers(-400, 400, shape) / 4).astype(np.float32) * rng.choice([1, np.float32(0.3), 1e6, 1e-3])
    x = np.where(rng.integers(0, 50, shape) == 0, rng.choice([np.inf, -np.inf, np.nan]), x).astype(np.float32)
    quotient = np.nan_to_num((x / s).astype(np.float32), nan=0.0, posinf=1e18, neginf=-1e18).astype(float)
    y = np.clip(np.rint(quotient) + z, limits.min, limits.max).astype(TYPES[to])
    return Layer(op, [(x, True)], dict(attributes, to=str(to)), y, "")

KINDS = [(convolution, False)] * 6 + [(convolution, True)] * 3 + [(matrix_product, True), (matrix_product, False)] * 2 + [
    (two_activations, "Add"), (two_activations, "Sub"), (two_activations, "Mul"), (average, False), (average, True),
    (mover_or_table, "Table"), (mover_or_table, "MaxPool"), (border, "QuantizeLinear"), (border, "DequantizeLinear")]

# ---- accumulators of every size: a 1x1 convolution of one channel whose biases are the numbers wanted
def accumulator_layer(rng, channels, pixels):
    bits = rng.choice([*range(1, 31)] + [31] * 10, channels)
    bias = rng.integers(-(2**31) + 2**15, 2**31 - 2**15, channels) >> (31 - bits)
    shift = int(rng.integers(0, 32))
    # Multipliers that bring most accumulators near the code range; powers of two make ties at both roundings.
    wanted = np.clip(2.0 ** (shift + T + rng.uniform(0, 8, channels) - bits), 1, 32767)
    wanted = np.where(rng.integers(2, size=channels), np.minimum(2 ** np.rint(np.log2(wanted)), 16384), wanted)
    wanted = np.where(rng.integers(8, size=channels) == 0, 32767, wanted)  # and some overflow int32
    multiplier = np.rint(wanted).astype(np.int64) * rng.choice([1, 1, -1], channels)
    x, w = codes(rng, pixels), codes(rng, channels)
    zero_point = int(rng.integers(-128, 128))
    acc = bias[:, None] + w.astype(np.int64)[:, None] * x
    v = np.clip(rne_shift(acc * multiplier[:, None], shift), -2**31, 2**31 - 1)
    half = (1 << shift) >> 1
    ties = [np.count_nonzero(((acc * multiplier[:, None]) & ((1 << shift) - 1)) == half) if shift else 0,
            np.count_nonzero((v & 4095) == 2048), np.count_nonzero(np.abs(v) >= 2**31 - 1)]
    y = requantize(acc, multiplier[:, None], shift, zero_point)
    ties.append(np.count_nonzero((y == 127) | (y == -128)))
    attributes = dict(multiplier=multiplier, shift=shift, output_zero_point=zero_point)
    operands = [(x.reshape(1, 1, -1), True), (w.reshape(-1, 1, 1), False), (bias.astype(np.int32), False)]
    return Layer("Conv", operands, attributes, y.reshape(1, channels, pixels)), np.array(ties)

def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = np.random.default_rng(seed)
    oracles = [Oracle([sys.argv[1]]), Oracle([sys.argv[1], "--engine"])]
    differing, compared = 0, 0
    for i in range(LAYERS):
        make, argument = KINDS[i % len(KINDS)]
        layer = make(rng, argument)
        wrong = [oracle.differing_bytes(layer) for oracle in oracles]
        if any(wrong):
            print(f"layer {i}: {wrong} bytes differ (reference, engine)\n{layer.text[:1500]}")
        differing, compared = differing + sum(wrong), compared + layer.answer.nbytes
    print(f"{LAYERS} random layers, {compared} bytes each on reference and engine: {differing} differ (seed {seed})")
    counts, made = np.zeros(4, np.int64), 0
    while made < ACCUMULATORS:
        layer, ties = accumulator_layer(rng, 500, 500)
        differing += sum(oracle.differing_bytes(layer) for oracle in oracles)
        counts, made = counts + ties, made + layer.answer.size
    print(f"{made} accumulators: {counts[0]} ties in the first rounding, {counts[1]} in the second, {counts[2]} "
          f"saturated to int32, {counts[3]} at an end of int8; {differing} bytes differ in all")
    return 1 if differing or counts.min() < 10000 else 0

if __name__ == "__main__":
    sys.exit(main())
