#include "importer/torchscript/archive.h"

#include <array>
#include <cstring>
#include <optional>

#include "base/checked.h"

namespace sixtops::importer::torchscript {
namespace {

// Strides of 0 repeat elements: a small storage must not unfold into gigabytes.
constexpr int64_t kMaxRepeatedElements = int64_t{1} << 22;

std::optional<DType> dtype_of_storage(const std::string& type) {
  struct Row {
    const char* type;
    DType dtype;
  };
  static constexpr auto kRows = std::to_array<Row>({
      {"FloatStorage", DType::kF32},
      {"DoubleStorage", DType::kF64},
      {"HalfStorage", DType::kF16},
      {"BFloat16Storage", DType::kBF16},
      {"LongStorage", DType::kI64},
      {"IntStorage", DType::kI32},
      {"ShortStorage", DType::kI16},
      {"CharStorage", DType::kI8},
      {"ByteStorage", DType::kU8},
      {"BoolStorage", DType::kBool},
  });
  for (const Row& row : kRows) {
    if (type == row.type) return row.dtype;
  }
  return std::nullopt;
}

// Whether every element that the strides lead to lies in the storage.
Status check_range(const PickledTensor& tensor, int64_t elements) {
  int64_t last = tensor.offset;
  for (size_t axis = 0; axis < tensor.sizes.size(); ++axis) {
    if (tensor.sizes[axis] < 0 || tensor.strides[axis] < 0) return invalid_data("a negative size or stride");
    if (tensor.sizes[axis] == 0) return {};
    last = TRY(checked_add(last, TRY(checked_multiply(tensor.sizes[axis] - 1, tensor.strides[axis]))));
  }
  if (tensor.offset >= 0 && last < elements) return {};
  return invalid_data("a tensor reads element {} of storage {}, which has {}", last, tensor.key, elements);
}

}  // namespace

Result<Archive> Archive::open(const SharedBytes& bytes) {
  Archive archive;
  archive.zip_ = TRY(ZipArchive::open(bytes));
  for (const std::string& name : archive.zip_.names()) {
    const size_t slash = name.find('/');
    if (slash != std::string::npos && name.substr(slash + 1) == "data.pkl") archive.folder_ = name.substr(0, slash + 1);
  }
  if (archive.folder_.empty()) {
    return invalid_data("a zip archive, but no network of PyTorch: it has no data.pkl");
  }
  for (const std::string& name : archive.zip_.names()) {
    archive.has_code_ |= name.starts_with(archive.folder_ + "code/");
  }
  return archive;
}

Result<Tensor> Archive::tensor(const PickledTensor& pickled, const std::string& folder) const {
  const std::optional<DType> dtype = dtype_of_storage(pickled.storage_type);
  if (!dtype) return unsupported("a tensor of type {}", pickled.storage_type);
  if (pickled.sizes.size() != pickled.strides.size())
    return invalid_data("a tensor has sizes and strides of two ranks");
  const SharedBytes storage = TRY(read(folder + pickled.key));
  const size_t size = dtype_size(*dtype);
  const auto elements = static_cast<int64_t>(storage.size() / size);
  TRY(check_range(pickled, elements));
  const int64_t count = TRY(element_count(pickled.sizes));
  if (count == 0 || pickled.strides == row_major_strides(pickled.sizes)) {
    return Tensor::from_bytes(
        *dtype, pickled.sizes,
        count == 0 ? SharedBytes()
                   : storage.slice(static_cast<size_t>(pickled.offset) * size, static_cast<size_t>(count) * size));
  }
  if (count > elements && count > kMaxRepeatedElements) {
    return resource_error("a tensor of {} elements from a storage of {}", count, elements);
  }
  Tensor dense = TRY(Tensor::allocate(*dtype, pickled.sizes));
  auto* to = const_cast<std::byte*>(dense.bytes().data());
  std::vector<int64_t> index(pickled.sizes.size(), 0);
  int64_t at = pickled.offset;
  for (int64_t i = 0; i < count; ++i, to += size) {
    std::memcpy(to, storage.data() + static_cast<size_t>(at) * size, size);
    for (size_t axis = index.size(); axis-- > 0;) {
      at += pickled.strides[axis];
      if (++index[axis] < pickled.sizes[axis]) break;
      at -= pickled.strides[axis] * pickled.sizes[axis];
      index[axis] = 0;
    }
  }
  return Tensor::from_bytes(*dtype, pickled.sizes, dense.bytes());  // bools are checked there
}

}  // namespace sixtops::importer::torchscript
