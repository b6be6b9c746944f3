"""onnx_edit: gives a model's inputs and outputs other shapes and orders of axes, by patterns like 'a,b,c,d->a,d,b,c'.

Left of the arrow stands the tensor as the model has it, right of it what it becomes. A part between commas is one
dimension; several letters in a part split it (left) or merge it (right); 1 may be put in anywhere on the right. Sizes of
split parts stand in brackets, all but one of a part: 'a,bc,de,f[b=2,d=4]->ab,fe,dc,1'.
"""
from __future__ import annotations

import os
from dataclasses import dataclass
from math import prod
from typing import Any, Mapping, Optional

import numpy as np
from numpy.typing import NDArray

import rknn.utils.onnx_wire as wire
from rknn.api.calibration import read_dataset
from rknn.api.log import Log
from rknn.api.step import StepError


@dataclass
class Transform:
    """left shape → `split` → transposed by `order` → `merged`."""

    split: list[int]
    order: list[int]
    merged: list[int]

    def apply(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(values.reshape(self.split).transpose(self.order).reshape(self.merged))


def parse_pattern(pattern: str, shape: list[int]) -> Transform:
    """StepError says what in the pattern does not fit the shape."""
    left_text, arrow, right_text = pattern.replace(" ", "").partition("->")
    if not arrow:
        raise StepError(f"'{pattern}': expected left->right.")
    left_text, _, sizes_text = left_text.partition("[")
    sizes = _sizes(pattern, sizes_text)
    left = left_text.split(",")
    right = right_text.split(",")
    _check_symbols(pattern, left, right)
    if len(left) != len(shape):
        raise StepError(f"'{pattern}': the left side has {len(left)} parts, the tensor has {len(shape)} dimensions.")
    letters: list[str] = []
    extents: dict[str, int] = {}
    for part, extent in zip(left, shape):
        own = [letter for letter in part if letter != "1"]
        letters += own
        extents.update(_split(pattern, part, own, extent, sizes))
    unknown = [letter for part in right for letter in part if letter != "1"]
    order = [letters.index(letter) for letter in unknown]
    merged = [prod(extents[letter] for letter in part if letter != "1") for part in right]
    return Transform([extents[letter] for letter in letters], order, merged)


def _sizes(pattern: str, text: str) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for entry in text.rstrip("]").split(",") if text else []:
        letter, equals, number = entry.partition("=")
        if len(letter) != 1 or not equals or not number.isdigit() or int(number) == 0:
            raise StepError(f"'{pattern}': '{entry}' is no size; expected for example [b=2,d=4].")
        sizes[letter] = int(number)
    return sizes


def _check_symbols(pattern: str, left: list[str], right: list[str]) -> None:
    for part in left + right:
        if not part or any(not (sign == "1" or ("a" <= sign <= "z")) for sign in part):
            raise StepError(f"'{pattern}': '{part}' is no part; expected letters a to z and 1 between commas.")
    left_letters = [sign for part in left for sign in part if sign != "1"]
    right_letters = [sign for part in right for sign in part if sign != "1"]
    for letters in (left_letters, right_letters):
        if len(set(letters)) != len(letters):
            raise StepError(f"'{pattern}': a letter stands twice on one side.")
    if set(left_letters) != set(right_letters):
        odd = sorted(set(left_letters) ^ set(right_letters))
        raise StepError(f"'{pattern}': '{odd[0]}' stands on one side only.")


def _split(pattern: str, part: str, letters: list[str], extent: int, sizes: dict[str, int]) -> dict[str, int]:
    if not letters:
        if extent != 1:
            raise StepError(f"'{pattern}': part '{part}' stands for a dimension of 1, the tensor has {extent} there.")
        return {}
    open_letters = [letter for letter in letters if letter not in sizes]
    if len(open_letters) > 1:
        raise StepError(f"'{pattern}': give the sizes of all but one of '{part}', for example [{open_letters[0]}=2].")
    known = prod(sizes[letter] for letter in letters if letter in sizes)
    result = {letter: sizes[letter] for letter in letters if letter in sizes}
    if open_letters:
        if extent % known != 0:
            raise StepError(f"'{pattern}': {extent} of part '{part}' is no multiple of {known}.")
        result[open_letters[0]] = extent // known
    elif known != extent:
        raise StepError(f"'{pattern}': the sizes of part '{part}' give {known}, the tensor has {extent}.")
    return result


def onnx_edit(
    model: str,
    export_path: str,
    inputs_transform: Mapping[str, str] = {},
    outputs_transform: Mapping[str, str] = {},
    dataset: Optional[str] = None,
) -> int:
    """Writes the changed model to export_path, and with `dataset` the calibration data beside it. 0, or -1 with a line."""
    log = Log()
    try:
        file = wire.OnnxFile(model)
        changed = _edit(file, inputs_transform, outputs_transform)
        file.save(export_path)
        if dataset is not None:
            written = _edit_dataset(file, dataset, export_path, changed)
            log.info(f"onnx_edit: the calibration data for {export_path} is {written}.")
    except StepError as error:
        log.error(f"onnx_edit: {model}: {error}")
        return -1
    except OSError as error:
        log.error(f"onnx_edit: {error.filename}: {error.strerror}")
        return -1
    log.info(f"onnx_edit: {export_path} is written.")
    return 0


def _edit(file: wire.OnnxFile, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, Transform]:
    changed: dict[str, Transform] = {}
    before: list[wire.Message] = []
    after: list[wire.Message] = []
    for name, pattern in inputs.items():
        at, info, shape = _find(file.inputs, name, "input")
        transform = parse_pattern(pattern, shape)
        file.inputs[at] = wire.value_info(name, wire.elem_type_of(info), transform.merged)
        inner = name + "_as_before"
        before += _nodes(file, name, inner, _inverse(transform, shape))
        _rename_reads(file.nodes, name, inner)
        changed[name] = transform
    for name, pattern in outputs.items():
        at, info, shape = _find(file.outputs, name, "output")
        transform = parse_pattern(pattern, shape)
        file.outputs[at] = wire.value_info(name, wire.elem_type_of(info), transform.merged)
        inner = name + "_as_before"
        _rename_everywhere(file.nodes, name, inner)
        after += _nodes(file, inner, name, transform)
    file.nodes = before + file.nodes + after
    return changed


def _find(infos: list[wire.Message], name: str, side: str) -> tuple[int, wire.Message, list[int]]:
    names = [info.text(1) for info in infos]
    if name not in names:
        raise StepError(f"the model has no {side} '{name}'; it has {', '.join(names)}.")
    at = names.index(name)
    shape = wire.shape_of(infos[at])
    if shape is None or any(extent < 0 for extent in shape):
        raise StepError(f"{side} '{name}' has open dimensions; export the model with fixed ones.")
    return at, infos[at], shape


def _inverse(transform: Transform, shape: list[int]) -> Transform:
    order = [transform.order.index(axis) for axis in range(len(transform.order))]
    return Transform([transform.split[axis] for axis in transform.order], order, shape)


def _nodes(file: wire.OnnxFile, source: str, target: str, transform: Transform) -> list[wire.Message]:
    """Reshape, Transpose, Reshape."""
    stem = f"{target}_edit"
    split = file.add_constant(f"{stem}_split", np.array(transform.split, np.int64))
    merged = file.add_constant(f"{stem}_merged", np.array(transform.merged, np.int64))
    turn = wire.node("Transpose", f"{stem}_transpose", [f"{stem}_a"], [f"{stem}_b"])
    return [
        wire.node("Reshape", f"{stem}_reshape", [source, split], [f"{stem}_a"]),
        wire.with_ints(turn, "perm", transform.order),
        wire.node("Reshape", f"{stem}_reshape_back", [f"{stem}_b", merged], [target]),
    ]


def _rename_reads(nodes: list[wire.Message], old: str, new: str) -> None:
    for node in nodes:
        node.replace(1, [new.encode() if value == old.encode() else value for value in node.bytes_of(1)])


def _rename_everywhere(nodes: list[wire.Message], old: str, new: str) -> None:
    _rename_reads(nodes, old, new)
    for node in nodes:
        node.replace(2, [new.encode() if value == old.encode() else value for value in node.bytes_of(2)])


def _edit_dataset(file: wire.OnnxFile, dataset: str, export_path: str, changed: dict[str, Transform]) -> str:
    """New .npy files in a folder beside the model, and a list of them."""
    names = [info.text(1) for info in file.inputs]
    stem = os.path.splitext(export_path)[0]
    folder = stem + "_dataset"
    os.makedirs(folder, exist_ok=True)
    lines = []
    for number, files in enumerate(read_dataset(dataset, len(names))):
        entries = []
        for name, path in zip(names, files):
            transform = changed.get(name)
            if transform is None:
                entries.append(os.path.abspath(path))
                continue
            if not path.endswith(".npy"):
                raise StepError(f"{dataset}: {path}: only .npy files can be given another shape.")
            values = np.load(path, allow_pickle=False)
            if values.size != prod(transform.split):
                raise StepError(f"{path}: shape {list(values.shape)} does not fit input '{name}'.")
            target = os.path.join(folder, f"{number}_{len(entries)}.npy")
            np.save(target, transform.apply(values))
            entries.append(os.path.abspath(target))
        lines.append(" ".join(entries))
    written = stem + "_dataset.txt"
    with open(written, "w", encoding="utf-8") as text:
        text.write("\n".join(lines) + "\n")
    return written
