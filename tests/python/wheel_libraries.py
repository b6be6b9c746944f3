#!/usr/bin/env python3
"""A wheel needs only what every Linux has, and what it brings along: no library of the machine that built it.

Usage: wheel_libraries.py WHEEL...
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

# What the manylinux policies let a wheel expect.
ALLOWED = {"libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libgcc_s.so.1", "libstdc++.so.6",
           "libz.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
# Under the GPL as the distribution builds them.
FORBIDDEN = re.compile(r"lib(av\w+|sw\w+|x264|x265|postproc)[-.]")
MAX_BYTES = 100 << 20


def needed_by(library):
    text = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", text)


def check(wheel):
    tag = wheel.name.rsplit("-", 1)[1]
    problems = [] if tag.startswith("manylinux_") else [f"platform tag {tag}, expected manylinux"]
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        files = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
        libraries = [path for path in files if ".so" in path.name]
        brought = {path.name for path in libraries}
        for library in libraries:
            problems += [f"{library.name} needs {name}" for name in needed_by(library) if name not in ALLOWED | brought]
        problems += [f"brings {name}" for name in brought if FORBIDDEN.match(name)]
        size = sum(path.stat().st_size for path in files)
    if not any(name.startswith("_core.") for name in brought):
        problems.append("holds no extension module")
    if size > MAX_BYTES:
        problems.append(f"unpacks to {size >> 20} MiB, at most {MAX_BYTES >> 20} are expected")
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(brought)} libraries"
          + "".join(f"\n  {problem}" for problem in problems))
    return not problems


def main():
    results = [check(pathlib.Path(name)) for name in sys.argv[1:]]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
