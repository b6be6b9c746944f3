// Networks of one model used from many threads at once.
#include <gtest/gtest.h>

#include <array>
#include <mutex>
#include <random>
#include <thread>

#include "runtime/device/device.h"
#include "testing/random_network.h"
#include "testing/random_tensor.h"

namespace sixtops::runtime {
namespace {

std::vector<std::vector<std::byte>> bytes_of(const std::vector<Tensor>& tensors) {
  std::vector<std::vector<std::byte>> bytes;
  for (const Tensor& tensor : tensors) {
    bytes.emplace_back(tensor.bytes().span().begin(), tensor.bytes().span().end());
  }
  return bytes;
}

TEST(CpuDevice, EightThreadsOnFourNetworksOfOneGraph) {
  constexpr size_t kNetworks = 4;
  constexpr size_t kThreads = 8;
  constexpr int kRuns = 10;
  for (uint32_t seed = 0; seed < 6; ++seed) {
    std::mt19937 random(seed);
    const Graph graph = sixtops::testing::random_network(random, 10);
    const std::vector<Tensor> inputs = {sixtops::testing::random_integers(random, *graph.value(graph.inputs[0]).shape)};
    auto alone = cpu_device().load(graph, {.threads = 1});
    ASSERT_TRUE(alone.ok()) << alone.status().message();
    const auto first = (*alone)->run(inputs);
    ASSERT_TRUE(first.ok()) << first.status().message();
    const auto expected = bytes_of(*first);

    struct Shared {
      std::mutex mutex;
      std::unique_ptr<LoadedNetwork> network;
    };
    std::array<Shared, kNetworks> networks;
    for (Shared& shared : networks) {
      auto loaded = cpu_device().load(graph, {});
      ASSERT_TRUE(loaded.ok()) << loaded.status().message();
      shared.network = std::move(*loaded);
    }
    std::vector<std::thread> threads;
    for (size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        Shared& shared = networks[t % kNetworks];
        for (int i = 0; i < kRuns; ++i) {
          const std::lock_guard lock(shared.mutex);
          const auto outputs = shared.network->run(inputs);
          ASSERT_TRUE(outputs.ok()) << outputs.status().message();
          EXPECT_EQ(bytes_of(*outputs), expected) << "seed " << seed;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(CpuDevice, RefusesThreadCountsThatMakeNoSense) {
  std::mt19937 random(1);
  const Graph graph = sixtops::testing::random_network(random, 2);
  for (const int threads : {-1, 10000}) {
    const auto loaded = cpu_device().load(graph, {.threads = threads});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.status().code(), StatusCode::kUsage);
    EXPECT_NE(loaded.status().message().find("expected 1 to 1024"), std::string::npos) << loaded.status().message();
  }
}

}  // namespace
}  // namespace sixtops::runtime
