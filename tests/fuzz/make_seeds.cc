// Writes the seeds of formats that no text editor writes, into the folders of corpus/: make_seeds CORPUS_FOLDER
#include <cstdio>
#include <string>

#include "base/file.h"
#include "testing/caffe_weights.h"
#include "testing/tensorflow_graph.h"
#include "testing/tflite_model.h"
#include "testing/zip_file.h"

using namespace sixtops;
using testing::TfliteBuilder;

namespace {

namespace wire = sixtops::wire::tflite;

SharedBytes tflite_movement() {
  TfliteBuilder model;
  const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 4, 4, 3});
  const int pads = model.tensor<int32_t>("pads", wire::TensorType::INT32, {4, 2}, {0, 0, 1, 1, 1, 1, 0, 0});
  const int axes = model.tensor<int32_t>("axes", wire::TensorType::INT32, {2}, {1, 2});
  const int begin = model.tensor<int32_t>("begin", wire::TensorType::INT32, {4}, {0, 1, 0, 0});
  const int end = model.tensor<int32_t>("end", wire::TensorType::INT32, {4}, {1, 5, 6, 3});
  const int step = model.tensor<int32_t>("step", wire::TensorType::INT32, {4}, {1, 2, 1, 1});
  const int size = model.tensor<int32_t>("size", wire::TensorType::INT32, {2}, {4, 12});
  const int a = model.tensor("a", wire::TensorType::FLOAT32, {1, 6, 6, 3});
  const int b = model.tensor("b", wire::TensorType::FLOAT32, {1, 2, 6, 3});
  const int c = model.tensor("c", wire::TensorType::FLOAT32, {1, 4, 12, 3});
  const int d = model.tensor("d", wire::TensorType::FLOAT32, {1, 3});
  const int y = model.tensor("y", wire::TensorType::FLOAT32, {1, 3});
  model.op(wire::Operation::PAD, {x, pads}, {a});
  model.op(wire::Operation::STRIDED_SLICE, {a, begin, end, step}, {b}, wire::Options::StridedSliceOptions,
           wire::CreateStridedSliceOptions(model.flat()).Union());
  model.op(wire::Operation::RESIZE_BILINEAR, {b, size}, {c});
  model.op(wire::Operation::MEAN, {c, axes}, {d});
  model.op(wire::Operation::SOFTMAX, {d}, {y}, wire::Options::SoftmaxOptions,
           wire::CreateSoftmaxOptions(model.flat(), 1).Union());
  return model.bytes({x}, {y});
}

// cfg, zero byte, header, and zeros for weights.
std::string darknet_pair(const std::string& sections, int floats) {
  std::string seed = "[net]\nwidth=8\nheight=8\nchannels=3\n" + sections;
  seed += '\0';
  seed += std::string("\0\0\0\0\2\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0", 20);
  seed.resize(seed.size() + static_cast<size_t>(floats) * 4, '\0');
  return seed;
}

// prototxt, zero byte, caffemodel.
std::string caffe_pair() {
  const std::string prototxt =
      "input: \"data\" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n"
      "layer { name: \"c\" type: \"Convolution\" bottom: \"data\" top: \"c\"\n"
      "  convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 } }\n"
      "layer { name: \"n\" type: \"BatchNorm\" bottom: \"c\" top: \"c\" }\n"
      "layer { name: \"s\" type: \"Scale\" bottom: \"c\" top: \"c\" scale_param { bias_term: true } }\n"
      "layer { name: \"p\" type: \"Pooling\" bottom: \"c\" top: \"p\" pooling_param { kernel_size: 3 stride: 2 } }\n"
      "layer { name: \"i\" type: \"InnerProduct\" bottom: \"p\" top: \"i\" inner_product_param { num_output: 2 } }\n"
      "layer { name: \"x\" type: \"Softmax\" bottom: \"i\" top: \"x\" }\n";
  return prototxt + '\0' +
         testing::caffe_weights(
             {{"c", {{4, 3, 3, 3}, {4}}}, {"n", {{4}, {4}, {1}}}, {"s", {{4}, {4}}}, {"i", {{2, 16}, {2}}}});
}

const std::string kConvolution = "[convolutional]\nbatch_normalize=1\nfilters=2\nsize=3\npad=1\nactivation=leaky\n";
constexpr int kConvolutionFloats = 4 * 2 + 2 * 3 * 9;

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::string folder = std::string(arguments[1]) + "/";
  const std::string yolo =
      "[convolutional]\nfilters=14\nactivation=linear\n[yolo]\nanchors=1,2,3,4\nnum=2\nclasses=2\nmask=0,1\n";
  const auto text = [](const SharedBytes& bytes) { return std::string(bytes.text()); };
  const std::pair<std::string, std::string> seeds[] = {
      {"tflite/conv.tflite", text(testing::tflite_convolution(false))},
      {"tflite/quantized_conv.tflite", text(testing::tflite_convolution(true))},
      {"tflite/movement.tflite", text(tflite_movement())},
      {"darknet/yolo.bin", darknet_pair(kConvolution + yolo, kConvolutionFloats + 14 + 14 * 2)},
      {"darknet/plain.bin", darknet_pair("[maxpool]\nsize=2\nstride=2\n[reorg]\nstride=2\n[upsample]\nstride=2\n"
                                         "[shortcut]\nfrom=0\n[route]\nlayers=-1,0\n[avgpool]\n[softmax]\n",
                                         0)},
      {"caffe/layers.bin", caffe_pair()},
      {"tensorflow/network.pb", testing::tensorflow_network()},
      {"torch/sizes.pt", testing::torchscript_text("    n = ops.prim.NumToTensor(torch.size(x, 2))\n"
                                                   "    a, b, = torch.chunk(torch.relu(x), 2, 1)\n"
                                                   "    return torch.view(torch.cat([a, b], 1), [1, -1, int(n)])\n")},
      {"torch/pool.pt",
       testing::torchscript_text("    _0 = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], False)\n"
                                 "    return torch.softmax(torch.flatten(_0, 1, -1), 1, None)\n")},
  };
  for (const auto& [name, bytes] : seeds) {
    const Status written = write_file(folder + name, bytes);
    if (written.ok()) continue;
    std::fprintf(stderr, "%s\n", written.message().c_str());
    return 1;
  }
  return 0;
}
