// A network behind the RKNN C API.
#pragma once

#include <rknn_api.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Destroys its context with itself. Functions that can fail print what failed, with the API's code, and return false.
class Network {
 public:
  Network() = default;
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Reads the file, and prints versions and tensors as it finds them.
  bool open(const std::string& path);

  // Of the picture input.
  int width() const { return width_; }
  int height() const { return height_; }

  const std::vector<rknn_tensor_attr>& outputs() const { return outputs_; }

  // One picture of width() x height() RGB bytes → outputs, as float32, or as the network's own codes.
  bool run(const std::vector<uint8_t>& rgb, bool want_float);

  // Of the last run, until the next one.
  const float* values(size_t output) const { return static_cast<const float*>(results_[output].buf); }
  const int8_t* codes(size_t output) const { return static_cast<const int8_t*>(results_[output].buf); }

 private:
  bool query_tensors();
  bool find_picture_input();
  void release_results();

  rknn_context context_ = 0;
  std::vector<rknn_tensor_attr> inputs_;
  std::vector<rknn_tensor_attr> outputs_;
  std::vector<rknn_output> results_;
  int width_ = 0;
  int height_ = 0;
};
