#include "onnx/opset_definition.h"

#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "importer/importer.h"
#include "onnx/node_case.h"

namespace sixtops::onnx_test {
namespace {

// An empty f32 vector, which no definition takes as an operand.
bool is_left_out(const Tensor& operand) { return operand.dtype() == DType::kF32 && operand.shape() == Shape{0}; }

}  // namespace

Tensor floats(Shape shape, const std::vector<float>& values) { return Tensor::from_values(std::move(shape), values); }
Tensor vector(const std::vector<float>& values) { return floats({static_cast<int64_t>(values.size())}, values); }
Tensor integers(Shape shape, const std::vector<int64_t>& values) {
  return Tensor::from_values(std::move(shape), values);
}
Tensor ints(const std::vector<int64_t>& values) { return integers({static_cast<int64_t>(values.size())}, values); }
Tensor left_out() { return {}; }
Tensor bools(Shape shape, const std::vector<bool>& values) {
  Tensor tensor = *Tensor::allocate(DType::kBool, std::move(shape));
  std::copy(values.begin(), values.end(), tensor.mutable_values<bool>().begin());
  return tensor;
}
Tensor codes(const std::vector<uint8_t>& values) {
  return Tensor::from_values<uint8_t>({static_cast<int64_t>(values.size())}, values);
}

std::ostream& operator<<(std::ostream& out, const Definition& definition) {
  return out << definition.op << " of opset " << definition.opsets.front();
}

std::string definition_name(const ::testing::TestParamInfo<Definition>& info) {
  return info.param.op + "_" + std::to_string(info.param.opsets.front()) + "_" + std::to_string(info.index);
}

Result<std::vector<Tensor>> run(const Definition& definition, int64_t opset) {
  OnnxBuilder model(opset);
  Names operands;
  for (size_t i = 0; i < definition.operands.size(); ++i) {
    const Tensor& operand = definition.operands[i];
    operands.push_back(is_left_out(operand) ? "" : "operand" + std::to_string(i));
    if (i == 0) model.input(operands[i], operand.dtype(), operand.shape());
    if (i > 0 && !operands[i].empty()) model.constant(operands[i], operand);
  }
  Names results;
  for (size_t i = 0; i < definition.expected.size(); ++i) results.push_back("result" + std::to_string(i));
  model.node(definition.op, operands, results, definition.attributes);
  for (const std::string& name : results) model.output(name);
  const Graph graph = TRY(importer::import_model({definition.op, model.bytes()}, {}));
  std::vector<Tensor> fed(graph.inputs.size(), definition.operands.empty() ? Tensor() : definition.operands[0]);
  return cpu::run_graph(graph, fed, [](const Node& node, std::span<const Tensor> inputs) {
    return cpu::reference::run_node(node, inputs);
  });
}

void expect_defined_results(const Definition& definition) {
  for (const int64_t opset : definition.opsets) {
    SCOPED_TRACE("opset " + std::to_string(opset));
    const Result<std::vector<Tensor>> results = run(definition, opset);
    ASSERT_TRUE(results.ok()) << results.status().message();
    ASSERT_EQ(results->size(), definition.expected.size());
    for (size_t i = 0; i < results->size(); ++i) {
      EXPECT_EQ(find_difference((*results)[i], definition.expected[i], 1e-5, 1e-6), "") << "output " << i;
    }
  }
}

// The tables of definitions stand in the opset_*_test.cc.
TEST_P(OpsetBounds, ComputeAsDefined) { expect_defined_results(GetParam()); }

}  // namespace sixtops::onnx_test
