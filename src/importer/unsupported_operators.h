// One error for everything in a model that has no translation: all operators at once, each with the nodes that need it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"

namespace sixtops::importer {

class UnsupportedOperators {
 public:
  void add(const std::string& type, const std::string& node) { nodes_by_type_[type].push_back(node); }

  // kUnsupported when anything was added. `noun` is the format's own word, "operator" or "layer".
  Status status(const char* noun) const;

 private:
  std::map<std::string, std::vector<std::string>> nodes_by_type_;
};

}  // namespace sixtops::importer
