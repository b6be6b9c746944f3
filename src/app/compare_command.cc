#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/json_file.h"
#include "app/load_model.h"
#include "app/progress.h"
#include "base/error.h"
#include "base/file.h"
#include "convert/sample_list.h"
#include "importer/importer.h"
#include "quantize/figures.h"

namespace sixtops::app {
namespace {

using runtime::Session;

// A shape in the order of axes that the source file has: the graph's channels are first.
Shape shape_in_file(const Shape& shape, importer::Format format) {
  const bool channels_last = format == importer::Format::kTensorflow || format == importer::Format::kTflite;
  if (!channels_last || shape.size() != 4) return shape;
  return {shape[0], shape[2], shape[3], shape[1]};
}

// Inputs, their shapes and pre-processing of the .six file, stated for its source.
convert::ConvertOptions options_like(const Session& six, importer::Format format) {
  convert::ConvertOptions options;
  const Graph& graph = six.graph();
  for (const runtime::TensorDescription& input : six.inputs()) {
    options.inputs.push_back(input.name);
    options.input_shapes[input.name] = shape_in_file(input.shape, format);
  }
  for (size_t i = 0; i < graph.input_descriptions.size(); ++i) {
    const InputDescription& description = graph.input_descriptions[i];
    if (!description.is_picture) continue;
    const std::string& name = six.inputs()[i].name;
    options.input_mean[name] = description.mean.empty() ? std::vector<float>{0} : description.mean;
    options.input_std[name] = description.std.empty() ? std::vector<float>{1} : description.std;
    options.color = description.color;
    options.resize = description.resize;
    options.pad_color = description.pad_color;
  }
  return options;
}

bool has_same_outputs(const Session& a, const Session& b) {
  return std::equal(a.outputs().begin(), a.outputs().end(), b.outputs().begin(), b.outputs().end(),
                    [](const auto& x, const auto& y) { return x.name == y.name && x.shape == y.shape; });
}

Result<std::unique_ptr<Session>> open_reference(const std::string& path, const Session& six) {
  const SharedBytes bytes = TRY(read_file(path));
  convert::ConvertOptions options = options_like(six, importer::recognize(bytes.span()));
  auto reference = TRY(load_source(path, bytes, options));
  if (has_same_outputs(*reference, six)) return reference;
  // The .six file was cut elsewhere.
  for (const runtime::TensorDescription& output : six.outputs()) options.outputs.push_back(output.name);
  reference = TRY(load_source(path, bytes, options));
  if (!has_same_outputs(*reference, six)) {
    return invalid_data("{}: its outputs have other shapes than those of the .six file; is it the source of that file?",
                        path);
  }
  return reference;
}

nlohmann::ordered_json comparison_json(const Session& six, const std::vector<quantize::ErrorSums>& meters,
                                       const quantize::ErrorSums& overall) {
  nlohmann::ordered_json json = {{"sqnr_db", overall.sqnr_db()}, {"outputs", nlohmann::ordered_json::array()}};
  for (size_t i = 0; i < meters.size(); ++i) {
    json["outputs"].push_back(
        {{"name", six.outputs()[i].name}, {"sqnr_db", meters[i].sqnr_db()}, {"cosine", meters[i].cosine()}});
  }
  return json;
}

}  // namespace

Status run(const CompareCommand& command) {
  const auto six = TRY(load_model(command.six, {}));
  const auto reference = TRY(open_reference(command.model, *six));
  std::vector<convert::SampleFiles> samples = TRY(convert::list_samples(command.data, six->inputs().size()));
  if (command.limit > 0 && samples.size() > static_cast<size_t>(command.limit)) {
    samples.resize(static_cast<size_t>(command.limit));
  }

  std::vector<quantize::ErrorSums> meters(six->outputs().size());
  {
    Progress progress;
    int done = 0;
    for (const convert::SampleFiles& files : samples) {
      const std::vector<Tensor> expected =
          TRY(reference->run_float(TRY(convert::load_sample(files, reference->graph()))));
      const std::vector<Tensor> actual = TRY(six->run_float(TRY(convert::load_sample(files, six->graph()))));
      for (size_t i = 0; i < meters.size(); ++i) meters[i].add(expected[i].values<float>(), actual[i].values<float>());
      progress.update("compare", ++done, static_cast<int>(samples.size()));
    }
  }
  quantize::ErrorSums overall;
  for (size_t i = 0; i < meters.size(); ++i) {
    overall.add(meters[i]);
    std::printf("%-24s %6.2f dB  cosine %.6f\n", six->outputs()[i].name.c_str(), meters[i].sqnr_db(),
                meters[i].cosine());
  }
  std::printf("%-24s %6.2f dB  over %zu samples\n", "all outputs", overall.sqnr_db(), samples.size());
  return write_json(comparison_json(*six, meters, overall), command.json_file);
}

}  // namespace sixtops::app
