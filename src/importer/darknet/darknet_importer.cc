#include "importer/darknet/darknet_importer.h"

#include <algorithm>

#include "base/error.h"
#include "graph/verify.h"
#include "importer/companion.h"
#include "importer/darknet/cfg.h"
#include "importer/darknet/heads.h"
#include "importer/darknet/network.h"
#include "importer/input_shapes.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::darknet {
namespace {

constexpr const char* kInputName = "data";
constexpr int64_t kMaxSide = 1 << 20;

bool is_net(const Section& section) { return section.type() == "net" || section.type() == "network"; }

Status check_sections(const std::vector<Section>& sections) {
  if (sections.size() < 2 || !is_net(sections[0])) return invalid_data("the cfg holds no network");
  UnsupportedOperators missing;
  for (size_t i = 1; i < sections.size(); ++i) {
    if (find_translator(sections[i].type()) != nullptr) continue;
    missing.add("[" + sections[i].type() + "]", fmt::format("line {}", sections[i].line()));
  }
  return missing.status("layer");
}

Result<ValueId> define_input(Section& net, const ImportOptions& options, GraphBuilder& builder) {
  const int64_t height = TRY(net.get_int("height", 0, 0, kMaxSide));
  const int64_t width = TRY(net.get_int("width", 0, 0, kMaxSide));
  const int64_t channels = TRY(net.get_int("channels", 3, 1, kMaxSide));
  if (height == 0 || width == 0) return unsupported("[net] without height and width");
  // Layers without a fixed size take pictures of any; what the cfg says is where no option says otherwise.
  Shape shape = {1, channels, height, width};
  const auto bound = options.input_shapes.find(kInputName);
  if (bound != options.input_shapes.end() && bound->second.size() == 4) {
    shape = {bound->second[0], channels, bound->second[2], bound->second[3]};
  }
  const std::vector<Shape> shapes = TRY(bind_input_shapes({{kInputName, shape, {}}}, options));
  const ValueId id = builder.define(kInputName, DType::kF32, shapes[0]);
  builder.graph.inputs.push_back(id);
  return id;
}

// "conv_0": the section's type and its place behind [net].
std::string layer_name(const Section& section, size_t index) {
  const std::string type = section.type() == "convolutional" ? "conv" : section.type();
  return fmt::format("{}_{}", type, index);
}

Status translate_layers(std::vector<Section>& sections, Network& network) {
  for (size_t i = 1; i < sections.size(); ++i) {
    Layer layer{network, sections[i], layer_name(sections[i], i - 1)};
    const Result<ValueId> result = find_translator(sections[i].type())(layer);
    Status status = result.status();
    const bool is_head = sections[i].type() == "yolo" || sections[i].type() == "gaussian_yolo" ||
                         sections[i].type() == "region" || sections[i].type() == "detection";
    if (status.ok() && !is_head) status = sections[i].check_options();
    if (!status.ok()) {
      return status.with_prefix(
          fmt::format("layer {} [{}] at line {}: ", i - 1, sections[i].type(), sections[i].line()));
    }
    network.layers.push_back(*result);
    network.current = *result;
  }
  return network.weights.check_end();
}

Result<Graph> build_graph(std::vector<Section> sections, const SharedBytes& weights, const ImportOptions& options,
                          bool batchnorm_has_bias) {
  Network network{{}, TRY(Weights::open(weights)), batchnorm_has_bias, {}, kNoValue, {}, {}};
  network.builder.graph.name = "darknet";
  network.current = TRY(define_input(sections[0], options, network.builder));
  TRY(translate_layers(sections, network));
  TRY(write_outputs(network));
  TRY(verify(network.builder.graph, VerifyLevel::kImported));
  return std::move(network.builder.graph);
}

}  // namespace

Result<Graph> import_pair(std::string_view cfg, const SharedBytes& weights, const ImportOptions& options) {
  const std::vector<Section> sections = TRY(parse_cfg(cfg));
  TRY(check_sections(sections));
  const bool has_batchnorm =
      std::any_of(sections.begin(), sections.end(), [](const Section& s) { return s.type() == "batchnorm"; });
  Result<Graph> graph = build_graph(sections, weights, options, false);
  // Which of the two layouts of [batchnorm] it is shows in the number of weights alone.
  if (!graph.ok() && has_batchnorm) {
    Result<Graph> other = build_graph(sections, weights, options, true);
    if (other.ok()) return other;
  }
  return graph;
}

std::vector<std::string> operator_names() { return translated_types(); }

bool recognize(ByteSpan bytes) {
  return looks_like_cfg({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) || looks_like_weights(bytes);
}

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  const bool is_cfg = looks_like_cfg(source.bytes.text());
  const SharedBytes other = TRY(read_companion(source, options, {is_cfg ? ".weights" : ".cfg"}));
  if (looks_like_cfg(other.text()) == is_cfg) {
    return invalid_data("{}: its companion is no Darknet {} file", source.path, is_cfg ? "weights" : "cfg");
  }
  Result<Graph> graph =
      import_pair(is_cfg ? source.bytes.text() : other.text(), is_cfg ? other : source.bytes, options);
  if (!graph.ok()) return graph.status().with_prefix(source.path + ": ");
  return graph;
}

}  // namespace sixtops::importer::darknet
