// Concat as copies of whole stretches, split over the pool by bytes.
#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "base/thread_pool.h"
#include "cpu/engine/kernels.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

// Part of the result: `bytes` of each of its rows, from `offset` on.
struct Stretch {
  const std::byte* from = nullptr;
  int64_t offset = 0;
  int64_t bytes = 0;
};

// Bytes [begin, end) of the result, whose rows are `row_bytes` long.
void copy_range(const std::vector<Stretch>& stretches, int64_t row_bytes, int64_t begin, int64_t end, std::byte* to) {
  for (int64_t row = begin / row_bytes; row * row_bytes < end; ++row) {
    for (const Stretch& stretch : stretches) {
      const int64_t first = row * row_bytes + stretch.offset;
      const int64_t skip = std::clamp<int64_t>(begin - first, 0, stretch.bytes);
      const int64_t stop = std::clamp<int64_t>(end - first, skip, stretch.bytes);
      if (skip == stop) continue;
      std::memcpy(to + first + skip, stretch.from + row * stretch.bytes + skip, static_cast<size_t>(stop - skip));
    }
  }
}

}  // namespace

Result<Outputs> concat(const Arguments& arguments) {
  const Tensor& first = arguments.input(0);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), first.rank())));
  Shape shape = first.shape();
  shape[axis] = 0;
  for (const Tensor& part : arguments.inputs) {
    Shape other = part.shape();
    if (other.size() == shape.size()) other[axis] = shape[axis];
    if (other != shape || part.dtype() != first.dtype())
      return reference::kernels::Concat(arguments);  // says what differs
    shape[axis] = TRY(checked_add(shape[axis], part.shape()[axis]));
  }
  Tensor output = TRY(arguments.allocate_for_overwrite(first.dtype(), shape));
  if (output.empty()) return Outputs{output};
  int64_t rows = 1;
  for (size_t i = 0; i < axis; ++i) rows *= shape[i];
  std::vector<Stretch> stretches;
  int64_t row_bytes = 0;
  for (const Tensor& part : arguments.inputs) {
    stretches.push_back({part.bytes().data(), row_bytes, static_cast<int64_t>(part.byte_size()) / rows});
    row_bytes += stretches.back().bytes;
  }
  auto* const to = const_cast<std::byte*>(output.bytes().data());
  ThreadPool::process().parallel_for(
      rows * row_bytes, [&](int64_t begin, int64_t end) { copy_range(stretches, row_bytes, begin, end, to); });
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
