// Pad and CenterCropPad.
#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "cpu/reference/broadcast.h"
#include "cpu/reference/indexed_copy.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/pad_rule.h"

namespace sixtops::cpu::reference {
namespace {

// Beyond any real network; keeps index arithmetic far from overflow.
constexpr int64_t kMaxPad = int64_t{1} << 48;

struct AxisPads {
  int64_t begin = 0;
  int64_t end = 0;
};

Result<Outputs> pad(const Arguments& arguments, const std::vector<AxisPads>& pads, std::string_view mode,
                    const Tensor& fill) {
  const Tensor& x = arguments.input(0);
  Shape shape;
  for (size_t i = 0; i < pads.size(); ++i) {
    for (const int64_t amount : {pads[i].begin, pads[i].end}) {
      if (amount < -kMaxPad || amount > kMaxPad) return invalid_data("a pad of {} elements", amount);
    }
    shape.push_back(x.shape()[i] + pads[i].begin + pads[i].end);
    if (shape.back() < 0) return invalid_data("axis {} of extent {} loses more than it has", i, x.shape()[i]);
  }
  Tensor y = TRY(arguments.allocate(x.dtype(), shape));
  if (y.empty()) return Outputs{y};
  if (x.empty() && mode != "constant") {
    return invalid_data("input of shape {} has no element to pad with", shape_text(x.shape()));
  }
  const PadRule rule = find_pad_rule(mode);
  IndexTables tables;
  for (size_t i = 0; i < shape.size(); ++i) {
    std::vector<int64_t>& table = tables.emplace_back();
    for (int64_t o = 0; o < shape[i]; ++o) table.push_back(rule(o - pads[i].begin, x.shape()[i]));
  }
  copy_indexed(x, tables, fill.bytes().data(), y);
  return Outputs{std::move(y)};
}

Result<Tensor> fill_value(const Arguments& arguments) {
  const DType dtype = arguments.input(0).dtype();
  if (arguments.node.has("value")) return cast(Tensor::scalar(arguments.node.get_float("value")), dtype);
  if (!arguments.has(2)) return Tensor::allocate(dtype, {});
  const Tensor& value = arguments.input(2);
  TRY(check_same_dtype(arguments.input(0), value));
  if (value.element_count() != 1) return invalid_data("{} fill values, expected one", value.element_count());
  return value;
}

// The axes that a node lists, or all of them.
Result<std::vector<size_t>> listed_axes(const std::optional<Ints>& given, int rank) {
  std::vector<size_t> axes;
  if (!given || given->empty()) {
    for (int i = 0; i < rank; ++i) axes.push_back(static_cast<size_t>(i));
    return axes;
  }
  std::vector<bool> seen(static_cast<size_t>(rank), false);
  for (const int64_t axis : *given) {
    axes.push_back(static_cast<size_t>(TRY(normalize_axis(axis, rank))));
    if (seen[axes.back()]) return invalid_data("axis {} is given twice", axes.back());
    seen[axes.back()] = true;
  }
  return axes;
}

}  // namespace

namespace kernels {

Result<Outputs> Pad(const Arguments& arguments) {
  const int rank = arguments.input(0).rank();
  const std::optional<Ints> given = arguments.parameter_ints("pads", 1);
  if (!given) return invalid_data("no pads are given");
  const std::vector<size_t> axes = TRY(listed_axes(arguments.parameter_ints("axes", 3), rank));
  if (given->size() != 2 * axes.size()) return invalid_data("{} pads for {} axes", given->size(), axes.size());
  std::vector<AxisPads> pads(static_cast<size_t>(rank));
  for (size_t i = 0; i < axes.size(); ++i) pads[axes[i]] = {(*given)[i], (*given)[i + axes.size()]};
  return pad(arguments, pads, arguments.node.get_text("mode"), TRY(fill_value(arguments)));
}

Result<Outputs> CenterCropPad(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Ints extents = values_as<int64_t>(arguments.input(1));
  const std::vector<size_t> axes = TRY(listed_axes(arguments.node.get_ints("axes"), x.rank()));
  if (extents.size() != axes.size()) return invalid_data("{} extents for {} axes", extents.size(), axes.size());
  std::vector<AxisPads> pads(x.shape().size());
  for (size_t i = 0; i < axes.size(); ++i) {
    if (extents[i] < 0) return invalid_data("extent {} for axis {}", extents[i], axes[i]);
    // An odd difference puts its extra element at the end.
    const int64_t more = extents[i] - x.shape()[axes[i]];
    pads[axes[i]] = {more / 2, more - more / 2};
  }
  return pad(arguments, pads, "constant", TRY(Tensor::allocate(x.dtype(), {})));
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
