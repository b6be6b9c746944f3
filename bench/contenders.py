"""Who is measured: sixtops by its own command, the others by engine_server.py. All answer runs(count) → milliseconds."""
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def real_time_prefix():
    """Runs that neighbours cannot interrupt, where the system allows it."""
    prefix = ["chrt", "-f", "10"]
    try:
        allowed = subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        allowed = False
    return prefix if allowed else []


PREFIX = real_time_prefix()


class Times:
    def __init__(self):
        self.values = []

    def add(self, values):
        self.values += values

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def min(self):
        return min(self.values)


class Ours:
    def __init__(self, sixtops, model, threads, isa=None):
        self.command = [*PREFIX, sixtops, "bench", model, "--threads", str(threads)]
        self.environment = dict(os.environ, **({"SIXTOPS_ISA": isa} if isa else {}))
        self.times = Times()
        self.reports = []

    def runs(self, count, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.json"
            subprocess.run([*self.command, "--runs", str(count), "--json", path, *options], check=True,
                           env=self.environment, stdout=subprocess.DEVNULL)
            report = json.loads(path.read_text())
        self.reports.append(report)
        self.times.add(report["runs_ms"])
        return report["runs_ms"]

    def best(self, key):
        return max(report[key] for report in self.reports)

    def median_of(self, *keys):
        """The median over the reports of the keys' sum."""
        return statistics.median(sum(report[key] for key in keys) for report in self.reports)

    def floor_ms(self):
        """Milliseconds at the best peak that any burst saw."""
        last = self.reports[-1]
        integer = last["int8_gmac"] / self.best("peak_gmac_per_s")
        return 1e3 * (integer + (last["gmac"] - last["int8_gmac"]) / self.best("float_peak_gmac_per_s"))

    def close(self):
        pass


class Server:
    def __init__(self, python, engine, model, threads, environment=None):
        self.process = subprocess.Popen([*PREFIX, python, HERE / "engine_server.py", engine, model, str(threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, env=dict(os.environ, **(environment or {})))
        answer = self.answer()
        self.load_ms, self.first_run_ms = answer["load_ms"], answer["first_run_ms"]
        self.times = Times()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args}: ended with {self.process.wait()}")
        return json.loads(line)

    def runs(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        values = self.answer()
        self.times.add(values)
        return values

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def take_turns(contenders, rounds, seconds=0.25):
    """`rounds` bursts of each, one after the other, so that whatever the machine does meets all of them."""
    counts = {}
    for contender in contenders:
        first = min(contender.runs(2))
        contender.times.values.clear()
        counts[contender] = max(3, min(100, int(seconds * 1e3 / first)))
    for _ in range(rounds):
        for contender in contenders:
            contender.runs(counts[contender])
