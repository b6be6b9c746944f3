#include "cpu/engine/plan/build_products.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

namespace sixtops::cpu::engine {
namespace {

// Shifted parts can be read where each output pixel stands on its own input pixel alone. Depthwise kernels walk rows.
bool reads_pixel_by_pixel(const Products& products) {
  return products.groups == 1 && products.stride_y == 1 && products.stride_x == 1 &&
         std::all_of(products.taps.begin(), products.taps.end(),
                     [](const WindowTap& tap) { return tap.y == 0 && tap.x == 0; });
}

// How many geometries the kernels see at most.
size_t count_geometries(const Compiler& compiler, const View& view) {
  std::set<std::array<int64_t, 5>> kinds;
  for (const Part& part : view.parts) {
    const Plane& plane = compiler.buffers()[static_cast<size_t>(part.buffer)].planes[static_cast<size_t>(part.plane)];
    kinds.insert({part.buffer, plane.line_bytes, part.step_y, part.step_x, part.shift});
  }
  return kinds.size();
}

// Several parts of few channels, such as the four phases of a picture side by side: steps of a dword or less, whose
// addresses cost more than their products. A window reads them many times, a copy once.
bool is_scattered(const View& view) {
  return view.parts.size() > 1 && std::all_of(view.parts.begin(), view.parts.end(),
                                              [](const Part& part) { return part.channels < kVectorChannels / 2; });
}

// The node's input as its kernel can read it, with the halo that the windows need.
View readable_input(Compiler& compiler, ValueId value, const View& given, int64_t pad_code,
                    const std::vector<Products>& phases) {
  Halo halo;
  bool pixelwise = true;
  for (const Products& products : phases) {
    halo.include(needed_halo(products, given.extent));
    pixelwise = pixelwise && reads_pixel_by_pixel(products);
  }
  View input = given;
  // Output and residual have geometries too: lines of two sizes each.
  const bool has_too_many = count_geometries(compiler, input) + 4 > kMostGeometries;
  if (has_too_many || (!pixelwise && (is_shifted(input) || is_scattered(input)))) {
    input = compiler.copied(input);
    compiler.set_view(value, input);  // for later readers too
  }
  return compiler.with_halo(input, halo, static_cast<uint8_t>(pad_code + kCodeToByte));
}

}  // namespace

void add_joined_products(Compiler& compiler, const std::vector<int>& nodes, const View& given_input, int64_t pad_code,
                         const std::vector<Products>& layers) {
  const Graph& graph = compiler.graph();
  Products all = joined(layers);
  const Node& first = graph.nodes[static_cast<size_t>(nodes.front())];
  const View input = readable_input(compiler, first.inputs[0], given_input, pad_code, {all});
  const int buffer = compiler.add_buffer(make_buffer(all.extent, all.channels, 1));
  const View output = whole_view(buffer, compiler.buffers()[static_cast<size_t>(buffer)]);
  Draft draft;
  draft.reads = buffers_of(input);
  draft.writes = buffer;
  draft.kernel = isa_name(compiler.kernels().isa);
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = graph.nodes[static_cast<size_t>(nodes[i])];
    const Fusion fusion = find_table_alone(compiler, node.outputs[0]).value();
    all.layers[i].table = fusion.table;
    draft.nodes.push_back(nodes[i]);
    draft.nodes.insert(draft.nodes.end(), fusion.nodes.begin(), fusion.nodes.end());
    draft.macs += count_macs(graph, node);
    compiler.mark_done(nodes[i]);
    for (const int fused : fusion.nodes) compiler.mark_done(fused);
    compiler.set_view(fusion.result, slice_channels(output, all.layers[i].first, all.layers[i].channels));
  }
  const auto products = std::make_shared<const Products>(std::move(all));
  draft.lower = [=](Lowering& lowering) { return lower_products(*products, input, output, Fusion(), lowering); };
  compiler.add(std::move(draft));
}

void add_products(Compiler& compiler, int node_index, const View& given_input, int64_t pad_code,
                  std::vector<Products> phases, const Extent& extent) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(node_index)];
  const bool sums = phases.front().sums;
  const View input = readable_input(compiler, node.inputs[0], given_input, pad_code, phases);

  Fusion fusion;
  fusion.result = node.outputs[0];
  if (!sums) fusion = find_fusion(compiler, node.outputs[0]);
  const int buffer = compiler.add_buffer(make_buffer(extent, phases.front().channels, sums ? 4 : 1));
  View output = whole_view(buffer, compiler.buffers()[static_cast<size_t>(buffer)]);
  output.sums = sums;

  std::vector<int> nodes = {node_index};
  nodes.insert(nodes.end(), fusion.nodes.begin(), fusion.nodes.end());
  int64_t macs = count_macs(graph, node);
  for (Products& phase : phases) {
    const auto products = std::make_shared<const Products>(std::move(phase));
    Draft draft;
    draft.reads = buffers_of(input);
    for (const Part& part : fusion.residual) draft.reads.push_back(part.buffer);
    draft.writes = buffer;
    draft.nodes = nodes;
    draft.kernel = isa_name(compiler.kernels().isa);
    draft.macs = std::exchange(macs, 0);
    const bool depthwise = is_depthwise(*products, input);
    draft.lower = [=](Lowering& lowering) {
      return depthwise ? lower_depthwise(*products, input, output, fusion, lowering)
                       : lower_products(*products, input, output, fusion, lowering);
    };
    compiler.add(std::move(draft));
  }
  for (const int fused : fusion.nodes) compiler.mark_done(fused);
  compiler.set_view(fusion.result, output);
}

}  // namespace sixtops::cpu::engine
