#include "source_files.h"

#include "base/error.h"
#include "base/version.h"
#include "convert/convert.h"
#include "passes/pipeline.h"
#include "testing/onnx_builder.h"
#include "testing/random_tensor.h"

namespace sixtops::mutation {
namespace {

using namespace sixtops::testing;

constexpr size_t kMaxSourceBytes = size_t{64} << 10;
constexpr int64_t kOpset = 13;

class Network : public OnnxBuilder {
 public:
  explicit Network(unsigned seed) : OnnxBuilder(kOpset), random_(seed) {}

  std::string weights(const Shape& shape) {
    const std::string name = "w" + std::to_string(names_++);
    constant(name, random_floats(random_, shape, -0.5F, 0.5F));
    return name;
  }
  std::string ints(const std::vector<int64_t>& values) {
    const std::string name = "i" + std::to_string(names_++);
    constant(name, Tensor::from_values<int64_t>({static_cast<int64_t>(values.size())}, values));
    return name;
  }
  std::string floats(const std::vector<float>& values) {
    const std::string name = "f" + std::to_string(names_++);
    const Shape shape = values.size() == 1 ? Shape{} : Shape{static_cast<int64_t>(values.size())};
    constant(name, Tensor::from_values<float>(shape, values));
    return name;
  }
  std::string op(const std::string& type, const Names& inputs, const std::vector<OnnxAttribute>& attributes = {}) {
    const std::string name = "t" + std::to_string(names_++);
    node(type, inputs, {name}, attributes).set_name("node_" + name);
    return name;
  }
  std::string conv(const std::string& x, int64_t out, int64_t in, int64_t kernel, int64_t stride = 1) {
    const int64_t pad = kernel / 2;
    return op("Conv", {x, weights({out, in, kernel, kernel}), weights({out})},
              {ints_attribute("strides", {stride, stride}), ints_attribute("pads", {pad, pad, pad, pad})});
  }
  std::string silu(const std::string& x) { return op("Mul", {x, op("Sigmoid", {x})}); }

 private:
  std::mt19937 random_;
  int names_ = 0;
};

Network conv_silu() {
  Network net(1);
  net.input("x", DType::kF32, {1, 3, 16, 16});
  std::string x = net.silu(net.conv("x", 8, 3, 3, 2));
  x = net.op("Relu", {net.op("BatchNormalization", {net.conv(x, 12, 8, 3), net.weights({12}), net.weights({12}),
                                                    net.weights({12}), net.floats(std::vector<float>(12, 0.5F))})});
  x = net.op("MaxPool", {x}, {ints_attribute("kernel_shape", {2, 2}), ints_attribute("strides", {2, 2})});
  x = net.op("GlobalAveragePool", {x});
  x = net.op("Gemm", {net.op("Flatten", {x}), net.weights({10, 12}), net.weights({10})}, {int_attribute("transB", 1)});
  net.output(net.op("Softmax", {x}, {int_attribute("axis", 1)}), DType::kF32, {1, 10});
  return net;
}

Network residual() {
  Network net(2);
  net.input("x", DType::kF32, {1, 4, 12, 12});
  std::string x = net.op("Clip", {net.conv("x", 8, 4, 1), net.floats({0}), net.floats({6})});
  const std::string depthwise =
      net.op("Conv", {x, net.weights({8, 1, 3, 3})}, {int_attribute("group", 8), ints_attribute("pads", {1, 1, 1, 1})});
  x = net.op("Add", {x, net.op("Mul", {depthwise, net.op("HardSigmoid", {depthwise})})});
  x = net.op("LeakyRelu", {net.op("Add", {x, net.conv(x, 8, 8, 3)})}, {float_attribute("alpha", 0.1F)});
  x = net.op("PRelu", {net.op("Pad", {x, net.ints({0, 0, 1, 1, 0, 0, 1, 1})}), net.weights({8, 1, 1})});
  x = net.op("AveragePool", {x}, {ints_attribute("kernel_shape", {3, 3}), int_attribute("ceil_mode", 1)});
  net.output(net.op("ReduceMean", {x}, {ints_attribute("axes", {2, 3})}), DType::kF32, {1, 8, 1, 1});
  return net;
}

Network concat_resize() {
  Network net(3);
  net.input("x", DType::kF32, {1, 4, 16, 16});
  const std::string fine = net.silu(net.conv("x", 6, 4, 3));
  const std::string coarse = net.silu(net.conv(fine, 8, 6, 3, 2));
  const std::string up = net.op("Resize", {coarse, "", net.floats({1, 1, 2, 2})},
                                {text_attribute("mode", "nearest"), text_attribute("nearest_mode", "floor"),
                                 text_attribute("coordinate_transformation_mode", "asymmetric")});
  std::string x = net.conv(net.op("Concat", {fine, up}, {int_attribute("axis", 1)}), 4, 14, 1);
  x = net.op("Add",
             {x, net.op("ConvTranspose", {coarse, net.weights({8, 4, 2, 2})}, {ints_attribute("strides", {2, 2})})});
  net.output(net.op("DepthToSpace", {x}, {int_attribute("blocksize", 2)}), DType::kF32, {1, 1, 32, 32});
  return net;
}

// The decoded head of a one-scale detector.
Network detection_tail() {
  Network net(4);
  net.input("x", DType::kF32, {1, 4, 8, 8});
  std::string x = net.op("Reshape", {net.conv("x", 18, 4, 1), net.ints({1, 3, 6, 8, 8})});
  x = net.op("Sigmoid", {net.op("Transpose", {x}, {ints_attribute("perm", {0, 1, 3, 4, 2})})});
  const auto part = [&](int64_t from, int64_t to) {
    return net.op("Slice", {x, net.ints({from}), net.ints({to}), net.ints({4})});
  };
  const std::string grid = net.weights({1, 1, 8, 8, 2});
  const std::string center = net.op("Mul", {net.op("Add", {part(0, 2), grid}), net.floats({8})});
  const std::string size = net.op("Mul", {net.op("Pow", {part(2, 4), net.floats({2})}), net.weights({1, 3, 1, 1, 2})});
  x = net.op("Concat", {center, size, part(4, 6)}, {int_attribute("axis", 4)});
  net.output(net.op("Reshape", {x, net.ints({1, -1, 6})}), DType::kF32, {1, 192, 6});
  return net;
}

Network attention() {
  Network net(5);
  net.input("x", DType::kF32, {1, 9, 16});
  const std::string norm = net.op(
      "Div", {net.op("Sub", {"x", net.op("ReduceMean", {"x"}, {ints_attribute("axes", {-1})})}), net.floats({2})});
  const auto heads = [&](const std::vector<int64_t>& order) {
    const std::string rows = net.op("Add", {net.op("MatMul", {norm, net.weights({16, 16})}), net.weights({16})});
    return net.op("Transpose", {net.op("Reshape", {rows, net.ints({0, 0, 2, 8})})}, {ints_attribute("perm", order)});
  };
  const std::string scores = net.op("Softmax", {net.op("MatMul", {heads({0, 2, 1, 3}), heads({0, 2, 3, 1})})});
  std::string x = net.op("MatMul", {scores, heads({0, 2, 1, 3})});
  x = net.op("Reshape", {net.op("Transpose", {x}, {ints_attribute("perm", {0, 2, 1, 3})}), net.ints({1, 9, 16})});
  x = net.op("Mul", {x, net.op("Add", {net.op("Erf", {x}), net.floats({1})})});
  net.output(net.op("Einsum", {x, net.weights({16, 5})}, {text_attribute("equation", "bik,kj->bij")}), DType::kF32,
             {1, 9, 5});
  return net;
}

// Quantized by its training framework.
Network quantized() {
  Network net(6);
  std::mt19937 random(6);
  net.input("x", DType::kF32, {1, 3, 10, 10});
  net.constant("zero", Tensor::scalar<uint8_t>(128));
  net.constant("weight_zero", Tensor::from_values<int8_t>({8}, std::vector<int8_t>(8, 0)));
  net.constant("codes", random_integers(random, {8, 3, 3, 3}));
  net.constant("bias_zero", Tensor::scalar<int32_t>(0));
  net.constant("bias", random_integers<int32_t>(random, {8}, -1000, 1000));
  const auto grid = [&](const std::string& x) {
    const std::string scale = net.floats({0.02F});
    return net.op("DequantizeLinear", {net.op("QuantizeLinear", {x, scale, "zero"}), scale, "zero"});
  };
  const std::string weights =
      net.op("DequantizeLinear", {"codes", net.floats(std::vector<float>(8, 0.01F)), "weight_zero"},
             {int_attribute("axis", 0)});
  const std::string bias = net.op("DequantizeLinear", {"bias", net.floats({0.0002F}), "bias_zero"});
  const std::string conv = net.op("Conv", {grid("x"), weights, bias}, {ints_attribute("pads", {1, 1, 1, 1})});
  const std::string relu = grid(net.op("Relu", {conv}));
  net.output(grid(net.op("Add", {relu, grid(net.op("MaxPool", {relu}, {ints_attribute("kernel_shape", {1, 1})}))})),
             DType::kF32, {1, 8, 10, 10});
  return net;
}

// Shapes that are computed: what exporters write around dynamic sizes, and what folding has to bound.
Network computed_shapes() {
  Network net(7);
  net.input("x", DType::kF32, {1, 2, 6, 6});
  const std::string height = net.op("Gather", {net.op("Shape", {"x"}), net.ints({2})}, {int_attribute("axis", 0)});
  const std::string area = net.op("Mul", {height, height});
  const std::string rows =
      net.op("Reshape", {"x", net.op("Concat", {net.ints({1, 2}), area}, {int_attribute("axis", 0)})});
  const std::string ones =
      net.op("ConstantOfShape", {net.op("Concat", {net.ints({2}), area}, {int_attribute("axis", 0)})},
             {tensor_attribute("value", Tensor::from_values<float>({1}, {1}))});
  net.constant("start", Tensor::scalar<int64_t>(0));
  net.constant("step", Tensor::scalar<int64_t>(1));
  const std::string range = net.op("Range", {"start", net.op("Squeeze", {area}), "step"});
  const std::string ramp = net.op("Expand", {net.op("Cast", {range}, {int_attribute("to", 1)}), net.ints({1, 2, 1})});
  const std::string tiled = net.op("Tile", {net.op("Unsqueeze", {ones, net.ints({0})}), net.ints({1, 1, 1})});
  const std::string sum = net.op("Add", {net.op("Add", {rows, tiled}), ramp});
  const std::string picked =
      net.op("Where", {net.op("Greater", {sum, net.floats({0.5F})}), sum, net.op("CumSum", {sum, "step"})});
  net.node("TopK", {picked, net.ints({4})}, {"top", "where"}).set_name("top_k");
  net.output("top", DType::kF32, {1, 2, 4});
  net.output("where", DType::kI64, {1, 2, 4});
  return net;
}

// A hundred bytes that ask for constants of as many megabytes.
Network folding_bomb() {
  Network net(9);
  net.input("x", DType::kF32, {1});
  std::string sum = "x";
  for (const int64_t size : {int64_t{1} << 20, int64_t{1} << 21, int64_t{1} << 23, int64_t{1} << 24}) {
    const std::string ones = net.op("ConstantOfShape", {net.ints({size})});
    sum = net.op("Add", {sum, net.op("ReduceMax", {net.op("Add", {ones, "x"})}, {int_attribute("keepdims", 0)})});
  }
  net.output(sum, DType::kF32, {1});
  return net;
}

// A function that is called twice, and a branch.
Network functions_and_branches() {
  Network net(8);
  net.input("x", DType::kF32, {2, 3});
  net.constant("condition", Tensor::scalar<bool>(true));
  auto& function = *net.proto.add_functions();
  function.set_name("Twice");
  function.set_domain("own");
  function.add_input("a");
  function.add_output("b");
  function.add_attribute("factor");
  auto& opset = *function.add_opset_import();
  opset.set_version(kOpset);
  *function.add_node() = onnx_node("Constant", {}, {"c"}, {parameter_attribute("value_float", "factor", 1)});
  *function.add_node() = onnx_node("Mul", {"a", "c"}, {"b"});
  auto& import = *net.proto.add_opset_import();
  import.set_domain("own");
  import.set_version(1);
  net.node("Twice", {"x"}, {"y"}, {float_attribute("factor", 2)}).set_domain("own");
  net.node("Twice", {"y"}, {"z"}, {float_attribute("factor", 0.5F)}).set_domain("own");
  const auto branch = [](const std::string& type) {
    wire::onnx::GraphProto graph;
    graph.set_name(type);
    *graph.add_node() = onnx_node(type, {"z"}, {"result_" + type});
    graph.add_output()->set_name("result_" + type);
    return graph;
  };
  net.node("If", {"condition"}, {"chosen"},
           {graph_attribute("then_branch", branch("Relu")), graph_attribute("else_branch", branch("Neg"))});
  net.node("Split", {"chosen"}, {"p", "q", "r"}, {int_attribute("axis", 1)});
  net.output("p", DType::kF32, {2, 1});
  net.output(net.op("Sub", {"q", "r"}), DType::kF32, {2, 1});
  return net;
}

Result<std::vector<std::byte>> to_int8(const SharedBytes& onnx) {
  Graph graph = TRY(importer::import_model({"source.onnx", onnx}, {}));
  TRY(passes::run_pipeline(graph));
  std::mt19937 random(1);
  std::vector<quantize::Sample> samples;
  for (int i = 0; i < 4; ++i) samples.push_back({random_floats(random, *graph.value(graph.inputs[0]).shape)});
  TRY(quantize::quantize(graph, std::move(samples), {}));
  return model::write_model({{graph}, kProducer, ""});
}

Result<std::vector<std::byte>> to_float(const SharedBytes& onnx) {
  return TRY(convert::convert({"source.onnx", onnx}, {})).six;
}

}  // namespace

Result<std::vector<SourceFile>> make_source_files() {
  struct Entry {
    const char* name;
    Network network;
    bool has_float;
    bool has_int8;
  };
  const Entry entries[] = {
      {"conv_silu", conv_silu(), true, true},
      {"residual", residual(), true, true},
      {"concat_resize", concat_resize(), true, true},
      {"detection_tail", detection_tail(), true, true},
      {"attention", attention(), true, true},
      {"quantized", quantized(), true, true},
      {"computed_shapes", computed_shapes(), true, false},
      {"functions_and_branches", functions_and_branches(), true, false},
      {"folding_bomb", folding_bomb(), false, false},
  };
  std::vector<SourceFile> files;
  for (const Entry& entry : entries) {
    const SharedBytes onnx = entry.network.bytes();
    const std::string name = entry.name;
    files.push_back({name + ".onnx", {onnx.span().begin(), onnx.span().end()}});
    if (entry.has_float) files.push_back({name + "_float.six", TRY(to_float(onnx))});
    if (entry.has_int8) files.push_back({name + "_int8.six", TRY(to_int8(onnx))});
  }
  for (const SourceFile& file : files) {
    if (file.bytes.size() > kMaxSourceBytes) {
      return internal_error("{} has {} bytes, at most {} are wanted", file.name, file.bytes.size(), kMaxSourceBytes);
    }
  }
  return files;
}

}  // namespace sixtops::mutation
