// Table, Add, Sub and Mul in integer form, where no sum of products took them into its epilogue.
#include <algorithm>

#include "cpu/engine/plan/compiler.h"
#include "cpu/engine/plan/fusion.h"
#include "cpu/engine/plan/requantization.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

int vectors_of(const Part& part) { return static_cast<int>((part.channels + kVectorChannels - 1) / kVectorChannels); }

// The lines of an operand; those of a picture of one pixel are read again for each pixel.
struct Operand {
  std::vector<Part> lines;
  bool repeats = false;

  Line line(size_t plane, const Lowering& lowering, std::vector<Geometry>& geometries) const {
    Geometry geometry = lowering.geometry(lines[plane]);
    if (repeats) geometry.row = geometry.column = 0;
    return {lowering.base(lines[plane]), intern(geometries, geometry)};
  }
};

std::vector<LineBlock> line_blocks(const Operand& a, const Operand& b, const View& output, const Lowering& lowering,
                                   std::vector<Geometry>& geometries) {
  std::vector<LineBlock> blocks;
  for (size_t plane = 0; plane < output.parts.size(); ++plane) {
    blocks.push_back({vectors_of(output.parts[plane]), a.line(plane, lowering, geometries),
                      b.line(plane, lowering, geometries), lowering.line(output.parts[plane], geometries)});
  }
  return blocks;
}

// The draft of a step that reads the operands and writes a new buffer; its task is left to the caller.
Draft make_draft(Compiler& compiler, int node, const std::vector<const Operand*>& operands, const Extent& extent,
                 int64_t channels, View& output) {
  const int buffer = compiler.add_buffer(make_buffer(extent, channels, 1));
  output = whole_view(buffer, compiler.buffers()[static_cast<size_t>(buffer)]);
  Draft draft;
  for (const Operand* operand : operands) {
    for (const Part& part : operand->lines) draft.reads.push_back(part.buffer);
  }
  draft.writes = buffer;
  draft.nodes = {node};
  draft.kernel = isa_name(compiler.kernels().isa);
  return draft;
}

Result<bool> build_table(Compiler& compiler, int index) {
  const Node& node = compiler.graph().nodes[static_cast<size_t>(index)];
  const auto table = byte_table(node);
  const std::optional<View> input = table ? compiler.view(node.inputs[0]) : std::nullopt;
  if (!input) return false;
  const Operand operand{aligned_lines(compiler, *input), false};
  View output;
  Draft draft = make_draft(compiler, index, {&operand}, input->extent, input->channels(), output);
  draft.lower = [=](Lowering& lowering) -> Result<StepTask> {
    TableTask task;
    task.extent = output.extent;
    task.blocks = line_blocks(operand, operand, output, lowering, task.geometries);
    uint8_t* const entries = TRY(lowering.plan.constants.add(static_cast<int64_t>(table->size())));
    std::copy(table->begin(), table->end(), entries);
    task.table = entries;
    return StepTask(std::move(task));
  };
  compiler.add(std::move(draft));
  compiler.set_view(node.outputs[0], output);
  return true;
}

// Both operands as pictures of the output's shape, the smaller one of a single pixel. Nothing for other broadcasts.
struct Pair {
  PictureShape shape;
  bool repeats[2] = {false, false};
};
std::optional<Pair> find_pair(const Graph& graph, const Node& node) {
  const auto& shape = graph.value(node.outputs[0]).shape;
  const std::optional<PictureShape> whole = shape ? picture_shape(*shape) : std::nullopt;
  if (!whole) return std::nullopt;
  Shape pixel = *shape;
  std::fill(pixel.begin() + 2, pixel.end(), 1);
  Pair pair{*whole, {false, false}};
  for (size_t i = 0; i < 2; ++i) {
    const Value& operand = graph.value(node.inputs[i]);
    if (operand.dtype != DType::kI8 || operand.constant || !operand.shape) return std::nullopt;
    pair.repeats[i] = *operand.shape != *shape;
    if (pair.repeats[i] && *operand.shape != pixel) return std::nullopt;
  }
  return pair;
}

// The parameters of an integer Mul on bytes, as a task without places.
std::optional<ProductTask> byte_product(const Node& node) {
  const Ints& zeros = node.get_ints("input_zero_points");
  if (node.get_ints("multiplier").size() != 1 || zeros.size() != 2) return std::nullopt;
  ProductTask task;
  task.zero[0] = static_cast<int32_t>(zeros[0]) + 128;
  task.zero[1] = static_cast<int32_t>(zeros[1]) + 128;
  task.scale = requantization_scale(node.get_ints("multiplier")[0], static_cast<int>(node.get_int("shift")));
  constexpr double kLargestProduct = 255 * 255;
  task.requantization = {static_cast<int32_t>(node.get_int("output_zero_point")) + 128,
                         requantizes_in_float(kLargestProduct, task.scale)};
  return task;
}

}  // namespace

Result<bool> build_elementwise(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  if (node.op == Op::kTable) return build_table(compiler, index);
  if (!reference::is_integer_form(node)) return false;
  const std::optional<Pair> pair = find_pair(graph, node);
  const auto addition = node.op == Op::kMul ? std::nullopt : byte_addition(node);
  const auto product = node.op == Op::kMul ? byte_product(node) : std::nullopt;
  if (!pair || (!addition && !product)) return false;
  const std::optional<View> first = compiler.view(node.inputs[0]);
  const std::optional<View> second = compiler.view(node.inputs[1]);
  if (!first || !second) return false;
  const Operand a{aligned_lines(compiler, *first), pair->repeats[0]};
  const Operand b{aligned_lines(compiler, *second), pair->repeats[1]};
  View output;
  Draft draft = make_draft(compiler, index, {&a, &b}, pair->shape.extent, pair->shape.channels, output);
  draft.lower = [=](Lowering& lowering) -> Result<StepTask> {
    std::vector<Geometry> geometries;
    std::vector<LineBlock> blocks = line_blocks(a, b, output, lowering, geometries);
    if (addition) return StepTask(AdditionTask{output.extent, std::move(geometries), std::move(blocks), *addition});
    ProductTask task = *product;
    task.extent = output.extent;
    task.geometries = std::move(geometries);
    task.blocks = std::move(blocks);
    return StepTask(std::move(task));
  };
  compiler.add(std::move(draft));
  compiler.set_view(node.outputs[0], output);
  return true;
}

}  // namespace sixtops::cpu::engine
