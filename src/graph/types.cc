#include "graph/types.h"

#include <array>

namespace sixtops {
namespace {

// Names in the order of their enums.
constexpr std::array<std::string_view, 3> kPrecisions = {"float32", "float16", "int8"};
constexpr std::array<std::string_view, 3> kColors = {"rgb", "bgr", "gray"};
constexpr std::array<std::string_view, 4> kResizeModes = {"letterbox", "letterbox-topleft", "stretch", "crop"};
constexpr std::array<std::string_view, 12> kHeads = {"none",           "classifier",     "yolov3-raw", "yolov5-raw",
                                                     "yolov5-sigmoid", "yolov5-decoded", "centernet",  "yolov8-dfl",
                                                     "yolov8-decoded", "yolox",          "ssd",        "fastestdet"};

template <typename Enum, size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view precision_name(Precision precision) { return kPrecisions[static_cast<size_t>(precision)]; }
std::string_view color_name(ColorOrder color) { return kColors[static_cast<size_t>(color)]; }
std::string_view resize_name(ResizeMode mode) { return kResizeModes[static_cast<size_t>(mode)]; }
std::string_view head_name(HeadKind kind) { return kHeads[static_cast<size_t>(kind)]; }
std::optional<Precision> parse_precision(std::string_view name) { return parse<Precision>(kPrecisions, name); }
std::optional<ColorOrder> parse_color(std::string_view name) { return parse<ColorOrder>(kColors, name); }
std::optional<ResizeMode> parse_resize(std::string_view name) { return parse<ResizeMode>(kResizeModes, name); }
std::optional<HeadKind> parse_head(std::string_view name) { return parse<HeadKind>(kHeads, name); }

}  // namespace sixtops
