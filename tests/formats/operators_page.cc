// The page of operators, made from the importers' own tables: operators_page prints docs/operators.md, operators_page
// FILE compares it with the file.
#include <cstdio>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "importer/importer.h"

namespace sixtops::importer {
namespace {

std::string remark_of(Format format) {
  switch (format) {
    case Format::kOnnx:
      return "Operators of the default domain, opset 1 to 19 and later ones that did not change; functions of the "
             "model "
             "and `If` with a constant condition are unfolded. Nodes of foreign domains become custom operators.";
    case Format::kTflite:
      return "Float, float16 weights, int8 and uint8, per tensor and per channel.";
    case Format::kTorch:
      return "Functions of `torch`, with in-place forms (`relu_`) as the same, for traced modules; names with capitals "
             "are the classes of modules that a checkpoint of YOLOv5, v8 or 11 may hold.";
    case Format::kTensorflow:
      return "Frozen graphs, saved models whose variables are constants, TensorFlow.js graph models.";
    case Format::kCaffe:
      return "Layers of BVLC's Caffe in both forms of the prototxt, and of the common forks.";
    case Format::kDarknet:
      return "Sections of the cfg, in the spellings of both common forks.";
    case Format::kUnknown:
      break;
  }
  return "";
}

std::string page() {
  std::string text =
      "# Operators of each format\n\nWhat a model may contain, by the names of its format. `sixtops convert` lists "
      "everything that it does not know at once, with the names of\nthe nodes. This page is printed by "
      "`operators_page` (tests/formats) from the tables that the importers use.\n";
  for (const FormatInfo& format : formats()) {
    text += fmt::format("\n## {} ({})\n\n{}\n\n", format.name, format.operators.size(), remark_of(format.format));
    std::string line;
    for (const std::string& name : format.operators) {
      constexpr size_t kLine = 118;
      if (line.size() + name.size() + 1 > kLine) {
        text += line + "\n";
        line.clear();
      }
      line += (line.empty() ? "" : " ") + name;
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace
}  // namespace sixtops::importer

int main(int argc, char** argv) {
  const std::string page = sixtops::importer::page();
  if (argc == 1) {
    std::fputs(page.c_str(), stdout);
    return 0;
  }
  const auto file = sixtops::read_file(argv[1]);
  if (file.ok() && file->text() == page) return 0;
  std::fprintf(stderr, "%s is not what the importers' tables say; write it anew: operators_page > %s\n", argv[1],
               argv[1]);
  return 1;
}
