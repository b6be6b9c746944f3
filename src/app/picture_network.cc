#include "app/picture_network.h"

#include "app/load_model.h"
#include "base/error.h"
#include "convert/picture_input.h"
#include "vision/find_objects.h"
#include "vision/labels.h"

namespace sixtops::app {
namespace {

bool is_detector(HeadKind kind) { return kind != HeadKind::kNone && kind != HeadKind::kClassifier; }

}  // namespace

std::vector<vision::TensorView> output_views(const runtime::Session& session, const std::vector<Tensor>& outputs) {
  std::vector<vision::TensorView> views;
  for (size_t i = 0; i < session.outputs().size(); ++i) {
    const runtime::TensorDescription& output = session.outputs()[i];
    if (i < outputs.size()) {
      views.push_back({output.name, outputs[i].shape(), outputs[i].values<float>()});
    } else {
      views.push_back({output.name, output.shape, {}});
    }
  }
  return views;
}

Result<PictureNetwork> open_picture_network(const std::string& path, const SourceOptions& source) {
  return picture_network(path, TRY(load_model(path, source)));
}

Result<PictureNetwork> picture_network(const std::string& path, std::unique_ptr<runtime::Session> session) {
  PictureNetwork network;
  network.path = path;
  network.session = std::move(session);
  const Graph& graph = network.session->graph();
  if (graph.inputs.size() != 1 || graph.input_descriptions.empty() || !graph.input_descriptions[0].is_picture) {
    return unsupported("{}: the network does not take one picture; use 'sixtops run' with tensors", path);
  }
  const convert::PictureLayout layout = TRY(convert::picture_layout(network.session->inputs()[0].shape));
  network.input_width = layout.width;
  network.input_height = layout.height;
  network.labels = graph.hints.labels;
  if (graph.hints.head == HeadKind::kNone) return network;
  vision::RecognizeOptions options;
  options.input_width = layout.width;
  options.input_height = layout.height;
  options.forced = graph.hints.head;
  options.known_classes = static_cast<int>(graph.hints.labels.size());
  options.hints = &graph.hints;
  Result<vision::HeadDescription> head = vision::recognize_head(output_views(*network.session, {}), options);
  if (!head.ok()) return head.status().with_prefix(path + ": ");
  network.head = std::move(head).value();
  const std::vector<std::string>& coco = vision::coco_labels();
  if (network.labels.empty() && is_detector(network.head.kind) &&
      network.head.classes == static_cast<int>(coco.size())) {
    network.labels = coco;
  }
  return network;
}

Result<std::vector<Tensor>> run_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                           vision::Placement* placement) {
  const Graph& graph = network.session->graph();
  const Tensor input =
      TRY(convert::picture_input(picture, graph.value(graph.inputs[0]), network.input_description(), placement));
  return network.session->run_float(std::span(&input, 1));
}

Result<std::vector<vision::Detection>> detect_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                                         const DetectionThresholds& thresholds) {
  vision::Placement placement;
  const std::vector<Tensor> outputs = TRY(run_on_picture(network, picture, &placement));
  const vision::FindOptions options{thresholds.confidence, thresholds.iou, thresholds.max_boxes,
                                    &network.session->graph().hints};
  return vision::find_objects(network.head, output_views(*network.session, outputs), placement,
                              {network.input_width, network.input_height, picture.width, picture.height}, options);
}

Status expect_detector(const PictureNetwork& network) {
  if (is_detector(network.head.kind)) return {};
  return unsupported("{}: the network is no detector ({}); name its head with --head, or use 'sixtops classify'",
                     network.path, head_name(network.head.kind));
}

Status expect_classifier(const PictureNetwork& network) {
  if (network.head.kind == HeadKind::kClassifier) return {};
  return unsupported("{}: the network is no classifier ({}); expected one output 1xC", network.path,
                     head_name(network.head.kind));
}

}  // namespace sixtops::app
