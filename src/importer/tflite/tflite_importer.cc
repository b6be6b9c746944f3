#include "importer/tflite/tflite_importer.h"

#include "base/error.h"
#include "graph/verify.h"
#include "importer/input_shapes.h"
#include "importer/tflite/model_file.h"
#include "importer/tflite/tensors.h"
#include "importer/tflite/translators.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;

constexpr std::string_view kDetectionPostProcess = "TFLite_Detection_PostProcess";

std::string operator_label(const wire::Model& model, const Tensors& tensors, const wire::Operator& op) {
  const bool has_output = op.outputs() != nullptr && op.outputs()->size() > 0;
  return fmt::format("{} '{}'", operation_name(model, op), has_output ? tensors.name(op.outputs()->Get(0)) : "");
}

// nullptr when there is no translator.
Status (*translator_of(const wire::Model& model, const wire::Operator& op))(Translation&) {
  if (operation_of(model, op) == wire::Operation::CUSTOM) {
    return operation_name(model, op) == kDetectionPostProcess ? detection_post_process : nullptr;
  }
  const TranslatorRow* row = find_translator(operation_of(model, op));
  return row == nullptr ? nullptr : row->translate;
}

Status check_operators(const wire::Model& model, const Tensors& tensors) {
  UnsupportedOperators missing;
  for (const wire::Operator* op : *main_subgraph(model).operators()) {
    if (translator_of(model, *op) != nullptr) continue;
    missing.add(operation_name(model, *op), operator_label(model, tensors, *op));
  }
  return missing.status("operator");
}

Status define_inputs(const wire::Model& model, const ImportOptions& options, Tensors& tensors) {
  const wire::SubGraph& graph = main_subgraph(model);
  std::vector<DeclaredInput> declared;
  for (const int32_t index : *graph.inputs()) {
    Shape shape = TRY(tensors.stated_shape(index));
    // Converters fix open extents to 1 and keep what they were beside it.
    const auto* signature = graph.tensors()->Get(static_cast<unsigned>(index))->shape_signature();
    for (unsigned axis = 0; signature != nullptr && axis < signature->size() && axis < shape.size(); ++axis) {
      if (signature->Get(axis) < 0) shape[axis] = kUnknownExtent;
    }
    declared.push_back({tensors.name(index), std::move(shape), {}});
  }
  const std::vector<Shape> shapes = TRY(bind_input_shapes(declared, options));
  Graph& result = tensors.builder().graph;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const int32_t index = graph.inputs()->Get(static_cast<unsigned>(i));
    if (tensors.builder().find(tensors.name(index)) != kNoValue) {
      return invalid_data("tensor '{}' is an input twice", tensors.name(index));
    }
    result.inputs.push_back(TRY(tensors.define_input(index, shapes[i])));
  }
  return {};
}

Result<Graph> build_graph(const SharedBytes& bytes, const ImportOptions& options) {
  const wire::Model& model = *TRY(read_model(bytes));
  const wire::SubGraph& graph = main_subgraph(model);
  GraphBuilder builder;
  if (graph.name() != nullptr) builder.graph.name = graph.name()->str();
  builder.graph.hints.normalized_boxes = true;  // the convention of exporters to this format
  Tensors tensors(builder, model, bytes);
  TRY(check_operators(model, tensors));
  TRY(define_inputs(model, options, tensors));
  for (const wire::Operator* op : *graph.operators()) {
    if (op->outputs() == nullptr || op->outputs()->size() == 0) continue;  // nobody can read what it computes
    Translation translation(tensors, model, *op);
    const Status translated = translator_of(model, *op)(translation);
    if (!translated.ok()) return translated.with_prefix(operator_label(model, tensors, *op) + ": ");
  }
  for (const int32_t index : *graph.outputs()) builder.graph.outputs.push_back(TRY(tensors.handed_out(index)));
  TRY(verify(builder.graph, VerifyLevel::kImported));
  return std::move(builder.graph);
}

}  // namespace

std::vector<std::string> operator_names() {
  std::vector<std::string> names = {"TFLite_Detection_PostProcess"};
  for (const wire::Operation operation : translated_operations())
    names.emplace_back(wire::EnumNameOperation(operation));
  return names;
}

bool recognize(ByteSpan bytes) {
  constexpr std::string_view kIdentifier = "TFL3";
  constexpr size_t kAt = 4;
  return bytes.size() >= kAt + kIdentifier.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()) + kAt, kIdentifier.size()) == kIdentifier;
}

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  Result<Graph> graph = build_graph(source.bytes, options);
  return graph.ok() ? std::move(graph) : Result<Graph>(graph.status().with_prefix(source.path + ": "));
}

}  // namespace sixtops::importer::tflite
