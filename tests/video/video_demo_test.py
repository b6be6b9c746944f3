#!/usr/bin/env python3
"""rknn_yolov5_video_demo on H.265 cameras of 640x480 and 2560x1440 that ask for a password and go away for a while.

Usage: video_demo_test.py DEMO MODEL|MAKE_DEMO_MODEL [--seconds N]
The second argument is a network for the demo, or a program that writes one. --seconds: how long each camera is watched
(default 8). Needs FFmpeg's programs and GStreamer's RTSP server; exits with 77 where they are missing.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED, Server, ffmpeg, ffprobe_frames, free_port, missing_programs  # noqa: E402

USER, PASSWORD = "admin", "geheimes+Wort"
# Width, height, pictures a second: the larger is that of the vendor's example, whose decoder's rows are longer than the
# picture's.
CAMERAS = [(640, 480, 25), (2560, 1440, 8)]


def make_camera_file(folder, width, height, fps, seconds):
    """A second of a pattern in H.265, over and over."""
    once, looped = folder / "once.h265.mp4", folder / f"{width}x{height}.h265.mp4"
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={width}x{height}:r={fps}:d=2", "-pix_fmt", "yuv420p", "-c:v", "libx265",
           "-preset", "ultrafast", "-x265-params", f"log-level=none:keyint={fps}:bframes=0", "-tag:v", "hvc1", once)
    ffmpeg("-stream_loop", seconds // 2 + 2, "-i", once, "-c", "copy", "-tag:v", "hvc1", looped)
    return looped


def check(condition, what, text):
    if not condition:
        raise SystemExit(f"{what}\n{text[-3000:]}")


def watch(demo, model, folder, camera, seconds):
    width, height, fps = camera
    server = Server(f"cam={make_camera_file(folder, width, height, fps, seconds)}", auth=f"{USER}:{PASSWORD}")
    place = folder / f"run{width}"
    place.mkdir()
    output = place / "output.txt"
    url = f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{server.port}/cam"
    with open(output, "w") as file:
        process = subprocess.Popen([demo, model, url, "265"], cwd=place, stdout=file, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL)

    def wait_for(pattern, limit, what):
        end = time.monotonic() + limit
        while time.monotonic() < end and process.poll() is None:
            if re.search(pattern, output.read_text(), re.M):
                return
            time.sleep(0.1)
        raise SystemExit(f"{what}: not within {limit} s\n{output.read_text()[-3000:]}")

    try:
        begin = time.monotonic()
        wait_for(rf"^frame \d+ {width}x{height} ", 40, "pictures")
        cmdline = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
        time.sleep(max(0.0, seconds / 2 - (time.monotonic() - begin)))
        server.kill()
        wait_for("^video reconnecting", 15, "the loss is told")
        server.start()
        back = time.monotonic()
        wait_for(r"^video reconnecting[^\0]*^video live[^\0]*^frame ", 5 + 3, "pictures after the server is back")
        back = time.monotonic() - back
        time.sleep(max(0.0, seconds - (time.monotonic() - begin)))
        process.send_signal(signal.SIGTERM)
        check(process.wait(10) == 0, "it ends with 0", output.read_text())
    finally:
        process.kill()
        server.kill()
    text = output.read_text()
    names = " ".join(str(path) for path in place.rglob("*"))
    check(PASSWORD not in text + names and PASSWORD.encode() not in cmdline, "a password is told", text + str(cmdline))
    summary = re.search(r"^(\d+) frames, (\d+) dropped, (\d+) reconnects, ([\d.]+) fps$", text, re.M)
    check(summary is not None and int(summary[3]) >= 1, "the summary tells the reconnect", text)
    frames, found_width = ffprobe_frames(place / "out.h264")
    check(frames >= int(summary[1]) and found_width == width, f"out.h264 has {frames} frames of {found_width}", text)
    print(f"{width}x{height}: {summary[0]}; pictures {back:.1f} s after the server was back; {frames} frames in out.h264",
          flush=True)


def main():
    demo, model = (os.path.abspath(path) for path in sys.argv[1:3])
    seconds = int(sys.argv[4]) if sys.argv[3:4] == ["--seconds"] else 8
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if os.access(model, os.X_OK):
            subprocess.run([model, folder / "demo.rknn"], check=True)
            model = folder / "demo.rknn"
        for camera in CAMERAS:
            watch(demo, model, folder, camera, seconds)
        refused = f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{free_port()}/cam"  # nobody listens
        process = subprocess.Popen([demo, model, refused, "265"], cwd=folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        text = process.communicate(timeout=10)[0]
        check(PASSWORD not in text and "Connection refused" in text, "a refused connection is told without password", text)


if __name__ == "__main__":
    if missing_programs():
        print("skipped, not installed:", *missing_programs())
        sys.exit(SKIPPED)
    main()
