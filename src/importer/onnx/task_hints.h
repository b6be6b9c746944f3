// What exporters write about the task into ModelProto.metadata_props.
#pragma once

#include <string_view>

#include "graph/types.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

// Ultralytics exports carry `names` (the class labels, a Python dictionary or list as text) and `task`. Whatever does
// not read as expected is left out: hints are never an error.
TaskHints read_task_hints(const wire::onnx::ModelProto& model);

// {0: 'person', 1: "bird"} or ['person', 'bird'] → the labels in order; empty unless the numbers are 0..n-1.
// The text is read as data; nothing is executed.
std::vector<std::string> parse_labels(std::string_view text);

}  // namespace sixtops::importer::onnx
