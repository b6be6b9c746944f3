#include "graph/attribute.h"

#include <algorithm>

namespace sixtops {
namespace {

template <typename Entries>
auto lower_bound(Entries& entries, std::string_view name) {
  return std::lower_bound(
      entries.begin(), entries.end(), name,
      [](const Attributes::Entry& entry, std::string_view key) { return std::string_view(entry.first) < key; });
}

}  // namespace

const Attribute* Attributes::find(std::string_view name) const {
  const auto it = lower_bound(entries_, name);
  return it != entries_.end() && it->first == name ? &it->second : nullptr;
}

void Attributes::set(std::string_view name, Attribute value) {
  const auto it = lower_bound(entries_, name);
  if (it != entries_.end() && it->first == name) {
    it->second = std::move(value);
  } else {
    entries_.insert(it, {std::string(name), std::move(value)});
  }
}

void Attributes::erase(std::string_view name) {
  const auto it = lower_bound(entries_, name);
  if (it != entries_.end() && it->first == name) entries_.erase(it);
}

}  // namespace sixtops
