// One case of the ONNX node tests: a model of one operator (or of its expansion), inputs, expected outputs.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::onnx_test {

struct NodeCase {
  std::string name;
  importer::Source model;
  importer::ImportOptions options;  // shapes of the inputs, as the data has them
  std::vector<Tensor> inputs;
  std::vector<Tensor> expected;
  // The operators that networks for pictures are made of: no strings, sequences, optional values, losses, training,
  // recurrence, control flow, signal processing or random numbers.
  bool is_vision = false;
};

// kUnsupported where inputs or outputs are no tensors of a type that we have; `is_vision` of `result` is set even then.
Status read_case(const std::string& folder, NodeCase& result);

// Nothing when every element is equal within |a - b| <= atol + rtol · |b|, as the suite's own runner compares; else the
// first difference.
std::string find_difference(const Tensor& actual, const Tensor& expected, double rtol, double atol);

}  // namespace sixtops::onnx_test
