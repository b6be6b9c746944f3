#include "bindings/arrays.h"

#include <array>
#include <cstring>

#include "base/error.h"
#include "bindings/failure.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;

struct Name {
  DType dtype;
  const char* name;
};

constexpr std::array<Name, 12> kNames = {{{DType::kF32, "float32"},
                                          {DType::kF64, "float64"},
                                          {DType::kF16, "float16"},
                                          {DType::kI8, "int8"},
                                          {DType::kU8, "uint8"},
                                          {DType::kI16, "int16"},
                                          {DType::kU16, "uint16"},
                                          {DType::kI32, "int32"},
                                          {DType::kU32, "uint32"},
                                          {DType::kI64, "int64"},
                                          {DType::kU64, "uint64"},
                                          {DType::kBool, "bool"}}};

DType dtype_of_array(const py::array& array) {
  const auto name = py::cast<std::string>(array.dtype().attr("name"));
  for (const Name& known : kNames) {
    if (name == known.name) return known.dtype;
  }
  throw Failure(usage_error("an array of {} was given; expected numbers, for example float32, uint8 or int8", name));
}

}  // namespace

const char* numpy_name(DType dtype) {
  for (const Name& known : kNames) {
    if (dtype == known.dtype) return known.name;
  }
  return "float32";
}

Tensor tensor_of(const py::array& array) {
  const DType dtype = dtype_of_array(array);
  const auto dense = py::array::ensure(array, py::array::c_style | py::array::forcecast);
  Shape shape;
  for (py::ssize_t axis = 0; axis < dense.ndim(); ++axis) shape.push_back(dense.shape(axis));
  if (shape.size() > kMaxRank) {
    throw Failure(usage_error("an array of {} axes was given; at most {} are possible", shape.size(), kMaxRank));
  }
  const SharedBytes bytes = value_of(allocate_bytes_for_overwrite(static_cast<size_t>(dense.nbytes())));
  if (!bytes.empty()) std::memcpy(const_cast<std::byte*>(bytes.data()), dense.data(), bytes.size());
  return value_of(Tensor::from_bytes(dtype, std::move(shape), bytes));
}

py::array array_of(const Tensor& tensor) {
  if (tensor.dtype() == DType::kBF16) return array_of(value_of(cast(tensor, DType::kF32)));
  const std::vector<py::ssize_t> shape(tensor.shape().begin(), tensor.shape().end());
  py::array array(py::dtype(numpy_name(tensor.dtype())), shape);
  if (tensor.byte_size() > 0) std::memcpy(array.mutable_data(), tensor.bytes().data(), tensor.byte_size());
  return array;
}

}  // namespace sixtops::python
