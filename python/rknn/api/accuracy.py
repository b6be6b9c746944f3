"""accuracy_analysis: golden (float) and simulated tensors of every layer, and the table of their differences."""
from __future__ import annotations

import os
import re
import sys
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from rknn.api.calibration import Calibration
from rknn.api.log import Log
from rknn.api.network import Network
from rknn.api.step import StepError
from sixtops import _core

_POOR_COSINE, _BAD_COSINE = 0.99, 0.95  # below: yellow, red
_YELLOW, _RED, _PLAIN = "\x1b[33m", "\x1b[31m", "\x1b[0m"


class LayerError(NamedTuple):
    op: str
    tensor: str
    entire_cosine: float
    entire_euclidean: float
    single_cosine: float
    single_euclidean: float


def measure(
    network: Network, six: bytes, calibration: Calibration, files: list[str], on_layer: Any
) -> list[LayerError]:
    """on_layer(error, golden, simulated) sees every layer in order."""
    golden_six = network.convert("float32", show=False).six
    golden = _core.Session.open_bytes(golden_six, "golden")
    session = _core.Session.open_bytes(six, "model")
    errors: list[LayerError] = []

    def take(*row: Any) -> None:
        errors.append(LayerError(*row[:6]))
        on_layer(errors[-1], row[6], row[7])

    _core.measure_layers(golden, session, calibration.prepared(files, "analysis"), network.custom_operators, take)
    return errors


def analyse(
    log: Log, network: Network, six: bytes, conversion: Optional[_core.Conversion], inputs: list[str], output_dir: str
) -> None:
    if len(inputs) != len(network.inputs):
        raise StepError(f"accuracy_analysis: {len(inputs)} files were given, the model has {len(network.inputs)} inputs.")
    snapshot = _Snapshot(output_dir)
    calibration = Calibration(_Quiet(), _list_of(inputs, output_dir), network.inputs, network.settings)
    errors = measure(network, six, calibration, calibration.samples[0], snapshot.save)
    snapshot.write_names()
    with open(os.path.join(output_dir, "error_analysis.txt"), "w", encoding="utf-8") as file:
        file.write(table(errors, colours=False))
    print(table(errors, colours=sys.stdout.isatty()), end="")
    if conversion is not None:
        conversion.write_report(output_dir)
    log.info(f"The error analysis results save to: {os.path.join(output_dir, 'error_analysis.txt')}")


class _Quiet(Log):
    def line(self, level: str, text: str) -> None:
        pass


def _list_of(inputs: list[str], folder: str) -> str:
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "inputs.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(" ".join(os.path.abspath(name) for name in inputs) + "\n")
    return path


class _Snapshot:
    """golden/ and simulator/ with one float32 file a tensor, and the list of their names."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[str, str] = {}
        for side in ("golden", "simulator"):
            os.makedirs(os.path.join(folder, side), exist_ok=True)

    def save(self, error: LayerError, golden: NDArray[Any], simulated: NDArray[Any]) -> None:
        stem = re.sub(r"[^\w.-]", "_", error.tensor).lstrip(".") or "tensor"
        while stem + ".npy" in self._files.values():
            stem += "_"
        self._files[error.tensor] = stem + ".npy"
        for side, values in (("golden", golden), ("simulator", simulated)):
            np.save(os.path.join(self._folder, side, stem + ".npy"), values.astype(np.float32))

    def write_names(self) -> None:
        with open(os.path.join(self._folder, "map_name_to_file.txt"), "w", encoding="utf-8") as file:
            for tensor, name in self._files.items():
                file.write(f"{tensor}: {name}\n")


def table(errors: list[LayerError], colours: bool) -> str:
    width = max((len(_title(error)) for error in errors), default=0) + 3
    rule = "-" * (width + 44) + "\n"
    text = "# simulator_error: simulated network against the float one, cosine | euclidean distance.\n"
    text += "#   entire: error from the input to this layer.  single: of this layer alone, with golden inputs.\n"
    text += f"{'layer_name':{width}}{'simulator_error':>33}\n"
    text += f"{'':{width}}{'entire':^22}{'single':^22}\n" + rule
    for error in errors:
        entire = _cell(error.entire_cosine, error.entire_euclidean, colours)
        single = _cell(error.single_cosine, error.single_euclidean, colours)
        text += f"{_title(error):{width}}{entire}{single}".rstrip() + "\n"
    return text + rule


def _title(error: LayerError) -> str:
    return f"[{error.op}] {error.tensor}"


def _cell(cosine: float, euclidean: float, colours: bool) -> str:
    text = f"{cosine:.5f} | {_five_digits(euclidean)}".ljust(22)
    if not colours or cosine >= _POOR_COSINE:
        return text
    return (_RED if cosine < _BAD_COSINE else _YELLOW) + text + _PLAIN


def _five_digits(value: float) -> str:
    return f"{value:.5g}" if value != int(value) or abs(value) >= 1e5 else f"{value:.1f}"
