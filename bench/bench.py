#!/usr/bin/env python3
"""Measures sixtops beside OpenVINO and ONNX Runtime on the generated networks and prints one table.

    bench.py --sixtops BIN --work FOLDER [--rivals PYTHON] [--json FILE] [--rounds N] [--only TEXT]

--rivals names a Python that has the packages openvino, nncf, onnxruntime and onnx; without it only ours is measured.
Every engine's bursts take turns with all others' in one run. script/bench prepares all of this.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import table
from contenders import PREFIX, Ours, Server, take_turns
from networks import NETWORKS, stem
from table import Row

HERE = Path(__file__).parent
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Bench:
    def __init__(self, arguments):
        self.sixtops, self.work, self.rivals = arguments.sixtops, arguments.work, arguments.rivals
        self.rounds = arguments.rounds
        self.cores = len(os.sched_getaffinity(0))
        self.rows = []
        self.peaks = {}

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def source(self, name):
        return self.work / f"{stem(name)}.onnx"

    def thread_counts(self):
        return sorted({1, min(2, self.cores)})

    # ---- int8 models, made once

    def our_model(self, name):
        path = self.work / f"{stem(name)}.six"
        subprocess.run([self.sixtops, "convert", self.source(name), "-o", path, "--calibrate", self.work / "pictures4"],
                       check=True, **QUIET)
        return path

    def openvino_model(self, name):
        path = self.work / f"{stem(name)}_nncf.xml"
        if not path.exists():
            subprocess.run([self.rivals, HERE / "openvino_int8.py", self.source(name), path, "4", NETWORKS[name][3]],
                           check=True, **QUIET)
        return path

    def onnxruntime_model(self, name):
        path = self.work / f"{stem(name)}_qdq.onnx"
        if not path.exists():
            subprocess.run([self.rivals, HERE / "onnxruntime_int8.py", self.source(name), path, "4"], check=True, **QUIET)
        return path

    def runs_on(self, name, isa):
        """Whether this machine and this build have the instruction set."""
        command = [self.sixtops, "bench", self.work / f"{stem(name)}.six", "--runs", "1"]
        return subprocess.run(command, env=dict(os.environ, SIXTOPS_ISA=isa), **QUIET).returncode == 0

    # ---- rows

    def note_peak(self, ours, threads):
        key = f"{ours.reports[-1]['isa']}, {threads} threads"
        self.peaks[key] = max(self.peaks.get(key, 0), ours.best("peak_gmac_per_s"))

    def inference(self, name, isa=None):
        """Rows of one network for 1 and 2 threads; with `isa` both sides are held back to that instruction set."""
        what = name + (f", {isa}" if isa else "")
        self.say(f"== {what}")
        environment = {"ONEDNN_MAX_CPU_ISA": isa.upper()} if isa else None
        contenders = {}
        model = self.our_model(name)
        for threads in self.thread_counts():
            contenders[threads, "ours"] = Ours(self.sixtops, model, threads, isa)
            if self.rivals:
                contenders[threads, "openvino"] = Server(self.rivals, "openvino", self.openvino_model(name), threads,
                                                         environment)
            if self.rivals and not isa:
                contenders[threads, "onnxruntime"] = Server(self.rivals, "onnxruntime", self.onnxruntime_model(name),
                                                            threads)
        self.measure(what, contenders)
        return contenders

    def float32(self, name):
        self.say(f"== {name}, float32")
        model = self.work / f"{stem(name)}_float32.six"
        subprocess.run([self.sixtops, "convert", self.source(name), "-o", model], check=True, **QUIET)
        contenders = {}
        for threads in self.thread_counts():
            contenders[threads, "ours"] = Ours(self.sixtops, model, threads)
            if self.rivals:
                contenders[threads, "onnxruntime"] = Server(self.rivals, "onnxruntime", self.source(name), threads)
        self.measure(f"{name}, float32", contenders)

    def measure(self, what, contenders):
        take_turns(list(contenders.values()), self.rounds)
        for threads in self.thread_counts():
            times = {who: (c.times.median, c.times.min) for (t, who), c in contenders.items() if t == threads}
            ours = contenders[threads, "ours"]
            self.note_peak(ours, threads)
            self.rows.append(Row(what, threads, times, ours.floor_ms()))
        for contender in contenders.values():
            contender.close()

    def load(self, name, contenders):
        """From the file to the first result, against the time to compile alone."""
        ours = [r["load_ms"] + r["first_run_ms"] for r in contenders[self.cores_used(), "ours"].reports]
        times = {"ours": (statistics.median(ours), min(ours))}
        if self.rivals:
            loads = []
            for _ in range(3):
                server = Server(self.rivals, "openvino", self.openvino_model(name), self.cores_used())
                loads.append(server.load_ms)
                server.close()
            times["openvino"] = (statistics.median(loads), min(loads))
        self.rows.append(Row(f"{name}: load to first result", self.cores_used(), times,
                             note="OpenVINO: compile alone"))

    def cores_used(self):
        return self.thread_counts()[-1]

    def preprocessing(self, name):
        ours = Ours(self.sixtops, self.work / f"{stem(name)}.six", 1)
        for _ in range(self.rounds):
            ours.runs(5, "--picture", self.work / "1080p.bmp")
        milliseconds = [report["preprocess_ms"] for report in ours.reports]
        median = statistics.median(milliseconds)
        self.rows.append(Row("1080p picture to 640x640 codes", 1, {"ours": (median, min(milliseconds))},
                             note=f"{100 * median / ours.times.median:.1f} % of {name} on 1 thread"))

    def convert(self, name, samples, rounds=3):
        self.say(f"== convert of {name}, {samples} pictures")
        ours, theirs, peak_mb = [], [], 0
        for _ in range(rounds):
            start = time.perf_counter()
            command = [*PREFIX, self.sixtops, "convert", self.source(name), "-o", self.work / "convert.six",
                       "--calibrate", self.work / f"pictures{samples}"]
            process = subprocess.Popen(command, **QUIET)
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                raise RuntimeError(f"{command}: failed")
            ours.append(time.perf_counter() - start)
            peak_mb = max(peak_mb, usage.ru_maxrss / 1024)
            if self.rivals:
                answer = subprocess.run([*PREFIX, self.rivals, HERE / "openvino_int8.py", self.source(name),
                                         self.work / "convert.xml", str(samples), NETWORKS[name][3]], check=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
                theirs.append(json.loads(answer.strip().splitlines()[-1])["seconds"])
        times = {"ours": (statistics.median(ours), min(ours))}
        if theirs:
            times["openvino"] = (statistics.median(theirs), min(theirs))
        self.rows.append(Row(f"convert of {name}, {samples} pictures", self.cores, times, unit="s",
                             note=f"NNCF; ours takes {peak_mb:.0f} MB at most"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sixtops", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where networks.py has been")
    parser.add_argument("--rivals", help="Python with the other engines")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="networks whose name contains this")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    names = [name for name in NETWORKS if arguments.only.lower() in name.lower()]
    for name in names:
        contenders = bench.inference(name)
        if name == "yolov5s SiLU":
            if bench.runs_on(name, "avx2"):
                bench.inference(name, "avx2")
            bench.float32(name)
            bench.load(name, contenders)
            bench.preprocessing(name)
        if name == "yolov5n SiLU":
            bench.convert(name, 20)
            bench.convert(name, 4)
    for key, rate in bench.peaks.items():
        print(f"peak of {key}: {rate:.0f} GMAC/s int8")
    print(table.text(bench.rows))
    if arguments.json:
        report = {"peaks_gmac_per_s": bench.peaks, "rows": [row.json() for row in bench.rows]}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
