// rknn_custom_op.h.
#include "capi/custom_operators.h"

#include <cstring>
#include <map>

#include "base/log.h"
#include "capi/context.h"
#include "capi/handle_table.h"
#include "capi/node_attributes.h"
#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

HandleTable<NodeAttributes>& attribute_handles() {
  static auto* table = new HandleTable<NodeAttributes>();  // never destroyed, as the contexts
  return *table;
}

std::string text_of(const char* text, size_t size) { return {text, strnlen(text, size)}; }

rknn_custom_op_tensor describe(const std::string& name, DType dtype, const Shape& shape, uint32_t index) {
  rknn_custom_op_tensor tensor = {};
  rknn_tensor_attr& attr = tensor.attr;
  attr.index = index;
  copy_text(name, attr.name, sizeof(attr.name));
  attr.n_dims = static_cast<uint32_t>(std::min<size_t>(shape.size(), RKNN_MAX_DIMS));
  attr.n_elems = 1;
  for (size_t i = 0; i < attr.n_dims; ++i) {
    attr.dims[i] = static_cast<uint32_t>(shape[i]);
    attr.n_elems *= attr.dims[i];
  }
  attr.type = type_of(dtype);
  attr.size = attr.n_elems * static_cast<uint32_t>(dtype_size(dtype));
  attr.size_with_stride = attr.size;
  attr.fmt = shape.size() == 4 ? RKNN_TENSOR_NCHW : RKNN_TENSOR_UNDEFINED;
  attr.qnt_type = RKNN_TENSOR_QNT_NONE;
  attr.scale = 1;
  tensor.mem.fd = runtime::DeviceMemory::kNoDescriptor;
  tensor.mem.size = attr.size;
  tensor.mem.flags = RKNN_TENSOR_MEMORY_FLAGS_UNKNOWN;
  return tensor;
}

using CustomTensors = std::vector<rknn_custom_op_tensor>;

// Of a node that runs: with data. Operands that are left out have no elements.
CustomTensors describe(const Graph& graph, const std::vector<ValueId>& ids, std::span<const Tensor> tensors) {
  CustomTensors described;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const std::string name = ids[i] == kNoValue ? "" : graph.value(ids[i]).name;
    described.push_back(describe(name, tensors[i].dtype(), tensors[i].shape(), static_cast<uint32_t>(i)));
    described.back().mem.virt_addr = const_cast<std::byte*>(tensors[i].bytes().data());
  }
  return described;
}

// Of a node before any run: without data.
CustomTensors describe(const Graph& graph, const std::vector<ValueId>& ids) {
  CustomTensors described;
  for (const ValueId id : ids) {
    const auto index = static_cast<uint32_t>(described.size());
    if (id == kNoValue) {
      described.push_back(describe("", DType::kF32, {0}, index));
      continue;
    }
    const Value& value = graph.value(id);
    Shape shape = value.shape.value_or(Shape{0});
    for (int64_t& extent : shape) extent = std::max<int64_t>(extent, 0);
    described.push_back(describe(value.name, is_float(value.dtype) ? DType::kF32 : value.dtype, shape, index));
  }
  return described;
}

using Callback = decltype(rknn_custom_op::compute);

int call(Callback callback, rknn_custom_op_context& context, CustomTensors& inputs, CustomTensors& outputs) {
  if (callback == nullptr) return RKNN_SUCC;
  return callback(&context, inputs.data(), static_cast<uint32_t>(inputs.size()), outputs.data(),
                  static_cast<uint32_t>(outputs.size()));
}

ApiStatus check(const rknn_custom_op& op, const std::string& type) {
  if (type.empty()) return invalid_parameter("op_type is empty");
  if (op.target != RKNN_TARGET_TYPE_CPU) {
    return invalid_parameter("target of '{}' is {}, expected RKNN_TARGET_TYPE_CPU on this machine", type,
                             static_cast<int>(op.target));
  }
  if (op.compute == nullptr) return invalid_parameter("compute of '{}' is null", type);
  return {};
}

}  // namespace

struct CustomOperators::Registered {
  rknn_custom_op op = {};
  rknn_custom_op_context context = {};
  std::map<const Node*, uint64_t> attribute_handles;  // internal_ctx of each node

  rknn_custom_op_context& context_of(const Node& node) {
    uint64_t& handle = attribute_handles[&node];
    if (handle == 0) handle = capi::attribute_handles().add(std::make_shared<NodeAttributes>(node));
    context.internal_ctx = static_cast<rknn_custom_op_interal_context>(handle);
    return context;
  }

  ~Registered() {
    if (op.destroy != nullptr) op.destroy(&context);
    for (const auto& [node, handle] : attribute_handles) capi::attribute_handles().remove(handle);
  }

  Status run(const Graph& graph, const Node& node, std::span<const Tensor> inputs, std::span<Tensor> outputs) {
    CustomTensors in = describe(graph, node.inputs, inputs);
    CustomTensors out = describe(graph, node.outputs, outputs);
    rknn_custom_op_context& own = context_of(node);
    for (const auto& [name, callback] : {std::pair{"prepare", op.prepare}, std::pair{"compute", op.compute}}) {
      const int code = call(callback, own, in, out);
      if (code < 0) return make_error(StatusCode::kUnsupported, "its {} callback returned {}", name, code);
    }
    return {};
  }
};

CustomOperators::CustomOperators() = default;
CustomOperators::~CustomOperators() = default;

ApiStatus CustomOperators::add(runtime::Inference& inference, const rknn_custom_op& op) {
  const std::string type = text_of(op.op_type, sizeof(op.op_type));
  TRY(check(op, type));
  const Graph& graph = inference.session().graph();
  const Node* first = nullptr;
  for (const Node& node : graph.nodes) {
    if (node.op != Op::kCustom && op_info(node.op).name == type) {
      return failure(RKNN_ERR_FAIL, "'{}' has a kernel of the library, which cannot be replaced; only custom nodes can",
                     type);
    }
    if (first == nullptr && node.op == Op::kCustom && node.get_text("type") == type) first = &node;
  }
  if (first == nullptr) {
    log(LogLevel::kWarning, "rknn_register_custom_ops: the model has no node of type '{}'", type);
    return {};
  }
  auto made = std::make_unique<Registered>();
  made->context.target = op.target;
  CustomTensors inputs = describe(graph, first->inputs);
  CustomTensors outputs = describe(graph, first->outputs);
  const int code = call(op.init, made->context_of(*first), inputs, outputs);
  if (code == RKNN_WARNING_SKIP_CUSTOM_OP_COMPUTE) return {};
  if (code < 0) return failure(RKNN_ERR_FAIL, "the init callback of '{}' returned {}", type, code);
  made->op = op;  // from here on destroy has something to free
  inference.session().set_custom_operator(
      type, [raw = made.get()](const Graph& run_graph, const Node& node, std::span<const Tensor> operands,
                               std::span<Tensor> results) { return raw->run(run_graph, node, operands, results); });
  registered_.push_back(std::move(made));
  return {};
}

}  // namespace sixtops::capi

using namespace sixtops::capi;

int rknn_register_custom_ops(rknn_context ctx, rknn_custom_op* op, uint32_t custom_op_num) {
  return model_call(__func__, ctx, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    TRY(check_not_null(op, "op"));
    if (custom_op_num == 0) return invalid_parameter("custom_op_num is 0, expected 1 or more");
    model.inference->wait();
    if (model.custom_operators == nullptr) model.custom_operators = std::make_unique<CustomOperators>();
    for (uint32_t i = 0; i < custom_op_num; ++i) TRY(model.custom_operators->add(*model.inference, op[i]));
    return {};
  });
}

void rknn_custom_op_get_op_attr(rknn_custom_op_context* op_ctx, const char* attr_name, rknn_custom_op_attr* op_attr) {
  if (op_attr == nullptr) return;
  *op_attr = {};
  api_call(__func__, [&]() -> ApiStatus {
    TRY(check_not_null(op_ctx, "op_ctx"));
    TRY(check_not_null(attr_name, "attr_name"));
    const std::shared_ptr<NodeAttributes> attributes = attribute_handles().find(op_ctx->internal_ctx);
    if (attributes == nullptr) return invalid_parameter("op_ctx is not the one that a callback was given");
    *op_attr = attributes->find(attr_name);
    return {};
  });
}
