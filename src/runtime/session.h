// Session: an opened .six model, ready to run. It opens .six bytes or a file and nothing else.
//
// A model holds its network for one set of input shapes or for several (variants); a session has one of them chosen, at
// first the one with the most input elements.
// A session is used by one thread at a time; many sessions run at once. Sessions made by duplicate() share the model.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"
#include "runtime/device/device.h"

namespace sixtops::runtime {

struct TensorDescription {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  std::optional<QuantParams> quant;
};

// Computes a Custom node: reads the inputs, writes every element of the outputs. Values are float32, or the node's own
// type where that is an integer one; outputs have the shapes of the model.
using CustomOperator = std::function<Status(const Graph& graph, const Node& node, std::span<const Tensor> inputs,
                                            std::span<Tensor> outputs)>;

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const SharedBytes& six, const LoadOptions& options = {});
  static Result<std::unique_ptr<Session>> open_file(const std::string& path, const LoadOptions& options = {});
  Result<std::unique_ptr<Session>> duplicate() const;
  ~Session();

  size_t variant_count() const;
  const Graph& variant(size_t index) const;  // REQUIRES: index < variant_count()
  size_t chosen_variant() const;
  Status choose_variant(size_t index);  // kUsage when there is none of that index

  const std::string& custom_text() const;  // that the converter was given

  // Runs the Custom nodes of that type from now on; not shared with duplicates.
  void set_custom_operator(const std::string& type, CustomOperator run);

  // Of the chosen variant.
  const Graph& graph() const;
  const std::vector<TensorDescription>& inputs() const;
  const std::vector<TensorDescription>& outputs() const;

  // Tensors of the inputs' own dtype and shape. kUsage names the input, expected and found otherwise.
  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs);

  // The same with real values: an input of another element type than the network's becomes codes by the model's
  // parameters (one of the network's own type is taken as it is), and every output is float32.
  Result<std::vector<Tensor>> run_float(std::span<const Tensor> inputs);

  void enable_timing(bool on);
  std::vector<LayerTime> layer_times() const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sixtops::runtime
