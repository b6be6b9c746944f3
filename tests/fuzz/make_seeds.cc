// Writes the seeds of formats that no text editor writes, into the folders of corpus/: make_seeds CORPUS_FOLDER
#include <cstdio>
#include <string>

#include "base/file.h"
#include "testing/tflite_model.h"

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
  };
  for (const auto& [name, bytes] : seeds) {
    const Status written = write_file(folder + name, bytes);
    if (written.ok()) continue;
    std::fprintf(stderr, "%s\n", written.message().c_str());
    return 1;
  }
  return 0;
}
