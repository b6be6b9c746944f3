#include "detector.h"

#include <algorithm>
#include <cstdio>

namespace api = sixtops::api;

namespace {

constexpr float kTolerance = 1e-3F;  // of what is still a probability
constexpr uint32_t kVendorPlanes = 255;

bool is_quantized(const rknn_tensor_attr& attr) {
  return attr.qnt_type == RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC && attr.type == RKNN_TENSOR_INT8;
}

// Whether every code stands for a number in 0..1.
bool codes_are_probabilities(const rknn_tensor_attr& attr) {
  const float low = static_cast<float>(-128 - attr.zp) * attr.scale;
  const float high = static_cast<float>(127 - attr.zp) * attr.scale;
  return low >= -kTolerance && high <= 1 + kTolerance;
}

bool values_are_probabilities(const float* values, uint32_t count) {
  return std::all_of(values, values + count,
                     [](float value) { return value >= -kTolerance && value <= 1 + kTolerance; });
}

std::vector<api::Output> describe_outputs(const Network& network, bool with_values) {
  std::vector<api::Output> outputs;
  for (size_t i = 0; i < network.outputs().size(); ++i) {
    const rknn_tensor_attr& attr = network.outputs()[i];
    api::Output output;
    output.name = attr.name;
    output.shape.assign(attr.dims, attr.dims + attr.n_dims);
    if (with_values) output.values = network.values(i);
    if (is_quantized(attr)) {
      output.is_probability = codes_are_probabilities(attr);
    } else if (with_values) {
      output.is_probability = values_are_probabilities(output.values, attr.n_elems);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

bool is_vendor_network(const Network& network) {
  const auto& outputs = network.outputs();
  return outputs.size() == 3 && std::all_of(outputs.begin(), outputs.end(), [](const rknn_tensor_attr& attr) {
           return is_quantized(attr) && attr.n_dims == 4 && attr.dims[1] == kVendorPlanes;
         });
}

}  // namespace

bool Detector::recognize(const Network& network, const std::vector<api::Output>& outputs) {
  std::string error;
  if (!api::recognize_head(outputs, {network.width(), network.height()}, 0, head_, error)) {
    std::printf("%s\n", error.c_str());
    return false;
  }
  if (head_.has_boxes) return true;
  std::printf("the outputs belong to no detector that this program knows (head '%s')\n", head_.name.c_str());
  return false;
}

bool Detector::open(const Network& network, bool as_vendor) {
  as_vendor_ = as_vendor;
  if (as_vendor && !is_vendor_network(network)) {
    std::printf("--post vendor needs three int8 outputs of 255 planes, as YOLOv5 with 80 classes has\n");
    return false;
  }
  return recognize(network, describe_outputs(network, false));
}

bool Detector::find(const Network& network, const api::Placement& placement, const api::Thresholds& thresholds,
                    std::vector<api::Object>& objects) {
  std::string error;
  bool found = false;
  if (as_vendor_) {
    std::vector<api::CodeOutput> codes;
    for (size_t i = 0; i < network.outputs().size(); ++i) {
      const rknn_tensor_attr& attr = network.outputs()[i];
      codes.push_back({network.codes(i), attr.n_elems, attr.zp, attr.scale});
    }
    // The finest stride, which has the most cells, comes first.
    std::sort(codes.begin(), codes.end(),
              [](const api::CodeOutput& a, const api::CodeOutput& b) { return a.count > b.count; });
    found = api::find_objects_as_vendor(codes, placement, thresholds, objects, error);
  } else {
    const std::vector<api::Output> outputs = describe_outputs(network, true);
    // Only values tell outputs in real numbers that are probabilities from those that are not.
    if (!has_seen_values_ && !recognize(network, outputs)) return false;
    has_seen_values_ = true;
    found = api::find_objects(head_, outputs, placement, thresholds, objects, error);
  }
  if (!found) std::printf("%s\n", error.c_str());
  return found;
}
