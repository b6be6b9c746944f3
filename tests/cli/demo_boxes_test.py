#!/usr/bin/env python3
"""From a trained network to boxes on a photograph: the int8 model finds what the float model finds.

Usage: demo_boxes_test.py SIXTOPS AGREEING_BOXES DATA_FOLDER   (exit code 77, skipped, without the data)
"""
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def main():
    sixtops, agreeing_boxes, data = sys.argv[1:]
    data = pathlib.Path(os.environ.get("SIXTOPS_TEST_DATA", data))
    network, picture = data / "models/yolox/yolox_nano.onnx", data / "data/img/bus.jpg"
    if not network.exists():
        print(f"{network} does not exist; set SIXTOPS_TEST_DATA to the folder of the test data")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        calibrate = ["--calibrate", data / "data/calib20/images", "--effort", "high"]
        subprocess.run([sixtops, "convert", network, "-o", "int8.six", *calibrate], check=True)
        for model, boxes in (("int8.six", "int8.json"), (network, "float.json")):
            subprocess.run([sixtops, "detect", model, picture, "--conf", "0.4", "--json", boxes], check=True)
        judge = [sys.executable, agreeing_boxes, "int8.json", "float.json", "0.9", "bus=1", "person=3"]
        return subprocess.run(judge, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
