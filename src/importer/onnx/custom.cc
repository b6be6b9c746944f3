#include "importer/onnx/custom.h"

#include "base/error.h"
#include "importer/onnx/values.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::AttributeProto;

// AttributeProto.AttributeType
enum AttributeType { kFloat = 1, kInt = 2, kString = 3, kTensor = 4, kFloats = 6, kInts = 7, kStrings = 8 };

Result<Attribute> read_verbatim(Translation& node, const AttributeProto& proto) {
  switch (proto.type()) {
    case kFloat:
      return Attribute(proto.f());
    case kInt:
      return Attribute(proto.i());
    case kString:
      return Attribute(proto.s());
    case kTensor:
      return Attribute(TRY(node.read_tensor(proto.t())));
    case kFloats:
      return Attribute(Floats(proto.floats().begin(), proto.floats().end()));
    case kInts:
      return Attribute(Ints(proto.ints().begin(), proto.ints().end()));
    case kStrings:
      return Attribute(Texts(proto.strings().begin(), proto.strings().end()));
    default:
      return unsupported("attribute '{}' of a custom node has type {}", proto.name(), proto.type());
  }
}

}  // namespace

bool is_custom(const wire::onnx::NodeProto& node) {
  return !is_onnx_domain(node.domain()) || node.op_type().starts_with("cst");
}

Status translate_custom(Translation& node,
                        const std::unordered_map<std::string, const wire::onnx::ValueInfoProto*>& types) {
  Node custom;
  custom.op = Op::kCustom;
  for (const AttributeProto& proto : node.proto().attribute()) {
    if (op_info(Op::kCustom).find_field(proto.name()) != nullptr) {
      return unsupported("a custom node's attribute cannot be called '{}'", proto.name());
    }
    custom.attributes.set(proto.name(), TRY(read_verbatim(node, proto)));
  }
  custom.attributes.set("type", node.type());
  custom.attributes.set("domain", node.proto().domain());

  std::vector<ValueType> output_types;
  for (const std::string& name : node.proto().output()) {
    const auto stated = types.find(name);
    if (name.empty()) {
      output_types.push_back({});
    } else if (stated == types.end()) {
      return invalid_data("a custom operator, but the file states no type of its output '{}' (value_info)", name);
    } else {
      output_types.push_back(TRY(read_value_type(*stated->second)));
    }
  }
  return node.write_custom(std::move(custom), output_types);
}

}  // namespace sixtops::importer::onnx
