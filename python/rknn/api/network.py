"""A source model with everything that load_* and config say of it, and its conversion."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Sequence

from rknn.api.calibration import PICTURE_CHANNELS, Calibration, channels_of
from rknn.api.log import Bar, Log
from rknn.api.settings import Settings
from rknn.api.step import StepError
from rknn.utils.onnx_wire import OnnxFile
from sixtops import _core



@dataclass
class Source:
    """What load_* was told."""

    path: str
    companion: Optional[str] = None
    shapes: dict[str, list[int]] = field(default_factory=dict)  # by input
    shapes_in_order: list[list[int]] = field(default_factory=list)  # of formats whose inputs users do not name
    inputs: list[str] = field(default_factory=list)  # cut here, in this order; empty: the model's own
    outputs: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)  # inputs that become constants
    channels_last: bool = True  # what the user calls the inputs' own layout (TensorFlow, TensorFlow Lite)

    def check_files(self) -> None:
        for path in (self.path, self.companion):
            if path is not None and not os.path.isfile(path):
                raise StepError(f"{path}: no such file.")


class StageBars:
    """The converter's stages under the names that users of the vendor's tools know."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._bars: dict[str, Bar] = {}
        self._passes = _core.pass_names() if log.verbose else []

    def update(self, stage: str, done: int, total: int) -> None:
        if stage == "passes":
            self._update_passes(done, total)
        elif stage == "calibration samples":
            self._bar("GraphPreparing ").update(done, total)
        elif stage == "quantize":
            self._bar("Quantizating ").update(done, total)

    def _update_passes(self, done: int, total: int) -> None:
        if done <= len(self._passes):
            self._log.debug(f"pass {done}/{total}: {self._passes[done - 1]}")
        for third in range(3):  # the vendor's tool has three rounds
            begin, end = third * total // 3, (third + 1) * total // 3
            if begin < done <= end:
                self._bar(f"OpFusing {third}").update(done - begin, end - begin)

    def _bar(self, name: str) -> Bar:
        return self._bars.setdefault(name, self._log.bar(name))


class Network:
    """Converts one source under one config, as often as it takes."""

    def __init__(self, log: Log, settings: Settings, source: Source) -> None:
        source.check_files()
        self._log = log
        self.settings = settings
        self.source = source
        self.custom_operators: dict[str, Callable[..., Any]] = {}
        self._float: Optional[_core.Session] = None
        self._kept: list[Any] = []

    def keep(self, resource: Any) -> None:
        """A temporary folder that the source lies in lives as long as this object."""
        self._kept.append(resource)

    @property
    def name(self) -> str:
        return os.path.splitext(os.path.basename(self.source.path))[0]

    def load(self) -> None:
        """Proves that the model can be converted; its inputs and outputs are known from here on."""
        bar = self._log.bar("Loading ")
        bar.update(0, 1)
        options = self._source_options()
        conversion = _core.convert(self.source.path, None, precision="float32", mean=[0.0], std=[1.0], **options)
        self._float = _core.Session.open_bytes(conversion.six, self.source.path)
        bar.update(1, 1)
        for tensor in self.inputs:
            self._log.debug(f"input '{tensor['name']}': {tensor['shape']}")
        for tensor in self.outputs:
            self._log.debug(f"output '{tensor['name']}': {tensor['shape']}")

    @property
    def float_session(self) -> _core.Session:
        """The float network without pre-processing."""
        if self._float is None:
            raise StepError("Please load a model first.")
        return self._float

    @property
    def inputs(self) -> list[dict[str, Any]]:
        return self.float_session.inputs

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return self.float_session.outputs

    @property
    def is_quantized(self) -> bool:
        """Whether the source file has integer parameters of its own."""
        return any(value["scale"] for node in self.float_session.nodes for value in node["outputs"])

    def calibration(self, dataset: Optional[str]) -> Calibration:
        if dataset is None:
            raise StepError("do_quantization=True needs a dataset: a text file with one sample a line.")
        return Calibration(self._log, dataset, self.inputs, self.settings)

    def convert(self, precision: str, calibration: Optional[str] = None, show: bool = True, **options: Any) -> _core.Conversion:
        """options: of the quantizer. calibration: a list of Calibration.write()."""
        algorithm = {"kl_divergence": {"range": "kl"}, "mmse": {"effort": "high"}}
        if precision == "int8":
            options = {**algorithm.get(self.settings.quantized_algorithm, {}), **options}
            if self.settings.quantized_method == "layer":
                options["one_weight_scale"] = True
        bars = StageBars(self._log)
        conversion = _core.convert(
            self.source.path,
            bars.update if show else None,
            precision=precision,
            calibration=calibration,
            **self._source_options(),
            **self._input_options(),
            **options,
        )
        for note in conversion.notes:
            self._log.debug(note)
        for warning in conversion.warnings if show else []:
            self._log.warning(f"build: {warning}")
        return conversion

    def nodes_of_layer(self, tensor: str) -> list[str]:
        """The nodes that compute a layer's output: the one that writes it, and the sums before an activation."""
        nodes = self.float_session.nodes
        writers = {value["name"]: node for node in nodes for value in node["outputs"]}
        if tensor not in writers:
            raise StepError(f"the model has no layer with the output '{tensor}'.")
        node = writers[tensor]
        names = [node["name"]]
        before = writers.get(node["inputs"][0]["name"]) if len(node["inputs"]) == 1 else None
        if before is not None and before["op"] in ("Conv", "ConvTranspose", "MatMul", "Gemm", "Add"):
            names.append(before["name"])
        return names

    def float_nodes_of_targets(self) -> list[str]:
        """op_target 'cpu': these layers are computed in float, as the chip's processor does it."""
        names: list[str] = []
        nodes = self.float_session.nodes
        for key, target in self.settings.op_target.items():
            of_type = [node["name"] for node in nodes if node["op"].lower() == key.lower()]
            found = of_type if of_type else self.nodes_of_layer(key)
            if target == "cpu":
                names += found
        return names

    def _source_options(self) -> dict[str, Any]:
        source = self.source
        shapes = dict(source.shapes)
        options: dict[str, Any] = {"companion": source.companion}
        sets = self._shape_sets()
        if sets:
            shapes.update(sets[0])
            options["further_shapes"] = sets[1:]
        options["input_shapes"] = shapes
        if source.shapes_in_order and not sets:
            options["shapes_in_order"] = source.shapes_in_order
        for name, value in (("inputs", source.inputs), ("outputs", source.outputs), ("constant_inputs", source.constants)):
            if value:
                options[name] = value
        if self.custom_operators:
            options["custom_operators"] = self.custom_operators
        return options

    def _shape_sets(self) -> list[dict[str, list[int]]]:
        """dynamic_input by input name."""
        sets = self.settings.dynamic_input
        if not sets:
            return []
        names = self.source.inputs or self._names_without_shapes()
        for shapes in sets:
            if len(shapes) != len(names):
                raise StepError(f"dynamic_input has a set of {len(shapes)} shapes, the model has {len(names)} inputs.")
        return [dict(zip(names, shapes)) for shapes in sets]

    def _names_without_shapes(self) -> list[str]:
        """Of the inputs, before their shapes are known."""
        if self.source.path.endswith(".onnx"):
            return [name for name in onnx_input_names(self.source.path) if name not in self.source.constants]
        first = _core.convert(
            self.source.path, None, companion=self.source.companion, shapes_in_order=self.settings.dynamic_input[0]
        )
        return [tensor["name"] for tensor in _core.Session.open_bytes(first.six, self.source.path).inputs]

    def _input_options(self) -> dict[str, Any]:
        """mean, std and colour, by input."""
        settings = self.settings
        inputs = self.inputs
        for name, lists in (("mean_values", settings.mean_values), ("std_values", settings.std_values)):
            if len(lists) > len(inputs):
                raise StepError(f"{name} has {len(lists)} lists, the model has {len(inputs)} inputs.")
        for index, tensor in enumerate(inputs):
            neutral = set(settings.mean_of(index)) <= {0.0} and set(settings.std_of(index)) <= {1.0}
            if not neutral and channels_of(tensor) not in PICTURE_CHANNELS:
                raise StepError(f"mean_values and std_values of input '{tensor['name']}' {tensor['shape']} have no effect: "
                                "only pictures of 1 or 3 channels are normalized; leave them out and normalize before.")
        options: dict[str, Any] = {"mean": [0.0], "std": [1.0], "resize": "stretch"}
        if settings.custom_string:
            options["custom_text"] = settings.custom_string
        if len(inputs) == 1:
            options["mean"] = settings.mean_of(0) or [0.0]
            options["std"] = settings.std_of(0) or [1.0]
        else:
            names = [tensor["name"] for tensor in inputs]
            pictures = [i for i, tensor in enumerate(inputs) if channels_of(tensor) in PICTURE_CHANNELS]
            options["input_mean"] = {names[i]: settings.mean_of(i) for i in pictures if settings.mean_of(i)}
            options["input_std"] = {names[i]: settings.std_of(i) for i in pictures if settings.std_of(i)}
        if all(channels_of(tensor) == 3 for tensor in inputs):
            all_bgr = all(settings.is_bgr(i) for i in range(len(inputs)))
            options["color"] = "bgr" if all_bgr else "rgb"
        return options


def onnx_input_names(path: str) -> list[str]:
    return [info.text(1) for info in OnnxFile(path).inputs]


def fixed_shapes(names: Sequence[str], sizes: Sequence[Sequence[int]]) -> dict[str, list[int]]:
    if len(names) != len(sizes):
        raise StepError(f"input_size_list has {len(sizes)} sizes for {len(names)} inputs.")
    return {name: [int(extent) for extent in size] for name, size in zip(names, sizes)}
