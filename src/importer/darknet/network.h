// The network while its layers are read: what each layer has written, and what the next may read.
#pragma once

#include <string>
#include <vector>

#include "importer/darknet/cfg.h"
#include "importer/darknet/weights.h"
#include "importer/graph_builder.h"

namespace sixtops::importer::darknet {

// A detection section: where its tensor is and how it is decoded.
struct YoloHead {
  ValueId value = kNoValue;
  int64_t grid_height = 0;
  std::vector<float> anchors;  // of its mask, width and height in pixels of the input
  float scale_x_y = 1;
  bool new_coords = false;  // activations are in the network, sizes as in YOLOv5
};

struct Network {
  GraphBuilder builder;
  Weights weights;
  // Sections of [batchnorm] have biases in one fork's files and none in the other's.
  bool batchnorm_has_bias = false;
  std::vector<ValueId> layers;  // what each section behind [net] wrote
  ValueId current = kNoValue;   // what the next section reads: the last layer's, or the input
  std::vector<YoloHead> heads;
  std::vector<ValueId> regions;  // heads of other families, in their order
};

// One section on its way into the graph.
struct Layer {
  Network& network;
  Section& section;
  std::string name;  // "conv_12"

  GraphBuilder& builder() const { return network.builder; }
  // Shape of what the layer reads.
  const Shape& shape() const { return *network.builder.shape(network.current); }

  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {}) const {
    return builder().append(op, name, name + "/" + std::string(op_info(op).name), std::move(inputs),
                            std::move(attributes));
  }
  ValueId constant(const char* what, Tensor tensor) const {
    return builder().add_constant(name + "." + what, std::move(tensor));
  }
  // The output of another section, counted from this one where negative. kInvalidData when there is none before.
  Result<ValueId> other(int64_t index) const;
};

using Translator = Result<ValueId> (*)(Layer& layer);

// nullptr when the section is not known.
Translator find_translator(const std::string& type);
std::vector<std::string> translated_types();

// Biases, scales, means and variances of a batch normalization with folded names; the weights file holds them in an
// order that differs between kinds of layers.
struct BatchNorm {
  ValueId scale = kNoValue;
  ValueId mean = kNoValue;
  ValueId variance = kNoValue;
};
Result<BatchNorm> take_batch_norm(Layer& layer, int64_t channels);
Result<ValueId> normalize(Layer& layer, ValueId x, const BatchNorm& norm, ValueId bias);

// The function that an option `activation` names. kUnsupported names one that is not known.
Result<ValueId> activate(Layer& layer, ValueId x, const std::string& activation);

// Sections with weights, and those without.
Result<ValueId> convolutional(Layer& layer);
Result<ValueId> connected(Layer& layer);
Result<ValueId> batchnorm(Layer& layer);
Result<ValueId> implicit(Layer& layer);
Result<ValueId> maxpool(Layer& layer);
Result<ValueId> local_avgpool(Layer& layer);
Result<ValueId> avgpool(Layer& layer);
Result<ValueId> shortcut(Layer& layer);
Result<ValueId> route(Layer& layer);
Result<ValueId> upsample(Layer& layer);
Result<ValueId> reorg(Layer& layer);
Result<ValueId> softmax(Layer& layer);
Result<ValueId> activation_layer(Layer& layer);
Result<ValueId> scale_channels(Layer& layer);
Result<ValueId> times_other(Layer& layer);
Result<ValueId> plus_other(Layer& layer);
Result<ValueId> pass_on(Layer& layer);
Result<ValueId> yolo(Layer& layer);
Result<ValueId> region(Layer& layer);

}  // namespace sixtops::importer::darknet
