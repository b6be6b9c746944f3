#include "app/vendor_detect.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "convert/picture_input.h"
#include "graph/quantize_tensor.h"
#include "vision/vendor_post_process.h"

namespace sixtops::app {
namespace {

constexpr size_t kStrides = 3;
const QuantParams kDemoCodes{{1.0F / 255}, {-128}, -1};

struct Codes {
  Tensor tensor;
  QuantParams quant;
};

Result<Codes> demo_codes(const Tensor& output, const runtime::TensorDescription& description) {
  if (output.dtype() == DType::kI8 && description.quant && description.quant->per_tensor()) {
    return Codes{output, *description.quant};
  }
  const Tensor real = TRY(dequantize_tensor(output, description.quant));
  return Codes{TRY(quantize_tensor(real, DType::kI8, kDemoCodes)), kDemoCodes};
}

}  // namespace

Result<std::vector<vision::Detection>> vendor_detect_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                                                const DetectionThresholds& thresholds) {
  runtime::Session& session = *network.session;
  if (network.head.kind != HeadKind::kYolov5Sigmoid || session.outputs().size() != kStrides) {
    return unsupported(
        "{}: --post vendor needs a YOLOv5 network with sigmoid outputs of three strides (head yolov5-sigmoid); it has "
        "head {}",
        network.path, head_name(network.head.kind));
  }
  vision::Placement placement;
  const Graph& graph = session.graph();
  const Tensor input =
      TRY(convert::picture_input(picture, graph.value(graph.inputs[0]), network.input_description(), &placement));
  const std::vector<Tensor> outputs = TRY(session.run(std::span(&input, 1)));
  std::vector<Codes> codes;
  for (size_t i = 0; i < outputs.size(); ++i) codes.push_back(TRY(demo_codes(outputs[i], session.outputs()[i])));
  // The finest stride, which has the most cells, comes first.
  std::sort(codes.begin(), codes.end(),
            [](const Codes& a, const Codes& b) { return a.tensor.element_count() > b.tensor.element_count(); });

  std::array<vision::VendorTensor, kStrides> tensors;
  for (size_t i = 0; i < kStrides; ++i) {
    tensors[i] = {codes[i].tensor.values<int8_t>(), codes[i].quant.zero_point[0], codes[i].quant.scale[0]};
  }
  const vision::VendorOptions options{network.input_width,
                                      network.input_height,
                                      thresholds.confidence,
                                      thresholds.iou,
                                      placement.content_left,
                                      placement.content_top,
                                      static_cast<float>(placement.scale_x),
                                      static_cast<float>(placement.scale_y)};
  std::vector<vision::Detection> detections;
  for (const vision::VendorObject& object : TRY(vision::vendor_post_process(tensors, options))) {
    detections.push_back({{static_cast<float>(object.left), static_cast<float>(object.top),
                           static_cast<float>(object.right), static_cast<float>(object.bottom)},
                          object.score,
                          object.class_id});
  }
  return detections;
}

}  // namespace sixtops::app
