#include "cpu/reference/kernel_testing.h"
#include "graph/requantize.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_floats;
using sixtops::testing::random_int;
using sixtops::testing::random_integers;
using sixtops::testing::random_ints;

// A two-dimensional layer, written out once more without any of the kernel's machinery.
struct Layer {
  int64_t batch, groups, group_inputs, group_outputs, height, width, kernel_h, kernel_w;
  int64_t stride_h, stride_w, dilation_h, dilation_w, top, left, bottom, right;
  int64_t out_h() const { return (height + top + bottom - (kernel_h - 1) * dilation_h - 1) / stride_h + 1; }
  int64_t out_w() const { return (width + left + right - (kernel_w - 1) * dilation_w - 1) / stride_w + 1; }
  Shape input() const { return {batch, groups * group_inputs, height, width}; }
  Shape weights() const { return {groups * group_outputs, group_inputs, kernel_h, kernel_w}; }
  Shape output() const { return {batch, groups * group_outputs, out_h(), out_w()}; }
  AttributeList attributes() const {
    return {{"group", groups},
            {"strides", Ints{stride_h, stride_w}},
            {"dilations", Ints{dilation_h, dilation_w}},
            {"pads", Ints{top, left, bottom, right}}};
  }
};

Layer random_layer(std::mt19937& random) {
  const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
  Layer layer{draw(1, 2), draw(1, 3), draw(1, 4), draw(1, 4), 0,          0,          draw(1, 3), draw(1, 4),
              draw(1, 3), draw(1, 2), draw(1, 2), draw(1, 3), draw(0, 2), draw(0, 3), draw(0, 2), draw(0, 3)};
  layer.height = draw((layer.kernel_h - 1) * layer.dilation_h + 1, 9);
  layer.width = draw((layer.kernel_w - 1) * layer.dilation_w + 1, 11);
  return layer;
}

// Calls visit(output index, channel, sum of x · w, sum of x) with `pad` outside of the picture.
template <typename T, typename F>
void naive_convolution(const Layer& l, std::span<const T> x, std::span<const T> w, double pad, const F& visit) {
  size_t out = 0;
  for (int64_t n = 0; n < l.batch; ++n) {
    for (int64_t c = 0; c < l.groups * l.group_outputs; ++c) {
      for (int64_t y = 0; y < l.out_h(); ++y) {
        for (int64_t z = 0; z < l.out_w(); ++z) {
          double products = 0;
          double window = 0;
          for (int64_t i = 0; i < l.group_inputs; ++i) {
            const int64_t channel = c / l.group_outputs * l.group_inputs + i;
            for (int64_t r = 0; r < l.kernel_h; ++r) {
              for (int64_t s = 0; s < l.kernel_w; ++s) {
                const int64_t row = y * l.stride_h + r * l.dilation_h - l.top;
                const int64_t col = z * l.stride_w + s * l.dilation_w - l.left;
                const bool inside = row >= 0 && row < l.height && col >= 0 && col < l.width;
                const auto at =
                    static_cast<size_t>(((n * l.groups * l.group_inputs + channel) * l.height + row) * l.width + col);
                const double value = inside ? static_cast<double>(x[at]) : pad;
                const auto weight = static_cast<size_t>(((c * l.group_inputs + i) * l.kernel_h + r) * l.kernel_w + s);
                products += value * static_cast<double>(w[weight]);
                window += value;
              }
            }
          }
          visit(out++, static_cast<size_t>(c), products, window);
        }
      }
    }
  }
}

TEST(Conv, EqualsNestedLoopsOnRandomLayers) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 100; ++trial) {
    const Layer layer = random_layer(random);
    const Tensor x = random_floats(random, layer.input());
    const Tensor w = random_floats(random, layer.weights());
    const Tensor bias = random_floats(random, {layer.weights()[0]});
    Tensor expected = Tensor::allocate(DType::kF32, layer.output()).value();
    naive_convolution<float>(
        layer, x.values<float>(), w.values<float>(), 0, [&](size_t at, size_t channel, double products, double) {
          expected.mutable_values<float>()[at] = static_cast<float>(products + bias.values<float>()[channel]);
        });
    EXPECT_OUTPUT_NEAR(run(Op::kConv, {x, w, bias}, layer.attributes()), expected, 1e-5);
  }
}

TEST(Conv, IntegerFormEqualsNestedLoopsOnRandomLayers) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 100; ++trial) {
    const Layer layer = random_layer(random);
    const size_t channels = static_cast<size_t>(layer.weights()[0]);
    const Tensor x = random_integers(random, layer.input());
    const Tensor w = random_integers(random, layer.weights());
    const Tensor bias = random_integers<int32_t>(random, {layer.weights()[0]}, -20000, 20000);
    const Ints multiplier = random_ints(random, channels, 256, 32767);
    const Ints offset = random_ints(random, channels, -128, 127);
    const int64_t pad_code = random_int(random, -128, 127);
    AttributeList attributes = layer.attributes();
    attributes.insert(attributes.end(), {{"multiplier", multiplier},
                                         {"weight_offset", offset},
                                         {"pad_code", pad_code},
                                         {"shift", int64_t{10}},
                                         {"output_zero_point", int64_t{7}}});
    Tensor expected = Tensor::allocate(DType::kI8, layer.output()).value();
    naive_convolution<int8_t>(
        layer, x.values<int8_t>(), w.values<int8_t>(), static_cast<double>(pad_code),
        [&](size_t at, size_t channel, double products, double window) {
          const double sum = products + static_cast<double>(offset[channel]) * window + bias.values<int32_t>()[channel];
          expected.mutable_values<int8_t>()[at] =
              requantize(static_cast<int32_t>(sum), static_cast<int16_t>(multiplier[channel]), 10, 7);
        });
    EXPECT_OUTPUT(run(Op::kConv, {x, w, bias}, attributes), expected);
  }
}

TEST(Conv, WorksOnOneAndThreeSpatialAxes) {
  const Tensor line = floats({1, 1, 4}, {1, 2, 3, 4});
  EXPECT_OUTPUT(run(Op::kConv, {line, floats({1, 1, 2}, {1, 10})}, {{"strides", Ints{2}}, {"pads", Ints{1, 1}}}),
                floats({1, 1, 3}, {10, 32, 4}));
  const Tensor cube = floats({1, 1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_OUTPUT(run(Op::kConv, {cube, floats({1, 1, 2, 1, 2}, {1, 2, 3, 4})}), floats({1, 1, 1, 2, 1}, {44, 64}));
}

TEST(Conv, ResolvesAutoPad) {
  const Tensor x = floats({1, 1, 1, 4}, {1, 2, 3, 4});
  const Tensor w = floats({1, 1, 1, 2}, {1, 10});
  EXPECT_OUTPUT(run(Op::kConv, {x, w}, {{"auto_pad", std::string("SAME_UPPER")}}),
                floats({1, 1, 1, 4}, {21, 32, 43, 4}));
  EXPECT_OUTPUT(run(Op::kConv, {x, w}, {{"auto_pad", std::string("SAME_LOWER")}}),
                floats({1, 1, 1, 4}, {10, 21, 32, 43}));
}

TEST(Conv, ComputesHalvesAndDoubles) {
  EXPECT_OUTPUT(run(Op::kConv, {halves({1, 1, 2}, {1, 2}), halves({1, 1, 2}, {3, 4})}), halves({1, 1, 1}, {11}));
  EXPECT_OUTPUT(run(Op::kConv,
                    {tensor<double>({1, 1, 2}, {1, 2}), tensor<double>({1, 1, 2}, {3, 4}), tensor<double>({1}, {0.5})}),
                tensor<double>({1, 1, 1}, {11.5}));
}

TEST(Conv, RefusesContradictions) {
  const Tensor x = floats({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_ERROR(run(Op::kConv, {x, floats({1, 1, 1}, {1})}), StatusCode::kInvalidData, "2 input channels");
  EXPECT_ERROR(run(Op::kConv, {x, floats({1, 2, 4}, {1, 1, 1, 1, 1, 1, 1, 1})}), StatusCode::kInvalidData, "fit");
  EXPECT_ERROR(run(Op::kConv, {x, floats({1, 2, 1}, {1, 1}), floats({2}, {1, 1})}), StatusCode::kInvalidData,
               "2 biases for 1");
  EXPECT_ERROR(run(Op::kConv, {x, tensor<double>({1, 2, 1}, {1, 1})}), StatusCode::kInvalidData, "operand 1 is f64");
}

// A transposed convolution scatters: every input element adds its kernel to the output.
TEST(ConvTranspose, EqualsScatteringOnRandomLayers) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 100; ++trial) {
    const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
    const int64_t groups = draw(1, 2), inputs = draw(1, 3), outputs = draw(1, 3);
    const Ints in = {draw(1, 5), draw(1, 5)}, kernel = {draw(1, 4), draw(1, 3)}, stride = {draw(1, 3), draw(1, 3)};
    const Ints dilation = {draw(1, 2), draw(1, 2)}, extra = {draw(0, stride[0] - 1), draw(0, stride[1] - 1)};
    Ints pads(4), out(2);
    for (size_t i = 0; i < 2; ++i) {
      const int64_t natural = (in[i] - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 + extra[i];
      pads[i] = draw(0, std::min<int64_t>(2, (natural - 1) / 2));
      pads[2 + i] = draw(0, std::min<int64_t>(2, (natural - 1) / 2));
      out[i] = natural - pads[i] - pads[2 + i];
    }
    const Tensor x = random_floats(random, {1, groups * inputs, in[0], in[1]});
    const Tensor w = random_floats(random, {groups * inputs, outputs, kernel[0], kernel[1]});
    Tensor expected = Tensor::allocate(DType::kF32, {1, groups * outputs, out[0], out[1]}).value();
    for (int64_t channel = 0; channel < groups * inputs; ++channel) {
      for (int64_t o = 0; o < outputs; ++o) {
        for (int64_t at = 0; at < in[0] * in[1]; ++at) {
          for (int64_t tap = 0; tap < kernel[0] * kernel[1]; ++tap) {
            const int64_t row = at / in[1] * stride[0] + tap / kernel[1] * dilation[0] - pads[0];
            const int64_t col = at % in[1] * stride[1] + tap % kernel[1] * dilation[1] - pads[1];
            if (row < 0 || row >= out[0] || col < 0 || col >= out[1]) continue;
            const int64_t plane = channel / inputs * outputs + o;
            expected.mutable_values<float>()[static_cast<size_t>((plane * out[0] + row) * out[1] + col)] +=
                x.values<float>()[static_cast<size_t>(channel * in[0] * in[1] + at)] *
                w.values<float>()[static_cast<size_t>((channel * outputs + o) * kernel[0] * kernel[1] + tap)];
          }
        }
      }
    }
    const AttributeList attributes = {
        {"group", groups}, {"strides", stride}, {"dilations", dilation}, {"output_padding", extra}, {"pads", pads}};
    EXPECT_OUTPUT_NEAR(run(Op::kConvTranspose, {x, w}, attributes), expected, 1e-5);
  }
}

TEST(ConvTranspose, HonoursOutputShape) {
  const Tensor x = floats({1, 1, 2}, {1, 2});
  const Tensor w = floats({1, 1, 3}, {1, 10, 100});
  EXPECT_OUTPUT(run(Op::kConvTranspose, {x, w}, {{"strides", Ints{3}}, {"output_shape", Ints{7}}}),
                floats({1, 1, 7}, {1, 10, 100, 2, 20, 200, 0}));
}

// The integer form is the convolution of the spread-out input: elements between and around the codes are pad_code.
TEST(ConvTranspose, IntegerFormCountsPaddingBetweenElements) {
  const Tensor x = int8s({1, 1, 2}, {10, 20});
  const Tensor w = int8s({1, 1, 2}, {1, 2});
  const AttributeList attributes = {{"strides", Ints{2}},
                                    {"multiplier", Ints{16384}},
                                    {"shift", int64_t{2}},
                                    {"weight_offset", Ints{1}},
                                    {"pad_code", int64_t{3}}};
  // Spread input with its border: 3 10 3 20 3, read by the flipped kernel (2, 1), plus the window sum.
  EXPECT_OUTPUT(run(Op::kConvTranspose, {x, w, int32s({1}, {-5})}, attributes),
                int8s({1, 1, 4}, {2 * 3 + 10 + 13 - 5, 20 + 3 + 13 - 5, 6 + 20 + 23 - 5, 40 + 3 + 23 - 5}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
