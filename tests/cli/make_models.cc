// Writes the small ONNX models of the command line test into a folder: make_models FOLDER
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

#include "testing/onnx_builder.h"

namespace sixtops::testing {
namespace {

bool write(const OnnxBuilder& model, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const SharedBytes bytes = model.bytes();
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

// A YOLOX head on 64x64 pictures that needs no training. Each cell answers with a box of its own size; objectness is
// high where the cell is bright, class 0 where it is red and class 1 where it is blue. Strides 16 and 32 stay silent.
OnnxBuilder detector() {
  constexpr int64_t kPlanes = 7;  // x, y, w, h; objectness, two classes
  constexpr int64_t kSide = 64;
  OnnxBuilder model(13);
  model.input("images", DType::kF32, {1, 3, kSide, kSide});
  model.constant("flat", Tensor::from_values<int64_t>({3}, {1, kPlanes, -1}));
  Names parts;
  for (const int64_t stride : {8, 16, 32}) {
    const std::string s = std::to_string(stride);
    const auto area = static_cast<size_t>(stride * stride);
    std::vector<float> weights(3 * 3 * area, 0);
    const auto fill = [&](size_t plane, size_t channel, float a_cell) {
      for (size_t i = 0; i < area; ++i) weights[(plane * 3 + channel) * area + i] = a_cell / static_cast<float>(area);
    };
    // Pictures come as BGR in 0..255.
    for (size_t channel = 0; channel < 3; ++channel) fill(0, channel, 0.05F);
    fill(1, 2, 0.05F);
    fill(2, 0, 0.05F);
    const float threshold = stride == 8 ? -8.0F : -40.0F;
    const float log_size = std::log(2.0F);
    const OnnxAttribute strides = ints_attribute("strides", {stride, stride});
    model.constant("box_w" + s,
                   Tensor::from_values<float>({4, 3, stride, stride}, std::vector<float>(4 * 3 * area, 0)));
    model.constant("box_b" + s, Tensor::from_values<float>({4}, {0.5F, 0.5F, log_size, log_size}));
    model.constant("score_w" + s, Tensor::from_values<float>({3, 3, stride, stride}, weights));
    model.constant("score_b" + s, Tensor::from_values<float>({3}, {threshold, -6, -6}));
    model.node("Conv", {"images", "box_w" + s, "box_b" + s}, {"box" + s}, {strides});
    model.node("Conv", {"images", "score_w" + s, "score_b" + s}, {"score" + s}, {strides});
    model.node("Sigmoid", {"score" + s}, {"sigmoid" + s});
    model.node("Concat", {"box" + s, "sigmoid" + s}, {"planes" + s}, {int_attribute("axis", 1)});
    model.node("Reshape", {"planes" + s, "flat"}, {"rows" + s});
    parts.push_back("rows" + s);
  }
  model.node("Concat", parts, {"all"}, {int_attribute("axis", 2)});
  model.node("Transpose", {"all"}, {"output"}, {ints_attribute("perm", {0, 2, 1})});
  model.output("output", DType::kF32, {1, 84, kPlanes});
  int number = 0;
  for (auto& node : *model.graph().mutable_node()) node.set_name("node" + std::to_string(number++));
  return model;
}

// The mean of each colour: red, green and blue pictures are classes 0, 1 and 2. The batch is left open.
OnnxBuilder classifier() {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {kUnknownExtent, 3, 8, 8});
  model.constant("w", Tensor::from_values<float>({3, 3, 1, 1}, {1, 0, 0, 0, 1, 0, 0, 0, 1}));
  model.node("Conv", {"x", "w"}, {"conv"});
  model.node("GlobalAveragePool", {"conv"}, {"pool"});
  model.node("Flatten", {"pool"}, {"y"});
  model.output("y", DType::kF32, {kUnknownExtent, 3});
  return model;
}

// Its height and width are known to nobody.
OnnxBuilder open_size() {
  OnnxBuilder model(13);
  model.input("picture", DType::kF32, {1, 3, kUnknownExtent, kUnknownExtent});
  model.node("Relu", {"picture"}, {"y"});
  model.output("y", DType::kF32, {1, 3, kUnknownExtent, kUnknownExtent});
  return model;
}

OnnxBuilder two_inputs() {
  OnnxBuilder model(13);
  model.input("a", DType::kF32, {2, 3});
  model.input("b", DType::kF32, {2, 3});
  model.node("Add", {"a", "b"}, {"sum/out:0"});
  model.output("sum/out:0", DType::kF32, {2, 3});
  return model;
}

// Pictures of any even size; behind the last convolution an operator that nobody knows.
OnnxBuilder any_size() {
  OnnxBuilder model(13);
  model.input("picture", DType::kF32, {1, 3, kUnknownExtent, kUnknownExtent});
  model.input("gain", DType::kF32, {1});
  model.constant("w", Tensor::from_values<float>({3, 3, 1, 1}, {1, 0, 0, 0, 1, 0, 0, 0, 1}));
  model.node("Conv", {"picture", "w"}, {"conv"});
  model.node("MaxPool", {"conv"}, {"pool"},
             {ints_attribute("kernel_shape", {2, 2}), ints_attribute("strides", {2, 2})});
  model.node("Conv", {"pool", "w"}, {"again"});
  model.node("GlobalAveragePool", {"again"}, {"mean"});
  model.node("Mul", {"mean", "gain"}, {"scaled"});
  model.node("Fancy", {"scaled"}, {"y"});
  model.output("y", DType::kF32, {1, 3, 1, 1});
  return model;
}

OnnxBuilder unknown_operators() {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {1});
  model.node("Fancy", {"x"}, {"y"});
  model.node("Fancier", {"y"}, {"z"});
  model.output("z", DType::kF32, {1});
  return model;
}

}  // namespace
}  // namespace sixtops::testing

int main(int argc, char** argv) {
  using namespace sixtops::testing;
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_models FOLDER\n");
    return 2;
  }
  const std::string folder = std::string(argv[1]) + "/";
  const bool ok = write(detector(), folder + "detector.onnx") && write(classifier(), folder + "classifier.onnx") &&
                  write(two_inputs(), folder + "two_inputs.onnx") && write(open_size(), folder + "open_size.onnx") &&
                  write(any_size(), folder + "any_size.onnx") && write(unknown_operators(), folder + "unknown.onnx");
  return ok ? 0 : 1;
}
