#include "app/video/detectors.h"

#include <algorithm>
#include <thread>

#include "convert/picture_input.h"
#include "media/rgb_converter.h"
#include "vision/find_objects.h"

namespace sixtops::app {
namespace {

constexpr unsigned kMaxSessions = 6;

// What one detector owns and knows.
struct Runner {
  std::unique_ptr<runtime::Session> session;
  vision::HeadDescription head;
  int input_width = 0;
  int input_height = 0;
  DetectionThresholds thresholds;
  media::RgbConverter converter;

  Result<std::vector<vision::Detection>> detect(const media::YuvPicture& picture) {
    const Graph& graph = session->graph();
    const InputDescription& description = graph.input_descriptions.front();
    vision::Placement placement;
    const vision::Picture* const rgb = TRY(converter.convert(picture));
    const Tensor input = TRY(convert::picture_input(*rgb, graph.value(graph.inputs[0]), description, &placement));
    const std::vector<Tensor> outputs = TRY(session->run_float(std::span(&input, 1)));
    const vision::FindOptions options{thresholds.confidence, thresholds.iou, thresholds.max_boxes, &graph.hints};
    return vision::find_objects(head, output_views(*session, outputs), placement,
                                {input_width, input_height, picture.width, picture.height}, options);
  }
};

}  // namespace

Result<std::vector<video::Detect>> make_detectors(PictureNetwork& network, const DetectionThresholds& thresholds,
                                                  int count) {
  if (count == 0) count = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMaxSessions));
  std::vector<video::Detect> detectors;
  for (int i = 0; i < count; ++i) {
    const auto runner = std::make_shared<Runner>();
    runner->session = TRY(network.session->duplicate());
    runner->head = network.head;
    runner->input_width = network.input_width;
    runner->input_height = network.input_height;
    runner->thresholds = thresholds;
    detectors.push_back([runner](const media::YuvPicture& picture) { return runner->detect(picture); });
  }
  return detectors;
}

}  // namespace sixtops::app
