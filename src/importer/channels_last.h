// From channels last, as TensorFlow's formats order pictures (NHWC), to channels first, as the graph does (NCHW).
//
// A value of rank 4 holds the file's tensor in either order, and this is where it is remembered in which. Translators
// ask for the order that their operator needs; operators that work in any order keep the one that they find. So a
// network of convolutions gets no Transpose at all, and a Reshape gets one in front, which keeps its meaning.
#pragma once

#include <map>
#include <vector>

#include "importer/graph_builder.h"

namespace sixtops::importer {

class ChannelsLast {
 public:
  // Borrows the builder.
  explicit ChannelsLast(GraphBuilder& builder) : builder_(builder) {}

  bool is_channels_first(ValueId id) const;
  // The value, which was made channels first, holds a tensor of the file.
  void mark_channels_first(ValueId id);

  // The same tensor in the wanted order: the value itself, an earlier answer, a permuted constant, or a Transpose.
  // Values of other ranks than 4 have one order only; the first is kInvalidData for them.
  Result<ValueId> channels_first(ValueId id);
  Result<ValueId> as_in_file(ValueId id);

  // Brings the operands of an elementwise operator into one order, as broadcasting needs it. True when that is channels
  // first.
  Result<bool> align(std::vector<ValueId>& operands);

  // Where an axis of the file's tensor is in the value. kInvalidData when there is no such axis.
  Result<int64_t> axis(ValueId id, int64_t axis_in_file) const;
  // One entry an axis of the file's tensor → one an axis of the value.
  Ints by_axis(ValueId id, const Ints& entries) const;

 private:
  Result<ValueId> reorder(ValueId id, const Ints& perm);
  Result<ValueId> with_rank_4(ValueId id);

  GraphBuilder& builder_;
  std::vector<bool> is_first_;        // by value id, as far as it goes
  std::map<ValueId, ValueId> other_;  // the same tensor in the other order
};

// Where the axes N, H, W, C of a file are in N, C, H, W, and back.
inline const Ints kToChannelsFirst = {0, 3, 1, 2};
inline const Ints kToChannelsLast = {0, 2, 3, 1};

}  // namespace sixtops::importer
