// Damaged .six files from opening to running: each is an error or a network that runs within its limit.
#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <cstring>
#include <random>

#include "model/container.h"
#include "model/model.h"
#include "runtime/session.h"
#include "testing/text_graph.h"

namespace sixtops::runtime {
namespace {

constexpr int kMutations = 3000;
constexpr int64_t kMemoryLimit = int64_t{256} << 20;
constexpr double kMaxSeconds = 5;

// Float and integer nodes, windows, resizing, movement, a table.
constexpr const char* kNetwork = R"(graph "net"
input %x: f32[1x2x6x6]
const %w: f32[4x2x3x3] = {1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9}
%c: f32[1x4x6x6] = Conv(%x, %w, _) {kernel_shape=[3 3] pads=[1 1 1 1]} "conv"
%s: f32[1x4x6x6] = Silu(%c) "silu"
%p: f32[1x4x3x3] = MaxPool(%s) {kernel_shape=[2 2] strides=[2 2]} "pool"
%r: f32[1x4x6x6] = Resize(%p) {scales=[1 1 2 2] mode="nearest" coordinate_transformation_mode="asymmetric" nearest_mode="floor"} "resize"
%k: f32[1x8x6x6] = Concat(%r, %s) {axis=1} "concat"
%q: i8[1x8x6x6] q(0.5, 0) = QuantizeLinear(%k) {scale=[0.5] zero_point=[0] to="i8"} "quantize"
%m: i8[1x8x3x3] q(0.5, 0) = MaxPool(%q) {kernel_shape=[2 2] strides=[2 2]} "pool8" : int8
%d: f32[1x8x3x3] = DequantizeLinear(%m) {scale=[0.5] zero_point=[0]} "dequantize"
%t: f32[1x3x3x8] = Transpose(%d) {perm=[0 2 3 1]} "transpose"
%y: f32[1x72] = Reshape(%t) {shape=[1 72]} "reshape"
output %y
)";

// Right checksums over changed sections, so that what stands behind them is reached.
void fix_checksums(std::vector<std::byte>& file, const std::vector<std::byte>& original) {
  const SharedBytes whole = SharedBytes::own(original);
  const auto container = model::read_container(whole);
  ASSERT_TRUE(container.ok());
  constexpr size_t kCrcAt = 48;
  size_t entry = model::kHeaderBytes;
  for (const model::Section& section : container->sections) {
    const auto offset = static_cast<size_t>(section.bytes.data() - whole.data());
    const auto crc =
        static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(file.data() + offset), section.bytes.size()));
    std::memcpy(file.data() + entry + kCrcAt, &crc, sizeof(crc));
    entry += model::kTableEntryBytes;
  }
}

TEST(Mutation, DamagedFilesAreErrorsOrRun) {
  const Graph graph = testing::graph_of(kNetwork);
  const auto original = model::write_model({{graph}, "", ""});
  ASSERT_TRUE(original.ok()) << original.status().message();
  const size_t sections = model::kHeaderBytes + 2 * model::kTableEntryBytes;
  std::mt19937 random(7);
  int opened = 0;
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    std::vector<std::byte> file = *original;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const size_t at = sections + random() % (file.size() - sections);
      file[at] =
          random() % 2 == 0 ? static_cast<std::byte>(random()) : file[at] ^ static_cast<std::byte>(1 << random() % 8);
    }
    fix_checksums(file, *original);
    const auto start = std::chrono::steady_clock::now();
    const auto session = Session::open(SharedBytes::own(file), {.threads = 1, .max_memory_bytes = kMemoryLimit});
    if (session.ok()) {
      ++opened;
      std::vector<Tensor> inputs;
      for (const TensorDescription& input : session.value()->inputs()) {
        inputs.push_back(Tensor::allocate(input.dtype, input.shape).value());
      }
      const auto outputs = session.value()->run(inputs);
      if (!outputs.ok()) {
        EXPECT_FALSE(outputs.status().message().empty());
      }
    } else {
      ++refused;
      EXPECT_NE(session.status().code(), StatusCode::kInternal) << session.status().message();
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    EXPECT_LT(elapsed.count(), kMaxSeconds) << "mutation " << i;
  }
  EXPECT_GT(opened, 100);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace sixtops::runtime
