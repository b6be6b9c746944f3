// From real numbers to codes and back: QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear.
#include <algorithm>
#include <cmath>

#include "cpu/reference/axis_lines.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// Scale and zero point of each element: one for the tensor, or one for each index of the axis.
struct CodeMeaning {
  Floats scale;
  Ints zero_point;
  AxisLines lines;

  size_t entry(int64_t element) const { return scale.size() == 1 ? 0 : static_cast<size_t>(lines.coordinate(element)); }
};

Result<CodeMeaning> code_meaning(const Arguments& arguments) {
  const Shape& shape = arguments.input(0).shape();
  const std::optional<Floats> scale = arguments.parameter_floats("scale", 1);
  if (!scale || scale->empty()) return invalid_data("neither attribute scale nor operand 1 is there");
  CodeMeaning meaning{*scale, arguments.parameter_ints("zero_point", 2).value_or(Ints(scale->size(), 0)), {}};
  if (meaning.zero_point.size() != meaning.scale.size()) {
    return invalid_data("{} scales and {} zero points, expected as many", meaning.scale.size(),
                        meaning.zero_point.size());
  }
  if (meaning.scale.size() == 1) return meaning;
  meaning.lines = TRY(AxisLines::along(shape, arguments.node.get_int("axis")));
  if (meaning.lines.extent != static_cast<int64_t>(meaning.scale.size())) {
    return invalid_data("{} scales for an axis of {} elements", meaning.scale.size(), meaning.lines.extent);
  }
  return meaning;
}

// The type of the codes: that of the zero point, else what `to` names, else u8.
Result<DType> code_dtype(const Arguments& arguments) {
  if (!arguments.node.has("to") && arguments.has(2)) return arguments.input(2).dtype();
  const std::string& name = arguments.node.get_text("to");
  if (name.empty()) return DType::kU8;
  const std::optional<DType> dtype = parse_dtype(name);
  if (!dtype) return invalid_data("'{}' is no element type", name);
  return *dtype;
}

// rne(quotient) + zero_point, saturated; a NaN becomes the zero point.
template <typename Code>
Code to_code(double quotient, int64_t zero_point) {
  const double rounded = std::isnan(quotient) ? 0.0 : std::nearbyint(quotient);
  return saturating_cast<Code>(rounded + static_cast<double>(zero_point));
}

}  // namespace

Result<Outputs> kernels::QuantizeLinear(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const CodeMeaning meaning = TRY(code_meaning(arguments));
  const std::vector<float> values = values_as<float>(x);
  return visit_number(TRY(code_dtype(arguments)), [&]<typename Code>(Code) -> Result<Outputs> {
    if constexpr (!std::is_integral_v<Code>) {
      return unsupported("codes of type {}, expected an integer type", dtype_name(dtype_of<Code>));
    } else {
      Tensor output = TRY(arguments.allocate(dtype_of<Code>, x.shape()));
      for (int64_t i = 0; i < x.element_count(); ++i) {
        const size_t entry = meaning.entry(i);
        // One IEEE single division, whatever the machine (docs/arithmetic.md).
        const float quotient = values[static_cast<size_t>(i)] / meaning.scale[entry];
        output.mutable_values<Code>()[static_cast<size_t>(i)] = to_code<Code>(quotient, meaning.zero_point[entry]);
      }
      return Outputs{output};
    }
  });
}

Result<Outputs> kernels::DequantizeLinear(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const CodeMeaning meaning = TRY(code_meaning(arguments));
  return visit_number(x.dtype(), [&]<typename Code>(Code) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(DType::kF32, x.shape()));
    for (int64_t i = 0; i < x.element_count(); ++i) {
      const size_t entry = meaning.entry(i);
      const auto code = static_cast<int64_t>(x.values<Code>()[static_cast<size_t>(i)]);
      output.mutable_values<float>()[static_cast<size_t>(i)] =
          static_cast<float>(code - meaning.zero_point[entry]) * meaning.scale[entry];
    }
    return Outputs{output};
  });
}

// u8 codes over the range of the tensor itself, zero included.
Result<Outputs> kernels::DynamicQuantizeLinear(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::vector<float> values = values_as<float>(x);
  float low = 0;
  float high = 0;
  for (const float value : values) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const float scale = (high - low) / 255.0F;
  const uint8_t zero_point = scale == 0 ? uint8_t{0} : to_code<uint8_t>(-low / scale, 0);
  Tensor codes = TRY(arguments.allocate(DType::kU8, x.shape()));
  for (size_t i = 0; i < values.size(); ++i) {
    codes.mutable_values<uint8_t>()[i] = scale == 0 ? zero_point : to_code<uint8_t>(values[i] / scale, zero_point);
  }
  return Outputs{codes, Tensor::scalar(scale), Tensor::scalar(zero_point)};
}

}  // namespace sixtops::cpu::reference
