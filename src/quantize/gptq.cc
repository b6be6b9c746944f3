#include "quantize/gptq.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/thread_pool.h"
#include "cpu/engine/float/inverse_factor.h"
#include "cpu/engine/float/sgemm.h"
#include "graph/window.h"

namespace sixtops::quantize {
namespace {

// Input windows that the Hessian is made of, over all samples.
constexpr int64_t kSampledRows = 16384;
// Share of the mean diagonal that is added to it, so that inputs which never vary do not make H singular.
constexpr double kDamping = 0.01;

struct SampledRows {
  int64_t rows = 0;
  std::vector<float> values;  // rows x columns
};

// Sampled im2col rows of one sample, 2-D convolution.
Status add_convolution_windows(const Job& job, const Node& node, const Tensor& codes, int64_t wanted,
                               SampledRows& windows) {
  const Shape& in = codes.shape();
  const Shape& out = *job.source.value(node.outputs[0]).shape;
  const Shape& kernel = *job.source.value(node.inputs[1]).shape;
  const std::vector<Window> axes = TRY(resolve_windows(node, in, std::span(kernel).subspan(2)));
  const Window& y_window = axes[0];
  const Window& x_window = axes[1];
  const auto values = codes.values<float>();
  const int64_t positions = in[0] * out[2] * out[3];
  const int64_t stride = std::max<int64_t>(1, positions / wanted) | 1;
  for (int64_t position = 0; position < positions; position += stride) {
    const int64_t batch = position / (out[2] * out[3]);
    for (int64_t c = 0; c < in[1]; ++c) {
      for (int64_t ky = 0; ky < kernel[2]; ++ky) {
        for (int64_t kx = 0; kx < kernel[3]; ++kx) {
          const int64_t y = y_window.tap(position / out[3] % out[2], ky);
          const int64_t x = x_window.tap(position % out[3], kx);
          const bool inside = y >= 0 && y < in[2] && x >= 0 && x < in[3];
          windows.values.push_back(inside ? values[static_cast<size_t>(((batch * in[1] + c) * in[2] + y) * in[3] + x)]
                                          : 0);
        }
      }
    }
    ++windows.rows;
  }
  return {};
}

void add_matrix_rows(const WeightLayout& layout, const Tensor& codes, int64_t wanted, SampledRows& windows) {
  const auto values = codes.values<float>();
  const int64_t rows = codes.element_count() / layout.columns;
  const int64_t stride = std::max<int64_t>(1, rows / wanted);
  for (int64_t row = 0; row < rows; row += stride) {
    const auto begin = values.begin() + row * layout.columns;
    windows.values.insert(windows.values.end(), begin, begin + layout.columns);
    ++windows.rows;
  }
}

// H = XᵀX / n of the windows minus their mean.
Result<std::vector<double>> hessian(const Job& job, const Node& node, const WeightLayout& layout) {
  SampledRows windows;
  const int64_t wanted = std::max<int64_t>(1, kSampledRows / static_cast<int64_t>(job.sample_count));
  for (size_t s = 0; s < job.sample_count; ++s) {
    const Tensor codes = centred_codes(job.at(node.inputs[0]), s);
    if (node.op == Op::kConv) {
      TRY(add_convolution_windows(job, node, codes, wanted, windows));
    } else {
      add_matrix_rows(layout, codes, wanted, windows);
    }
  }
  const int64_t columns = layout.columns;
  std::vector<double> means(static_cast<size_t>(columns), 0.0);
  for (size_t i = 0; i < windows.values.size(); ++i) means[i % means.size()] += windows.values[i];
  for (double& mean : means) mean /= static_cast<double>(std::max<int64_t>(windows.rows, 1));
  for (size_t i = 0; i < windows.values.size(); ++i) windows.values[i] -= static_cast<float>(means[i % means.size()]);

  // Rows of H are split over the pool: row block b of XᵀX is the transpose of X's columns b times X.
  std::vector<float> product(static_cast<size_t>(columns * columns));
  ThreadPool::process().parallel_for(columns, [&](int64_t begin, int64_t end) {
    const cpu::engine::Matrix left = {windows.values.data() + begin, columns, true};
    const cpu::engine::Matrix right = {windows.values.data(), columns, false};
    cpu::engine::sgemm(end - begin, columns, windows.rows, left, right, 0, product.data() + begin * columns, columns);
  });
  std::vector<double> h(product.begin(), product.end());
  for (double& value : h) value /= static_cast<double>(std::max<int64_t>(windows.rows, 1));
  return h;
}

}  // namespace

bool can_round_by_gptq(const Graph& graph, const Node& node, const WeightLayout& layout) {
  if (layout.columns > kMaxGptqColumns || layout.columns < 2) return false;
  if (node.op == Op::kConv) return node.get_int("group") == 1 && graph.value(node.inputs[1]).shape->size() == 4;
  return node.op == Op::kGemm || node.op == Op::kMatMul;
}

Result<QuantizedWeights> round_weights_by_gptq(const Job& job, const Node& node, const WeightLayout& layout,
                                               const WeightMatrix& weights, std::vector<double> scales) {
  const int64_t n = layout.columns;
  std::vector<double> h = TRY(hessian(job, node, layout));
  double diagonal = 0;
  for (int64_t i = 0; i < n; ++i) diagonal += h[static_cast<size_t>(i * n + i)] / static_cast<double>(n);
  if (!(diagonal > 0)) return round_weights(weights, std::move(scales));
  for (int64_t i = 0; i < n; ++i) h[static_cast<size_t>(i * n + i)] += kDamping * diagonal;

  // Columns whose inputs vary most are rounded first: most others are left to make up for them.
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return h[static_cast<size_t>(a * n + a)] > h[static_cast<size_t>(b * n + b)];
  });
  std::vector<double> u(h.size());
  for (int64_t r = 0; r < n; ++r) {
    for (int64_t c = 0; c < n; ++c) {
      u[static_cast<size_t>(r * n + c)] =
          h[static_cast<size_t>(order[static_cast<size_t>(r)] * n + order[static_cast<size_t>(c)])];
    }
  }
  if (!cpu::engine::inverse_factor(u, n)) return round_weights(weights, std::move(scales));

  QuantizedWeights result{std::vector<int8_t>(weights.values.size()), std::move(scales)};
  ThreadPool::process().parallel_for(layout.rows, [&](int64_t begin, int64_t end) {
    std::vector<double> row(static_cast<size_t>(n));
    for (int64_t r = begin; r < end; ++r) {
      const std::span<const float> source = weights.row(r);
      for (size_t i = 0; i < row.size(); ++i) row[i] = source[static_cast<size_t>(order[i])];
      const double scale = result.scales[static_cast<size_t>(r)];
      for (int64_t i = 0; i < n; ++i) {
        const double value = row[static_cast<size_t>(i)];
        const double code = std::clamp(std::nearbyint(value / scale), -127.0, 127.0);
        result.codes[static_cast<size_t>(r * n + order[static_cast<size_t>(i)])] = static_cast<int8_t>(code);
        const double* factors = &u[static_cast<size_t>(i * n)];
        const double error = (value - code * scale) / factors[i];
        for (int64_t j = i + 1; j < n; ++j) row[static_cast<size_t>(j)] -= error * factors[j];
      }
    }
  });
  return result;
}

}  // namespace sixtops::quantize
