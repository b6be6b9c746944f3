// Runs small graphs for a program that holds its own results against ours.
//
// stdin, repeated: "TEXT BYTES\n" with the lengths of what follows: a graph in text form, and its inputs as raw
// little-endian elements one after the other.
// stdout for each: "ok N\n", then for each of N outputs "DTYPE SHAPE BYTES\n" and the raw elements; or "error
// MESSAGE\n". With the argument --engine the nodes run on the engine's kernels.
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "graph/text.h"
#include "graph/verify.h"

namespace {

using namespace sixtops;

Result<std::vector<Tensor>> run(const std::string& text, std::string_view data, bool on_engine) {
  const Graph graph = TRY(parse_graph(text));
  TRY(verify(graph, VerifyLevel::kStatic));
  std::vector<Tensor> inputs;
  for (const ValueId id : graph.inputs) {
    const Value& value = graph.value(id);
    const Tensor sized = TRY(Tensor::allocate(value.dtype, *value.shape));
    std::vector<std::byte> bytes(std::min(sized.byte_size(), data.size()));
    std::transform(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(bytes.size()), bytes.begin(),
                   [](char c) { return static_cast<std::byte>(c); });
    data.remove_prefix(bytes.size());
    inputs.push_back(TRY(Tensor::from_bytes(value.dtype, *value.shape, SharedBytes::own(std::move(bytes)))));
  }
  return cpu::run_graph(graph, inputs, [&](const Node& node, std::span<const Tensor> operands) {
    return on_engine ? cpu::engine::run_node(node, operands) : cpu::reference::run_node(node, operands);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const bool on_engine = argc > 1 && std::string_view(argv[1]) == "--engine";
  size_t text_size = 0;
  size_t data_size = 0;
  while (std::cin >> text_size >> data_size && std::cin.get() == '\n') {
    std::string text(text_size, ' ');
    std::string data(data_size, ' ');
    std::cin.read(text.data(), static_cast<std::streamsize>(text_size));
    std::cin.read(data.data(), static_cast<std::streamsize>(data_size));
    const Result<std::vector<Tensor>> outputs = run(text, data, on_engine);
    if (!outputs.ok()) {
      std::cout << "error " << outputs.status().message() << std::endl;
      continue;
    }
    std::cout << "ok " << outputs->size() << "\n";
    for (const Tensor& tensor : *outputs) {
      std::cout << fmt::format("{} {} {}\n", dtype_name(tensor.dtype()), shape_text(tensor.shape()),
                               tensor.byte_size());
      std::cout << tensor.bytes().text();
    }
    std::cout.flush();
  }
  return 0;
}
