#include "cpu/reference/strided_loop.h"

#include <algorithm>

namespace sixtops::cpu::reference {
namespace {

struct Axis {
  int64_t extent = 1;
  std::array<int64_t, kMaxOperands> stride = {};
};

// Walking `inner` to its end and on leads every operand to the next element of `outer`.
bool continues(const Axis& outer, const Axis& inner) {
  for (size_t k = 0; k < kMaxOperands; ++k) {
    if (outer.stride[k] != inner.stride[k] * inner.extent) return false;
  }
  return true;
}

std::vector<Axis> merged_axes(const Shape& extents, std::span<const Strides> operands) {
  std::vector<Axis> axes;
  for (size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] == 1) continue;
    Axis axis{extents[i], {}};
    for (size_t k = 0; k < operands.size(); ++k) axis.stride[k] = operands[k][i];
    if (!axes.empty() && continues(axes.back(), axis)) {
      axis.extent *= axes.back().extent;
      axes.pop_back();
    }
    axes.push_back(axis);
  }
  return axes;
}

}  // namespace

void for_each_run(const Shape& extents, std::span<const Strides> operands,
                  const std::function<void(const Run&)>& visit) {
  if (std::find(extents.begin(), extents.end(), 0) != extents.end()) return;
  std::vector<Axis> axes = merged_axes(extents, operands);
  Run run;
  run.length = 1;
  if (!axes.empty()) {
    run.length = axes.back().extent;
    run.step = axes.back().stride;
    axes.pop_back();
  }
  std::vector<int64_t> index(axes.size(), 0);
  while (true) {
    visit(run);
    size_t i = axes.size();
    for (; i > 0; --i) {
      const Axis& axis = axes[i - 1];
      const bool wraps = ++index[i - 1] == axis.extent;
      for (size_t k = 0; k < kMaxOperands; ++k) {
        run.offset[k] += wraps ? axis.stride[k] * (1 - axis.extent) : axis.stride[k];
      }
      if (!wraps) break;
      index[i - 1] = 0;
    }
    if (i == 0) return;
  }
}

Strides broadcast_strides(const Shape& shape, const Shape& to) {
  const Strides dense = row_major_strides(shape);
  Strides strides(to.size(), 0);
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 1) strides[to.size() - shape.size() + i] = dense[i];
  }
  return strides;
}

}  // namespace sixtops::cpu::reference
