// The translator table: which function brings a TensorFlow Lite operator into the graph.
#pragma once

#include <span>
#include <vector>

#include "importer/tflite/translation.h"

namespace sixtops::importer::tflite {

struct TranslatorRow {
  wire::tflite::Operation operation;
  Status (*translate)(Translation& op);
};

// One table a family, each in the file of its name.
std::span<const TranslatorRow> convolution_translators();
std::span<const TranslatorRow> elementwise_translators();
std::span<const TranslatorRow> movement_translators();
std::span<const TranslatorRow> reduction_translators();
std::span<const TranslatorRow> slicing_translators();

// Boxes of an SSD, from box encodings, class scores and anchors (the custom operator TFLite_Detection_PostProcess).
Status detection_post_process(Translation& op);

// nullptr when the operator is not known.
const TranslatorRow* find_translator(wire::tflite::Operation operation);
std::vector<wire::tflite::Operation> translated_operations();

}  // namespace sixtops::importer::tflite
