#!/usr/bin/env python3
"""Exports and traces networks by PyTorch with seeded random weights, runs both forms, and compares with PyTorch's own.

Usage: torchvision_networks.py SIXTOPS [--only NAME] [--keep FOLDER]

SIXTOPS is the command; it runs each network in float. A network is equal when every output is within 1e-3 of its
largest value. Needs Debian's python3-torch and python3-torchvision; exit code 77 (skipped) without them.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

SKIPPED = 77
TOLERANCE = 1e-3
OPSETS = (11, 13, 16, 17)  # taken in turn, so that exports of every age are seen


class Heads:
    """Makes a detector return what its heads say, before the boxes are decoded and sorted out."""

    def __new__(cls, detector):
        import torch

        class Module(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.backbone = detector.backbone
                self.head = detector.head

            def forward(self, x):
                features = self.backbone(x)
                features = [features] if isinstance(features, torch.Tensor) else list(features.values())
                return list(self.head(features).values())

        return Module()


def networks():
    """name → (maker, input size, dynamic)"""
    from torchvision import models

    import yolo_heads

    detection, segmentation = models.detection, models.segmentation
    plain = {"weights": None}
    bare = {"weights": None, "weights_backbone": None}
    return {
        "alexnet": (lambda: models.alexnet(**plain), 224, False),
        "convnext_tiny": (lambda: models.convnext_tiny(**plain), 64, False),
        "deeplabv3_mobilenet": (lambda: segmentation.deeplabv3_mobilenet_v3_large(**bare), 64, False),
        "densenet121": (lambda: models.densenet121(**plain), 64, False),
        "efficientnet_b0": (lambda: models.efficientnet_b0(**plain), 96, False),
        "fcn_resnet50": (lambda: segmentation.fcn_resnet50(**bare), 64, False),
        "googlenet": (lambda: models.googlenet(init_weights=True, aux_logits=False, **plain), 96, False),
        "inception_v3": (lambda: models.inception_v3(init_weights=True, **plain), 128, False),
        "lraspp_mobilenet": (lambda: segmentation.lraspp_mobilenet_v3_large(**bare), 64, False),
        "mnasnet1_0": (lambda: models.mnasnet1_0(**plain), 96, False),
        "mobilenet_v2": (lambda: models.mobilenet_v2(**plain), 96, False),
        "mobilenet_v3_large": (lambda: models.mobilenet_v3_large(**plain), 96, False),
        "mobilenet_v3_small": (lambda: models.mobilenet_v3_small(**plain), 96, False),
        "regnet_y_400mf": (lambda: models.regnet_y_400mf(**plain), 96, False),
        "resnet18": (lambda: models.resnet18(**plain), 96, True),
        "resnet50": (lambda: models.resnet50(**plain), 96, False),
        "resnext50": (lambda: models.resnext50_32x4d(**plain), 64, False),
        "retinanet": (lambda: Heads(detection.retinanet_resnet50_fpn_v2(**bare)), 128, False),
        "shufflenet_v2": (lambda: models.shufflenet_v2_x1_0(**plain), 96, False),
        "squeezenet1_1": (lambda: models.squeezenet1_1(**plain), 96, False),
        "ssd300": (lambda: Heads(detection.ssd300_vgg16(**bare)), 300, False),
        "ssdlite320": (lambda: Heads(detection.ssdlite320_mobilenet_v3_large(**bare)), 320, False),
        "deeplabv3_resnet50": (lambda: segmentation.deeplabv3_resnet50(**bare), 64, False),
        "densenet169": (lambda: models.densenet169(**plain), 64, False),
        "efficientnet_b1": (lambda: models.efficientnet_b1(**plain), 64, False),
        "efficientnet_v2_s": (lambda: models.efficientnet_v2_s(**plain), 64, False),
        "fasterrcnn_backbone": (lambda: detection.fasterrcnn_mobilenet_v3_large_fpn(**bare).backbone, 96, False),
        "fcos": (lambda: Heads(detection.fcos_resnet50_fpn(**bare)), 128, False),
        "mnasnet0_5": (lambda: models.mnasnet0_5(**plain), 64, False),
        "regnet_x_400mf": (lambda: models.regnet_x_400mf(**plain), 64, False),
        "regnet_y_800mf": (lambda: models.regnet_y_800mf(**plain), 64, False),
        "resnet34": (lambda: models.resnet34(**plain), 64, False),
        "resnet101": (lambda: models.resnet101(**plain), 64, False),
        "shufflenet_v2_x0_5": (lambda: models.shufflenet_v2_x0_5(**plain), 64, False),
        "squeezenet1_0": (lambda: models.squeezenet1_0(**plain), 64, False),
        "vgg16": (lambda: models.vgg16(**plain), 64, False),
        "wide_resnet50": (lambda: models.wide_resnet50_2(**plain), 64, False),
        "swin_t": (lambda: models.swin_t(**plain), 64, False),
        "vgg11_bn": (lambda: models.vgg11_bn(**plain), 224, False),
        "vit_b_16": (lambda: models.vit_b_16(image_size=64, **plain), 64, False),
        **yolo_heads.networks(),
    }


def outputs_of(result):
    """The tensors of whatever a network returns, in the order of the exporter."""
    import torch

    if isinstance(result, torch.Tensor):
        return [result]
    parts = result.values() if isinstance(result, dict) else result
    return [tensor for part in parts if part is not None for tensor in outputs_of(part)]


def settle_batch_norms(network, picture):
    """Gives every batch norm the mean and the spread of what it reads: signals stay alive to the last layer.

    One spread for the layer: a channel that hardly varies would be blown up to noise.
    """
    import torch

    def settle(module, inputs):
        (x,) = inputs
        if x.shape[2] * x.shape[3] > 1:
            module.running_mean.copy_(x.mean((0, 2, 3)))
            module.running_var.fill_(x.var())

    hooks = [m.register_forward_pre_hook(settle) for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    network(picture)
    for hook in hooks:
        hook.remove()


def fill_empty_weights(network):
    """Some networks start with a last layer of zeros, which would answer zero whatever came before."""
    import torch

    for parameter in network.parameters():
        if parameter.dim() > 1 and not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)


def largest_difference(model, shapes, expected, sixtops, folder):
    """Relative to the largest value."""
    import numpy

    command = [sixtops, "run", model, "--input", folder / "images.npy", "--output-dir", folder]
    for shape in shapes:
        command += ["--shape", shape]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError((done.stdout + done.stderr).strip() or f"exit code {done.returncode}")
    files = [line.rsplit("  ", 1)[-1].strip() for line in done.stdout.splitlines()]
    if len(files) != len(expected):
        raise RuntimeError(f"{len(files)} outputs, PyTorch has {len(expected)}")
    worst = 0.0
    for file, wanted in zip(files, expected):
        actual = numpy.load(file)
        if actual.shape != wanted.shape:
            raise RuntimeError(f"{file} has shape {actual.shape}, PyTorch's {wanted.shape}")
        if not wanted.any() or not numpy.isfinite(actual).all():
            raise RuntimeError(f"{file} is zero everywhere, or not finite")
        worst = max(worst, float(numpy.abs(actual - wanted).max() / numpy.abs(wanted).max()))
    return worst


class Flat:
    """Makes a network answer with a tuple, which is what a trace can hold."""

    def __new__(cls, network):
        import torch

        class Module(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.network = network

            def forward(self, x):
                return tuple(outputs_of(self.network(x)))

        return Module()


def run_network(name, maker, size, dynamic, opset, sixtops, folder):
    """Returns the largest difference of each form."""
    import numpy
    import torch

    torch.manual_seed(0)
    network = maker().eval()
    picture = torch.rand(1, 3, size, size)
    with torch.no_grad():
        fill_empty_weights(network)
        settle_batch_norms(network, picture)
        expected = outputs_of(network(picture))
    model = folder / f"{name}.onnx"
    axes = {"images": {0: "batch", 2: "height", 3: "width"}} if dynamic else None
    outputs = [f"output{i}" for i in range(len(expected))]
    torch.onnx.export(
        network,
        picture,
        str(model),
        opset_version=opset,
        input_names=["images"],
        output_names=outputs,
        dynamic_axes=axes,
    )
    traced = folder / f"{name}.pt"
    with torch.no_grad():
        torch.jit.trace(Flat(network).eval(), picture, check_trace=False).save(str(traced))
    del network
    numpy.save(folder / "images.npy", picture.numpy())
    wanted = [tensor.numpy() for tensor in expected]
    shape = "x".join(map(str, picture.shape))
    return {
        "onnx": largest_difference(model, [f"images:{shape}"] if dynamic else [], wanted, sixtops, folder),
        "trace": largest_difference(traced, [f"x:{shape}"], wanted, sixtops, folder),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sixtops")
    parser.add_argument("--only")
    parser.add_argument("--keep", help="a folder that keeps the exported models")
    arguments = parser.parse_args()
    try:
        import torch
        import torchvision  # noqa: F401
    except ImportError as error:
        print(f"{error}: apt-get install python3-torch python3-torchvision")
        return SKIPPED
    torch.set_num_threads(2)
    warnings.simplefilter("ignore")  # of tracing: constants that depend on the input's size are meant
    failures = 0
    selected = [(i, *net) for i, net in enumerate(networks().items()) if arguments.only in (None, net[0])]
    for index, name, (maker, size, dynamic) in selected:
        opset = OPSETS[index % len(OPSETS)]
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(arguments.keep or temporary)
            try:
                worst = run_network(name, maker, size, dynamic, opset, arguments.sixtops, folder)
                verdict = "equal" if max(worst.values()) <= TOLERANCE else "DIFFERENT"
                text = "largest difference " + ", ".join(f"{form} {value:.1e}" for form, value in worst.items())
            except Exception as error:  # whatever a network does, the others run
                verdict, text = "FAILED", str(error)[:400]
        failures += verdict != "equal"
        print(f"{verdict:9} {name:20} opset {opset} {time.monotonic() - start:5.1f} s  {text}", flush=True)
    print(f"{len(selected) - failures} of {len(selected)} networks equal PyTorch within {TOLERANCE}")
    return 1 if failures or not selected else 0


if __name__ == "__main__":
    sys.exit(main())
