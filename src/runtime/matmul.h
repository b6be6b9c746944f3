// A matrix product outside of any network: C[M, N] = A[M, K] x B[K, N] over memory that is bound once and read at each
// run.
//
// real = (code - zero point) · scale for codes. What C holds, by its type and the parameters that were set:
//   sums (int32, int16)  Σ (a - zp_a)(b - zp_b), saturated. With a scale a column of B, a column's sums are first
//   brought
//                        to the largest of the scales: round(sum · scale[n] / largest), which column_scale() tells.
//   int8                 round(Σ ... · scale_a · scale_b / scale_c) + zp_c, saturated; halves to even
//   real numbers         Σ ... · scale_a · scale_b, accumulated in float32 when A or B is real or B has a scale a
//   group,
//                        else exactly
// Without parameters every scale is 1 and every zero point 0.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "cpu/engine/code_product.h"
#include "runtime/inference.h"
#include "runtime/matrix_storage.h"

namespace sixtops::runtime {

enum class ScaleGroups { kLayer, kColumn, kGroup };  // of B; A and C have one

struct MatmulDescription {
  MatrixElement a = MatrixElement::kI8;
  MatrixElement b = MatrixElement::kI8;
  MatrixElement c = MatrixElement::kI32;
  bool a_c_native = false;
  MatrixLayout b_layout = MatrixLayout::kRows;
  ScaleGroups b_scales = ScaleGroups::kLayer;
  int64_t group_rows = 0;  // of kGroup: rows of B that share a scale of a column
};

struct MatmulShape {
  int64_t m = 0;
  int64_t k = 0;
  int64_t n = 0;
  bool operator==(const MatmulShape&) const = default;
};

struct MatmulStorage {
  MatrixStorage a;
  MatrixStorage b;
  MatrixStorage c;
};

enum class Operand { kA, kB, kC };

// kUsage for extents below 1 or matrices of 4 GiB and more.
Result<MatmulStorage> matmul_storage(const MatmulDescription& description, const MatmulShape& shape);

// One thread at a time.
class Matmul {
 public:
  // The first shape is chosen. kUsage when there is none, one is wrong, or the groups do not divide K.
  static Result<std::unique_ptr<Matmul>> create(const MatmulDescription& description, std::vector<MatmulShape> shapes);

  // kUsage for a shape that was not created. Bindings stay, when their memory is large enough for the new shape.
  Status choose_shape(const MatmulShape& shape);

  const MatmulDescription& description() const { return description_; }
  const MatmulStorage& storage() const { return storages_[chosen_]; }
  const MatmulStorage& storage_of(size_t shape) const { return storages_[shape]; }

  // kUsage when the memory is too small for the chosen shape.
  Status bind(Operand operand, BoundMemory memory);

  // One scale, or one a column or group of B (of group g and column n: at g · N + n). zero_point may be empty: 0.
  // kUsage for other counts and scales that are not positive.
  Status set_scales(Operand operand, std::vector<float> scale, std::vector<int32_t> zero_point);

  // Nothing unless C is int32 and B has a scale a column.
  std::optional<float> column_scale() const;

  // kUsage names a matrix that is not bound, or whose memory is too small.
  Status run();

 private:
  struct Scales {
    std::vector<float> scale = {1};
    std::vector<int32_t> zero_point = {0};
    float scale_at(size_t index) const { return scale[scale.size() == 1 ? 0 : index]; }
    int32_t zero_point_at(size_t index) const { return zero_point[zero_point.size() == 1 ? 0 : index]; }
  };

  bool is_integer() const;
  Status run_codes();
  void run_values();
  void subtract_zero_points();
  void write_scaled();

  MatmulDescription description_;
  std::vector<MatmulShape> shapes_;
  std::vector<MatmulStorage> storages_;
  size_t chosen_ = 0;
  BoundMemory memory_[3];
  Scales scales_[3];
  // Kept between runs.
  std::vector<int8_t> a_codes_, b_codes_;
  std::vector<float> a_values_, b_values_, c_values_;
  cpu::engine::CodeProduct product_;
  std::span<int32_t> sums_;  // of product_
};

}  // namespace sixtops::runtime
