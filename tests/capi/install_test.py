#!/usr/bin/env python3
"""An installed librknnrt builds examples/minimal.c by pkg-config and by find_package, and the program runs.

Usage: install_test.py CMAKE BUILD_FOLDER SOURCE_FOLDER MAKE_DEMO_MODEL C_COMPILER
"""
import os
import pathlib
import subprocess
import sys
import tempfile

CMAKE, BUILD, SOURCE, MAKE_DEMO_MODEL, COMPILER = sys.argv[1:6]

PROJECT = """cmake_minimum_required(VERSION 3.16)
project(minimal LANGUAGES C)
find_package(rknnrt REQUIRED)
add_executable(minimal {source})
target_link_libraries(minimal PRIVATE rknnrt::rknnrt)
"""


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    place = pathlib.Path(folder)
    prefix = place / "prefix"
    run(CMAKE, "--install", BUILD, "--prefix", prefix, "--component", "rknnrt")
    library = next(prefix.rglob("librknnrt.so"))
    assert next(prefix.rglob("librknnrt.a")).is_file()
    model = place / "model.six"
    run(MAKE_DEMO_MODEL, model)
    source = pathlib.Path(SOURCE) / "examples" / "minimal.c"
    environment = dict(os.environ, LD_LIBRARY_PATH=str(library.parent))

    package = dict(os.environ, PKG_CONFIG_PATH=str(next(prefix.rglob("rknnrt.pc")).parent))
    flags = run("pkg-config", f"--define-variable=prefix={prefix}", "--cflags", "--libs", "rknnrt", env=package).split()
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    run(COMPILER, *strict, source, "-o", place / "by_pkg_config", *flags)
    assert len(run(place / "by_pkg_config", model, env=environment).splitlines()) == 5

    (place / "CMakeLists.txt").write_text(PROJECT.format(source=source))
    run(CMAKE, "-S", place, "-B", place / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(CMAKE, "--build", place / "build")
    assert len(run(place / "build" / "minimal", model, env=environment).splitlines()) == 5
print("minimal.c builds both ways and runs")
