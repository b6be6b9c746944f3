#include "convert/sample_list.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "convert/picture_input.h"
#include "graph/npy.h"
#include "graph/quantize_tensor.h"
#include "vision/picture_file.h"

namespace sixtops::convert {
namespace {

namespace fs = std::filesystem;

bool is_npy_path(const std::string& path) { return fs::path(path).extension() == ".npy"; }

Result<std::vector<SampleFiles>> list_folder(const std::string& folder, size_t input_count) {
  if (input_count != 1) {
    return usage_error("{}: a folder holds one file a sample, but the network has {} inputs; use a list file", folder,
                       input_count);
  }
  std::error_code error;
  std::vector<SampleFiles> samples;
  fs::directory_iterator it(folder, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string path = it->path().string();
    if (vision::is_picture_path(path) || is_npy_path(path)) samples.push_back({path});
  }
  if (error) return io_error("{}: the folder cannot be read: {}", folder, error.message());
  if (samples.empty()) {
    return not_found("{}: no pictures (.jpg .jpeg .png .bmp) or .npy files in the folder", folder);
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

Result<std::vector<SampleFiles>> read_list(const std::string& list, size_t input_count) {
  const SharedBytes bytes = TRY(read_file(list));
  if (bytes.text().find('\0') != std::string_view::npos) {
    return invalid_data("{}: not a text file; expected a folder, or a list with one sample a line", list);
  }
  const fs::path base = fs::path(list).parent_path();
  std::vector<SampleFiles> samples;
  std::istringstream lines{std::string(bytes.text())};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos) continue;
    line = line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
    SampleFiles files;
    if (input_count == 1) {
      files = {line};
    } else {
      std::istringstream words(line);
      for (std::string word; words >> word;) files.push_back(word);
    }
    if (files.size() != input_count) {
      return invalid_data("{}: line {} names {} files, the network has {} inputs", list, number, files.size(),
                          input_count);
    }
    for (std::string& file : files) file = (base / file).string();
    samples.push_back(std::move(files));
  }
  if (samples.empty()) return invalid_data("{}: the list names no sample; expected one a line", list);
  return samples;
}

}  // namespace

Result<std::vector<SampleFiles>> list_samples(const std::string& source, size_t input_count) {
  std::error_code error;
  return fs::is_directory(source, error) ? list_folder(source, input_count) : read_list(source, input_count);
}

Result<Tensor> load_tensor(const std::string& path, const Value& input) {
  const Tensor tensor = TRY(read_npy(path));
  if (tensor.shape() != input.shape) {
    return invalid_data("{}: shape {}, input '{}' expects {}", path, shape_text(tensor.shape()), input.name,
                        shape_text(input.shape.value_or(Shape{})));
  }
  if (tensor.dtype() == input.dtype) return tensor;
  Result<Tensor> converted = quantize_tensor(tensor, input.dtype, input.quant);
  if (!converted.ok()) return converted.status().with_prefix(fmt::format("{}: input '{}': ", path, input.name));
  return converted;
}

Result<std::vector<Tensor>> load_sample(const SampleFiles& files, const Graph& graph) {
  if (files.size() != graph.inputs.size()) {
    return usage_error("{} files for a network with {} inputs", files.size(), graph.inputs.size());
  }
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < files.size(); ++i) {
    const Value& input = graph.value(graph.inputs[i]);
    if (is_npy_path(files[i])) {
      tensors.push_back(TRY(load_tensor(files[i], input)));
      continue;
    }
    const InputDescription description =
        graph.input_descriptions.empty() ? InputDescription{} : graph.input_descriptions[i];
    const vision::Picture picture = TRY(vision::read_picture(files[i]));
    Result<Tensor> tensor = picture_input(picture, input, description, nullptr);
    if (!tensor.ok()) return tensor.status().with_prefix(files[i] + ": ");
    tensors.push_back(std::move(tensor).value());
  }
  return tensors;
}

}  // namespace sixtops::convert
