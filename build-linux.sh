#!/usr/bin/env bash
# Builds the demo programs for a board or for this machine and installs them, with libraries and labels, under
# install/rknn_yolov5_demo_Linux/.
#
#   ./build-linux.sh -t rk3588 -a aarch64 [-b Release|Debug|RelWithDebInfo|MinSizeRel]
#   ./build-linux.sh -t rk3588 -a x86_64
#
#   -t  the chip: rk3588
#   -a  the architecture that the programs run on; another one than this machine's is cross-built
#   -b  the CMake build type, default Release
#   GCC_COMPILER=/path/to/aarch64-linux-gnu   the cross compiler up to its -gcc and -g++; default: Debian's
. "$(dirname "$0")/script/common.sh"

usage() { sed -n '2,/^\. /{/^\. /d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }

target_soc=
target_arch=
build_type=Release
while getopts ":t:a:b:h" option; do
  case $option in
    t) target_soc=$OPTARG ;;
    a) target_arch=$OPTARG ;;
    b) build_type=$OPTARG ;;
    :) say "-$OPTARG needs a value"; usage ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 0 ] || { say "'$1' is no option"; usage; }
[ -n "$target_soc" ] && [ -n "$target_arch" ] || { say "-t and -a are needed"; usage; }
[ "$target_soc" = rk3588 ] || { say "-t $target_soc: only rk3588 is supported"; exit 2; }
case $build_type in
  Release | Debug | RelWithDebInfo | MinSizeRel) ;;
  *) say "-b $build_type: expected Release, Debug, RelWithDebInfo or MinSizeRel"; exit 2 ;;
esac

host_arch=$(uname -m)
folder=${build_type,,}
toolchain=()
compiler=
case $target_arch in
  "$host_arch") ;;
  aarch64)
    compiler=${GCC_COMPILER:-aarch64-linux-gnu}
    toolchain=("-DCMAKE_TOOLCHAIN_FILE=$source_root/cmake/aarch64.cmake")
    [ "$build_type" = Release ] && folder=aarch64 || folder=aarch64-$folder
    [ -z "${GCC_COMPILER:-}" ] || folder=$folder-$(basename "$GCC_COMPILER")-$(printf '%s' "$GCC_COMPILER" | cksum | cut -d' ' -f1)
    ;;
  *) say "-a $target_arch: expected aarch64, or $host_arch, which this machine is"; exit 2 ;;
esac
cc=${compiler:+$compiler-}gcc
cxx=${compiler:+$compiler-}g++
for program in "$cc" "$cxx"; do
  command -v "$program" >/dev/null && continue
  say "The compiler $program is not there."
  if [ -z "$compiler" ]; then
    say "Install it with: apt-get install g++"
  else
    say "Install Debian's with: apt-get install crossbuild-essential-arm64"
    say "or set GCC_COMPILER to yours, up to and including aarch64-linux-gnu."
  fi
  exit 1
done

for tool in cmake ninja protoc flatc; do
  command -v "$tool" >/dev/null || { say "The build needs $tool; install what it needs with: script/bootstrap build"; exit 1; }
done

# What the programs link against, for the architecture that they run on.
packages="libfmt-dev libopenblas-dev libjpeg-dev libpng-dev libfreetype-dev zlib1g-dev libprotobuf-dev"
suffix=
[ -z "$compiler" ] || suffix=:arm64
missing=
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package$suffix" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package$suffix"
done
if [ -n "$missing" ]; then
  say "These libraries are missing:$missing"
  if [ -n "$suffix" ]; then
    say "Install them with: dpkg --add-architecture arm64 && apt-get update && apt-get install$missing"
  else
    say "Install them with: script/bootstrap build"
  fi
  exit 1
fi

build_dir=$SIXTOPS_BUILD_ROOT/$folder
install_dir=$source_root/install/rknn_yolov5_demo_Linux
echo "==================================="
echo "TARGET_SOC=$target_soc"
echo "TARGET_ARCH=$target_arch"
echo "BUILD_TYPE=$build_type"
echo "BUILD_DIR=$build_dir"
echo "CC=$cc"
echo "CXX=$cxx"
echo "==================================="

mkdir -p "$build_dir"
cmake -S "$source_root" -B "$build_dir" -G Ninja "-DCMAKE_BUILD_TYPE=$build_type" "${toolchain[@]}"
cmake --build "$build_dir" --target demo_programs
rm -rf "$install_dir"
cmake --install "$build_dir" --component rknn_yolov5_demo --prefix "$install_dir"
mkdir -p "$install_dir/model/RK3588"
say "The programs are in $install_dir; copy a network of 'sixtops convert' into its model/RK3588/."
