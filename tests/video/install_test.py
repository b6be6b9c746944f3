#!/usr/bin/env python3
"""An installed libsixtops_video builds a program by pkg-config and by find_package, and the program runs.

Usage: install_test.py CMAKE BUILD_FOLDER CXX_COMPILER
"""
import os
import pathlib
import subprocess
import sys
import tempfile

CMAKE, BUILD, COMPILER = sys.argv[1:4]

PROGRAM = """#include <sixtops/video.h>

#include <cstdio>

namespace api = sixtops::api;

int main() {
  api::VideoOptions options;
  options.source = "test:64x48@25:5";
  options.outputs = {"out.h264"};
  options.labels = {"thing"};
  int frames = 0, objects = 0;
  options.on_frame = [&](const api::VideoFrame& frame) {
    ++frames;
    objects += static_cast<int>(frame.objects->size());
  };
  api::VideoSummary summary;
  std::string error;
  const auto detect = [](const api::Picture& picture, std::vector<api::Object>& found, std::string&) {
    found.push_back({0, 0, picture.width / 2.0F, picture.height / 2.0F, 0.9F, 0});
    return true;
  };
  if (!api::run_video(options, detect, summary, error)) std::puts(error.c_str());
  std::printf("%d frames, %d objects of %s\\n", frames, objects, api::label_of(options.labels, 0).c_str());
}
"""

PROJECT = """cmake_minimum_required(VERSION 3.16)
project(program LANGUAGES CXX)
find_package(sixtops_video REQUIRED)
add_executable(program program.cc)
target_compile_features(program PRIVATE cxx_std_17)
target_link_libraries(program PRIVATE sixtops_video::sixtops_video sixtops_video::sixtops_vision)
"""


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    place = pathlib.Path(folder)
    prefix = place / "prefix"
    run(CMAKE, "--install", BUILD, "--prefix", prefix, "--component", "sixtops_video")
    environment = dict(os.environ, LD_LIBRARY_PATH=str(next(prefix.rglob("libsixtops_video.so")).parent))
    (place / "program.cc").write_text(PROGRAM)
    (place / "CMakeLists.txt").write_text(PROJECT)

    package = dict(os.environ, PKG_CONFIG_PATH=str(next(prefix.rglob("sixtops_video.pc")).parent))
    flags = run("pkg-config", f"--define-variable=prefix={prefix}", "--cflags", "--libs", "sixtops_video",
                env=package).split()
    strict = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    run(COMPILER, *strict, place / "program.cc", "-o", place / "by_pkg_config", *flags)
    run(CMAKE, "-S", place, "-B", place / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(CMAKE, "--build", place / "build")
    for program in (place / "by_pkg_config", place / "build" / "program"):
        assert run(program, cwd=place, env=environment) == "5 frames, 5 objects of thing\n"
        assert (place / "out.h264").stat().st_size > 0
print("the program builds both ways and runs")
