#!/usr/bin/env python3
"""Numbers of people in a video against people told apart by eye: how many numbers does one person get?

Usage: tracker_test.py SIXTOPS DATA_FOLDER [-v]   (exit code 77, skipped, without the data)
PEOPLE holds, for every second of vtest_20s.mp4, the middle of everybody who can be seen, written down by a person who looked
at the frames without boxes. A number belongs to the person whose middle lies in its box.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import SKIPPED  # noqa: E402
from reference_videos_test import convert_yolov5n, data_folder  # noqa: E402

FIRST, LAST = 0, 199  # frames of the window
MAX_NUMBERS = 1.3  # a person

# A leather jacket and papers, B black coat, C jeans and dark jacket, D red and navy jacket, E woman in black, F dark jacket
# walking away, G far on the lawn, H light blue jacket, I striped jacket, J walking downhill. Frame: person: x, y.
PEOPLE = {
    0: {"A": (268, 267), "B": (662, 282), "C": (515, 195)},
    10: {"A": (333, 251), "B": (564, 281), "C": (483, 207)},
    20: {"A": (380, 235), "B": (460, 274), "D": (706, 325), "E": (743, 322)},
    30: {"A": (392, 222), "B": (415, 256), "D": (648, 303), "E": (683, 298)},
    40: {"A": (408, 223), "B": (449, 231), "C": (387, 219), "D": (586, 281), "E": (617, 281), "F": (760, 337)},
    50: {"A": (410, 224), "B": (447, 210), "C": (385, 218), "D": (523, 263), "E": (569, 261), "F": (693, 315)},
    60: {"A": (409, 224), "B": (374, 201), "C": (388, 217), "D": (485, 248), "E": (517, 245), "F": (633, 285)},
    70: {"A": (419, 226), "B": (308, 205), "C": (385, 221), "D": (461, 233), "E": (494, 231), "F": (603, 262)},
    80: {"A": (418, 226), "B": (271, 209), "C": (387, 222), "D": (458, 215), "E": (489, 214), "F": (583, 239),
         "G": (279, 68)},
    90: {"A": (418, 226), "B": (304, 222), "C": (389, 219), "D": (476, 200), "E": (503, 203), "F": (583, 217),
         "G": (256, 72)},
    100: {"A": (440, 219), "B": (363, 240), "C": (393, 221), "D": (504, 186), "E": (528, 187), "F": (602, 195),
          "G": (228, 80)},
    110: {"B": (441, 245), "C": (387, 216), "D": (538, 175), "E": (562, 176), "F": (633, 180), "G": (203, 82)},
    120: {"B": (524, 254), "C": (385, 221), "D": (574, 162), "E": (599, 166), "F": (662, 168), "G": (174, 88),
          "H": (707, 255)},
    130: {"B": (614, 266), "C": (392, 222), "D": (601, 151), "E": (627, 155), "F": (693, 153), "G": (142, 96)},
    140: {"A": (439, 219), "C": (397, 223), "D": (627, 143), "E": (648, 147), "F": (716, 144), "G": (112, 102),
          "H": (534, 234), "I": (695, 285)},
    150: {"A": (449, 238), "C": (404, 237), "D": (646, 139), "E": (668, 139), "F": (719, 141), "G": (78, 111),
          "I": (607, 272)},
    160: {"A": (490, 247), "C": (448, 251), "D": (664, 135), "G": (42, 118), "H": (365, 209), "I": (518, 263),
          "J": (688, 142)},
    170: {"A": (536, 253), "C": (467, 257), "D": (681, 127), "E": (703, 131), "G": (13, 123), "H": (294, 205),
          "J": (647, 155)},
    180: {"A": (606, 263), "C": (516, 266), "D": (689, 130), "E": (712, 129), "H": (215, 197), "I": (379, 251),
          "J": (602, 164)},
    190: {"A": (670, 277), "C": (571, 292), "D": (692, 128), "E": (716, 128), "H": (154, 190), "I": (292, 243),
          "J": (555, 175)},
}


def numbers_of_people(frames, verbose):
    """Of every person the numbers, in their order."""
    numbers = {}
    for frame, people in PEOPLE.items():
        if not FIRST <= frame <= LAST:
            continue
        distances = []
        for name, (x, y) in people.items():
            for d in frames[frame]["detections"]:
                left, top, right, bottom = d["box"]
                if left <= x <= right and top <= y <= bottom:
                    distances.append((abs((left + right) / 2 - x) + abs((top + bottom) / 2 - y), name, d["id"]))
        taken = set()
        for _, name, number in sorted(distances):
            if not {name, number} & taken:
                taken |= {name, number}
                if verbose:
                    print(frame, name, number)
                if number not in numbers.setdefault(name, []):
                    numbers[name].append(number)
    return numbers


def main():
    sixtops, data, verbose = sys.argv[1], data_folder(sys.argv[2]), "-v" in sys.argv
    video = data / "data/video/vtest_20s.mp4"
    if not video.exists():
        print(f"{video} does not exist; set SIXTOPS_TEST_DATA to the folder of the test data")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        convert_yolov5n(sixtops, data, folder / "yolov5n.six")
        subprocess.run([sixtops, "detect", folder / "yolov5n.six", video, "--track", "--classes", "person", "--json",
                        folder / "lines.ndjson"], check=True, capture_output=True)
        frames = [json.loads(line) for line in (folder / "lines.ndjson").read_text().splitlines()]
    numbers = numbers_of_people(frames, verbose)
    total = sum(len(of_one) for of_one in numbers.values())
    print(f"{total} numbers of {len(numbers)} people, {total / len(numbers):.2f} each: {numbers}")
    return int(total > MAX_NUMBERS * len(numbers))


if __name__ == "__main__":
    sys.exit(main())
