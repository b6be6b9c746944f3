// Named attributes of a node.
//
// Which names an op knows, their types, defaults and ranges stand in graph/ops.def; the verifier refuses the rest. A
// Custom node alone carries whatever its file said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graph/tensor.h"

namespace sixtops {

using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;
using Texts = std::vector<std::string>;

// Tensor only in Custom nodes.
using Attribute = std::variant<int64_t, float, std::string, Ints, Floats, Texts, Tensor>;

// A small map, ordered by name so that text and file forms are reproducible.
class Attributes {
 public:
  using Entry = std::pair<std::string, Attribute>;

  const Attribute* find(std::string_view name) const;
  void set(std::string_view name, Attribute value);
  void erase(std::string_view name);
  bool has(std::string_view name) const { return find(name) != nullptr; }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace sixtops
