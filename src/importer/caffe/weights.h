// The .caffemodel: blobs of weights, by the name of their layer.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "graph/tensor.h"

namespace sixtops::importer::caffe {

using Weights = std::unordered_map<std::string, std::vector<Tensor>>;

// Plausible protocol buffers of a network: fields with the numbers and wire types of one.
bool looks_like_weights(ByteSpan bytes);

// kInvalidData for what is no complete file, or blobs whose shape and data contradict each other.
Result<Weights> read_weights(const SharedBytes& bytes);

}  // namespace sixtops::importer::caffe
