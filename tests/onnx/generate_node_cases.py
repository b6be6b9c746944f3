#!/usr/bin/env python3
"""Makes the ONNX node test cases from the generators in Debian's python3-onnx.

Usage: generate_node_cases.py FOLDER

Writes FOLDER/node/<case>/model.onnx and test_data_set_0/{input,output}_N.pb, 922 cases of package version 1.12, in a few
seconds. Does nothing when FOLDER is complete already, and says so where the package is missing: the tests that read the
cases are skipped then.
"""
import pathlib
import shutil
import sys


def main():
    folder = pathlib.Path(sys.argv[1])
    try:
        import numpy
        import onnx
    except ImportError as error:
        print(f"python3-onnx is not installed ({error}): apt-get install python3-onnx")
        return 0
    marker = folder / "complete"
    if marker.exists() and marker.read_text() == onnx.__version__:
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    # The package is older than the NumPy beside it, which dropped these names.
    for name, meaning in (("float", float), ("int", int), ("bool", bool), ("object", object), ("str", str)):
        setattr(numpy, name, meaning)
    from onnx.backend.test import cmd_tools

    sys.argv = ["cmd_tools", "generate-data", "-o", str(folder)]
    cmd_tools.main()
    marker.write_text(onnx.__version__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
