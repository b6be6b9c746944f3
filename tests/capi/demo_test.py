#!/usr/bin/env python3
"""What rknn_yolov5_demo prints: every line in its place, and the objects that it finds.

Usage: demo_test.py DEMO SIXTOPS MAKE_DEMO_MODEL MAKE_MODELS LABELS
A program may have its emulator before it: "qemu-aarch64-static PROGRAM".
"""
import json
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile

DEMO, SIXTOPS, MAKE_DEMO_MODEL, MAKE_MODELS = map(shlex.split, sys.argv[1:5])
LABELS = sys.argv[5]

TENSOR = (r"  index=\d+, name=\S+, n_dims=\d+, dims=\[\d+(, \d+)*\], n_elems=\d+, size=\d+, w_stride = \d+, "
          r"size_with_stride=\d+, fmt=(NHWC|NCHW|UNDEFINED), type=(INT8|FP16), qnt_type=AFFINE, zp=-?\d+, scale=\d+\.\d{6}")
OBJECT = r"\S.* @ \(-?\d+ -?\d+ -?\d+ -?\d+\) 0\.\d{6}"
# The lines in their order; a list of two is a line that may come as often as it likes, the first at least once.
LINES = [
    r"post process config: box_conf_threshold = 0\.25, nms_threshold = 0\.45",
    r"Loading mode\.\.\.",
    r"sdk version: \d+\.\d+\.\d+ \(.+\) driver version: .+",
    r"model input num: \d+, output num: \d+",
    [TENSOR],
    r"model is (NHWC|NCHW) input fmt",
    r"model input height=\d+, width=\d+, channel=3",
    r"Read .+ \.\.\.",
    r"img width = \d+, img height = \d+",
    [r"resize image (with letterbox|by rga)"],
    r"once run use \d+\.\d{6} ms",
    r"loadLabelName .+",
    [OBJECT],
    r"save detect result to .+",
    r"loop count = \d+ , average run  \d+\.\d{6} ms",
]
# The reference run on the board, from the tensors' line to the objects.
REFERENCE_TENSORS = [
    "  index=0, name=images, n_dims=4, dims=[1, 640, 640, 3], n_elems=1228800, size=1228800, w_stride = 640, "
    "size_with_stride=1228800, fmt=NHWC, type=INT8, qnt_type=AFFINE, zp=-128, scale=0.003922",
    "  index=0, name=output0, n_dims=4, dims=[1, 255, 80, 80], n_elems=1632000, size=1632000, w_stride = 0, "
    "size_with_stride=1638400, fmt=NCHW, type=INT8, qnt_type=AFFINE, zp=-128, scale=0.003922",
    "  index=1, name=286, n_dims=4, dims=[1, 255, 40, 40], n_elems=408000, size=408000, w_stride = 0, "
    "size_with_stride=491520, fmt=NCHW, type=INT8, qnt_type=AFFINE, zp=-128, scale=0.003922",
    "  index=2, name=288, n_dims=4, dims=[1, 255, 20, 20], n_elems=102000, size=102000, w_stride = 0, "
    "size_with_stride=163840, fmt=NCHW, type=INT8, qnt_type=AFFINE, zp=-128, scale=0.003922",
]
REFERENCE_OBJECTS = [
    "person @ (209 243 286 510) 0.879723",
    "person @ (479 238 560 526) 0.870588",
    "person @ (109 238 231 534) 0.839831",
    "bus @ (91 129 555 464) 0.692042",
    "person @ (79 353 121 517) 0.300961",
]


def run(*arguments, code=0, cwd=None):
    done = subprocess.run([*DEMO, *arguments], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == code, f"{arguments}: exit code {done.returncode}, {done.stdout}{done.stderr}"
    return done.stdout.splitlines()


def check_lines(lines):
    at = 0
    for pattern in LINES:
        if isinstance(pattern, list):
            while at < len(lines) and re.fullmatch(pattern[0], lines[at]):
                at += 1
            continue
        assert at < len(lines) and re.fullmatch(pattern, lines[at]), f"line {at}: {lines[at:at + 1]}, expected {pattern}"
        at += 1
    assert at == len(lines), f"more lines than expected: {lines[at:]}"


def objects_of(lines):
    return [line for line in lines if re.fullmatch(OBJECT, line)]


def write_picture(path, width, height, color_of):
    """A BMP of 24 bits."""
    row = (3 * width + 3) // 4 * 4
    with open(path, "wb") as file:
        file.write(b"BM" + struct.pack("<IHHI", 54 + row * height, 0, 0, 54))
        file.write(struct.pack("<IiiHHIIiiII", 40, width, -height, 1, 24, 0, row * height, 0, 0, 0, 0))
        for y in range(height):
            line = b"".join(bytes(reversed(color_of(x, y))) for x in range(width))
            file.write(line.ljust(row, b"\0"))


def reference_run(folder):
    model = os.path.join(folder, "model", "RK3588", "yolov5s-640-640.rknn")
    os.makedirs(os.path.dirname(model))
    subprocess.run([*MAKE_DEMO_MODEL, model], check=True)
    with open(LABELS) as labels, open(os.path.join(folder, "model", "coco_80_labels_list.txt"), "w") as target:
        target.write(labels.read())
    write_picture(os.path.join(folder, "model", "bus.bmp"), 640, 640, lambda x, y: (x % 256, y % 256, 90))
    lines = run("model/RK3588/yolov5s-640-640.rknn", "model/bus.bmp", "--post", "vendor", "--loop", "2", cwd=folder)
    check_lines(lines)
    assert [line for line in lines if re.fullmatch(TENSOR, line)] == REFERENCE_TENSORS, lines
    assert objects_of(lines) == REFERENCE_OBJECTS, lines
    assert "loadLabelName ./model/coco_80_labels_list.txt" in lines
    assert os.path.getsize(os.path.join(folder, "out.jpg")) > 1000
    # Without the quirks: no box of a score below 0.25, and none with a side more or less.
    exact = objects_of(run("model/RK3588/yolov5s-640-640.rknn", "model/bus.bmp", "--loop", "1", cwd=folder))
    assert [line.split()[0] for line in exact] == ["person", "person", "person", "bus", "person"], exact
    # Another size: the vendor's line is printed, and boxes map back.
    write_picture(os.path.join(folder, "model", "small.bmp"), 320, 160, lambda x, y: (9, 9, 9))
    for mode, line in (("letterbox", "resize image with letterbox"), ("resize", "resize image by rga")):
        lines = run("model/RK3588/yolov5s-640-640.rknn", "model/small.bmp", mode, "small.png", "--loop", "1", cwd=folder)
        check_lines(lines)
        assert line in lines
        for found in objects_of(lines):
            left, top, right, bottom = map(int, re.search(r"\((.*)\)", found)[1].split())
            assert 0 <= left < right <= 320 and 0 <= top < bottom <= 160, found
    assert os.path.exists(os.path.join(folder, "small.png"))


def same_objects_as_sixtops(folder):
    """A network that sees bright, coloured cells; its outputs are real numbers."""
    subprocess.run([*MAKE_MODELS, folder], check=True)
    model = os.path.join(folder, "detector.six")
    subprocess.run([*SIXTOPS, "convert", os.path.join(folder, "detector.onnx"), "-o", model, "--head", "yolox"],
                   check=True, capture_output=True)
    picture = os.path.join(folder, "cells.bmp")
    squares = {(8, 16): (255, 60, 60), (40, 32): (60, 60, 255)}

    def color_of(x, y):
        return squares.get((x // 8 * 8, y // 8 * 8), (10, 10, 10))

    for size in ((64, 64), (90, 64)):
        write_picture(picture, *size, color_of)
        answer = os.path.join(folder, "answer.json")
        subprocess.run([*SIXTOPS, "detect", model, picture, "--json", answer], check=True, capture_output=True)
        with open(answer) as file:
            expected = json.load(file)[0]["detections"]
        lines = run(model, picture, "--loop", "1", cwd=folder)
        check_lines(lines)
        found = objects_of(lines)
        assert expected and len(found) == len(expected), (expected, found)
        for line, want in zip(found, expected):
            score = float(line.split()[-1])
            corners = list(map(int, re.search(r"\((.*)\)", line)[1].split()))
            assert abs(score - want["score"]) < 1e-6 and corners == [int(c) for c in want["box"]], (line, want)


def log_levels(folder):
    """stdout is the program's own; stderr is empty unless RKNN_LOG_LEVEL asks."""
    model = os.path.join(folder, "model", "RK3588", "yolov5s-640-640.rknn")
    picture = os.path.join(folder, "model", "bus.bmp")
    command = [*DEMO, model, picture, "--loop", "1"]
    for level, words in ((None, []), ("3", ["runs on the CPU"]), ("4", ["runs on the CPU", "OpType", "CallNumber"])):
        environment = {name: value for name, value in os.environ.items() if name != "RKNN_LOG_LEVEL"}
        if level:
            environment["RKNN_LOG_LEVEL"] = level
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
        check_lines(done.stdout.splitlines())
        assert bool(words) == bool(done.stderr) and all(word in done.stderr for word in words), (level, done.stderr)


def wrong_use(folder):
    usage = "Usage: .* <rknn model> <input_image_path> <resize/letterbox> <output_image_path>"
    assert re.fullmatch(usage, run(code=255)[0])
    assert re.fullmatch(usage, run("model", code=255)[0])
    run("m", "p", "crop", code=255)
    run("m", "p", "--loop", "none", code=255)
    run("m", "p", "--nothing", code=255)
    assert run("nowhere.rknn", "p", code=255)[-1] == "Open file nowhere.rknn failed."
    foreign = os.path.join(folder, "foreign.rknn")
    with open(foreign, "wb") as file:
        file.write(b"RKNN" + bytes(100))
    assert run(foreign, "p", code=255)[-1] == "rknn_init error ret=-6"
    model = os.path.join(folder, "model", "RK3588", "yolov5s-640-640.rknn")
    assert "no such file" in run(model, "nowhere.jpg", code=255)[-1]
    labels = os.path.join(folder, "two.txt")
    with open(labels, "w") as file:
        file.write("one\ntwo\n")
    picture = os.path.join(folder, "model", "bus.bmp")
    assert "2 labels" in run(model, picture, "--labels", labels, code=255)[-1]
    assert "fail!" in run(model, picture, "--labels", "nowhere.txt", code=255)[-1]
    detector = os.path.join(folder, "detector.six")
    assert "--post vendor needs" in run(detector, picture, "--post", "vendor", code=255)[-1]


with tempfile.TemporaryDirectory() as place:
    reference_run(place)
    same_objects_as_sixtops(place)
    log_levels(place)
    wrong_use(place)
print("rknn_yolov5_demo prints what is expected")
