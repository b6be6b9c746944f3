#include "importer/onnx/model_file.h"

#include <google/protobuf/io/coded_stream.h>

#include <cstdint>
#include <limits>
#include <optional>

#include "base/error.h"
#include "importer/protobuf_wire.h"

namespace sixtops::importer::onnx {
namespace {

constexpr int kVarint = 0;
constexpr int kDelimited = 2;
constexpr uint64_t kIrVersion = 1;
constexpr uint64_t kGraph = 7;

// Sub-graphs inside attributes are the only deep nesting that real models have, a few levels each.
constexpr int kMaxNesting = 64;

// Wire type of a field of ModelProto (ONNX IR specification); nothing for other numbers.
std::optional<int> wire_type_of(uint64_t field) {
  switch (field) {
    case kIrVersion:
    case 5:  // model_version
      return kVarint;
    case 2:   // producer_name
    case 3:   // producer_version
    case 4:   // domain
    case 6:   // doc_string
    case 8:   // opset_import
    case 14:  // metadata_props
    case 20:  // training_info
    case 25:  // functions
    case 26:  // configuration
    case kGraph:
      return kDelimited;
    default:
      return {};
  }
}

}  // namespace

bool looks_like_model(ByteSpan bytes) {
  bool typical = false;
  while (!bytes.empty()) {
    const std::optional<uint64_t> tag = take_varint(bytes);
    if (!tag || wire_type_of(*tag >> 3) != static_cast<int>(*tag & 7)) return false;
    const std::optional<uint64_t> value = take_varint(bytes);
    if (!value) return typical;
    typical |= (*tag >> 3) == kIrVersion || (*tag >> 3) == kGraph;
    if ((*tag & 7) == kDelimited) {
      if (*value > bytes.size()) return typical;
      bytes = bytes.subspan(static_cast<size_t>(*value));
    }
  }
  return typical;
}

Result<std::shared_ptr<const wire::onnx::ModelProto>> parse_model(ByteSpan bytes) {
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return resource_error("{} bytes; an ONNX file above 2 GB keeps its weights in external data files", bytes.size());
  }
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kMaxNesting);
  auto model = std::make_shared<wire::onnx::ModelProto>();
  if (!model->ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage()) {
    return invalid_data("not a complete ONNX model: the file is truncated or damaged; download or export it again");
  }
  if (!model->has_graph()) return invalid_data("an ONNX model without a graph");
  return std::shared_ptr<const wire::onnx::ModelProto>(std::move(model));
}

}  // namespace sixtops::importer::onnx
