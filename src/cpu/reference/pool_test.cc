#include <cmath>
#include <limits>

#include "cpu/reference/kernel_testing.h"
#include "graph/requantize.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_floats;
using sixtops::testing::random_int;
using sixtops::testing::random_integers;

// A pool over [1, 2, height, width] and what every window sees: visit(output index, values inside).
struct Pool {
  int64_t height, width, kernel_h, kernel_w, stride, dilation, pad;
  int64_t extent(int64_t in, int64_t kernel) const { return (in + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1; }
  Shape output() const { return {1, 2, extent(height, kernel_h), extent(width, kernel_w)}; }
  AttributeList attributes() const {
    return {{"kernel_shape", Ints{kernel_h, kernel_w}},
            {"strides", Ints{stride, stride}},
            {"dilations", Ints{dilation, dilation}},
            {"pads", Ints{pad, pad, pad, pad}}};
  }
  template <typename F>
  void for_each(const std::vector<double>& x, const F& visit) const {
    size_t out = 0;
    for (int64_t plane = 0; plane < 2; ++plane) {
      for (int64_t y = 0; y < output()[2]; ++y) {
        for (int64_t z = 0; z < output()[3]; ++z) {
          std::vector<double> values;
          for (int64_t tap = 0; tap < kernel_h * kernel_w; ++tap) {
            const int64_t row = y * stride - pad + tap / kernel_w * dilation;
            const int64_t column = z * stride - pad + tap % kernel_w * dilation;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            values.push_back(x[static_cast<size_t>((plane * height + row) * width + column)]);
          }
          visit(out++, values);
        }
      }
    }
  }
};

Pool random_pool(std::mt19937& random) {
  const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
  Pool pool{0, 0, draw(1, 3), draw(1, 4), draw(1, 3), draw(1, 2), draw(0, 1)};
  if (pool.pad >= pool.kernel_h || pool.pad >= pool.kernel_w) pool.pad = 0;
  pool.height = draw((pool.kernel_h - 1) * pool.dilation + 1, 8);
  pool.width = draw((pool.kernel_w - 1) * pool.dilation + 1, 9);
  return pool;
}

TEST(Pools, EqualTheirDefinitionsOnRandomShapes) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const Pool pool = random_pool(random);
    const Tensor x = random_floats(random, {1, 2, pool.height, pool.width});
    std::vector<float> average(static_cast<size_t>(element_count(pool.output()).value()));
    std::vector<float> largest = average;
    std::vector<float> norm = average;
    std::vector<float> padded = average;
    pool.for_each(values_as<double>(x), [&](size_t at, const std::vector<double>& values) {
      double sum = 0;
      double squares = 0;
      double best = -1e9;
      for (const double value : values) {
        sum += value;
        squares += value * value;
        best = std::max(best, value);
      }
      average[at] = static_cast<float>(sum / static_cast<double>(values.size()));
      padded[at] = static_cast<float>(sum / static_cast<double>(pool.kernel_h * pool.kernel_w));
      largest[at] = static_cast<float>(best);
      norm[at] = static_cast<float>(std::sqrt(squares));
    });
    AttributeList attributes = pool.attributes();
    EXPECT_OUTPUT_NEAR(run(Op::kMaxPool, {x}, attributes), floats(pool.output(), largest), 0);
    EXPECT_OUTPUT_NEAR(run(Op::kLpPool, {x}, attributes), floats(pool.output(), norm), 1e-6);
    EXPECT_OUTPUT_NEAR(run(Op::kAveragePool, {x}, attributes), floats(pool.output(), average), 1e-6);
    attributes.emplace_back("count_include_pad", int64_t{1});
    EXPECT_OUTPUT_NEAR(run(Op::kAveragePool, {x}, attributes), floats(pool.output(), padded), 1e-6);
  }
}

TEST(AveragePool, CountsOnlyDeclaredPaddingInCeilMode) {
  // The second window sees one element and one place that is no padding either.
  const Tensor x = floats({1, 1, 3}, {1, 2, 3});
  AttributeList attributes = {
      {"kernel_shape", Ints{2}}, {"strides", Ints{2}}, {"pads", Ints{0, 0}}, {"ceil_mode", int64_t{1}}};
  EXPECT_OUTPUT(run(Op::kAveragePool, {x}, attributes), floats({1, 1, 2}, {1.5F, 3}));
  attributes.emplace_back("count_include_pad", int64_t{1});
  EXPECT_OUTPUT(run(Op::kAveragePool, {x}, attributes), floats({1, 1, 2}, {1.5F, 3}));
}

TEST(AveragePool, IntegerFormSumsCodesWithPaddingCodes) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 50; ++trial) {
    const Pool pool = random_pool(random);
    const Tensor x = random_integers(random, {1, 2, pool.height, pool.width});
    const int64_t pad_code = random_int(random, -128, 127);
    const int64_t taps = pool.kernel_h * pool.kernel_w;
    Tensor expected = Tensor::allocate(DType::kI8, pool.output()).value();
    pool.for_each(values_as<double>(x), [&](size_t at, const std::vector<double>& values) {
      int64_t sum = -100 + pad_code * (taps - static_cast<int64_t>(values.size()));
      for (const double value : values) sum += static_cast<int64_t>(value);
      expected.mutable_values<int8_t>()[at] = requantize(static_cast<int32_t>(sum), 20000, 4, 5);
    });
    AttributeList attributes = pool.attributes();
    attributes.insert(attributes.end(), {{"multiplier", Ints{20000}},
                                         {"shift", int64_t{4}},
                                         {"operand_bias", int64_t{-100}},
                                         {"pad_code", pad_code},
                                         {"output_zero_point", int64_t{5}}});
    EXPECT_OUTPUT(run(Op::kAveragePool, {x}, attributes), expected);
  }
}

TEST(GlobalPools, SeeThePlane) {
  const Tensor x = floats({1, 2, 2, 2}, {1, 2, 3, 6, -4, 0, 0, -3});
  EXPECT_OUTPUT(run(Op::kGlobalAveragePool, {x}), floats({1, 2, 1, 1}, {3, -1.75F}));
  EXPECT_OUTPUT(run(Op::kGlobalMaxPool, {x}), floats({1, 2, 1, 1}, {6, 0}));
  EXPECT_OUTPUT_NEAR(run(Op::kGlobalLpPool, {x}), floats({1, 2, 1, 1}, {std::sqrt(50.0F), 5}), 1e-6);
  EXPECT_OUTPUT_NEAR(run(Op::kGlobalLpPool, {x}, {{"p", int64_t{1}}}), floats({1, 2, 1, 1}, {12, 7}), 1e-6);
  EXPECT_OUTPUT(run(Op::kGlobalAveragePool, {int8s({1, 1, 2, 2}, {1, 2, 3, -10})},
                    {{"multiplier", Ints{16384}}, {"shift", int64_t{4}}, {"operand_bias", int64_t{2}}}),
                int8s({1, 1, 1, 1}, {0}));  // -2 / 4 = -0.5 → 0
}

TEST(MaxPool, GivesIndicesInEitherOrder) {
  const Tensor x = floats({1, 2, 2, 3}, {1, 5, 5, 2, 0, 1, 9, 8, 7, 6, 5, 4});
  const auto indices = [&](int64_t storage_order) {
    return run(Op::kMaxPool, {x}, {{"kernel_shape", Ints{2, 2}}, {"storage_order", storage_order}}, 2).value()[1];
  };
  expect_equal(indices(0), int64s({1, 2, 1, 2}, {1, 1, 6, 7}));
  expect_equal(indices(1), int64s({1, 2, 1, 2}, {2, 2, 6, 8}));
}

TEST(MaxPool, NeverLetsPaddingWin) {
  EXPECT_OUTPUT(run(Op::kMaxPool, {int8s({1, 1, 2}, {-100, -90})}, {{"kernel_shape", Ints{2}}, {"pads", Ints{1, 1}}}),
                int8s({1, 1, 3}, {-100, -90, -90}));
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_OUTPUT(run(Op::kMaxPool, {floats({1, 1, 2}, {-infinity, -infinity})}, {{"kernel_shape", Ints{2}}}),
                floats({1, 1, 1}, {-infinity}));
}

TEST(MaxPool, ManagesHugeKernelsOfPadding) {
  const int64_t huge = int64_t{1} << 24;
  EXPECT_OUTPUT(run(Op::kMaxPool, {floats({1, 1, 1, 1}, {3})},
                    {{"kernel_shape", Ints{huge, huge}}, {"pads", Ints{huge - 1, huge - 1, 0, 0}}}),
                floats({1, 1, 1, 1}, {3}));
}

TEST(MaxUnpool, PutsValuesBack) {
  const Tensor x = floats({1, 1, 1, 2}, {5, 6});
  const AttributeList attributes = {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}};
  EXPECT_OUTPUT(run(Op::kMaxUnpool, {x, int64s({1, 1, 1, 2}, {4, 3})}, attributes),
                floats({1, 1, 2, 4}, {0, 0, 0, 6, 5, 0, 0, 0}));
  EXPECT_OUTPUT(run(Op::kMaxUnpool, {x, int64s({1, 1, 1, 2}, {4, 3}), int64s({4}, {1, 1, 2, 5})}, attributes),
                floats({1, 1, 2, 5}, {0, 0, 0, 6, 0, 5, 0, 0, 0, 0}));
  EXPECT_ERROR(run(Op::kMaxUnpool, {x, int64s({1, 1, 1, 2}, {4, 8})}, attributes), StatusCode::kInvalidData,
               "index 8 points outside");
}

TEST(Col2Im, AddsOverlappingBlocks) {
  EXPECT_OUTPUT(run(Op::kCol2Im, {floats({1, 2, 3}, {1, 2, 3, 10, 20, 30}), int64s({1}, {4}), int64s({1}, {2})}),
                floats({1, 1, 4}, {1, 12, 23, 30}));
  EXPECT_OUTPUT(run(Op::kCol2Im, {floats({1, 2, 2}, {1, 2, 10, 20}), int64s({1}, {2}), int64s({1}, {2})},
                    {{"strides", Ints{2}}, {"pads", Ints{1, 1}}}),
                floats({1, 1, 2}, {10, 2}));
  EXPECT_ERROR(run(Op::kCol2Im, {floats({1, 2, 2}, {1, 2, 3, 4}), int64s({1}, {4}), int64s({1}, {2})}),
               StatusCode::kInvalidData, "3 blocks");
}

}  // namespace
}  // namespace sixtops::cpu::reference
