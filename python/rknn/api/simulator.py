"""Runs a converted model on this machine, in the chip's integer arithmetic: behind RKNN.inference and RKNNLite."""
from __future__ import annotations

from typing import Any, Optional, Sequence, Union

import numpy as np
from numpy.typing import NDArray

from rknn.api.step import StepError
from sixtops import _core

Layouts = Optional[Union[str, Sequence[Optional[str]]]]
# Element types that are handed over as they are; any other becomes float32.
_DIRECT = ("uint8", "int8", "int16", "float16", "float32")


class Simulator:
    def __init__(self, session: _core.Session) -> None:
        self._session = session

    @property
    def session(self) -> _core.Session:
        return self._session

    def run(
        self, inputs: Sequence[Any], data_format: Layouts = None, pass_through: Optional[Sequence[int]] = None
    ) -> list[NDArray[Any]]:
        """Values before mean and std (pass_through: the network's own), NHWC unless data_format says otherwise."""
        if not isinstance(inputs, (list, tuple)):
            raise StepError(f"inputs is a {type(inputs).__name__}, expected a list of arrays.")
        count = len(self._session.inputs)
        if len(inputs) != count:
            raise StepError(f"{len(inputs)} inputs were given, the model has {count}.")
        arrays = [np.asarray(values) for values in inputs]
        layouts = _layouts(data_format, count)
        raw = [bool(flag) for flag in pass_through] if pass_through else [False] * count
        if len(raw) != count:
            raise StepError(f"inputs_pass_through has {len(raw)} entries, the model has {count} inputs.")
        self._choose_shapes(arrays, layouts)
        for index, values in enumerate(arrays):
            self._set_input(index, values, layouts[index], raw[index])
        self._session.run_set()
        return [self._session.output(index) for index in range(len(self._session.outputs))]

    def _choose_shapes(self, arrays: list[NDArray[Any]], layouts: list[str]) -> None:
        """Of a model with several sets of input shapes, the one that fits."""
        sets = self._session.shape_sets
        if len(sets) < 2:
            return
        tensors = self._session.inputs
        for number, shapes in enumerate(sets):
            if all(
                _fits(values.shape, _expected(shape, tensor["layout"], layout))
                for values, shape, tensor, layout in zip(arrays, shapes, tensors, layouts)
            ):
                self._session.choose_shape_set(number)
                return
        given = ", ".join(str(list(values.shape)) for values in arrays)
        raise StepError(f"the inputs have the shapes {given}, the model has the sets {sets}.")

    def _set_input(self, index: int, values: NDArray[Any], layout: str, raw: bool) -> None:
        tensor = self._session.inputs[index]
        expected = _expected(tensor["shape"], tensor["layout"], layout)
        if not _fits(values.shape, expected):
            order = f" ({layout})" if len(expected) == 4 else ""
            raise StepError(f"inputs[{index}] has the shape {list(values.shape)}, "
                            f"expected {expected}{order} for '{tensor['name']}'.")
        is_real = tensor["dtype"].startswith("float") or len(tensor["scale"]) == 1
        if raw or not is_real:
            values = values.astype(tensor["dtype"], copy=False)
        elif values.dtype.name not in _DIRECT:
            values = values.astype(np.float32)
        self._session.set_input(index, np.ascontiguousarray(values), layout, raw)


def _layouts(data_format: Layouts, count: int) -> list[str]:
    words = [data_format] * count if data_format is None or isinstance(data_format, str) else list(data_format)
    if len(words) != count:
        raise StepError(f"data_format has {len(words)} entries, the model has {count} inputs.")
    layouts = [(word or "nhwc").lower() for word in words]
    for layout in layouts:
        if layout not in ("nchw", "nhwc"):
            raise StepError(f"data_format '{layout}' is not known, expected nchw or nhwc.")
    return layouts


def _expected(shape: Sequence[int], own: str, layout: str) -> list[int]:
    """The shape that the caller's array has."""
    if len(shape) != 4 or own == layout:
        return list(shape)
    n, a, b, c = shape
    return [n, b, c, a] if own == "nchw" else [n, c, a, b]


def _fits(shape: Sequence[int], expected: list[int]) -> bool:
    """The batch of 1 may be left out."""
    return list(shape) == expected or (expected[:1] == [1] and list(shape) == expected[1:])
