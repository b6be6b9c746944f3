"""accuracy_analysis: the snapshot folder, its table, and the report beside it."""
import os

import numpy as np
from common import dataset, done, expect, loaded, model, pictures, cosine

paths = pictures(8)
rknn = loaded(model("classifier"))
done(rknn.build(do_quantization=True, dataset=dataset(paths)), "build")
done(rknn.accuracy_analysis(inputs=[paths[0]], output_dir="snapshot"), "accuracy_analysis")
for name in ("error_analysis.txt", "map_name_to_file.txt", "report.html", "report.json"):
    expect(os.path.getsize(f"snapshot/{name}") > 100, f"snapshot/{name} is written")
with open("snapshot/map_name_to_file.txt", encoding="utf-8") as file:
    files = dict(line.strip().split(": ") for line in file)
expect("scores" in files and "data" in files, f"inputs and outputs are there: {list(files)}")
golden = np.load(f"snapshot/golden/{files['scores']}")
simulated = np.load(f"snapshot/simulator/{files['scores']}")
expect(golden.dtype == np.float32 and golden.shape == (1, 10), "tensors are float32 in the network's shape")
expect(0.98 < cosine(golden, simulated) < 1, "the simulated output is close to the golden one, not the same")
with open("snapshot/error_analysis.txt", encoding="utf-8") as file:
    rows = [line for line in file if line.startswith("[")]
expect(len(rows) == len(files), "one row a tensor")
row = next(line for line in rows if line.startswith("[Relu] r1"))
expect(row.count("|") == 2 and float(row.split()[2]) > 0.99, f"a row has two cosines and two distances: {row}")
expect(rknn.accuracy_analysis(inputs=[paths[0]], target="rk3588") == -1, "a target needs a board")
