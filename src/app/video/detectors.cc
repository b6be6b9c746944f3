#include "app/video/detectors.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "base/thread_pool.h"
#include "convert/picture_input.h"
#include "media/rgb_converter.h"
#include "vision/find_objects.h"

namespace sixtops::app {
namespace {

constexpr int kMaxSessions = 6;

int64_t thread_cpu_ns() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// How many times smaller the network's picture is than this one, where the resize takes the pixel in the middle of each
// block; else 1.
int step_of_middles(const media::YuvPicture& picture, const vision::Placement& where, ResizeMode mode) {
  const int step = picture.width / where.content_width;
  const bool picks = mode != ResizeMode::kCrop && where.content_width * step == picture.width &&
                     where.content_height * step == picture.height && media::RgbConverter::has_middles(picture, step);
  return picks ? step : 1;
}

// What one detector owns and knows.
struct Runner {
  std::unique_ptr<runtime::Session> session;
  vision::HeadDescription head;
  int input_width = 0;
  int input_height = 0;
  DetectionThresholds thresholds;
  bool one_thread = false;
  std::shared_ptr<std::atomic<int64_t>> network_cpu_ns;
  media::RgbConverter converter;

  Result<std::vector<vision::Detection>> detect(const media::YuvPicture& picture) {
    std::optional<ThreadLimit> limit;
    if (one_thread) limit.emplace(1);
    const Graph& graph = session->graph();
    const InputDescription& description = graph.input_descriptions.front();
    const vision::Placement placement =
        vision::place(picture.width, picture.height, input_width, input_height, description.resize);
    const int step = step_of_middles(picture, placement, description.resize);
    const vision::Picture* const rgb =
        TRY(step > 1 ? converter.convert_middles(picture, step) : converter.convert(picture));
    const Tensor input = TRY(convert::picture_input(*rgb, graph.value(graph.inputs[0]), description, nullptr));
    const int64_t begin_ns = thread_cpu_ns();
    const std::vector<Tensor> outputs = TRY(session->run_float(std::span(&input, 1)));
    *network_cpu_ns += thread_cpu_ns() - begin_ns;
    const vision::FindOptions options{thresholds.confidence, thresholds.iou, thresholds.max_boxes, &graph.hints};
    return vision::find_objects(head, output_views(*session, outputs), placement,
                                {input_width, input_height, picture.width, picture.height}, options);
  }
};

}  // namespace

Result<Detectors> make_detectors(PictureNetwork& network, const DetectionThresholds& thresholds, int count,
                                 RunStyle style) {
  const int cores = ThreadPool::process().threads();
  if (count == 0) count = std::min(cores, kMaxSessions);
  const bool one_thread = style == RunStyle::kCheap && count >= cores;
  const auto network_cpu_ns = std::make_shared<std::atomic<int64_t>>(0);
  Detectors detectors;
  if (one_thread) detectors.network_cpu_ns = network_cpu_ns;
  for (int i = 0; i < count; ++i) {
    const auto runner = std::make_shared<Runner>();
    runner->session = TRY(network.session->duplicate());
    runner->head = network.head;
    runner->input_width = network.input_width;
    runner->input_height = network.input_height;
    runner->thresholds = thresholds;
    runner->one_thread = one_thread;
    runner->network_cpu_ns = network_cpu_ns;
    detectors.detect.push_back([runner](const media::YuvPicture& picture) { return runner->detect(picture); });
  }
  return detectors;
}

}  // namespace sixtops::app
