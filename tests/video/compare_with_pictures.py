#!/usr/bin/env python3
"""Detections of a video against those of its frames as pictures: one path scales YUV, the other RGB.

Usage: compare_with_pictures.py FRAMES.ndjson PICTURES.json
FRAMES.ndjson is of `sixtops detect MODEL VIDEO --json`, PICTURES.json of `sixtops detect MODEL FOLDER --json` on the
frames that `ffmpeg -i VIDEO FOLDER/%06d.png` wrote. A frame agrees when every object with a score of 0.4 or more on one
side has a partner on the other: same class, IoU >= 0.95, score within 0.03. Fails below 99 %.
"""
import json
import sys

SCORE, IOU, SCORE_DISTANCE, SHARE = 0.4, 0.95, 0.03, 0.99


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area(a) + area(b) - width * height)


def unmatched(some, others):
    return [a for a in some if a["score"] >= SCORE and not any(
        a["class"] == b["class"] and iou(a["box"], b["box"]) >= IOU and abs(a["score"] - b["score"]) <= SCORE_DISTANCE
        for b in others)]


def main():
    with open(sys.argv[1]) as lines:
        frames = [json.loads(line)["detections"] for line in lines]
    with open(sys.argv[2]) as file:
        pictures = [entry["detections"] for entry in json.load(file)]
    if len(frames) != len(pictures) or not frames:
        sys.exit(f"{len(frames)} frames, {len(pictures)} pictures")
    good = objects = lost = 0
    for number, (frame, picture) in enumerate(zip(frames, pictures)):
        missing = unmatched(frame, picture) + unmatched(picture, frame)
        objects += sum(d["score"] >= SCORE for d in picture)
        lost += len(missing)
        good += not missing
        if missing and "-v" in sys.argv:
            print(number, [(d["label"], d["score"], d["box"]) for d in missing])
    print(f"{good} of {len(frames)} frames agree ({100 * good / len(frames):.1f} %); {lost} of {objects} objects without a partner")
    sys.exit(good < SHARE * len(frames))


if __name__ == "__main__":
    main()
