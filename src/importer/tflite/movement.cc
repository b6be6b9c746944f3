#include <algorithm>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using wire::Operation;

Result<ValueId> reshape_to(Translation& op, ValueId plain, const Shape& shape) {
  Attributes attributes;
  attributes.set("shape", Ints(shape));
  attributes.set("allowzero", int64_t{1});
  return op.step_in_order(false, Op::kReshape, {plain}, std::move(attributes));
}

// The target: a constant operand, the options, or what the file states of the result.
Status reshape(Translation& op) {
  TRY(op.expect(1, 2));
  const std::optional<Tensor> operand = TRY(op.constant(1));
  const auto* options = op.maybe_options<wire::ReshapeOptions>();
  Shape target = TRY(op.stated_output_shape());
  if (operand && !is_float(operand->dtype())) {
    target = values_as<int64_t>(*operand);
  } else if (options != nullptr && options->new_shape() != nullptr && op.input_count() == 1) {
    target.assign(options->new_shape()->begin(), options->new_shape()->end());
  }
  const ValueId x = TRY(op.plain(0));
  return op.write(TRY(reshape_to(op, x, target)));
}

// Only extents of 1 come and go.
Status reshape_as_stated(Translation& op) {
  TRY(op.expect(1, 2));
  const ValueId x = TRY(op.plain(0));
  return op.write(TRY(reshape_to(op, x, TRY(op.stated_output_shape()))));
}

Status transpose(Translation& op) {
  TRY(op.expect(2, 2));
  Attributes attributes;
  attributes.set("perm", TRY(op.ints(1)));
  const ValueId x = TRY(op.plain(0));
  return op.write(TRY(op.step_in_order(false, Op::kTranspose, {x}, std::move(attributes))));
}

Status concatenation(Translation& op) {
  TRY(op.expect(1, kAnyCount));
  const wire::ConcatenationOptions& options = *TRY(op.options<wire::ConcatenationOptions>());
  const std::vector<ValueId> parts = TRY(op.aligned_inputs());
  Attributes attributes;
  attributes.set("axis", TRY(op.axis(parts[0], options.axis())));
  const ValueId joined = TRY(op.step(Op::kConcat, parts, std::move(attributes)));
  return op.write(TRY(op.activate(joined, options.activation())));
}

// One row of two numbers an axis → all beginnings, all ends.
Result<Ints> pads_of(Translation& op, ValueId x) {
  const Ints rows = TRY(op.ints(1));
  const size_t rank = op.shape(x).size();
  if (rows.size() != 2 * rank) return invalid_data("{} pads for {} axes", rows.size(), rank);
  Ints begins;
  Ints ends;
  for (size_t axis = 0; axis < rank; ++axis) {
    begins.push_back(rows[2 * axis]);
    ends.push_back(rows[2 * axis + 1]);
  }
  Ints pads = op.by_axis(x, begins);
  const Ints moved_ends = op.by_axis(x, ends);
  pads.insert(pads.end(), moved_ends.begin(), moved_ends.end());
  return pads;
}

Status pad(Translation& op) {
  TRY(op.expect(2, 3));
  const ValueId x = TRY(op.input(0));
  Attributes attributes;
  attributes.set("pads", TRY(pads_of(op, x)));
  if (op.has_input(2)) {
    const std::optional<Tensor> value = TRY(op.constant(2));
    if (!value || value->element_count() != 1) return unsupported("a computed value to pad with");
    if (op.is_output_quantized()) return unsupported("a value other than zero to pad quantized tensors with");
    attributes.set("value", values_as<float>(*value)[0]);
  }
  return op.write(TRY(op.step(Op::kPad, {x}, std::move(attributes))));
}

Status mirror_pad(Translation& op) {
  TRY(op.expect(2, 2));
  constexpr int kReflect = 0;
  if (TRY(op.options<wire::MirrorPadOptions>())->mode() != kReflect) return unsupported("symmetric padding");
  const ValueId x = TRY(op.input(0));
  Attributes attributes;
  attributes.set("pads", TRY(pads_of(op, x)));
  attributes.set("mode", std::string("reflect"));
  return op.write(TRY(op.step(Op::kPad, {x}, std::move(attributes))));
}

Result<ValueId> resize_to(Translation& op, Attributes attributes) {
  TRY(op.expect(2, 2));
  const ValueId x = TRY(op.picture(0));
  const Ints size = TRY(op.ints(1));
  if (size.size() != 2) return invalid_data("a size of {} numbers, expected 2", size.size());
  attributes.set("sizes", Ints{op.shape(x)[0], op.shape(x)[1], size[0], size[1]});
  return op.step(Op::kResize, {x}, std::move(attributes));
}

Status resize_bilinear(Translation& op) {
  const auto* options = op.maybe_options<wire::ResizeBilinearOptions>();
  const bool aligned = options != nullptr && options->align_corners();
  const bool half = options != nullptr && options->half_pixel_centers();
  Attributes attributes;
  attributes.set("mode", std::string("linear"));
  attributes.set("coordinate_transformation_mode", std::string(aligned ? "align_corners"
                                                               : half  ? "half_pixel"
                                                                       : "asymmetric"));
  return op.write(TRY(resize_to(op, std::move(attributes))));
}

Status resize_nearest(Translation& op) {
  const auto* options = op.maybe_options<wire::ResizeNearestNeighborOptions>();
  const bool aligned = options != nullptr && options->align_corners();
  const bool half = options != nullptr && options->half_pixel_centers();
  Attributes attributes;
  attributes.set("mode", std::string("nearest"));
  attributes.set("coordinate_transformation_mode", std::string(aligned ? "align_corners"
                                                               : half  ? "tf_half_pixel_for_nn"
                                                                       : "asymmetric"));
  attributes.set("nearest_mode", std::string(aligned ? "round_prefer_ceil" : "floor"));
  return op.write(TRY(resize_to(op, std::move(attributes))));
}

template <typename Options, Op kOp>
Status rearrange_depth(Translation& op) {
  TRY(op.expect(1, 1));
  Attributes attributes;
  attributes.set("blocksize", int64_t{TRY(op.options<Options>())->block_size()});
  return op.write(TRY(op.step(kOp, {TRY(op.picture(0))}, std::move(attributes))));
}

Status tile(Translation& op) {
  TRY(op.expect(2, 2));
  const ValueId x = TRY(op.input(0));
  const Ints repeats = TRY(op.ints(1));
  if (repeats.size() != op.shape(x).size()) return invalid_data("{} repeats for another rank", repeats.size());
  Attributes attributes;
  attributes.set("repeats", op.by_axis(x, repeats));
  return op.write(TRY(op.step(Op::kTile, {x}, std::move(attributes))));
}

Status broadcast_to(Translation& op) {
  TRY(op.expect(2, 2));
  const ValueId x = TRY(op.plain(0));
  Attributes attributes;
  attributes.set("shape", TRY(op.ints(1)));
  return op.write(TRY(op.step_in_order(false, Op::kExpand, {x}, std::move(attributes))));
}

Status gather(Translation& op) {
  TRY(op.expect(2, 2));
  const auto* options = op.maybe_options<wire::GatherOptions>();
  if (options != nullptr && options->batch_dims() != 0) return unsupported("batch_dims");
  const ValueId x = TRY(op.plain(0));
  const ValueId indices = TRY(op.plain(1));
  Attributes attributes;
  attributes.set("axis", int64_t{options != nullptr ? options->axis() : 0});
  return op.write(TRY(op.step_in_order(false, Op::kGather, {x, indices}, std::move(attributes))));
}

Status pack(Translation& op) {
  TRY(op.expect(1, kAnyCount));
  const wire::PackOptions& options = *TRY(op.options<wire::PackOptions>());
  std::vector<ValueId> parts;
  for (size_t i = 0; i < op.input_count(); ++i) {
    const ValueId part = TRY(op.plain(i));
    Attributes attributes;
    attributes.set("axes", Ints{options.axis()});
    parts.push_back(TRY(op.step_in_order(false, Op::kUnsqueeze, {part}, std::move(attributes))));
  }
  Attributes attributes;
  attributes.set("axis", int64_t{options.axis()});
  return op.write(TRY(op.step_in_order(false, Op::kConcat, parts, std::move(attributes))));
}

Status shape_of(Translation& op) {
  TRY(op.expect(1, 1));
  const ValueId x = TRY(op.plain(0));
  const Shape shape = op.shape(x);
  const Tensor known = Tensor::from_values<int64_t>({static_cast<int64_t>(shape.size())}, shape);
  return op.write(op.add_constant(TRY(cast(known, TRY(op.output_dtype())))));
}

constexpr TranslatorRow kRows[] = {
    {Operation::BROADCAST_TO, broadcast_to},
    {Operation::CONCATENATION, concatenation},
    {Operation::DEPTH_TO_SPACE, rearrange_depth<wire::DepthToSpaceOptions, Op::kDepthToSpace>},
    {Operation::EXPAND_DIMS, reshape_as_stated},
    {Operation::GATHER, gather},
    {Operation::MIRROR_PAD, mirror_pad},
    {Operation::PACK, pack},
    {Operation::PAD, pad},
    {Operation::PADV2, pad},
    {Operation::RESHAPE, reshape},
    {Operation::RESIZE_BILINEAR, resize_bilinear},
    {Operation::RESIZE_NEAREST_NEIGHBOR, resize_nearest},
    {Operation::SHAPE, shape_of},
    {Operation::SPACE_TO_DEPTH, rearrange_depth<wire::SpaceToDepthOptions, Op::kSpaceToDepth>},
    {Operation::SQUEEZE, reshape_as_stated},
    {Operation::TILE, tile},
    {Operation::TRANSPOSE, transpose},
};

}  // namespace

std::span<const TranslatorRow> movement_translators() { return kRows; }

}  // namespace sixtops::importer::tflite
