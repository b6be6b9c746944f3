#include <algorithm>
#include <limits>

#include "base/error.h"
#include "importer/tensorflow/families.h"

namespace sixtops::importer::tensorflow {
namespace {

constexpr int64_t kToTheEnd = std::numeric_limits<int64_t>::max();

Status reshape(Translation& node) {
  Attributes attributes = with("shape", TRY(node.ints(1)));
  attributes.set("allowzero", int64_t{1});
  return node.write(TRY(node.step_in_order(false, Op::kReshape, {TRY(node.plain(0))}, std::move(attributes))));
}

Status transpose(Translation& node) {
  return node.write(
      TRY(node.step_in_order(false, Op::kTranspose, {TRY(node.plain(0))}, with("perm", TRY(node.ints(1))))));
}

// The axis comes last; in the old Concat, first.
Status concat(Translation& node) {
  if (node.input_count() < 2) return invalid_data("it joins nothing");
  const std::vector<ValueId> parts = TRY(node.aligned_inputs(node.input_count() - 1));
  const int64_t axis = TRY(node.integer(node.input_count() - 1));
  return node.write(TRY(node.step(Op::kConcat, parts, with("axis", TRY(node.layout().axis(parts[0], axis))))));
}

Status pack(Translation& node) {
  const int64_t axis = node.get_int("axis", 0);
  std::vector<ValueId> parts;
  for (size_t i = 0; i < node.input_count(); ++i) {
    const ValueId part = TRY(node.plain(i));
    parts.push_back(TRY(node.step_in_order(false, Op::kUnsqueeze, {part}, with("axes", Ints{axis}))));
  }
  return node.write(TRY(node.step_in_order(false, Op::kConcat, parts, with("axis", axis))));
}

Result<Ints> pads_of(Translation& node, ValueId x) {
  const Ints rows = TRY(node.ints(1));
  const size_t rank = TRY(node.shape(x)).size();
  if (rows.size() != 2 * rank) return invalid_data("{} pads for {} axes", rows.size(), rank);
  Ints begins;
  Ints ends;
  for (size_t axis = 0; axis < rank; ++axis) {
    begins.push_back(rows[2 * axis]);
    ends.push_back(rows[2 * axis + 1]);
  }
  Ints pads = node.layout().by_axis(x, begins);
  const Ints moved_ends = node.layout().by_axis(x, ends);
  pads.insert(pads.end(), moved_ends.begin(), moved_ends.end());
  return pads;
}

Status pad(Translation& node) {
  const ValueId x = TRY(node.input(0));
  Attributes attributes = with("pads", TRY(pads_of(node, x)));
  if (node.input_count() > 2) {
    const Tensor value = TRY(node.constant(2));
    if (value.element_count() != 1) return invalid_data("a value of {} elements to pad with", value.element_count());
    attributes.set("value", values_as<float>(value)[0]);
  }
  return node.write(TRY(node.step(Op::kPad, {x}, std::move(attributes))));
}

Status mirror_pad(Translation& node) {
  if (node.get_text("mode", "") != "REFLECT") return unsupported("symmetric padding");
  const ValueId x = TRY(node.input(0));
  Attributes attributes = with("pads", TRY(pads_of(node, x)));
  attributes.set("mode", std::string("reflect"));
  return node.write(TRY(node.step(Op::kPad, {x}, std::move(attributes))));
}

template <bool kNearest>
Status resize(Translation& node) {
  const ValueId x = TRY(node.picture(0));
  const Ints size = TRY(node.ints(1));
  if (size.size() != 2) return invalid_data("a size of {} numbers, expected 2", size.size());
  const bool aligned = node.get_flag("align_corners", false);
  const bool half = node.get_flag("half_pixel_centers", false);
  const Shape shape = TRY(node.shape(x));
  Attributes attributes = with("sizes", Ints{shape[0], shape[1], size[0], size[1]});
  attributes.set("mode", std::string(kNearest ? "nearest" : "linear"));
  const char* halves = kNearest ? "tf_half_pixel_for_nn" : "half_pixel";
  attributes.set("coordinate_transformation_mode", std::string(aligned ? "align_corners"
                                                               : half  ? halves
                                                                       : "asymmetric"));
  if (kNearest) attributes.set("nearest_mode", std::string(aligned ? "round_prefer_ceil" : "floor"));
  return node.write(TRY(node.step(Op::kResize, {x}, std::move(attributes))));
}

template <Op kOp>
Status rearrange_depth(Translation& node) {
  TRY(node.expect_channels_last());
  return node.write(TRY(node.step(kOp, {TRY(node.picture(0))}, with("blocksize", node.get_int("block_size", 1)))));
}

Result<ValueId> cut(Translation& node, ValueId x, Ints starts, Ints ends, Ints axes, Ints steps) {
  for (int64_t& axis : axes) axis = TRY(node.layout().axis(x, axis));
  Attributes attributes = with("starts", std::move(starts));
  attributes.set("ends", std::move(ends));
  attributes.set("axes", std::move(axes));
  attributes.set("steps", std::move(steps));
  return node.step(Op::kSlice, {x}, std::move(attributes));
}

Status slice(Translation& node) {
  const ValueId x = TRY(node.input(0));
  const Ints begins = TRY(node.ints(1));
  const Ints sizes = TRY(node.ints(2));
  if (begins.size() != sizes.size() || begins.size() != TRY(node.shape(x)).size())
    return invalid_data("a slice of another rank");
  Ints ends;
  Ints axes;
  for (size_t axis = 0; axis < begins.size(); ++axis) {
    int64_t end = kToTheEnd;
    if (sizes[axis] >= 0 && __builtin_add_overflow(begins[axis], sizes[axis], &end))
      return invalid_data("a slice beyond all measure");
    ends.push_back(end);
    axes.push_back(static_cast<int64_t>(axis));
  }
  const Ints steps(begins.size(), 1);
  return node.write(TRY(cut(node, x, begins, std::move(ends), std::move(axes), steps)));
}

// Bit i of a mask concerns entry i of begin, end and strides.
Status strided_slice(Translation& node) {
  const Ints begins = TRY(node.ints(1));
  const Ints ends = TRY(node.ints(2));
  const Ints strides = TRY(node.ints(3));
  if (ends.size() != begins.size() || strides.size() != begins.size() || begins.size() > kMaxRank) {
    return invalid_data("{} begins, {} ends and {} strides", begins.size(), ends.size(), strides.size());
  }
  const auto is_set = [&](const char* mask, size_t bit) {
    return (static_cast<uint64_t>(node.get_int(mask, 0)) >> bit & 1U) != 0;
  };
  const bool changes_rank = node.get_int("shrink_axis_mask", 0) != 0 || node.get_int("new_axis_mask", 0) != 0;
  const ValueId x = changes_rank ? TRY(node.plain(0)) : TRY(node.input(0));
  const auto rank = static_cast<int64_t>(TRY(node.shape(x)).size());
  int64_t named = 0;
  for (size_t i = 0; i < begins.size(); ++i) named += is_set("new_axis_mask", i) || is_set("ellipsis_mask", i) ? 0 : 1;
  if (named > rank) return invalid_data("{} entries for {} axes", named, rank);
  Ints starts, stops, axes, steps, dropped, added;
  int64_t axis = 0;
  int64_t result_axis = 0;
  for (size_t i = 0; i < begins.size(); ++i) {
    if (is_set("ellipsis_mask", i)) {
      axis += rank - named;
      result_axis += rank - named;
      continue;
    }
    if (is_set("new_axis_mask", i)) {
      added.push_back(result_axis++);
      continue;
    }
    const bool shrinks = is_set("shrink_axis_mask", i);
    const bool backwards = strides[i] < 0;
    starts.push_back(is_set("begin_mask", i) && !shrinks ? (backwards ? kToTheEnd : 0) : begins[i]);
    stops.push_back(is_set("end_mask", i) ? (backwards ? -kToTheEnd : kToTheEnd) : ends[i]);
    if (shrinks) stops.back() = begins[i] == -1 || begins[i] == kToTheEnd ? kToTheEnd : begins[i] + 1;
    steps.push_back(shrinks ? 1 : strides[i]);
    if (shrinks) dropped.push_back(axis);
    if (!shrinks) ++result_axis;
    axes.push_back(axis++);
  }
  ValueId result = TRY(cut(node, x, std::move(starts), std::move(stops), std::move(axes), std::move(steps)));
  if (!dropped.empty())
    result = TRY(node.step_in_order(false, Op::kSqueeze, {result}, with("axes", std::move(dropped))));
  if (!added.empty()) result = TRY(node.step_in_order(false, Op::kUnsqueeze, {result}, with("axes", std::move(added))));
  return node.write(result);
}

Status split(Translation& node) {
  constexpr int64_t kMaxParts = 10000;
  const ValueId x = TRY(node.input(1));
  const int64_t count = node.get_int("num_split", 1);
  if (count < 1 || count > kMaxParts) return invalid_data("a split into {} parts", count);
  Attributes attributes = with("axis", TRY(node.layout().axis(x, TRY(node.integer(0)))));
  attributes.set("num_outputs", count);
  const std::vector<ValueId> parts =
      TRY(node.step_with_outputs(Op::kSplit, {x}, std::move(attributes), static_cast<size_t>(count)));
  for (size_t i = 0; i < parts.size(); ++i) TRY(node.write(parts[i], i));
  return {};
}

Status tile(Translation& node) {
  const ValueId x = TRY(node.input(0));
  const Ints repeats = TRY(node.ints(1));
  if (repeats.size() != TRY(node.shape(x)).size()) return invalid_data("{} repeats for another rank", repeats.size());
  return node.write(TRY(node.step(Op::kTile, {x}, with("repeats", node.layout().by_axis(x, repeats)))));
}

Status gather(Translation& node) {
  if (node.get_int("batch_dims", 0) != 0) return unsupported("batch_dims");
  const int64_t axis = node.input_count() > 2 ? TRY(node.integer(2)) : 0;
  return node.write(
      TRY(node.step_in_order(false, Op::kGather, {TRY(node.plain(0)), TRY(node.plain(1))}, with("axis", axis))));
}

Status expand_dims(Translation& node) {
  const ValueId x = TRY(node.plain(0));
  return node.write(TRY(node.step_in_order(false, Op::kUnsqueeze, {x}, with("axes", Ints{TRY(node.integer(1))}))));
}

Status squeeze(Translation& node) {
  Ints axes = node.get_ints("squeeze_dims");
  if (axes.empty()) axes = node.get_ints("axis");
  Attributes attributes;
  if (!axes.empty()) attributes.set("axes", std::move(axes));
  return node.write(TRY(node.step_in_order(false, Op::kSqueeze, {TRY(node.plain(0))}, std::move(attributes))));
}

Status shape_of(Translation& node) {
  const Shape shape = TRY(node.shape(TRY(node.plain(0))));
  const Tensor known = Tensor::from_values<int64_t>({static_cast<int64_t>(shape.size())}, shape);
  return node.write(node.add_constant(TRY(cast(known, DType::kI32))));
}

constexpr TranslatorRow kRows[] = {
    {"ConcatV2", concat},
    {"DepthToSpace", rearrange_depth<Op::kDepthToSpace>},
    {"ExpandDims", expand_dims},
    {"Gather", gather},
    {"GatherV2", gather},
    {"MirrorPad", mirror_pad},
    {"Pack", pack},
    {"Pad", pad},
    {"PadV2", pad},
    {"Reshape", reshape},
    {"ResizeBilinear", resize<false>},
    {"ResizeNearestNeighbor", resize<true>},
    {"Shape", shape_of},
    {"Slice", slice},
    {"SpaceToDepth", rearrange_depth<Op::kSpaceToDepth>},
    {"Split", split},
    {"Squeeze", squeeze},
    {"StridedSlice", strided_slice},
    {"Tile", tile},
    {"Transpose", transpose},
};

}  // namespace

std::span<const TranslatorRow> movement_translators() { return kRows; }

}  // namespace sixtops::importer::tensorflow
