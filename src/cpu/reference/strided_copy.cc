#include "cpu/reference/strided_copy.h"

#include <array>
#include <cassert>
#include <cstring>

#include "cpu/reference/element_bytes.h"

namespace sixtops::cpu::reference {
namespace {

template <size_t kSize>
void copy_run(const Run& run, std::byte* to, const std::byte* from) {
  to = element<kSize>(to, run.offset[0]);
  from = element<kSize>(from, run.offset[1]);
  if (run.step[0] == 1 && run.step[1] == 1) {
    std::memcpy(to, from, static_cast<size_t>(run.length) * kSize);
    return;
  }
  for (int64_t i = 0; i < run.length; ++i) {
    std::memcpy(element<kSize>(to, i * run.step[0]), element<kSize>(from, i * run.step[1]), kSize);
  }
}

}  // namespace

StridedView dense_view(const Tensor& tensor) { return {0, row_major_strides(tensor.shape())}; }

void copy_strided(const Shape& extents, const Tensor& from, const StridedView& from_view, Tensor& to,
                  const StridedView& to_view) {
  assert(dtype_size(from.dtype()) == dtype_size(to.dtype()));
  const std::array<Strides, 2> strides = {to_view.strides, from_view.strides};
  visit_element_size(from.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    for_each_run(extents, strides, [&](const Run& run) {
      copy_run<kSize>(run, element<kSize>(writable_bytes(to), to_view.offset),
                      element<kSize>(from.bytes().data(), from_view.offset));
    });
  });
}

void copy_strided(const Shape& extents, const Tensor& from, const StridedView& from_view, Tensor& to) {
  copy_strided(extents, from, from_view, to, {0, row_major_strides(extents)});
}

}  // namespace sixtops::cpu::reference
