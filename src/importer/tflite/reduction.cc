// Reductions and normalizations.
#include <algorithm>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using wire::Operation;

// Without the reduced axes, the order of the rest has to be the file's.
bool keeps_order(const Ints& axes_in_file) {
  const bool drops_channels = std::find(axes_in_file.begin(), axes_in_file.end(), 3) != axes_in_file.end();
  const bool drops_picture = std::find(axes_in_file.begin(), axes_in_file.end(), 1) != axes_in_file.end() &&
                             std::find(axes_in_file.begin(), axes_in_file.end(), 2) != axes_in_file.end();
  return drops_channels || drops_picture;
}

// Sorted, counted from the front.
Result<Ints> axes_of(Translation& op, ValueId x) {
  Ints axes = TRY(op.ints(1));
  for (int64_t& axis : axes) axis = TRY(normalize_axis(axis, static_cast<int>(op.shape(x).size())));
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

template <Op kOp>
Status reduce(Translation& op) {
  TRY(op.expect(2, 2));
  const auto* options = op.maybe_options<wire::ReducerOptions>();
  const bool keeps_axes = options != nullptr && options->keep_dims();
  ValueId x = TRY(op.input(0));
  Ints axes = TRY(axes_of(op, x));
  if (!keeps_axes && !keeps_order(axes)) x = TRY(op.plain(0));
  const Shape input = op.shape(x);
  const bool is_global = op.is_channels_first(x) && axes == Ints{1, 2};
  for (int64_t& axis : axes) axis = TRY(op.axis(x, axis));
  Attributes attributes;
  if (kOp == Op::kReduceMean && is_global) {
    // A convolution with equal weights, which the integer network knows.
    const ValueId mean = TRY(op.step(Op::kGlobalAveragePool, {x}));
    if (keeps_axes) return op.write(mean);
    attributes.set("shape", Ints{input[0], input[1]});
    return op.write(TRY(op.step_in_order(false, Op::kReshape, {mean}, std::move(attributes))));
  }
  attributes.set("axes", std::move(axes));
  attributes.set("keepdims", int64_t{keeps_axes});
  const bool first = op.is_channels_first(x) && keeps_axes;
  return op.write(TRY(op.step_in_order(first, kOp, {x}, std::move(attributes))));
}

template <Op kOp>
Status find_extreme(Translation& op) {
  TRY(op.expect(2, 2));
  const ValueId x = TRY(op.plain(0));
  const Ints axis = TRY(op.ints(1));
  if (axis.size() != 1) return invalid_data("{} axes, expected 1", axis.size());
  Attributes attributes;
  attributes.set("axis", axis[0]);
  attributes.set("keepdims", int64_t{0});
  const ValueId index = TRY(op.step_in_order(false, kOp, {x}, std::move(attributes)));
  Attributes cast;
  cast.set("to", std::string(dtype_name(TRY(op.output_dtype()))));
  return op.write(TRY(op.step_in_order(false, Op::kCast, {index}, std::move(cast))));
}

template <Op kOp>
Status along_channels(Translation& op) {
  TRY(op.expect(1, 1));
  ValueId x = TRY(op.input(0));
  if (const auto* options = op.maybe_options<wire::SoftmaxOptions>(); options != nullptr && options->beta() != 1) {
    x = TRY(op.step(Op::kMul, {x, op.add_constant(Tensor::scalar(options->beta()))}));
  }
  Attributes attributes;
  attributes.set("axis", TRY(op.axis(x, -1)));
  return op.write(TRY(op.step(kOp, {x}, std::move(attributes))));
}

Status normalize_length(Translation& op) {
  TRY(op.expect(1, 1));
  const ValueId x = TRY(op.input(0));
  Attributes attributes;
  attributes.set("axis", TRY(op.axis(x, -1)));
  attributes.set("p", int64_t{2});
  return op.write(TRY(op.step(Op::kLpNormalization, {x}, std::move(attributes))));
}

// ONNX divides alpha by the number of channels that it sums; here that is part of alpha.
Status local_response(Translation& op) {
  TRY(op.expect(1, 1));
  const auto& options = *TRY(op.options<wire::LocalResponseNormalizationOptions>());
  const ValueId x = TRY(op.picture(0));
  const int64_t size = 2 * int64_t{options.radius()} + 1;
  Attributes attributes;
  attributes.set("size", size);
  attributes.set("alpha", options.alpha() * static_cast<float>(size));
  attributes.set("beta", options.beta());
  attributes.set("bias", options.bias());
  return op.write(TRY(op.step(Op::kLRN, {x}, std::move(attributes))));
}

Status top_k(Translation& op) {
  TRY(op.expect(2, 2, 2));
  const ValueId x = TRY(op.plain(0));
  const Ints k = TRY(op.ints(1));
  if (k.size() != 1) return invalid_data("{} counts, expected 1", k.size());
  Attributes attributes;
  attributes.set("k", k[0]);
  const std::vector<ValueId> found = TRY(op.step_with_outputs(Op::kTopK, {x}, std::move(attributes), 2));
  TRY(op.write(found[0], 0));
  Attributes cast;
  cast.set("to", std::string(dtype_name(TRY(op.output_dtype(1)))));
  return op.write(TRY(op.step_in_order(false, Op::kCast, {found[1]}, std::move(cast))), 1);
}

constexpr TranslatorRow kRows[] = {
    {Operation::ARG_MAX, find_extreme<Op::kArgMax>},
    {Operation::ARG_MIN, find_extreme<Op::kArgMin>},
    {Operation::L2_NORMALIZATION, normalize_length},
    {Operation::LOCAL_RESPONSE_NORMALIZATION, local_response},
    {Operation::LOG_SOFTMAX, along_channels<Op::kLogSoftmax>},
    {Operation::MEAN, reduce<Op::kReduceMean>},
    {Operation::REDUCE_MAX, reduce<Op::kReduceMax>},
    {Operation::REDUCE_MIN, reduce<Op::kReduceMin>},
    {Operation::REDUCE_PROD, reduce<Op::kReduceProd>},
    {Operation::SOFTMAX, along_channels<Op::kSoftmax>},
    {Operation::SUM, reduce<Op::kReduceSum>},
    {Operation::TOPK_V2, top_k},
};

}  // namespace

std::span<const TranslatorRow> reduction_translators() { return kRows; }

}  // namespace sixtops::importer::tflite
