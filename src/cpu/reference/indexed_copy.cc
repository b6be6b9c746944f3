#include "cpu/reference/indexed_copy.h"

#include <cstring>

#include "cpu/reference/element_bytes.h"

namespace sixtops::cpu::reference {
namespace {

bool is_identity(const std::vector<int64_t>& table, int64_t extent) {
  if (static_cast<int64_t>(table.size()) != extent) return false;
  for (size_t i = 0; i < table.size(); ++i) {
    if (table[i] != static_cast<int64_t>(i)) return false;
  }
  return true;
}

template <size_t kSize>
class IndexedCopy {
 public:
  IndexedCopy(const Tensor& from, const IndexTables& tables, const std::byte* fill, const Tensor& to)
      : tables_(tables),
        from_strides_(row_major_strides(from.shape())),
        to_strides_(row_major_strides(to.shape())),
        fill_(fill),
        block_axis_(tables.size()) {
    while (block_axis_ > 0 && is_identity(tables[block_axis_ - 1], from.shape()[block_axis_ - 1])) --block_axis_;
  }

  void copy_axis(size_t axis, const std::byte* from, std::byte* to) const {
    const int64_t block = axis == 0 ? whole() : to_strides_[axis - 1];
    if (axis == block_axis_) {
      std::memcpy(to, from, static_cast<size_t>(block) * kSize);
      return;
    }
    for (const int64_t index : tables_[axis]) {
      if (index == kOutside) {
        fill_elements<kSize>(to, to_strides_[axis], fill_);
      } else {
        copy_axis(axis + 1, element<kSize>(from, index * from_strides_[axis]), to);
      }
      to = element<kSize>(to, to_strides_[axis]);
    }
  }

 private:
  int64_t whole() const { return tables_.empty() ? 1 : to_strides_[0] * static_cast<int64_t>(tables_[0].size()); }

  const IndexTables& tables_;
  const std::vector<int64_t> from_strides_;
  const std::vector<int64_t> to_strides_;
  const std::byte* fill_;
  size_t block_axis_;  // from here on the axes are taken as they lie
};

}  // namespace

void copy_indexed(const Tensor& from, const IndexTables& tables, const std::byte* fill, Tensor& to) {
  if (to.empty()) return;
  visit_element_size(from.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    IndexedCopy<kSize>(from, tables, fill, to).copy_axis(0, from.bytes().data(), writable_bytes(to));
  });
}

}  // namespace sixtops::cpu::reference
