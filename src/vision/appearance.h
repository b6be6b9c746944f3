// What a thing looks like, in few numbers: enough to tell it from another one that crosses its way, not to know it
// again tomorrow.
#pragma once

#include <array>

namespace sixtops::vision {

// Mean luma and chroma, 0..255, of the upper and the lower half of a thing's middle.
struct Appearance {
  std::array<float, 6> means{};  // Y, U, V above; Y, U, V below

  // How different two things look: the root of the summed squares, light counting less than colour.
  float distance_to(const Appearance& other) const;

  // Follows slow changes of light: a tenth of what is seen now.
  void follow(const Appearance& now);
};

}  // namespace sixtops::vision
