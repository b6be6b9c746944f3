// sixtops._core.convert: a source model → a Conversion, which holds the .six bytes and the report.
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file.h"
#include "bindings/arrays.h"
#include "bindings/custom_operator.h"
#include "bindings/failure.h"
#include "bindings/module.h"
#include "convert/convert.h"
#include "convert/report_forms.h"
#include "passes/pipeline.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;
using convert::Converted;
using convert::ConvertOptions;

// The value that `parse` reads from the word; usage error with the option's name otherwise.
template <typename Parse>
auto parsed(const std::string& option, const std::string& word, Parse parse) {
  const auto value = parse(word);
  if (!value) throw Failure(usage_error("{}: '{}' is not known", option, word));
  return *value;
}

quantize::RangeRule range_rule(const std::string& word) {
  if (word == "mse") return quantize::RangeRule::kMse;
  if (word == "minmax") return quantize::RangeRule::kMinMax;
  if (word == "kl") return quantize::RangeRule::kKl;
  throw Failure(usage_error("range: '{}' is not known, expected mse, minmax or kl", word));
}

quantize::Effort effort(const std::string& word) {
  if (word == "normal") return quantize::Effort::kNormal;
  if (word == "high") return quantize::Effort::kHigh;
  throw Failure(usage_error("effort: '{}' is not known, expected normal or high", word));
}

template <typename T>
std::optional<T> given(const py::kwargs& options, const char* name) {
  if (!options.contains(name)) return std::nullopt;
  const py::object value = options[name];
  if (value.is_none()) return std::nullopt;
  try {
    return value.cast<T>();
  } catch (const py::cast_error&) {
    throw Failure(usage_error("{}: {} was given, which has another type than expected", name,
                              py::cast<std::string>(py::repr(value))));
  }
}

constexpr std::array kOptions = {
    "input_shapes",     "shapes_in_order", "further_shapes",  "companion",   "inputs",
    "outputs",          "batch",           "constant_inputs", "mean",        "std",
    "input_mean",       "input_std",       "color",           "resize",      "head",
    "pad_color",        "labels",          "anchors",         "custom_text", "precision",
    "calibration",      "range",           "effort",          "keep_float",  "accuracy_budget_db",
    "one_weight_scale", "fixed_grids",     "custom_operators"};

ConvertOptions options_of(const py::kwargs& options) {
  for (const auto& entry : options) {
    const auto name = entry.first.cast<std::string>();
    if (std::find(kOptions.begin(), kOptions.end(), name) == kOptions.end()) {
      throw Failure(usage_error("convert has no option '{}'", name));
    }
  }
  ConvertOptions result;
  using Text = std::string;
  using Texts = std::vector<std::string>;
  using Numbers = std::vector<float>;
  using Arrays = std::map<std::string, py::array>;
  const auto take = [&]<typename T>(const char* name, T& target) {
    if (std::optional<T> value = given<T>(options, name)) target = std::move(*value);
  };
  take("input_shapes", result.input_shapes);
  take("shapes_in_order", result.shapes_in_order);
  take("further_shapes", result.further_shapes);
  take("companion", result.companion);
  take("inputs", result.inputs);
  take("outputs", result.outputs);
  result.batch = given<int64_t>(options, "batch");
  for (const auto& [name, values] : given<std::map<Text, py::array>>(options, "constant_inputs").value_or(Arrays{})) {
    result.constant_inputs.emplace(name, tensor_of(values));
  }
  result.mean = given<Numbers>(options, "mean");
  result.std = given<Numbers>(options, "std");
  take("input_mean", result.input_mean);
  take("input_std", result.input_std);
  if (const auto word = given<Text>(options, "color")) result.color = parsed("color", *word, parse_color);
  if (const auto word = given<Text>(options, "resize")) result.resize = parsed("resize", *word, parse_resize);
  if (const auto word = given<Text>(options, "head")) result.head = parsed("head", *word, parse_head);
  result.pad_color = given<uint8_t>(options, "pad_color");
  take("labels", result.labels);
  take("anchors", result.anchors);
  take("custom_text", result.custom_text);
  if (const auto word = given<Text>(options, "precision")) {
    result.precision = parsed("precision", *word, parse_precision);
  }
  take("calibration", result.calibration);
  if (const auto word = given<Text>(options, "range")) result.quantize.range_rule = range_rule(*word);
  if (const auto word = given<Text>(options, "effort")) result.quantize.effort = effort(*word);
  result.quantize.keep_float = given<Texts>(options, "keep_float").value_or(Texts{});
  take("accuracy_budget_db", result.quantize.accuracy_budget_db);
  result.quantize.one_weight_scale = given<bool>(options, "one_weight_scale").value_or(false);
  using Grids = std::map<Text, std::pair<float, int32_t>>;
  for (const auto& [name, grid] : given<Grids>(options, "fixed_grids").value_or(Grids{})) {
    result.quantize.fixed_grids[name] = {{grid.first}, {grid.second}, -1};
  }
  if (const auto functions = given<std::map<Text, py::object>>(options, "custom_operators")) {
    result.quantize.run_custom = [nodes = CustomNodes(*functions)](const Node& node, std::span<const Tensor> inputs) {
      return nodes.run(node, inputs);
    };
  }
  return result;
}

// Reports to Python from whatever thread the converter calls; an exception there (Ctrl-C) ends the reporting and is
// raised when the conversion returns.
class Progress {
 public:
  explicit Progress(py::object function) : function_(std::move(function)) {}

  void report(const char* stage, int done, int total) {
    const py::gil_scoped_acquire lock;
    if (raised_) return;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      function_(stage, done, total);
    } catch (py::error_already_set& error) {
      raised_ = std::make_unique<py::error_already_set>(std::move(error));
    }
  }
  void raise() {
    if (raised_) throw py::error_already_set(*raised_);
  }

 private:
  py::object function_;
  std::unique_ptr<py::error_already_set> raised_;
};

Converted convert_file(const std::string& path, const py::object& progress, const py::kwargs& words) {
  ConvertOptions options = options_of(words);
  Progress reporter(progress);
  if (!progress.is_none()) {
    options.progress = [&](const char* stage, int done, int total) { reporter.report(stage, done, total); };
  }
  Result<Converted> converted = [&]() -> Result<Converted> {
    const py::gil_scoped_release unlock;
    return convert::convert({path, TRY(read_file(path))}, options);
  }();
  reporter.raise();
  return value_of(std::move(converted));
}

}  // namespace

void add_conversion(py::module_& module) {
  py::class_<Converted>(module, "Conversion")
      .def_property_readonly(
          "six",
          [](const Converted& c) { return py::bytes(reinterpret_cast<const char*>(c.six.data()), c.six.size()); })
      .def_property_readonly("report", [](const Converted& c) { return convert::report_json(c.report); })
      .def_property_readonly("notes", [](const Converted& c) { return c.report.notes; })
      .def_property_readonly("warnings", [](const Converted& c) { return c.report.quantization.warnings; })
      .def(
          "save", [](const Converted& c, const std::string& path) { check(write_file(path, c.six)); }, py::arg("path"))
      .def(
          "write_report",
          [](const Converted& c, const std::string& folder) { check(convert::write_report(c.report, folder)); },
          py::arg("folder"));
  module.def("convert", convert_file, py::arg("path"), py::arg("progress"));
  module.def("pass_names", [] {
    std::vector<std::string> names;
    for (const passes::Pass& pass : passes::pipeline()) names.emplace_back(pass.name);
    return names;
  });
}

}  // namespace sixtops::python
