#!/usr/bin/env python3
"""`sixtops detect` on video files of every kind: unusual ones keep their pictures and times, bad ones are told in a
sentence.

Usage: files_test.py SIXTOPS MAKE_MODELS [TEST...]
Needs FFmpeg's programs; exits with 77 where they are missing.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED, ffmpeg, ffprobe_frames, ffprobe_times, make_detector  # noqa: E402

SIXTOPS = MAKE_MODELS = ""
X264 = ["-c:v", "libx264", "-preset", "ultrafast"]


def pattern(size="160x120", frames=30, rate=25):
    return ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}", "-frames:v", frames]


class FilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = tempfile.mkdtemp()
        cls.model = make_detector(SIXTOPS, MAKE_MODELS, cls.models)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.models)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())

    def tearDown(self):
        shutil.rmtree(self.folder)

    def detect(self, name):
        return subprocess.run([SIXTOPS, "detect", self.model, name, "-o", "out.mp4", "--json", "out.ndjson"],
                              cwd=self.folder, capture_output=True, text=True, timeout=120)

    def expect(self, name, frames, width, times=True):
        """All frames come, with their size; and their times, but for what they begin at."""
        done = self.detect(name)
        self.assertEqual(done.returncode, 0, f"{name}: {done.stderr}")
        lines = [json.loads(line) for line in (self.folder / "out.ndjson").read_text().splitlines()]
        self.assertEqual([line["frame"] for line in lines], list(range(frames)), name)
        self.assertEqual(ffprobe_frames(self.folder / "out.mp4"), (frames, width), name)
        if not times:
            return
        source = ffprobe_times(self.folder / name)
        for found in ([line["pts"] for line in lines], ffprobe_times(self.folder / "out.mp4")):
            self.assertEqual(len(found), frames, name)
            for a, b in zip(found, source):
                self.assertAlmostEqual(a - found[0], b - source[0], delta=0.0011, msg=name)

    def expect_error(self, name, text):
        done = self.detect(name)
        self.assertNotIn(done.returncode, (0, 134, 139), name)
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        self.assertEqual(len(errors), 1, done.stderr)
        self.assertIn(text, errors[0])
        self.assertIn(name, errors[0])

    def test_order_and_times(self):
        ffmpeg(*pattern(), "-c:v", "libx264", "-bf", "3", self.folder / "b_frames.mp4")
        self.expect("b_frames.mp4", 30, 160)
        ffmpeg(*pattern(), "-c:v", "libx264", "-bf", "3", self.folder / "b_frames.ts")
        self.expect("b_frames.ts", 30, 160)
        # A frame of three is left out, so the distances differ.
        ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2", "-vf", "select='mod(n,3)'", "-vsync", "vfr", *X264,
               self.folder / "variable.mkv")
        self.expect("variable.mkv", 33, 160)
        ffmpeg(*pattern(), *X264, "-output_ts_offset", "1000", self.folder / "late.mkv")
        self.expect("late.mkv", 30, 160)
        ffmpeg("-itsoffset", "-0.5", *pattern(), *X264, "-avoid_negative_ts", "disabled", self.folder / "negative.ts")
        self.expect("negative.ts", 30, 160)
        ffmpeg(*pattern(), *X264, "-bf", "0", self.folder / "no_times.h264")  # a bare stream has none
        self.expect("no_times.h264", 30, 160)
        ffmpeg(*pattern(), *X264, "-bf", "2", self.folder / "no_times.avi")
        self.expect("no_times.avi", 30, 160, times=False)

    def test_pixels(self):
        ffmpeg(*pattern(), "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
               "log-level=none", self.folder / "ten_bits.mp4")
        self.expect("ten_bits.mp4", 30, 160)
        ffmpeg(*pattern(), "-pix_fmt", "yuv444p", *X264, self.folder / "full_chroma.mp4")
        self.expect("full_chroma.mp4", 30, 160)
        ffmpeg(*pattern(), "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", self.folder / "full_range.avi")
        self.expect("full_range.avi", 30, 160)
        ffmpeg(*pattern(), "-c:v", "libvpx-vp9", "-deadline", "realtime", self.folder / "vp9.webm")
        self.expect("vp9.webm", 30, 160)
        ffmpeg(*pattern(), "-flags", "+ildct+ilme", "-c:v", "mpeg2video", self.folder / "interlaced.mpg")
        self.expect("interlaced.mpg", 30, 160)

    def test_sizes(self):
        ffmpeg(*pattern("200x200"), "-vf", "format=yuv444p,crop=161:121:0:0:exact=1", *X264, self.folder / "odd.mp4")
        self.expect("odd.mp4", 30, 162)
        ffmpeg(*pattern("16x16"), *X264, self.folder / "tiny.mp4")
        self.expect("tiny.mp4", 30, 16)
        ffmpeg(*pattern("7680x4320", frames=2), *X264, self.folder / "huge.mp4")
        self.expect("huge.mp4", 2, 7680)
        ffmpeg(*pattern(), "-pix_fmt", "yuv420p", *X264, self.folder / "straight.mp4")
        ffmpeg("-i", self.folder / "straight.mp4", "-c", "copy", "-metadata:s:v", "rotate=90", self.folder / "turned.mp4")
        self.expect("turned.mp4", 30, 120)

    def test_damaged_files_play_as_far_as_they_go(self):
        ffmpeg(*pattern(frames=100), *X264, "-g", "10", self.folder / "good.ts")
        good = (self.folder / "good.ts").read_bytes()
        (self.folder / "cut.ts").write_bytes(good[:len(good) // 2])
        broken = bytearray(good)
        for at in range(20_000, len(broken), 20_000):
            broken[at] ^= 0x55
        (self.folder / "broken.ts").write_bytes(broken)
        for name in ("cut.ts", "broken.ts"):
            done = self.detect(name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(ffprobe_frames(self.folder / "out.mp4")[0], 20, name)

    def test_files_that_are_no_video(self):
        ffmpeg("-f", "lavfi", "-i", "sine=d=1", self.folder / "sound.mp4")
        self.expect_error("sound.mp4", "there is no video in it")
        (self.folder / "empty.mp4").write_bytes(b"")
        self.expect_error("empty.mp4", "empty")
        (self.folder / "text.mp4").write_text("this is no video" * 100)
        self.expect_error("text.mp4", "no video")
        self.expect_error("missing.mp4", "there is no such file")
        ffmpeg(*pattern(), *X264, self.folder / "good.mp4")
        unknown = (self.folder / "good.mp4").read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC")
        (self.folder / "unknown.mp4").write_bytes(unknown)
        self.expect_error("unknown.mp4", "codec")
        (self.folder / "header.mp4").write_bytes((self.folder / "good.mp4").read_bytes()[:2000])
        self.expect_error("header.mp4", "header.mp4")


if __name__ == "__main__":
    missing = [name for name in ("ffmpeg", "ffprobe") if not shutil.which(name)]
    if missing:
        print("skipped, not installed:", *missing)
        sys.exit(SKIPPED)
    SIXTOPS, MAKE_MODELS = (os.path.abspath(path) for path in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[3:]])
