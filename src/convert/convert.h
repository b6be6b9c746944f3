// convert(source, options) → .six bytes and a report: the one list import → passes → quantize → write.
//
// The command line, Python and "run this ONNX file" all call it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "importer/importer.h"
#include "model/model.h"
#include "quantize/quantize.h"

namespace sixtops::convert {

struct ConvertOptions {
  std::map<std::string, Shape> input_shapes;
  std::vector<Shape> shapes_in_order;  // instead: one an input, of formats whose inputs users do not name
  // Further sets of shapes that the .six file serves too; one calibration, at the set with the most elements.
  std::vector<std::map<std::string, Shape>> further_shapes;
  std::string companion;                          // of a source in two files; empty: beside it, under its obvious name
  std::vector<std::string> inputs;                // begin here, in this order; empty: the model's own
  std::vector<std::string> outputs;               // cut here; empty: the model's own
  std::optional<int64_t> batch;                   // pictures a run, of a network for one; calibration stays at one
  std::map<std::string, Tensor> constant_inputs;  // by name: no inputs any more, but this (passes/cut_inputs.h)

  // Pre-processing that the user states; what is not stated follows the convention of the recognized head.
  std::optional<std::vector<float>> mean;
  std::optional<std::vector<float>> std;
  std::map<std::string, std::vector<float>> input_mean;  // of single inputs, by name
  std::map<std::string, std::vector<float>> input_std;
  std::optional<ColorOrder> color;
  std::optional<ResizeMode> resize;
  std::optional<uint8_t> pad_color;
  std::optional<HeadKind> head;
  std::vector<std::string> labels;
  std::vector<float> anchors;  // of a raw YOLO head: width, height pairs in input pixels, finest stride first
  std::string custom_text;     // stored in the file, handed back as it is

  Precision precision = Precision::kFloat32;
  std::string calibration;  // folder or LIST.txt; REQUIRED for int8 unless the source is quantized
  quantize::QuantizeOptions quantize;

  std::string dump_after;                             // a pass, or "import", "quantize"
  std::function<void(const std::string&)> dump_sink;  // gets the text
  std::function<void(const char* stage, int done, int total)> progress;
};

struct StageTime {
  std::string stage;
  double seconds = 0;
};

struct Report {
  std::string source;
  std::string producer;
  Precision precision = Precision::kFloat32;
  quantize::QuantizeReport quantization;
  std::vector<std::string> notes;  // what was assumed: recognized head, its pre-processing
  std::vector<StageTime> times;
  int64_t source_bytes = 0;
  int64_t output_bytes = 0;
};

struct Converted {
  std::vector<std::byte> six;
  Report report;
};

Result<Converted> convert(const importer::Source& source, const ConvertOptions& options);

// report.html and report.json in a folder, which is made when it is missing.
Status write_report(const Report& report, const std::string& folder);

}  // namespace sixtops::convert
