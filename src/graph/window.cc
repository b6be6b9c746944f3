#include "graph/window.h"

#include <algorithm>
#include <string>

#include "base/checked.h"
#include "base/error.h"

namespace sixtops {
namespace {

// Batch and channels come before the spatial axes.
constexpr size_t kOuterAxes = 2;

int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// An entry of a list attribute that may be empty.
Result<int64_t> entry(const Node& node, std::string_view name, size_t index, size_t count, int64_t fallback) {
  if (op_info(node.op).find_field(name) == nullptr) return fallback;
  const Ints& list = node.get_ints(name);
  if (list.empty()) return fallback;
  if (list.size() != count) {
    return invalid_data("attribute {} has {} entries, expected {}", name, list.size(), count);
  }
  return list[index];
}

// Kernel, stride, dilation and explicit pads: what does not depend on the input's extent.
Result<std::vector<Window>> explicit_windows(const Node& node, const Shape& input, std::span<const int64_t> kernel) {
  if (input.size() < kOuterAxes + 1) {
    return invalid_data("input of shape {}, expected batch, channels and at least one spatial axis", shape_text(input));
  }
  const size_t axes = input.size() - kOuterAxes;
  const Ints& kernel_shape = node.get_ints("kernel_shape");
  if (kernel.empty() && kernel_shape.empty()) return invalid_data("attribute kernel_shape is missing");
  if (!kernel.empty() && kernel.size() != axes) {
    return invalid_data("weights with {} spatial axes for an input with {}", kernel.size(), axes);
  }
  std::vector<Window> windows(axes);
  for (size_t i = 0; i < axes; ++i) {
    Window& w = windows[i];
    w.input = input[kOuterAxes + i];
    w.output = kUnknownExtent;
    w.kernel = TRY(entry(node, "kernel_shape", i, axes, kernel.empty() ? 1 : kernel[i]));
    if (!kernel.empty() && kernel[i] != kUnknownExtent && w.kernel != kernel[i]) {
      return invalid_data("kernel_shape {} on spatial axis {}, but the weights have {}", w.kernel, i, kernel[i]);
    }
    w.stride = TRY(entry(node, "strides", i, axes, 1));
    w.dilation = TRY(entry(node, "dilations", i, axes, 1));
    w.pad_begin = TRY(entry(node, "pads", i, 2 * axes, 0));
    w.pad_end = TRY(entry(node, "pads", axes + i, 2 * axes, 0));
    if (w.pad_begin < 0 || w.pad_end < 0) return invalid_data("pads {} and {}", w.pad_begin, w.pad_end);
    if (w.stride < 1 || w.dilation < 1) return invalid_data("stride {} and dilation {}", w.stride, w.dilation);
    if (w.kernel == 0 || w.kernel < kUnknownExtent) return invalid_data("kernel extent {}", w.kernel);
    TRY(checked_add(TRY(checked_multiply(w.kernel, w.dilation)), 1));
  }
  return windows;
}

// Splits padding between the two sides; SAME_LOWER gives the odd element to the beginning.
void split_padding(Window& w, int64_t total, bool more_at_begin) {
  w.pad_begin = more_at_begin ? total - total / 2 : total / 2;
  w.pad_end = total - w.pad_begin;
}

Status place_window(Window& w, const std::string& auto_pad, bool ceil_mode) {
  const bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
  if (same || auto_pad == "VALID") w.pad_begin = w.pad_end = 0;
  if (w.input < 0 || w.kernel < 0) return {};
  if (same) {
    w.output = w.input / w.stride + (w.input % w.stride != 0 ? 1 : 0);
    if (w.output == 0) return {};
    const int64_t total = TRY(checked_add((w.output - 1) * w.stride - w.input, w.reach()));
    split_padding(w, std::max<int64_t>(total, 0), auto_pad == "SAME_LOWER");
    return {};
  }
  const int64_t before_and_inside = TRY(checked_add(w.input, w.pad_begin));
  const int64_t padded = TRY(checked_add(before_and_inside, w.pad_end));
  const int64_t room = padded - w.reach();
  if (ceil_mode && auto_pad != "VALID") {
    w.output = floor_divide(TRY(checked_add(room, w.stride - 1)), w.stride) + 1;
    // A last window that would see padding at the end alone is not there.
    if (w.output > 1 && (w.output - 1) * w.stride >= before_and_inside) --w.output;
  } else {
    w.output = floor_divide(room, w.stride) + 1;
  }
  if (w.output < 1) {
    return invalid_data("a kernel that reaches over {} elements does not fit into {} elements (padding included)",
                        w.reach(), padded);
  }
  return {};
}

}  // namespace

Result<std::vector<Window>> resolve_windows(const Node& node, const Shape& input, std::span<const int64_t> kernel) {
  std::vector<Window> windows = TRY(explicit_windows(node, input, kernel));
  const bool ceil_mode = op_info(node.op).find_field("ceil_mode") != nullptr && node.get_int("ceil_mode") != 0;
  for (Window& w : windows) TRY(place_window(w, node.get_text("auto_pad"), ceil_mode));
  return windows;
}

Result<std::vector<Window>> resolve_transposed_windows(const Node& node, const Shape& input,
                                                       std::span<const int64_t> kernel) {
  std::vector<Window> windows = TRY(explicit_windows(node, input, kernel));
  const std::string& auto_pad = node.get_text("auto_pad");
  const bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
  for (size_t i = 0; i < windows.size(); ++i) {
    Window& w = windows[i];
    if (same || auto_pad == "VALID") w.pad_begin = w.pad_end = 0;
    const int64_t extra = TRY(entry(node, "output_padding", i, windows.size(), 0));
    w.output = TRY(entry(node, "output_shape", i, windows.size(), kUnknownExtent));
    if (w.input < 0 || w.kernel < 0) continue;
    if (w.input == 0) return invalid_data("input of shape {} has no elements", shape_text(input));
    const int64_t spread = TRY(checked_multiply(w.input - 1, w.stride));
    const int64_t natural = TRY(checked_add(TRY(checked_add(spread, w.reach())), extra));
    if (w.output == kUnknownExtent && same) w.output = TRY(checked_multiply(w.input, w.stride));
    if (w.output != kUnknownExtent) {
      split_padding(w, std::max<int64_t>(natural - w.output, 0), auto_pad != "SAME_UPPER");
    } else {
      w.output = natural - TRY(checked_add(w.pad_begin, w.pad_end));
    }
    if (w.output < 1) return invalid_data("padding leaves {} output elements on spatial axis {}", w.output, i);
  }
  return windows;
}

}  // namespace sixtops
