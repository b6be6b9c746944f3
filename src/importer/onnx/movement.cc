#include "base/error.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// Without sizes the parts are equal, as many as there are outputs; opset 18 states the number and lets the last part be
// smaller.
Status split(Translation& node) {
  const auto count = static_cast<int64_t>(node.output_count());
  Attributes attributes;
  attributes.set("axis", TRY(node.get_int("axis", 0)));
  const int64_t stated = TRY(node.get_int("num_outputs", count));
  const wire::onnx::AttributeProto* sizes = node.attribute("split");
  if (stated != count) return invalid_data("num_outputs is {}, but {} outputs are named", stated, count);
  if (sizes != nullptr) {
    attributes.set("split", TRY(read_attribute(*sizes, FieldType::kInts)));
  } else if (!node.has_input(1)) {
    attributes.set("num_outputs", count);
  }
  return node.write(Op::kSplit, node.inputs(), std::move(attributes));
}

// The first name of ScatterElements.
Status scatter(Translation& node) {
  Attributes attributes;
  attributes.set("axis", TRY(node.get_int("axis", 0)));
  return node.write(Op::kScatterElements, node.inputs(), std::move(attributes));
}

constexpr TranslatorRow kRows[] = {
    {"Compress", 9, kLatest, direct},
    {"Concat", 4, kLatest, direct},
    {"DepthToSpace", 1, kLatest, direct},
    {"Expand", 8, kLatest, direct},
    {"Flatten", 1, kLatest, direct},
    {"Gather", 1, kLatest, direct},
    {"GatherElements", 11, kLatest, direct},
    {"GatherND", 11, kLatest, direct},
    // Attributes before opset 11 (Pad), 10 (Slice), 13 (Squeeze, Unsqueeze); operands since.
    {"Pad", 2, kLatest, direct},
    {"Slice", 1, kLatest, direct},
    {"Squeeze", 1, kLatest, direct},
    {"Unsqueeze", 1, kLatest, direct},
    {"Reshape", 5, kLatest, direct},
    {"ReverseSequence", 10, kLatest, direct},
    {"Scatter", 9, kLatest, scatter},
    {"ScatterElements", 11, kLatest, direct},
    {"ScatterND", 11, kLatest, direct},
    {"SpaceToDepth", 1, kLatest, direct},
    {"Split", 2, kLatest, split},
    {"Tile", 6, kLatest, direct},
    {"Transpose", 1, kLatest, direct},
    {"Trilu", 14, kLatest, direct},
    {"CenterCropPad", 18, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> movement_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
