#include "importer/input_shapes.h"

#include <algorithm>
#include <unordered_map>

#include "base/error.h"

namespace sixtops::importer {
namespace {

using Extents = std::unordered_map<std::string, int64_t>;  // of named open extents

std::string extent_name(const DeclaredInput& input, size_t axis) {
  return axis < input.extent_names.size() ? input.extent_names[axis] : "";
}

// "images:1x3x?x?", with the file's own names for the open extents.
std::string option_text(const DeclaredInput& input) {
  std::string text = input.name + ":";
  if (!input.shape) return text;
  for (size_t i = 0; i < input.shape->size(); ++i) {
    if (i > 0) text += "x";
    const int64_t extent = (*input.shape)[i];
    const std::string name = extent_name(input, i);
    text += extent != kUnknownExtent ? std::to_string(extent) : name.empty() ? "?" : name;
  }
  return text;
}

// The user's shape for an input, held against what the file says.
Status check_binding(const DeclaredInput& input, const Shape& bound) {
  if (!is_static(bound)) return usage_error("--input {}:{} leaves an extent open", input.name, shape_text(bound));
  TRY(element_count(bound));
  if (!input.shape) return {};
  if (input.shape->size() != bound.size()) {
    return usage_error("--input {}:{} has {} axes, but the model's input has {} ({})", input.name, shape_text(bound),
                       bound.size(), input.shape->size(), option_text(input));
  }
  for (size_t axis = 0; axis < bound.size(); ++axis) {
    if ((*input.shape)[axis] != kUnknownExtent && (*input.shape)[axis] != bound[axis]) {
      return usage_error("--input {}:{}: the model fixes axis {} to {} ({}); export it with a dynamic axis", input.name,
                         shape_text(bound), axis, (*input.shape)[axis], option_text(input));
    }
  }
  return {};
}

// What the file leaves open and no option binds.
Result<Shape> bind_rest(const DeclaredInput& input, Shape shape, const Extents& named) {
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != kUnknownExtent) continue;
    const auto extent = named.find(extent_name(input, axis));
    if (extent != named.end()) shape[axis] = extent->second;
  }
  const auto open = std::find(shape.rbegin(), shape.rend(), kUnknownExtent);  // the last one
  if (open == shape.rend()) return shape;
  const auto axis = shape.rend() - open - 1;
  if (axis > 0) {
    return usage_error("input '{}' leaves axis {} open ({}); give its shape by an option like --input {}:1x3x640x640",
                       input.name, axis, option_text(input), input.name);
  }
  shape[0] = 1;
  return shape;
}

Status check_names(const std::vector<DeclaredInput>& inputs, const ImportOptions& options) {
  for (const auto& [name, shape] : options.input_shapes) {
    const bool known = std::any_of(inputs.begin(), inputs.end(),
                                   [&, &wanted = name](const auto& input) { return input.name == wanted; });
    // One of a tensor in the middle is for whoever cuts there.
    if (known || std::find(options.inputs.begin(), options.inputs.end(), name) != options.inputs.end()) continue;
    std::string names;
    for (const DeclaredInput& input : inputs) names += (names.empty() ? "" : ", ") + option_text(input);
    return usage_error("--input {}: the model has no such input; it has {}", name, names.empty() ? "none" : names);
  }
  return {};
}

Status check_order(const std::vector<DeclaredInput>& inputs, const std::vector<Shape>& shapes) {
  if (shapes.size() != inputs.size()) {
    return usage_error("{} input shapes were given, the model has {} inputs", shapes.size(), inputs.size());
  }
  for (size_t i = 0; i < inputs.size(); ++i) TRY(check_binding(inputs[i], shapes[i]));
  return {};
}

}  // namespace

Result<std::vector<Shape>> bind_input_shapes(const std::vector<DeclaredInput>& inputs, const ImportOptions& options) {
  if (!options.shapes_in_order.empty()) {
    TRY(check_order(inputs, options.shapes_in_order));
    return options.shapes_in_order;
  }
  TRY(check_names(inputs, options));
  Extents named;
  std::vector<std::optional<Shape>> known;
  for (const DeclaredInput& input : inputs) {
    known.push_back(input.shape);
    const auto bound = options.input_shapes.find(input.name);
    if (bound == options.input_shapes.end()) continue;
    TRY(check_binding(input, bound->second));
    for (size_t axis = 0; axis < bound->second.size(); ++axis) {
      const std::string name = extent_name(input, axis);
      if (!name.empty()) named[name] = bound->second[axis];
    }
    known.back() = bound->second;
  }
  std::vector<Shape> shapes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!known[i]) {
      return usage_error("input '{}' has no shape; give it by an option like --input {}:1x3x640x640", inputs[i].name,
                         inputs[i].name);
    }
    shapes.push_back(TRY(bind_rest(inputs[i], std::move(*known[i]), named)));
    const Result<int64_t> count = element_count(shapes.back());
    if (!count.ok()) return count.status().with_prefix("input '" + inputs[i].name + "': ");
  }
  return shapes;
}

}  // namespace sixtops::importer
