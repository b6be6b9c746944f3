#!/usr/bin/env python3
"""Runs the `sixtops` command as a user does: results, JSON keys, exit codes, and the sentence of every mistake.

Usage: command_line_test.py SIXTOPS MAKE_MODELS
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

SIXTOPS = ""
MAKE_MODELS = ""


def write_bmp(path, width, height, pixel):
    """pixel(x, y) gives (red, green, blue)."""
    stride = (width * 3 + 3) // 4 * 4
    rows = bytearray()
    for y in reversed(range(height)):
        row = b"".join(bytes(reversed(pixel(x, y))) for x in range(width))
        rows += row.ljust(stride, b"\0")
    header = struct.pack("<2sIHHI", b"BM", 54 + len(rows), 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 2835, 2835, 0, 0)
    path.write_bytes(header + rows)


def write_npy(path, shape, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }" % "".join(f"{n}, " for n in shape)
    head = head.ljust(117) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() +
                     struct.pack(f"<{len(values)}f", *values))


def read_npy(path):
    data = path.read_bytes()
    begin = 10 + struct.unpack("<H", data[8:10])[0]
    return struct.unpack(f"<{(len(data) - begin) // 4}f", data[begin:])


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.folder.name)
        subprocess.run([MAKE_MODELS, cls.dir], check=True)
        pictures = cls.dir / "pictures"
        pictures.mkdir()
        # A red square at 8..16 and a blue one at 40..48 on black; the network sees the picture at half its size.
        for name, x0, y0, color in [("red", 16, 16, (255, 80, 80)), ("blue", 80, 80, (80, 80, 255))]:
            write_bmp(pictures / f"{name}.bmp", 128, 128,
                      lambda x, y: color if x0 <= x < x0 + 16 and y0 <= y < y0 + 16 else (0, 0, 0))
        (cls.dir / "labels.txt").write_text("red thing\nblue thing\n")
        cls.sixtops(cls, "convert", "detector.onnx", "-o", "detector.six", "--labels", "labels.txt")
        cls.sixtops(cls, "convert", "detector.onnx", "-o", "int8.six", "--labels", "labels.txt", "--calibrate",
                    "pictures", "--report", "report")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_command(self, *args):
        return subprocess.run([SIXTOPS, *map(str, args)], cwd=self.dir, capture_output=True, text=True)

    def sixtops(self, *args):
        done = CommandLine.run_command(self, *args)
        if done.returncode != 0:
            raise AssertionError(f"sixtops {args}: {done.returncode} {done.stderr}")
        return done.stdout

    def refused(self, exit_code, words, *args):
        """The command fails with one line on stderr that has all the words."""
        done = self.run_command(*args)
        self.assertEqual(done.returncode, exit_code, f"{args}: {done.stderr}")
        errors = [line for line in done.stderr.splitlines() if line.startswith("sixtops: error: ")]
        self.assertEqual(len(errors), 1, done.stderr)
        for word in words:
            self.assertIn(word, errors[0])

    # ---- what works

    def test_help_teaches_by_example(self):
        self.assertIn("convert", self.sixtops("--help"))
        for command in ["convert", "inspect", "detect", "classify", "run", "compare", "eval", "bench"]:
            text = self.sixtops(command, "--help")
            self.assertIn("Examples:", text)
            self.assertGreaterEqual(text.count(f"  sixtops {command} "), 2, command)

    def test_detect_finds_the_squares(self):
        for model in ["detector.onnx", "detector.six", "int8.six"]:
            self.sixtops("detect", model, "pictures", "--json", "boxes.json")
            found = json.loads((self.dir / "boxes.json").read_text())
            self.assertEqual([os.path.basename(f["image"]) for f in found], ["blue.bmp", "red.bmp"])
            for picture, corner, kind in [(found[0], 80, 1), (found[1], 16, 0)]:
                self.assertEqual(len(picture["detections"]), 1, f"{model} {picture}")
                detection = picture["detections"][0]
                self.assertEqual(detection["class"], kind)
                self.assertGreater(detection["score"], 0.9)
                for side, expected in zip(detection["box"], [corner - 8, corner - 8, corner + 24, corner + 24]):
                    self.assertAlmostEqual(side, expected, delta=2)
            if model.endswith(".six"):
                self.assertEqual(found[0]["detections"][0]["label"], "blue thing")

    def test_detect_writes_pictures_and_text(self):
        self.sixtops("detect", "detector.six", "pictures/*.bmp", "-o", "out", "--save-txt")
        self.assertEqual(sorted(os.listdir(self.dir / "out")), ["blue.bmp", "blue.txt", "red.bmp", "red.txt"])
        kind, *numbers = (self.dir / "out/red.txt").read_text().split()
        self.assertEqual(kind, "0")
        for number, expected in zip(numbers, [24 / 128, 24 / 128, 32 / 128, 32 / 128]):
            self.assertAlmostEqual(float(number), expected, delta=0.01)
        self.sixtops("detect", "detector.six", "pictures/red.bmp", "-o", "one.png")
        self.assertTrue((self.dir / "one.png").read_bytes().startswith(b"\x89PNG"))

    def test_assumed_preprocessing_is_said_in_one_line(self):
        note = self.run_command("detect", "detector.onnx", "pictures/red.bmp").stderr
        self.assertIn("yolox", note)
        self.assertIn("--color bgr", note)
        stated = self.run_command("detect", "detector.onnx", "pictures/red.bmp", "--color", "bgr").stderr
        self.assertNotIn("assuming", stated)
        self.assertEqual(self.run_command("detect", "detector.six", "pictures/red.bmp").stderr, "")

    def test_classify_names_the_colour(self):
        write_bmp(self.dir / "green.bmp", 10, 6, lambda x, y: (10, 200, 30))
        out = self.sixtops("classify", "classifier.onnx", "green.bmp", "--top", "2", "--input", "x:1x3x8x8")
        self.assertIn("1", out.splitlines()[1].split()[0])

    def test_run_adds(self):
        write_npy(self.dir / "a.npy", [2, 3], [1, 2, 3, 4, 5, 6])
        write_npy(self.dir / "b.npy", [2, 3], [10, 20, 30, 40, 50, 60])
        self.sixtops("run", "two_inputs.onnx", "--input", "a.npy", "b.npy", "--output-dir", "sums")
        self.assertEqual(os.listdir(self.dir / "sums"), ["sum_out_0.npy"])
        self.assertEqual(read_npy(self.dir / "sums/sum_out_0.npy"), (11, 22, 33, 44, 55, 66))

    def test_compare_measures_the_loss(self):
        self.sixtops("compare", "int8.six", "detector.onnx", "--data", "pictures", "--json", "compare.json")
        result = json.loads((self.dir / "compare.json").read_text())
        self.assertGreater(result["sqnr_db"], 20)
        self.assertEqual(set(result["outputs"][0]), {"name", "sqnr_db", "cosine"})
        self.assertGreater(result["outputs"][0]["cosine"], 0.99)

    def test_eval_of_boxes(self):
        images = [{"id": 1, "file_name": "red.bmp", "width": 128, "height": 128},
                  {"id": 2, "file_name": "blue.bmp", "width": 128, "height": 128}]
        boxes = [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [8, 8, 32, 32], "area": 1024, "iscrowd": 0},
                 {"id": 2, "image_id": 2, "category_id": 9, "bbox": [72, 72, 32, 32], "area": 1024, "iscrowd": 0}]
        truth = {"images": images, "annotations": boxes, "categories": [{"id": 7, "name": "r"}, {"id": 9, "name": "b"}]}
        (self.dir / "truth.json").write_text(json.dumps(truth))
        self.sixtops("eval", "detector.six", "--images", "pictures", "--annotations", "truth.json", "--json", "e.json")
        result = json.loads((self.dir / "e.json").read_text())
        self.assertEqual(set(result), {"map", "map50", "images"})
        self.assertEqual(result["images"], 2)
        self.assertGreater(result["map50"], 0.99)

    def test_eval_of_classes(self):
        write_bmp(self.dir / "r.bmp", 8, 8, lambda x, y: (200, 10, 10))
        write_bmp(self.dir / "b.bmp", 8, 8, lambda x, y: (10, 10, 200))
        (self.dir / "classes.tsv").write_text("file\tclass_index\nr.bmp\t0\nb.bmp\t1\n")
        self.sixtops("eval", "classifier.onnx", "--images", ".", "--labels", "classes.tsv", "--input", "x:1x3x8x8",
                     "--json", "e.json")
        self.assertEqual(json.loads((self.dir / "e.json").read_text()), {"top1": 0.5, "images": 2})

    def test_bench_has_its_keys(self):
        table = self.sixtops("bench", "int8.six", "--runs", "3", "--threads", "1", "--json", "bench.json", "--per-layer",
                             "--picture", "pictures/red.bmp")
        result = json.loads((self.dir / "bench.json").read_text())
        for key in ["median_ms", "min_ms", "load_ms", "first_run_ms", "preprocess_ms", "threads", "gmac", "gmac_per_s",
                    "peak_gmac_per_s", "isa"]:
            self.assertIn(key, result)
        self.assertEqual(result["threads"], 1)
        self.assertEqual(len(result["runs_ms"]), 3)
        convolution = next(layer for layer in result["layers"] if layer["ops"].startswith("Conv"))
        self.assertIn(" > ", convolution["shapes"])
        self.assertGreater(convolution["bytes"], 0)
        for part in ["% peak", "KB moved", convolution["nodes"], convolution["shapes"]]:
            self.assertIn(part, table)
        self.assertLessEqual(result["min_ms"], result["median_ms"])

    def test_inspect_both_kinds(self):
        for model in ["detector.onnx", "int8.six"]:
            result = json.loads(self.sixtops("inspect", model, "--json"))
            self.assertEqual(result["inputs"][0]["shape"], [1, 3, 64, 64])
            self.assertGreater(result["macs"], 0)
            self.assertIn("Conv", result["ops"])
            self.assertIn("input", self.sixtops("inspect", model))
            self.assertIn("Conv(", self.sixtops("inspect", model, "--text"))

    def test_report_and_dump(self):
        report = json.loads((self.dir / "report/report.json").read_text())
        self.assertTrue(any(layer["precision"] == "int8" for layer in report["layers"]))
        self.assertIn("<svg", (self.dir / "report/report.html").read_text())
        dump = self.sixtops("convert", "detector.onnx", "-o", "x.six", "--dump-after", "import")
        self.assertIn("= Conv(", dump)

    def test_shape_sets_cuts_and_constants(self):
        options = ["--outputs", "scaled", "--constant", "gain:2", "--input", "picture:1x3x8x8,1x3x16x16,1x3x4x12",
                   "--mean", "picture:10,20,30", "--std", "50"]
        self.sixtops("convert", "any_size.onnx", "-o", "sets.six", *options)
        self.sixtops("convert", "any_size.onnx", "-o", "sets8.six", "--calibrate", "pictures", *options)
        result = json.loads(self.sixtops("inspect", "sets8.six", "--json"))
        self.assertEqual([result["inputs"][0]["shape"]] + [shapes[0] for shapes in result["further_input_shapes"]],
                         [[1, 3, 8, 8], [1, 3, 16, 16], [1, 3, 4, 12]])
        self.assertEqual(result["inputs"][0]["picture"]["mean"], [10, 20, 30])
        self.assertEqual(len(result["inputs"]), 1)
        self.assertEqual(result["outputs"][0]["name"], "scaled")
        for height, width in [(8, 8), (16, 16), (4, 12)]:
            count = height * width
            write_npy(self.dir / "p.npy", (1, 3, height, width), [1] * count + [0.5] * count + [-0.25] * count)
            self.sixtops("run", "sets.six", "--input", "p.npy")
            for found, wanted in zip(read_npy(self.dir / "scaled.npy"), [2, 1, -0.5]):
                self.assertAlmostEqual(found, wanted, 5)
            self.sixtops("run", "any_size.onnx", "--input", "p.npy", "--outputs", "scaled", "--constant", "gain:2",
                         "--shape", f"picture:1x3x{height}x{width}")
        write_npy(self.dir / "p.npy", (1, 3, 2, 2), [0] * 12)
        self.refused(1, ["1x3x2x2"], "run", "sets.six", "--input", "p.npy")
        # Begun in the middle, in another order.
        self.sixtops("convert", "any_size.onnx", "-o", "tail.six", "--inputs", "gain,mean", "--outputs", "scaled",
                     "--input", "picture:1x3x4x4")
        result = json.loads(self.sixtops("inspect", "tail.six", "--json"))
        self.assertEqual([value["name"] for value in result["inputs"]], ["gain", "mean"])
        self.refused(2, ["gain", "--inputs"], "convert", "any_size.onnx", "-o", "x.six", "--inputs", "mean",
                     "--outputs", "scaled", "--input", "picture:1x3x4x4")
        self.refused(2, ["gian", "gain"], "convert", "any_size.onnx", "-o", "x.six", "--constant", "gian:2",
                     "--outputs", "scaled", "--input", "picture:1x3x4x4")
        self.refused(2, ["3 shapes"], "convert", "any_size.onnx", "-o", "x.six", "--input", "picture:1,2", "--input",
                     "gain:1,2,3")
        self.refused(2, ["one shape"], "inspect", "any_size.onnx", "--input", "picture:1x3x4x4,1x3x8x8")

    # ---- mistakes

    def test_wrong_usage_is_exit_2(self):
        self.refused(2, ["subcommand"])
        self.refused(2, ["--nonsense"], "detect", "detector.six", "pictures", "--nonsense")
        self.refused(2, ["--conf"], "detect", "detector.six", "pictures", "--conf", "2")
        self.refused(2, ["int8", "--calibrate"], "convert", "detector.onnx", "-o", "x.six", "--precision", "int8")
        self.refused(2, ["carries"], "detect", "detector.six", "pictures", "--mean", "1,2,3")
        self.refused(2, ["nothere", "images"], "convert", "detector.onnx", "-o", "x.six", "--input", "nothere:1x3x64x64")
        self.refused(2, ["images"], "convert", "detector.onnx", "-o", "x.six", "--input", "images:1x3x64")
        self.refused(2, ["picture", "--input"], "convert", "open_size.onnx", "-o", "x.six")
        self.refused(2, ["images:1xx"], "convert", "detector.onnx", "-o", "x.six", "--input", "images:1xx")
        self.refused(2, ["no-such-pass"], "convert", "detector.onnx", "-o", "x.six", "--dump-after", "no-such-pass")
        self.refused(2, ["picture"], "detect", "detector.six", "pictures", "-o", "one.png")
        self.refused(2, [".six"], "convert", "detector.six", "-o", "x.six")

    def test_bad_files_are_named(self):
        (self.dir / "text.onnx").write_text("this is no network\n")
        model = (self.dir / "detector.onnx").read_bytes()
        (self.dir / "cut.onnx").write_bytes(model[:len(model) // 2])
        six = (self.dir / "detector.six").read_bytes()
        (self.dir / "cut.six").write_bytes(six[:len(six) // 2])
        (self.dir / "vendor.rknn").write_bytes(b"RKNN\0\0\0\0" + b"\0" * 100)
        (self.dir / "fake.jpg").write_text("not a picture")
        (self.dir / "empty").mkdir(exist_ok=True)
        (self.dir / "three.txt").write_text("a\nb\nc\n")
        self.refused(1, ["missing.onnx", "no such file"], "convert", "missing.onnx", "-o", "x.six")
        self.refused(1, ["pictures", "folder"], "convert", "pictures", "-o", "x.six")
        self.refused(1, ["text.onnx"], "convert", "text.onnx", "-o", "x.six")
        self.refused(1, ["cut.onnx"], "convert", "cut.onnx", "-o", "x.six")
        self.refused(1, ["cut.six", "truncated"], "inspect", "cut.six")
        self.refused(1, ["vendor.rknn", "rknn"], "detect", "vendor.rknn", "pictures")
        self.refused(1, ["Fancy", "Fancier"], "convert", "unknown.onnx", "-o", "x.six")
        self.refused(1, ["empty"], "convert", "detector.onnx", "-o", "x.six", "--calibrate", "empty")
        self.refused(1, ["nofolder"], "convert", "detector.onnx", "-o", "x.six", "--calibrate", "nofolder")
        self.refused(1, ["fake.jpg"], "detect", "detector.six", "fake.jpg")
        self.refused(1, ["nothing.jpg"], "detect", "detector.six", "nothing.jpg")
        self.refused(1, ["3 labels", "2 classes"], "convert", "detector.onnx", "-o", "x.six", "--labels", "three.txt")
        self.refused(1, ["nofolder/x.six"], "convert", "detector.onnx", "-o", "nofolder/x.six")
        self.refused(1, ["limit"], "bench", "detector.six", "--max-memory", "1000")
        self.assertFalse((self.dir / "x.six").exists())
        self.assertEqual([name for name in os.listdir(self.dir) if name.startswith("x.six")], [])

    def test_bad_data_is_named(self):
        (self.dir / "fakes").mkdir(exist_ok=True)
        (self.dir / "fakes/fake.jpg").write_text("not a picture")
        (self.dir / "list.txt").write_text("pictures/red.bmp\npictures/green.bmp\n")
        (self.dir / "text.npy").write_text("no numbers")
        (self.dir / "text.json").write_text("no annotations")
        (self.dir / "classes.txt").write_text("file\tclass\nred.bmp 0\nblue.bmp\n")
        write_npy(self.dir / "row.npy", [3], [1, 2, 3])
        convert = ["convert", "detector.onnx", "-o", "y.six"]
        self.refused(1, ["fakes/fake.jpg"], *convert, "--calibrate", "fakes")
        self.refused(1, ["pictures/green.bmp", "no such file"], *convert, "--calibrate", "list.txt")
        self.refused(1, ["report", "folder"], *convert, "--report", "labels.txt")
        self.refused(1, ["text.npy"], "run", "two_inputs.onnx", "--input", "text.npy", "row.npy")
        self.refused(1, ["row.npy", "3", "2x3"], "run", "two_inputs.onnx", "--input", "row.npy", "row.npy")
        self.refused(1, ["text.json"], "eval", "detector.six", "--images", "pictures", "--annotations", "text.json")
        self.refused(1, ["none.json"], "eval", "detector.six", "--images", "pictures", "--annotations", "none.json")
        self.refused(1, ["classes.txt", "line 3"], "eval", "classifier.onnx", "--images", "pictures", "--labels",
                     "classes.txt", "--input", "x:1x3x8x8")
        self.refused(1, ["fake.jpg"], "classify", "classifier.onnx", "fakes/fake.jpg", "--input", "x:1x3x8x8")
        self.refused(1, ["fakes"], "compare", "int8.six", "detector.onnx", "--data", "fakes")
        self.assertEqual([name for name in os.listdir(self.dir) if name.startswith("y.six")], [])

    def test_what_cannot_be_written_is_named(self):
        self.refused(1, ["/proc/x.six"], "convert", "detector.onnx", "-o", "/proc/x.six")
        self.refused(1, ["labels.txt"], "detect", "detector.six", "pictures", "-o", "labels.txt")
        self.refused(1, ["nofolder/e.json"], "detect", "detector.six", "pictures", "--json", "nofolder/e.json")
        self.assertEqual((self.dir / "labels.txt").read_text(), "red thing\nblue thing\n")

    @unittest.skipIf(os.geteuid() == 0, "root may read and write everything")
    def test_forbidden_folders_are_named(self):
        forbidden = self.dir / "forbidden"
        forbidden.mkdir()
        forbidden.chmod(0)
        self.addCleanup(forbidden.chmod, 0o700)
        self.refused(1, ["forbidden"], "convert", "detector.onnx", "-o", "x.six", "--calibrate", "forbidden")
        self.refused(1, ["forbidden"], "convert", "detector.onnx", "-o", "forbidden/x.six")

    def test_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        self.refused(1, ["/dev/full"], "convert", "detector.onnx", "-o", "/dev/full")
        self.refused(1, ["/dev/full"], "detect", "detector.six", "pictures", "--json", "/dev/full")


if __name__ == "__main__":
    SIXTOPS, MAKE_MODELS = (os.path.abspath(path) for path in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
