#include "importer/caffe/weights.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/error.h"
#include "caffe.pb.h"
#include "importer/protobuf_wire.h"

namespace sixtops::importer::caffe {
namespace {

constexpr int kMaxNesting = 32;

Result<Tensor> read_blob(const wire::caffe::BlobProto& blob) {
  Shape shape(blob.shape().dim().begin(), blob.shape().dim().end());
  if (!blob.has_shape() && blob.has_num()) shape = {blob.num(), blob.channels(), blob.height(), blob.width()};
  const bool is_double = blob.double_data_size() > 0;
  const int64_t count = is_double ? blob.double_data_size() : blob.data_size();
  if (!blob.has_shape() && !blob.has_num()) shape = {count};
  if (shape.size() > kMaxRank) return resource_error("a blob of {} axes", shape.size());
  for (const int64_t extent : shape) {
    if (extent < 0) return invalid_data("a blob with an extent of {}", extent);
  }
  if (TRY(element_count(shape)) != count) {
    return invalid_data("a blob of shape {} with {} elements", shape_text(shape), count);
  }
  Tensor tensor = TRY(Tensor::allocate_for_overwrite(DType::kF32, shape));
  float* to = tensor.mutable_values<float>().data();
  if (is_double) {
    for (const double value : blob.double_data()) *to++ = static_cast<float>(value);
  } else {
    std::copy(blob.data().begin(), blob.data().end(), to);
  }
  return tensor;
}

template <typename LayerProto>
Status add_layer(const LayerProto& layer, Weights& weights) {
  if (layer.blobs_size() == 0) return {};
  std::vector<Tensor> blobs;
  for (const wire::caffe::BlobProto& blob : layer.blobs()) {
    Result<Tensor> tensor = read_blob(blob);
    if (!tensor.ok()) return tensor.status().with_prefix("layer '" + layer.name() + "': ");
    blobs.push_back(std::move(*tensor));
  }
  weights[layer.name()] = std::move(blobs);
  return {};
}

}  // namespace

bool looks_like_weights(ByteSpan bytes) {
  constexpr uint64_t kName = 1, kOldLayers = 2, kLayers = 100, kDelimited = 2;
  // Names of layers, weights of training: fields of any number follow the first two.
  const std::optional<uint64_t> tag = take_varint(bytes);
  if (!tag || *tag != (kName << 3 | kDelimited)) return false;
  const std::optional<uint64_t> size = take_varint(bytes);
  if (!size || *size >= bytes.size()) return false;
  bytes = bytes.subspan(static_cast<size_t>(*size));
  const std::optional<uint64_t> next = take_varint(bytes);
  return next && (*next == (kLayers << 3 | kDelimited) || *next == (kOldLayers << 3 | kDelimited));
}

Result<Weights> read_weights(const SharedBytes& bytes) {
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return resource_error("a weights file of {} bytes; at most 2 GB are supported", bytes.size());
  }
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kMaxNesting);
  wire::caffe::NetParameter net;
  if (!net.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage()) {
    return invalid_data("the weights file is truncated or no caffemodel; download or export it again");
  }
  Weights weights;
  for (const auto& layer : net.layers()) TRY(add_layer(layer, weights));
  for (const auto& layer : net.layer()) TRY(add_layer(layer, weights));
  return weights;
}

}  // namespace sixtops::importer::caffe
