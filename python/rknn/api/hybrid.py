"""Hybrid quantization: the three files between step 1 and step 2, and the choice of layers that stay float.

    NAME.model               the source model and what load_* and config said (a zip file)
    NAME.data                the calibration samples and the parameters of step 1 (a zip file)
    NAME.quantization.cfg    YAML, for the user to edit
"""
from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import asdict
from typing import Any, NamedTuple, Optional

import numpy as np

import rknn.api.accuracy as accuracy
import rknn.api.mini_yaml as mini_yaml
from rknn.api.calibration import Calibration
from rknn.api.log import Log
from rknn.api.network import Network, Source
from rknn.api.settings import Settings
from rknn.api.step import StepError
from sixtops import _core

_FLOAT_TYPES = ("float16", "int16")  # int16: the chip's converter makes it float16 too


def poor_layers(network: Network, conversion: _core.Conversion, calibration: Calibration) -> list[tuple[str, float]]:
    """Nodes beyond the thresholds of config, with their cosine."""
    settings = network.settings
    report = json.loads(conversion.report)
    poor = {
        layer["node"]: layer["cosine"]
        for layer in report["layers"]
        if layer["precision"] == "int8" and layer["macs"] > 0 and layer.get("cosine", 1) < settings.auto_hybrid_cos_thresh
    }
    if settings.auto_hybrid_euc_thresh is not None:
        errors = accuracy.measure(network, conversion.six, calibration, calibration.samples[0], lambda *_: None)
        for error in errors:
            if error.op != "Input" and error.entire_euclidean > settings.auto_hybrid_euc_thresh:
                poor.update({node: error.entire_cosine for node in network.nodes_of_layer(error.tensor)})
    return list(poor.items())


def write_files(
    log: Log,
    network: Network,
    calibration: Calibration,
    batch: Optional[int],
    proposal: bool,
    proposal_dataset_size: int,
    custom_hybrid: Optional[list[list[str]]],
) -> None:
    conversion = network.convert("int8", calibration.write())
    parameters = _parameters(conversion)
    layers: dict[str, str] = {}
    if custom_hybrid:
        layers.update({tensor: "float16" for pair in custom_hybrid for tensor in _between(network, pair)})
    if proposal:
        layers.update(_propose(network, conversion, calibration, proposal_dataset_size))
    _write_model(network, batch)
    _write_data(network, calibration, parameters)
    config = f"{network.name}.quantization.cfg"
    with open(config, "w", encoding="utf-8") as file:
        file.write("# Add the output tensors of layers that are to stay float, for example:  output_name: float16\n")
        file.write(mini_yaml.write({"custom_quantize_layers": layers, "quantize_parameters": parameters}))
    log.info(f"hybrid_quantization_step1: {network.name}.model, {network.name}.data and {config} are written; "
             "edit the last one and call hybrid_quantization_step2.")


def _between(network: Network, pair: list[str]) -> list[str]:
    """The tensors of the sub-graph from one tensor to another, both included."""
    if len(pair) != 2:
        raise StepError(f"custom_hybrid has the entry {pair!r}; expected [input tensor, output tensor].")
    first, last = pair
    reached = {first}
    between: list[str] = []
    for node in network.float_session.nodes:
        outputs = [value["name"] for value in node["outputs"]]
        if first in outputs or any(value["name"] in reached for value in node["inputs"]):
            reached.update(outputs)
            between += outputs
    if last not in between:
        raise StepError(f"custom_hybrid: no way leads from '{first}' to '{last}'.")
    wanted = {last}
    for node in reversed(network.float_session.nodes):
        if any(value["name"] in wanted for value in node["outputs"]):
            wanted.update(value["name"] for value in node["inputs"])
    return [tensor for tensor in between if tensor in wanted]


def _propose(network: Network, conversion: _core.Conversion, calibration: Calibration, count: int) -> dict[str, str]:
    """Layers whose own error stands out on the first samples."""
    proposed: dict[str, str] = {}
    for sample in calibration.samples[: max(count, 1)]:
        for error in accuracy.measure(network, conversion.six, calibration, sample, lambda *_: None):
            if error.op != "Input" and error.single_cosine < network.settings.auto_hybrid_cos_thresh:
                proposed[error.tensor] = "float16"
    return proposed


def _parameters(conversion: _core.Conversion) -> dict[str, Any]:
    """Of every tensor that has codes: its range, scale and zero point."""
    session = _core.Session.open_bytes(conversion.six, "model")
    values = [value for node in session.nodes for value in node["inputs"] + node["outputs"]]
    entries: dict[str, Any] = {}
    for value in values:
        if not value["scale"] or value["dtype"] != "int8" or value["name"] in entries:
            continue
        low = [float((-128 - zero) * scale) for scale, zero in zip(value["scale"], value["zero_point"])]
        high = [float((127 - zero) * scale) for scale, zero in zip(value["scale"], value["zero_point"])]
        entries[value["name"]] = {
            "qtype": "asymmetric_quantized",
            "qmethod": "layer" if len(low) == 1 else "channel",
            "dtype": "int8",
            "min": low,
            "max": high,
            "scale": [float(scale) for scale in value["scale"]],
            "zero_point": list(value["zero_point"]),
            "ori_min": low,
            "ori_max": high,
        }
    return entries


def _write_model(network: Network, batch: Optional[int]) -> None:
    source = network.source
    description = {
        "name": network.name,
        "file": os.path.basename(source.path),
        "companion": None if source.companion is None else os.path.basename(source.companion),
        "shapes": source.shapes,
        "shapes_in_order": source.shapes_in_order,
        "inputs": source.inputs,
        "outputs": source.outputs,
        "settings": asdict(network.settings),
        "batch": batch,
        "constants": list(source.constants),
    }
    with zipfile.ZipFile(f"{network.name}.model", "w") as archive:
        archive.writestr("description.json", json.dumps(description, indent=1))
        for path in (source.path, source.companion):
            if path is not None:
                archive.write(path, "source/" + os.path.basename(path))
        for number, value in enumerate(source.constants.values()):
            with archive.open(f"constants/{number}.npy", "w") as file:
                np.lib.format.write_array(file, np.asarray(value), allow_pickle=False)


def _write_data(network: Network, calibration: Calibration, parameters: dict[str, Any]) -> None:
    with zipfile.ZipFile(f"{network.name}.data", "w") as archive:
        lines = []
        for number, files in enumerate(calibration.samples):
            names = []
            for index, path in enumerate(files):
                names.append(f"{number}_{index}{os.path.splitext(path)[1].lower()}")
                archive.write(path, names[-1])
            lines.append(" ".join(names))
        archive.writestr("dataset.txt", "\n".join(lines) + "\n")
        archive.writestr("parameters.json", json.dumps(parameters))


class HybridFiles(NamedTuple):
    """What step 2 reads. The folder holds what was packed, as long as this object lives."""

    network: Network
    dataset: str
    layers: dict[str, str]  # tensors that the user wants in another type
    ranges: dict[str, tuple[float, int]]  # scale and zero point of tensors whose entry the user changed
    batch: Optional[int]
    samples: list[list[str]]
    folder: tempfile.TemporaryDirectory[str]

    def convert(self) -> _core.Conversion:
        keep = [node for tensor in self.layers for node in self.network.nodes_of_layer(tensor)]
        options: dict[str, Any] = {"keep_float": keep + self.network.float_nodes_of_targets()}
        if self.ranges:
            options["fixed_grids"] = self.ranges
        if self.batch is not None:
            options["batch"] = self.batch
        calibration = self.network.calibration(self.dataset)  # whose files live as long
        return self.network.convert("int8", calibration.write(), **options)


def read_files(log: Log, model: str, data: str, config: str) -> HybridFiles:
    folder = tempfile.TemporaryDirectory(prefix="rknn_hybrid_")
    for path, part in ((model, "model"), (data, "data")):
        _unpack(path, os.path.join(folder.name, part))
    with open(os.path.join(folder.name, "model", "description.json"), encoding="utf-8") as file:
        description = json.load(file)
    with open(os.path.join(folder.name, "data", "parameters.json"), encoding="utf-8") as file:
        original = json.load(file)
    network = _network_of(log, description, os.path.join(folder.name, "model"))
    with open(config, encoding="utf-8") as file:
        edited = mini_yaml.read(file.read(), config)
    if not isinstance(edited, dict):
        raise StepError(f"{config}: expected custom_quantize_layers and quantize_parameters.")
    layers = {}
    for tensor, dtype in (edited.get("custom_quantize_layers") or {}).items():
        if dtype not in (*_FLOAT_TYPES, "int8"):
            raise StepError(f"{config}: custom_quantize_layers: '{tensor}' is {dtype}, expected float16, int16 or int8.")
        if dtype == "int16":
            log.warning(f"{tensor}: int16 becomes float16 on rk3588.")
        if dtype != "int8":
            layers[tensor] = dtype
    ranges = _changed_ranges(edited.get("quantize_parameters") or {}, original, config)
    dataset = os.path.join(folder.name, "data", "dataset.txt")
    with open(dataset, encoding="utf-8") as file:
        samples = [[os.path.join(folder.name, "data", name) for name in line.split()] for line in file]
    return HybridFiles(network, dataset, layers, ranges, description["batch"], samples, folder)


def _unpack(path: str, folder: str) -> None:
    if not os.path.isfile(path):
        raise StepError(f"{path}: no such file; hybrid_quantization_step1 writes it.")
    try:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)  # names that leave the folder are cut by zipfile itself
    except zipfile.BadZipFile:
        raise StepError(f"{path}: is none of the files that hybrid_quantization_step1 writes.") from None


def _network_of(log: Log, description: dict[str, Any], folder: str) -> Network:
    constants = {
        name: np.load(os.path.join(folder, f"constants/{number}.npy"), allow_pickle=False)
        for number, name in enumerate(description["constants"])
    }
    companion = description["companion"]
    source = Source(
        os.path.join(folder, "source", description["file"]),
        companion=None if companion is None else os.path.join(folder, "source", companion),
        shapes=description["shapes"],
        shapes_in_order=description["shapes_in_order"],
        inputs=description["inputs"],
        outputs=description["outputs"],
        constants=constants,
    )
    return Network(log, Settings(**description["settings"]), source)


def _changed_ranges(edited: dict[str, Any], original: dict[str, Any], config: str) -> dict[str, tuple[float, int]]:
    ranges: dict[str, tuple[float, int]] = {}
    for tensor, entry in edited.items():
        before = original.get(tensor)
        if before is None:
            raise StepError(f"{config}: quantize_parameters: the model has no tensor '{tensor}'.")
        if all(entry.get(key) == before[key] for key in ("min", "max", "scale", "zero_point")):
            continue
        if len(before["scale"]) != 1:
            raise StepError(f"{config}: quantize_parameters: '{tensor}' has a scale a channel, which cannot be edited.")
        if entry.get("scale") == before["scale"] and entry.get("zero_point") == before["zero_point"]:
            ranges[tensor] = _grid_of_range(float(entry["min"][0]), float(entry["max"][0]))
        else:
            ranges[tensor] = (float(entry["scale"][0]), int(entry["zero_point"][0]))
    return ranges


def _grid_of_range(low: float, high: float) -> tuple[float, int]:
    """256 codes over the range and zero."""
    low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        raise StepError(f"a range from {low} to {high} holds nothing.")
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)
