"""load() and Session: a model that is ready to run."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from sixtops import _core
from sixtops.conversion import Path, convert

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Picture = Union[str, "os.PathLike[str]", NDArray[np.uint8]]

_MAGIC = b"\x89SIX\r\n\x1a\n"


class TensorInfo(NamedTuple):
    """An input or output. Of an int8 tensor, real value = (code - zero_point) * scale."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: Optional[float]
    zero_point: Optional[int]


class Detection(NamedTuple):
    """An object on a picture; the box is left, top, right, bottom in pixels of the picture."""

    label: str
    class_id: int
    score: float
    box: tuple[float, float, float, float]


def _info(tensor: dict[str, Any]) -> TensorInfo:
    one_scale = len(tensor["scale"]) == 1
    return TensorInfo(
        tensor["name"],
        tuple(tensor["shape"]),
        tensor["dtype"],
        tensor["scale"][0] if one_scale else None,
        tensor["zero_point"][0] if one_scale else None,
    )


class Session:
    """Made by load(). Threads may share a session, and then take turns; sessions of their own run at once."""

    def __init__(self, core: _core.Session) -> None:
        self._core = core
        self._detector: Optional[_core.Detector] = None

    @property
    def inputs(self) -> list[TensorInfo]:
        return [_info(tensor) for tensor in self._core.inputs]

    @property
    def outputs(self) -> list[TensorInfo]:
        return [_info(tensor) for tensor in self._core.outputs]

    @property
    def custom_text(self) -> str:
        """What the one who converted the model had stored in it."""
        return self._core.custom_text

    def run(self, *inputs: ArrayLike) -> list[NDArray[np.float32]]:
        """One array an input, in the network's own shape and already normalized; float32 out.

        An array of the network's own element type is taken as it is (an int8 network takes int8 codes); any other
        becomes codes by the input's scale.
        """
        import numpy

        return self._core.run([numpy.asarray(value) for value in inputs])

    def run_codes(self, *inputs: ArrayLike) -> list[NDArray[Any]]:
        """The network's own element types in and out."""
        import numpy

        return self._core.run([numpy.asarray(value) for value in inputs], as_codes=True)

    def detect(
        self, picture: Picture, confidence: float = 0.25, iou: float = 0.45, max_boxes: int = 300
    ) -> list[Detection]:
        """Objects on a picture (a file, or an array of height x width x 3 bytes, red first), best score first."""
        if self._detector is None:
            self._detector = _core.Detector(self._core)
        pixels = _core.read_picture(os.fspath(picture)) if isinstance(picture, (str, os.PathLike)) else picture
        return [Detection(*row) for row in self._detector.detect(pixels, confidence, iou, max_boxes)]


def load(model: Path, *, threads: int = 0, **options: Any) -> Session:
    """Opens a .six file. Any other model is converted to float32 in memory; `options` are those of convert().

    threads: 0 for as many as the process may use.
    """
    path = os.fspath(model)
    if _is_six(path):
        if options:
            error = _core.Error(f"{path}: is a .six file, which carries its options; give {', '.join(options)} to convert()")
            error.code = "usage"
            raise error
        return Session(_core.Session.open_file(path, threads))
    return Session(_core.Session.open_bytes(convert(path, **options).six, path, threads))


def _is_six(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False  # convert() says what is wrong
