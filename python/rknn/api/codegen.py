"""codegen: a C++ project that runs an exported model through the zero-copy interface."""
from __future__ import annotations

import os
import shutil
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from rknn.api.log import Log
from rknn.api.simulator import Simulator
from rknn.api.step import StepError
from sixtops import _core

_TEMPLATE = os.path.join(os.path.dirname(__file__), "codegen_project")
_TYPES = {"uint8": "RKNN_TENSOR_UINT8", "int8": "RKNN_TENSOR_INT8", "float16": "RKNN_TENSOR_FLOAT16",
          "float32": "RKNN_TENSOR_FLOAT32"}  # fmt: skip


def write_project(
    log: Log, session: _core.Session, model: str, folder: str, inputs: Optional[list[str]], overwrite: bool
) -> None:
    if os.path.exists(folder):
        if not overwrite:
            raise StepError(f"{folder} exists; give overwrite=True to replace what codegen writes there.")
    count = len(session.inputs)
    if inputs is not None and len(inputs) != count:
        raise StepError(f"{len(inputs)} files were given, the model has {count} inputs.")
    for part in ("src", "model", "data"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    name = os.path.basename(model)
    shutil.copy(model, os.path.join(folder, "model", name))
    arrays = None if inputs is None else [_read(path, tensor) for path, tensor in zip(inputs, session.inputs)]
    if arrays is not None:
        _write_data(session, arrays, os.path.join(folder, "data"))
    dtypes = ["uint8"] * count if arrays is None else [values.dtype.name for values in arrays]
    shutil.copy(os.path.join(_TEMPLATE, "CMakeLists.txt"), folder)
    shutil.copy(os.path.join(_TEMPLATE, "src_main.cc"), os.path.join(folder, "src", "main.cc"))
    _write(folder, "src/model_inputs.h", _header(name, dtypes))
    _write(folder, "README.md", _readme(name, session))
    log.info(f"codegen: the project is in {folder}; its README.md says how to build and run it.")


def _read(path: str, tensor: dict[str, Any]) -> NDArray[Any]:
    """As the program hands it over: NHWC, in the file's element type."""
    shape = tensor["shape"]
    if not path.endswith(".npy"):
        pixels = _core.read_picture(path)
        expected = [shape[2], shape[3], shape[1]] if len(shape) == 4 and tensor["layout"] == "nchw" else shape[1:]
        if list(pixels.shape) != list(expected):
            raise StepError(f"{path}: a picture of {pixels.shape[1]} x {pixels.shape[0]}; input '{tensor['name']}' "
                            f"expects the shape {list(expected)}.")
        return pixels[np.newaxis]
    values: NDArray[Any] = np.load(path, allow_pickle=False)
    return values if values.dtype.name in _TYPES else values.astype(np.float32)


def _write_data(session: _core.Session, arrays: list[NDArray[Any]], folder: str) -> None:
    for index, output in enumerate(Simulator(session).run(arrays)):
        output.astype("<f4").tofile(os.path.join(folder, f"golden_{index}.bin"))
    for index, values in enumerate(arrays):
        np.ascontiguousarray(values).tofile(os.path.join(folder, f"input_{index}.bin"))


def _header(name: str, dtypes: list[str]) -> str:
    types = ", ".join(_TYPES[dtype] for dtype in dtypes)
    sizes = ", ".join(str(np.dtype(dtype).itemsize) for dtype in dtypes)
    return (
        "// What the program hands over, one entry an input.\n"
        "#pragma once\n\n#include <rknn_api.h>\n\n"
        f'const char* const kModelFile = "model/{name}";\n'
        f"const rknn_tensor_type kInputTypes[] = {{{types}}};\n"
        f"const unsigned kInputBytes[] = {{{sizes}}};  // an element\n"
    )


def _readme(name: str, session: _core.Session) -> str:
    lines = [f"- input {i}: {tensor['name']}, {tensor['shape']}" for i, tensor in enumerate(session.inputs)]
    lines += [f"- output {i}: {tensor['name']}, {tensor['shape']}" for i, tensor in enumerate(session.outputs)]
    return (
        f"# A program for {name}\n\n"
        "    cmake -B build -DRKNNRT=FOLDER   # of rknn_api.h and librknnrt.so, when they are not installed\n"
        "    cmake --build build\n"
        "    build/rknn_app                   # model/ and data/ are found from here\n\n"
        "It prints each output's cosine to what the simulator answered.\n\n" + "\n".join(lines) + "\n"
    )


def _write(folder: str, name: str, text: str) -> None:
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
