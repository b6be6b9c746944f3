#include "importer/darknet/weights.h"

#include <cstring>

#include "base/checked.h"

namespace sixtops::importer::darknet {
namespace {

constexpr size_t kVersionBytes = 12;
constexpr int32_t kTransposedVersion = 1000;

struct Header {
  int32_t major = 0;
  int32_t minor = 0;
  int32_t revision = 0;

  size_t bytes() const {
    const bool is_wide = int64_t{major} * 10 + minor >= 2 && major < kTransposedVersion && minor < kTransposedVersion;
    return kVersionBytes + (is_wide ? 8 : 4);
  }
};

bool read_header(ByteSpan bytes, Header& header) {
  if (bytes.size() < kVersionBytes) return false;
  std::memcpy(&header, bytes.data(), kVersionBytes);
  return header.bytes() <= bytes.size();
}

}  // namespace

Result<Weights> Weights::open(const SharedBytes& bytes) {
  Header header;
  if (!read_header(bytes.span(), header)) return invalid_data("the weights file has no header");
  Weights weights;
  weights.bytes_ = bytes;
  weights.at_ = header.bytes();
  weights.transposed_ = header.major > kTransposedVersion || header.minor > kTransposedVersion;
  return weights;
}

Result<Tensor> Weights::take(Shape shape) {
  const int64_t size = TRY(checked_multiply(TRY(element_count(shape)), 4));
  if (size > static_cast<int64_t>(bytes_.size() - at_)) {
    return invalid_data("the weights file ends {} bytes too early; cfg and weights belong to different networks",
                        size - static_cast<int64_t>(bytes_.size() - at_));
  }
  const SharedBytes part = bytes_.slice(at_, static_cast<size_t>(size));
  at_ += static_cast<size_t>(size);
  return Tensor::from_bytes(DType::kF32, std::move(shape), part);
}

Status Weights::check_end() const {
  if (at_ == bytes_.size()) return {};
  return invalid_data(
      "the weights file has {} bytes more than the layers take; cfg and weights belong to different networks",
      bytes_.size() - at_);
}

bool looks_like_weights(ByteSpan bytes) {
  constexpr int32_t kNewestMinor = 10;
  constexpr int32_t kNewestRevision = 100;
  Header header;
  return read_header(bytes, header) && header.major == 0 && header.minor >= 0 && header.minor <= kNewestMinor &&
         header.revision >= 0 && header.revision <= kNewestRevision && (bytes.size() - header.bytes()) % 4 == 0 &&
         bytes.size() > header.bytes();
}

}  // namespace sixtops::importer::darknet
