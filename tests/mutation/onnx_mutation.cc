#include "onnx_mutation.h"

#include <cstring>

#include "byte_mutation.h"

namespace sixtops::mutation {
namespace {

using namespace wire::onnx;

// A random element of a repeated field, or nullptr.
template <typename Field>
auto* any_of(std::mt19937& random, Field* field) {
  using Element = std::remove_reference_t<decltype(*field->Mutable(0))>;
  if (field->empty()) return static_cast<Element*>(nullptr);
  return field->Mutable(std::uniform_int_distribution<int>(0, field->size() - 1)(random));
}

NodeProto* any_node(ModelProto& model, std::mt19937& random) {
  const bool in_function = !model.functions().empty() && random() % 4 == 0;
  return any_of(random,
                in_function ? model.mutable_functions(0)->mutable_node() : model.mutable_graph()->mutable_node());
}

AttributeProto* any_attribute(ModelProto& model, std::mt19937& random) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    NodeProto* node = any_node(model, random);
    if (node != nullptr && !node->attribute().empty()) return any_of(random, node->mutable_attribute());
  }
  return nullptr;
}

// A node reads what it or a later node writes, or whatever else has a name.
void rename_operand(ModelProto& model, std::mt19937& random) {
  NodeProto* reader = any_node(model, random);
  NodeProto* writer = any_node(model, random);
  if (reader == nullptr || writer == nullptr) return;
  std::string* operand = any_of(random, reader->mutable_input());
  const std::string* name = any_of(random, random() % 2 == 0 ? writer->mutable_output() : writer->mutable_input());
  if (operand != nullptr && name != nullptr) *operand = *name;
}

// Two nodes write one tensor, or a node writes an input.
void rename_result(ModelProto& model, std::mt19937& random) {
  NodeProto* one = any_node(model, random);
  NodeProto* other = any_node(model, random);
  if (one == nullptr || other == nullptr) return;
  std::string* result = any_of(random, one->mutable_output());
  const std::string* name = any_of(random, other->mutable_input());
  if (result != nullptr && name != nullptr) *result = *name;
}

void hostile_input_extent(ModelProto& model, std::mt19937& random) {
  GraphProto& graph = *model.mutable_graph();
  ValueInfoProto* value = any_of(random, random() % 3 == 0 ? graph.mutable_output() : graph.mutable_input());
  if (value == nullptr) return;
  auto* dim = any_of(random, value->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim());
  if (dim != nullptr) dim->set_dim_value(hostile_number(random));
}

void hostile_constant_extent(ModelProto& model, std::mt19937& random) {
  TensorProto* tensor = any_of(random, model.mutable_graph()->mutable_initializer());
  if (tensor == nullptr) return;
  if (tensor->dims().empty() || random() % 4 == 0) {
    tensor->add_dims(hostile_number(random));
  } else {
    tensor->set_dims(static_cast<int>(random() % static_cast<unsigned>(tensor->dims_size())), hostile_number(random));
  }
}

void hostile_type(ModelProto& model, std::mt19937& random) {
  TensorProto* tensor = any_of(random, model.mutable_graph()->mutable_initializer());
  if (tensor != nullptr) tensor->set_data_type(static_cast<int>(random() % 24));
}

// Axes, shapes, repeats and the like: the int64 constants.
void hostile_shape_operand(ModelProto& model, std::mt19937& random) {
  constexpr int kInt64 = 7;
  for (int attempt = 0; attempt < 50; ++attempt) {
    TensorProto* tensor = any_of(random, model.mutable_graph()->mutable_initializer());
    if (tensor == nullptr) return;
    std::string& raw = *tensor->mutable_raw_data();
    const size_t count = raw.size() / sizeof(int64_t);
    if (tensor->data_type() != kInt64 || count == 0) continue;
    const int64_t number = hostile_number(random);
    std::memcpy(raw.data() + random() % count * sizeof(number), &number, sizeof(number));
    return;
  }
}

void hostile_attribute(ModelProto& model, std::mt19937& random) {
  AttributeProto* attribute = any_attribute(model, random);
  if (attribute == nullptr) return;
  const int64_t number = hostile_number(random);
  if (!attribute->ints().empty() && random() % 8 != 0) {
    attribute->set_ints(static_cast<int>(random() % static_cast<unsigned>(attribute->ints_size())), number);
  } else if (!attribute->ints().empty()) {
    attribute->add_ints(number);
  } else if (attribute->has_i()) {
    attribute->set_i(number);
  } else if (attribute->has_f()) {
    attribute->set_f(static_cast<float>(number));
  } else if (attribute->has_s()) {
    attribute->mutable_s()->push_back(static_cast<char>(number));
  } else {
    attribute->set_type(static_cast<int>(number));
  }
}

void drop_attribute(ModelProto& model, std::mt19937& random) {
  NodeProto* node = any_node(model, random);
  if (node != nullptr && !node->attribute().empty()) node->mutable_attribute()->RemoveLast();
}

void drop_operand(ModelProto& model, std::mt19937& random) {
  NodeProto* node = any_node(model, random);
  if (node == nullptr || node->input().empty()) return;
  if (random() % 2 == 0) {
    node->mutable_input()->RemoveLast();
  } else {
    any_of(random, node->mutable_input())->clear();
  }
}

void add_operand(ModelProto& model, std::mt19937& random) {
  NodeProto* node = any_node(model, random);
  NodeProto* other = any_node(model, random);
  if (node != nullptr && other != nullptr && !other->input().empty()) node->add_input(other->input(0));
}

void drop_node(ModelProto& model, std::mt19937& random) {
  auto& nodes = *model.mutable_graph()->mutable_node();
  if (nodes.empty()) return;
  nodes.SwapElements(static_cast<int>(random() % static_cast<unsigned>(nodes.size())), nodes.size() - 1);
  nodes.RemoveLast();
}

void double_node(ModelProto& model, std::mt19937& random) {
  const NodeProto* node = any_node(model, random);
  if (node == nullptr) return;
  const NodeProto copy = *node;
  *model.mutable_graph()->add_node() = copy;
}

void swap_operators(ModelProto& model, std::mt19937& random) {
  NodeProto* one = any_node(model, random);
  NodeProto* other = any_node(model, random);
  if (one != nullptr && other != nullptr) one->mutable_op_type()->swap(*other->mutable_op_type());
}

void other_opset(ModelProto& model, std::mt19937& random) {
  auto* opset = any_of(random, model.mutable_opset_import());
  if (opset != nullptr) opset->set_version(random() % 4 == 0 ? hostile_number(random) : 7 + random() % 17);
}

struct Mutation {
  std::string_view name;
  void (*apply)(ModelProto&, std::mt19937&);
};

constexpr Mutation kMutations[] = {
    {"renamed operand", rename_operand},
    {"renamed result", rename_result},
    {"hostile input extent", hostile_input_extent},
    {"hostile constant extent", hostile_constant_extent},
    {"other element type", hostile_type},
    {"hostile shape operand", hostile_shape_operand},
    {"hostile attribute", hostile_attribute},
    {"dropped attribute", drop_attribute},
    {"dropped operand", drop_operand},
    {"added operand", add_operand},
    {"dropped node", drop_node},
    {"doubled node", double_node},
    {"swapped operators", swap_operators},
    {"other opset", other_opset},
};

}  // namespace

std::string_view mutate_model(ModelProto& model, std::mt19937& random) {
  const Mutation& mutation = kMutations[random() % std::size(kMutations)];
  mutation.apply(model, random);
  return mutation.name;
}

}  // namespace sixtops::mutation
