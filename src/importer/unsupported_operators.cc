#include "importer/unsupported_operators.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::importer {
namespace {

constexpr size_t kMaxNamesInMessage = 5;

}  // namespace

Status UnsupportedOperators::status(const char* noun) const {
  if (nodes_by_type_.empty()) return {};
  std::string list;
  for (const auto& [type, nodes] : nodes_by_type_) {
    list += (list.empty() ? "" : "; ") + type + ": ";
    for (size_t i = 0; i < std::min(nodes.size(), kMaxNamesInMessage); ++i) list += (i > 0 ? ", " : "") + nodes[i];
    if (nodes.size() > kMaxNamesInMessage) list += fmt::format(" and {} more", nodes.size() - kMaxNamesInMessage);
  }
  return unsupported("{} {}(s) are not supported: {}", nodes_by_type_.size(), noun, list);
}

}  // namespace sixtops::importer
