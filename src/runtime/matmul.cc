#include "runtime/matmul.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/checked.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/float/sgemm.h"

namespace sixtops::runtime {
namespace {

constexpr int64_t kMaxMatrixBytes = std::numeric_limits<uint32_t>::max();
constexpr const char* kNames[] = {"A", "B", "C"};

bool is_code(MatrixElement element) { return element == MatrixElement::kI8 || element == MatrixElement::kI4; }

// The chip's blocks (RK3588), by the element of the operand; C's by the product.
int64_t group_columns_of_a(MatrixElement element) {
  if (element == MatrixElement::kI4) return 32;
  return element == MatrixElement::kI8 ? 16 : 8;
}

constexpr int64_t kTileRows = 32;
int64_t tile_columns_of_b(MatrixElement element) {
  if (element == MatrixElement::kI4) return 64;
  return element == MatrixElement::kI8 ? 32 : 16;
}

int64_t group_columns_of_c(const MatmulDescription& description) {
  return description.a == MatrixElement::kI4 && description.b == MatrixElement::kI4 ? 8 : 4;
}

Status check_size(const char* name, const MatrixStorage& storage) {
  const int64_t padded_rows = TRY(checked_add(storage.rows, storage.block_rows));
  const int64_t padded_columns = TRY(checked_add(storage.columns, storage.block_columns));
  const int64_t elements = TRY(checked_multiply(padded_rows, padded_columns));
  constexpr int64_t kWidestElement = 4;
  if (TRY(checked_multiply(elements, kWidestElement)) <= kMaxMatrixBytes) return {};
  return usage_error("matrix {} of {} x {} is too large", name, storage.rows, storage.columns);
}

size_t size_of(int64_t count) { return static_cast<size_t>(count); }

}  // namespace

Result<MatmulStorage> matmul_storage(const MatmulDescription& description, const MatmulShape& shape) {
  if (shape.m < 1 || shape.k < 1 || shape.n < 1) {
    return usage_error("M, K, N are {}, {}, {}, expected 1 or more", shape.m, shape.k, shape.n);
  }
  const MatrixLayout outer = description.a_c_native ? MatrixLayout::kColumnGroups : MatrixLayout::kRows;
  MatmulStorage storage;
  storage.a = {description.a, outer, shape.m, shape.k, 1, group_columns_of_a(description.a)};
  storage.b = {description.b, description.b_layout, shape.k, shape.n, kTileRows, tile_columns_of_b(description.b)};
  storage.c = {description.c, outer, shape.m, shape.n, 1, group_columns_of_c(description)};
  TRY(check_size("A", storage.a));
  TRY(check_size("B", storage.b));
  TRY(check_size("C", storage.c));
  return storage;
}

Result<std::unique_ptr<Matmul>> Matmul::create(const MatmulDescription& description, std::vector<MatmulShape> shapes) {
  if (shapes.empty()) return usage_error("no M, K, N given");
  auto matmul = std::make_unique<Matmul>();
  matmul->description_ = description;
  for (const MatmulShape& shape : shapes) {
    matmul->storages_.push_back(TRY(matmul_storage(description, shape)));
    if (description.b_scales != ScaleGroups::kGroup) continue;
    if (description.group_rows < 1 || shape.k % description.group_rows != 0) {
      return usage_error("group_size {} does not divide K = {}", description.group_rows, shape.k);
    }
  }
  const bool gives_codes = is_code(description.a) && description.c != MatrixElement::kF32 &&
                           description.c != MatrixElement::kF16 && description.c != MatrixElement::kBF16;
  if (description.b_scales == ScaleGroups::kGroup && gives_codes) {
    return usage_error("a scale a group of B needs a C of real numbers");
  }
  matmul->shapes_ = std::move(shapes);
  return matmul;
}

Status Matmul::choose_shape(const MatmulShape& shape) {
  const auto found = std::find(shapes_.begin(), shapes_.end(), shape);
  if (found == shapes_.end()) {
    return usage_error("{} x {} x {} is none of the {} shapes of the context", shape.m, shape.k, shape.n,
                       shapes_.size());
  }
  chosen_ = size_of(found - shapes_.begin());
  return {};
}

Status Matmul::bind(Operand operand, BoundMemory memory) {
  const MatrixStorage* const matrices[] = {&storage().a, &storage().b, &storage().c};
  const auto index = static_cast<size_t>(operand);
  if (static_cast<int64_t>(memory.bytes.size()) < matrices[index]->bytes()) {
    return usage_error("matrix {} needs {} bytes, the memory has {}", kNames[index], matrices[index]->bytes(),
                       memory.bytes.size());
  }
  memory_[index] = std::move(memory);
  return {};
}

Status Matmul::set_scales(Operand operand, std::vector<float> scale, std::vector<int32_t> zero_point) {
  const auto index = static_cast<size_t>(operand);
  const MatmulShape& shape = shapes_[chosen_];
  int64_t count = 1;
  if (operand == Operand::kB && description_.b_scales == ScaleGroups::kColumn) count = shape.n;
  if (operand == Operand::kB && description_.b_scales == ScaleGroups::kGroup) {
    count = shape.n * (shape.k / description_.group_rows);
  }
  if (zero_point.empty()) zero_point.assign(scale.size(), 0);
  if (static_cast<int64_t>(scale.size()) != count || zero_point.size() != scale.size()) {
    return usage_error("matrix {} has {} scales and {} zero points, expected {}", kNames[index], scale.size(),
                       zero_point.size(), count);
  }
  for (const float value : scale) {
    if (!std::isfinite(value) || value <= 0) {
      return usage_error("matrix {} has a scale of {}, expected a positive number", kNames[index], value);
    }
  }
  scales_[index] = {std::move(scale), std::move(zero_point)};
  return {};
}

std::optional<float> Matmul::column_scale() const {
  if (description_.c != MatrixElement::kI32 || description_.b_scales != ScaleGroups::kColumn) return std::nullopt;
  const std::vector<float>& scale = scales_[static_cast<size_t>(Operand::kB)].scale;
  return *std::max_element(scale.begin(), scale.end());
}

bool Matmul::is_integer() const {
  return is_code(description_.a) && is_code(description_.b) && description_.b_scales != ScaleGroups::kGroup;
}

Status Matmul::run() {
  const MatrixStorage* const matrices[] = {&storage().a, &storage().b, &storage().c};
  for (size_t i = 0; i < 3; ++i) {
    if (memory_[i].bytes.empty()) return usage_error("no memory is bound to matrix {}", kNames[i]);
    if (static_cast<int64_t>(memory_[i].bytes.size()) < matrices[i]->bytes()) {
      return usage_error("matrix {} needs {} bytes in this shape, its memory has {}", kNames[i], matrices[i]->bytes(),
                         memory_[i].bytes.size());
    }
  }
  const std::vector<float>& b_scale = scales_[static_cast<size_t>(Operand::kB)].scale;
  const MatmulShape& shape = shapes_[chosen_];
  if (description_.b_scales == ScaleGroups::kColumn && b_scale.size() > 1 && b_scale.size() != size_of(shape.n)) {
    return usage_error("matrix B has {} scales, this shape has {} columns", b_scale.size(), shape.n);
  }
  const int64_t groups = description_.b_scales == ScaleGroups::kGroup ? shape.k / description_.group_rows : 1;
  if (description_.b_scales == ScaleGroups::kGroup && b_scale.size() > 1 &&
      b_scale.size() != size_of(shape.n * groups)) {
    return usage_error("matrix B has {} scales, this shape has {} groups", b_scale.size(), shape.n * groups);
  }
  if (is_integer()) return run_codes();
  run_values();
  return {};
}

Status Matmul::run_codes() {
  const MatmulShape& shape = shapes_[chosen_];
  a_codes_.resize(size_of(shape.m * shape.k));
  b_codes_.resize(size_of(shape.n * shape.k));
  read_codes(storage().a, memory_[0].bytes, false, a_codes_.data());
  read_codes(storage().b, memory_[1].bytes, true, b_codes_.data());
  TRY(product_.set_b(shape.k, shape.n, b_codes_.data()));
  sums_ = TRY(product_.multiply(shape.m, a_codes_.data()));
  subtract_zero_points();
  const bool keeps_sums = description_.c == MatrixElement::kI16 ||
                          (description_.c == MatrixElement::kI32 && description_.b_scales == ScaleGroups::kLayer);
  if (keeps_sums) {
    write_sums(sums_.data(), storage().c, memory_[2].bytes);
  } else {
    write_scaled();
  }
  return {};
}

// Σ (a - zp_a)(b - zp_b) = Σ ab - zp_a Σ b - zp_b Σ a + K zp_a zp_b.
void Matmul::subtract_zero_points() {
  const int32_t a_zero = scales_[0].zero_point[0];
  const Scales& b = scales_[1];
  const bool b_is_symmetric = std::all_of(b.zero_point.begin(), b.zero_point.end(), [](int32_t z) { return z == 0; });
  if (a_zero == 0 && b_is_symmetric) return;
  const MatmulShape& shape = shapes_[chosen_];
  const auto sum_of = [&](const int8_t* line) {
    int64_t sum = 0;
    for (int64_t k = 0; k < shape.k; ++k) sum += line[k];
    return sum;
  };
  std::vector<int64_t> b_sums(size_of(shape.n));
  for (int64_t n = 0; n < shape.n; ++n) b_sums[size_of(n)] = sum_of(b_codes_.data() + n * shape.k);
  for (int64_t m = 0; m < shape.m; ++m) {
    const int64_t a_sum = sum_of(a_codes_.data() + m * shape.k);
    for (int64_t n = 0; n < shape.n; ++n) {
      int32_t& sum = sums_[size_of(m * shape.n + n)];
      const int64_t b_zero = b.zero_point_at(size_of(n));
      const int64_t exact = sum - a_zero * b_sums[size_of(n)] - b_zero * a_sum + shape.k * a_zero * b_zero;
      sum = static_cast<int32_t>(std::clamp<int64_t>(exact, INT32_MIN, INT32_MAX));
    }
  }
}

// Each sum times the factor of its column; an int8 C's zero point is added after rounding.
void Matmul::write_scaled() {
  const MatmulShape& shape = shapes_[chosen_];
  double common = scales_[0].scale[0];
  double zero_point = 0;
  if (description_.c == MatrixElement::kI8) {
    common /= static_cast<double>(scales_[2].scale[0]);
    zero_point = scales_[2].zero_point[0];
  } else if (const std::optional<float> column = column_scale()) {
    common = 1 / static_cast<double>(*column);
  }
  const bool rounds = description_.c == MatrixElement::kI8 || description_.c == MatrixElement::kI32;
  if (rounds) {
    ThreadPool::process().parallel_for(shape.m, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * shape.n; i < end * shape.n; ++i) {
        const double factor = common * static_cast<double>(scales_[1].scale_at(size_of(i % shape.n)));
        const double value = std::nearbyint(sums_[size_of(i)] * factor) + zero_point;
        sums_[size_of(i)] = static_cast<int32_t>(std::clamp<double>(value, INT32_MIN, INT32_MAX));
      }
    });
    return write_sums(sums_.data(), storage().c, memory_[2].bytes);
  }
  c_values_.resize(sums_.size());
  ThreadPool::process().parallel_for(shape.m, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * shape.n; i < end * shape.n; ++i) {
      const double factor = common * static_cast<double>(scales_[1].scale_at(size_of(i % shape.n)));
      c_values_[size_of(i)] = static_cast<float>(sums_[size_of(i)] * factor);
    }
  });
  write_values(c_values_.data(), storage().c, memory_[2].bytes);
}

void Matmul::run_values() {
  const MatmulShape& shape = shapes_[chosen_];
  a_values_.resize(size_of(shape.m * shape.k));
  b_values_.resize(size_of(shape.n * shape.k));
  c_values_.resize(size_of(shape.m * shape.n));
  read_values(storage().a, memory_[0].bytes, false, a_values_.data());
  read_values(storage().b, memory_[1].bytes, true, b_values_.data());
  if (is_code(description_.a)) {
    const auto zero = static_cast<float>(scales_[0].zero_point[0]);
    for (float& value : a_values_) value = (value - zero) * scales_[0].scale[0];
  }
  if (is_code(description_.b)) {
    const int64_t group_rows = description_.b_scales == ScaleGroups::kGroup ? description_.group_rows : shape.k;
    ThreadPool::process().parallel_for(shape.n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * shape.k; i < end * shape.k; ++i) {
        const auto index = size_of(i % shape.k / group_rows * shape.n + i / shape.k);
        const auto zero = static_cast<float>(scales_[1].zero_point_at(index));
        b_values_[size_of(i)] = (b_values_[size_of(i)] - zero) * scales_[1].scale_at(index);
      }
    });
  }
  ThreadPool::process().parallel_for(shape.m, [&](int64_t begin, int64_t end) {
    cpu::engine::sgemm(end - begin, shape.n, shape.k, {a_values_.data() + begin * shape.k, shape.k},
                       {b_values_.data(), shape.k, true}, 0, c_values_.data() + begin * shape.n, shape.n);
  });
  write_values(c_values_.data(), storage().c, memory_[2].bytes);
}

}  // namespace sixtops::runtime
