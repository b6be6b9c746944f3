#!/usr/bin/env python3
"""Holds the files of the project against the size rules of docs/design.md.

Usage: file_sizes.py SOURCE_FOLDER
"""
import pathlib
import statistics
import subprocess
import sys

MEDIAN, NINETY_PERCENT, LARGEST = 150, 450, 800


def main():
    root = pathlib.Path(sys.argv[1])
    names = subprocess.run(["git", "-C", root, "ls-files", "--", "*.cc", "*.h", "*.py", "*.c", "*.def"],
                           capture_output=True, text=True, check=True).stdout.split()
    sizes = sorted((len((root / name).read_text().splitlines()), name) for name in names)
    lines = [size for size, _ in sizes]
    median = statistics.median(lines)
    ninety = lines[int(0.9 * (len(lines) - 1))]
    print(f"{len(lines)} files, {sum(lines)} lines: median {median:.0f}, 90 % {ninety}, largest {sizes[-1][1]} {lines[-1]}")
    failed = median > MEDIAN or ninety > NINETY_PERCENT or lines[-1] > LARGEST
    if failed:
        print(f"expected: median <= {MEDIAN}, 90 % <= {NINETY_PERCENT}, none above {LARGEST}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
