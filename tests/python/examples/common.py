"""What the scripts beside this file share: pictures, the first steps, and checks that say what they saw."""
import os
import sys

import cv2
import numpy as np
from rknn.api import RKNN

MODELS = os.environ["SIXTOPS_TEST_MODELS"]
DATA = os.environ.get("SIXTOPS_TEST_DATA", "")  # real models and pictures; empty: there are none


def model(name):
    return os.path.join(MODELS, name + ".onnx")


def expect(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def pictures(count, size=32, seed=3):
    """Smooth noise as PNG files; their paths."""
    random = np.random.default_rng(seed)
    paths = []
    for number in range(count):
        small = random.integers(0, 256, (size // 4, size // 4, 3), np.uint8)
        paths.append(os.path.abspath(f"picture_{size}_{number}.png"))
        cv2.imwrite(paths[-1], cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC))
    return paths


def read_rgb(path):
    return cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)


def dataset(lines, name="dataset.txt"):
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return name


def done(code, what):
    expect(code == 0, f"{what} returned {code}")


def loaded(path, load=None, **config):
    rknn = RKNN()
    config = {"mean_values": [[0, 0, 0]], "std_values": [[255, 255, 255]], "target_platform": "rk3588", **config}
    done(rknn.config(**config), "config")
    done(rknn.load_onnx(model=path, **(load or {})), "load_onnx")
    return rknn


def cosine(a, b):
    a, b = np.asarray(a, np.float64).ravel(), np.asarray(b, np.float64).ravel()
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))
