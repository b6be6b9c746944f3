// Writes small TensorFlow Lite models for tests, over our own copy of the file format.
//
//   TfliteBuilder model;
//   const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 4, 4, 3});
//   const int y = model.tensor("y", wire::TensorType::FLOAT32, {1, 4, 4, 3});
//   model.op(wire::Operation::RELU, {x}, {y});
//   import_model({"test.tflite", model.bytes({x}, {y})}, {});
//
// Header only: test programs that use it link sixtops_tflite_schema.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "tflite_generated.h"

namespace sixtops::testing {

struct TfliteQuantization {
  std::vector<float> scale;
  std::vector<int64_t> zero_point;
  int axis = 0;
};

class TfliteBuilder {
 public:
  using Quantization = TfliteQuantization;  // Clang wants the default of an argument complete before the class is

  template <typename T = float>
  int tensor(const std::string& name, wire::tflite::TensorType type, const std::vector<int>& shape,
             const std::vector<T>& data = {}, const Quantization& quantization = {}) {
    uint32_t buffer = 0;
    if (!data.empty()) {
      buffer = static_cast<uint32_t>(buffers_.size());
      const auto* bytes = reinterpret_cast<const uint8_t*>(data.data());
      flat_.ForceVectorAlignment(data.size() * sizeof(T), 1, 16);
      buffers_.push_back(wire::tflite::CreateBuffer(flat_, flat_.CreateVector(bytes, data.size() * sizeof(T))));
    }
    flatbuffers::Offset<wire::tflite::QuantizationParameters> quant;
    if (!quantization.scale.empty()) {
      quant = wire::tflite::CreateQuantizationParameters(flat_, 0, 0, flat_.CreateVector(quantization.scale),
                                                         flat_.CreateVector(quantization.zero_point), 0, 0,
                                                         quantization.axis);
    }
    const auto extents = flat_.CreateVector(shape);
    const auto text = flat_.CreateString(name);
    tensors_.push_back(wire::tflite::CreateTensor(flat_, extents, type, buffer, text, quant));
    return static_cast<int>(tensors_.size()) - 1;
  }

  void op(wire::tflite::Operation operation, const std::vector<int>& inputs, const std::vector<int>& outputs,
          wire::tflite::Options kind = wire::tflite::Options::NONE, flatbuffers::Offset<void> options = 0) {
    operations_.push_back(operation);
    const auto in = flat_.CreateVector(inputs);
    const auto out = flat_.CreateVector(outputs);
    operators_.push_back(
        wire::tflite::CreateOperator(flat_, static_cast<uint32_t>(operations_.size() - 1), in, out, kind, options));
  }

  // Ends the model.
  SharedBytes bytes(const std::vector<int>& inputs, const std::vector<int>& outputs) {
    std::vector<flatbuffers::Offset<wire::tflite::OperatorCode>> codes;
    for (const wire::tflite::Operation operation : operations_) {
      const auto number = static_cast<int8_t>(operation);
      codes.push_back(wire::tflite::CreateOperatorCode(flat_, number, 0, 1, static_cast<int32_t>(operation)));
    }
    const auto graph = wire::tflite::CreateSubGraph(flat_, flat_.CreateVector(tensors_), flat_.CreateVector(inputs),
                                                    flat_.CreateVector(outputs), flat_.CreateVector(operators_));
    const auto graphs = flat_.CreateVector(std::vector<flatbuffers::Offset<wire::tflite::SubGraph>>{graph});
    const auto code_list = flat_.CreateVector(codes);
    const auto buffer_list = flat_.CreateVector(buffers_);
    wire::tflite::FinishModelBuffer(flat_, wire::tflite::CreateModel(flat_, 3, code_list, graphs, 0, buffer_list));
    const auto* data = reinterpret_cast<const std::byte*>(flat_.GetBufferPointer());
    return SharedBytes::own({data, data + flat_.GetSize()});
  }

  flatbuffers::FlatBufferBuilder& flat() { return flat_; }

 private:
  flatbuffers::FlatBufferBuilder flat_;
  std::vector<flatbuffers::Offset<wire::tflite::Buffer>> buffers_ = {wire::tflite::CreateBuffer(flat_)};
  std::vector<flatbuffers::Offset<wire::tflite::Tensor>> tensors_;
  std::vector<flatbuffers::Offset<wire::tflite::Operator>> operators_;
  std::vector<wire::tflite::Operation> operations_;
};

// A convolution 3 x 3 with bias and ReLU6 over a picture, 3 channels to 2; with a `scale`, of uint8 codes.
inline SharedBytes tflite_convolution(bool quantized) {
  using namespace wire::tflite;
  TfliteBuilder model;
  const auto activation = quantized ? TensorType::UINT8 : TensorType::FLOAT32;
  const TfliteBuilder::Quantization in = {{0.5F}, {128}, 0};
  const TfliteBuilder::Quantization out = {{0.25F}, {3}, 0};
  const int x = model.tensor<float>("x", activation, {1, 6, 5, 3}, {}, quantized ? in : TfliteBuilder::Quantization{});
  int w = 0;
  int b = 0;
  if (quantized) {
    std::vector<int8_t> codes;
    for (int i = 0; i < 54; ++i) codes.push_back(static_cast<int8_t>(i * 37 % 255 - 127));
    w = model.tensor("w", TensorType::INT8, {2, 3, 3, 3}, codes, {{0.5F, 0.125F}, {0, 0}, 0});
    b = model.tensor<int32_t>("b", TensorType::INT32, {2}, {100, -50}, {{0.25F, 0.0625F}, {0, 0}, 0});
  } else {
    std::vector<float> values;
    for (int i = 0; i < 54; ++i) values.push_back(static_cast<float>(i));
    w = model.tensor("w", TensorType::FLOAT32, {2, 3, 3, 3}, values);
    b = model.tensor<float>("b", TensorType::FLOAT32, {2}, {1, 2});
  }
  const int y = model.tensor<float>("y", activation, {1, 3, 3, 2}, {}, quantized ? out : TfliteBuilder::Quantization{});
  const auto options = CreateConv2DOptions(model.flat(), Padding::SAME, 2, 2, Activation::RELU6);
  model.op(Operation::CONV_2D, {x, w, b}, {y}, Options::Conv2DOptions, options.Union());
  return model.bytes({x}, {y});
}

}  // namespace sixtops::testing
