#!/usr/bin/env python3
"""Holds the boxes of one model against those of another, both as `sixtops detect --json` writes them.

Usage: agreeing_boxes.py JSON REFERENCE_JSON LEAST_IOU [LABEL=COUNT]...

Every box is paired with the box of the same label that covers it best in the reference; the intersection over union
of each pair is printed and has to be LEAST_IOU at least. LABEL=COUNT asks for at least so many boxes of a label.
"""
import json
import sys


def area(box):
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def intersection_over_union(a, b):
    common = area([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])
    return common / (area(a) + area(b) - common) if common else 0.0


def read_detections(path):
    with open(path, encoding="utf-8") as file:
        return [(picture["image"], d["label"], d["box"]) for picture in json.load(file) for d in picture["detections"]]


def main():
    path, reference_path, least, *wanted = sys.argv[1:]
    detections, reference = read_detections(path), read_detections(reference_path)
    faults = []
    for image, label, box in detections:
        rivals = [other for i, l, other in reference if (i, l) == (image, label)]
        overlap = max((intersection_over_union(box, other) for other in rivals), default=0.0)
        print(f"  {label:<16} IoU {overlap:.3f}")
        if overlap < float(least):
            faults.append(f"a {label} overlaps the reference's by {overlap:.3f}, expected {least} at least")
    for text in wanted:
        label, count = text.split("=")
        found = sum(l == label for _, l, _ in detections)
        if found < int(count):
            faults.append(f"{found} boxes of {label} found, expected {count} at least")
    for fault in faults:
        print(f"{path}: {fault}", file=sys.stderr)
    return 1 if faults or not detections else 0


if __name__ == "__main__":
    sys.exit(main())
