#include <charconv>
#include <unordered_map>

#include "base/base64.h"
#include "base/error.h"
#include "graph/text.h"
#include "graph/text_tokens.h"
#include "graph/verify.h"

namespace sixtops {
namespace {

// Text that is a number of type T and nothing else.
template <typename T>
std::optional<T> number(std::string_view text) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    const std::optional<float> value = number<float>(text);
    return value ? std::optional(T(*value)) : std::nullopt;
  } else if constexpr (std::is_same_v<T, bool>) {
    return text == "0" || text == "1" ? std::optional(text == "1") : std::nullopt;
  } else {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Result<Graph> parse() {
    TRY(tokens_.start());
    if (!tokens_.peek().is_word("graph")) return tokens_.expected("'graph'");
    TRY(tokens_.next());
    graph_.name = TRY(string());
    while (tokens_.peek().kind != Token::Kind::kEnd) TRY(statement());
    if (!descriptions_.empty()) {
      descriptions_.resize(graph_.inputs.size());
      graph_.input_descriptions = std::move(descriptions_);
    }
    TRY(verify(graph_, VerifyLevel::kImported));
    return std::move(graph_);
  }

 private:
  Result<std::string> string() { return TRY(tokens_.expect(Token::Kind::kString, "a string in quotes")).text; }
  Result<std::string> word(std::string_view what) { return TRY(tokens_.expect(Token::Kind::kWord, what)).text; }

  template <typename T>
  Result<T> parse_number(std::string_view what) {
    const Token& token = tokens_.peek();
    const std::optional<T> value = token.kind == Token::Kind::kWord ? number<T>(token.text) : std::nullopt;
    if (!value) return tokens_.expected(what);
    TRY(tokens_.next());
    return *value;
  }

  template <typename T>
  Result<std::vector<T>> number_list(std::string_view what) {
    TRY(tokens_.expect_sign('['));
    std::vector<T> list;
    while (!TRY(tokens_.accept_sign(']'))) list.push_back(TRY(parse_number<T>(what)));
    return list;
  }

  Result<Texts> text_list() {
    TRY(tokens_.expect_sign('['));
    Texts list;
    while (!TRY(tokens_.accept_sign(']'))) list.push_back(TRY(string()));
    return list;
  }

  template <typename Enum>
  Result<Enum> choice(std::optional<Enum> (*parse)(std::string_view), std::string_view what) {
    if (tokens_.peek().kind != Token::Kind::kString) return tokens_.expected(what);
    const std::optional<Enum> value = parse(tokens_.peek().text);
    if (!value) return tokens_.expected(what);
    TRY(tokens_.next());
    return *value;
  }

  // ---- values

  struct Type {
    DType dtype = DType::kF32;
    std::optional<Shape> shape;
  };

  Result<Type> type() {
    const std::optional<DType> dtype = parse_dtype(tokens_.peek().text);
    if (tokens_.peek().kind != Token::Kind::kWord || !dtype) return tokens_.expected("an element type");
    TRY(tokens_.next());
    TRY(tokens_.expect_sign('['));
    Type type{*dtype, Shape{}};
    if (tokens_.peek().is_word("..")) {
      TRY(tokens_.next());
      type.shape.reset();
    } else if (!tokens_.peek().is_sign(']')) {
      type.shape = TRY(extents());
    }
    TRY(tokens_.expect_sign(']'));
    return type;
  }

  Result<Shape> extents() {
    Shape shape;
    std::string_view rest = tokens_.peek().text;
    while (true) {
      const size_t end = std::min(rest.find('x'), rest.size());
      const std::string_view extent = rest.substr(0, end);
      const std::optional<int64_t> value = extent == "?" ? kUnknownExtent : number<int64_t>(extent);
      if (!value || (*value < 0 && extent != "?")) return tokens_.expected("extents like 1x3x?");
      shape.push_back(*value);
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
    TRY(tokens_.next());
    return shape;
  }

  Result<std::optional<QuantParams>> quant() {
    if (!tokens_.peek().is_word("q")) return std::optional<QuantParams>();
    TRY(tokens_.next());
    TRY(tokens_.expect_sign('('));
    QuantParams params;
    if (tokens_.peek().is_sign('[')) {
      params.scale = TRY(number_list<float>("a scale"));
      TRY(tokens_.expect_sign(','));
      params.zero_point = TRY(number_list<int32_t>("a zero point"));
      TRY(tokens_.expect_sign(','));
      params.axis = TRY(parse_number<int>("an axis"));
    } else {
      params.scale.push_back(TRY(parse_number<float>("a scale")));
      TRY(tokens_.expect_sign(','));
      params.zero_point.push_back(TRY(parse_number<int32_t>("a zero point")));
    }
    TRY(tokens_.expect_sign(')'));
    return std::optional(std::move(params));
  }

  // %name: type q(...)
  Result<ValueId> new_value() {
    Status taken = tokens_.expected("a name that is not taken");
    Value value;
    value.name = TRY(tokens_.expect(Token::Kind::kName, "a %name")).text;
    const auto id = static_cast<ValueId>(graph_.values.size());
    if (!ids_.emplace(value.name, id).second) return taken;
    TRY(tokens_.expect_sign(':'));
    Type parsed = TRY(type());
    value.dtype = parsed.dtype;
    value.shape = std::move(parsed.shape);
    value.quant = TRY(quant());
    graph_.values.push_back(std::move(value));
    return id;
  }

  Result<ValueId> known_value() {
    if (tokens_.peek().kind != Token::Kind::kName) return tokens_.expected("a %name");
    const auto it = ids_.find(tokens_.peek().text);
    if (it == ids_.end()) return tokens_.expected("a name defined above");
    TRY(tokens_.next());
    return it->second;
  }

  Result<Tensor> elements(DType dtype, const std::optional<Shape>& shape) {
    if (!shape || !is_static(*shape)) return tokens_.expected("a known shape for the constant that ends");
    if (tokens_.peek().is_word("base64")) {
      TRY(tokens_.next());
      std::optional<std::vector<std::byte>> bytes = decode_base64(tokens_.peek().text);
      if (tokens_.peek().kind != Token::Kind::kString || !bytes) return tokens_.expected("base64 in quotes");
      Result<Tensor> tensor = Tensor::from_bytes(dtype, *shape, SharedBytes::own(std::move(*bytes)));
      if (!tensor.ok()) return tensor.status().with_prefix(tokens_.place());
      TRY(tokens_.next());
      return tensor;
    }
    if (!tokens_.peek().is_sign('{')) return tokens_.expected("the elements in braces or base64");
    TRY(tokens_.next());
    return visit_dtype(dtype, [&]<typename T>(T) -> Result<Tensor> {
      std::vector<std::byte> bytes;
      while (!tokens_.peek().is_sign('}')) {
        const T value = TRY(parse_number<T>(dtype_name(dtype)));
        const auto* raw = reinterpret_cast<const std::byte*>(&value);
        bytes.insert(bytes.end(), raw, raw + sizeof(T));
      }
      Result<Tensor> tensor = Tensor::from_bytes(dtype, *shape, SharedBytes::own(std::move(bytes)));
      if (!tensor.ok()) return tensor.status().with_prefix(tokens_.place());
      TRY(tokens_.next());
      return tensor;
    });
  }

  // ---- statements

  Status statement() {
    const Token& token = tokens_.peek();
    if (token.kind == Token::Kind::kName || token.is_word("_")) return node();
    const std::string keyword = TRY(word("a statement"));
    if (keyword == "input") return input();
    if (keyword == "const") return constant();
    if (keyword == "output") {
      graph_.outputs.push_back(TRY(known_value()));
      return {};
    }
    if (keyword == "head") {
      graph_.hints.head = TRY(choice<HeadKind>(parse_head, "a kind of head"));
    } else if (keyword == "labels") {
      graph_.hints.labels = TRY(text_list());
    } else if (keyword == "anchors") {
      graph_.hints.anchors = TRY(number_list<float>("a number"));
    } else if (keyword == "strides") {
      graph_.hints.strides = TRY(number_list<int32_t>("an integer"));
    } else if (keyword == "grid_scales") {
      graph_.hints.grid_scales = TRY(number_list<float>("a number"));
    } else if (keyword == "normalized_boxes") {
      graph_.hints.normalized_boxes = true;
    } else {
      return tokens_.expected(fmt::format("a statement, not '{}', before what", keyword));
    }
    return {};
  }

  Status input() {
    graph_.inputs.push_back(TRY(new_value()));
    if (!TRY(tokens_.accept_sign('{'))) return {};
    InputDescription description;
    while (!TRY(tokens_.accept_sign('}'))) {
      const std::string field = TRY(word("a field of the input description"));
      TRY(tokens_.expect_sign('='));
      if (field == "picture") {
        description.is_picture = TRY(parse_number<bool>("0 or 1"));
      } else if (field == "mean") {
        description.mean = TRY(number_list<float>("a number"));
      } else if (field == "std") {
        description.std = TRY(number_list<float>("a number"));
      } else if (field == "color") {
        description.color = TRY(choice<ColorOrder>(parse_color, "a colour order"));
      } else if (field == "resize") {
        description.resize = TRY(choice<ResizeMode>(parse_resize, "a resize mode"));
      } else if (field == "pad_color") {
        description.pad_color = TRY(parse_number<uint8_t>("0..255"));
      } else {
        return tokens_.expected(fmt::format("a known field, not '{}', before", field));
      }
    }
    descriptions_.resize(graph_.inputs.size() - 1);
    descriptions_.push_back(std::move(description));
    return {};
  }

  Status constant() {
    const ValueId id = TRY(new_value());
    TRY(tokens_.expect_sign('='));
    graph_.value(id).constant = TRY(elements(graph_.value(id).dtype, graph_.value(id).shape));
    return {};
  }

  Status node() {
    Node node;
    do {
      if (tokens_.peek().is_word("_")) {
        TRY(tokens_.next());
        node.outputs.push_back(kNoValue);
      } else {
        node.outputs.push_back(TRY(new_value()));
      }
    } while (TRY(tokens_.accept_sign(',')));
    TRY(tokens_.expect_sign('='));
    const std::optional<Op> op = parse_op(tokens_.peek().text);
    if (tokens_.peek().kind != Token::Kind::kWord || !op) return tokens_.expected("an operator");
    TRY(tokens_.next());
    node.op = *op;
    TRY(tokens_.expect_sign('('));
    while (!TRY(tokens_.accept_sign(')'))) {
      if (!node.inputs.empty()) TRY(tokens_.expect_sign(','));
      if (tokens_.peek().is_word("_")) {
        TRY(tokens_.next());
        node.inputs.push_back(kNoValue);
      } else {
        node.inputs.push_back(TRY(known_value()));
      }
    }
    if (TRY(tokens_.accept_sign('{'))) TRY(attributes(node));
    if (tokens_.peek().kind == Token::Kind::kString) node.name = TRY(string());
    if (TRY(tokens_.accept_sign(':'))) {
      const std::optional<Precision> precision = parse_precision(tokens_.peek().text);
      if (!precision) return tokens_.expected("a precision");
      TRY(tokens_.next());
      node.precision = *precision;
    }
    graph_.nodes.push_back(std::move(node));
    return {};
  }

  // ---- attributes

  Status attributes(Node& node) {
    while (!TRY(tokens_.accept_sign('}'))) {
      const Token& name_token = tokens_.peek();
      if (name_token.kind != Token::Kind::kWord && name_token.kind != Token::Kind::kString) {
        return tokens_.expected("an attribute");
      }
      const std::string name = TRY(tokens_.next()).text;
      TRY(tokens_.expect_sign('='));
      const Field* field = op_info(node.op).find_field(name);
      node.attributes.set(name, TRY(attribute(field ? std::optional(field->type) : std::nullopt)));
    }
    return {};
  }

  // The row's type decides where the text fits several: 1 is a float for a float field.
  Result<Attribute> attribute(std::optional<FieldType> type) {
    const Token& token = tokens_.peek();
    if (token.kind == Token::Kind::kString) return Attribute(TRY(string()));
    if (token.is_sign('[')) return list_attribute(type);
    if (token.is_word("floats")) {
      TRY(tokens_.next());
      return Attribute(TRY(number_list<float>("a number")));
    }
    if (token.is_word("texts")) {
      TRY(tokens_.next());
      return Attribute(TRY(text_list()));
    }
    if (parse_dtype(token.text)) {
      const Type tensor_type = TRY(this->type());
      return Attribute(TRY(elements(tensor_type.dtype, tensor_type.shape)));
    }
    if (type != FieldType::kFloat && number<int64_t>(token.text)) return Attribute(TRY(parse_number<int64_t>("")));
    return Attribute(TRY(parse_number<float>("an attribute's value")));
  }

  Result<Attribute> list_attribute(std::optional<FieldType> type) {
    TRY(tokens_.expect_sign('['));
    if (tokens_.peek().kind == Token::Kind::kString) {
      Texts texts;
      while (!TRY(tokens_.accept_sign(']'))) texts.push_back(TRY(string()));
      return Attribute(std::move(texts));
    }
    Ints ints;
    Floats floats;
    bool all_integers = type != FieldType::kFloats;
    while (!TRY(tokens_.accept_sign(']'))) {
      const std::optional<int64_t> integer = number<int64_t>(tokens_.peek().text);
      all_integers = all_integers && integer;
      if (all_integers) ints.push_back(*integer);
      floats.push_back(TRY(parse_number<float>("a number")));
    }
    if (all_integers) return Attribute(std::move(ints));
    return Attribute(std::move(floats));
  }

  Tokenizer tokens_;
  Graph graph_;
  std::unordered_map<std::string, ValueId> ids_;
  std::vector<InputDescription> descriptions_;
};

}  // namespace

Result<Graph> parse_graph(std::string_view text) { return Parser(text).parse(); }

}  // namespace sixtops
