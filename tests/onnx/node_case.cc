#include "onnx/node_case.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "importer/onnx/model_file.h"
#include "importer/onnx/tensor.h"

namespace sixtops::onnx_test {
namespace {

namespace wire = sixtops::wire::onnx;

// TensorProto.DataType
constexpr int kStringType = 8;
constexpr int kBFloat16Type = 16;

bool is_vision_operator(const wire::NodeProto& node) {
  static constexpr std::array<std::string_view, 16> kOthers = {"NegativeLogLikelihoodLoss",
                                                               "SoftmaxCrossEntropyLoss",
                                                               "Loop",
                                                               "If",
                                                               "Scan",
                                                               "RNN",
                                                               "GRU",
                                                               "LSTM",
                                                               "DFT",
                                                               "STFT",
                                                               "MelWeightMatrix",
                                                               "TfIdfVectorizer",
                                                               "StringNormalizer",
                                                               "Bernoulli",
                                                               "RandomUniformLike",
                                                               "Unique"};
  const std::string& type = node.op_type();
  const bool other = std::find(kOthers.begin(), kOthers.end(), type) != kOthers.end() || type.starts_with("Sequence") ||
                     type.starts_with("Optional") || type.ends_with("Window");
  return !other && node.domain().empty();
}

bool is_vision_model(const wire::GraphProto& graph) {
  const auto is_plain = [](const wire::ValueInfoProto& value) {
    return value.type().has_tensor_type() && value.type().tensor_type().elem_type() != kStringType;
  };
  return std::all_of(graph.node().begin(), graph.node().end(), is_vision_operator) &&
         std::all_of(graph.input().begin(), graph.input().end(), is_plain) &&
         std::all_of(graph.output().begin(), graph.output().end(), is_plain);
}

// The suite keeps bf16 as bit patterns in u16, because NumPy has no such type.
Result<Tensor> as_declared(const Tensor& tensor, const wire::ValueInfoProto& declared) {
  const bool bits = declared.type().tensor_type().elem_type() == kBFloat16Type && tensor.dtype() == DType::kU16;
  return bits ? Tensor::from_bytes(DType::kBF16, tensor.shape(), tensor.bytes()) : tensor;
}

using Values = google::protobuf::RepeatedPtrField<wire::ValueInfoProto>;

Result<std::vector<Tensor>> read_tensors(const std::string& folder, const std::string& stem, const Values& values) {
  std::vector<Tensor> tensors;
  for (int i = 0; i < values.size(); ++i) {
    const std::string path = fmt::format("{}/{}_{}.pb", folder, stem, i);
    const SharedBytes bytes = TRY(read_file(path));
    auto proto = std::make_shared<wire::TensorProto>();
    if (!proto->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return invalid_data("{}: damaged", path);
    tensors.push_back(TRY(as_declared(TRY(importer::onnx::TensorReader(proto, path).read(*proto)), values[i])));
  }
  return tensors;
}

}  // namespace

Status read_case(const std::string& folder, NodeCase& result) {
  result.name = std::filesystem::path(folder).filename();
  result.model.path = folder + "/model.onnx";
  const SharedBytes bytes = TRY(read_file(result.model.path));
  wire::ModelProto model = *TRY(importer::onnx::parse_model(bytes.span()));
  wire::GraphProto& graph = *model.mutable_graph();
  result.is_vision = is_vision_model(graph);
  for (const Values* values : {&graph.input(), &graph.output()}) {
    for (const wire::ValueInfoProto& value : *values) {
      if (!value.type().has_tensor_type()) return unsupported("'{}' is a sequence or an optional value", value.name());
    }
  }
  result.inputs = TRY(read_tensors(folder + "/test_data_set_0", "input", graph.input()));
  result.expected = TRY(read_tensors(folder + "/test_data_set_0", "output", graph.output()));
  for (size_t i = 0; i < result.inputs.size(); ++i) {
    // A few models state other shapes than their data have; the data decide.
    wire::ValueInfoProto& input = *graph.mutable_input(static_cast<int>(i));
    input.mutable_type()->mutable_tensor_type()->clear_shape();
    result.options.input_shapes[input.name()] = result.inputs[i].shape();
  }
  const std::string text = model.SerializeAsString();
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  result.model.bytes = SharedBytes::own({data, data + text.size()});
  return {};
}

std::string find_difference(const Tensor& actual, const Tensor& expected, double rtol, double atol) {
  if (actual.dtype() != expected.dtype() || actual.shape() != expected.shape()) {
    return fmt::format("{}[{}], expected {}[{}]", dtype_name(actual.dtype()), shape_text(actual.shape()),
                       dtype_name(expected.dtype()), shape_text(expected.shape()));
  }
  if (!is_float(actual.dtype())) {
    const std::vector<int64_t> a = values_as<int64_t>(actual);
    const std::vector<int64_t> b = values_as<int64_t>(expected);
    const auto [wrong, right] = std::mismatch(a.begin(), a.end(), b.begin());
    if (wrong == a.end()) return {};
    return fmt::format("element {} is {}, expected {}", wrong - a.begin(), *wrong, *right);
  }
  const std::vector<double> a = values_as<double>(actual);
  const std::vector<double> b = values_as<double>(expected);
  for (size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (same || std::abs(a[i] - b[i]) <= atol + rtol * std::abs(b[i])) continue;
    return fmt::format("element {} is {}, expected {}", i, a[i], b[i]);
  }
  return {};
}

}  // namespace sixtops::onnx_test
