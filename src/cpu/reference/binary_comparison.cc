// Comparisons, which answer with bool.
#include <functional>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

template <typename Compare>
Result<Outputs> compare(const Arguments& arguments, Compare) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return broadcast_map<T, bool>(arguments, [](T a, T b) { return Compare{}(a, b); });
  });
}

}  // namespace

namespace kernels {

Result<Outputs> Equal(const Arguments& arguments) {
  if (arguments.input(0).dtype() == DType::kBool) return broadcast_map<bool, bool>(arguments, std::equal_to<>{});
  return compare(arguments, std::equal_to<>{});
}
Result<Outputs> Greater(const Arguments& arguments) { return compare(arguments, std::greater<>{}); }
Result<Outputs> GreaterOrEqual(const Arguments& arguments) { return compare(arguments, std::greater_equal<>{}); }
Result<Outputs> Less(const Arguments& arguments) { return compare(arguments, std::less<>{}); }
Result<Outputs> LessOrEqual(const Arguments& arguments) { return compare(arguments, std::less_equal<>{}); }

}  // namespace kernels
}  // namespace sixtops::cpu::reference
