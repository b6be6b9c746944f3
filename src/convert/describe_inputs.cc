#include "convert/describe_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "convert/picture_input.h"
#include "vision/labels.h"

namespace sixtops::convert {
namespace {

// One number for all channels, or one a channel.
Result<std::vector<float>> per_channel(std::vector<float> values, int channels, const char* option) {
  if (values.size() == 1) values.resize(static_cast<size_t>(channels), values[0]);
  if (!values.empty() && values.size() != static_cast<size_t>(channels)) {
    return usage_error("{} has {} numbers, the input has {} channels", option, values.size(), channels);
  }
  for (const float value : values) {
    if (!std::isfinite(value)) return usage_error("{}: {} is not a number that can be used", option, value);
  }
  return values;
}

// `known`: what the source file itself says of the input (mean and std of a quantized one).
Result<InputDescription> describe(const Value& input, const InputDescription& known, const InputDescription& convention,
                                  const ConvertOptions& options) {
  const Result<PictureLayout> layout = picture_layout(input.shape.value_or(Shape{}));
  if (!layout.ok()) return InputDescription{};
  InputDescription description = convention;
  description.is_picture = true;
  if (!known.mean.empty()) description.mean = known.mean;
  if (!known.std.empty()) description.std = known.std;
  if (layout->channels == 1) description.color = ColorOrder::kGray;
  if (options.mean) description.mean = *options.mean;
  if (options.std) description.std = *options.std;
  if (const auto own = options.input_mean.find(input.name); own != options.input_mean.end()) {
    description.mean = own->second;
  }
  if (const auto own = options.input_std.find(input.name); own != options.input_std.end()) {
    description.std = own->second;
  }
  if (options.color) description.color = *options.color;
  if (options.resize) description.resize = *options.resize;
  if (options.pad_color) description.pad_color = *options.pad_color;
  if (vision::channel_count(description.color) != layout->channels) {
    return usage_error("--color {} gives {} channels, input '{}' has {}", color_name(description.color),
                       vision::channel_count(description.color), input.name, layout->channels);
  }
  description.mean = TRY(per_channel(std::move(description.mean), layout->channels, "--mean"));
  description.std = TRY(per_channel(std::move(description.std), layout->channels, "--std"));
  if (std::count(description.std.begin(), description.std.end(), 0.0F) > 0) {
    return usage_error("--std contains 0, which would divide by it");
  }
  return description;
}

// Whether a sigmoid made the value; nodes between that only move data do not count.
bool is_after_sigmoid(const Graph& graph, const Uses& uses, ValueId id) {
  while (true) {
    const int producer = uses.producer[static_cast<size_t>(id)];
    if (producer == Uses::kNobody) return false;
    const Node& node = graph.nodes[static_cast<size_t>(producer)];
    if (!op_info(node.op).moves_data || !node.has_input(0)) return node.op == Op::kSigmoid;
    id = node.inputs[0];
  }
}

std::vector<vision::TensorView> output_shapes(const Graph& graph) {
  const Uses uses = find_uses(graph);
  std::vector<vision::TensorView> outputs;
  for (const ValueId id : graph.outputs) {
    const Value& value = graph.value(id);
    if (value.shape) outputs.push_back({value.name, *value.shape, {}, is_after_sigmoid(graph, uses, id)});
  }
  return outputs;
}

std::string list_text(const std::vector<float>& values, const char* when_empty) {
  return values.empty() ? when_empty : fmt::format("{}", fmt::join(values, ","));
}

std::string describe_in_words(const InputDescription& d) {
  const bool pads = d.resize == ResizeMode::kLetterbox || d.resize == ResizeMode::kLetterboxTopLeft;
  return fmt::format("--color {} --mean {} --std {} --resize {}{}", color_name(d.color), list_text(d.mean, "0"),
                     list_text(d.std, "1"), resize_name(d.resize),
                     pads ? fmt::format(" --pad-color {}", d.pad_color) : "");
}

// The user's labels have to fit; those that an exporter wrote for other outputs are dropped.
Status choose_labels(TaskHints& hints, const vision::HeadDescription& head, const std::vector<std::string>& given) {
  if (!given.empty()) hints.labels = given;
  if (hints.labels.empty() || head.classes == 0) return {};
  Result<std::vector<std::string>> fitted = vision::fit_labels(hints.labels, head.classes, "--labels");
  if (!fitted.ok() && !given.empty()) return fitted.status();
  hints.labels = fitted.ok() ? std::move(fitted).value() : std::vector<std::string>();
  return {};
}

// The strides that anchors belong to are those of the outputs.
Status choose_anchors(TaskHints& hints, const std::vector<vision::TensorView>& outputs, int64_t input_height,
                      const std::vector<float>& anchors) {
  if (anchors.empty()) return {};
  std::set<int32_t> strides;
  for (const vision::TensorView& output : outputs) {
    if (output.shape.size() < 4) continue;
    const int64_t rows = output.shape[2];
    if (rows > 0 && input_height % rows == 0) strides.insert(static_cast<int32_t>(input_height / rows));
  }
  const bool sound = std::all_of(anchors.begin(), anchors.end(), [](float side) { return side > 0 && side < 1e6F; });
  if (strides.empty() || !sound || anchors.size() % (2 * strides.size()) != 0) {
    return usage_error(
        "--anchors: {} numbers for {} strides; expected pairs of width and height in pixels, as many for "
        "each stride, finest first",
        anchors.size(), strides.size());
  }
  hints.anchors = anchors;
  hints.strides.assign(strides.begin(), strides.end());
  return {};
}

// Numbers of single inputs name inputs that take pictures.
Status check_names(const Graph& graph, const std::map<std::string, std::vector<float>>& numbers, const char* option) {
  for (const auto& [name, values] : numbers) {
    const ValueId id = graph.find_value(name);
    if (std::find(graph.inputs.begin(), graph.inputs.end(), id) == graph.inputs.end() || id == kNoValue) {
      std::vector<std::string> inputs;
      for (const ValueId input : graph.inputs) inputs.push_back(graph.value(input).name);
      return usage_error("{} {}: the network has no such input; it has {}", option, name, fmt::join(inputs, ", "));
    }
    const Result<PictureLayout> layout = picture_layout(graph.value(id).shape.value_or(Shape{}));
    if (!layout.ok()) return usage_error("{} {}: {}", option, name, layout.status().message());
  }
  return {};
}

}  // namespace

Status describe_inputs(Graph& graph, const ConvertOptions& options, std::vector<std::string>& notes) {
  const std::vector<vision::TensorView> outputs = output_shapes(graph);
  PictureLayout first;
  bool has_picture = false;
  for (const ValueId id : graph.inputs) {
    const Result<PictureLayout> layout = picture_layout(graph.value(id).shape.value_or(Shape{}));
    if (!layout.ok() || has_picture) continue;
    first = *layout;
    has_picture = true;
  }
  TRY(choose_anchors(graph.hints, outputs, first.height, options.anchors));
  vision::RecognizeOptions recognize;
  recognize.input_width = first.width;
  recognize.input_height = first.height;
  recognize.forced = options.head.value_or(graph.hints.head);
  const size_t labels = options.labels.empty() ? graph.hints.labels.size() : options.labels.size();
  recognize.known_classes = static_cast<int>(labels);
  recognize.hints = &graph.hints;
  vision::HeadDescription head;
  if (has_picture) head = TRY(vision::recognize_head(outputs, recognize));
  graph.hints.head = head.kind;

  TRY(choose_labels(graph.hints, head, options.labels));

  TRY(check_names(graph, options.input_mean, "--mean"));
  TRY(check_names(graph, options.input_std, "--std"));
  graph.input_descriptions.resize(graph.inputs.size());
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    InputDescription& description = graph.input_descriptions[i];
    description = TRY(describe(graph.value(graph.inputs[i]), description, head.input, options));
  }
  const bool stated = options.mean || options.std || !options.input_mean.empty() || !options.input_std.empty() ||
                      options.color || options.resize || options.pad_color;
  if (has_picture && !stated) {
    const auto picture = std::find_if(graph.input_descriptions.begin(), graph.input_descriptions.end(),
                                      [](const InputDescription& d) { return d.is_picture; });
    notes.push_back(fmt::format(
        "no pre-processing given, assuming {} ({})", describe_in_words(*picture),
        head.kind == HeadKind::kNone ? "head not recognized" : fmt::format("{} head", head_name(head.kind))));
  }
  return {};
}

}  // namespace sixtops::convert
