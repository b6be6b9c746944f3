#!/usr/bin/env python3
"""The live page: its interface over HTTP, and the page in headless Chromium.

Usage: page_test.py SIXTOPS MAKE_MODELS [--keep FOLDER] [TEST...]
Needs chromium-driver and python3-selenium for the browser's tests; they are skipped where they are missing.
--keep: screenshots go there.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED, Server, Watch, ffprobe_frames, free_port, make_detector, missing_programs  # noqa: E402

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
except ImportError:
    webdriver = None

SIXTOPS = MAKE_MODELS = ""
KEEP = None


def get(url, token=None, timeout=5):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read().decode()


def status_of(url, **options):
    try:
        get(url, **options)
        return 200
    except urllib.error.HTTPError as error:
        return error.code


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = tempfile.mkdtemp()
        cls.model = make_detector(SIXTOPS, MAKE_MODELS, cls.models)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.models)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.watch = None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def tearDown(self):
        if self.watch:
            self.watch.close()
        shutil.rmtree(self.folder)

    def start(self, *arguments, address="127.0.0.1"):
        self.watch = Watch(SIXTOPS, self.folder, self.model, *arguments, "--serve", f"{address}:{self.port}")
        self.watch.wait_for_frames(3)

    def test_interface(self):
        self.start("test:320x240@25", "--track")
        self.assertEqual(get(self.url + "/healthz"), "ok\n")
        streams = json.loads(get(self.url + "/api/streams"))
        self.assertEqual(streams[0]["state"], "live")
        metrics = get(self.url + "/metrics")
        self.assertRegex(metrics, r'sixtops_frames_decoded_total\{stream="stream1"\} \d+')
        for line in metrics.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) .*|[a-z_]+(\{[^}]*\})? [-+0-9.e]+)$")
        with urllib.request.urlopen(self.url + "/api/streams/stream1/live.mp4", timeout=10) as live:
            self.assertIn("avc1.", live.headers["Content-Type"])
            (self.folder / "live.mp4").write_bytes(live.read(200_000))
        frames, width = ffprobe_frames(self.folder / "live.mp4")
        self.assertEqual(width, 320)
        self.assertGreater(frames, 10)
        with urllib.request.urlopen(self.url + "/api/streams/stream1/mjpeg", timeout=5) as mjpeg:
            self.assertIn(b"image/jpeg", mjpeg.read(2000))
        with urllib.request.urlopen(self.url + "/api/streams/stream1/snapshot.jpg", timeout=5) as picture:
            self.assertEqual(picture.read(3), b"\xff\xd8\xff")
        with urllib.request.urlopen(self.url + "/api/events", timeout=5) as events:
            self.assertTrue(events.readline().startswith(b"data: {"))
        self.assertLess(self.watch.stop(), 4)

    def test_what_is_not_there_and_not_allowed(self):
        self.start("test:320x240@25")
        for path in ("/api/streams/other/live.mp4", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page.html"):
            self.assertEqual(status_of(self.url + path), 404, path)
        request = urllib.request.Request(self.url + "/api/streams", data=b"x" * 10_000)
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=5)
        request = urllib.request.Request(self.url + "/api/streams", headers={"Host": "evil.example"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        self.assertEqual(refused.exception.code, 403)

    def test_other_addresses_need_the_token(self):
        run = subprocess.run([SIXTOPS, "watch", self.model, "test:64x64@5", "--serve", f"0.0.0.0:{self.port}"],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--token", run.stderr)
        self.start("test:320x240@25", "--token", "geheim", address="0.0.0.0")
        self.assertEqual(status_of(self.url + "/api/streams"), 401)
        self.assertEqual(status_of(self.url + "/api/streams?token=geheim2"), 401)
        self.assertEqual(status_of(self.url + "/api/streams", token="geheim"), 200)
        self.assertEqual(status_of(self.url + "/api/streams?token=geheim"), 200)
        self.assertNotIn(b"geheim", pathlib.Path(f"/proc/{self.watch.process.pid}/cmdline").read_bytes())
        self.assertNotIn("geheim", self.watch.text())

    def test_port_in_use(self):
        self.start("test:64x64@5")
        run = subprocess.run([SIXTOPS, "watch", self.model, "test:64x64@5", "--serve", f"127.0.0.1:{self.port}"],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn("in use", run.stderr)

    def test_a_slow_viewer_slows_nobody(self):
        self.start("test:640x480@25")
        slow = socket.create_connection(("127.0.0.1", self.port))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b"GET /api/streams/stream1/live.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")  # and reads nothing
        time.sleep(1)
        before = len(self.watch.frames())
        time.sleep(4)
        self.assertGreater(len(self.watch.frames()) - before, 4 * 25 * 0.5)
        slow.close()

    def test_the_page_in_a_browser(self):
        if webdriver is None or not shutil.which("chromedriver"):
            self.skipTest("chromium-driver or python3-selenium is not installed")
        server = Server("a=test:640x480@15")
        self.start(f"rtsp://admin:geheim@127.0.0.1:{server.port}/a", "test:320x240@15", "--track")
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1000,900",
                         "--autoplay-policy=no-user-gesture-required"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options)
        try:
            browser.get(self.url + "/")
            self.look_at(browser, server)
        finally:
            if KEEP:
                browser.save_screenshot(str(KEEP / "page_end.png"))
            browser.quit()
            server.kill()

    def look_at(self, browser, server):
        def times():
            return [browser.execute_script("return arguments[0].currentTime", video)
                    for video in browser.find_elements(By.TAG_NAME, "video")]

        def until(condition, seconds, what):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                if condition():
                    return
                time.sleep(0.3)
            self.fail(f"{what}: not within {seconds} s")

        until(lambda: len(times()) == 2 and min(times()) > 0, 40, "both pictures")
        before = times()
        until(lambda: all(now > then for now, then in zip(times(), before)), 20, "pictures move")
        state = lambda: browser.find_element(By.CSS_SELECTOR, "article[data-name=stream1] .state").text
        self.assertEqual(state(), "live")
        until(lambda: browser.find_elements(By.CSS_SELECTOR, ".objects li"), 10, "objects are listed")
        if KEEP:
            browser.save_screenshot(str(KEEP / "page_live.png"))
        server.kill()
        until(lambda: "reconnecting" in state(), 20, "the loss is shown")
        time.sleep(1)
        if KEEP:
            browser.save_screenshot(str(KEEP / "page_lost.png"))
        server.start()
        until(lambda: state() == "live", 20, "the recovery is shown")
        before = times()
        until(lambda: times()[0] > before[0], 20, "the picture moves again")
        errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
        self.assertEqual(errors, [])
        self.assertNotIn("geheim", browser.page_source)
        self.assertNotIn("geheim", get(self.url + "/metrics") + get(self.url + "/api/streams"))


if __name__ == "__main__":
    if missing_programs():
        print("skipped, not installed:", *missing_programs())
        sys.exit(SKIPPED)
    SIXTOPS, MAKE_MODELS = (os.path.abspath(path) for path in sys.argv[1:3])
    rest = sys.argv[3:]
    if "--keep" in rest:
        at = rest.index("--keep")
        KEEP = pathlib.Path(rest[at + 1])
        KEEP.mkdir(parents=True, exist_ok=True)
        del rest[at:at + 2]
    unittest.main(argv=[sys.argv[0], "-v", *rest])
