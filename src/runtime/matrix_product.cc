#include "runtime/matrix_product.h"

#include <algorithm>
#include <vector>

#include "base/thread_pool.h"
#include "cpu/engine/float/sgemm.h"

namespace sixtops::runtime {
namespace {

using cpu::engine::sgemm;

// Whole numbers up to 2^24 are exact in float32, so that many products of codes are (2^14 is the largest one).
constexpr int64_t kExactDepth = 1024;

}  // namespace

void multiply_codes(int64_t rows, int64_t columns, int64_t depth, const int8_t* a, const int8_t* b, int32_t* sums) {
  std::vector<float> b_values(static_cast<size_t>(columns * std::min(depth, kExactDepth)));
  std::fill_n(sums, rows * columns, 0);
  for (int64_t begin = 0; begin < depth; begin += kExactDepth) {
    const int64_t part = std::min(kExactDepth, depth - begin);
    ThreadPool::process().parallel_for(columns, [&](int64_t first, int64_t last) {
      for (int64_t column = first; column < last; ++column) {
        std::copy_n(b + column * depth + begin, part, b_values.begin() + column * part);
      }
    });
    ThreadPool::process().parallel_for(rows, [&](int64_t first, int64_t last) {
      std::vector<float> a_values(static_cast<size_t>((last - first) * part));
      std::vector<float> products(static_cast<size_t>((last - first) * columns));
      for (int64_t row = first; row < last; ++row) {
        std::copy_n(a + row * depth + begin, part, a_values.begin() + (row - first) * part);
      }
      sgemm(last - first, columns, part, {a_values.data(), part}, {b_values.data(), part, true}, 0, products.data(),
            columns);
      for (int64_t i = 0; i < (last - first) * columns; ++i) {
        int32_t& sum = sums[first * columns + i];
        const auto product = static_cast<int32_t>(products[static_cast<size_t>(i)]);
        sum = static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(product));
      }
    });
  }
}

void multiply_values(int64_t rows, int64_t columns, int64_t depth, const float* a, const float* b, float* sums) {
  ThreadPool::process().parallel_for(rows, [&](int64_t first, int64_t last) {
    sgemm(last - first, columns, depth, {a + first * depth, depth}, {b, depth, true}, 0, sums + first * columns,
          columns);
  });
}

}  // namespace sixtops::runtime
