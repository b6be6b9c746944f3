#include "vision/head/ssd_priors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sixtops::vision {
namespace {

struct Size {
  double width = 0;
  double height = 0;
};

// A feature map and the boxes around each of its cells' centres.
struct Map {
  int columns = 0;
  int rows = 0;
  double step_x = 0;  // from centre to centre, of the whole input
  double step_y = 0;
  std::vector<Size> sizes;
};

constexpr size_t kMaps = 6;

Size with_aspect(double scale, double aspect) { return {scale * std::sqrt(aspect), scale / std::sqrt(aspect)}; }

// A scale and the geometric mean with the next one, square, then each aspect ratio both ways.
std::vector<Size> torchvision_sizes(double scale, double next_scale, const std::vector<double>& aspects) {
  std::vector<Size> sizes = {with_aspect(scale, 1), with_aspect(std::sqrt(scale * next_scale), 1)};
  for (const double aspect : aspects) {
    sizes.push_back(with_aspect(scale, aspect));
    sizes.push_back(with_aspect(scale, 1 / aspect));
  }
  for (Size& size : sizes) size = {std::min(size.width, 1.0), std::min(size.height, 1.0)};
  return sizes;
}

std::vector<Map> ssd300_maps() {
  constexpr std::array<int, kMaps> kCells = {38, 19, 10, 5, 3, 1};
  constexpr std::array<double, kMaps> kSteps = {8, 16, 32, 64, 100, 300};
  constexpr std::array<double, kMaps + 1> kScales = {0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05};
  const std::array<std::vector<double>, kMaps> aspects = {{{2}, {2, 3}, {2, 3}, {2, 3}, {2}, {2}}};
  std::vector<Map> maps;
  for (size_t i = 0; i < kMaps; ++i) {
    maps.push_back({kCells[i], kCells[i], kSteps[i] / 300, kSteps[i] / 300,
                    torchvision_sizes(kScales[i], kScales[i + 1], aspects[i])});
  }
  return maps;
}

// Evenly spaced from 0.2 to 0.95, then 1.
std::array<double, kMaps + 1> linear_scales() {
  std::array<double, kMaps + 1> scales{};
  for (size_t i = 0; i < kMaps; ++i) scales[i] = 0.2 + (0.95 - 0.2) * static_cast<double>(i) / (kMaps - 1);
  scales[kMaps] = 1;
  return scales;
}

// Stride 16, then half of it each time, rounded up.
std::vector<Map> halving_maps(int input_width, int input_height) {
  std::vector<Map> maps;
  int columns = (input_width + 15) / 16;
  int rows = (input_height + 15) / 16;
  for (size_t i = 0; i < kMaps; ++i) {
    maps.push_back({columns, rows, 1.0 / columns, 1.0 / rows, {}});
    columns = (columns + 1) / 2;
    rows = (rows + 1) / 2;
  }
  return maps;
}

std::vector<Map> ssdlite320_maps() {
  const auto scales = linear_scales();
  std::vector<Map> maps = halving_maps(320, 320);
  for (size_t i = 0; i < kMaps; ++i) maps[i].sizes = torchvision_sizes(scales[i], scales[i + 1], {2, 3});
  return maps;
}

std::vector<Map> tensorflow_maps(int input_width, int input_height) {
  const auto scales = linear_scales();
  std::vector<Map> maps = halving_maps(input_width, input_height);
  maps[0].sizes = {with_aspect(0.1, 1), with_aspect(scales[0], 2), with_aspect(scales[0], 0.5)};
  for (size_t i = 1; i < kMaps; ++i) {
    for (const double aspect : {1.0, 2.0, 0.5, 3.0, 0.3333}) maps[i].sizes.push_back(with_aspect(scales[i], aspect));
    maps[i].sizes.push_back(with_aspect(std::sqrt(scales[i] * scales[i + 1]), 1));
  }
  return maps;
}

std::vector<Map> maps_of(SsdRule rule, int input_width, int input_height) {
  switch (rule) {
    case SsdRule::kTorchvisionSsd300:
      return ssd300_maps();
    case SsdRule::kTorchvisionSsdLite320:
      return ssdlite320_maps();
    case SsdRule::kTensorflow:
      return tensorflow_maps(input_width, input_height);
  }
  return {};
}

int64_t count(const std::vector<Map>& maps) {
  int64_t rows = 0;
  for (const Map& map : maps) rows += int64_t{map.columns} * map.rows * static_cast<int64_t>(map.sizes.size());
  return rows;
}

}  // namespace

std::optional<SsdRule> ssd_rule(int64_t rows, int input_width, int input_height) {
  const auto fits = [&](SsdRule rule) { return rows == count(maps_of(rule, input_width, input_height)); };
  if (input_width == 300 && input_height == 300 && fits(SsdRule::kTorchvisionSsd300))
    return SsdRule::kTorchvisionSsd300;
  if (input_width == 320 && input_height == 320 && fits(SsdRule::kTorchvisionSsdLite320)) {
    return SsdRule::kTorchvisionSsdLite320;
  }
  if (fits(SsdRule::kTensorflow)) return SsdRule::kTensorflow;
  return std::nullopt;
}

std::vector<Prior> ssd_priors(SsdRule rule, int input_width, int input_height) {
  std::vector<Prior> priors;
  for (const Map& map : maps_of(rule, input_width, input_height)) {
    for (int row = 0; row < map.rows; ++row) {
      for (int column = 0; column < map.columns; ++column) {
        for (const Size& size : map.sizes) {
          priors.push_back({static_cast<float>((column + 0.5) * map.step_x),
                            static_cast<float>((row + 0.5) * map.step_y), static_cast<float>(size.width),
                            static_cast<float>(size.height)});
        }
      }
    }
  }
  return priors;
}

}  // namespace sixtops::vision
