#include "importer/torchscript/checkpoint.h"

#include <cmath>

#include "base/error.h"
#include "importer/input_shapes.h"
#include "importer/torchscript/modules.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = PickleValue::Kind;

constexpr const char* kInputName = "images";
constexpr int64_t kUsualSide = 640;
constexpr int64_t kColors = 3;
constexpr int64_t kDistanceBins = 16;  // of a side, in YOLOv8's head

bool is_detector(const Module& module) { return module.class_name() == "Detect"; }

// The averaged weights count where there are some, as in Ultralytics' own loader.
Result<Module> find_network(const PickleValue& root) {
  for (const char* key : {"ema", "model"}) {
    const PickleRef found = root.find(key);
    if (found != nullptr && found->is(Kind::kObject)) return Module{found, ""};
  }
  if (root.is(Kind::kObject)) return Module{&root, ""};
  return unsupported(
      "a PyTorch file without code and without a network that is known here (YOLOv5, YOLOv8, YOLO11): trace it "
      "(torch.jit.trace) or export it to ONNX");
}

// Names of classes, a list or a dictionary by number.
std::vector<std::string> read_labels(const Module& network) {
  std::vector<std::string> labels;
  const PickleRef names = network.object->find("names");
  if (names == nullptr) return labels;
  for (const PickleRef item : names->items) {
    if (!item->is(Kind::kText)) return {};
    labels.push_back(item->text);
  }
  for (const auto& [key, value] : names->entries) {
    if (!key->is(Kind::kInt) || !value->is(Kind::kText) || key->integer != static_cast<int64_t>(labels.size()))
      return {};
    labels.push_back(value->text);
  }
  return labels;
}

int64_t trained_side(const PickleValue& root) {
  const PickleRef arguments = root.find("train_args");
  const PickleRef side = arguments == nullptr ? nullptr : arguments->find("imgsz");
  return side != nullptr && side->is(Kind::kInt) && side->integer > 0 ? side->integer : kUsualSide;
}

// All classes in the tree that nobody knows. Lists of modules are known to their owners.
void collect_unknown(const Module& module, int depth, UnsupportedOperators& unknown) {
  constexpr int kMaxDepth = 50;
  const std::string_view name = module.class_name();
  if (name == "ModuleList" || is_detector(module) || is_known_module(name)) {
    const Result<std::vector<Module>> children = module.children();
    if (!children.ok() || depth > kMaxDepth || is_detector(module)) return;
    for (const Module& child : *children) collect_unknown(child, depth + 1, unknown);
    return;
  }
  unknown.add(module.object->text, "'" + module.place + "'");
}

struct Rebuild {
  const Archive& archive;
  GraphBuilder builder;
  ModuleBuilder modules{archive, builder};
};

// Where a layer reads: `f`, one index or several; -1 is the layer before, others count from the first.
Result<std::vector<ValueId>> inputs_of(const Module& layer, const std::vector<ValueId>& outputs, ValueId input) {
  const PickleRef from = layer.attribute("f");
  std::vector<int64_t> indices;
  if (from != nullptr && from->is(Kind::kInt)) indices.push_back(from->integer);
  for (size_t i = 0; from != nullptr && i < from->items.size(); ++i) {
    if (!from->items[i]->is(Kind::kInt)) return invalid_data("layer '{}' reads what is no index", layer.place);
    indices.push_back(from->items[i]->integer);
  }
  if (indices.empty()) indices.push_back(-1);
  std::vector<ValueId> ids;
  for (const int64_t index : indices) {
    if (index == -1) {
      ids.push_back(outputs.empty() ? input : outputs.back());
      continue;
    }
    if (index < 0 || index >= static_cast<int64_t>(outputs.size())) {
      return invalid_data("layer '{}' reads layer {}, which is not before it", layer.place, index);
    }
    ids.push_back(outputs[static_cast<size_t>(index)]);
  }
  return ids;
}

Result<std::vector<int32_t>> read_strides(Rebuild& rebuild, const Module& detector) {
  std::vector<int32_t> strides;
  const Tensor tensor = TRY(rebuild.modules.read(detector, "stride"));
  for (const double stride : values_as<double>(tensor)) {
    if (!(stride >= 1 && stride <= 1024)) return invalid_data("module '{}' has stride {}", detector.place, stride);
    strides.push_back(static_cast<int32_t>(stride));
  }
  return strides;
}

// One convolution a level, and a sigmoid, as the vendor's demos expect it: codes of a sigmoid are 1/255 apart, those of
// what it reads spend most of their range on what can be no object. Anchors are stored in units of their stride.
Result<std::vector<ValueId>> yolov5_outputs(Rebuild& rebuild, const Module& detector,
                                            const std::vector<ValueId>& levels) {
  const std::vector<Module> convolutions = TRY(TRY(detector.child("m")).children());
  if (convolutions.size() != levels.size())
    return invalid_data("module '{}' reads {} levels", detector.place, levels.size());
  TaskHints& hints = rebuild.builder.graph.hints;
  hints.head = HeadKind::kYolov5Sigmoid;
  hints.strides = TRY(read_strides(rebuild, detector));
  const Tensor anchors = TRY(rebuild.modules.read(detector, "anchors"));
  const std::vector<float> sizes = values_as<float>(anchors);
  if (hints.strides.size() != levels.size() || sizes.size() % (2 * levels.size()) != 0) {
    return invalid_data("module '{}' has {} anchor sizes for {} levels", detector.place, sizes.size(), levels.size());
  }
  const size_t group = sizes.size() / levels.size();
  for (size_t i = 0; i < sizes.size(); ++i) {
    hints.anchors.push_back(sizes[i] * static_cast<float>(hints.strides[i / group]));
  }
  std::vector<ValueId> outputs;
  for (size_t i = 0; i < levels.size(); ++i) {
    const ValueId planes = TRY(rebuild.modules.apply(convolutions[i], {levels[i]}));
    outputs.push_back(TRY(rebuild.modules.step(detector, Op::kSigmoid, {planes})));
  }
  return outputs;
}

// Distances and classes of each level: two outputs, which do not have to share a scale. Classes behind their sigmoid.
Result<std::vector<ValueId>> yolov8_outputs(Rebuild& rebuild, const Module& detector,
                                            const std::vector<ValueId>& levels) {
  const std::vector<Module> boxes = TRY(TRY(detector.child("cv2")).children());
  const std::vector<Module> classes = TRY(TRY(detector.child("cv3")).children());
  if (boxes.size() != levels.size() || classes.size() != levels.size()) {
    return invalid_data("module '{}' reads {} levels", detector.place, levels.size());
  }
  if (TRY(detector.integer_or("reg_max", kDistanceBins)) != kDistanceBins) {
    return unsupported("module '{}': a head with other than {} bins a side", detector.place, kDistanceBins);
  }
  TaskHints& hints = rebuild.builder.graph.hints;
  hints.head = HeadKind::kYolov8Dfl;
  hints.strides = TRY(read_strides(rebuild, detector));
  std::vector<ValueId> outputs;
  for (size_t i = 0; i < levels.size(); ++i) {
    outputs.push_back(TRY(rebuild.modules.apply(boxes[i], {levels[i]})));
    const ValueId scores = TRY(rebuild.modules.apply(classes[i], {levels[i]}));
    outputs.push_back(TRY(rebuild.modules.step(detector, Op::kSigmoid, {scores})));
  }
  return outputs;
}

Status follow_layers(Rebuild& rebuild, const Module& network, ValueId input) {
  const std::vector<Module> layers = TRY(TRY(network.child("model")).children());
  UnsupportedOperators unknown;
  for (const Module& layer : layers) collect_unknown(layer, 0, unknown);
  TRY(unknown.status("class"));
  std::vector<ValueId> outputs;
  Graph& graph = rebuild.builder.graph;
  for (const Module& layer : layers) {
    const std::vector<ValueId> inputs = TRY(inputs_of(layer, outputs, input));
    if (!is_detector(layer)) {
      outputs.push_back(TRY(rebuild.modules.apply(layer, inputs)));
      continue;
    }
    graph.outputs =
        TRY(layer.has_child("m") ? yolov5_outputs(rebuild, layer, inputs) : yolov8_outputs(rebuild, layer, inputs));
    break;
  }
  if (graph.outputs.empty()) return unsupported("a network without a detector (Detect) at its end");
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    rebuild.builder.rename(graph.outputs[i], fmt::format("output{}", i));
  }
  return {};
}

}  // namespace

Result<Graph> rebuild_checkpoint(const Archive& archive, const PickleValue& root, const ImportOptions& options) {
  const Module network = TRY(find_network(root));
  Rebuild rebuild{archive, {}};
  Graph& graph = rebuild.builder.graph;
  graph.name = std::string(network.class_name());
  graph.hints.labels = read_labels(network);
  const int64_t side = trained_side(root);
  Shape shape = {1, kColors, side, side};
  const auto bound = options.input_shapes.find(kInputName);
  if (bound != options.input_shapes.end()) shape = {kUnknownExtent, kColors, kUnknownExtent, kUnknownExtent};
  const std::vector<Shape> shapes = TRY(bind_input_shapes({{kInputName, shape, {}}}, options));
  const ValueId input = rebuild.builder.define(kInputName, DType::kF32, shapes[0]);
  graph.inputs.push_back(input);
  TRY(follow_layers(rebuild, network, input));
  return std::move(graph);
}

}  // namespace sixtops::importer::torchscript
