// The .weights file: a header and then floats, little endian, layer after layer.
//
//   int32 major, minor, revision; then how many pictures were trained on: 64 bits from version 0.2 on, 32 before.
// Version numbers above 1000 say that fully connected weights are transposed.
#pragma once

#include "base/bytes.h"
#include "graph/tensor.h"

namespace sixtops::importer::darknet {

class Weights {
 public:
  // kInvalidData when there is no header.
  static Result<Weights> open(const SharedBytes& bytes);

  bool transposed() const { return transposed_; }
  // Floats that are left.
  int64_t rest() const { return static_cast<int64_t>(bytes_.size() - at_) / 4; }
  // The next floats; kInvalidData when the file ends before.
  Result<Tensor> take(Shape shape);
  // kInvalidData unless everything was taken.
  Status check_end() const;

 private:
  SharedBytes bytes_;
  size_t at_ = 0;
  bool transposed_ = false;
};

// A header of a version that exists, followed by whole floats: all that can be told.
bool looks_like_weights(ByteSpan bytes);

}  // namespace sixtops::importer::darknet
