// Plans against the reference kernels: random networks, every byte.
#include "cpu/engine/plan/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/thread_pool.h"
#include "cpu/engine/plan/compile.h"
#include "cpu/engine/plan/run.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "graph/text.h"
#include "testing/allocation_count.h"
#include "testing/random_network.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::engine {
namespace {

std::vector<const KernelSet*> all_kernels() {
  std::vector<const KernelSet*> kernels;
  for (const char* name : {"portable", "avx2", "avx512_vnni", "neon_dot"}) {
    if (const auto found = find_kernels(name); found.ok()) kernels.push_back(*found);
  }
  return kernels;
}

// How many elements of all outputs differ.
int64_t count_differences(std::span<const Tensor> actual, std::span<const Tensor> expected) {
  int64_t differences = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(actual[i].dtype(), expected[i].dtype());
    EXPECT_EQ(actual[i].shape(), expected[i].shape());
    const auto a = actual[i].bytes().span();
    const auto e = expected[i].bytes().span();
    if (a.size() != e.size()) return INT64_MAX;
    for (size_t byte = 0; byte < e.size(); ++byte) differences += a[byte] != e[byte] ? 1 : 0;
  }
  return differences;
}

void expect_reference_bytes(int seed, const std::vector<const KernelSet*>& kernel_sets) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  const Graph graph = sixtops::testing::random_network(random, static_cast<int>(random() % 9) + 1);
  std::vector<Tensor> inputs = {sixtops::testing::random_integers(random, *graph.value(graph.inputs[0]).shape)};
  const auto reference_node = [](const Node& node, std::span<const Tensor> operands) {
    return reference::run_node(node, operands);
  };
  const auto expected = run_graph(graph, inputs, reference_node);
  ASSERT_TRUE(expected.ok()) << expected.status().message() << format_graph(graph, {.elide_large_constants = true});
  for (const KernelSet* kernels : kernel_sets) {
    const auto plan = compile(graph, *kernels);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    auto workspace = make_workspace(*plan);
    ASSERT_TRUE(workspace.ok());
    std::vector<Tensor> outputs(graph.outputs.size());
    for (const int threads : {1, 2, 2}) {  // the third run finds memory full of the second's bytes
      const ThreadLimit limit(threads);
      const Status status = run(*plan, *workspace, inputs, outputs);
      ASSERT_TRUE(status.ok()) << status.message();
      ASSERT_EQ(count_differences(outputs, *expected), 0)
          << "seed " << seed << ", " << isa_name(kernels->isa) << ", " << threads << " threads\n"
          << format_graph(graph, {.elide_large_constants = true});
    }
  }
}

TEST(Plan, RandomNetworks) {
  const char* const wanted = std::getenv("SIXTOPS_RANDOM_NETWORKS");
  const int count = wanted != nullptr ? std::atoi(wanted) : 120;
  const auto kernel_sets = all_kernels();
  for (int seed = 0; seed < count && !::testing::Test::HasFatalFailure(); ++seed) {
    expect_reference_bytes(seed, kernel_sets);
  }
}

TEST(Plan, RunsAllocateNothingAfterTheFirst) {
  const KernelSet& kernels = **find_kernels("");
  int integer_networks = 0;
  for (uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    const Graph graph = sixtops::testing::random_network(random, 8);
    const std::vector<Tensor> inputs = {sixtops::testing::random_integers(random, *graph.value(graph.inputs[0]).shape)};
    const auto plan = compile(graph, kernels);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const auto is_node = [](const PlanStep& step) { return std::holds_alternative<NodeStep>(step.task); };
    if (std::any_of(plan->steps.begin(), plan->steps.end(), is_node)) continue;
    ++integer_networks;
    auto workspace = make_workspace(*plan);
    ASSERT_TRUE(workspace.ok());
    std::vector<Tensor> outputs(graph.outputs.size());
    ASSERT_TRUE(run(*plan, *workspace, inputs, outputs).ok());
    const int64_t before = sixtops::testing::allocation_count();
    const bool ran = run(*plan, *workspace, inputs, outputs).ok();
    const int64_t after = sixtops::testing::allocation_count();
    EXPECT_TRUE(ran);
    EXPECT_EQ(after, before) << "seed " << seed;
  }
  EXPECT_GT(integer_networks, 20);
}

TEST(Plan, OutputsThatTheCallerHoldsAreNotWrittenAgain) {
  std::mt19937 random(3);
  const Graph graph = sixtops::testing::random_network(random, 8);
  const auto input = [&] {
    return std::vector<Tensor>{sixtops::testing::random_integers(random, *graph.value(graph.inputs[0]).shape)};
  };
  const auto plan = compile(graph, **find_kernels(""));
  ASSERT_TRUE(plan.ok());
  auto workspace = make_workspace(*plan);
  std::vector<Tensor> outputs(graph.outputs.size());
  ASSERT_TRUE(run(*plan, *workspace, input(), outputs).ok());
  const std::vector<Tensor> held = outputs;
  std::vector<std::vector<std::byte>> bytes;
  for (const Tensor& tensor : held) bytes.emplace_back(tensor.bytes().span().begin(), tensor.bytes().span().end());
  ASSERT_TRUE(run(*plan, *workspace, input(), outputs).ok());
  for (size_t i = 0; i < held.size(); ++i) {
    EXPECT_TRUE(std::equal(bytes[i].begin(), bytes[i].end(), held[i].bytes().span().begin()));
  }
}

// The input, and two neighbours of the chain.
TEST(Plan, CountsTheTensorsOfFloatRegions) {
  Graph graph;
  ValueId value = graph.add_value("x", DType::kF32, Shape{1, 4});
  graph.inputs = {value};
  for (const char* name : {"a", "b", "c", "d"}) {
    const ValueId next = graph.add_value(name, DType::kF32, Shape{1, 4});
    graph.nodes.push_back({.op = Op::kExp, .name = name, .inputs = {value}, .outputs = {next}, .attributes = {}});
    value = next;
  }
  graph.outputs = {value};
  const auto plan = compile(graph, **find_kernels(""));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(dense_tensor_bytes(*plan).value(), 3 * 4 * 4);
}

TEST(Plan, InstructionSetsByName) {
  EXPECT_TRUE(find_kernels("portable").ok());
  EXPECT_TRUE(find_kernels("").ok());
  const auto unknown = find_kernels("sse9");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.status().code(), StatusCode::kUsage);
  EXPECT_NE(unknown.status().message().find("'sse9' (SIXTOPS_ISA) is not known"), std::string::npos);
  const auto missing = find_kernels("amx");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.status().message().find("has no kernels on this machine"), std::string::npos);
}

}  // namespace
}  // namespace sixtops::cpu::engine
