#include "cpu/reference/matrix_product.h"

#include "base/error.h"
#include "cpu/reference/broadcast_offset.h"

namespace sixtops::cpu::reference {

Result<MatrixProduct> MatrixProduct::make(const Shape& a, const Shape& b) {
  if (a.empty() || b.empty()) {
    return invalid_data("a matrix product of shapes {} and {}, expected at least one axis", shape_text(a),
                        shape_text(b));
  }
  // A vector is a matrix of one row on the left, of one column on the right; the output lacks that axis.
  const bool row_vector = a.size() == 1;
  const bool column_vector = b.size() == 1;
  MatrixProduct product;
  product.rows = row_vector ? 1 : a[a.size() - 2];
  product.depth = a.back();
  product.columns = column_vector ? 1 : b.back();
  const int64_t b_depth = column_vector ? b[0] : b[b.size() - 2];
  if (b_depth != product.depth) {
    return invalid_data("a matrix product of shapes {} and {}: the inner extents {} and {} differ", shape_text(a),
                        shape_text(b), product.depth, b_depth);
  }
  const Shape a_batch(a.begin(), row_vector ? a.begin() : a.end() - 2);
  const Shape b_batch(b.begin(), column_vector ? b.begin() : b.end() - 2);
  const Shape batch = TRY(broadcast(a_batch, b_batch));
  product.output = batch;
  if (!row_vector) product.output.push_back(product.rows);
  if (!column_vector) product.output.push_back(product.columns);
  if (TRY(element_count(product.output)) == 0) return product;

  const BroadcastOffset a_offset(a_batch, batch);
  const BroadcastOffset b_offset(b_batch, batch);
  const int64_t batches = TRY(element_count(batch));
  for (int64_t i = 0; i < batches; ++i) {
    product.a_begin.push_back(a_offset(i) * product.rows * product.depth);
    product.b_begin.push_back(b_offset(i) * product.depth * product.columns);
  }
  return product;
}

}  // namespace sixtops::cpu::reference
