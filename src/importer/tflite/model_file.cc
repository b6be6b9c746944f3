#include "importer/tflite/model_file.h"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>

#include "base/error.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;

constexpr int kMaxDepth = 32;
constexpr uint32_t kSchemaVersion = 3;  // of the only format there is; its minor versions go by operator

Status check_indices(const wire::Model& model) {
  const wire::SubGraph& graph = main_subgraph(model);
  const auto tensors = static_cast<int>(graph.tensors()->size());
  const auto check = [&](const flatbuffers::Vector<int32_t>* list, int least, const char* what) -> Status {
    if (list == nullptr) return {};
    for (const int32_t index : *list) {
      if (index < least || index >= tensors) {
        return invalid_data("{} name tensor {}, the model has {}", what, index, tensors);
      }
    }
    return {};
  };
  TRY(check(graph.inputs(), 0, "the inputs"));
  TRY(check(graph.outputs(), 0, "the outputs"));
  for (const wire::Operator* op : *graph.operators()) {
    if (op->opcode_index() >= model.operator_codes()->size()) {
      return invalid_data("an operator has code {}, the model has {}", op->opcode_index(),
                          model.operator_codes()->size());
    }
    TRY(check(op->inputs(), -1, "an operator's inputs"));  // -1: left out
    TRY(check(op->outputs(), 0, "an operator's outputs"));
  }
  for (const wire::Tensor* tensor : *graph.tensors()) {
    if (tensor->buffer() >= model.buffers()->size()) {
      return invalid_data("a tensor lies in buffer {}, the model has {}", tensor->buffer(), model.buffers()->size());
    }
  }
  return {};
}

}  // namespace

Result<const wire::Model*> read_model(const SharedBytes& bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  // Every table of a file takes bytes of its own, so their number bounds the work.
  flatbuffers::Verifier verifier(data, bytes.size(), kMaxDepth, static_cast<flatbuffers::uoffset_t>(bytes.size()));
  if (!wire::VerifyModelBuffer(verifier)) {
    return invalid_data(
        "not a complete TensorFlow Lite model: the file is truncated or damaged; download or export it again");
  }
  const wire::Model* model = wire::GetModel(data);
  if (model->version() != kSchemaVersion) {
    return unsupported("schema version {} of TensorFlow Lite; version {} is supported", model->version(),
                       kSchemaVersion);
  }
  if (model->operator_codes() == nullptr || model->subgraphs() == nullptr || model->buffers() == nullptr ||
      model->subgraphs()->size() == 0) {
    return invalid_data("a TensorFlow Lite model without a graph");
  }
  const wire::SubGraph& graph = main_subgraph(*model);
  if (graph.tensors() == nullptr || graph.operators() == nullptr || graph.inputs() == nullptr ||
      graph.outputs() == nullptr) {
    return invalid_data("a TensorFlow Lite model whose graph is empty");
  }
  TRY(check_indices(*model));
  return model;
}

const wire::SubGraph& main_subgraph(const wire::Model& model) { return *model.subgraphs()->Get(0); }

wire::Operation operation_of(const wire::Model& model, const wire::Operator& op) {
  const wire::OperatorCode* code = model.operator_codes()->Get(op.opcode_index());
  return static_cast<wire::Operation>(std::max<int32_t>(code->deprecated_builtin_code(), code->builtin_code()));
}

std::string operation_name(const wire::Model& model, const wire::Operator& op) {
  const wire::OperatorCode* code = model.operator_codes()->Get(op.opcode_index());
  if (operation_of(model, op) == wire::Operation::CUSTOM) {
    return code->custom_code() != nullptr ? code->custom_code()->str() : "CUSTOM";
  }
  const std::string name = wire::EnumNameOperation(operation_of(model, op));
  return name.empty() ? fmt::format("operator {}", static_cast<int>(operation_of(model, op))) : name;
}

}  // namespace sixtops::importer::tflite
