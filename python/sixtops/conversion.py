"""convert(): from a model file of any training framework to a .six file."""
from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Sequence, Union

from sixtops import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Path = Union[str, "os.PathLike[str]"]
Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all


class Conversion:
    """What convert() made: the .six file's bytes, and the report on what the conversion cost."""

    def __init__(self, core: _core.Conversion) -> None:
        self._core = core

    @property
    def six(self) -> bytes:
        return self._core.six

    @property
    def report(self) -> dict[str, Any]:
        """As report.json: precision, figures of every layer, warnings, times of the stages in seconds."""
        parsed: dict[str, Any] = json.loads(self._core.report)
        return parsed

    @property
    def notes(self) -> list[str]:
        """What was assumed: the recognized head, its pre-processing."""
        return self._core.notes

    @property
    def warnings(self) -> list[str]:
        return self._core.warnings

    def save(self, path: Path) -> None:
        self._core.save(os.fspath(path))

    def write_report(self, folder: Path) -> None:
        """report.html and report.json; the folder is made when it is missing."""
        self._core.write_report(os.fspath(folder))


def convert(
    source: Path,
    output: Optional[Path] = None,
    *,
    calibration: Optional[Path] = None,
    precision: Optional[str] = None,
    input_shapes: Optional[Mapping[str, Sequence[int]]] = None,
    further_shapes: Sequence[Mapping[str, Sequence[int]]] = (),
    inputs: Optional[Sequence[str]] = None,
    outputs: Optional[Sequence[str]] = None,
    constant_inputs: Optional[Mapping[str, ArrayLike]] = None,
    companion: Optional[Path] = None,
    mean: Optional[Sequence[float]] = None,
    std: Optional[Sequence[float]] = None,
    color: Optional[str] = None,
    resize: Optional[str] = None,
    pad_color: Optional[int] = None,
    head: Optional[str] = None,
    labels: Optional[Sequence[str]] = None,
    anchors: Optional[Sequence[float]] = None,
    custom_text: str = "",
    range: str = "mse",
    effort: str = "normal",
    keep_float: Sequence[str] = (),
    accuracy_budget_db: Optional[float] = None,
    progress: Optional[Progress] = None,
) -> Conversion:
    """Converts ONNX, TensorFlow, TensorFlow Lite, PyTorch, Caffe or Darknet; told from the file's content.

    calibration: a folder of pictures or .npy files, or a list with one sample a line. precision: "int8" (the default
    with calibration), "float16" or "float32". The other options are those of `sixtops convert`, whose --help explains
    them. further_shapes: sets of input shapes that the file serves besides input_shapes. custom_text is stored in the
    file and handed back by Session.custom_text. With `output` the .six file is written there.
    """
    import numpy

    chosen = precision if precision is not None else "float32" if calibration is None else "int8"
    core = _core.convert(
        os.fspath(source),
        progress,
        precision=chosen,
        calibration=None if calibration is None else os.fspath(calibration),
        input_shapes=None if input_shapes is None else {name: list(shape) for name, shape in input_shapes.items()},
        further_shapes=[{name: list(shape) for name, shape in shapes.items()} for shapes in further_shapes],
        inputs=None if inputs is None else list(inputs),
        outputs=None if outputs is None else list(outputs),
        constant_inputs=constant_inputs and {name: numpy.asarray(value) for name, value in constant_inputs.items()},
        companion=None if companion is None else os.fspath(companion),
        mean=None if mean is None else list(mean),
        std=None if std is None else list(std),
        color=color,
        resize=resize,
        pad_color=pad_color,
        head=head,
        labels=None if labels is None else list(labels),
        anchors=None if anchors is None else list(anchors),
        custom_text=custom_text,
        range=range,
        effort=effort,
        keep_float=list(keep_float),
        accuracy_budget_db=accuracy_budget_db,
    )
    conversion = Conversion(core)
    if output is not None:
        conversion.save(output)
    return conversion
