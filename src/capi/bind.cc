// rknn_set_io_mem, rknn_set_weight_mem, rknn_set_internal_mem: memory that runs use in place.
#include <algorithm>
#include <cstring>

#include "capi/context.h"
#include "capi/memory.h"
#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

using runtime::AxisOrder;
using runtime::BorderTensor;
using runtime::BoundMemory;
using runtime::Coding;
using runtime::DeviceMemory;
using runtime::MemoryLayout;
using runtime::Side;

struct Target {
  Side side = Side::kInput;
  uint32_t index = 0;
};

// The attributes do not say whether they are an input's: the name decides, and the index only where one side has it.
ApiStatus find_target(const ModelContext& context, const rknn_tensor_attr& attr, Target& target) {
  const auto& inputs = context.inference->inputs();
  const auto& outputs = context.inference->outputs();
  const std::string name(attr.name, strnlen(attr.name, sizeof(attr.name)));
  const auto index_of_name = [&](const std::vector<BorderTensor>& tensors) {
    const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const BorderTensor& tensor) {
      return tensor.name.substr(0, RKNN_MAX_NAME_LEN - 1) == name;
    });
    return static_cast<uint32_t>(found - tensors.begin());
  };
  const uint32_t input = index_of_name(inputs);
  const uint32_t output = index_of_name(outputs);
  const bool is_input = input < inputs.size();
  const bool is_output = output < outputs.size();
  if (is_input != is_output) {
    target = is_input ? Target{Side::kInput, input} : Target{Side::kOutput, output};
    return {};
  }
  const bool may_be_input = attr.index < inputs.size();
  const bool may_be_output = attr.index < outputs.size();
  if (may_be_input == may_be_output) {
    return invalid_parameter("neither name '{}' nor index {} tells which input or output is meant", name, attr.index);
  }
  target = {may_be_input ? Side::kInput : Side::kOutput, attr.index};
  return {};
}

// Programs that do not know of row gaps allocate just the elements; then there are none.
void fit_rows(const BorderTensor& tensor, size_t memory_bytes, MemoryLayout& layout) {
  const Result<int64_t> with_gaps = runtime::layout_bytes(tensor, layout);
  if (!with_gaps.ok() || static_cast<int64_t>(memory_bytes) < *with_gaps) layout.row_pixels = 0;
}

ApiStatus bind_input(ModelContext& context, uint32_t index, const rknn_tensor_attr& attr, BoundMemory memory) {
  const BorderTensor& tensor = context.inference->inputs()[index];
  MemoryLayout layout;
  TRY(dtype_of_type(attr.type, RKNN_ERR_PARAM_INVALID, layout.dtype));
  TRY(order_of_format(attr.fmt, tensor, RKNN_ERR_PARAM_INVALID, layout.order));
  // Elements of the network's own type are its codes; bytes of a picture and real numbers get normalized.
  const bool is_own_type = attr.pass_through != 0 || layout.dtype == tensor.dtype;
  if (layout.order == AxisOrder::kNhwc) {
    layout.row_pixels = runtime::native_nhwc_layout(tensor).row_pixels;
    layout.picture_rows = std::max<int64_t>(attr.h_stride, tensor.height);
    fit_rows(tensor, memory.bytes.size(), layout);
  }
  return translate(
      context.inference->bind_input(index, layout, is_own_type ? Coding::kNetwork : Coding::kReal, std::move(memory)),
      RKNN_ERR_PARAM_INVALID);
}

ApiStatus bind_output(ModelContext& context, uint32_t index, const rknn_tensor_attr& attr, BoundMemory memory) {
  const BorderTensor& tensor = context.inference->outputs()[index];
  MemoryLayout layout;
  TRY(dtype_of_type(attr.type, RKNN_ERR_PARAM_INVALID, layout.dtype));
  TRY(order_of_format(attr.fmt, tensor, RKNN_ERR_PARAM_INVALID, layout.order));
  return translate(context.inference->bind_output(index, layout, std::move(memory)), RKNN_ERR_PARAM_INVALID);
}

// Memory for weights or internal tensors: large enough, and kept as long as the context.
ApiStatus keep_outside_memory(ModelContext& context, const rknn_tensor_mem* mem, uint32_t flags, const char* flag_names,
                              int64_t need) {
  if ((context.flags & flags) == 0) return invalid_parameter("the context was not made with {}", flag_names);
  std::shared_ptr<DeviceMemory> memory;
  TRY(find_memory(mem, memory));
  if (static_cast<int64_t>(memory->bytes().size()) < need) {
    return invalid_parameter("mem has {} bytes, {} are needed (RKNN_QUERY_MEM_SIZE)", memory->bytes().size(), need);
  }
  context.outside_memory.push_back(std::move(memory));
  return {};
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops;
using namespace sixtops::capi;

int rknn_set_io_mem(rknn_context context, rknn_tensor_mem* mem, rknn_tensor_attr* attr) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    std::shared_ptr<DeviceMemory> memory;
    TRY(find_memory(mem, memory));
    TRY(check_not_null(attr, "attr"));
    Target target;
    TRY(find_target(model, *attr, target));
    TRY(decide_transfer(model, Transfer::kBound));
    BoundMemory bound{memory, memory->bytes()};
    if (target.side == Side::kInput) return bind_input(model, target.index, *attr, std::move(bound));
    return bind_output(model, target.index, *attr, std::move(bound));
  });
}

int rknn_set_weight_mem(rknn_context context, rknn_tensor_mem* mem) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    const runtime::MemoryNeed need = model.inference->memory_need();
    return keep_outside_memory(model, mem, RKNN_FLAG_MEM_ALLOC_OUTSIDE, "RKNN_FLAG_MEM_ALLOC_OUTSIDE", need.constants);
  });
}

int rknn_set_internal_mem(rknn_context context, rknn_tensor_mem* mem) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    const runtime::MemoryNeed need = model.inference->memory_need();
    return keep_outside_memory(model, mem, RKNN_FLAG_MEM_ALLOC_OUTSIDE | RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE,
                               "RKNN_FLAG_MEM_ALLOC_OUTSIDE or RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE",
                               need.tensors - need.borders);
  });
}
