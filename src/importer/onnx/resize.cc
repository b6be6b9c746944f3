#include <algorithm>

#include "base/error.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// Upsample, and Resize of opset 10, scale from the corner of the picture.
Result<Attributes> scale_from_corner(Translation& node, const std::string& nearest_mode) {
  Attributes attributes;
  attributes.set("mode", TRY(node.get_text("mode", "nearest")));
  attributes.set("coordinate_transformation_mode", std::string("asymmetric"));
  attributes.set("nearest_mode", nearest_mode);
  return attributes;
}

Status upsample(Translation& node) {
  Attributes attributes = TRY(scale_from_corner(node, "floor"));
  if (const auto* scales = node.attribute("scales")) {
    TRY(node.expect_inputs(1, 1));
    attributes.set("scales", TRY(read_attribute(*scales, FieldType::kFloats)));
    return node.write(Op::kResize, {node.input(0)}, std::move(attributes));
  }
  TRY(node.expect_inputs(2, 2));
  return node.write(Op::kResize, {node.input(0), kNoValue, node.input(1)}, std::move(attributes));
}

// Opset 10 leaves the rounding of "nearest" to the implementer; its test data rounds down when a picture grows and up
// when it shrinks.
Status resize_from_corner(Translation& node) {
  TRY(node.expect_inputs(2, 2));
  std::string nearest_mode = "floor";
  if (TRY(node.get_text("mode", "nearest")) == "nearest") {
    if (node.constant(1) == nullptr) return unsupported("nearest with scales that are not constant, in opset 10");
    const std::vector<float> scales = values_as<float>(*node.constant(1));
    const bool shrinks = std::any_of(scales.begin(), scales.end(), [](float scale) { return scale < 1; });
    const bool grows = std::any_of(scales.begin(), scales.end(), [](float scale) { return scale > 1; });
    if (shrinks && grows) return unsupported("nearest that shrinks one axis and stretches another, in opset 10");
    if (shrinks) nearest_mode = "ceil";
  }
  return node.write(Op::kResize, {node.input(0), kNoValue, node.input(1)}, TRY(scale_from_corner(node, nearest_mode)));
}

// Operands x, roi, scales, sizes. Opset 11 could not leave one out, so exporters write an empty tensor.
Status resize(Translation& node) {
  TRY(node.expect_inputs(1, 4));
  std::vector<ValueId> operands = node.inputs();
  for (size_t i = 1; i < operands.size(); ++i) {
    if (node.constant(i) != nullptr && node.constant(i)->empty()) operands[i] = kNoValue;
  }
  // Only one way to crop reads the region; elsewhere it is often garbage.
  const bool reads_region = TRY(node.get_text("coordinate_transformation_mode", "half_pixel")) == "tf_crop_and_resize";
  if (!reads_region && operands.size() > 1) operands[1] = kNoValue;
  Attributes attributes;
  for (const Field& field : op_info(Op::kResize).fields) {
    if (const auto* proto = node.attribute(field.name))
      attributes.set(field.name, TRY(read_attribute(*proto, field.type)));
  }
  return node.write(Op::kResize, std::move(operands), std::move(attributes));
}

// Opset 20 renamed the modes.
Status grid_sample_old_names(Translation& node) {
  const std::string mode = TRY(node.get_text("mode", "bilinear"));
  Attributes attributes;
  attributes.set("mode", mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode);
  attributes.set("padding_mode", TRY(node.get_text("padding_mode", "zeros")));
  attributes.set("align_corners", TRY(node.get_int("align_corners", 0)));
  return node.write(Op::kGridSample, node.inputs(), std::move(attributes));
}

constexpr TranslatorRow kRows[] = {
    {"Upsample", 7, 9, upsample},        {"Resize", 10, 10, resize_from_corner},
    {"Resize", 11, kLatest, resize},     {"GridSample", 16, 19, grid_sample_old_names},
    {"GridSample", 20, kLatest, direct}, {"AffineGrid", 20, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> resize_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
