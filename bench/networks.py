"""The networks that are measured, and the pictures that calibrate them."""
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

# name → generator, its arguments, side of the input, NNCF's preset (as its documentation recommends: mixed for
# activations with negative values)
NETWORKS = {
    "yolov5s SiLU": ("make_yolov5.py", ["--variant", "s", "--act", "silu"], 640, "mixed"),
    "yolov5s ReLU": ("make_yolov5.py", ["--variant", "s", "--act", "relu"], 640, "performance"),
    "yolov5n SiLU": ("make_yolov5.py", ["--variant", "n", "--act", "silu"], 640, "mixed"),
    "yolov5n ReLU": ("make_yolov5.py", ["--variant", "n", "--act", "relu"], 640, "performance"),
    "YOLOX-Nano SiLU": ("make_yolox_nano.py", ["--act", "silu"], 416, "mixed"),
    "MobileNetV2 ReLU6": ("make_mobilenet_v2.py", ["--act", "relu6"], 224, "performance"),
}


def stem(name):
    return name.lower().replace(" ", "_").replace("-", "_")


def make_network(name, folder, python):
    """→ the .onnx file, made by `python` when it is not there yet."""
    generator, arguments, size, _ = NETWORKS[name]
    path = folder / f"{stem(name)}.onnx"
    if not path.exists():
        subprocess.run([python, HERE / generator, *arguments, "--size", str(size), "--out", path], check=True)
    return path


def make_picture(path, width, height, seed):
    """A 24-bit BMP of soft shades with some noise: as large a file as a photograph's pixels, no decoder to measure."""
    import numpy as np
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 90 * np.sin(x / random.uniform(20, 200) + y / random.uniform(20, 200) + c) for c in range(3)]
    pixels = np.stack(planes, -1) + random.normal(0, 8, (height, width, 3))
    row = np.zeros((height, (3 * width + 3) // 4 * 4), np.uint8)
    row[:, : 3 * width] = np.clip(pixels, 0, 255).astype(np.uint8).reshape(height, -1)
    header = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54 + row.nbytes, 0, 0, 54, 40, width, height, 1, 24, 0, row.nbytes,
                         2835, 2835, 0, 0)
    path.write_bytes(header + row.tobytes())


def main():
    """networks.py FOLDER: all networks, pictures/20 and pictures/4 for calibration, 1080p.bmp."""
    folder = Path(sys.argv[1])
    for name in NETWORKS:
        make_network(name, folder, sys.executable)
    for count in (20, 4):
        (folder / f"pictures{count}").mkdir(exist_ok=True)
        for i in range(count):
            make_picture(folder / f"pictures{count}" / f"{i:02}.bmp", 640, 480, i)
    make_picture(folder / "1080p.bmp", 1920, 1080, 99)


if __name__ == "__main__":
    main()
