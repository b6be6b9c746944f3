// Bytes → ModelProto: recognition and parsing of the wire format.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/status.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

// A plausible ModelProto: every top-level field, as far as the file goes, has a number and a wire type of a model's
// field. A truncated model is plausible too, so that its error can say what is wrong.
bool looks_like_model(ByteSpan bytes);

// kInvalidData for what is no complete ModelProto with a graph, kResource above 2 GB (the limit of protobuf; larger
// models keep their weights in external files).
Result<std::shared_ptr<const wire::onnx::ModelProto>> parse_model(ByteSpan bytes);

}  // namespace sixtops::importer::onnx
