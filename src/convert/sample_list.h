// Sets of samples on disk: for calibration, comparison and evaluation.
//
// A folder holds one picture or .npy file a sample. A list is a text file with one sample a line: the files of all
// inputs, separated by blanks (a network with one input may have blanks in its file names), relative to the list. A
// .npy file is the input's tensor as it is, a picture goes through pre-processing.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sixtops::convert {

// The files of one sample, one an input.
using SampleFiles = std::vector<std::string>;

// Errors name the folder or list, its line, and what was expected. Never empty.
Result<std::vector<SampleFiles>> list_samples(const std::string& source, size_t input_count);

// A .npy file as the tensor of an input.
Result<Tensor> load_tensor(const std::string& path, const Value& input);

// One tensor an input, in the element types of the graph's inputs. Errors name the file.
Result<std::vector<Tensor>> load_sample(const SampleFiles& files, const Graph& graph);

}  // namespace sixtops::convert
