// Layer by layer: how far a converted network is from the float network that it was made of.
//
//   entire  both networks run from the same input: what the user of this layer's output sees
//   single  the layer alone, fed with what the float network has there: what this layer adds
#pragma once

#include <functional>
#include <span>
#include <string>

#include "cpu/interpreter.h"
#include "graph/graph.h"

namespace sixtops::convert {

struct TensorError {
  double cosine = 1;
  double euclidean = 0;  // length of the difference
};

struct LayerError {
  std::string op;      // of the float network; "Input" for an input
  std::string tensor;  // the layer's output
  TensorError entire;
  TensorError single;
};

// Gets each layer in the network's order; both tensors are float32.
using LayerErrorSink = std::function<Status(const LayerError& error, const Tensor& golden, const Tensor& simulated)>;

// sample: one tensor an input of `golden`, the float network. `network` is the same one in another precision, made of
// the same source with the same cuts; layers are matched by the names of their outputs. What one layer of `golden` is
// made of (sums and the table behind them) counts as one. run_node is called for both networks.
Status measure_layers(const Graph& golden, const Graph& network, std::span<const Tensor> sample,
                      const cpu::NodeFunction& run_node, const LayerErrorSink& sink);

}  // namespace sixtops::convert
