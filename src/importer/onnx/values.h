// Inputs, outputs and value types of the model; binding of dynamic extents.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/shape_rules.h"
#include "importer/importer.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

// dtype and shape; extents that the file does not fix are unknown, and so is the shape where there is none.
Result<ValueType> read_value_type(const wire::onnx::ValueInfoProto& info);

struct InputValue {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;  // static
};

// The model's inputs that no initializer fills, in their order.
std::vector<const wire::onnx::ValueInfoProto*> find_inputs(const wire::onnx::GraphProto& graph);

// The same with every extent bound: by options.input_shapes, by an input bound there that shares the extent's name, or
// to 1 where axis 0 (the batch) is all that is open. kUsage names the input and the option that is missing or does not
// fit.
Result<std::vector<InputValue>> bind_inputs(const std::vector<const wire::onnx::ValueInfoProto*>& inputs,
                                            const ImportOptions& options);

// Types that the file states for values in between, by name. Only those of Custom nodes are needed, because nothing
// else says what such a node writes.
std::unordered_map<std::string, const wire::onnx::ValueInfoProto*> stated_types(const wire::onnx::GraphProto& graph);

}  // namespace sixtops::importer::onnx
