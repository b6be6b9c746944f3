#!/usr/bin/env python3
"""`sixtops watch` against a live RTSP server that misbehaves.

Usage: watch_test.py SIXTOPS MAKE_MODELS [--slow] [TEST...]
Needs FFmpeg's programs and GStreamer's RTSP server; exits with 77 where they are missing. --slow adds those that wait
for long.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fault_proxy import FaultProxy  # noqa: E402
from harness import (SKIPPED, Server, Watch, ffmpeg, ffprobe_frames, free_port, make_detector,  # noqa: E402
                     missing_programs)
from tiny_camera import TinyCamera  # noqa: E402

SIXTOPS = MAKE_MODELS = ""
SLOW = False
SECRET = "geheim/Wort"


class WatchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = tempfile.mkdtemp()
        cls.model = make_detector(SIXTOPS, MAKE_MODELS, cls.models)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.models)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.servers = []
        self.watch = None

    def tearDown(self):
        if self.watch:
            self.watch.close()
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.folder)

    def serve(self, *mounts, **options):
        self.servers.append(Server(*mounts, **options))
        return self.servers[-1]

    def start(self, *arguments):
        if self.watch:
            self.watch.close()
        self.watch = Watch(SIXTOPS, self.folder, *arguments)
        return self.watch

    def test_reads_h264_and_h265_over_tcp_and_udp(self):
        server = self.serve("a=test:320x240@15", "b=test:320x240@15:h265")
        for transport in ("tcp", "udp"):
            watch = self.start(self.model, f"rtsp://127.0.0.1:{server.port}/a", f"rtsp://127.0.0.1:{server.port}/b",
                               "--transport", transport)
            watch.wait_for_frames(15)
            watch.wait_for_frames(15, stream="stream2")
            self.assertLess(watch.stop(), 2)
            self.assertEqual(watch.process.returncode, 0, watch.text())
            self.assertIn("glass to box", watch.text())

    def test_server_killed_and_back(self):
        server = self.serve("a=test:320x240@15")
        watch = self.start(self.model, f"rtsp://127.0.0.1:{server.port}/a", "--sink", "out.mp4")
        watch.wait_for_frames(15)
        server.kill()
        watch.wait_for(lambda: watch.state() == "reconnecting", 10, "the loss is told")
        time.sleep(3)  # slates meanwhile
        server.start()
        watch.wait_for_frames(1, seconds=5 + 1)
        watch.wait_for_frames(15)
        watch.stop()
        frames, _ = ffprobe_frames(self.folder / "out.mp4")
        self.assertGreater(frames, len(watch.frames()), "slates are in the recording")
        pts = [line["pts"] for line in watch.frames()]
        self.assertEqual(pts, sorted(set(pts)))

    def test_stall(self):
        server = self.serve("a=test:320x240@15")
        proxy = FaultProxy(server.port)
        watch = self.start(self.model, f"rtsp://127.0.0.1:{proxy.port}/a")
        watch.wait_for_frames(15)
        proxy.stalled = True
        watch.wait_for(lambda: watch.state() == "reconnecting", 8, "the stall is told")
        time.sleep(22 if SLOW else 1)
        proxy.stalled = False
        watch.wait_for_frames(15, seconds=15)
        proxy.close()

    def test_corrupted_packets(self):
        server = self.serve("a=test:640x480@30")
        proxy = FaultProxy(server.port)
        proxy.corrupt_share = 0.01
        watch = self.start(self.model, f"rtsp://127.0.0.1:{proxy.port}/a", "--retry-max-ms", "500")
        watch.wait_for_frames(150, seconds=60)
        watch.stop()
        self.assertEqual(watch.process.returncode, 0, watch.text())
        proxy.close()

    def test_wrong_password_is_told_and_not_hammered(self):
        server = self.serve("a=test:320x240@15", auth="admin:right")
        proxy = FaultProxy(server.port)
        watch = self.start(self.model, f"rtsp://admin:{SECRET}@127.0.0.1:{proxy.port}/a")
        watch.wait_for(lambda: watch.states(), 10, "the refusal is told")
        self.assertEqual(watch.states()[-1]["state"], "access denied")
        self.assertIn("401", watch.states()[-1]["reason"])
        connections = proxy.connections
        time.sleep(4)
        self.assertEqual(proxy.connections, connections)
        self.assertNotIn(SECRET.encode(), pathlib.Path(f"/proc/{watch.process.pid}/cmdline").read_bytes())
        watch.stop()
        self.assertNotIn(SECRET, watch.text() + json.dumps(watch.lines()))
        proxy.close()

    def test_right_password_works_and_is_told_nowhere(self):
        server = self.serve("a=test:320x240@15", auth="admin:geheim")
        watch = self.start(self.model, f"rtsp://admin:geheim@127.0.0.1:{server.port}/a", "--sink", "{name}.mp4")
        watch.wait_for_frames(15)
        server.kill()
        watch.wait_for(lambda: watch.state() == "reconnecting", 10, "the loss is told")
        watch.stop()
        self.assertNotIn("geheim", watch.text() + json.dumps(watch.lines()) + " ".join(os.listdir(self.folder)))

    def test_unknown_host_and_the_others_go_on(self):
        watch = self.start(self.model, "rtsp://no-such-host.invalid/x", "test:320x240@25")
        watch.wait_for_frames(25, stream="stream2")
        watch.wait_for(lambda: watch.states(), 15, "the failure is told")
        self.assertEqual(watch.states()[-1]["state"], "reconnecting")
        watch.wait_for_frames(25, stream="stream2")

    def test_killed_recording_plays_to_the_last_second(self):
        watch = self.start(self.model, "test:320x240@25", "--sink", "out.mp4")
        watch.wait_for_frames(100)
        recorded = len(watch.frames())
        watch.process.kill()
        watch.process.wait()
        frames, _ = ffprobe_frames(self.folder / "out.mp4")
        self.assertGreaterEqual(frames, recorded - 25)

    def test_recordings_are_not_overwritten(self):
        for name in ("out.mp4", "out.2.mp4"):
            watch = self.start(self.model, "test:320x240@25", "--sink", "out.mp4")
            watch.wait_for_frames(10)
            watch.stop()
            self.assertGreaterEqual(ffprobe_frames(self.folder / name)[0], 10)

    def test_full_disk_stops_the_recording_only(self):
        if os.geteuid() != 0:
            self.skipTest("mounting needs root")
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        try:
            watch = self.start(self.model, "test:640x480@25", "--sink", "disk/out.mp4")
            watch.wait_for(lambda: any(line.get("event") == "sink" for line in watch.lines()), 60, "the full disk is told")
            watch.wait_for_frames(25)
            self.assertGreater(ffprobe_frames(disk / "out.mp4")[0], 0)
            watch.stop()
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_size_change_in_mid_stream(self):
        for name, size in (("a", "320x240"), ("b", "640x480")):
            ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=2", "-pix_fmt", "yuv420p", "-c:v", "libx264",
                   self.folder / f"{name}.h264")
        (self.folder / "ab.h264").write_bytes((self.folder / "a.h264").read_bytes() +
                                              (self.folder / "b.h264").read_bytes())
        watch = self.start(self.model, "ab.h264", "--sink", "out.mp4", "--track")
        watch.process.wait(60)
        self.assertEqual(watch.process.returncode, 0, watch.text())
        self.assertEqual(ffprobe_frames(self.folder / "out.mp4"), (50, 320))
        self.assertEqual(ffprobe_frames(self.folder / "out.2.mp4"), (50, 640))

    def test_size_change_of_a_camera(self):
        for name, size in (("a", "320x240"), ("b", "640x480")):
            ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=3", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-g", "25",
                   "-bf", "0", self.folder / f"{name}.h264")
        (self.folder / "ab.h264").write_bytes((self.folder / "a.h264").read_bytes() +
                                              (self.folder / "b.h264").read_bytes())
        server = self.serve(f"a={self.folder / 'ab.h264'}")
        watch = self.start(self.model, f"rtsp://127.0.0.1:{server.port}/a", "--sink", "out.mp4", "--track")
        watch.wait_for(lambda: watch.state() == "reconnecting", 40, "the end is told")
        watch.stop()
        self.assertEqual(watch.process.returncode, 0, watch.text())
        self.assertEqual(len(watch.states()), 3, "the change of size breaks no connection")  # live, lost, ended
        self.assertEqual(ffprobe_frames(self.folder / "out.mp4")[1], 320)
        self.assertEqual(ffprobe_frames(self.folder / "out.2.mp4")[1], 640)
        self.assertGreater(len(watch.frames()), 100)

    def test_pushes_to_an_rtsp_server(self):
        port = free_port()
        receiver = subprocess.Popen(["ffmpeg", "-v", "error", "-rtsp_flags", "listen", "-i",
                                     f"rtsp://127.0.0.1:{port}/in", "-c", "copy", "-t", "2", self.folder / "got.mp4"],
                                    stdin=subprocess.DEVNULL)
        watch = self.start(self.model, "test:320x240@25", "--sink", f"rtsp://127.0.0.1:{port}/in")
        receiver.wait(30)
        watch.wait_for_frames(25)  # goes on without the server
        self.assertGreater(ffprobe_frames(self.folder / "got.mp4")[0], 20)
        watch.stop()

    def test_four_streams_share_fairly(self):
        watch = self.start(self.model, *["test:640x480@60"] * 4, "--sessions", "1", "--seconds", "6")
        watch.process.wait(30)
        counts = [len(watch.frames(f"stream{i}")) for i in range(1, 5)]
        for count in counts:
            self.assertAlmostEqual(count, sum(counts) / 4, delta=0.1 * sum(counts) / 4, msg=str(counts))

    def test_many_reconnects_leak_nothing(self):
        rounds = 1000 if SLOW else 100
        ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25", "-frames:v", "50", "-pix_fmt", "yuv420p", "-c:v", "libx264",
               "-g", "5", "-bf", "0", self.folder / "tiny.h264")
        camera = TinyCamera((self.folder / "tiny.h264").read_bytes())
        watch = self.start(self.model, camera.url, "--retry-max-ms", "1")

        def losses():
            return sum(state["state"] == "reconnecting" for state in watch.states())

        descriptors = memory = 0
        begin = time.monotonic()
        for i in range(rounds):
            watch.wait_for(lambda: camera.plays > i, 10, f"call {i + 1}")
            watch.wait_for_frames(3)  # the first may be of the call before
            if i == rounds // 5:
                descriptors, memory = watch.descriptors(), watch.memory_kb()
            camera.hang_up()
            watch.wait_for(lambda: losses() > i, 10, f"loss {i + 1} is told")
        watch.wait_for_frames(1)
        print(f"{rounds} reconnects in {time.monotonic() - begin:.0f} s: descriptors {descriptors} -> {watch.descriptors()}, "
              f"memory {memory} -> {watch.memory_kb()} kB", end=" ", flush=True)
        self.assertLessEqual(watch.descriptors(), descriptors)
        self.assertLess(watch.memory_kb(), memory * 1.1 + 2048)
        watch.stop()
        self.assertIn(f" {rounds} reconnects", watch.text())
        camera.close()

    def test_bad_configurations_name_file_line_and_key(self):
        cases = [
            ("model: {model}\nstreams:\n  - source: test:64x64@5\n    colour: red\n", "c.yaml:4: key 'colour'"),
            ("model: {model}\nconf: much\nstreams: []\n", "c.yaml:2: key 'conf'"),
            ("model: {model}\n", "key 'streams'"),
            ("model: {model}\nstreams: [\n", "c.yaml:"),
            ("model: {model}\nstreams:\n  - {{name: a, source: 'test:64x64@5'}}\n  - {{name: a, source: 'test:64x64@5'}}\n",
             "two streams 'a'"),
            ("model: {model}\nstreams:\n  - source: test:64x64@5\n    zones: [{{name: z, points: [[0, 0], [2, 2]]}}]\n",
             "c.yaml:4: key 'points'"),
        ]
        for text, expected in cases:
            (self.folder / "c.yaml").write_text(text.format(model=self.model))
            run = subprocess.run([SIXTOPS, "watch", "c.yaml"], cwd=self.folder, capture_output=True, text=True,
                                 timeout=60)
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertIn(expected, run.stderr)
            self.assertEqual(run.stderr.count("\n"), 1, run.stderr)

    def test_configuration_with_lines_zones_and_masks(self):
        (self.folder / "c.yaml").write_text(
            f"model: {self.model}\nconf: 0.3\nstreams:\n"
            "  - name: door\n    source: test:640x480@25:50\n    track: true\n    sinks: [door.mkv, pictures/]\n"
            "    classes: [red thing]\n    lines: [{name: gate, from: [0, 0.5], to: [1, 0.5]}]\n"
            "    zones: [{name: yard, points: [[0, 0], [1, 0], [1, 1]]}]\n"
            "    masks: [[[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]]\n")
        watch = self.start("c.yaml")
        watch.process.wait(60)
        self.assertEqual(watch.process.returncode, 0, watch.text())
        self.assertEqual(ffprobe_frames(self.folder / "door.mkv")[0], 50)
        self.assertEqual(len(list((self.folder / "pictures").iterdir())), 50)


if __name__ == "__main__":
    if missing_programs():
        print("skipped, not installed:", *missing_programs())
        sys.exit(SKIPPED)
    SIXTOPS, MAKE_MODELS = (os.path.abspath(path) for path in sys.argv[1:3])
    rest = sys.argv[3:]
    SLOW = "--slow" in rest
    unittest.main(argv=[sys.argv[0], "-v", *[argument for argument in rest if argument != "--slow"]])
