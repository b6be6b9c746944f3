#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/commands.h"
#include "app/load_model.h"
#include "base/error.h"
#include "convert/sample_list.h"
#include "graph/npy.h"
#include "graph/quantize_tensor.h"

namespace sixtops::app {
namespace {

namespace fs = std::filesystem;

// Output names come from the model file; as file names they keep letters, digits and a few signs.
std::string file_stem(const std::string& name) {
  std::string stem;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    stem += plain || (c == '.' && !stem.empty()) ? c : '_';
  }
  return stem;
}

std::string number_text(size_t index) { return index == 0 ? "" : fmt::format("_{}", index); }

// A network that serves several sets of shapes runs for that of the files.
Status choose_variant(runtime::Session& session, const std::vector<std::string>& files) {
  if (session.variant_count() == 1) return {};
  std::vector<Shape> shapes;
  shapes.reserve(files.size());
  for (const std::string& file : files) shapes.push_back(TRY(read_npy(file)).shape());
  for (size_t v = 0; v < session.variant_count(); ++v) {
    const Graph& graph = session.variant(v);
    const bool fits = std::equal(graph.inputs.begin(), graph.inputs.end(), shapes.begin(), shapes.end(),
                                 [&](ValueId id, const Shape& shape) { return graph.value(id).shape == shape; });
    if (fits) return session.choose_variant(v);
  }
  return {};  // what is wrong with them is told when they are read
}

}  // namespace

Status run(const RunCommand& command) {
  const auto session = TRY(load_model(command.model, command.source));
  if (command.input_files.size() != session->inputs().size()) {
    return usage_error("{}: {} input files, the network has {} inputs", command.model, command.input_files.size(),
                       session->inputs().size());
  }
  TRY(choose_variant(*session, command.input_files));
  std::vector<Tensor> inputs;
  for (size_t i = 0; i < command.input_files.size(); ++i) {
    const Value& input = session->graph().value(session->graph().inputs[i]);
    inputs.push_back(TRY(convert::load_tensor(command.input_files[i], input)));
  }
  const std::vector<Tensor> outputs = TRY(session->run(inputs));

  std::error_code error;
  fs::create_directories(command.output_folder, error);
  if (error) return io_error("{}: the folder cannot be made: {}", command.output_folder, error.message());
  std::vector<std::string> used;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const runtime::TensorDescription& output = session->outputs()[i];
    const std::string stem = file_stem(output.name);
    const auto same = static_cast<size_t>(std::count(used.begin(), used.end(), stem));
    used.push_back(stem);
    const std::string path = (fs::path(command.output_folder) / (stem + number_text(same) + ".npy")).string();
    const Tensor tensor = output.quant ? TRY(dequantize_tensor(outputs[i], output.quant)) : outputs[i];
    TRY(write_npy(tensor, path));
    std::printf("%s  %s[%s]  %s\n", output.name.c_str(), std::string(dtype_name(tensor.dtype())).c_str(),
                shape_text(tensor.shape()).c_str(), path.c_str());
  }
  return {};
}

}  // namespace sixtops::app
