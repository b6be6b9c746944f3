#include "importer/onnx/node_order.h"

#include <functional>
#include <queue>
#include <unordered_map>

#include "base/error.h"

namespace sixtops::importer::onnx {
namespace {

constexpr size_t kGiven = SIZE_MAX;  // the writer of inputs and initializers

// Names are copied for every part that an operator is taken apart into.
constexpr size_t kMaxNameBytes = 1024;

Status check_name(const std::string& name) {
  if (name.size() <= kMaxNameBytes) return {};
  return resource_error("a name of {} bytes, at most {} are supported: '{}...'", name.size(), kMaxNameBytes,
                        name.substr(0, 32));
}

}  // namespace

Status order_nodes(FlatGraph& flat, const std::vector<std::string>& inputs) {
  std::unordered_map<std::string, size_t> writers;
  const auto define = [&](const std::string& name, size_t writer) -> Status {
    if (name.empty()) return invalid_data("an input or initializer has no name");
    TRY(check_name(name));
    if (writers.emplace(name, writer).second) return {};
    return invalid_data("tensor '{}' is written twice{}", name,
                        writer == kGiven ? std::string() : ", once by " + node_label(*flat.nodes[writer].proto));
  };
  for (const std::string& name : inputs) TRY(define(name, kGiven));
  for (const auto& [name, tensor] : flat.initializers) TRY(define(name, kGiven));
  for (const auto& [name, tensor] : flat.sparse_initializers) TRY(define(name, kGiven));
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    TRY(check_name(flat.nodes[n].proto->name()));
    for (const std::string& name : flat.nodes[n].proto->output()) {
      if (!name.empty()) TRY(define(name, n));
    }
  }

  std::vector<std::vector<size_t>> readers(flat.nodes.size());
  std::vector<size_t> missing(flat.nodes.size(), 0);  // operands whose writer is not placed yet
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    for (const std::string& name : flat.nodes[n].proto->input()) {
      if (name.empty()) continue;
      const auto writer = writers.find(name);
      if (writer == writers.end()) {
        return invalid_data("{} reads tensor '{}', which nothing writes", node_label(*flat.nodes[n].proto), name);
      }
      if (writer->second == kGiven) continue;
      readers[writer->second].push_back(n);
      ++missing[n];
    }
  }

  // The smallest index first keeps the file's order wherever it is one.
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    if (missing[n] == 0) ready.push(n);
  }
  std::vector<FlatNode> ordered;
  ordered.reserve(flat.nodes.size());
  while (!ready.empty()) {
    const size_t n = ready.top();
    ready.pop();
    ordered.push_back(flat.nodes[n]);
    for (const size_t reader : readers[n]) {
      if (--missing[reader] == 0) ready.push(reader);
    }
  }
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    if (missing[n] > 0) {
      return invalid_data("{} depends on its own output, or on a node that does", node_label(*flat.nodes[n].proto));
    }
  }
  flat.nodes = std::move(ordered);
  return {};
}

}  // namespace sixtops::importer::onnx
