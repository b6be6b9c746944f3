#!/usr/bin/env python3
"""Proves that code flows one way: reads every #include of src/ and holds it against the table of docs/design.md.

Usage: include_rules.py SOURCE_FOLDER
"""
import pathlib
import re
import sys

# The rooms and what each may include besides itself and base/ (docs/design.md, section 1). A longer name wins: a file of
# npu/lower/ belongs to that room, not to npu/.
MAY_INCLUDE = {
    "base": [],
    "graph": [],
    "importer": ["graph"],
    "importer/onnx": ["importer", "graph"],
    "importer/tensorflow": ["importer", "graph"],
    "importer/tflite": ["importer", "graph"],
    "importer/caffe": ["importer", "graph"],
    "importer/torchscript": ["importer", "graph"],
    "importer/darknet": ["importer", "graph"],
    "cpu": ["graph"],
    "cpu/reference": ["cpu", "graph"],
    "cpu/engine": ["cpu", "cpu/reference", "graph"],
    "passes": ["graph", "cpu", "cpu/reference"],
    "quantize": ["graph", "passes", "cpu", "cpu/reference", "cpu/engine"],
    "npu/chip": [],
    "npu/lower": ["graph", "npu/chip"],
    "npu/emulator": ["npu/chip"],
    "npu/driver": ["npu/chip"],
    "model": ["graph"],
    "convert": ["importer", "graph", "passes", "quantize", "npu/lower", "model", "vision", "cpu", "cpu/reference", "cpu/engine"],
    "runtime": ["graph", "model", "cpu", "cpu/reference", "cpu/engine", "npu/emulator", "npu/driver"],
    "capi": ["runtime"],
    "vision": [],
    "media": ["vision"],
    "video": ["media", "vision"],
}
# The importer's front door dispatches to the formats.
MAY_INCLUDE["importer"] += [room for room in MAY_INCLUDE if room.startswith("importer/")]
# Single headers that a room may include of a room that is otherwise closed to it.
MAY_INCLUDE_FILE = {
    "capi": ["graph/types.h"],
    "vision": ["graph/types.h"],
}
ALL = "app"  # may include everything


def room_of(path):
    matches = [room for room in MAY_INCLUDE if path.startswith(room + "/")]
    return max(matches, key=len) if matches else path.split("/")[0]


def violations(source):
    src = source / "src"
    for file in sorted(src.rglob("*")):
        if file.suffix not in (".h", ".cc", ".def"):
            continue
        name = str(file.relative_to(src))
        room = room_of(name)
        if room == ALL:
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not match or match[1].startswith("testing/"):
                continue
            target = match[1]
            if not (src / target).exists():
                if re.search(r"\.pb\.h$|_generated\.h$", target):
                    continue
                yield f"{name}:{number}: \"{target}\" is no file of src/; write the path from src/"
                continue
            if target in MAY_INCLUDE_FILE.get(room, []):
                continue
            if room not in MAY_INCLUDE:
                yield f"{name}:{number}: folder '{room}' is not in the table of docs/design.md"
            elif room_of(target) not in [room, "base", *MAY_INCLUDE[room]]:
                yield f"{name}:{number}: {room}/ may not include \"{target}\""


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    files = sum(1 for _ in (pathlib.Path(sys.argv[1]) / "src").rglob("*.cc"))
    print(f"include rules: {files} source files, {len(found)} violations")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
