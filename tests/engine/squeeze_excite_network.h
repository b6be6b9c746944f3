// A small network with what the other test networks lack: hard-swish, squeeze-and-excite blocks (global average, two
// 1 x 1 convolutions, hard-sigmoid, product with the channels) and bilinear upsampling between feature maps.
#pragma once

#include <cmath>
#include <random>
#include <string>

#include "testing/onnx_builder.h"
#include "testing/random_tensor.h"

namespace sixtops::testing {

// An ONNX file of opset 14, random weights of the seed. Input: [1, 3, side, side]; side is a multiple of 16.
class SqueezeExciteNetwork {
 public:
  SqueezeExciteNetwork(int64_t side, uint32_t seed) : random_(seed) {
    model_.input("images", DType::kF32, {1, 3, side, side});
    std::string x = hard_swish(convolution("images", 3, 16, 3, 2));
    x = block(x, 16, 64, 24, 3, 2);
    const std::string fine = block(x, 24, 72, 24, 5, 1);
    const std::string middle = block(fine, 24, 120, 40, 5, 2);
    const std::string coarse = block(middle, 40, 200, 80, 5, 2);
    x = add(upsampled(convolution(coarse, 80, 48, 1, 1), "half_pixel"), convolution(middle, 40, 48, 1, 1));
    x = add(upsampled(x, "align_corners"), convolution(fine, 24, 48, 1, 1));
    const std::string result = convolution(hard_swish(convolution(x, 48, 33, 3, 1)), 33, 7, 1, 1);
    model_.output(result);
  }

  SharedBytes onnx() const { return model_.bytes(); }

 private:
  std::string node(const std::string& type, const Names& inputs, const std::vector<OnnxAttribute>& attributes = {}) {
    const std::string name = type + std::to_string(count_++);
    model_.node(type, inputs, {name}, attributes).set_name(name);
    return name;
  }

  std::string constant(const Tensor& tensor) {
    const std::string name = "constant" + std::to_string(count_++);
    model_.constant(name, tensor);
    return name;
  }

  std::string convolution(const std::string& x, int64_t inputs, int64_t outputs, int64_t kernel, int64_t stride,
                          int64_t groups = 1) {
    const int64_t group_inputs = inputs / groups;
    const float size = std::sqrt(6.0F / static_cast<float>(group_inputs * kernel * kernel));
    return node("Conv",
                {x, constant(random_floats(random_, {outputs, group_inputs, kernel, kernel}, -size, size)),
                 constant(random_floats(random_, {outputs}, -0.1F, 0.1F))},
                {ints_attribute("kernel_shape", {kernel, kernel}), ints_attribute("strides", {stride, stride}),
                 ints_attribute("pads", std::vector<int64_t>(4, kernel / 2)), int_attribute("group", groups)});
  }

  std::string hard_swish(const std::string& x) { return node("HardSwish", {x}); }
  std::string add(const std::string& a, const std::string& b) { return node("Add", {a, b}); }

  std::string squeeze_excite(const std::string& x, int64_t channels) {
    const std::string mean = node("GlobalAveragePool", {x});
    const std::string few = node("Relu", {convolution(mean, channels, channels / 4, 1, 1)});
    const std::string gate = node("HardSigmoid", {convolution(few, channels / 4, channels, 1, 1)},
                                  {float_attribute("alpha", 1.0F / 6), float_attribute("beta", 0.5F)});
    return node("Mul", {x, gate});
  }

  // An inverted residual block.
  std::string block(const std::string& x, int64_t inputs, int64_t inner, int64_t outputs, int64_t kernel,
                    int64_t stride) {
    const std::string wide = hard_swish(convolution(x, inputs, inner, 1, 1));
    const std::string deep = hard_swish(convolution(wide, inner, inner, kernel, stride, inner));
    const std::string y = convolution(squeeze_excite(deep, inner), inner, outputs, 1, 1);
    return stride == 1 && inputs == outputs ? add(x, y) : y;
  }

  std::string upsampled(const std::string& x, const std::string& coordinates) {
    return node("Resize", {x, "", constant(Tensor::from_values<float>({4}, {1, 1, 2, 2}))},
                {text_attribute("mode", "linear"), text_attribute("coordinate_transformation_mode", coordinates)});
  }

  std::mt19937 random_;
  OnnxBuilder model_{14};
  int count_ = 0;
};

}  // namespace sixtops::testing
