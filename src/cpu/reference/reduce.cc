// Reductions along axes. Floats are summed in double and rounded once.
#include <cmath>
#include <limits>

#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_loop.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

struct ReducedShape {
  Shape output;
  Strides output_strides;  // by input axis; 0 on reduced ones
  int64_t count = 1;       // elements that one output stands for
};

Result<ReducedShape> reduced_shape(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Ints axes = arguments.parameter_ints("axes", 1).value_or(Ints{});
  const bool all = axes.empty() && arguments.node.get_int("noop_with_empty_axes") == 0;
  std::vector<bool> reduced(x.shape().size(), all);
  for (const int64_t axis : axes) reduced[static_cast<size_t>(TRY(normalize_axis(axis, x.rank())))] = true;

  ReducedShape result;
  Shape kept = x.shape();
  for (size_t i = 0; i < reduced.size(); ++i) {
    if (!reduced[i] || arguments.node.get_int("keepdims") != 0) result.output.push_back(reduced[i] ? 1 : kept[i]);
    if (!reduced[i]) continue;
    result.count *= kept[i];
    kept[i] = 1;
  }
  result.output_strides = broadcast_strides(kept, x.shape());
  return result;
}

// One accumulator an output, from `init` by acc = step(acc, element, output index).
template <typename T, typename Accumulator, typename Step>
std::vector<Accumulator> accumulate(const Tensor& x, const ReducedShape& shape, int64_t outputs, Accumulator init,
                                    Step step) {
  std::vector<Accumulator> result(static_cast<size_t>(outputs), init);
  const T* const from = x.values<T>().data();
  const std::array<Strides, 2> strides = {row_major_strides(x.shape()), shape.output_strides};
  for_each_run(x.shape(), strides, [&](const Run& run) {
    for (int64_t i = 0; i < run.length; ++i) {
      const auto output = static_cast<size_t>(run.offset[1] + i * run.step[1]);
      result[output] = step(result[output], from[run.offset[0] + i], output);
    }
  });
  return result;
}

// y = finish(accumulator, elements in it), after acc = step(acc, element) from `init`.
template <typename T, typename Accumulator, typename Step, typename Finish>
Result<Outputs> reduce(const Arguments& arguments, Accumulator init, Step step, Finish finish) {
  const ReducedShape shape = TRY(reduced_shape(arguments));
  Tensor y = TRY(arguments.allocate(dtype_of<T>, shape.output));
  const std::vector<Accumulator> sums =
      accumulate<T>(arguments.input(0), shape, y.element_count(), init,
                    [step](Accumulator sum, T value, size_t) { return step(sum, value); });
  const std::span<T> values = y.mutable_values<T>();
  for (size_t i = 0; i < values.size(); ++i) values[i] = finish(sums[i], shape.count);
  return Outputs{std::move(y)};
}

// Sums and products of a number type: double for floats, wrapping integers otherwise.
template <typename Step>
Result<Outputs> reduce_exactly(const Arguments& arguments, int init, Step step) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return reduce<T>(
        arguments, static_cast<Sum<T>>(init), [step](Sum<T> sum, T x) { return step(sum, static_cast<Sum<T>>(x)); },
        [](Sum<T> sum, int64_t) { return static_cast<T>(sum); });
  });
}

// Reductions that leave the integers: always in double, the result truncated for an integer type.
template <typename Step, typename Finish>
Result<Outputs> reduce_in_double(const Arguments& arguments, Step step, Finish finish) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return reduce<T>(
        arguments, 0.0, [step](double sum, T x) { return step(sum, static_cast<double>(x)); },
        [finish](double sum, int64_t count) { return saturating_cast<T>(finish(sum, static_cast<double>(count))); });
  });
}

// The lowest (or largest) value of a type, an infinity where it has one.
template <typename T>
T lowest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
}
template <typename T>
T highest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? Limits::infinity() : Limits::max();
}

template <typename F>
Result<Outputs> visit_ordered(DType dtype, F f) {
  return dtype == DType::kBool ? f(bool{}) : visit_number(dtype, f);
}

}  // namespace

namespace kernels {

Result<Outputs> ReduceMax(const Arguments& arguments) {
  return visit_ordered(arguments.input(0).dtype(), [&]<typename T>(T) {
    return reduce<T>(arguments, lowest<T>(), nan_max<T>, [](T largest, int64_t) { return largest; });
  });
}

Result<Outputs> ReduceMin(const Arguments& arguments) {
  return visit_ordered(arguments.input(0).dtype(), [&]<typename T>(T) {
    return reduce<T>(arguments, highest<T>(), nan_min<T>, [](T smallest, int64_t) { return smallest; });
  });
}

Result<Outputs> ReduceSum(const Arguments& arguments) {
  return reduce_exactly(arguments, 0, [](auto sum, auto x) { return sum + x; });
}

Result<Outputs> ReduceProd(const Arguments& arguments) {
  return reduce_exactly(arguments, 1, [](auto product, auto x) { return product * x; });
}

Result<Outputs> ReduceSumSquare(const Arguments& arguments) {
  return reduce_exactly(arguments, 0, [](auto sum, auto x) { return sum + x * x; });
}

Result<Outputs> ReduceL1(const Arguments& arguments) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return reduce<T>(
        arguments, Sum<T>{0},
        [](Sum<T> sum, T x) { return x < T{0} ? sum - static_cast<Sum<T>>(x) : sum + static_cast<Sum<T>>(x); },
        [](Sum<T> sum, int64_t) { return static_cast<T>(sum); });
  });
}

Result<Outputs> ReduceL2(const Arguments& arguments) {
  return reduce_in_double(
      arguments, [](double sum, double x) { return sum + x * x; }, [](double sum, double) { return std::sqrt(sum); });
}

Result<Outputs> ReduceMean(const Arguments& arguments) {
  return reduce_in_double(
      arguments, [](double sum, double x) { return sum + x; }, [](double sum, double count) { return sum / count; });
}

Result<Outputs> ReduceLogSum(const Arguments& arguments) {
  return reduce_in_double(
      arguments, [](double sum, double x) { return sum + x; }, [](double sum, double) { return std::log(sum); });
}

// log Σ exp(x) = m + log Σ exp(x - m), with the largest element m so that no power overflows.
Result<Outputs> ReduceLogSumExp(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    const ReducedShape shape = TRY(reduced_shape(arguments));
    Tensor y = TRY(arguments.allocate(x.dtype(), shape.output));
    std::vector<double> largest =
        accumulate<T>(x, shape, y.element_count(), lowest<double>(),
                      [](double most, T value, size_t) { return nan_max(most, static_cast<double>(value)); });
    for (double& most : largest) most = std::isinf(most) ? 0 : most;
    const std::vector<double> sums =
        accumulate<T>(x, shape, y.element_count(), 0.0, [&](double sum, T value, size_t output) {
          return sum + std::exp(static_cast<double>(value) - largest[output]);
        });
    const std::span<T> values = y.mutable_values<T>();
    for (size_t i = 0; i < values.size(); ++i) values[i] = saturating_cast<T>(largest[i] + std::log(sums[i]));
    return Outputs{std::move(y)};
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
