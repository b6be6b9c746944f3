#!/usr/bin/env python3
"""Videos with objects in them: every frame and its time come out, a browser plays the result, and the boxes are those of
the frames as pictures.

Usage: reference_videos_test.py SIXTOPS DATA_FOLDER [--keep FOLDER] [VIDEO...]   (exit code 77, skipped, without the data)
--keep: the annotated videos go there. VIDEO: only these, by their names.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED, ffmpeg, ffprobe_frames, ffprobe_times  # noqa: E402

SIXTOPS, DATA, KEEP = "", pathlib.Path(), None
VIDEOS = ["vtest_20s.mp4", "vtest_20s_h265.mp4", "bottle-detection.mp4"]


def data_folder(argument):
    return pathlib.Path(os.environ.get("SIXTOPS_TEST_DATA", argument)).resolve()


def convert_yolov5n(sixtops, data, target):
    """The int8 network of the tests."""
    subprocess.run([sixtops, "convert", data / "models/yolov5n/yolov5n_heads_sigmoid.onnx", "-o", target, "--calibrate",
                    data / "data/calib20/images", "--mean", "0", "--std", "255"], check=True, capture_output=True)


def play_in_browser(path):
    """Plays a file to its end in headless Chromium; returns (seconds played, width), or None where there is none."""
    try:
        from selenium import webdriver
    except ImportError:
        return None
    if not shutil.which("chromedriver"):
        return None
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required",
                     "--allow-file-access-from-files"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options)
    try:
        browser.set_script_timeout(120)
        page = path.parent / "page.html"
        page.write_text(f"<!doctype html><title>play</title><video muted src='{path.name}'></video>")
        browser.get(page.as_uri())
        return browser.execute_async_script("""
            const done = arguments[0], video = document.querySelector("video");
            const tell = () => done(video.error ? [-1, video.error.message] : [video.currentTime, video.videoWidth]);
            video.onended = video.onerror = tell;
            video.playbackRate = 8;
            video.play().catch(tell);
            if (video.error) tell();""")
    finally:
        browser.quit()


class ReferenceVideos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = pathlib.Path(tempfile.mkdtemp())
        cls.model = cls.models / "yolov5n.six"
        convert_yolov5n(SIXTOPS, DATA, cls.model)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.models)

    def check(self, video):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            out = folder / "out.mp4"
            subprocess.run([SIXTOPS, "detect", self.model, video, "-o", out, "--json", folder / "frames.ndjson"],
                           check=True, capture_output=True)
            source, written = ffprobe_times(video), ffprobe_times(out)
            self.assertEqual(len(written), len(source))
            self.assertEqual(ffprobe_frames(out)[0], len(source))
            for a, b in zip(source, written):
                self.assertAlmostEqual(a, b, delta=0.001)
            if KEEP:
                shutil.copy(out, KEEP / video.name)
            played = play_in_browser(out)
            if played is not None:
                self.assertGreater(played[0], source[-1] - 0.2, played)
            (folder / "frames").mkdir()
            ffmpeg("-i", video, "-vsync", "passthrough", folder / "frames/%06d.png")
            subprocess.run([SIXTOPS, "detect", self.model, folder / "frames", "--json", folder / "pictures.json"],
                           check=True, capture_output=True)
            judge = [sys.executable, pathlib.Path(__file__).parent / "compare_with_pictures.py", folder / "frames.ndjson",
                     folder / "pictures.json"]
            judged = subprocess.run(judge, capture_output=True, text=True)
            print(f"{video.name}: {len(written)} frames; {judged.stdout.strip()}", flush=True)
            self.assertEqual(judged.returncode, 0, judged.stderr)


def add_test(video):
    setattr(ReferenceVideos, "test_" + video.replace(".", "_").replace("-", "_"),
            lambda self: self.check(DATA / "data/video" / video))


if __name__ == "__main__":
    SIXTOPS, DATA = os.path.abspath(sys.argv[1]), data_folder(sys.argv[2])
    rest = sys.argv[3:]
    if "--keep" in rest:
        KEEP = pathlib.Path(rest.pop(rest.index("--keep") + 1))
        KEEP.mkdir(parents=True, exist_ok=True)
        rest.remove("--keep")
    if not shutil.which("ffmpeg") or not (DATA / "data/video" / VIDEOS[0]).exists():
        print(f"skipped: FFmpeg is not installed, or there are no videos in {DATA}; set SIXTOPS_TEST_DATA")
        sys.exit(SKIPPED)
    for name in rest or VIDEOS:
        add_test(name)
    unittest.main(argv=[sys.argv[0], "-v"])
