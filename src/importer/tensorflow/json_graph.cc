// TensorFlow.js: the GraphDef as JSON, its constants in binary files beside it, often as halves.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/checked.h"
#include "base/file.h"
#include "graph/tensor.h"
#include "importer/tensorflow/graph_def.h"

namespace sixtops::importer::tensorflow {
namespace {

using Json = nlohmann::json;
using wire::tensorflow::AttrValue;
using wire::tensorflow::NodeDef;

constexpr int kMaxDepth = 64;

// Numbers of TensorFlow's DataType that JSON spells out.
int type_number(const std::string& name) {
  if (name == "DT_FLOAT" || name == "float32") return 1;
  if (name == "DT_DOUBLE") return 2;
  if (name == "DT_INT32" || name == "int32") return 3;
  if (name == "DT_UINT8" || name == "uint8") return 4;
  if (name == "DT_INT64") return 9;
  if (name == "DT_BOOL" || name == "bool") return 10;
  if (name == "DT_HALF" || name == "float16") return 19;
  return 0;
}

// 64-bit integers are texts in JSON.
int64_t integer(const Json& value) {
  if (value.is_number_integer()) return value.get<int64_t>();
  return value.is_string() ? std::strtoll(value.get_ref<const std::string&>().c_str(), nullptr, 10) : 0;
}

std::string bytes_text(const Json& value) {
  if (!value.is_string()) return "";
  const auto decoded = decode_base64(value.get_ref<const std::string&>());
  if (!decoded) return "";
  return {reinterpret_cast<const char*>(decoded->data()), decoded->size()};
}

const Json& member(const Json& object, const char* name) {
  static const Json kNone;
  return object.is_object() && object.contains(name) ? object[name] : kNone;
}

void read_attribute(const Json& from, AttrValue& to) {
  if (member(from, "s").is_string()) to.set_s(bytes_text(from["s"]));
  if (!member(from, "i").is_null()) to.set_i(integer(from["i"]));
  if (member(from, "f").is_number()) to.set_f(from["f"].get<float>());
  if (member(from, "b").is_boolean()) to.set_b(from["b"].get<bool>());
  if (member(from, "type").is_string()) to.set_type(type_number(from["type"].get<std::string>()));
  for (const Json& dim : member(member(from, "shape"), "dim"))
    to.mutable_shape()->add_dim()->set_size(integer(member(dim, "size")));
  for (const Json& item : member(member(from, "list"), "i")) to.mutable_list()->add_i(integer(item));
  for (const Json& item : member(member(from, "list"), "s")) to.mutable_list()->add_s(bytes_text(item));
  for (const Json& item : member(member(from, "list"), "f"))
    to.mutable_list()->add_f(item.is_number() ? item.get<float>() : 0);
}

Status read_nodes(const Json& topology, wire::tensorflow::GraphDef& graph) {
  for (const Json& from : member(topology, "node")) {
    if (!member(from, "name").is_string() || !member(from, "op").is_string())
      return invalid_data("a node without name and operator");
    NodeDef& node = *graph.add_node();
    node.set_name(from["name"].get<std::string>());
    node.set_op(from["op"].get<std::string>());
    for (const Json& input : member(from, "input")) {
      if (input.is_string()) node.add_input(input.get<std::string>());
    }
    if (!member(from, "attr").is_object()) continue;
    for (const auto& [name, value] : from["attr"].items()) read_attribute(value, (*node.mutable_attr())[name]);
  }
  return graph.node_size() > 0 ? Status() : invalid_data("the model has no nodes");
}

// A file name in the model's own folder.
Result<SharedBytes> read_shard(const std::string& model_path, const Json& name) {
  const std::filesystem::path file(name.is_string() ? name.get<std::string>() : "");
  if (file.empty() || file.is_absolute() || file.has_parent_path()) {
    return invalid_data("weights file '{}' is no plain name beside the model", file.string());
  }
  return read_file((std::filesystem::path(model_path).parent_path() / file).string());
}

Result<SharedBytes> read_shards(const std::string& model_path, const Json& paths) {
  if (paths.size() == 1) return read_shard(model_path, paths[0]);
  std::vector<std::byte> all;
  for (const Json& path : paths) {
    const SharedBytes shard = TRY(read_shard(model_path, path));
    all.insert(all.end(), shard.span().begin(), shard.span().end());
  }
  return SharedBytes::own(std::move(all));
}

struct Weight {
  std::string name;
  std::string stored;  // element type in the file
  std::string dtype;   // and in the graph
  Shape shape;
};

Result<Weight> read_weight(const Json& from) {
  Weight weight;
  if (!member(from, "name").is_string() || !member(from, "dtype").is_string())
    return invalid_data("a weight without name and type");
  weight.name = from["name"].get<std::string>();
  weight.dtype = from["dtype"].get<std::string>();
  weight.stored = weight.dtype;
  for (const Json& extent : member(from, "shape")) {
    weight.shape.push_back(integer(extent));
    if (weight.shape.back() < 0 || weight.shape.size() > kMaxRank)
      return invalid_data("weight '{}' has a wrong shape", weight.name);
  }
  const Json& quantization = member(from, "quantization");
  if (quantization.is_object()) {
    if (member(quantization, "dtype") != "float16")
      return unsupported("weight '{}': 8-bit weights of TensorFlow.js", weight.name);
    weight.stored = "float16";
  }
  return weight;
}

// The weight as a tensor of its node, a Const.
Status fill_node(const Weight& weight, ByteSpan bytes, NodeDef& node) {
  auto& proto = *(*node.mutable_attr())["value"].mutable_tensor();
  const int type = type_number(weight.stored);
  if (type == 0) return unsupported("weight '{}' of type {}", weight.name, weight.stored);
  proto.set_dtype(type);
  for (const int64_t extent : weight.shape) proto.mutable_tensor_shape()->add_dim()->set_size(extent);
  proto.set_tensor_content(bytes.data(), bytes.size());
  return {};
}

int64_t element_bytes(const std::string& type) {
  return type == "float16" ? 2 : type == "bool" || type == "uint8" ? 1 : 4;
}

Status read_weights(const Json& manifest, const std::string& model_path, wire::tensorflow::GraphDef& graph) {
  std::unordered_map<std::string, NodeDef*> nodes;
  for (NodeDef& node : *graph.mutable_node()) nodes[node.name()] = &node;
  for (const Json& group : manifest) {
    const SharedBytes bytes = TRY(read_shards(model_path, member(group, "paths")));
    int64_t at = 0;
    for (const Json& from : member(group, "weights")) {
      const Weight weight = TRY(read_weight(from));
      const int64_t size = TRY(checked_multiply(TRY(element_count(weight.shape)), element_bytes(weight.stored)));
      if (size > static_cast<int64_t>(bytes.size()) - at)
        return invalid_data("the weights file ends before weight '{}'", weight.name);
      const auto node = nodes.find(weight.name);
      if (node != nodes.end()) {
        TRY(fill_node(weight, bytes.span().subspan(static_cast<size_t>(at), static_cast<size_t>(size)), *node->second));
      }
      at += size;
    }
    if (at != static_cast<int64_t>(bytes.size()))
      return invalid_data("the weights files have {} bytes more than the weights take",
                          static_cast<int64_t>(bytes.size()) - at);
  }
  return {};
}

// Nesting beyond measure is refused before the tree is built.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kMaxDepth) return true;
  }
  return false;
}

}  // namespace

bool looks_like_json(ByteSpan bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' &&
         text.find("\"modelTopology\"") != std::string_view::npos &&
         text.find("\"weightsManifest\"") != std::string_view::npos;
}

Result<Model> read_json(const Source& source) {
  if (is_too_deep(source.bytes.text())) return resource_error("JSON nested more than {} deep", kMaxDepth);
  const Json json = Json::parse(source.bytes.text(), nullptr, false);
  if (json.is_discarded()) return invalid_data("the JSON is damaged or truncated");
  Model model;
  TRY(read_nodes(member(json, "modelTopology"), model.graph));
  TRY(read_weights(member(json, "weightsManifest"), source.path, model.graph));
  const Json& outputs = member(member(json, "signature"), "outputs");
  if (outputs.is_object()) {
    for (const auto& [name, value] : outputs.items()) {
      model.outputs.push_back(member(value, "name").is_string() ? value["name"].get<std::string>() : name);
    }
  }
  return model;
}

}  // namespace sixtops::importer::tensorflow
