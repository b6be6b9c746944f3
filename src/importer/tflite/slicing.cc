// Parts of a tensor.
#include <limits>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using wire::Operation;

constexpr int64_t kToTheEnd = std::numeric_limits<int64_t>::max();

// A part of some axes of the file's tensor.
struct Part {
  Ints starts, ends, axes, steps;
  void add(int64_t axis, int64_t start, int64_t end, int64_t step) {
    axes.push_back(axis);
    starts.push_back(start);
    ends.push_back(end);
    steps.push_back(step);
  }
};

Result<ValueId> cut(Translation& op, ValueId x, Part part) {
  for (int64_t& axis : part.axes) axis = TRY(op.axis(x, axis));
  Attributes attributes;
  attributes.set("starts", std::move(part.starts));
  attributes.set("ends", std::move(part.ends));
  attributes.set("axes", std::move(part.axes));
  attributes.set("steps", std::move(part.steps));
  return op.step(Op::kSlice, {x}, std::move(attributes));
}

Status slice(Translation& op) {
  TRY(op.expect(3, 3));
  const ValueId x = TRY(op.input(0));
  const Ints begins = TRY(op.ints(1));
  const Ints sizes = TRY(op.ints(2));
  if (begins.size() != op.shape(x).size() || sizes.size() != begins.size()) {
    return invalid_data("{} begins and {} sizes for {} axes", begins.size(), sizes.size(), op.shape(x).size());
  }
  Part part;
  for (size_t axis = 0; axis < begins.size(); ++axis) {
    int64_t end = kToTheEnd;  // a size of -1
    if (sizes[axis] >= 0 && __builtin_add_overflow(begins[axis], sizes[axis], &end)) {
      return invalid_data("a slice of {} elements from {} on", sizes[axis], begins[axis]);
    }
    part.add(static_cast<int64_t>(axis), begins[axis], end, 1);
  }
  return op.write(TRY(cut(op, x, std::move(part))));
}

// Bit i of a mask concerns entry i of begin, end and strides.
Status strided_slice(Translation& op) {
  TRY(op.expect(4, 4));
  const wire::StridedSliceOptions& options = *TRY(op.options<wire::StridedSliceOptions>());
  if (options.offset()) return unsupported("ends that count from the beginning");
  const Ints begins = TRY(op.ints(1));
  const Ints ends = TRY(op.ints(2));
  const Ints strides = TRY(op.ints(3));
  if (ends.size() != begins.size() || strides.size() != begins.size() || begins.size() > kMaxRank) {
    return invalid_data("{} begins, {} ends and {} strides", begins.size(), ends.size(), strides.size());
  }
  const bool changes_rank = options.shrink_axis_mask() != 0 || options.new_axis_mask() != 0;
  const ValueId x = changes_rank ? TRY(op.plain(0)) : TRY(op.input(0));
  const auto rank = static_cast<int64_t>(op.shape(x).size());
  const auto is_set = [](int mask, size_t bit) { return (static_cast<unsigned>(mask) >> bit & 1U) != 0; };
  int64_t named_axes = 0;
  for (size_t i = 0; i < begins.size(); ++i) {
    if (!is_set(options.new_axis_mask(), i) && !is_set(options.ellipsis_mask(), i)) ++named_axes;
  }
  if (named_axes > rank) return invalid_data("{} entries for {} axes", named_axes, rank);
  Part part;
  Ints dropped;
  Ints added;  // axes of the result
  int64_t axis = 0;
  int64_t result_axis = 0;
  for (size_t i = 0; i < begins.size(); ++i) {
    if (is_set(options.ellipsis_mask(), i)) {
      axis += rank - named_axes;
      result_axis += rank - named_axes;
      continue;
    }
    if (is_set(options.new_axis_mask(), i)) {
      added.push_back(result_axis++);
      continue;
    }
    const bool shrinks = is_set(options.shrink_axis_mask(), i);
    const bool backwards = strides[i] < 0;
    int64_t begin = is_set(options.begin_mask(), i) ? (backwards ? kToTheEnd : 0) : begins[i];
    int64_t end = is_set(options.end_mask(), i) ? (backwards ? -kToTheEnd : kToTheEnd) : ends[i];
    if (shrinks) {
      begin = begins[i];
      end = begin == -1 ? kToTheEnd : begin + 1;
      dropped.push_back(axis);
    } else {
      ++result_axis;
    }
    part.add(axis++, begin, end, shrinks ? 1 : strides[i]);
  }
  ValueId result = TRY(cut(op, x, std::move(part)));
  if (!dropped.empty()) {
    Attributes attributes;
    attributes.set("axes", std::move(dropped));
    result = TRY(op.step_in_order(false, Op::kSqueeze, {result}, std::move(attributes)));
  }
  if (!added.empty()) {
    Attributes attributes;
    attributes.set("axes", std::move(added));
    result = TRY(op.step_in_order(false, Op::kUnsqueeze, {result}, std::move(attributes)));
  }
  return op.write(result);
}

Status write_parts(Translation& op, ValueId x, int64_t axis_in_file, Attributes attributes) {
  attributes.set("axis", TRY(op.axis(x, axis_in_file)));
  const std::vector<ValueId> parts =
      TRY(op.step_with_outputs(Op::kSplit, {x}, std::move(attributes), op.output_count()));
  for (size_t i = 0; i < parts.size(); ++i) TRY(op.write(parts[i], i));
  return {};
}

Result<int64_t> only_int(Translation& op, size_t operand) {
  const Ints values = TRY(op.ints(operand));
  if (values.size() != 1) return invalid_data("operand {} has {} numbers, expected 1", operand, values.size());
  return values[0];
}

Status split(Translation& op) {
  TRY(op.expect(2, 2, op.output_count()));
  const int64_t axis = TRY(only_int(op, 0));
  Attributes attributes;
  attributes.set("num_outputs", static_cast<int64_t>(op.output_count()));
  return write_parts(op, TRY(op.input(1)), axis, std::move(attributes));
}

Status split_by_sizes(Translation& op) {
  TRY(op.expect(3, 3, op.output_count()));
  const ValueId x = TRY(op.input(0));
  Ints sizes = TRY(op.ints(1));
  const int64_t axis = TRY(only_int(op, 2));
  int64_t rest = op.shape(x)[static_cast<size_t>(TRY(op.axis(x, axis)))];
  for (const int64_t size : sizes) rest -= std::max<int64_t>(size, 0);
  for (int64_t& size : sizes) {
    if (size == -1) size = rest;
  }
  Attributes attributes;
  attributes.set("split", std::move(sizes));
  return write_parts(op, x, axis, std::move(attributes));
}

Status unpack(Translation& op) {
  TRY(op.expect(1, 1, op.output_count()));
  const wire::UnpackOptions& options = *TRY(op.options<wire::UnpackOptions>());
  const ValueId x = TRY(op.plain(0));
  const int64_t axis = TRY(op.axis(x, options.axis()));
  Attributes attributes;
  attributes.set("axis", axis);
  attributes.set("num_outputs", static_cast<int64_t>(op.output_count()));
  const std::vector<ValueId> parts =
      TRY(op.step_with_outputs(Op::kSplit, {x}, std::move(attributes), op.output_count()));
  for (size_t i = 0; i < parts.size(); ++i) {
    Attributes squeeze;
    squeeze.set("axes", Ints{axis});
    TRY(op.write(TRY(op.step_in_order(false, Op::kSqueeze, {parts[i]}, std::move(squeeze))), i));
  }
  return {};
}

constexpr TranslatorRow kRows[] = {
    {Operation::SLICE, slice},   {Operation::STRIDED_SLICE, strided_slice},
    {Operation::SPLIT, split},   {Operation::SPLIT_V, split_by_sizes},
    {Operation::UNPACK, unpack},
};

}  // namespace

std::span<const TranslatorRow> slicing_translators() { return kRows; }

}  // namespace sixtops::importer::tflite
