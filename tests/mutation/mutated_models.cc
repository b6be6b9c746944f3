// Mutated ONNX and .six files, judged by judge.h. The unchanged files have to run within the same bounds.
//
//   mutated_models COUNT           the first COUNT mutations; the one at hand lies in mutant.onnx or mutant.six, where
//                                  a crash leaves it behind
//   mutated_models --write FOLDER  the unchanged source files
#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "convert/convert.h"
#include "judge.h"
#include "mutate.h"

namespace sixtops::mutation {
namespace {

Result<SessionPtr> load(const SourceFile& file) {
  const SharedBytes bytes = SharedBytes::own(file.bytes);
  const runtime::LoadOptions options{.threads = 1, .max_memory_bytes = kMaxPlanBytes};
  if (file.is_six()) return runtime::Session::open(bytes, options);
  convert::Converted converted = TRY(convert::convert({file.name, bytes}, {}));
  return runtime::Session::open(SharedBytes::own(std::move(converted.six)), options);
}

std::string fault_of_file(const SourceFile& file, std::map<std::string, int>& outcomes) {
  return fault_of(
      file.bytes.size(), [&] { return load(file); }, outcomes);
}

Status check_mutants(uint32_t count) {
  const std::vector<SourceFile> sources = TRY(make_source_files());
  std::map<std::string, int> outcomes;
  for (const SourceFile& source : sources) {
    const std::string fault = fault_of_file(source, outcomes);
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
    const std::string fault = fault_of_file(file, outcomes);
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
