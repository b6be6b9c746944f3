#!/usr/bin/env python3
"""Converts every model of the test data by one command, in float and int8, and holds it against its table.

Usage: real_models.py SIXTOPS DATA_FOLDER [--only WORD]

DATA_FOLDER holds models/ and data/; exit code 77 (skipped) without them. Prints a line a model: seconds to the graph,
peak memory, boxes on bus.jpg, accuracy of float and int8 beside the table's.

Where the tables are from: each framework's own program, or OpenCV's. Its results are repeated with its own thresholds;
OpenCV drops class scores of Darknet's networks below 0.2 (the `thresh` of its region layer) whatever it is asked for.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
MAX_IMPORT_SECONDS = 0.5
MAX_FLOAT_LOSS = 0.003 + 0.0005  # of mAP; tables have three digits
MAX_PICTURES = 1  # of top-1


@dataclasses.dataclass
class Model:
    file: str
    convert: tuple = ()
    int8: tuple = ()  # more options of the int8 conversion
    int8_loss: float = 0.01  # of mAP
    boxes: dict = dataclasses.field(default_factory=dict)  # class → [(left, top, right, bottom, score)], on bus.jpg
    confidence: float = 0.25  # of the boxes
    pixels: float = 2.5  # tables are rounded
    score: float = 0.0105
    map: float = 0  # of coco_val50
    evaluate: tuple = ()
    top1: int = 0  # of imagenet50
    quantized: bool = False  # keeps its own integers
    companion: str = ""


PERSON, BUS = "person", "bus"
YOLOV5 = {PERSON: [(219, 408, 349, 863, .823), (52, 399, 207, 895, .816), (681, 377, 815, 870, .676)],
          BUS: [(49, 237, 819, 772, .526)]}
CENTERNET = {PERSON: [(46, 396, 222, 903, .756), (223, 411, 341, 866, .605), (683, 370, 810, 881, .574)],
             BUS: [(22, 227, 787, 750, .547)], "dog": [(-1, 564, 71, 868, .365)]}
VOC = {"bus": [(89, 221, 774, 782, .998)],
       "person": [(64, 411, 209, 920, .998), (218, 452, 323, 901, .981), (-1, 505, 66, 862, .734),
                  (692, 324, 802, 857, .688), (242, 402, 342, 747, .559)]}
DARKNET = ("--conf", "0.2", "--iou", "0.45")

MODELS = [
    Model("yolov5n/yolov5n.onnx", boxes=YOLOV5, map=.327),
    Model("yolov5n/yolov5n_heads_sigmoid.onnx", boxes=YOLOV5, map=.327),
    # Outputs are the codes of logits here: their grid costs what --effort high brings back.
    Model("yolov5n/yolov5n_heads_raw.onnx", int8=("--effort", "high"), boxes=YOLOV5, map=.327),
    Model("yolov5n/yolov5n_heads.torchscript", ("--input", "x:1x3x640x640"), boxes=YOLOV5, map=.327),
    Model("yolov5n/yolov5n.pt", boxes=YOLOV5, map=.327),
    # Sides of boxes are squares of codes: they jump by up to 25 pixels of the picture.
    Model("yolov5n/yolov5n-int8.tflite", boxes={
        PERSON: [(225, 399, 346, 869, .82), (44, 406, 218, 910, .80), (671, 372, 811, 876, .67)],
        BUS: [(27, 242, 816, 784, .47)]}, pixels=25, score=.05, quantized=True),
    Model("yolox/yolox_nano.onnx", boxes={
        BUS: [(14, 231, 801, 733, .903)],
        PERSON: [(50, 395, 216, 898, .858), (220, 402, 347, 855, .808), (685, 454, 810, 874, .696)]},
        map=.360, evaluate=("--iou", "0.65")),
    # MobileNetV3: hard-swish, and gates between depthwise and pointwise layers, leave channels of one tensor a thousandfold
    # apart in size, which one scale does not serve. The first three blocks in float bring three quarters of it back.
    Model("centernet/mb3_centernet_frozen.pb", int8_loss=.10, boxes=CENTERNET, map=.316, evaluate=("--conf", "0.01", "--iou", "1")),
    Model("centernet/centernet.json",
          ("--outputs", "tower_0/keypoints,tower_0/wh", "--head", "centernet"), int8_loss=.10, boxes=CENTERNET, map=.316,
          evaluate=("--conf", "0.01", "--iou", "1"), companion="centernet/centernet.bin"),
    Model("yolo-fastest/yolo-fastest-1.1.cfg", boxes={
        PERSON: [(53, 375, 219, 869, .959), (198, 425, 341, 812, .802)], BUS: [(96, 191, 800, 765, .895)]},
        map=.132, evaluate=DARKNET, companion="yolo-fastest/yolo-fastest-1.1.weights"),
    Model("mobilenet-yolo-nano/MobileNetV2-YOLOv3-Nano-coco.cfg", boxes={
        PERSON: [(50, 366, 212, 895, .993), (205, 377, 364, 830, .939), (710, 334, 810, 878, .911),
                 (-5, 514, 87, 885, .433)], BUS: [(108, 181, 790, 794, .955)]}, map=.155, evaluate=DARKNET,
        companion="mobilenet-yolo-nano/MobileNetV2-YOLOv3-Nano-coco.weights"),
    Model("caffe/MobileNetV2-YOLOv3-Nano-voc.prototxt",
          ("--head", "yolov3-raw", "--std", "256", "--labels", "VOC", "--resize", "stretch", "--anchors",
           "26,48,67,84,72,175,189,126,137,236,265,259"), boxes=VOC, confidence=.3,
          companion="caffe/MobileNetV2-YOLOv3-Nano-voc.caffemodel"),
    Model("caffe/landmark106.prototxt", ("--color", "bgr", "--mean", "127.5", "--std", "127.5"),
          companion="caffe/landmark106.caffemodel"),
    # Duplicates of low score are many: only the strong ones count.
    Model("fastestdet/FastestDet.onnx", int8=("--effort", "high"), int8_loss=.0105, boxes={
        PERSON: [(46, 388, 220, 905, .882), (216, 417, 329, 859, .879), (-24, 564, 67, 850, .654),
                 (707, 344, 850, 907, .633)], BUS: [(17, 166, 816, 795, .793)],
        "skateboard": [(37, 864, 254, 922, .639)]}, confidence=.6, map=.228,
        evaluate=("--conf", "0.01", "--iou", "0.45")),
    Model("tflite/mobilenet_v1_0.25_128_quant.tflite", ("--resize", "crop"), top1=25, quantized=True),
    Model("tflite/tf2_mobilenet_v2_1.0_224_ptq.tflite", ("--resize", "crop"), top1=44, quantized=True),
    Model("st/mobilenet_v1_0.5_128_quant.onnx", ("--resize", "crop"), top1=35, quantized=True),
]

VOC_LABELS = """aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant
sheep sofa train tvmonitor""".split()


class Check:
    def __init__(self, sixtops, data):
        self.sixtops, self.models, self.data = sixtops, data / "models", data / "data"
        self.folder = pathlib.Path(tempfile.mkdtemp())
        (self.folder / "voc.txt").write_text("\n".join(VOC_LABELS) + "\n")
        self.faults = []

    def run(self, *words):
        """→ stdout and peak memory in KB"""
        process = subprocess.Popen([self.sixtops, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(err.decode().strip())
        return out.decode()

    def peak_kilobytes(self, *words):
        child = os.fork()
        if child == 0:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.execv(self.sixtops, [self.sixtops, *map(str, words)])
        return os.wait4(child, 0)[2].ru_maxrss

    def convert_options(self, model):
        return [str(self.folder / "voc.txt") if word == "VOC" else word for word in model.convert]

    def expect(self, model, good, text):
        if not good:
            self.faults.append(f"{model.file}: {text}")
        return text + ("" if good else " !")

    def cost(self, model):
        """Seconds to the graph, and memory of a program that imports, optimizes and plans it, libraries included."""
        shapes = [word for pair in zip(model.convert, model.convert[1:]) if pair[0] == "--input" for word in pair]
        size = sum((self.models / file).stat().st_size for file in (model.file, model.companion) if file)
        seconds = min(self.import_seconds(model) for _ in range(3))
        peak = self.peak_kilobytes("inspect", self.models / model.file, *shapes)
        allowed = 3 * size // 1024 + 64 * 1024
        return (self.expect(model, seconds <= MAX_IMPORT_SECONDS, f"{seconds:.3f} s") + "  " +
                self.expect(model, peak <= allowed, f"{peak / 1024:.0f} of {allowed / 1024:.0f} MB"))

    def import_seconds(self, model):
        report = self.folder / "report"
        self.run("convert", self.models / model.file, "-o", self.folder / "float.six", "--report", report,
                 *self.convert_options(model))
        return json.loads((report / "report.json").read_text())["seconds"]["import"]

    def boxes(self, model, six):
        if not model.boxes:
            return "-"
        self.run("detect", six, self.data / "img/bus.jpg", "--conf", model.confidence, "--json",
                 self.folder / "boxes.json")
        found = json.loads((self.folder / "boxes.json").read_text())[0]["detections"]
        left = list(found)
        missing = []
        for label, boxes in model.boxes.items():
            for *box, score in boxes:
                box = [min(max(edge, 0), limit) for edge, limit in zip(box, (810, 1080, 810, 1080))]
                near = [d for d in left if d["label"] == label and abs(d["score"] - score) <= model.score and
                        all(abs(a - b) <= model.pixels for a, b in zip(d["box"], box))]
                if near:
                    left.remove(near[0])
                else:
                    missing.append(f"{label} {score}")
        weak = [d for d in left if d["score"] > model.confidence + model.score]
        return self.expect(model, not missing and not weak,
                           f"{len(found) - len(left)} of {len(found)} boxes" + "".join(f", no {m}" for m in missing))

    def accuracy(self, model, six):
        if model.map:
            self.run("eval", six, "--images", self.data / "coco_val50/images", "--annotations",
                     self.data / "coco_val50/instances_val50.json", *model.evaluate, "--json", self.folder / "e.json")
            return json.loads((self.folder / "e.json").read_text())["map"]
        self.run("eval", six, "--images", self.data / "imagenet50", "--labels", self.data / "imagenet50/labels.tsv",
                 "--json", self.folder / "e.json")
        result = json.loads((self.folder / "e.json").read_text())
        return round(result["top1"] * result["images"])

    def judge(self, model):
        line = self.cost(model)
        float_six, int8_six = self.folder / "float.six", self.folder / "int8.six"
        # Real numbers of a quantized network are not what its table says.
        line += "  " + ("-" if model.quantized else self.boxes(model, float_six))
        options = ["--precision", "int8"] if model.quantized else ["--calibrate", self.data / "calib20/dataset.txt"]
        self.run("convert", self.models / model.file, "-o", int8_six, *options, *self.convert_options(model),
                 *model.int8)
        if model.map:
            real, integer = self.accuracy(model, float_six), self.accuracy(model, int8_six)
            line += "  " + self.expect(model, abs(real - model.map) <= MAX_FLOAT_LOSS,
                                       f"mAP {real:.4f} (table {model.map:.3f})")
            line += "  " + self.expect(model, integer >= real - model.int8_loss,
                                       f"int8 {integer:.4f} ({100 * (integer - real):+.2f})")
        elif model.top1:
            real, integer = self.accuracy(model, float_six), self.accuracy(model, int8_six)
            line += "  " + self.expect(model, abs(real - model.top1) <= MAX_PICTURES,
                                       f"top-1 {real} of 50 (table {model.top1})")
            line += "  " + self.expect(model, abs(integer - model.top1) <= MAX_PICTURES, f"int8 {integer}")
        elif model.quantized:
            line += "  int8 " + self.boxes(model, int8_six)
        return line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sixtops")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if not (arguments.data / "models").is_dir():
        print(f"{arguments.data}: no models/ and data/ there")
        return SKIPPED
    check = Check(arguments.sixtops, arguments.data)
    for model in MODELS:
        if arguments.only not in model.file:
            continue
        try:
            print(f"{model.file:58} {check.judge(model)}", flush=True)
        except RuntimeError as error:
            check.expect(model, False, str(error))
    for fault in check.faults:
        print("FAULT", fault)
    print(f"{len(check.faults)} faults")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
