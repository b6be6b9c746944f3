#!/usr/bin/env python3
"""What a video costs beside the network: CPU time of `sixtops detect VIDEO -o out.mp4` without the network's runs, against
FFmpeg's own program that decodes the same file and encodes it with the same settings.

Usage: video_cost.py SIXTOPS MODEL [VIDEO] [--rounds N]
VIDEO: 1080p30 in H.264; without it, ten seconds of a moving pattern are made. Rounds alternate; the table has the median of
each. Needs ffmpeg.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import tempfile

# Those of src/media/encoder.cc for H.264 and a file of 30 frames a second.
ENCODER = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-crf", "23", "-g", "60", "-bf", "0", "-threads",
           str(min(os.cpu_count(), 4)), "-movflags", "+empty_moov+default_base_moof+frag_keyframe"]


def run(command):
    """CPU seconds (user and system) of a command, and what it prints."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {text}")
    return usage.ru_utime + usage.ru_stime, text


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"'{pattern}' is not in the summary:\n{text}")
    return float(found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sixtops")
    parser.add_argument("model")
    parser.add_argument("video", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        video = arguments.video
        if not video:
            video = folder / "pattern.mp4"
            run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=10", "-pix_fmt", "yuv420p", "-c:v",
                 "libx264", "-preset", "veryfast", video])
        rows = []
        for _ in range(arguments.rounds):
            decode, _ = run(["ffmpeg", "-v", "error", "-i", video, "-an", "-f", "null", "-"])
            both, _ = run(["ffmpeg", "-v", "error", "-y", "-i", video, "-an", *ENCODER, folder / "bare.mp4"])
            _, text = run([arguments.sixtops, "detect", arguments.model, video, "-o", folder / "boxes.mp4"])
            rows.append((decode, both, number(r"CPU time ([\d.]+) s", text), number(r"of which ([\d.]+) s", text),
                         number(r"([\d.]+) % of the time", text), number(r"; ([\d.]+) fps", text),
                         number(r"(\d+) frames", text)))
    decode, both, total, network, busy, fps, frames = (statistics.median(column) for column in zip(*rows))
    ratio = statistics.median((row[2] - row[3]) / row[1] for row in rows)
    ms = lambda seconds: f"{1000 * seconds / frames:7.2f} ms a frame"
    print(f"{frames:.0f} frames, {fps:.1f} frames/s, median of {len(rows)} rounds, CPU time")
    print(f"  ffmpeg decodes                 {ms(decode)}")
    print(f"  ffmpeg decodes and encodes     {ms(both)}")
    print(f"  sixtops, all                   {ms(total)}")
    print(f"  sixtops, the network           {ms(network)}")
    print(f"  sixtops, all but the network   {ms(total - network)}")
    print(f"  the last by ffmpeg's           {ratio:7.3f}   ({', '.join(f'{(r[2] - r[3]) / r[1]:.3f}' for r in rows)})")
    print(f"  time with a run in flight      {busy:7.1f} %")


if __name__ == "__main__":
    main()
