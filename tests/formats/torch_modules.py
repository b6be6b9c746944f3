#!/usr/bin/env python3
"""Small modules, one an operator of torch or a form of it: traced and exported, both read by us, against torch.

Usage: torch_modules.py SIXTOPS [--only WORD] [--jobs N]

Each module is written twice, as TorchScript (torch.jit.trace) and as ONNX (torch.onnx.export), run by `sixtops run` in
float, and has to give torch's own results within 1e-3 of the largest value. torch_modules.txt lists those that need
not, with the reason; a module that passes although it stands there is a failure too. What torch itself cannot export is
left out and counted. Exit code 77 (skipped) without Debian's python3-torch.
"""
import argparse
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
import warnings

SKIPPED = 77
TOLERANCE = 1e-3
LEAST_PASSED = 0.95

try:
    import numpy
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as error:
    print(f"{error}: apt-get install python3-torch")
    sys.exit(SKIPPED)


class One(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Two(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x, y):
        return self.function(x, y)


class Sequence(nn.Module):
    """A recurrent layer without its last state."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


def picture(*shape):
    return torch.randn(*(shape or (1, 4, 9, 7)))


def positive(*shape):
    return torch.rand(*(shape or (1, 4, 9, 7))) + 0.1


def unary():
    yield from ((f.__name__, One(f), (picture(),)) for f in (
        torch.relu, F.relu6, torch.sigmoid, torch.tanh, F.silu, F.hardswish, F.hardsigmoid, F.hardtanh, F.elu, F.celu,
        F.selu, F.gelu, F.leaky_relu, F.softplus, F.softsign, F.mish, F.logsigmoid, F.hardshrink, F.softshrink,
        F.tanhshrink, torch.abs, torch.neg, torch.exp, torch.sin, torch.cos, torch.atan, torch.sinh, torch.cosh,
        torch.erf, torch.erfc, torch.expm1, torch.floor, torch.ceil, torch.round, torch.trunc, torch.sign, torch.square,
        torch.tan))
    yield from ((f.__name__, One(f), (positive(),)) for f in (
        torch.sqrt, torch.rsqrt, torch.log, torch.log2, torch.log10, torch.log1p, torch.reciprocal))
    small = torch.rand(2, 5) * 1.8 - 0.9
    yield from ((f.__name__, One(f), (small,)) for f in (torch.asin, torch.acos, torch.atanh, torch.asinh))
    for name, function in {
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
        "leaky_relu_02": lambda x: F.leaky_relu(x, 0.2),
        "elu_half": lambda x: F.elu(x, 0.5),
        "softplus_beta": lambda x: F.softplus(x, beta=2),
        "threshold": lambda x: F.threshold(x, 0.1, -2),
        "clamp": lambda x: x.clamp(-0.5, 0.7),
        "clamp_min": lambda x: x.clamp(min=0.1),
        "clamp_max": lambda x: x.clamp(max=0.1),
        "pow_2": lambda x: x ** 2,
        "pow_3": lambda x: torch.pow(x, 3),
        "scalar_power": lambda x: 2 ** x,
        "relu_in_place": lambda x: F.relu_(x * 2),
        "clone_detach": lambda x: x.clone().detach() + 1,
        "to_half_and_back": lambda x: x.half().float(),
        "to_int_and_back": lambda x: (x * 10).int().float(),
        "logit": lambda x: torch.logit(torch.sigmoid(x)),
        "glu": lambda x: F.glu(x, dim=1),
        "softmin": lambda x: F.softmin(x, dim=1),
    }.items():
        yield name, One(function), (picture(),)


def binary():
    for name, function in {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "maximum": torch.maximum, "minimum": torch.minimum, "add_alpha": lambda x, y: torch.add(x, y, alpha=3),
        "sub_alpha": lambda x, y: torch.sub(x, y, alpha=0.5), "where": lambda x, y: torch.where(x > y, x, y * 2),
        "lerp": lambda x, y: torch.lerp(x, y, 0.3), "addcmul": lambda x, y: torch.addcmul(x, x, y, value=0.5),
        "addcdiv": lambda x, y: torch.addcdiv(x, x, y, value=0.5), "less": lambda x, y: (x < y).float(),
        "greater_equal": lambda x, y: (x >= y).float(), "equal": lambda x, y: (x.round() == y.round()).float(),
        "not_equal": lambda x, y: (x.round() != y.round()).float(),
        "logical": lambda x, y: ((x > 1) & ~(y > 1) | (x < 0.5)).float(),
        "remainder": lambda x, y: torch.remainder(x, y), "fmod": lambda x, y: torch.fmod(x, y),
        "floor_divide": lambda x, y: torch.div(x, y, rounding_mode="floor"),
        "power": torch.pow, "atan2": torch.atan2,
        "cosine_similarity": lambda x, y: F.cosine_similarity(x, y, dim=1),
        "mse": lambda x, y: ((x - y) ** 2).mean(), "masked_fill": lambda x, y: x.masked_fill(y > 1, -1.0),
        "cat_0": lambda x, y: torch.cat([x, y], 0), "cat_1": lambda x, y: torch.cat([x, y], 1),
        "cat_last": lambda x, y: torch.cat((x, y, x), -1), "stack": lambda x, y: torch.stack([x, y], 2),
        "expand_as": lambda x, y: x[:, :1].expand_as(y) + y, "two_outputs": lambda x, y: (x + y, x * y),
    }.items():
        yield name, Two(function), (positive(), positive() + 0.5)
    yield "broadcast_rows", Two(lambda x, y: x * y), (picture(2, 3, 4), picture(4))
    yield "broadcast_both", Two(lambda x, y: x + y), (picture(3, 1, 4), picture(1, 5, 1))
    for name, function in {
        "add_scalar": lambda x: x + 3, "rsub": lambda x: 1 - x, "mul_scalar": lambda x: x * 0.5,
        "div_scalar": lambda x: x / 3, "reciprocal_scalar": lambda x: 2 / (x + 10), "mod_scalar": lambda x: x % 0.7,
    }.items():
        yield name, One(function), (picture(),)


def reductions():
    for name, function in {
        "mean_all": lambda x: x.mean(), "mean_hw": lambda x: x.mean((2, 3)), "mean_keep": lambda x: x.mean(1, True),
        "sum_all": lambda x: x.sum(), "sum_axis": lambda x: x.sum(-1), "amax": lambda x: x.amax((2, 3)),
        "amin": lambda x: x.amin(1), "max_all": lambda x: x.max(), "max_axis": lambda x: x.max(2)[0],
        "min_axis": lambda x: x.min(dim=1, keepdim=True)[0], "argmax": lambda x: x.argmax(1),
        "argmin": lambda x: x.argmin(-1, keepdim=True), "prod": lambda x: x.prod(3),
        "std": lambda x: x.std(1), "var": lambda x: x.var((2, 3), unbiased=False), "norm": lambda x: x.norm(),
        "norm_axis": lambda x: x.norm(2, 1), "norm_1": lambda x: x.norm(1, 1), "normalize": lambda x: F.normalize(x),
        "logsumexp": lambda x: x.logsumexp(1), "softmax": lambda x: x.softmax(1),
        "softmax_last": lambda x: F.softmax(x, -1), "log_softmax": lambda x: F.log_softmax(x, 1),
        "cumsum": lambda x: x.cumsum(2), "topk": lambda x: x.topk(3, 1), "sort": lambda x: x.sort(-1, True)[0],
        "any": lambda x: (x > 1).any(1).float(), "all": lambda x: (x > -1).all(2).float(),
    }.items():
        yield name, One(function), (picture(),)


def movement():
    for name, function in {
        "reshape": lambda x: x.reshape(2, -1), "view": lambda x: x.view(x.size(0), -1), "flatten": torch.flatten,
        "flatten_1": lambda x: x.flatten(1), "flatten_2_3": lambda x: x.flatten(2, 3),
        "transpose": lambda x: x.transpose(1, 3), "permute": lambda x: x.permute(0, 2, 3, 1),
        "permute_contiguous_view": lambda x: x.permute(0, 2, 3, 1).contiguous().view(1, -1, 2),
        "unsqueeze": lambda x: x.unsqueeze(-1), "squeeze": lambda x: x.squeeze(0), "squeeze_all": torch.squeeze,
        "split": lambda x: x.split(3, 2), "split_sizes": lambda x: torch.split(x, [1, 3], 1),
        "chunk": lambda x: x.chunk(2, 1), "unbind": lambda x: x.unbind(1), "narrow": lambda x: x.narrow(2, 1, 4),
        "select": lambda x: x.select(1, 2), "index": lambda x: x[:, 1], "slice": lambda x: x[:, 1:3, ::2],
        "slice_negative": lambda x: x[..., :-2], "focus": lambda x: torch.cat([x[..., ::2, :-1:2], x[..., ::2, 1::2]], 1),
        "index_list": lambda x: x[:, [2, 0, 3]], "index_select": lambda x: x.index_select(1, torch.tensor([3, 1])),
        "new_axis": lambda x: x[:, None, ..., 0], "expand": lambda x: x[:, :1].expand(-1, 6, -1, -1),
        "repeat": lambda x: x.repeat(1, 2, 1, 3), "tile": lambda x: torch.tile(x, (2, 1)), "flip": lambda x: x.flip(2),
        "flip_two": lambda x: torch.flip(x, [2, 3]), "roll": lambda x: torch.roll(x, (1, -2), (2, 3)),
        "pad": lambda x: F.pad(x, (1, 2, 0, 3)), "pad_value": lambda x: F.pad(x, (1, 1), value=-2.0),
        "pad_reflect": lambda x: F.pad(x, (2, 1, 1, 2), mode="reflect"),
        "pad_replicate": lambda x: F.pad(x, (2, 1, 1, 2), mode="replicate"),
        "pad_crop": lambda x: F.pad(x, (-1, 0, 0, -2)),
        "pixel_shuffle": lambda x: F.pixel_shuffle(x, 2),
        "pixel_unshuffle": lambda x: F.pixel_unshuffle(x[:, :, :8, :6], 2),
        "channel_shuffle": lambda x: x.view(1, 2, 2, 9, 7).transpose(1, 2).reshape(1, 4, 9, 7),
        "unfold": lambda x: F.unfold(x, 3, padding=1), "ones_like": lambda x: x + torch.ones_like(x),
        "zeros": lambda x: torch.cat([x, torch.zeros(1, 1, 9, 7)], 1), "full_like": lambda x: x * torch.full_like(x, 2),
        "arange": lambda x: x + torch.arange(x.shape[-1]).float(), "tril": lambda x: x.tril(),
        "triu": lambda x: torch.triu(x, 1), "sizes": lambda x: x.view(x.shape[0], x.shape[1] * x.shape[2], x.shape[3]),
        "grid": lambda x: x + torch.stack(torch.meshgrid(torch.arange(9), torch.arange(7), indexing="ij")).sum(0),
        "type_as": lambda x: x.long().type_as(x), "new_zeros": lambda x: x + x.new_zeros(7),
        "movedim": lambda x: torch.movedim(x, 1, 3), "swapaxes": lambda x: x.swapaxes(1, 2),
        "unflatten": lambda x: x.unflatten(1, (2, 2)), "numel": lambda x: x.sum() / x.numel(),
    }.items():
        yield name, One(function), (picture(),)
    yield "gather", Two(lambda x, y: x.gather(1, y.abs().long().clamp(max=3))), (picture(2, 4), picture(2, 6))


def convolutions():
    yield "conv2d", nn.Conv2d(4, 6, 3), (picture(),)
    yield "conv2d_same", nn.Conv2d(4, 6, 3, padding="same"), (picture(),)
    yield "conv2d_valid", nn.Conv2d(4, 6, 3, padding="valid"), (picture(),)
    yield "conv2d_stride", nn.Conv2d(4, 6, (3, 5), stride=(2, 1), padding=(1, 2)), (picture(),)
    yield "conv2d_dilation", nn.Conv2d(4, 6, 3, dilation=2, padding=2, bias=False), (picture(),)
    yield "conv2d_depthwise", nn.Conv2d(4, 4, 3, padding=1, groups=4), (picture(),)
    yield "conv2d_multiplier", nn.Conv2d(4, 8, 3, padding=1, groups=4), (picture(),)
    yield "conv2d_groups", nn.Conv2d(4, 6, 1, groups=2), (picture(),)
    yield "conv2d_circular", nn.Conv2d(4, 6, 3, padding=1, padding_mode="circular"), (picture(),)
    yield "conv2d_reflect", nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect"), (picture(),)
    yield "conv2d_batch", nn.Conv2d(4, 6, 3), (picture(3, 4, 6, 6),)
    yield "conv1d", nn.Conv1d(4, 6, 3, stride=2, padding=1), (picture(2, 4, 11),)
    yield "conv3d", nn.Conv3d(2, 3, 3, padding=1), (picture(1, 2, 4, 5, 6),)
    yield "conv_transpose2d", nn.ConvTranspose2d(4, 6, 3), (picture(),)
    yield "conv_transpose2d_stride", nn.ConvTranspose2d(4, 6, 4, 2, 1), (picture(),)
    yield "conv_transpose2d_output", nn.ConvTranspose2d(4, 6, 3, 2, 1, output_padding=1), (picture(),)
    yield "conv_transpose2d_groups", nn.ConvTranspose2d(4, 6, 2, 2, groups=2, bias=False), (picture(),)
    yield "conv_transpose1d", nn.ConvTranspose1d(4, 6, 3, 2), (picture(1, 4, 8),)
    yield "linear", nn.Linear(5, 7), (picture(3, 5),)
    yield "linear_3d", nn.Linear(5, 7, bias=False), (picture(2, 3, 5),)
    yield "linear_1d", nn.Linear(5, 7), (picture(5),)
    yield "bilinear", nn.Bilinear(3, 4, 5), (picture(2, 3), picture(2, 4))
    yield "conv_bn_silu", nn.Sequential(nn.Conv2d(4, 8, 3, bias=False), nn.BatchNorm2d(8), nn.SiLU()), (picture(),)
    for name, function, shapes in [
        ("matmul_2d", torch.matmul, ((3, 4), (4, 5))), ("matmul_batch", torch.matmul, ((2, 3, 4), (2, 4, 5))),
        ("matmul_broadcast", torch.matmul, ((2, 3, 4), (4, 5))), ("matmul_vector", torch.matmul, ((3, 4), (4,))),
        ("mm", torch.mm, ((3, 4), (4, 5))), ("bmm", torch.bmm, ((2, 3, 4), (2, 4, 5))),
        ("outer", torch.outer, ((3,), (4,))),
        ("einsum", lambda x, y: torch.einsum("bij,bjk->bik", x, y), ((2, 3, 4), (2, 4, 5))),
        ("addmm", lambda x, y: torch.addmm(y[0], x, y, beta=0.5, alpha=2), ((3, 4), (4, 5))),
        ("baddbmm", lambda x, y: torch.baddbmm(torch.ones(1, 3, 5), x, y), ((2, 3, 4), (2, 4, 5))),
        ("attention", lambda x, y: (x @ y.transpose(1, 2) / 2).softmax(-1) @ y, ((2, 3, 4), (2, 5, 4))),
    ]:
        yield name, Two(function), tuple(picture(*shape) for shape in shapes)


def windows_and_norms():
    yield from (
        ("max_pool2d", nn.MaxPool2d(3), (picture(),)), ("max_pool2d_pad", nn.MaxPool2d(3, 1, 1), (picture(),)),
        ("max_pool2d_ceil", nn.MaxPool2d(2, ceil_mode=True), (picture(),)),
        ("max_pool2d_dilation", nn.MaxPool2d(2, 1, dilation=2), (picture(),)),
        ("max_pool1d", nn.MaxPool1d(2), (picture(1, 4, 9),)), ("max_pool3d", nn.MaxPool3d(2), (picture(1, 2, 4, 5, 6),)),
        ("avg_pool2d", nn.AvgPool2d(2), (picture(),)), ("avg_pool2d_pad", nn.AvgPool2d(3, 2, 1), (picture(),)),
        ("avg_pool2d_exclude", nn.AvgPool2d(3, 2, 1, count_include_pad=False), (picture(),)),
        ("avg_pool2d_ceil", nn.AvgPool2d(2, ceil_mode=True), (picture(),)),
        ("avg_pool2d_divisor", nn.AvgPool2d(2, divisor_override=3), (picture(),)),
        ("avg_pool1d", nn.AvgPool1d(3), (picture(1, 4, 9),)),
        ("lp_pool", nn.LPPool2d(2, 2), (positive(),)),
        ("adaptive_avg_1", nn.AdaptiveAvgPool2d(1), (picture(),)),
        ("adaptive_avg_3", nn.AdaptiveAvgPool2d((3, 7)), (picture(),)),
        ("adaptive_avg_uneven", nn.AdaptiveAvgPool2d(4), (picture(),)),
        ("adaptive_max", nn.AdaptiveMaxPool2d(1), (picture(),)),
        ("adaptive_avg_1d", nn.AdaptiveAvgPool1d(1), (picture(1, 4, 9),)),
        ("batch_norm1d", nn.BatchNorm1d(4), (picture(3, 4),)), ("batch_norm2d", nn.BatchNorm2d(4), (picture(),)),
        ("batch_norm3d", nn.BatchNorm3d(2), (picture(1, 2, 3, 4, 5),)),
        ("batch_norm_plain", nn.BatchNorm2d(4, affine=False), (picture(),)),
        ("instance_norm", nn.InstanceNorm2d(4, affine=True), (picture(),)),
        ("instance_norm_plain", nn.InstanceNorm2d(4), (picture(),)),
        ("group_norm", nn.GroupNorm(2, 4), (picture(),)), ("layer_norm", nn.LayerNorm(7), (picture(),)),
        ("layer_norm_2", nn.LayerNorm([9, 7]), (picture(),)),
        ("layer_norm_plain", nn.LayerNorm(7, elementwise_affine=False), (picture(),)),
        ("local_response_norm", nn.LocalResponseNorm(3), (picture(),)),
        ("prelu", nn.PReLU(), (picture(),)), ("prelu_channels", nn.PReLU(4, 0.1), (picture(),)),
        ("dropout", nn.Dropout(0.5), (picture(),)), ("dropout2d", nn.Dropout2d(0.5), (picture(),)),
        ("identity", nn.Sequential(nn.Identity(), nn.ReLU()), (picture(),)),
        ("upsample_nearest", nn.Upsample(scale_factor=2), (picture(),)),
        ("upsample_nearest_size", nn.Upsample(size=(13, 20)), (picture(),)),
        ("upsample_bilinear", nn.Upsample(scale_factor=2, mode="bilinear"), (picture(),)),
        ("upsample_aligned", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), (picture(),)),
        ("upsample_down", nn.Upsample(size=(4, 3), mode="bilinear"), (picture(),)),
        ("upsample_bicubic", nn.Upsample(scale_factor=2, mode="bicubic"), (picture(),)),
        ("upsample_linear_1d", nn.Upsample(scale_factor=2, mode="linear"), (picture(1, 4, 6),)),
        ("interpolate_like", Two(lambda x, y: F.interpolate(x, y.shape[2:])), (picture(), picture(1, 1, 18, 14))),
        ("embedding", One(nn.Sequential(nn.Embedding(10, 4))), (torch.randint(0, 10, (2, 5)),)),
        ("lstm", Sequence(nn.LSTM(5, 6)), (picture(3, 2, 5),)), ("gru", Sequence(nn.GRU(5, 6)), (picture(3, 2, 5),)),
        ("rnn", Sequence(nn.RNN(5, 6)), (picture(3, 2, 5),)),
        ("lstm_batch_first", Sequence(nn.LSTM(5, 6, 2, batch_first=True, bidirectional=True)), (picture(2, 3, 5),)),
        ("multihead_attention", One(lambda x, m=nn.MultiheadAttention(8, 2).eval().requires_grad_(False): m(x, x, x)[0]), (picture(5, 1, 8),)),
        ("transformer_layer", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (picture(1, 5, 8),)),
        ("grid_sample", Two(lambda x, y: F.grid_sample(x, y.tanh(), align_corners=False)),
         (picture(), picture(1, 5, 6, 2))),
        ("squeeze_excite", One(lambda x, m=nn.Conv2d(4, 4, 1).requires_grad_(False): x * torch.sigmoid(m(F.adaptive_avg_pool2d(x, 1)))),
         (picture(),)),
        ("residual", One(lambda x, m=nn.Conv2d(4, 4, 3, padding=1).requires_grad_(False): F.relu(x + m(x))), (picture(),)),
    )


def modules():
    """(name, module, inputs), the same in every run"""
    torch.manual_seed(0)
    for family in (unary, binary, reductions, movement, convolutions, windows_and_norms):
        yield from family()


def tensors_of(result):
    return [result] if isinstance(result, torch.Tensor) else [t for part in result for t in tensors_of(part)]


def write_module(folder, name, module, inputs):
    """→ the forms that torch could write"""
    module.eval()
    with torch.no_grad():
        for i, tensor in enumerate(tensors_of(module(*[t.clone() for t in inputs]))):
            numpy.save(folder / f"{name}.wanted{i}.npy", tensor.numpy())
        for i, tensor in enumerate(inputs):
            numpy.save(folder / f"{name}.in{i}.npy", tensor.numpy())
        traced = torch.jit.trace(module, inputs, check_trace=False)
        traced.save(str(folder / f"{name}.pt"))
        forms = ["pt"]
        try:
            torch.onnx.export(traced, inputs, str(folder / f"{name}.onnx"), opset_version=16)
            forms.append("onnx")
        except Exception:  # torch has no export for it, or one that fails: nothing of ours
            pass
    names = [argument.debugName().split(".")[0] for argument in traced.graph.inputs()][1:]
    return forms, [f"{n}:{'x'.join(map(str, t.shape))}" for n, t in zip(names, inputs)]


def fault_of(sixtops, folder, name, form, shapes, count):
    """Empty when all outputs are torch's."""
    out = folder / f"{name}.{form}.out"
    command = [sixtops, "run", folder / f"{name}.{form}", "--output-dir", out, "--input"]
    command += [folder / f"{name}.in{i}.npy" for i in range(count)]
    for shape in shapes if form == "pt" else []:
        command += ["--shape", shape]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        return (done.stderr.strip() or f"exit code {done.returncode}").split("error: ")[-1]
    files = [line.rsplit("  ", 1)[-1].strip() for line in done.stdout.splitlines()]
    wanted = sorted(folder.glob(f"{name}.wanted*.npy"))
    if len(files) != len(wanted):
        return f"{len(files)} outputs, torch has {len(wanted)}"
    for i, file in enumerate(files):
        actual, expected = numpy.load(file), numpy.load(folder / f"{name}.wanted{i}.npy")
        if actual.shape != expected.shape:
            return f"output {i} is {actual.shape}, torch's {expected.shape}"
        largest = max(float(numpy.abs(expected).max()), 1e-6)
        difference = float(numpy.abs(actual.astype(float) - expected.astype(float)).max()) / largest
        if not difference <= TOLERANCE:
            return f"output {i} differs by {difference:.1e}"
    return ""


def read_expectations(path):
    """{"name.form": reason}"""
    lines = [line.split(None, 1) for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {words[0]: words[1] for words in lines}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sixtops")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    expected = read_expectations(pathlib.Path(__file__).with_suffix(".txt"))
    with tempfile.TemporaryDirectory() as temporary, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        folder = pathlib.Path(temporary)
        results = {}
        counts = {"pt": 0, "onnx": 0}
        for name, module, inputs in modules():
            if arguments.only not in name:
                continue
            forms, shapes = write_module(folder, name, module, inputs)
            for form in forms:
                counts[form] += 1
                results[f"{name}.{form}"] = pool.submit(
                    fault_of, arguments.sixtops, folder, name, form, shapes, len(inputs))
        faults = {key: result.result() for key, result in results.items() if result.result()}
    surprises = 0
    for key in results:
        if (key in faults) == (key in expected):
            continue
        surprises += 1
        print("FAULT" if key in faults else "PASSES, but torch_modules.txt says otherwise:", key, faults.get(key, ""))
    passed = {form: count - sum(key.endswith("." + form) for key in faults) for form, count in counts.items()}
    for form, count in counts.items():
        print(f"{form}: {passed[form]} of {count} modules equal torch")
        surprises += not arguments.only and passed[form] < LEAST_PASSED * count
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
