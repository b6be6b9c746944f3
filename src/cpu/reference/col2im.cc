#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::reference {
namespace {

int64_t entry(const Ints& list, size_t index, int64_t fallback) { return list.empty() ? fallback : list[index]; }

// The windows whose columns the input holds: image extents and block extents come as tensors.
Result<std::vector<Window>> block_windows(const Node& node, const Ints& image, const Ints& block) {
  const size_t axes = image.size();
  for (const char* name : {"strides", "dilations", "pads"}) {
    const size_t length = node.get_ints(name).size();
    const size_t expected = std::string_view(name) == "pads" ? 2 * axes : axes;
    if (length != 0 && length != expected) {
      return invalid_data("attribute {} has {} entries, expected {}", name, length, expected);
    }
  }
  if (block.size() != axes || axes == 0) return invalid_data("{} image axes, {} block axes", axes, block.size());
  std::vector<Window> windows(axes);
  for (size_t i = 0; i < axes; ++i) {
    Window& w = windows[i];
    w.input = image[i];
    w.kernel = block[i];
    w.stride = entry(node.get_ints("strides"), i, 1);
    w.dilation = entry(node.get_ints("dilations"), i, 1);
    w.pad_begin = entry(node.get_ints("pads"), i, 0);
    w.pad_end = entry(node.get_ints("pads"), axes + i, 0);
    // Bounds that keep the arithmetic below inside 64 bits; the output's allocation decides about the rest.
    constexpr int64_t kMaxExtent = int64_t{1} << 24;
    if (w.input < 1 || w.input > kMaxExtent || w.kernel < 1 || w.kernel > kMaxExtent) {
      return invalid_data("image extent {} and block extent {} on axis {}", w.input, w.kernel, i);
    }
    const int64_t room = w.input + w.pad_begin + w.pad_end - w.reach();
    if (room < 0) return invalid_data("a block over {} elements does not fit image extent {}", w.reach(), w.input);
    w.output = room / w.stride + 1;
  }
  return windows;
}

}  // namespace

// x [batch, channels · block elements, blocks] → image [batch, channels, extents...]; where blocks overlap they add up.
Result<Outputs> kernels::Col2Im(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const WindowTaps windows = TRY(WindowTaps::make(TRY(
      block_windows(arguments.node, values_as<int64_t>(arguments.input(1)), values_as<int64_t>(arguments.input(2))))));
  if (x.rank() != 3 || x.shape()[1] % windows.tap_count() != 0 || x.shape()[2] != windows.window_count()) {
    return invalid_data("input of shape {}, expected 3 axes with a multiple of {} and {} blocks", shape_text(x.shape()),
                        windows.tap_count(), windows.window_count());
  }
  const int64_t batch = x.shape()[0];
  const int64_t channels = x.shape()[1] / windows.tap_count();
  sixtops::Shape shape = {batch, channels};
  for (const Window& axis : windows.windows()) shape.push_back(axis.input);
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), shape));
    const auto to = output.mutable_values<T>();
    std::vector<WindowTap> inside;
    for (int64_t window = 0; window < windows.window_count(); ++window) {
      windows.inside(window, inside);
      for (int64_t plane = 0; plane < batch * channels; ++plane) {
        for (const WindowTap& tap : inside) {
          const int64_t from = (plane * windows.tap_count() + tap.tap) * windows.window_count() + window;
          T& element = to[static_cast<size_t>(plane * windows.plane_size() + tap.element)];
          element = static_cast<T>(static_cast<Sum<T>>(element) +
                                   static_cast<Sum<T>>(x.values<T>()[static_cast<size_t>(from)]));
        }
      }
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
