#!/usr/bin/env python3
"""The library exports the functions that its headers declare, and nothing else.

Usage: functions_test.py LIBRARY INCLUDE_FOLDER
"""
import pathlib
import re
import subprocess
import sys

EXPECTED = 35  # 23 of rknn_api.h, 10 of rknn_matmul_api.h, 2 of rknn_custom_op.h


def declared(folder):
    names = set()
    for header in ("rknn_api.h", "rknn_matmul_api.h", "rknn_custom_op.h"):
        text = re.sub(r"/\*.*?\*/", "", (folder / header).read_text(), flags=re.S)
        names |= set(re.findall(r"^(?:int|void|rknn_tensor_mem\*)\s+(rknn_\w+)\(", text, flags=re.M))
    return names


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in lines.splitlines()}


def main():
    wanted, found = declared(pathlib.Path(sys.argv[2])), exported(sys.argv[1])
    for name in sorted(wanted - found):
        print(f"{name}: declared, not exported")
    for name in sorted(found - wanted):
        print(f"{name}: exported, not declared")
    soname = subprocess.run(["readelf", "-d", sys.argv[1]], check=True, capture_output=True, text=True).stdout
    good_name = "soname: [librknnrt.so]" in soname
    if not good_name:
        print("the SONAME is not librknnrt.so")
    print(f"{len(found)} functions")
    return 0 if wanted == found and len(found) == EXPECTED and good_name else 1


if __name__ == "__main__":
    sys.exit(main())
