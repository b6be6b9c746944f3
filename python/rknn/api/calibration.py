"""The dataset of build(): a text file with one sample a line, the files of several inputs separated by blanks."""
from __future__ import annotations

import os
import tempfile
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from rknn.api.log import Log
from rknn.api.settings import Settings
from rknn.api.step import StepError
from sixtops import _core

PICTURE_CHANNELS = (1, 3)  # of inputs that have a mean and std
_FEWEST_SAMPLES = 4  # fewer say little of the ranges


class Calibration:
    """Samples in the form that the converter reads; its files live as long as this object."""

    def __init__(self, log: Log, dataset: str, inputs: list[dict[str, Any]], settings: Settings) -> None:
        self._inputs = inputs
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="rknn_calibration_")
        self.samples = read_dataset(dataset, len(inputs))
        if len(self.samples) < _FEWEST_SAMPLES:
            log.warning(f"build: {dataset} has {len(self.samples)} samples; 20 to 100 show the ranges of a network's values.")

    def write(self, limit: Optional[int] = None) -> str:
        """A list file of at most `limit` samples. Pictures stay where they are; tensors are laid out as the network's
        and normalized, as the network will do it with what the program gives it."""
        path = os.path.join(self._folder.name, f"list_{limit}.txt")
        with open(path, "w", encoding="utf-8") as file:
            for number, files in enumerate(self.samples[:limit]):
                file.write(" ".join(self.prepared(files, f"{number}")) + "\n")
        return path

    def prepared(self, files: list[str], stem: str) -> list[str]:
        return [self._prepare(name, i, f"{stem}_{i}") for i, name in enumerate(files)]

    def _prepare(self, name: str, index: int, stem: str) -> str:
        tensor = self._inputs[index]
        swaps = self._settings.is_bgr(index) and not all(self._settings.is_bgr(i) for i in range(len(self._inputs)))
        if not name.lower().endswith(".npy"):
            if not swaps and (" " not in name or len(self._inputs) == 1):
                return name
            pixels = _core.read_picture(name)
            target = os.path.join(self._folder.name, stem + ".png")
            _core.write_picture(np.ascontiguousarray(pixels[:, :, ::-1]) if swaps else pixels, target)
            return target
        try:
            values = np.load(name, allow_pickle=False)
        except ValueError:
            raise StepError(f"{name}: is no array of numbers that NumPy can read.") from None
        target = os.path.join(self._folder.name, stem + ".npy")
        np.save(target, self._normalized(lay_out(values, tensor, name), index))
        return target

    def _normalized(self, values: NDArray[Any], index: int) -> NDArray[Any]:
        if not self._inputs[index]["dtype"].startswith("float"):
            return values.astype(self._inputs[index]["dtype"])
        mean, std = self._settings.mean_of(index), self._settings.std_of(index)
        result: NDArray[Any] = values.astype(np.float32)
        if channels_of(self._inputs[index]) in PICTURE_CHANNELS and (mean or std):
            per_channel = (1, -1, 1, 1) if self._inputs[index]["layout"] == "nchw" else (1, 1, 1, -1)
            result = (result - np.reshape(mean or [0.0], per_channel)) / np.reshape(std or [1.0], per_channel)
        return result.astype(np.float32)


def channels_of(tensor: dict[str, Any]) -> int:
    """0 for what has not four axes."""
    if len(tensor["shape"]) != 4:
        return 0
    channels: int = tensor["shape"][3 if tensor["layout"] == "nhwc" else 1]
    return channels


def lay_out(values: NDArray[Any], tensor: dict[str, Any], name: str) -> NDArray[Any]:
    """The values in the network's shape; four axes may come in either order, and without the batch."""
    shape = tuple(tensor["shape"])
    if values.ndim == len(shape) - 1:
        values = values[np.newaxis]
    if values.shape == shape:
        return values
    if values.ndim == 4:
        turned = values.transpose(0, 3, 1, 2) if tensor["layout"] == "nchw" else values.transpose(0, 2, 3, 1)
        if turned.shape == shape:
            return np.ascontiguousarray(turned)
    raise StepError(f"{name}: shape {list(values.shape)}, input '{tensor['name']}' expects {list(shape)}.")


def read_dataset(path: str, input_count: int) -> list[list[str]]:
    """The files of each line; relative ones lie beside the list, else in the current folder."""
    folder = os.path.dirname(os.path.abspath(path))
    samples = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            text = line.strip()
            if not text:
                continue
            names = [text] if input_count == 1 else text.split()
            if len(names) != input_count:
                raise StepError(f"{path}: line {number} names {len(names)} files, the model has {input_count} inputs.")
            samples.append([_find(name, folder, path, number) for name in names])
    if not samples:
        raise StepError(f"{path}: names no sample; expected one a line.")
    return samples


def _find(name: str, folder: str, path: str, number: int) -> str:
    for candidate in (os.path.join(folder, name), os.path.abspath(name)):
        if os.path.isfile(candidate):
            return candidate
    raise StepError(f"{path}: line {number}: {name}: no such file.")
