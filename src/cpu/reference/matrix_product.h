// Shapes of MatMul and its relatives: NumPy's rules for vectors and for batches that broadcast.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "graph/shape.h"

namespace sixtops::cpu::reference {

// output[batch, row, column] = sum over k of a[batch, row, k] · b[batch, k, column]
struct MatrixProduct {
  Shape output;
  int64_t rows = 1;
  int64_t depth = 1;
  int64_t columns = 1;
  // Where the matrices of each batch begin.
  std::vector<int64_t> a_begin;
  std::vector<int64_t> b_begin;

  static Result<MatrixProduct> make(const Shape& a, const Shape& b);

  // Calls finish(sum over k of term(a index, b index), batch, row, column, output index) for every element.
  template <typename Sum, typename Term, typename Finish>
  void for_each_output(const Term& term, const Finish& finish) const {
    int64_t index = 0;
    for (size_t batch = 0; batch < a_begin.size(); ++batch) {
      for (int64_t row = 0; row < rows; ++row) {
        for (int64_t column = 0; column < columns; ++column) {
          Sum sum{};
          for (int64_t k = 0; k < depth; ++k) {
            sum += term(static_cast<size_t>(a_begin[batch] + row * depth + k),
                        static_cast<size_t>(b_begin[batch] + k * columns + column));
          }
          finish(sum, static_cast<int64_t>(batch), row, column, static_cast<size_t>(index++));
        }
      }
    }
  }
};

}  // namespace sixtops::cpu::reference
