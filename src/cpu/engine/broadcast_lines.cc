#include "cpu/engine/broadcast_lines.h"

#include <utility>

namespace sixtops::cpu::engine {
namespace {

// Extents around the block of axes on which `small` has elements of its own.
struct Block {
  int64_t outer = 1;
  int64_t block = 1;
  int64_t inner = 1;
};

std::optional<Block> find_block(const Shape& small, const Shape& whole) {
  Block result;
  const size_t missing = whole.size() - small.size();
  for (size_t axis = 0; axis < whole.size(); ++axis) {
    const int64_t extent = axis < missing ? 1 : small[axis - missing];
    if (extent == whole[axis] && extent != 1) {
      if (result.inner != 1) return std::nullopt;
      result.block *= extent;
    } else if (extent == 1) {
      (result.block == 1 ? result.outer : result.inner) *= whole[axis];
    } else {
      return std::nullopt;
    }
  }
  return result;
}

}  // namespace

std::optional<BroadcastLines> BroadcastLines::make(const Shape& a, const Shape& b) {
  const bool a_is_whole =
      a.size() > b.size() || (a.size() == b.size() && element_count(a).value() >= element_count(b).value());
  const Shape& whole = a_is_whole ? a : b;
  const std::optional<Block> found = find_block(a_is_whole ? b : a, whole);
  if (!found) return std::nullopt;
  BroadcastLines lines;
  // A block with elements behind it is one value a line; else it is a line itself.
  const bool constant = found->inner != 1 || found->block == 1;
  const int64_t values = constant ? found->block : 1;
  lines.length = constant ? found->inner : found->block;
  lines.line_count = found->outer * values;
  if (found->block == 1) std::swap(lines.line_count, lines.length);
  const size_t large = a_is_whole ? 0 : 1;
  lines.period[large] = lines.line_count;
  lines.stride[large] = lines.length;
  lines.period[1 - large] = values;
  lines.stride[1 - large] = constant ? 1 : 0;
  lines.step[1 - large] = constant ? 0 : 1;
  return lines;
}

}  // namespace sixtops::cpu::engine
