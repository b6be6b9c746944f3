#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// Opset 16 named the half-pixel shift and made it the default; before, RoiAlign did not shift.
Status roi_align_without_shift(Translation& node) {
  Attributes attributes;
  attributes.set("coordinate_transformation_mode", std::string("output_half_pixel"));
  attributes.set("mode", TRY(node.get_text("mode", "avg")));
  attributes.set("output_height", TRY(node.get_int("output_height", 1)));
  attributes.set("output_width", TRY(node.get_int("output_width", 1)));
  attributes.set("sampling_ratio", TRY(node.get_int("sampling_ratio", 0)));
  attributes.set("spatial_scale", TRY(node.get_float("spatial_scale", 1)));
  return node.write(Op::kRoiAlign, node.inputs(), std::move(attributes));
}

constexpr TranslatorRow kRows[] = {
    // Attributes grew, none changed: count_include_pad (7), storage_order (8), ceil_mode and dilations (10, 19).
    {"AveragePool", 7, kLatest, direct},  {"GlobalAveragePool", 1, kLatest, direct},
    {"GlobalLpPool", 2, kLatest, direct}, {"GlobalMaxPool", 1, kLatest, direct},
    {"LpPool", 2, kLatest, direct},       {"MaxPool", 1, kLatest, direct},
    {"MaxRoiPool", 1, kLatest, direct},   {"MaxUnpool", 9, kLatest, direct},
    {"Col2Im", 18, kLatest, direct},      {"RoiAlign", 10, 15, roi_align_without_shift},
    {"RoiAlign", 16, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> pooling_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
