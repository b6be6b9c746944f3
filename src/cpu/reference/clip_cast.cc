// Clip, Cast and Identity.
#include <limits>

#include "cpu/reference/kernels.h"
#include "cpu/reference/map.h"

namespace sixtops::cpu::reference {
namespace {

// A bound of Clip: attribute, operand, or `otherwise`.
template <typename T>
Result<T> clip_bound(const Arguments& arguments, std::string_view name, size_t index, T otherwise) {
  Tensor bound;
  if (arguments.node.has(name)) {
    bound = Tensor::scalar(arguments.node.get_float(name));
  } else if (arguments.has(index)) {
    bound = arguments.input(index);
  } else {
    return otherwise;
  }
  if (bound.element_count() != 1) {
    return invalid_data("{} has {} elements, expected one", name, bound.element_count());
  }
  return TRY(cast(bound, dtype_of<T>)).template values<T>()[0];
}

}  // namespace

namespace kernels {

Result<Outputs> Clip(const Arguments& arguments) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    using Limits = std::numeric_limits<T>;
    const T low = TRY(clip_bound<T>(arguments, "min", 1, Limits::has_infinity ? -Limits::infinity() : Limits::min()));
    const T high = TRY(clip_bound<T>(arguments, "max", 2, Limits::has_infinity ? Limits::infinity() : Limits::max()));
    // Where the bounds cross, the upper one wins.
    return map<T, T>(arguments, [=](T x) {
      const T raised = x < low ? low : x;
      return raised > high ? high : raised;
    });
  });
}

Result<Outputs> Cast(const Arguments& arguments) {
  const std::string& name = arguments.node.get_text("to");
  const std::optional<DType> to = parse_dtype(name);
  if (!to) return invalid_data("attribute 'to' is '{}', expected an element type", name);
  TRY(arguments.check_output(*to, arguments.input(0).shape()));
  return Outputs{TRY(cast(arguments.input(0), *to))};
}

Result<Outputs> Identity(const Arguments& arguments) { return Outputs{arguments.input(0)}; }

}  // namespace kernels
}  // namespace sixtops::cpu::reference
