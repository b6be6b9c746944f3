#include "importer/onnx/file_cut.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "importer/onnx/values.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::GraphProto;
using wire::onnx::ValueInfoProto;

using Writers = std::unordered_map<std::string, size_t>;  // node by tensor

Writers find_writers(const FlatGraph& flat) {
  Writers writers;
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    for (const std::string& name : flat.nodes[n].proto->output()) writers.emplace(name, n);
  }
  return writers;
}

bool all_written(const std::vector<std::string>& names, const Writers& writers) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return writers.contains(name); });
}

// Inner tensors that the caller begins at, with the type that the file states.
std::vector<const ValueInfoProto*> inner_inputs(const GraphProto& proto, const ImportOptions& options) {
  std::vector<const ValueInfoProto*> inner;
  for (const ValueInfoProto& value : proto.value_info()) {
    const bool wanted = std::find(options.inputs.begin(), options.inputs.end(), value.name()) != options.inputs.end();
    if (wanted && value.type().tensor_type().has_shape()) inner.push_back(&value);
  }
  return inner;
}

// Nodes that the outputs need when nothing in front of `given` counts; `read` gets every name that is asked for.
std::vector<bool> needed_nodes(const FlatGraph& flat, const Writers& writers, const std::vector<std::string>& outputs,
                               const std::unordered_set<std::string>& given, std::unordered_set<std::string>& read) {
  std::vector<bool> needed(flat.nodes.size(), false);
  std::vector<std::string> open(outputs.begin(), outputs.end());
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    if (!read.insert(name).second || given.contains(name)) continue;
    const auto writer = writers.find(name);
    if (writer == writers.end() || needed[writer->second]) continue;
    needed[writer->second] = true;
    const auto& inputs = flat.nodes[writer->second].proto->input();
    open.insert(open.end(), inputs.begin(), inputs.end());
  }
  return needed;
}

}  // namespace

FileCut cut_file(FlatGraph& flat, const GraphProto& proto, const ImportOptions& options) {
  FileCut cut{find_inputs(proto), {}};
  for (const ValueInfoProto& output : proto.output()) cut.outputs.push_back(output.name());
  if (options.inputs.empty() && options.outputs.empty()) return cut;
  const Writers writers = find_writers(flat);
  if (!all_written(options.outputs, writers)) return cut;
  if (!options.outputs.empty()) cut.outputs = options.outputs;

  const std::vector<const ValueInfoProto*> inner = inner_inputs(proto, options);
  std::unordered_set<std::string> given;
  for (const ValueInfoProto* value : inner) given.insert(value->name());
  std::unordered_set<std::string> read;
  const std::vector<bool> needed = needed_nodes(flat, writers, cut.outputs, given, read);

  // A node that writes a tensor to begin at is gone even where another of its outputs is needed no more.
  std::vector<FlatNode> kept;
  for (size_t n = 0; n < flat.nodes.size(); ++n) {
    if (needed[n]) kept.push_back(std::move(flat.nodes[n]));
  }
  flat.nodes = std::move(kept);
  std::erase_if(cut.inputs, [&](const ValueInfoProto* input) { return !read.contains(input->name()); });
  for (const ValueInfoProto* value : inner) {
    const bool still_written = writers.contains(value->name()) && needed[writers.at(value->name())];
    if (read.contains(value->name()) && !still_written) cut.inputs.push_back(value);
  }
  return cut;
}

}  // namespace sixtops::importer::onnx
