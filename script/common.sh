# Sourced by every script here: where the source lies, where builds go, how packages are installed.

set -euo pipefail
source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Builds go to build/ beside the source; where that cannot be written, to a cache of the user's.
if [ -z "${SIXTOPS_BUILD_ROOT:-}" ]; then
  if [ -z "${SIXTOPS_BUILD:-}" ] && mkdir -p "$source_root/build" 2>/dev/null && [ -w "$source_root/build" ]; then
    SIXTOPS_BUILD_ROOT=$source_root/build
  else
    SIXTOPS_BUILD_ROOT=${SIXTOPS_BUILD:-${HOME:-/tmp}/.cache/sixtops/build}
    mkdir -p "$SIXTOPS_BUILD_ROOT"
    say "Everything that is built goes to $SIXTOPS_BUILD_ROOT"
  fi
fi
export SIXTOPS_BUILD_ROOT

# configure_and_build PRESET [TARGET...]
configure_and_build() {
  local preset=$1
  shift
  (cd "$source_root" && cmake --preset "$preset" >"$SIXTOPS_BUILD_ROOT/configure-$preset.log" 2>&1) ||
    { tail -30 "$SIXTOPS_BUILD_ROOT/configure-$preset.log" >&2; return 1; }
  cmake --build "$SIXTOPS_BUILD_ROOT/$preset" ${1:+--target "$@"} >&2
}
