"""What the tests of live streams share: an RTSP server and `sixtops watch` as processes, a small detector, FFmpeg's view
of a file."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).parent
SKIPPED = 77


def missing_programs():
    gi = subprocess.run(["/usr/bin/python3", "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"],
                        capture_output=True)
    return [name for name in ("ffmpeg", "ffprobe") if not shutil.which(name)] + (["GstRtspServer"] if gi.returncode else [])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL)


def ffprobe_frames(path):
    """How many frames decode, and how wide they are."""
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,width",
                          "-of", "json", str(path)], capture_output=True, text=True).stdout
    stream = json.loads(out)["streams"][0]
    return int(stream["nb_read_frames"]), stream["width"]


def ffprobe_times(path):
    """The time stamps of all frames in seconds, in the order of showing."""
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                          "frame=best_effort_timestamp_time", "-of", "csv=p=0", str(path)], capture_output=True, text=True)
    return [float(line.strip(",")) for line in out.stdout.splitlines() if line.strip(",") not in ("", "N/A")]


def make_detector(sixtops, make_models, folder):
    """A network of two classes that finds bright and dark things; returns its path."""
    folder = pathlib.Path(folder)
    subprocess.run([make_models, folder], check=True)
    (folder / "labels.txt").write_text("red thing\nblue thing\n")
    subprocess.run([sixtops, "convert", "detector.onnx", "-o", "detector.six", "--labels", "labels.txt"], cwd=folder,
                   check=True, capture_output=True)
    return str(folder / "detector.six")


class Server:
    """rtsp_server.py in a process."""

    def __init__(self, *mounts, port=None, auth=None):
        self.port = port or free_port()
        self.command = ["/usr/bin/python3", str(HERE / "rtsp_server.py"), str(self.port)]
        if auth:
            self.command += ["--auth", auth]
        self.command += mounts
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Watch:
    """`sixtops watch` in a process; its JSON lines as they come."""

    def __init__(self, sixtops, folder, *arguments):
        self.folder = pathlib.Path(folder)
        self.lines_file = self.folder / f"lines{time.monotonic_ns()}.ndjson"
        self.read_bytes = 0
        self.read_lines = []
        self.errors = open(self.folder / "stderr.txt", "w+")
        self.process = subprocess.Popen([sixtops, "watch", *arguments, "--json", str(self.lines_file)], cwd=self.folder,
                                        stdout=self.errors, stderr=self.errors)

    def lines(self):
        if not self.lines_file.exists():
            return []
        with open(self.lines_file, "rb") as file:
            file.seek(self.read_bytes)
            new = file.read()
        new = new[:new.rfind(b"\n") + 1]
        self.read_bytes += len(new)
        self.read_lines += map(json.loads, new.splitlines())
        return self.read_lines

    def frames(self, stream="stream1"):
        return [line for line in self.lines() if "frame" in line and line["stream"] == stream]

    def states(self, stream="stream1"):
        return [line for line in self.lines() if line.get("event") == "state" and line["stream"] == stream]

    def state(self, stream="stream1"):
        states = self.states(stream)
        return states[-1]["state"] if states else ""

    def wait_for(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{what}: not within {seconds} s\n{self.text()}")

    def wait_for_frames(self, more, seconds=40, stream="stream1"):
        before = len(self.frames(stream))
        self.wait_for(lambda: len(self.frames(stream)) >= before + more, seconds, f"{more} frames of {stream}")

    def text(self):
        return pathlib.Path(self.errors.name).read_text()

    def stop(self, number=signal.SIGTERM):
        begin = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        return time.monotonic() - begin

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.errors.close()

    def memory_kb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))
