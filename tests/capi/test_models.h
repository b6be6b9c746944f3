// Small models for the tests of the C API, as .six bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sixtops::testing {

using ModelBytes = std::vector<std::byte>;

// Graphs in text form (graph/text.h), one a set of input shapes.
ModelBytes model_of(std::initializer_list<std::string_view> texts, const std::string& custom_text = "");

// The codes of a picture of 3 channels, 5 rows, 7 columns, handed on as they are: mean 0, std 255, zero point -128.
inline constexpr int kChannels = 3;
inline constexpr int kRows = 5;
inline constexpr int kColumns = 7;
inline constexpr int kElements = kChannels * kRows * kColumns;
ModelBytes code_model();

// relu of f32[1x2x3x4], not quantized, mean 1 and std 2.
ModelBytes float_model();

// codes of 20 channels, i8[1x20x3x4], zero point 3, scale 0.5.
ModelBytes many_channels_model();

// sum of f32[2x3] a and b.
ModelBytes two_inputs_model();

// y = cstScale(x), f32[1x2x2x2], with attributes factor=3.0, steps=[4 5], mode="up" and an output y.
ModelBytes custom_model();

// relu of f32[1x4] and of f32[1x8].
ModelBytes two_shapes_model();

// A file under /tmp that goes away.
class ModelFile {
 public:
  explicit ModelFile(std::span<const std::byte> bytes, const std::string& suffix = ".rknn");
  ~ModelFile();
  char* path() { return path_.data(); }

 private:
  std::string path_;
};

}  // namespace sixtops::testing
