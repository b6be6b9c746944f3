#include "importer/channels_last.h"

#include <algorithm>

#include "base/error.h"
#include "importer/permute.h"

namespace sixtops::importer {
namespace {

constexpr size_t kPictureRank = 4;

// Whether the order does not show in memory: no more than one of the axes that move has more than one element.
bool is_only_reshaped(const Shape& shape, const Ints& perm) {
  int64_t last = -1;
  for (const int64_t axis : perm) {
    if (shape[static_cast<size_t>(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

}  // namespace

bool ChannelsLast::is_channels_first(ValueId id) const {
  const auto index = static_cast<size_t>(id);
  return id != kNoValue && index < is_first_.size() && is_first_[index];
}

void ChannelsLast::mark_channels_first(ValueId id) {
  if (is_first_.size() <= static_cast<size_t>(id)) is_first_.resize(static_cast<size_t>(id) + 1, false);
  is_first_[static_cast<size_t>(id)] = true;
}

Result<ValueId> ChannelsLast::reorder(ValueId id, const Ints& perm) {
  if (const auto known = other_.find(id); known != other_.end()) return known->second;
  const Value value = builder_.graph.value(id);
  ValueId result = kNoValue;
  if (value.constant) {
    result = builder_.add_constant(value.name + "/Transpose", TRY(permute(*value.constant, perm)));
  } else if (is_static(*value.shape) && is_only_reshaped(*value.shape, perm)) {
    Ints shape;
    for (const int64_t axis : perm) shape.push_back((*value.shape)[static_cast<size_t>(axis)]);
    Attributes attributes;
    attributes.set("shape", std::move(shape));
    result = TRY(builder_.append(Op::kReshape, value.name, value.name + "/Reshape", {id}, std::move(attributes)));
  } else {
    Attributes attributes;
    attributes.set("perm", perm);
    result = TRY(builder_.append(Op::kTranspose, value.name, value.name + "/Transpose", {id}, std::move(attributes)));
  }
  builder_.graph.value(result).quant = value.quant;
  other_[id] = result;
  other_[result] = id;
  return result;
}

Result<ValueId> ChannelsLast::channels_first(ValueId id) {
  if (is_channels_first(id)) return id;
  const Value& value = builder_.graph.value(id);
  if (!value.shape || value.shape->size() != kPictureRank) {
    return invalid_data("'{}' has shape {}, expected 4 axes", value.name,
                        value.shape ? shape_text(*value.shape) : "unknown");
  }
  const ValueId first = TRY(reorder(id, kToChannelsFirst));
  mark_channels_first(first);
  return first;
}

Result<ValueId> ChannelsLast::as_in_file(ValueId id) {
  return is_channels_first(id) ? reorder(id, kToChannelsLast) : Result<ValueId>(id);
}

// Axes of extent 1 in front, as broadcasting would add them.
Result<ValueId> ChannelsLast::with_rank_4(ValueId id) {
  const Value value = builder_.graph.value(id);
  Shape shape = TRY(builder_.static_shape(id));
  shape.insert(shape.begin(), kPictureRank - shape.size(), 1);
  if (value.constant) return builder_.add_constant(value.name + "/Reshape", TRY(value.constant->reshaped(shape)));
  Attributes attributes;
  attributes.set("shape", shape);
  return builder_.append(Op::kReshape, value.name, value.name + "/Reshape", {id}, std::move(attributes));
}

Result<bool> ChannelsLast::align(std::vector<ValueId>& operands) {
  const auto is_first = [&](ValueId id) { return is_channels_first(id); };
  if (std::none_of(operands.begin(), operands.end(), is_first)) return false;
  const auto fits = [&](ValueId id) {
    return id == kNoValue || (builder_.shape(id) && builder_.shape(id)->size() <= kPictureRank);
  };
  if (!std::all_of(operands.begin(), operands.end(), fits)) {
    for (ValueId& id : operands) id = TRY(as_in_file(id));
    return false;
  }
  for (ValueId& id : operands) {
    if (id == kNoValue || is_first(id)) continue;
    const Shape shape = *builder_.shape(id);
    if (is_static(shape) && TRY(element_count(shape)) == 1) continue;
    id = TRY(channels_first(shape.size() == kPictureRank ? id : TRY(with_rank_4(id))));
  }
  return true;
}

Result<int64_t> ChannelsLast::axis(ValueId id, int64_t axis_in_file) const {
  const std::optional<Shape>& shape = builder_.shape(id);
  if (!shape) return unsupported("the rank of '{}' is not known", builder_.graph.value(id).name);
  const int axis = TRY(normalize_axis(axis_in_file, static_cast<int>(shape->size())));
  return is_channels_first(id) ? kToChannelsLast[static_cast<size_t>(axis)] : int64_t{axis};
}

Ints ChannelsLast::by_axis(ValueId id, const Ints& entries) const {
  if (!is_channels_first(id)) return entries;
  Ints moved;
  for (const int64_t axis : kToChannelsFirst) moved.push_back(entries[static_cast<size_t>(axis)]);
  return moved;
}

}  // namespace sixtops::importer
