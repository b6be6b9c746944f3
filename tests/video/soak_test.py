#!/usr/bin/env python3
"""Four RTSP cameras of 640x480 at once: all stay alive, share what must be dropped, and memory stays flat.

Usage: soak_test.py SIXTOPS MODEL|MAKE_MODELS [--seconds N]   (default 60)
The second argument is a network, or the program that writes the small ones of the tests. Prints drops, latencies and
memory. Needs FFmpeg's programs and GStreamer's RTSP server; exits with 77 where they are missing.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED, Server, Watch, ffmpeg, make_detector, missing_programs  # noqa: E402

STREAMS = 4
FPS = 30
SHARE = 0.1  # of the mean: how far a stream's pictures may be from it
MEMORY_KB = 4096  # that may come after the first minute, or the first third of a shorter run


def main():
    sixtops, model = (os.path.abspath(path) for path in sys.argv[1:3])
    seconds = int(sys.argv[4]) if sys.argv[3:4] == ["--seconds"] else 60
    warm_up = min(60, seconds / 3)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if os.access(model, os.X_OK):
            model = make_detector(sixtops, model, folder)
        once, camera = folder / "once.mp4", folder / "camera.mp4"
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=640x480:r={FPS}:d=4", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset",
               "veryfast", "-g", FPS, "-bf", "0", once)
        ffmpeg("-stream_loop", (seconds + 60) // 4, "-i", once, "-c", "copy", camera)
        server = Server(f"cam={camera}")
        watch = Watch(sixtops, folder, model, *[f"rtsp://127.0.0.1:{server.port}/cam"] * STREAMS)
        names = [f"stream{i + 1}" for i in range(STREAMS)]
        try:
            for name in names:
                watch.wait_for_frames(1, stream=name)
            begin = time.monotonic()
            memory = []
            while time.monotonic() - begin < seconds:
                time.sleep(1)
                memory.append((time.monotonic() - begin, watch.memory_kb()))
                assert watch.process.poll() is None, watch.text()
                watch.lines()
            alive = [watch.state(name) for name in names]
            watch.stop()
        finally:
            watch.close()
            server.kill()
        text = watch.text()
        summary = text[text.index(f"{names[0]}: "):]
        print(summary)
        settled = next(kb for when, kb in memory if when >= warm_up)
        print(f"memory: {settled} kB after {warm_up:.0f} s, {memory[-1][1]} kB at the end, at most {max(kb for _, kb in memory)} kB")
        assert alive == ["live"] * STREAMS, alive
        assert summary.count(" 0 reconnects;") == STREAMS, "a stream was lost"
        assert max(kb for when, kb in memory if when >= warm_up) <= settled + MEMORY_KB, memory
        assert summary.count("glass to box") == STREAMS
        for what in ("detected", "dropped"):
            counts = [int(count) for count in re.findall(rf"(\d+) {what}", summary)]
            mean = sum(counts) / STREAMS
            # A handful of drops is no share of anything.
            fair = all(abs(count - mean) <= max(SHARE * mean, 10, 0.01 * seconds * FPS) for count in counts)
            print(f"{what}: {counts}")
            assert len(counts) == STREAMS and fair, counts


if __name__ == "__main__":
    if missing_programs():
        print("skipped, not installed:", *missing_programs())
        sys.exit(SKIPPED)
    main()
