// Normalizations with learned scale and bias: batch, group, instance, layer, RMS.
#include <cmath>

#include "cpu/reference/axis_lines.h"
#include "cpu/reference/broadcast_offset.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

struct Moments {
  double mean = 0;
  double inverse_deviation = 1;
};

// Of one line of `count` elements from `begin` on.
template <typename T>
Moments moments(std::span<const T> line, double epsilon) {
  double sum = 0;
  for (const T value : line) sum += value;
  const double mean = sum / static_cast<double>(line.size());
  double squares = 0;
  for (const T value : line) squares += (value - mean) * (value - mean);
  return {mean, 1 / std::sqrt(squares / static_cast<double>(line.size()) + epsilon)};
}

Result<std::vector<double>> parameters(const Arguments& arguments, size_t index, int64_t channels) {
  std::vector<double> values = values_as<double>(arguments.input(index));
  if (static_cast<int64_t>(values.size()) == channels) return values;
  return invalid_data("operand {} has {} elements, expected one for each of {} channels", index, values.size(),
                      channels);
}

int64_t channel_count(const Shape& shape) { return shape.size() > 1 ? shape[1] : 1; }

// Elements of one channel of one image.
int64_t plane_size(const Tensor& x) {
  const int64_t planes = x.rank() > 0 ? x.shape()[0] * channel_count(x.shape()) : 1;
  return planes == 0 ? 0 : x.element_count() / planes;
}

// Normalizes each run of `group` channels of an image by its own moments; scale and bias a channel.
Result<Outputs> normalize_groups(const Arguments& arguments, int64_t group) {
  const Tensor& x = arguments.input(0);
  const int64_t channels = channel_count(x.shape());
  const std::vector<double> scale = TRY(parameters(arguments, 1, channels));
  const std::vector<double> bias = TRY(parameters(arguments, 2, channels));
  const double epsilon = arguments.node.get_float("epsilon");
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const int64_t plane = plane_size(x);
    const int64_t line = plane * group;
    for (int64_t begin = 0; begin < x.element_count(); begin += line) {
      const auto values = x.values<T>().subspan(static_cast<size_t>(begin), static_cast<size_t>(line));
      const Moments m = moments(values, epsilon);
      for (size_t i = 0; i < values.size(); ++i) {
        const size_t at = static_cast<size_t>(begin) + i;
        const auto channel = static_cast<size_t>(static_cast<int64_t>(at) / plane % channels);
        output.mutable_values<T>()[at] =
            static_cast<T>((values[i] - m.mean) * m.inverse_deviation * scale[channel] + bias[channel]);
      }
    }
    return Outputs{output};
  });
}

// Where the parameter of an element lies that belongs to the axes from `axis` on.
Result<BroadcastOffset> trailing_parameter(const Tensor& parameter, const Shape& shape) {
  if (TRY(broadcast(parameter.shape(), shape)) != shape) {
    return invalid_data("a parameter of shape {} does not broadcast to {}", shape_text(parameter.shape()),
                        shape_text(shape));
  }
  return BroadcastOffset(parameter.shape(), shape);
}

// The shape of one value a line: extents before `axis`, then ones.
Result<Shape> line_shape(const Shape& shape, int64_t axis) {
  Shape result = shape;
  const int first = TRY(normalize_axis(axis, static_cast<int>(shape.size())));
  std::fill(result.begin() + first, result.end(), 1);
  return result;
}

}  // namespace

Result<Outputs> kernels::BatchNormalization(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const int64_t channels = channel_count(x.shape());
  const std::vector<double> scale = TRY(parameters(arguments, 1, channels));
  const std::vector<double> bias = TRY(parameters(arguments, 2, channels));
  const std::vector<double> mean = TRY(parameters(arguments, 3, channels));
  const std::vector<double> variance = TRY(parameters(arguments, 4, channels));
  const double epsilon = arguments.node.get_float("epsilon");
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const int64_t plane = plane_size(x);
    for (int64_t i = 0; i < x.element_count(); ++i) {
      const auto c = static_cast<size_t>(i / plane % channels);
      const double centred = x.values<T>()[static_cast<size_t>(i)] - mean[c];
      output.mutable_values<T>()[static_cast<size_t>(i)] =
          static_cast<T>(centred / std::sqrt(variance[c] + epsilon) * scale[c] + bias[c]);
    }
    return Outputs{output};
  });
}

Result<Outputs> kernels::GroupNormalization(const Arguments& arguments) {
  const int64_t channels = channel_count(arguments.input(0).shape());
  const int64_t groups = arguments.node.get_int("num_groups");
  if (channels % groups != 0) return invalid_data("{} channels do not divide into {} groups", channels, groups);
  return normalize_groups(arguments, channels / groups);
}

Result<Outputs> kernels::InstanceNormalization(const Arguments& arguments) { return normalize_groups(arguments, 1); }

Result<Outputs> kernels::LayerNormalization(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const int64_t axis = arguments.node.get_int("axis");
  const AxisLines lines = TRY(AxisLines::from(x.shape(), axis));
  const auto moment_shape = TRY(line_shape(x.shape(), axis));
  const BroadcastOffset scale_at = TRY(trailing_parameter(arguments.input(1), x.shape()));
  const std::vector<double> scale = values_as<double>(arguments.input(1));
  const Tensor no_bias = Tensor::scalar(0.0F);
  const Tensor& bias_tensor = arguments.has(2) ? arguments.input(2) : no_bias;
  const BroadcastOffset bias_at = TRY(trailing_parameter(bias_tensor, x.shape()));
  const std::vector<double> bias = values_as<double>(bias_tensor);
  const double epsilon = arguments.node.get_float("epsilon");
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    Tensor mean = TRY(arguments.allocate(x.dtype(), moment_shape));
    Tensor inverse_deviation = TRY(arguments.allocate(x.dtype(), moment_shape));
    for (int64_t line = 0; line < lines.outer_count; ++line) {
      const size_t begin = static_cast<size_t>(line * lines.extent);
      const auto values = x.values<T>().subspan(begin, static_cast<size_t>(lines.extent));
      const Moments m = moments(values, epsilon);
      mean.mutable_values<T>()[static_cast<size_t>(line)] = static_cast<T>(m.mean);
      inverse_deviation.mutable_values<T>()[static_cast<size_t>(line)] = static_cast<T>(m.inverse_deviation);
      for (size_t i = 0; i < values.size(); ++i) {
        const auto at = static_cast<int64_t>(begin + i);
        output.mutable_values<T>()[begin + i] =
            static_cast<T>((values[i] - m.mean) * m.inverse_deviation * scale[static_cast<size_t>(scale_at(at))] +
                           bias[static_cast<size_t>(bias_at(at))]);
      }
    }
    Outputs outputs = {output, mean, inverse_deviation};
    outputs.resize(arguments.node.outputs.size());
    return outputs;
  });
}

Result<Outputs> kernels::RMSNormalization(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const AxisLines lines = TRY(AxisLines::from(x.shape(), arguments.node.get_int("axis")));
  const BroadcastOffset scale_at = TRY(trailing_parameter(arguments.input(1), x.shape()));
  const std::vector<double> scale = values_as<double>(arguments.input(1));
  const double epsilon = arguments.node.get_float("epsilon");
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    for (int64_t begin = 0; begin < x.element_count(); begin += lines.extent) {
      const auto values = x.values<T>().subspan(static_cast<size_t>(begin), static_cast<size_t>(lines.extent));
      double squares = 0;
      for (const T value : values) squares += static_cast<double>(value) * value;
      const double inverse = 1 / std::sqrt(squares / static_cast<double>(lines.extent) + epsilon);
      for (size_t i = 0; i < values.size(); ++i) {
        const auto at = begin + static_cast<int64_t>(i);
        output.mutable_values<T>()[static_cast<size_t>(at)] =
            static_cast<T>(values[i] * inverse * scale[static_cast<size_t>(scale_at(at))]);
      }
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
