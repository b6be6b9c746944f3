// Runs the ONNX node tests on the reference kernels and holds the outcome against the list of expected failures.
//
//   onnx_node_conformance CASES EXPECTATIONS [--passes] [--engine] [--list] [--only NAME]
//
// Each case is run as it was imported; with --passes it is taken through all passes first, with --engine the fast
// kernels run it. EXPECTATIONS
// names every case that does not pass, as `fail|skip NAME REASON`; a case that is listed and passes, or is not listed
// and does not, makes the run fail. --list prints the lines of the cases that do not pass. Exit code 77: no cases.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/error.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "onnx/node_case.h"
#include "passes/pipeline.h"

namespace sixtops::onnx_test {
namespace {

namespace fs = std::filesystem;

constexpr int kSkippedExitCode = 77;

// Those of onnx.backend.test.runner.
constexpr double kRelativeTolerance = 1e-3;
constexpr double kAbsoluteTolerance = 1e-7;

enum class Verdict { kPass, kFail, kSkip };

struct Outcome {
  Verdict verdict = Verdict::kPass;
  std::string reason;
};

struct Arguments {
  std::string cases;
  std::string expectations;
  std::string only;
  bool passes = false;
  bool engine = false;
  bool list = false;
};

std::string_view verdict_name(Verdict verdict) { return verdict == Verdict::kSkip ? "skip" : "fail"; }

Result<std::vector<Tensor>> run(const NodeCase& node_case, const Arguments& arguments) {
  Graph graph = TRY(importer::import_model(node_case.model, node_case.options));
  if (arguments.passes) TRY(passes::run_pipeline(graph));
  return cpu::run_graph(graph, node_case.inputs, [&](const Node& node, std::span<const Tensor> inputs) {
    return arguments.engine ? cpu::engine::run_node(node, inputs) : cpu::reference::run_node(node, inputs);
  });
}

// Skipped: not supported, by a clear error. Failed: anything else that is not the expected result.
Outcome judge(const Status& status) {
  return {status.code() == StatusCode::kUnsupported ? Verdict::kSkip : Verdict::kFail, status.message()};
}

Outcome run_case(const NodeCase& node_case, const Arguments& arguments) {
  const Result<std::vector<Tensor>> outputs = run(node_case, arguments);
  if (!outputs.ok()) return judge(outputs.status());
  if (outputs->size() != node_case.expected.size()) return {Verdict::kFail, "another number of outputs"};
  for (size_t i = 0; i < outputs->size(); ++i) {
    const std::string difference =
        find_difference((*outputs)[i], node_case.expected[i], kRelativeTolerance, kAbsoluteTolerance);
    if (!difference.empty()) return {Verdict::kFail, fmt::format("output {}: {}", i, difference)};
  }
  return {};
}

std::map<std::string, Verdict> read_expectations(const std::string& path) {
  std::map<std::string, Verdict> expected;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string verdict;
    std::string name;
    if (words >> verdict >> name && verdict[0] != '#') {
      expected[name] = verdict == "skip" ? Verdict::kSkip : Verdict::kFail;
    }
  }
  return expected;
}

int main_with(const Arguments& arguments) {
  std::set<std::string> folders;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(arguments.cases, error)) folders.insert(entry.path());
  if (folders.empty()) {
    fmt::print("no node tests in {}; they are made when python3-onnx is installed\n", arguments.cases);
    return kSkippedExitCode;
  }
  std::map<std::string, Verdict> expected = read_expectations(arguments.expectations);
  std::map<Verdict, int> counts;
  int vision = 0;
  int vision_passed = 0;
  int surprises = 0;
  for (const std::string& folder : folders) {
    NodeCase node_case;
    const Status read = read_case(folder, node_case);
    if (!arguments.only.empty() && node_case.name != arguments.only) continue;
    const Outcome outcome = read.ok() ? run_case(node_case, arguments) : judge(read);
    ++counts[outcome.verdict];
    vision += node_case.is_vision ? 1 : 0;
    vision_passed += node_case.is_vision && outcome.verdict == Verdict::kPass ? 1 : 0;
    if (arguments.list && outcome.verdict != Verdict::kPass) {
      fmt::print("{} {} {}\n", verdict_name(outcome.verdict), node_case.name, outcome.reason);
    }
    const auto listed = expected.find(node_case.name);
    const Verdict wanted = listed == expected.end() ? Verdict::kPass : listed->second;
    if (listed != expected.end()) expected.erase(listed);
    if (outcome.verdict == wanted) continue;
    ++surprises;
    if (outcome.verdict == Verdict::kPass) {
      fmt::print("UNEXPECTED PASS {}: take it out of {}\n", node_case.name, arguments.expectations);
    } else if (!arguments.list) {
      fmt::print("UNEXPECTED {} {}: {}\n", verdict_name(outcome.verdict), node_case.name, outcome.reason);
    }
  }
  if (arguments.only.empty()) {
    for (const auto& [name, verdict] : expected) {
      fmt::print("UNKNOWN {}: {} lists a case that does not exist\n", name, arguments.expectations);
      ++surprises;
    }
  }
  fmt::print("{} passed, {} failed, {} skipped; of the vision subset {} of {} passed; {} unexpected\n",
             counts[Verdict::kPass], counts[Verdict::kFail], counts[Verdict::kSkip], vision_passed, vision, surprises);
  return surprises == 0 ? 0 : 1;
}

}  // namespace
}  // namespace sixtops::onnx_test

int main(int argc, char** argv) {
  sixtops::onnx_test::Arguments arguments;
  std::vector<std::string> positional;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--passes") {
      arguments.passes = true;
    } else if (word == "--engine") {
      arguments.engine = true;
    } else if (word == "--list") {
      arguments.list = true;
    } else if (word == "--only" && i + 1 < argc) {
      arguments.only = argv[++i];
    } else {
      positional.push_back(word);
    }
  }
  if (positional.size() != 2) {
    fmt::print("usage: onnx_node_conformance CASES EXPECTATIONS [--passes] [--engine] [--list] [--only NAME]\n");
    return 2;
  }
  arguments.cases = positional[0];
  arguments.expectations = positional[1];
  return sixtops::onnx_test::main_with(arguments);
}
