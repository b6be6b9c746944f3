#include "runtime/matrix_storage.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/thread_pool.h"

namespace sixtops::runtime {
namespace {

int64_t divide_up(int64_t value, int64_t step) { return (value + step - 1) / step; }

int64_t element_bits(MatrixElement element) {
  switch (element) {
    case MatrixElement::kI4:
      return 4;
    case MatrixElement::kI8:
      return 8;
    case MatrixElement::kF16:
    case MatrixElement::kBF16:
    case MatrixElement::kI16:
      return 16;
    default:
      return 32;
  }
}

// Rows of the segment that a row lies in, with the elements of all segments before.
struct Segment {
  int64_t first_row = 0;
  int64_t rows = 0;
  int64_t first_element = 0;
};

Segment segment_of(const MatrixStorage& s, int64_t row) {
  const int64_t first_row = row / kSegmentRows * kSegmentRows;
  const int64_t padded_columns = divide_up(s.columns, s.block_columns) * s.block_columns;
  return {first_row, std::min(kSegmentRows, s.rows - first_row), first_row * padded_columns};
}

// The element's place. In kTiles, neighbours along a column lie together within a tile.
int64_t place_of(const MatrixStorage& s, int64_t row, int64_t column) {
  switch (s.layout) {
    case MatrixLayout::kRows:
      return row * s.columns + column;
    case MatrixLayout::kTransposedRows:
      return column * s.rows + row;
    case MatrixLayout::kColumnGroups:
      return (column / s.block_columns * s.rows + row) * s.block_columns + column % s.block_columns;
    case MatrixLayout::kTiles:
      break;
  }
  const Segment segment = segment_of(s, row);
  const int64_t in_segment = row - segment.first_row;
  const int64_t tile = column / s.block_columns * divide_up(segment.rows, s.block_rows) + in_segment / s.block_rows;
  return segment.first_element + (tile * s.block_columns + column % s.block_columns) * s.block_rows +
         in_segment % s.block_rows;
}

// How many neighbours lie together: along a row in the layouts by rows, along a column in the others.
bool runs_along_rows(MatrixLayout layout) {
  return layout == MatrixLayout::kRows || layout == MatrixLayout::kColumnGroups;
}

int64_t run_length(const MatrixStorage& s) {
  switch (s.layout) {
    case MatrixLayout::kRows:
      return s.columns;
    case MatrixLayout::kTransposedRows:
      return s.rows;
    case MatrixLayout::kColumnGroups:
      return s.block_columns;
    case MatrixLayout::kTiles:
      break;
  }
  return s.block_rows;
}

// Calls body(row, column, place, count) for runs of neighbours that cover the matrix; `count` along a row or a column.
template <typename Body>
void for_each_run(const MatrixStorage& s, const Body& body) {
  const bool along_rows = runs_along_rows(s.layout);
  const int64_t lines = along_rows ? s.rows : s.columns;
  const int64_t line_length = along_rows ? s.columns : s.rows;
  const int64_t longest = run_length(s);
  ThreadPool::process().parallel_for(lines, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) {
      for (int64_t at = 0; at < line_length; at += longest) {
        const int64_t row = along_rows ? line : at;
        const int64_t column = along_rows ? at : line;
        body(row, column, place_of(s, row, column), std::min(longest, line_length - at));
      }
    }
  });
}

int8_t nibble(const std::byte* memory, int64_t place) {
  const auto byte = static_cast<uint8_t>(memory[place / 2]);
  return static_cast<int8_t>(static_cast<int8_t>(place % 2 == 0 ? byte & 0xf0 : byte << 4) >> 4);
}

void set_nibble(std::byte* memory, int64_t place, int8_t code) {
  auto byte = static_cast<uint8_t>(memory[place / 2]);
  const auto bits = static_cast<uint8_t>(code & 0xf);
  byte = place % 2 == 0 ? static_cast<uint8_t>((byte & 0x0f) | bits << 4) : static_cast<uint8_t>((byte & 0xf0) | bits);
  memory[place / 2] = static_cast<std::byte>(byte);
}

template <typename To>
To read_element(MatrixElement element, const std::byte* memory, int64_t place) {
  const auto load = [&]<typename T>(T value) {
    std::memcpy(&value, memory + place * static_cast<int64_t>(sizeof(T)), sizeof(T));
    return static_cast<To>(static_cast<float>(value));
  };
  switch (element) {
    case MatrixElement::kI4:
      return static_cast<To>(nibble(memory, place));
    case MatrixElement::kI8:
      return static_cast<To>(static_cast<int8_t>(memory[place]));
    case MatrixElement::kF16:
      return load(Half());
    case MatrixElement::kBF16:
      return load(BFloat16());
    case MatrixElement::kI16:
      return load(int16_t{});
    case MatrixElement::kI32:
      return load(int32_t{});
    case MatrixElement::kF32:
      break;
  }
  return load(0.0F);
}

template <typename To>
void read_elements(const MatrixStorage& s, const std::byte* memory, bool transposed, To* to) {
  const bool along_rows = runs_along_rows(s.layout);
  const int64_t row_step = transposed ? 1 : s.columns;
  const int64_t column_step = transposed ? s.rows : 1;
  const int64_t step = along_rows ? column_step : row_step;
  for_each_run(s, [&](int64_t row, int64_t column, int64_t place, int64_t count) {
    To* target = to + row * row_step + column * column_step;
    if (s.element == MatrixElement::kI8 && sizeof(To) == 1 && step == 1) {
      std::memcpy(target, memory + place, static_cast<size_t>(count));
    } else if (s.element == MatrixElement::kI8) {
      for (int64_t i = 0; i < count; ++i) target[i * step] = static_cast<To>(static_cast<int8_t>(memory[place + i]));
    } else {
      for (int64_t i = 0; i < count; ++i) target[i * step] = read_element<To>(s.element, memory, place + i);
    }
  });
}

template <typename T>
T saturated(int32_t value) {
  return static_cast<T>(std::clamp<int32_t>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

// convert(value) → the element; the storage holds whole elements.
template <typename To, typename From, typename Convert>
void write_elements(const From* rows, const MatrixStorage& s, std::byte* memory, const Convert& convert) {
  for_each_run(s, [&](int64_t row, int64_t column, int64_t place, int64_t count) {
    const From* source = rows + row * s.columns + column;
    const int64_t step = runs_along_rows(s.layout) ? 1 : s.columns;
    for (int64_t i = 0; i < count; ++i) {
      const To element = convert(source[i * step]);
      std::memcpy(memory + (place + i) * static_cast<int64_t>(sizeof(To)), &element, sizeof(To));
    }
  });
}

}  // namespace

Shape MatrixStorage::extents() const {
  switch (layout) {
    case MatrixLayout::kRows:
      return {rows, columns};
    case MatrixLayout::kTransposedRows:
      return {columns, rows};
    case MatrixLayout::kColumnGroups:
      return {divide_up(columns, block_columns), rows, block_columns};
    case MatrixLayout::kTiles:
      break;
  }
  return {divide_up(columns, block_columns), divide_up(rows, block_rows), block_columns, block_rows};
}

int64_t MatrixStorage::element_count() const {
  int64_t count = 1;
  for (const int64_t extent : extents()) count *= extent;
  return count;
}

int64_t MatrixStorage::bytes() const { return divide_up(element_count() * element_bits(element), 8); }

void read_codes(const MatrixStorage& storage, std::span<const std::byte> memory, bool transposed, int8_t* to) {
  read_elements(storage, memory.data(), transposed, to);
}

void read_values(const MatrixStorage& storage, std::span<const std::byte> memory, bool transposed, float* to) {
  read_elements(storage, memory.data(), transposed, to);
}

void change_layout(const MatrixStorage& from, std::span<const std::byte> memory, const MatrixStorage& to,
                   std::span<std::byte> target) {
  std::memset(target.data(), 0, static_cast<size_t>(to.bytes()));
  const int64_t bits = element_bits(from.element);
  const auto move_row = [&](int64_t row) {
    for (int64_t column = 0; column < from.columns; ++column) {
      const int64_t source = place_of(from, row, column);
      const int64_t place = place_of(to, row, column);
      if (bits < 8) {
        set_nibble(target.data(), place, nibble(memory.data(), source));
      } else {
        std::memcpy(target.data() + place * bits / 8, memory.data() + source * bits / 8, static_cast<size_t>(bits / 8));
      }
    }
  };
  if (bits < 8) {  // neighbours share a byte, so nothing in parallel
    for (int64_t row = 0; row < from.rows; ++row) move_row(row);
    return;
  }
  ThreadPool::process().parallel_for(from.rows, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) move_row(row);
  });
}

void write_sums(const int32_t* rows, const MatrixStorage& storage, std::span<std::byte> memory) {
  if (storage.element == MatrixElement::kI8) {
    write_elements<int8_t>(rows, storage, memory.data(), saturated<int8_t>);
  } else if (storage.element == MatrixElement::kI16) {
    write_elements<int16_t>(rows, storage, memory.data(), saturated<int16_t>);
  } else {
    write_elements<int32_t>(rows, storage, memory.data(), [](int32_t sum) { return sum; });
  }
}

void write_values(const float* rows, const MatrixStorage& storage, std::span<std::byte> memory) {
  const auto rounded = [](float value) {
    constexpr float kLimit = 2147483520.0F;  // the largest float below 2^31
    return std::isnan(value) ? 0 : static_cast<int32_t>(std::nearbyint(std::clamp(value, -kLimit, kLimit)));
  };
  switch (storage.element) {
    case MatrixElement::kF16:
      return write_elements<Half>(rows, storage, memory.data(), [](float value) { return Half(value); });
    case MatrixElement::kBF16:
      return write_elements<BFloat16>(rows, storage, memory.data(), [](float value) { return BFloat16(value); });
    case MatrixElement::kI8:
      return write_elements<int8_t>(rows, storage, memory.data(),
                                    [&](float value) { return saturated<int8_t>(rounded(value)); });
    case MatrixElement::kI16:
      return write_elements<int16_t>(rows, storage, memory.data(),
                                     [&](float value) { return saturated<int16_t>(rounded(value)); });
    case MatrixElement::kI32:
      return write_elements<int32_t>(rows, storage, memory.data(), rounded);
    default:
      return write_elements<float>(rows, storage, memory.data(), [](float value) { return value; });
  }
}

}  // namespace sixtops::runtime
