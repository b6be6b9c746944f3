#include "cpu/reference/pad_rule.h"

#include <algorithm>

#include "cpu/reference/indexed_copy.h"

namespace sixtops::cpu::reference {
namespace {

int64_t modulo(int64_t a, int64_t b) { return (a % b + b) % b; }

int64_t constant(int64_t index, int64_t extent) { return index < 0 || index >= extent ? kOutside : index; }
int64_t edge(int64_t index, int64_t extent) { return index < 0 ? 0 : std::min(index, extent - 1); }
int64_t wrap(int64_t index, int64_t extent) { return modulo(index, extent); }
int64_t reflect(int64_t index, int64_t extent) {
  if (extent == 1) return 0;
  const int64_t folded = modulo(index, 2 * (extent - 1));
  return folded < extent ? folded : 2 * (extent - 1) - folded;
}

}  // namespace

PadRule find_pad_rule(std::string_view mode) {
  if (mode == "edge") return edge;
  if (mode == "wrap") return wrap;
  if (mode == "reflect") return reflect;
  return constant;
}

}  // namespace sixtops::cpu::reference
