// A tensor: element type, static shape, dense row-major data with a shared owner.
//
// Copying a Tensor copies a pointer. Data is constant once shared: whoever made a tensor writes it through
// mutable_values() before handing it on. Thread safety: reading is free, writing belongs to the maker alone.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "graph/dtype.h"
#include "graph/shape.h"

namespace sixtops {

// What an integer code means: real = (code - zero_point) · scale. One entry for the whole tensor, or one for each index
// of `axis` (weights by output channel; a concat whose parts keep their own scales).
struct QuantParams {
  std::vector<float> scale;
  std::vector<int32_t> zero_point;  // as many as scale
  int axis = -1;                    // -1: per tensor

  bool per_tensor() const { return axis < 0; }
  bool operator==(const QuantParams&) const = default;
};

class Tensor {
 public:
  Tensor() = default;

  // A view of existing bytes. kInvalidData when the size does not match dtype and shape, or a bool is not 0 or 1.
  static Result<Tensor> from_bytes(DType dtype, Shape shape, SharedBytes bytes);

  // New memory, zeroed. kResource when the size overflows or the memory does not exist.
  static Result<Tensor> allocate(DType dtype, Shape shape);

  // The same without the zeros, for callers that write every element.
  static Result<Tensor> allocate_for_overwrite(DType dtype, Shape shape);

  // Copies values. REQUIRES: values.size() is the shape's element count.
  template <typename T>
  static Tensor from_values(Shape shape, const std::vector<T>& values);
  template <typename T>
  static Tensor scalar(T value) {
    return from_values<T>({}, std::vector<T>{value});
  }

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  int rank() const { return static_cast<int>(shape_.size()); }
  int64_t element_count() const { return count_; }
  size_t byte_size() const { return bytes_.size(); }
  const SharedBytes& bytes() const { return bytes_; }
  bool empty() const { return count_ == 0; }

  // REQUIRES: dtype() == dtype_of<T>
  template <typename T>
  std::span<const T> values() const {
    assert(dtype_ == dtype_of<T>);
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<size_t>(count_)};
  }
  // REQUIRES: as values(), and this tensor came from allocate() and was not copied yet.
  template <typename T>
  std::span<T> mutable_values() {
    assert(dtype_ == dtype_of<T>);
    return {const_cast<T*>(reinterpret_cast<const T*>(bytes_.data())), static_cast<size_t>(count_)};
  }

  // The same data under another shape of equal element count.
  Result<Tensor> reshaped(Shape shape) const;

 private:
  DType dtype_ = DType::kF32;
  Shape shape_ = {0};
  int64_t count_ = 0;
  SharedBytes bytes_;
};

template <typename T>
Tensor Tensor::from_values(Shape shape, const std::vector<T>& values) {
  Result<Tensor> tensor = allocate(dtype_of<T>, std::move(shape));
  assert(tensor.ok() && tensor->count_ == static_cast<int64_t>(values.size()));
  std::copy(values.begin(), values.end(), tensor->mutable_values<T>().begin());
  return std::move(tensor).value();
}

// The elements converted to T, saturating for integers, whatever dtype the tensor has.
template <typename T>
std::vector<T> values_as(const Tensor& tensor);  // T: int64_t, float, double

// The tensor in another element type (C++ conversion rules, floats to integers truncate and saturate).
Result<Tensor> cast(const Tensor& tensor, DType dtype);

}  // namespace sixtops
