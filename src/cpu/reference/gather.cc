// Ops that pick elements or blocks by index: Gather, GatherElements, GatherND, Compress.
#include <array>

#include "base/error.h"
#include "cpu/reference/element_bytes.h"
#include "cpu/reference/indices.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_loop.h"

namespace sixtops::cpu::reference {
namespace {

// Copies block number blocks[i] of `from` to block i of `to`.
void copy_blocks(const Tensor& from, const std::vector<int64_t>& blocks, int64_t block_elements, Tensor& to) {
  if (to.empty()) return;
  const size_t bytes = static_cast<size_t>(block_elements) * dtype_size(from.dtype());
  for (size_t i = 0; i < blocks.size(); ++i) {
    const auto block = static_cast<size_t>(blocks[i]);
    std::memcpy(writable_bytes(to) + i * bytes, from.bytes().data() + block * bytes, bytes);
  }
}

// The slices of x at `indices` along an axis, laid out as `shape`.
Result<Outputs> take(const Arguments& arguments, size_t axis, const std::vector<int64_t>& indices, Shape shape) {
  const Tensor& x = arguments.input(0);
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  if (y.empty()) return Outputs{y};
  const int64_t extent = x.shape()[axis];
  const int64_t inner = row_major_strides(x.shape())[axis];
  std::vector<int64_t> blocks;
  for (int64_t outer = 0; outer < x.element_count() / inner / extent; ++outer) {
    for (const int64_t index : indices) blocks.push_back(outer * extent + index);
  }
  copy_blocks(x, blocks, inner, y);
  return Outputs{std::move(y)};
}

}  // namespace

namespace kernels {

Result<Outputs> Gather(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  const std::vector<int64_t> list = TRY(read_indices(indices, x.shape()[axis]));
  sixtops::Shape shape(x.shape().begin(), x.shape().begin() + static_cast<int64_t>(axis));
  shape.insert(shape.end(), indices.shape().begin(), indices.shape().end());
  shape.insert(shape.end(), x.shape().begin() + static_cast<int64_t>(axis) + 1, x.shape().end());
  return take(arguments, axis, list, shape);
}

Result<Outputs> Compress(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& condition = arguments.input(1);
  if (condition.dtype() != DType::kBool) {
    return invalid_data("the condition is {}, expected bool", dtype_name(condition.dtype()));
  }
  const bool flat = !arguments.node.has("axis");
  size_t axis = 0;
  if (!flat) axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  const int64_t extent = flat ? x.element_count() : x.shape()[axis];
  std::vector<int64_t> list;
  int64_t index = 0;
  for (const bool wanted : condition.values<bool>()) {
    if (wanted) list.push_back(TRY(normalize_index(index, extent)));
    ++index;
  }
  if (flat) {
    Tensor y = TRY(arguments.allocate(x.dtype(), {static_cast<int64_t>(list.size())}));
    copy_blocks(x, list, 1, y);
    return Outputs{std::move(y)};
  }
  sixtops::Shape shape = x.shape();
  shape[axis] = static_cast<int64_t>(list.size());
  return take(arguments, axis, list, shape);
}

Result<Outputs> GatherElements(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  TRY(check_index_shape(indices, x.shape(), axis));
  const std::vector<int64_t> list = TRY(read_indices(indices, x.shape()[axis]));
  Tensor y = TRY(arguments.allocate(x.dtype(), indices.shape()));
  Strides strides = row_major_strides(x.shape());
  const int64_t axis_stride = strides[axis];
  strides[axis] = 0;
  const std::array<Strides, 2> operands = {row_major_strides(y.shape()), strides};
  visit_element_size(x.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    for_each_run(y.shape(), operands, [&](const Run& run) {
      for (int64_t i = 0; i < run.length; ++i) {
        const int64_t to = run.offset[0] + i;
        const int64_t from = run.offset[1] + i * run.step[1] + list[static_cast<size_t>(to)] * axis_stride;
        std::memcpy(element<kSize>(writable_bytes(y), to), element<kSize>(x.bytes().data(), from), kSize);
      }
    });
  });
  return Outputs{std::move(y)};
}

Result<Outputs> GatherND(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  const int64_t batch_axes = arguments.node.get_int("batch_dims");
  const auto batched = static_cast<size_t>(batch_axes);
  if (batch_axes >= std::min(x.rank(), indices.rank()) ||
      !std::equal(x.shape().begin(), x.shape().begin() + batch_axes, indices.shape().begin())) {
    return invalid_data("data {} and indices {} do not share {} batch axes", shape_text(x.shape()),
                        shape_text(indices.shape()), batch_axes);
  }
  const std::vector<int64_t> offsets = TRY(read_index_tuples(indices, x.shape(), batched));
  const auto length = static_cast<size_t>(indices.shape().back());
  const sixtops::Shape block(x.shape().begin() + static_cast<int64_t>(batched + length), x.shape().end());
  sixtops::Shape shape(indices.shape().begin(), indices.shape().end() - 1);
  shape.insert(shape.end(), block.begin(), block.end());
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  if (y.empty()) return Outputs{y};

  const int64_t block_elements = TRY(element_count(block));
  const int64_t batches = TRY(element_count(sixtops::Shape(x.shape().begin(), x.shape().begin() + batch_axes)));
  const int64_t batch_elements = x.element_count() / batches;
  const int64_t tuples_a_batch = static_cast<int64_t>(offsets.size()) / batches;
  std::vector<int64_t> blocks;
  for (int64_t i = 0; i < static_cast<int64_t>(offsets.size()); ++i) {
    const int64_t offset = i / tuples_a_batch * batch_elements + offsets[static_cast<size_t>(i)];
    blocks.push_back(offset / block_elements);
  }
  copy_blocks(x, blocks, block_elements, y);
  return Outputs{std::move(y)};
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
