#include "importer/caffe/caffe_importer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "graph/verify.h"
#include "importer/caffe/layer.h"
#include "importer/caffe/prototxt.h"
#include "importer/caffe/weights.h"
#include "importer/companion.h"
#include "importer/input_shapes.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::caffe {
namespace {

constexpr int64_t kMaxExtent = int64_t{1} << 24;
constexpr size_t kMaxNameBytes = 1024;

bool is_text(std::string_view text) {
  const std::string_view begin = text.substr(0, 4096);
  return std::all_of(begin.begin(), begin.end(), [](char c) {
    return c == '\n' || c == '\r' || c == '\t' || static_cast<unsigned char>(c) >= ' ';
  });
}

bool looks_like_prototxt(std::string_view text) {
  if (!is_text(text)) return false;
  const bool has_layers =
      text.find("layer {") != std::string_view::npos || text.find("layer{") != std::string_view::npos ||
      text.find("layers {") != std::string_view::npos || text.find("layers{") != std::string_view::npos;
  return has_layers && text.find("type") != std::string_view::npos;
}

// Layers that only training has: by rule, or because they feed or judge it.
bool is_for_training(const Message& layer) {
  const std::string type = layer.text("type");
  static const std::set<std::string> kTypes = {
      "Accuracy", "Data",     "ImageData",    "SoftmaxWithLoss", "EuclideanLoss", "HDF5Data",    "Silence",
      "DATA",     "ACCURACY", "SOFTMAX_LOSS", "SILENCE",         "AnnotatedData", "MultiBoxLoss"};
  if (kTypes.contains(type)) return true;
  const auto is_phase = [](const Message& rule, const char* phase) { return rule.text("phase") == phase; };
  const std::vector<const Message*> includes = layer.messages("include");
  if (std::any_of(includes.begin(), includes.end(), [&](const Message* rule) { return is_phase(*rule, "TRAIN"); }))
    return true;
  const std::vector<const Message*> excludes = layer.messages("exclude");
  return std::any_of(excludes.begin(), excludes.end(), [&](const Message* rule) { return is_phase(*rule, "TEST"); });
}

bool is_input(const Message& layer) { return layer.text("type") == "Input"; }

struct Network {
  GraphBuilder builder;
  Weights weights;
  std::map<std::string, ValueId> blobs;       // by name, as they are now: layers may write over what they read
  std::map<std::string, size_t> last_writer;  // index of the layer whose value keeps the blob's name
  std::set<std::string> read;
};

std::vector<const Message*> layers_of(const Message& net) {
  std::vector<const Message*> layers;
  for (const char* field : {"layers", "layer"}) {
    for (const Message* layer : net.messages(field)) {
      if (!is_for_training(*layer)) layers.push_back(layer);
    }
  }
  return layers;
}

Status check_layers(const std::vector<const Message*>& layers) {
  UnsupportedOperators missing;
  for (const Message* layer : layers) {
    const std::string type = modern_type(layer->text("type"));
    if (!is_input(*layer) && find_translator(type) == nullptr) missing.add(type, "'" + layer->text("name") + "'");
  }
  if (layers.empty()) return invalid_data("the prototxt has no layers");
  return missing.status("layer");
}

// Inputs stand at the top of old files (input, input_dim, input_shape) or are layers.
Result<std::vector<DeclaredInput>> declared_inputs(const Message& net, const std::vector<const Message*>& layers) {
  std::vector<DeclaredInput> inputs;
  const std::vector<std::string> names = net.texts("input");
  const std::vector<int64_t> dims = TRY(net.integers("input_dim", 1, kMaxExtent));
  const std::vector<const Message*> shapes = net.messages("input_shape");
  for (size_t i = 0; i < names.size(); ++i) {
    std::optional<Shape> shape;
    if (i < shapes.size()) shape = TRY(shapes[i]->integers("dim", 1, kMaxExtent));
    if (4 * i + 4 <= dims.size())
      shape = Shape(dims.begin() + static_cast<long>(4 * i), dims.begin() + static_cast<long>(4 * i + 4));
    inputs.push_back({names[i], std::move(shape), {}});
  }
  for (const Message* layer : layers) {
    if (!is_input(*layer)) continue;
    const std::vector<const Message*> own = layer->message("input_param").messages("shape");
    const std::vector<std::string> tops = layer->texts("top");
    for (size_t i = 0; i < tops.size(); ++i) {
      std::optional<Shape> shape;
      if (!own.empty()) shape = TRY(own[std::min(i, own.size() - 1)]->integers("dim", 1, kMaxExtent));
      inputs.push_back({tops[i], std::move(shape), {}});
    }
  }
  for (DeclaredInput& input : inputs) {
    if (!input.shape || input.shape->size() > kMaxRank) return unsupported("input '{}' without a shape", input.name);
  }
  return inputs;
}

Status define_inputs(const Message& net, const std::vector<const Message*>& layers, const ImportOptions& options,
                     Network& network) {
  std::vector<DeclaredInput> declared = TRY(declared_inputs(net, layers));
  if (declared.empty()) return unsupported("a prototxt without an input; use the one for deployment, not for training");
  // Layers without a fixed size take pictures of any; what the file says is where no option says otherwise.
  for (DeclaredInput& input : declared) {
    const auto bound = options.input_shapes.find(input.name);
    if (bound == options.input_shapes.end() || bound->second.size() != input.shape->size()) continue;
    for (size_t axis = 0; axis < input.shape->size(); ++axis) {
      if (axis != 1) (*input.shape)[axis] = kUnknownExtent;
    }
  }
  const std::vector<Shape> shapes = TRY(bind_input_shapes(declared, options));
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (declared[i].name.size() > kMaxNameBytes) return resource_error("a name of {} bytes", declared[i].name.size());
    if (network.blobs.contains(declared[i].name)) return invalid_data("input '{}' twice", declared[i].name);
    const ValueId id = network.builder.define(declared[i].name, DType::kF32, shapes[i]);
    network.builder.graph.inputs.push_back(id);
    network.blobs[declared[i].name] = id;
  }
  return {};
}

Status translate(const Message& wire, size_t index, Network& network) {
  const std::vector<std::string> tops = wire.texts("top");
  Layer layer{network.builder, wire, wire.text("name"), {}, tops.size(), {}};
  if (layer.name.size() > kMaxNameBytes) return resource_error("a name of {} bytes", layer.name.size());
  for (const std::string& bottom : wire.texts("bottom")) {
    const auto blob = network.blobs.find(bottom);
    if (blob == network.blobs.end()) return invalid_data("it reads '{}', which nothing writes before", bottom);
    layer.bottoms.push_back(blob->second);
    network.read.insert(bottom);
  }
  if (const auto blobs = network.weights.find(layer.name); blobs != network.weights.end()) layer.blobs = blobs->second;
  if (tops.empty()) return invalid_data("it writes nothing");
  std::vector<ValueId> results = TRY(find_translator(modern_type(wire.text("type")))(layer));
  if (results.size() < tops.size()) return invalid_data("it writes {} blobs, expected {}", tops.size(), results.size());
  for (size_t i = 0; i < tops.size(); ++i) {
    if (tops[i].size() > kMaxNameBytes) return resource_error("a name of {} bytes", tops[i].size());
    const bool is_fresh = std::find(layer.bottoms.begin(), layer.bottoms.end(), results[i]) == layer.bottoms.end();
    // The value that stays bears the blob's name; those that are written over keep the layers'.
    if (network.last_writer[tops[i]] == index && network.builder.find(tops[i]) == kNoValue) {
      if (!is_fresh) results[i] = TRY(layer.step(Op::kIdentity, {results[i]}));
      network.builder.rename(results[i], tops[i]);
    }
    network.blobs[tops[i]] = results[i];
    // Written anew: what was read before was another value.
    network.read.erase(tops[i]);
  }
  return {};
}

// What no layer reads, in the order of writing.
void collect_outputs(const std::vector<const Message*>& layers, Network& network) {
  Graph& graph = network.builder.graph;
  std::set<std::string> done;
  for (const Message* layer : layers) {
    for (const std::string& top : layer->texts("top")) {
      if (network.read.contains(top) || is_input(*layer) || !done.insert(top).second) continue;
      graph.outputs.push_back(network.blobs[top]);
    }
  }
}

}  // namespace

std::vector<std::string> operator_names() { return translated_types(); }

bool recognize(ByteSpan bytes) {
  return looks_like_prototxt({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) || looks_like_weights(bytes);
}

Result<Graph> import_pair(std::string_view prototxt, const SharedBytes& weights, const ImportOptions& options) {
  const Message net = TRY(parse_prototxt(prototxt));
  const std::vector<const Message*> layers = layers_of(net);
  TRY(check_layers(layers));
  Network network{{}, TRY(read_weights(weights)), {}, {}, {}};
  network.builder.graph.name = net.text("name").substr(0, kMaxNameBytes);
  TRY(define_inputs(net, layers, options, network));
  for (size_t i = 0; i < layers.size(); ++i) {
    for (const std::string& top : layers[i]->texts("top")) network.last_writer[top] = i;
  }
  for (size_t i = 0; i < layers.size(); ++i) {
    if (is_input(*layers[i])) continue;
    const Status status = translate(*layers[i], i, network);
    if (!status.ok()) {
      return status.with_prefix(fmt::format("layer '{}' ({}): ", layers[i]->text("name"), layers[i]->text("type")));
    }
  }
  collect_outputs(layers, network);
  if (network.builder.graph.outputs.empty()) return invalid_data("the network has no output");
  TRY(verify(network.builder.graph, VerifyLevel::kImported));
  return std::move(network.builder.graph);
}

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  const bool is_prototxt = looks_like_prototxt(source.bytes.text());
  const SharedBytes other = TRY(read_companion(source, options, {is_prototxt ? ".caffemodel" : ".prototxt"}));
  if (looks_like_prototxt(other.text()) == is_prototxt) {
    return invalid_data("{}: its companion is no Caffe {}", source.path, is_prototxt ? "caffemodel" : "prototxt");
  }
  Result<Graph> graph =
      import_pair(is_prototxt ? source.bytes.text() : other.text(), is_prototxt ? other : source.bytes, options);
  if (!graph.ok()) return graph.status().with_prefix(source.path + ": ");
  return graph;
}

}  // namespace sixtops::importer::caffe
