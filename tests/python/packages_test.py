#!/usr/bin/env python3
"""The wheels of script/wheel as users have them: in a fresh virtual environment with NumPy and OpenCV alone.

Usage: packages_test.py SOURCE LIBRKNNRT DEMO [--python PYTHON] [--only NAME]
Runs every script of examples/ in a folder of its own. Ends with 77 where no wheel is built.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SECONDS = 600  # for one script
NOT_BUILT = 77


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("rknnrt")
    parser.add_argument("demo")
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tag = subprocess.run([options.python, "-c", "import sys; print('cp%d%d' % sys.version_info[:2])"],
                         capture_output=True, text=True, check=True).stdout.strip()
    wheels = sorted((options.source / "dist").glob(f"sixtops-*-{tag}-*.whl"))
    if not wheels:
        print(f"no wheel for {tag}; script/wheel builds it")
        return NOT_BUILT
    here = options.source / "tests" / "python"
    with tempfile.TemporaryDirectory(prefix="sixtops_python_") as folder:
        root = pathlib.Path(folder)
        python = root / "venv" / "bin" / "python"
        subprocess.run([options.python, "-m", "venv", root / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheels[-1], "numpy",
                        "opencv-python-headless"], check=True)
        subprocess.run(["/usr/bin/python3", here / "make_models.py", root / "models"], check=True)
        data = os.environ.get("SIXTOPS_TEST_DATA", options.source.parent / "shared")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "PYTHONPATH": str(here / "examples"),
                       "SIXTOPS_TEST_MODELS": str(root / "models"), "SIXTOPS_TEST_DATA": str(data),
                       "SIXTOPS_RKNNRT": options.rknnrt, "SIXTOPS_DEMO": options.demo, "SIXTOPS_SOURCE": str(options.source),
                       "PYTHONDONTWRITEBYTECODE": "1"}
        failed = []
        for script in sorted((here / "examples").glob("*.py")):
            if script.stem == "common" or options.only not in script.stem:
                continue
            place = root / script.stem
            place.mkdir()
            begin = time.monotonic()
            ran = subprocess.run([python, script], cwd=place, env=environment, capture_output=True, text=True, timeout=SECONDS)
            print(f"{script.stem:28} {'ok' if ran.returncode == 0 else 'FAILED':8} {time.monotonic() - begin:5.1f} s", flush=True)
            if ran.returncode != 0:
                failed.append(script.stem)
                print(ran.stdout[-3000:], ran.stderr[-3000:], sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
