#include "cpu/reference/indices.h"

#include "base/error.h"

namespace sixtops::cpu::reference {
namespace {

Status check_integers(const Tensor& indices) {
  if (!is_float(indices.dtype()) && indices.dtype() != DType::kBool) return Status();
  return invalid_data("indices are {}, expected integers", dtype_name(indices.dtype()));
}

}  // namespace

Result<int64_t> normalize_index(int64_t index, int64_t extent) {
  if (index < -extent || index >= extent) return invalid_data("index {} is outside of an axis of {}", index, extent);
  return index < 0 ? index + extent : index;
}

Result<std::vector<int64_t>> read_indices(const Tensor& indices, int64_t extent) {
  TRY(check_integers(indices));
  std::vector<int64_t> result = values_as<int64_t>(indices);
  for (int64_t& index : result) index = TRY(normalize_index(index, extent));
  return result;
}

Status check_index_shape(const Tensor& indices, const Shape& data, size_t axis) {
  const Shape& shape = indices.shape();
  bool fits = shape.size() == data.size();
  for (size_t i = 0; i < data.size() && fits; ++i) fits = i == axis || shape[i] <= data[i];
  if (fits) return Status();
  return invalid_data("indices of shape {} do not fit data of shape {} along axis {}", shape_text(shape),
                      shape_text(data), axis);
}

Result<std::vector<int64_t>> read_index_tuples(const Tensor& indices, const Shape& data, size_t first_axis) {
  TRY(check_integers(indices));
  if (indices.rank() == 0) return invalid_data("indices are a scalar, expected a list of tuples");
  const auto length = static_cast<size_t>(indices.shape().back());
  if (length == 0 || first_axis > data.size() || length > data.size() - first_axis) {
    return invalid_data("index tuples of {} entries from axis {} on, the data has rank {}", length, first_axis,
                        data.size());
  }
  const std::vector<int64_t> strides = row_major_strides(data);
  const std::vector<int64_t> flat = values_as<int64_t>(indices);
  const int64_t count = TRY(element_count(Shape(indices.shape().begin(), indices.shape().end() - 1)));
  std::vector<int64_t> offsets;
  for (size_t tuple = 0; tuple < static_cast<size_t>(count); ++tuple) {
    int64_t offset = 0;
    for (size_t k = 0; k < length; ++k) {
      const size_t axis = first_axis + k;
      offset += strides[axis] * TRY(normalize_index(flat[tuple * length + k], data[axis]));
    }
    offsets.push_back(offset);
  }
  return offsets;
}

}  // namespace sixtops::cpu::reference
