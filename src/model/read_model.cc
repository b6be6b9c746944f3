#include <flatbuffers/flatbuffers.h>
#include <six_generated.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <unordered_set>

#include "base/checked.h"
#include "base/error.h"
#include "graph/verify.h"
#include "model/container.h"
#include "model/model.h"

namespace sixtops::model {
namespace {

// Model > Graph > Node > Attribute > Value > QuantParams.
constexpr flatbuffers::uoffset_t kMaxTableDepth = 8;

// A table takes at least its offset in a vector and its own vtable offset. Counting by that keeps the verifier's time
// linear although a hostile file may refer to one table many times.
constexpr size_t kMinTableBytes = 8;

// Decoded structs are larger than their wire form, but by a bounded factor; a file that names the same long string or
// list over and over is stopped here.
constexpr int64_t kMaxGrowth = 32;
constexpr int64_t kFreeGrowthBytes = int64_t{16} << 20;

class Decoder {
 public:
  Decoder(size_t graph_bytes, SharedBytes constants)
      : budget_(static_cast<int64_t>(graph_bytes) * kMaxGrowth + kFreeGrowthBytes), constants_(std::move(constants)) {}

  Result<Graph> graph(const wire::Graph& wire) {
    Graph result;
    result.name = TRY(text(wire.name()));
    for (size_t i = 0; i < size_of(wire.values()); ++i) {
      Result<Value> decoded = value(*wire.values()->Get(index(i)));
      if (!decoded.ok()) return decoded.status().with_prefix(fmt::format("value {}: ", i));
      result.values.push_back(std::move(decoded).value());
    }
    for (size_t i = 0; i < size_of(wire.nodes()); ++i) {
      Result<Node> decoded = node(*wire.nodes()->Get(index(i)), result.values.size());
      if (!decoded.ok()) return decoded.status().with_prefix(fmt::format("node {}: ", i));
      result.nodes.push_back(std::move(decoded).value());
    }
    result.inputs = TRY(ids(wire.inputs(), result.values.size(), "input"));
    result.outputs = TRY(ids(wire.outputs(), result.values.size(), "output"));
    for (size_t i = 0; i < size_of(wire.input_descriptions()); ++i) {
      result.input_descriptions.push_back(TRY(input_description(*wire.input_descriptions()->Get(index(i)))));
    }
    if (!result.input_descriptions.empty() && result.input_descriptions.size() != result.inputs.size()) {
      return invalid_data("{} input descriptions for {} inputs", result.input_descriptions.size(),
                          result.inputs.size());
    }
    if (wire.hints() != nullptr) result.hints = TRY(task_hints(*wire.hints()));
    return result;
  }

  Result<std::string> text(const flatbuffers::String* wire) {
    if (wire == nullptr) return std::string();
    TRY(charge(wire->size()));
    return wire->str();
  }

 private:
  static flatbuffers::uoffset_t index(size_t i) { return static_cast<flatbuffers::uoffset_t>(i); }

  template <typename WireVector>
  static size_t size_of(const WireVector* wire) {
    return wire == nullptr ? 0 : wire->size();
  }

  Status charge(size_t bytes) {
    budget_ -= static_cast<int64_t>(bytes);
    if (budget_ < 0) return invalid_data("the description unfolds to more than {} times its size", kMaxGrowth);
    return {};
  }

  template <typename T>
  Result<std::vector<T>> list(const flatbuffers::Vector<T>* wire) {
    TRY(charge(size_of(wire) * sizeof(T)));
    std::vector<T> result(size_of(wire));
    // The verifier checks the alignment of a vector's length only, which is less than that of 8-byte elements.
    if (!result.empty()) std::memcpy(result.data(), wire->Data(), result.size() * sizeof(T));
    return result;
  }

  Result<std::vector<std::string>> texts(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* wire) {
    std::vector<std::string> result;
    TRY(charge(size_of(wire) * sizeof(std::string)));
    for (size_t i = 0; i < size_of(wire); ++i) result.push_back(TRY(text(wire->Get(index(i)))));
    return result;
  }

  Result<std::vector<ValueId>> ids(const flatbuffers::Vector<int32_t>* wire, size_t value_count, const char* what) {
    std::vector<ValueId> result = TRY(list(wire));
    for (const ValueId id : result) {
      if (id < kNoValue || id >= static_cast<ValueId>(value_count)) {
        return invalid_data("{} names value {}, expected one of {}", what, id, value_count);
      }
    }
    return result;
  }

  template <typename Enum>
  static Result<Enum> enumerator(uint8_t wire, int count, const char* what) {
    if (wire >= count) return invalid_data("{} {} is not one of 0..{}", what, wire, count - 1);
    return static_cast<Enum>(wire);
  }

  Result<QuantParams> quant_params(const wire::QuantParams& wire, const std::optional<Shape>& shape) {
    QuantParams quant{TRY(list(wire.scale())), TRY(list(wire.zero_point())), wire.axis()};
    int64_t expected = 1;
    if (quant.axis != -1) {
      if (quant.axis < 0 || !shape || quant.axis >= static_cast<int>(shape->size())) {
        return invalid_data("quantization axis {} does not exist", quant.axis);
      }
      expected = (*shape)[static_cast<size_t>(quant.axis)];
    }
    if (static_cast<int64_t>(quant.scale.size()) != expected || quant.scale.size() != quant.zero_point.size()) {
      return invalid_data("{} scales and {} zero points, expected {}", quant.scale.size(), quant.zero_point.size(),
                          expected);
    }
    for (const float scale : quant.scale) {
      if (!std::isfinite(scale) || scale <= 0) return invalid_data("scale {} is not a positive number", scale);
    }
    return quant;
  }

  Result<Tensor> constant(const wire::Value& wire, DType dtype, const Shape& shape) {
    const uint64_t offset = wire.data_offset();
    const uint64_t size = wire.data_size();
    if (offset % kSectionAlignment != 0 || offset > constants_.size() || size > constants_.size() - offset) {
      return invalid_data("data at {} of {} bytes lies outside of section '{}' of {} bytes", offset, size,
                          kConstantsSection, constants_.size());
    }
    const SharedBytes bytes = constants_.slice(offset, size);
    // A bool of C++ is 0 or 1; anything else would be undefined when read.
    if (dtype == DType::kBool && std::any_of(bytes.span().begin(), bytes.span().end(),
                                             [](std::byte b) { return std::to_integer<int>(b) > 1; })) {
      return invalid_data("a bool is neither 0 nor 1");
    }
    return Tensor::from_bytes(dtype, shape, bytes);
  }

  Result<Value> value(const wire::Value& wire) {
    TRY(charge(sizeof(Value)));
    Value result;
    result.name = TRY(text(wire.name()));
    const auto named = [&](const Status& status) { return status.with_prefix("'" + result.name + "': "); };
    const Result<DType> dtype = enumerator<DType>(wire.dtype(), kDTypeCount, "element type");
    if (!dtype.ok()) return named(dtype.status());
    result.dtype = *dtype;
    if (wire.known_shape()) {
      result.shape = TRY(list(wire.shape()));
      if (Status status = check_shape(*result.shape, *dtype); !status.ok()) return named(status);
    }
    if (wire.quant() != nullptr) {
      Result<QuantParams> quant = quant_params(*wire.quant(), result.shape);
      if (!quant.ok()) return named(quant.status());
      result.quant = std::move(quant).value();
    }
    if (wire.is_constant()) {
      if (!result.shape || !is_static(*result.shape)) return named(invalid_data("a constant without a shape"));
      Result<Tensor> tensor = constant(wire, *dtype, *result.shape);
      if (!tensor.ok()) return named(tensor.status());
      result.constant = std::move(tensor).value();
    }
    return result;
  }

  static Status check_shape(const Shape& shape, DType dtype) {
    if (shape.size() > kMaxRank) return invalid_data("rank {}, at most {} is allowed", shape.size(), kMaxRank);
    for (const int64_t extent : shape) {
      if (extent < kUnknownExtent) return invalid_data("extent {} in shape {}", extent, shape_text(shape));
    }
    if (is_static(shape)) TRY(checked_multiply(TRY(element_count(shape)), static_cast<int64_t>(dtype_size(dtype))));
    return {};
  }

  // REQUIRES: kind < std::variant_size_v<Attribute>
  Result<Attribute> attribute_value(const wire::Attribute& wire) {
    switch (wire.kind()) {
      case 0:
        return Attribute(wire.int_value());
      case 1:
        return Attribute(wire.float_value());
      case 2:
        return Attribute(TRY(text(wire.text())));
      case 3:
        return Attribute(Ints(TRY(list(wire.ints()))));
      case 4:
        return Attribute(Floats(TRY(list(wire.floats()))));
      case 5:
        return Attribute(TRY(texts(wire.texts())));
      default:
        break;
    }
    if (wire.tensor() == nullptr) return invalid_data("no tensor in an attribute of that kind");
    Value tensor = TRY(value(*wire.tensor()));
    if (!tensor.constant) return invalid_data("a tensor without data");
    return Attribute(std::move(*tensor.constant));
  }

  Result<Node> node(const wire::Node& wire, size_t value_count) {
    TRY(charge(sizeof(Node)));
    Node result;
    result.name = TRY(text(wire.name()));
    const auto named = [&](const Status& status) { return status.with_prefix("'" + result.name + "': "); };
    const std::string op_name = TRY(text(wire.op()));
    const std::optional<Op> op = parse_op(op_name);
    if (!op) return named(unsupported("operator '{}' is unknown; use a newer SixTOPS or convert again", op_name));
    result.op = *op;
    result.inputs = TRY(ids(wire.inputs(), value_count, "an input"));
    result.outputs = TRY(ids(wire.outputs(), value_count, "an output"));
    result.precision = TRY(enumerator<Precision>(wire.precision(), 3, "precision"));
    for (size_t i = 0; i < size_of(wire.attributes()); ++i) {
      const wire::Attribute& wire_attribute = *wire.attributes()->Get(index(i));
      TRY(charge(sizeof(Attributes::Entry)));
      const std::string name = TRY(text(wire_attribute.name()));
      if (wire_attribute.kind() >= std::variant_size_v<Attribute> || result.attributes.has(name)) {
        return named(
            invalid_data("attribute '{}' stands twice or has the unknown kind {}", name, wire_attribute.kind()));
      }
      Result<Attribute> decoded = attribute_value(wire_attribute);
      if (!decoded.ok()) return named(decoded.status().with_prefix("attribute '" + name + "': "));
      result.attributes.set(name, std::move(decoded).value());
    }
    return result;
  }

  Result<InputDescription> input_description(const wire::InputDescription& wire) {
    TRY(charge(sizeof(InputDescription)));
    InputDescription result;
    result.is_picture = wire.is_picture();
    result.mean = TRY(list(wire.mean()));
    result.std = TRY(list(wire.std()));
    result.color = TRY(enumerator<ColorOrder>(wire.color(), 3, "colour order"));
    result.resize = TRY(enumerator<ResizeMode>(wire.resize(), 4, "resize mode"));
    result.pad_color = wire.pad_color();
    for (const float mean : result.mean) {
      if (!std::isfinite(mean)) return invalid_data("an input's mean is {}", mean);
    }
    for (const float std : result.std) {
      if (!std::isfinite(std) || std == 0) return invalid_data("an input's std is {}", std);
    }
    return result;
  }

  Result<TaskHints> task_hints(const wire::TaskHints& wire) {
    TaskHints result;
    const std::string head = TRY(text(wire.head()));
    const std::optional<HeadKind> kind = parse_head(head);
    if (!kind) return unsupported("head '{}' is unknown; use a newer SixTOPS or convert again", head);
    result.head = *kind;
    result.labels = TRY(texts(wire.labels()));
    result.anchors = TRY(list(wire.anchors()));
    result.strides = TRY(list(wire.strides()));
    result.grid_scales = TRY(list(wire.grid_scales()));
    result.normalized_boxes = wire.normalized_boxes();
    for (const float scale : result.grid_scales) {
      if (!std::isfinite(scale)) return invalid_data("a grid scale is {}", scale);
    }
    for (const float anchor : result.anchors) {
      if (!std::isfinite(anchor)) return invalid_data("an anchor is {}", anchor);
    }
    for (const int32_t stride : result.strides) {
      if (stride <= 0) return invalid_data("a stride is {}", stride);
    }
    return result;
  }

  int64_t budget_;
  SharedBytes constants_;
};

// FlatBuffers and typed tensors need the alignment that the writer gave everything inside of the file.
Result<SharedBytes> aligned(const SharedBytes& bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.data()) % kSectionAlignment == 0) return bytes;
  SharedBytes copy = TRY(allocate_bytes(bytes.size()));
  std::memcpy(const_cast<std::byte*>(copy.data()), bytes.data(), bytes.size());
  return copy;
}

}  // namespace

Result<Model> read_model(const SharedBytes& bytes) {
  const SharedBytes file = TRY(aligned(bytes));
  const Container container = TRY(read_container(file));
  const SharedBytes graph = TRY(container.section(kGraphSection));
  const SharedBytes constants = TRY(container.section(kConstantsSection));

  flatbuffers::Verifier::Options limits;
  limits.max_depth = kMaxTableDepth;
  limits.max_tables = static_cast<flatbuffers::uoffset_t>(graph.size() / kMinTableBytes + 1);
  const auto* data = reinterpret_cast<const uint8_t*>(graph.data());
  if (graph.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) return invalid_data("section '{}' is too large", kGraphSection);
  flatbuffers::Verifier verifier(data, graph.size(), limits);
  if (!wire::VerifyModelBuffer(verifier)) {
    return invalid_data("section '{}': its FlatBuffers tables refer outside of it", kGraphSection);
  }
  const wire::Model& wire = *wire::GetModel(data);

  Decoder decoder(graph.size(), constants);
  Model model;
  model.producer = TRY(decoder.text(wire.producer()));
  model.custom_text = TRY(decoder.text(wire.custom_text()));
  if (wire.variants() == nullptr || wire.variants()->size() == 0) return invalid_data("the model has no graph");
  for (const wire::Graph* variant : *wire.variants()) {
    const std::string place = fmt::format("section '{}', variant {}: ", kGraphSection, model.variants.size());
    Result<Graph> decoded = decoder.graph(*variant);
    if (!decoded.ok()) return decoded.status().with_prefix(place);
    if (Status status = verify(*decoded, VerifyLevel::kStatic); !status.ok()) return status.with_prefix(place);
    model.variants.push_back(std::move(decoded).value());
  }
  return model;
}

}  // namespace sixtops::model
