// Mutated ONNX and .six files: each has to give an error or a model that loads, within bounds of memory and time; a
// model whose plan fits kMaxPlanBytes has to run. The unchanged files have to run within the same bounds.
//
//   mutated_models COUNT           the first COUNT mutations; the one at hand lies in mutant.onnx or mutant.six, where
//                                  a crash leaves it behind
//   mutated_models --write FOLDER  the unchanged source files
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>

#include "allocation_meter.h"
#include "base/error.h"
#include "base/file.h"
#include "convert/convert.h"
#include "mutate.h"
#include "runtime/session.h"
#include "testing/random_tensor.h"

namespace sixtops::mutation {
namespace {

constexpr int64_t kMaxPlanBytes = int64_t{1} << 30;
constexpr int64_t kAllocationPerFileByte = 64;
constexpr int64_t kFreeAllocation = int64_t{64} << 20;
constexpr double kMaxSeconds = 5;

using SessionPtr = std::unique_ptr<runtime::Session>;

Result<SessionPtr> load(const SourceFile& file) {
  const SharedBytes bytes = SharedBytes::own(file.bytes);
  const runtime::LoadOptions options{.threads = 1, .max_memory_bytes = kMaxPlanBytes};
  if (file.is_six()) return runtime::Session::open(bytes, options);
  convert::Converted converted = TRY(convert::convert({file.name, bytes}, {}));
  return runtime::Session::open(SharedBytes::own(std::move(converted.six)), options);
}

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

// How the program judges one mutant; nothing when all is well.
std::string fault_of(const SourceFile& file, std::map<std::string, int>& outcomes) {
  const std::clock_t start = std::clock();
  const AllocationMeter meter;
  Result<SessionPtr> session = load(file);
  const int64_t allocated = meter.peak_bytes();
  const double load_time = seconds_since(start);
  Status status = session.status();
  if (status.ok()) status = run(**session);
  const double time = seconds_since(start);

  const char* outcome = !session.ok() ? "refused" : status.ok() ? "ran" : "stopped while running";
  ++outcomes[outcome];
  const int64_t allowed = kAllocationPerFileByte * static_cast<int64_t>(file.bytes.size()) + kFreeAllocation;
  if (allocated > allowed) return fmt::format("loading allocated {} bytes, allowed are {}", allocated, allowed);
  if (time > kMaxSeconds) {
    return fmt::format("{:.1f} s, of which loading {:.1f}, allowed are {}", time, load_time, kMaxSeconds);
  }
  if (status.code() == StatusCode::kInternal) return "an internal error: " + status.message();
  if (!status.ok() && status.message().empty()) return "an error without a sentence";
  return "";
}

Status check_mutants(uint32_t count) {
  const std::vector<SourceFile> sources = TRY(make_source_files());
  std::map<std::string, int> outcomes;
  for (const SourceFile& source : sources) {
    const std::string fault = fault_of(source, outcomes);
    if (!fault.empty()) return internal_error("{}, unchanged: {}", source.name, fault);
  }
  if (outcomes["ran"] != static_cast<int>(sources.size())) return internal_error("an unchanged file does not run");
  outcomes.clear();
  int faults = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const SourceFile& source = sources[i % sources.size()];
    const bool beside_weights = i / sources.size() % 2 == 0;
    const Mutant mutant = mutate(source, i, beside_weights);
    const SourceFile file{source.is_six() ? "mutant.six" : "mutant.onnx", mutant.bytes};
    TRY(write_file(file.name, file.bytes));
    const std::string fault = fault_of(file, outcomes);
    if (fault.empty()) continue;
    ++faults;
    const std::string kept = fmt::format("mutant_{}_{}", i, source.name);
    TRY(write_file(kept, file.bytes));
    std::printf("%s (%s): %s\n", kept.c_str(), mutant.what.c_str(), fault.c_str());
  }
  std::printf("%u mutants of %zu files:", count, sources.size());
  for (const auto& [outcome, number] : outcomes) std::printf(" %d %s,", number, outcome.c_str());
  std::printf(" %d faults\n", faults);
  return faults == 0 ? Status() : internal_error("{} of {} mutants are not handled", faults, count);
}

Status write_sources(const std::string& folder) {
  for (const SourceFile& file : TRY(make_source_files())) TRY(write_file(folder + "/" + file.name, file.bytes));
  return {};
}

}  // namespace
}  // namespace sixtops::mutation

int main(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const bool writes = first == "--write";
  const long count = std::strtol(first.c_str(), nullptr, 10);
  if (argc != (writes ? 3 : 2) || (!writes && count <= 0)) {
    std::fprintf(stderr, "usage: mutated_models COUNT | --write FOLDER\n");
    return 2;
  }
  const sixtops::Status status = writes ? sixtops::mutation::write_sources(argv[2])
                                        : sixtops::mutation::check_mutants(static_cast<uint32_t>(count));
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
