#include "judge.h"

#include <ctime>

#include "allocation_meter.h"
#include "base/error.h"
#include "testing/random_tensor.h"

namespace sixtops::mutation {
namespace {

constexpr int64_t kAllocationPerFileByte = 64;
constexpr int64_t kFreeAllocation = int64_t{64} << 20;
constexpr double kMaxSeconds = 5;

Status run(runtime::Session& session) {
  std::mt19937 random(1);
  std::vector<Tensor> inputs;
  for (const runtime::TensorDescription& input : session.inputs()) {
    inputs.push_back(input.dtype == DType::kF32 ? testing::random_floats(random, input.shape)
                                                : TRY(Tensor::allocate(input.dtype, input.shape)));
  }
  return session.run(inputs).status();
}

// Of the processor: the same however busy the machine is.
double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

}  // namespace

std::string fault_of(size_t file_bytes, const std::function<Result<SessionPtr>()>& load,
                     std::map<std::string, int>& outcomes) {
  const std::clock_t start = std::clock();
  const AllocationMeter meter;
  Result<SessionPtr> session = load();
  const int64_t allocated = meter.peak_bytes();
  const double load_time = seconds_since(start);
  Status status = session.status();
  if (status.ok()) status = run(**session);
  const double time = seconds_since(start);

  const char* outcome = !session.ok() ? "refused" : status.ok() ? "ran" : "stopped while running";
  ++outcomes[outcome];
  const int64_t allowed = kAllocationPerFileByte * static_cast<int64_t>(file_bytes) + kFreeAllocation;
  if (allocated > allowed) return fmt::format("loading allocated {} bytes, allowed are {}", allocated, allowed);
  if (time > kMaxSeconds) {
    return fmt::format("{:.1f} s, of which loading {:.1f}, allowed are {}", time, load_time, kMaxSeconds);
  }
  if (status.code() == StatusCode::kInternal) return "an internal error: " + status.message();
  if (!status.ok() && status.message().empty()) return "an error without a sentence";
  return "";
}

}  // namespace sixtops::mutation
