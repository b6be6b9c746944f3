"""Just enough of ONNX files to change a graph's borders: protobuf messages as lists of fields, all others kept as they are.

Field numbers are those of onnx.proto.
"""
from __future__ import annotations

from typing import Iterator, Optional, Sequence, Union

import numpy as np
from numpy.typing import NDArray

from rknn.api.step import StepError

Value = Union[int, bytes]
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
FLOAT, INT64 = 1, 7  # TensorProto.DataType
_DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 10: "float16",
    11: "float64", 12: "uint32", 13: "uint64",
}  # fmt: skip
# AttributeProto.AttributeType
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_FLOATS, _ATTRIBUTE_INTS = 1, 2, 3, 6, 7


class Message:
    """The fields in the order of the file: (number, wire type, value)."""

    def __init__(self, data: bytes = b"") -> None:
        self.fields: list[tuple[int, int, Value]] = list(_parse(data))

    def bytes_of(self, number: int) -> list[bytes]:
        return [value for field, _, value in self.fields if field == number and isinstance(value, bytes)]

    def text(self, number: int) -> str:
        found = self.bytes_of(number)
        return found[-1].decode("utf-8", "replace") if found else ""

    def integer(self, number: int) -> Optional[int]:
        found = [value for field, _, value in self.fields if field == number and isinstance(value, int)]
        return found[-1] if found else None

    def integers(self, number: int) -> list[int]:
        """Signed, packed or not."""
        found: list[int] = []
        for field, _, value in self.fields:
            if field != number:
                continue
            numbers = [value] if isinstance(value, int) else list(_varints(value))
            found += [number - (1 << 64) if number >> 63 else number for number in numbers]
        return found

    def messages(self, number: int) -> list[Message]:
        return [Message(data) for data in self.bytes_of(number)]

    def add(self, number: int, value: Union[Value, str, Message]) -> Message:
        self.fields.append(_field(number, value))
        return self

    def replace(self, number: int, values: Sequence[Union[Value, str, Message]]) -> None:
        """All fields of the number; the new ones stand where the first of the old stood, else at the end."""
        places = [at for at, field in enumerate(self.fields) if field[0] == number]
        at = places[0] if places else len(self.fields)
        kept_before = [field for field in self.fields[:at] if field[0] != number]
        kept_after = [field for field in self.fields[at:] if field[0] != number]
        self.fields = kept_before + [_field(number, value) for value in values] + kept_after

    def encode(self) -> bytes:
        parts = []
        for number, kind, value in self.fields:
            parts.append(_varint(number << 3 | kind))
            if isinstance(value, int):
                parts.append(_varint(value))
            else:
                parts.append(_varint(len(value)) + value if kind == _BYTES else value)
        return b"".join(parts)


def _field(number: int, value: Union[Value, str, Message]) -> tuple[int, int, Value]:
    if isinstance(value, int):
        return number, _VARINT, value & (1 << 64) - 1
    data = value.encode() if isinstance(value, (str, Message)) else value
    return number, _BYTES, data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varints(data: bytes) -> Iterator[int]:
    result, shift = 0, 0
    for byte in data:
        result |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield result
            result, shift = 0, 0


def _parse(data: bytes) -> Iterator[tuple[int, int, Value]]:
    at = 0

    def varint() -> int:
        nonlocal at
        result = 0
        for shift in range(0, 70, 7):
            if at >= len(data):
                break
            byte = data[at]
            at += 1
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
        raise StepError("the file is no ONNX model: a number in it does not end.")

    while at < len(data):
        key = varint()
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            yield number, kind, varint()
            continue
        size = {_FIXED64: 8, _FIXED32: 4}.get(kind, -1)
        if kind == _BYTES:
            size = varint()
        if size < 0 or size > len(data) - at:
            raise StepError("the file is no ONNX model: a field of it is longer than the file.")
        yield number, kind, data[at : at + size]
        at += size


class OnnxFile:
    """A model whose graph can be changed at its borders."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            self._model = Message(file.read())
        graphs = self._model.messages(7)
        if not graphs:
            raise StepError(f"{path}: is no ONNX model.")
        self._graph = graphs[-1]
        self.nodes = self._graph.messages(1)
        self.initializers = self._graph.bytes_of(5)
        initialized = {Message(data).text(8) for data in self.initializers}
        self._initialized_inputs = [info for info in self._graph.messages(11) if info.text(1) in initialized]
        self.inputs = [info for info in self._graph.messages(11) if info.text(1) not in initialized]
        self.outputs = self._graph.messages(12)
        self.stated = self._graph.messages(13)

    @property
    def opset(self) -> int:
        versions = [entry.integer(2) or 1 for entry in self._model.messages(8) if entry.text(1) in ("", "ai.onnx")]
        return max(versions, default=1)

    def save(self, path: str) -> None:
        self._graph.replace(1, self.nodes)
        self._graph.replace(5, self.initializers)
        self._graph.replace(11, self.inputs + self._initialized_inputs)
        self._graph.replace(12, self.outputs)
        self._graph.replace(13, self.stated)
        self._model.replace(7, [self._graph])
        with open(path, "wb") as file:
            file.write(self._model.encode())

    def add_constant(self, name: str, values: NDArray[np.int64]) -> str:
        tensor = Message()
        for extent in values.shape:
            tensor.add(1, int(extent))
        tensor.add(2, INT64).add(8, name).add(9, values.astype("<i8").tobytes())
        self.initializers.append(tensor.encode())
        return name


def node(op: str, name: str, inputs: Sequence[str], outputs: Sequence[str]) -> Message:
    message = Message()
    for value in inputs:
        message.add(1, value)
    for value in outputs:
        message.add(2, value)
    return message.add(3, name).add(4, op)


def with_ints(message: Message, name: str, values: Sequence[int]) -> Message:
    attribute = Message().add(1, name)
    for value in values:
        attribute.add(8, int(value))
    return message.add(5, attribute.add(20, _ATTRIBUTE_INTS))


def value_info(name: str, elem_type: int, shape: Sequence[int]) -> Message:
    dims = Message()
    for extent in shape:
        dims.add(1, Message().add(1, int(extent)))
    tensor_type = Message().add(1, elem_type).add(2, dims)
    return Message().add(1, name).add(2, Message().add(1, tensor_type))


def attributes_of(node: Message) -> dict[str, object]:
    """Numbers, texts, and lists of numbers; others are left out."""
    values: dict[str, object] = {}
    for attribute in node.messages(5):
        kind = attribute.integer(20)
        if kind == _ATTRIBUTE_INT:
            values[attribute.text(1)] = attribute.integers(3)[-1]
        elif kind == _ATTRIBUTE_INTS:
            values[attribute.text(1)] = attribute.integers(8)
        elif kind == _ATTRIBUTE_TEXT:
            values[attribute.text(1)] = attribute.text(4)
        elif kind in (_ATTRIBUTE_FLOAT, _ATTRIBUTE_FLOATS):
            data = b"".join(attribute.bytes_of(2 if kind == _ATTRIBUTE_FLOAT else 7))
            numbers = [float(number) for number in np.frombuffer(data[: len(data) // 4 * 4], "<f4")]
            values[attribute.text(1)] = numbers[-1] if kind == _ATTRIBUTE_FLOAT else numbers
    return values


def elem_type_of(info: Message) -> int:
    types = [tensor for entry in info.messages(2) for tensor in entry.messages(1)]
    return (types[0].integer(1) if types else None) or FLOAT


def shape_of(info: Message) -> Optional[list[int]]:
    """-1 for an extent that the file leaves open; None when it states no shape."""
    shapes = [shape for entry in info.messages(2) for tensor in entry.messages(1) for shape in tensor.messages(2)]
    if not shapes:
        return None
    return [value if (value := extent.integer(1)) is not None else -1 for extent in shapes[0].messages(1)]


def dtype_name(elem_type: int) -> str:
    return _DTYPES.get(elem_type, "float32")


def elem_type_named(name: str) -> int:
    return next((number for number, known in _DTYPES.items() if known == name), FLOAT)
