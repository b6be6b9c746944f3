"""The package sixtops itself: import time, load, convert, run, detect, errors, threads."""
import os
import statistics
import subprocess
import sys
import threading

import numpy as np
from common import DATA, cosine, expect, model, pictures

code = "import time; begin = time.perf_counter(); import sixtops; print(time.perf_counter() - begin)"
times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(5)]
print("import sixtops: median %.0f ms" % (1000 * statistics.median(times)))
expect(min(times) <= 0.150, f"import takes {min(times):.3f} s")

import sixtops  # noqa: E402

pictures(8)
network = sixtops.load(model("classifier"))
values = np.random.default_rng(2).random((1, 3, 32, 32), np.float32)
golden = network.run(values)[0]
expect(golden.shape == (1, 10) and network.inputs[0].name == "data", "a source model is loaded in float")
stages = []
conversion = sixtops.convert(model("classifier"), "classifier.six", calibration=os.getcwd(), mean=[0], std=[255],
                             progress=lambda stage, done, total: stages.append(stage))
expect("quantize" in stages and conversion.report["precision"] == "int8", "convert tells its progress, and has a report")
int8 = sixtops.load("classifier.six")
expect(int8.inputs[0].dtype == "int8" and int8.inputs[0].scale > 0, "an int8 network says what its codes mean")
expect(cosine(int8.run(values)[0], golden) > 0.95, "and answers as the float one")
expected = int8.run(values)[0].tobytes()
wrong = []


def work():
    wrong.extend(1 for _ in range(20) if int8.run(values)[0].tobytes() != expected)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
expect(not wrong, "threads share a session")
sized = sixtops.convert(model("classifier"), custom_text="made for a test", inputs=["data"], outputs=None)
sized.save("text.six")
expect(sixtops.load("text.six").custom_text == "made for a test", "a text travels along")
for call, kind in ((lambda: sixtops.convert("missing.onnx"), "not found"),
                   (lambda: sixtops.convert(model("classifier"), effort="huge"), "usage"),
                   (lambda: sixtops.load("classifier.six", mean=[0]), "usage"),
                   (lambda: network.run(values, values), "usage"),
                   (lambda: network.detect("missing.jpg"), "unsupported")):
    try:
        call()
        expect(False, f"a failure of kind {kind}")
    except sixtops.Error as error:
        expect(error.code == kind, f"{error}: kind {error.code}, expected {kind}")
detector = os.path.join(DATA, "models/yolov5n/yolov5n.onnx")
if os.path.exists(detector):
    found = sixtops.load(detector).detect(os.path.join(DATA, "data/img/bus.jpg"))
    expect([d.label for d in found].count("person") == 3 and "bus" in [d.label for d in found], f"objects: {found}")
