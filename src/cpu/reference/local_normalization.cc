// Normalizations without learned parameters: Lp, local response, mean and variance.
#include <algorithm>
#include <cmath>

#include "cpu/reference/axis_lines.h"
#include "cpu/reference/broadcast_offset.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {

// x / (sum |x|^p)^(1/p) along the axis; a line of zeros stays zero.
Result<Outputs> kernels::LpNormalization(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const AxisLines lines = TRY(AxisLines::along(x.shape(), arguments.node.get_int("axis")));
  const bool euclidean = arguments.node.get_int("p") == 2;
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const auto from = x.values<T>();
    const auto to = output.mutable_values<T>();
    lines.for_each([&](int64_t outer, int64_t inner) {
      double sum = 0;
      for (int64_t i = 0; i < lines.extent; ++i) {
        const double value = from[static_cast<size_t>(lines.index(outer, i, inner))];
        sum += euclidean ? value * value : std::abs(value);
      }
      const double norm = euclidean ? std::sqrt(sum) : sum;
      for (int64_t i = 0; i < lines.extent; ++i) {
        const auto at = static_cast<size_t>(lines.index(outer, i, inner));
        to[at] = norm == 0 ? T{0} : static_cast<T>(from[at] / norm);
      }
    });
    return Outputs{output};
  });
}

// x / (bias + alpha / size · sum of squares over `size` neighbouring channels)^beta
Result<Outputs> kernels::LRN(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const AxisLines lines = TRY(AxisLines::along(x.shape(), 1));
  const Node& node = arguments.node;
  const int64_t size = node.get_int("size");
  const double alpha = static_cast<double>(node.get_float("alpha")) / static_cast<double>(size);
  const double beta = node.get_float("beta");
  const double bias = node.get_float("bias");
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const auto from = x.values<T>();
    lines.for_each([&](int64_t outer, int64_t inner) {
      for (int64_t c = 0; c < lines.extent; ++c) {
        const int64_t first = std::max<int64_t>(0, c - (size - 1) / 2);
        const int64_t last = std::min(lines.extent - 1, c + size / 2);
        double squares = 0;
        for (int64_t i = first; i <= last; ++i) {
          const double value = from[static_cast<size_t>(lines.index(outer, i, inner))];
          squares += value * value;
        }
        const auto at = static_cast<size_t>(lines.index(outer, c, inner));
        output.mutable_values<T>()[at] = static_cast<T>(from[at] / std::pow(bias + alpha * squares, beta));
      }
    });
    return Outputs{output};
  });
}

// (x - mean) / (deviation + 1e-9) over the listed axes.
Result<Outputs> kernels::MeanVarianceNormalization(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  sixtops::Shape moment_shape = x.shape();
  for (const int64_t axis : arguments.node.get_ints("axes")) {
    moment_shape[static_cast<size_t>(TRY(normalize_axis(axis, x.rank())))] = 1;
  }
  const BroadcastOffset moment_at(moment_shape, x.shape());
  const auto moment_count = static_cast<size_t>(TRY(element_count(moment_shape)));
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const auto from = x.values<T>();
    std::vector<double> mean(moment_count);
    std::vector<double> variance(moment_count);
    const double count = static_cast<double>(from.size()) / static_cast<double>(std::max<size_t>(moment_count, 1));
    const auto moment = [&](size_t i) { return static_cast<size_t>(moment_at(static_cast<int64_t>(i))); };
    for (size_t i = 0; i < from.size(); ++i) mean[moment(i)] += from[i] / count;
    for (size_t i = 0; i < from.size(); ++i) {
      const double centred = from[i] - mean[moment(i)];
      variance[moment(i)] += centred * centred / count;
    }
    for (size_t i = 0; i < from.size(); ++i) {
      const size_t m = moment(i);
      output.mutable_values<T>()[i] = static_cast<T>((from[i] - mean[m]) / (std::sqrt(variance[m]) + 1e-9));
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
