#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;

Result<Value> as_value(Result<ValueId> id) {
  if (!id.ok()) return id.status();
  return Value::of_tensor(*id);
}

// What changes nothing in a network that only runs.
Result<Value> pass_on(Call& call) {
  if (!call.value(0).is(Kind::kTensor)) return call.value(0);
  return Value::of_tensor(TRY(call.tensor(0)));
}

// A call of `to` names an element type, by its number in c10/core/ScalarType.h, or a device.
Result<Value> to(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Value& wanted = call.value(1, "dtype");
  if (!wanted.is(Kind::kInt)) return Value::of_tensor(x);
  static constexpr DType kTypes[] = {DType::kU8,  DType::kI8,  DType::kI16, DType::kI32, DType::kI64,
                                     DType::kF32, DType::kF32, DType::kF64};  // halves are computed in float32
  constexpr int64_t kBool = 11;
  if (wanted.integer != kBool && (wanted.integer < 0 || wanted.integer >= 8))
    return unsupported("element type {}", wanted.integer);
  const DType dtype = wanted.integer == kBool ? DType::kBool : kTypes[wanted.integer];
  if (dtype == call.dtype(x)) return Value::of_tensor(x);
  return call.write(Op::kCast, {x}, with("to", std::string(dtype_name(dtype))));
}

Result<Value> reshape(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  Attributes attributes = with("shape", TRY(call.ints(1)));
  attributes.set("allowzero", int64_t{1});
  return call.write(Op::kReshape, {x}, std::move(attributes));
}

Result<Value> reshape_as(Call& call) {
  return as_value(call.reshape(TRY(call.tensor(0)), TRY(call.shape(TRY(call.tensor(1))))));
}

Result<Value> flatten(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  const int rank = std::max(static_cast<int>(shape.size()), 1);
  const auto first = static_cast<size_t>(TRY(normalize_axis(TRY(call.integer_or(1, 0)), rank)));
  const auto last = static_cast<size_t>(TRY(normalize_axis(TRY(call.integer_or(2, -1)), rank)));
  if (last < first || shape.empty()) return as_value(call.reshape(x, {1}));
  Shape result(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(first));
  result.push_back(TRY(element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(first),
                                           shape.begin() + static_cast<std::ptrdiff_t>(last) + 1))));
  result.insert(result.end(), shape.begin() + static_cast<std::ptrdiff_t>(last) + 1, shape.end());
  return as_value(call.reshape(x, std::move(result)));
}

Ints identity(size_t rank) {
  Ints perm;
  for (size_t axis = 0; axis < rank; ++axis) perm.push_back(static_cast<int64_t>(axis));
  return perm;
}

Result<Value> transpose(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  Ints perm = identity(TRY(call.shape(x)).size());
  const bool is_matrix = call.op() == "t";
  if (perm.size() < 2) return Value::of_tensor(x);
  const int64_t a = is_matrix ? 0 : TRY(call.axis(1, x));
  const int64_t b = is_matrix ? 1 : TRY(call.axis(2, x));
  std::swap(perm[static_cast<size_t>(a)], perm[static_cast<size_t>(b)]);
  return as_value(call.transpose(x, std::move(perm)));
}

Result<Value> permute(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const auto rank = static_cast<int>(TRY(call.shape(x)).size());
  Ints perm = TRY(call.ints(1));
  for (int64_t& axis : perm) axis = TRY(normalize_axis(axis, rank));
  return as_value(call.transpose(x, std::move(perm)));
}

Result<Value> unsqueeze(Call& call) {
  return call.write(Op::kUnsqueeze, {TRY(call.tensor(0))}, with("axes", Ints{TRY(call.integer(1))}));
}

Result<Value> squeeze(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (!call.has(1)) return call.write(Op::kSqueeze, {x});
  const int64_t axis = TRY(call.axis(1, x));
  // Torch leaves an axis that has more than one element.
  if (TRY(call.shape(x))[static_cast<size_t>(axis)] != 1) return Value::of_tensor(x);
  return call.write(Op::kSqueeze, {x}, with("axes", Ints{axis}));
}

Result<Value> expand(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape own = TRY(call.shape(x));
  Ints shape = call.op() == "expand_as" ? TRY(call.shape(TRY(call.tensor(1)))) : TRY(call.ints(1));
  if (shape.size() < own.size()) return invalid_data("expand to fewer axes");
  for (size_t i = 0; i < own.size(); ++i) {
    int64_t& extent = shape[shape.size() - own.size() + i];
    if (extent == -1) extent = own[i];
  }
  return call.write(Op::kExpand, {x}, with("shape", std::move(shape)));
}

// Fewer repeats than axes are for the last ones.
Result<Value> tile(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const size_t rank = TRY(call.shape(x)).size();
  Ints repeats = TRY(call.ints(1));
  if (repeats.size() > rank) return unsupported("tiles along new axes");
  repeats.insert(repeats.begin(), rank - repeats.size(), 1);
  return call.write(Op::kTile, {x}, with("repeats", repeats));
}

Result<Value> repeat(Call& call) {
  ValueId x = TRY(call.tensor(0));
  Shape shape = TRY(call.shape(x));
  const Ints repeats = TRY(call.ints(1));
  if (repeats.size() < shape.size()) return invalid_data("repeats for fewer axes");
  if (repeats.size() > shape.size()) {
    shape.insert(shape.begin(), repeats.size() - shape.size(), 1);
    x = TRY(call.reshape(x, shape));
  }
  return call.write(Op::kTile, {x}, with("repeats", repeats));
}

Result<Value> cat(Call& call) {
  const std::vector<ValueId> parts = TRY(call.tensors(0));
  return call.write(Op::kConcat, parts, with("axis", TRY(call.integer_or(1, 0))));
}

Result<Value> stack(Call& call) {
  std::vector<ValueId> parts = TRY(call.tensors(0));
  const int64_t axis = TRY(call.integer_or(1, 0));
  for (ValueId& part : parts) part = TRY(call.step(Op::kUnsqueeze, {part}, with("axes", Ints{axis})));
  return call.write(Op::kConcat, parts, with("axis", axis));
}

Result<Value> write_parts(Call& call, ValueId x, int64_t axis, Ints sizes) {
  if (sizes.size() == 1) return Value::of_items(Kind::kList, {Value::of_tensor(x)});
  const size_t count = sizes.size();
  Attributes attributes = with("axis", axis);
  attributes.set("split", std::move(sizes));
  std::vector<Value> parts;
  for (const ValueId id : TRY(call.step_with_outputs(Op::kSplit, {x}, std::move(attributes), count))) {
    parts.push_back(Value::of_tensor(id));
  }
  return Value::of_items(Kind::kList, std::move(parts));
}

constexpr int64_t kMaxParts = 10000;

Result<Value> split_evenly(Call& call, ValueId x, int64_t axis, int64_t size) {
  const int64_t extent = TRY(call.shape(x))[static_cast<size_t>(axis)];
  if (size < 1 || extent < 1 || extent / size >= kMaxParts)
    return unsupported("{} elements in parts of {}", extent, size);
  Ints sizes;
  for (int64_t rest = extent; rest > 0; rest -= size) sizes.push_back(std::min(rest, size));
  return write_parts(call, x, axis, std::move(sizes));
}

Result<Value> chunk(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t count = TRY(call.integer(1));
  const int64_t axis = call.has(2) ? TRY(call.axis(2, x)) : 0;
  const Shape shape = TRY(call.shape(x));
  if (count < 1 || shape.empty()) return invalid_data("{} chunks", count);
  const int64_t extent = shape[static_cast<size_t>(axis)];
  return split_evenly(call, x, axis, extent / count + (extent % count != 0 ? 1 : 0));
}

Result<Value> split(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t axis = call.has(2) ? TRY(call.axis(2, x)) : 0;
  if (call.value(1).is(Kind::kInt)) return split_evenly(call, x, axis, TRY(call.integer(1)));
  Ints sizes = TRY(call.ints(1));
  if (sizes.empty()) return invalid_data("a split into no parts");
  return write_parts(call, x, axis, std::move(sizes));
}

Result<Value> unbind(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t axis = call.has(1) ? TRY(call.axis(1, x)) : 0;
  Value parts = TRY(split_evenly(call, x, axis, 1));
  for (Value& part : parts.items) {
    part.tensor = TRY(call.step(Op::kSqueeze, {part.tensor}, with("axes", Ints{axis})));
  }
  return parts;
}

Result<Value> cut(Call& call, ValueId x, int64_t axis, int64_t start, int64_t end, int64_t step) {
  Attributes attributes = with("starts", Ints{start});
  attributes.set("ends", Ints{end});
  attributes.set("axes", Ints{axis});
  attributes.set("steps", Ints{step});
  return call.write(Op::kSlice, {x}, std::move(attributes));
}

Result<Value> slice(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t axis = call.has(1) ? TRY(call.axis(1, x)) : 0;
  const int64_t start = TRY(call.integer_or(2, 0));
  const int64_t end = TRY(call.integer_or(3, std::numeric_limits<int64_t>::max()));
  const int64_t step = TRY(call.integer_or(4, 1));
  const Shape shape = TRY(call.shape(x));
  if (shape.empty()) return invalid_data("a slice of a scalar");
  if (start == 0 && end >= shape[static_cast<size_t>(axis)] && step == 1) return Value::of_tensor(x);
  return cut(call, x, axis, start, end, step);
}

Result<Value> narrow(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t start = TRY(call.integer(2));
  return cut(call, x, TRY(call.axis(1, x)), start, TRY(checked_add(start, TRY(call.integer(3)))), 1);
}

Result<Value> select(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId index = call.add_constant(Tensor::scalar(TRY(call.integer(2))));
  return call.write(Op::kGather, {x, index}, with("axis", TRY(call.axis(1, x))));
}

Result<Value> index_select(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  return call.write(Op::kGather, {x, TRY(call.tensor(2))}, with("axis", TRY(call.axis(1, x))));
}

Result<Value> gather(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  return call.write(Op::kGatherElements, {x, TRY(call.tensor(2))}, with("axis", TRY(call.axis(1, x))));
}

// Traces do not say of what type an input is: what looks up rows holds whole numbers.
Result<Value> embedding(Call& call) {
  ValueId rows = TRY(call.tensor(1));
  if (is_float(call.dtype(rows))) rows = TRY(call.step(Op::kCast, {rows}, with("to", std::string("i64"))));
  return call.write(Op::kGather, {TRY(call.tensor(0)), rows});
}

Result<Value> flip(Call& call) {
  ValueId x = TRY(call.tensor(0));
  for (const int64_t axis : TRY(call.ints(1))) {
    x = TRY(cut(call, x, axis, -1, std::numeric_limits<int64_t>::min() + 1, -1)).tensor;
  }
  return Value::of_tensor(x);
}

Result<Value> roll(Call& call) {
  ValueId x = TRY(call.tensor(0));
  const Ints shifts = TRY(call.ints(1));
  const Ints axes = TRY(call.ints(2));
  if (axes.size() != shifts.size()) return unsupported("a roll of the flattened tensor");
  for (size_t i = 0; i < axes.size(); ++i) {
    const Shape shape = TRY(call.shape(x));
    const int axis = TRY(normalize_axis(axes[i], static_cast<int>(shape.size())));
    const int64_t extent = shape[static_cast<size_t>(axis)];
    if (extent == 0 || shifts[i] % extent == 0) continue;
    const int64_t begin = ((extent - shifts[i] % extent) % extent);
    const ValueId back = TRY(cut(call, x, axis, begin, extent, 1)).tensor;
    const ValueId front = TRY(cut(call, x, axis, 0, begin, 1)).tensor;
    x = TRY(call.step(Op::kConcat, {back, front}, with("axis", int64_t{axis})));
  }
  return Value::of_tensor(x);
}

// Pairs from the last axis on → all beginnings, all ends.
Result<Value> pad_by(Call& call, const char* mode, float value) {
  const ValueId x = TRY(call.tensor(0));
  const size_t rank = TRY(call.shape(x)).size();
  const Ints pairs = TRY(call.ints(1));
  if (pairs.size() % 2 != 0 || pairs.size() > 2 * rank) return invalid_data("{} pads for {} axes", pairs.size(), rank);
  Ints pads(2 * rank, 0);
  for (size_t i = 0; i < pairs.size() / 2; ++i) {
    pads[rank - 1 - i] = pairs[2 * i];
    pads[2 * rank - 1 - i] = pairs[2 * i + 1];
  }
  Attributes attributes = with("pads", std::move(pads));
  attributes.set("mode", std::string(mode));
  if (value != 0) attributes.set("value", value);
  return call.write(Op::kPad, {x}, std::move(attributes));
}

Result<Value> pad(Call& call) {
  const std::string mode = TRY(call.text_or(2, "constant"));
  if (mode == "constant") return pad_by(call, "constant", static_cast<float>(TRY(call.number_or(3, 0))));
  if (mode == "reflect") return pad_by(call, "reflect", 0);
  if (mode == "replicate") return pad_by(call, "edge", 0);
  return unsupported("padding mode '{}'", mode);
}
Result<Value> constant_pad(Call& call) {
  return pad_by(call, "constant", static_cast<float>(TRY(call.number_or(2, 0))));
}
Result<Value> reflection_pad(Call& call) { return pad_by(call, "reflect", 0); }
Result<Value> replication_pad(Call& call) { return pad_by(call, "edge", 0); }

Result<Value> pixel_shuffle(Call& call) {
  Attributes attributes = with("blocksize", TRY(call.integer(1)));
  attributes.set("mode", std::string("CRD"));
  return call.write(Op::kDepthToSpace, {TRY(call.tensor(0))}, std::move(attributes));
}

// The inverse: rows and columns of a block become channels behind each channel.
Result<Value> pixel_unshuffle(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t block = TRY(call.integer(1));
  const Shape s = TRY(call.shape(x));
  if (s.size() != 4 || block < 1 || s[2] % block != 0 || s[3] % block != 0) {
    return invalid_data("shape {} does not divide by {}", shape_text(s), block);
  }
  ValueId y = TRY(call.reshape(x, {s[0], s[1], s[2] / block, block, s[3] / block, block}));
  y = TRY(call.transpose(y, {0, 1, 3, 5, 2, 4}));
  return as_value(call.reshape(y, {s[0], s[1] * block * block, s[2] / block, s[3] / block}));
}

Result<Value> channel_shuffle(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t groups = TRY(call.integer(1));
  const Shape s = TRY(call.shape(x));
  if (s.size() != 4 || groups < 1 || s[1] % groups != 0)
    return invalid_data("{} groups of shape {}", groups, shape_text(s));
  ValueId y = TRY(call.reshape(x, {s[0], groups, s[1] / groups, s[2], s[3]}));
  y = TRY(call.transpose(y, {0, 2, 1, 3, 4}));
  return as_value(call.reshape(y, s));
}

// input, size, [align corners,] factors; the size counts where it is given.
Result<Value> upsample(Call& call, Attributes attributes, size_t factors_at) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  if (shape.size() < 3) return invalid_data("an upsampling of shape {}", shape_text(shape));
  const size_t axes = shape.size() - 2;
  Ints sizes = {shape[0], shape[1]};
  if (call.has(1)) {
    for (const int64_t extent : TRY(call.ints_of(1, axes, {}))) sizes.push_back(extent);
    attributes.set("sizes", std::move(sizes));
    return call.write(Op::kResize, {x}, std::move(attributes));
  }
  Floats scales = {1, 1};
  for (size_t axis = 0; axis < axes; ++axis) {
    const Value& listed = call.value(factors_at);
    if (listed.is(Kind::kList) && axis < listed.items.size()) {
      scales.push_back(static_cast<float>(listed.items[axis].as_double()));
    } else {
      scales.push_back(static_cast<float>(TRY(call.number(factors_at + axis))));
    }
  }
  attributes.set("scales", std::move(scales));
  return call.write(Op::kResize, {x}, std::move(attributes));
}

Result<Value> upsample_nearest(Call& call) {
  Attributes attributes = with("mode", std::string("nearest"));
  attributes.set("coordinate_transformation_mode", std::string("asymmetric"));
  attributes.set("nearest_mode", std::string("floor"));
  return upsample(call, std::move(attributes), 2);
}

Result<Value> upsample_smoothly(Call& call) {
  const bool cubic = call.op().starts_with("upsample_bicubic");
  Attributes attributes = with("mode", std::string(cubic ? "cubic" : "linear"));
  const bool aligned = TRY(call.boolean_or(2, false));
  attributes.set("coordinate_transformation_mode", std::string(aligned ? "align_corners" : "pytorch_half_pixel"));
  return upsample(call, std::move(attributes), 3);
}

Result<Value> grid_sample(Call& call) {
  static constexpr const char* kModes[] = {"linear", "nearest", "cubic"};
  static constexpr const char* kPaddings[] = {"zeros", "border", "reflection"};
  const int64_t mode = TRY(call.integer_or(2, 0));
  const int64_t padding = TRY(call.integer_or(3, 0));
  if (mode < 0 || mode > 2 || padding < 0 || padding > 2) return unsupported("a sampling mode");
  Attributes attributes = with("mode", std::string(kModes[mode]));
  attributes.set("padding_mode", std::string(kPaddings[padding]));
  attributes.set("align_corners", int64_t{TRY(call.boolean_or(4, false))});
  return call.write(Op::kGridSample, {TRY(call.tensor(0)), TRY(call.tensor(1))}, std::move(attributes));
}

Result<Value> size(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  if (call.has(1)) return Value::of_int(shape.empty() ? 1 : shape[static_cast<size_t>(TRY(call.axis(1, x)))]);
  std::vector<Value> extents;
  for (const int64_t extent : shape) extents.push_back(Value::of_int(extent));
  return Value::of_items(Kind::kList, std::move(extents));
}

Result<Value> numel(Call& call) { return Value::of_int(TRY(element_count(TRY(call.shape(TRY(call.tensor(0))))))); }

Result<Value> filled(Call& call, const Shape& shape, double value) {
  if (TRY(element_count(shape)) > (int64_t{1} << 24))
    return resource_error("a constant of shape {}", shape_text(shape));
  Tensor tensor = TRY(Tensor::allocate(DType::kF32, shape));
  std::fill(tensor.mutable_values<float>().begin(), tensor.mutable_values<float>().end(), static_cast<float>(value));
  return Value::of_tensor(call.add_constant(std::move(tensor)));
}

Result<Value> zeros(Call& call) { return filled(call, TRY(call.ints(0)), 0); }
Result<Value> ones(Call& call) { return filled(call, TRY(call.ints(0)), 1); }
Result<Value> full(Call& call) { return filled(call, TRY(call.ints(0)), TRY(call.number(1))); }
Result<Value> zeros_like(Call& call) { return filled(call, TRY(call.shape(TRY(call.tensor(0)))), 0); }
Result<Value> full_like(Call& call) { return filled(call, TRY(call.shape(TRY(call.tensor(0)))), TRY(call.number(1))); }
Result<Value> new_zeros(Call& call) { return filled(call, TRY(call.ints(1)), 0); }
Result<Value> new_ones(Call& call) { return filled(call, TRY(call.ints(1)), 1); }
Result<Value> ones_like(Call& call) { return filled(call, TRY(call.shape(TRY(call.tensor(0)))), 1); }

// Either end, or start and end, or start, end and step; dtype, layout and so on stand behind.
Result<Value> arange(Call& call) {
  constexpr size_t kSettings = 4;
  const size_t numbers = call.count() > kSettings ? call.count() - kSettings : call.count();
  const double start = numbers >= 2 ? TRY(call.number(0)) : 0;
  const double end = TRY(call.number(numbers >= 2 ? 1 : 0));
  const double step = numbers >= 3 ? TRY(call.number(2)) : 1;
  const double count = (end - start) / step;
  if (!(count >= 0 && count < double(1 << 24))) return resource_error("a range of {} numbers", count);
  std::vector<float> values;
  for (int64_t i = 0; static_cast<double>(i) < count; ++i)
    values.push_back(static_cast<float>(start + static_cast<double>(i) * step));
  const bool is_integer = std::all_of(values.begin(), values.end(),
                                      [](float v) { return v == static_cast<float>(static_cast<int64_t>(v)); }) &&
                          call.value(0).is(Kind::kInt);
  Tensor range = Tensor::from_values<float>({static_cast<int64_t>(values.size())}, values);
  if (is_integer && call.value(numbers, "dtype").integer != 6) range = TRY(cast(range, DType::kI64));
  return Value::of_tensor(call.add_constant(std::move(range)));
}

constexpr OperatorRow kRows[] = {
    {"alias", pass_on},
    {"arange", arange},
    {"cat", cat},
    {"channel_shuffle", channel_shuffle},
    {"chunk", chunk},
    {"clone", pass_on},
    {"concat", cat},
    {"constant_pad_nd", constant_pad},
    {"contiguous", pass_on},
    {"detach", pass_on},
    {"dropout", pass_on},
    {"embedding", embedding},
    {"expand", expand},
    {"expand_as", expand},
    {"feature_dropout", pass_on},
    {"flatten", flatten},
    {"flip", flip},
    {"full", full},
    {"full_like", full_like},
    {"gather", gather},
    {"grid_sampler", grid_sample},
    {"index_select", index_select},
    {"lift_fresh", pass_on},
    {"lift_fresh_copy", pass_on},
    {"narrow", narrow},
    {"new_ones", new_ones},
    {"new_zeros", new_zeros},
    {"numel", numel},
    {"ones", ones},
    {"ones_like", ones_like},
    {"pad", pad},
    {"permute", permute},
    {"pixel_shuffle", pixel_shuffle},
    {"pixel_unshuffle", pixel_unshuffle},
    {"reflection_pad1d", reflection_pad},
    {"reflection_pad2d", reflection_pad},
    {"repeat", repeat},
    {"replication_pad2d", replication_pad},
    {"reshape", reshape},
    {"reshape_as", reshape_as},
    {"roll", roll},
    {"select", select},
    {"size", size},
    {"slice", slice},
    {"split", split},
    {"split_with_sizes", split},
    {"squeeze", squeeze},
    {"stack", stack},
    {"swapaxes", transpose},
    {"t", transpose},
    {"tile", tile},
    {"to", to},
    {"transpose", transpose},
    {"type_as", pass_on},
    {"unbind", unbind},
    {"unsqueeze", unsqueeze},
    {"upsample_bicubic2d", upsample_smoothly},
    {"upsample_bilinear2d", upsample_smoothly},
    {"upsample_linear1d", upsample_smoothly},
    {"upsample_nearest1d", upsample_nearest},
    {"upsample_nearest2d", upsample_nearest},
    {"view", reshape},
    {"view_as", reshape_as},
    {"zeros", zeros},
    {"zeros_like", zeros_like},
};

}  // namespace

std::span<const OperatorRow> movement_operators() { return kRows; }

}  // namespace sixtops::importer::torchscript
