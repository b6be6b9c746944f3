// Where the elements of a matrix lie in a program's memory: by rows, or in the blocks that the chip reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "graph/dtype.h"
#include "graph/shape.h"

namespace sixtops::runtime {

enum class MatrixElement : uint8_t { kF32, kF16, kBF16, kI8, kI4, kI16, kI32 };

enum class MatrixLayout : uint8_t {
  kRows,
  kTransposedRows,  // columns, one after another
  // (columns / block_columns, rows, block_columns): groups of neighbouring columns. A and C.
  kColumnGroups,
  // (columns / block_columns, rows / block_rows, block_columns, block_rows): tiles, each by columns, filled up with
  // zeros at the ends. More than kSegmentRows rows are cut into segments of that many, one after another. B.
  kTiles,
};

inline constexpr int64_t kSegmentRows = 8192;

struct MatrixStorage {
  MatrixElement element = MatrixElement::kI8;
  MatrixLayout layout = MatrixLayout::kRows;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t block_rows = 1;
  int64_t block_columns = 1;

  Shape extents() const;
  int64_t element_count() const;  // gaps included
  int64_t bytes() const;          // of int4 two elements a byte, the even one in the high half
};

// Elements as the product wants them, whatever the storage: by rows, or by columns (`transposed`). REQUIRES: memory has
// storage.bytes(), `to` rows x columns elements. Parallel. Integers only for int8_t.
void read_codes(const MatrixStorage& storage, std::span<const std::byte> memory, bool transposed, int8_t* to);
void read_values(const MatrixStorage& storage, std::span<const std::byte> memory, bool transposed, float* to);

// The same elements in another layout; gaps become 0. REQUIRES: equal elements, rows and columns.
void change_layout(const MatrixStorage& from, std::span<const std::byte> memory, const MatrixStorage& to,
                   std::span<std::byte> target);

// Results by rows → any storage; int8 and int16 saturate, real numbers are rounded to the element.
void write_sums(const int32_t* rows, const MatrixStorage& storage, std::span<std::byte> memory);
void write_values(const float* rows, const MatrixStorage& storage, std::span<std::byte> memory);

}  // namespace sixtops::runtime
