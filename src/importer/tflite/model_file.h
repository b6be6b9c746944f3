// Bytes → the verified tables of a .tflite file.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "tflite_generated.h"

namespace sixtops::importer::tflite {

// kInvalidData for what is no complete model, or where an index leads out of its table: behind this, operator codes,
// buffers and the tensors of the first subgraph can be looked up without a check. Points into the bytes.
Result<const wire::tflite::Model*> read_model(const SharedBytes& bytes);

const wire::tflite::SubGraph& main_subgraph(const wire::tflite::Model& model);

// Newer numbers do not fit into the byte that older readers know; the larger of the two fields counts.
wire::tflite::Operation operation_of(const wire::tflite::Model& model, const wire::tflite::Operator& op);

// "CONV_2D", or the name of a custom operator.
std::string operation_name(const wire::tflite::Model& model, const wire::tflite::Operator& op);

}  // namespace sixtops::importer::tflite
