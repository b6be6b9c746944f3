// rknn_query.
#include <algorithm>
#include <limits>

#include "base/version.h"
#include "capi/context.h"
#include "capi/tensor_types.h"
#include "runtime/layer_table.h"

namespace sixtops::capi {
namespace {

using runtime::BorderTensor;
using runtime::MemoryLayout;

// The version that this API is compatible with, in the vendor's form, and who answers.
constexpr const char* kApiVersion = "2.3.2";
constexpr const char* kDriverVersion = "none, CPU";

template <typename T>
ApiStatus check_size(uint32_t size, const char* type) {
  if (size == sizeof(T)) return {};
  return invalid_parameter("size is {}, expected {} (sizeof {})", size, sizeof(T), type);
}

using LayoutOf = MemoryLayout (*)(const BorderTensor&);

ApiStatus query_attributes(const std::vector<BorderTensor>& tensors, LayoutOf layout_of, uint32_t size, void* info) {
  TRY(check_size<rknn_tensor_attr>(size, "rknn_tensor_attr"));
  auto& attr = *static_cast<rknn_tensor_attr*>(info);
  if (attr.index >= tensors.size()) {
    return invalid_parameter("index is {}, expected less than {}", attr.index, tensors.size());
  }
  const BorderTensor& tensor = tensors[attr.index];
  fill_attributes(tensor, layout_of(tensor), attr.index, attr);
  return {};
}

ApiStatus query_dynamic_range(const runtime::Inference& inference, uint32_t size, void* info) {
  TRY(check_size<rknn_input_range>(size, "rknn_input_range"));
  auto& range = *static_cast<rknn_input_range*>(info);
  const uint32_t index = range.index;
  if (index >= inference.inputs().size()) {
    return invalid_parameter("index is {}, expected less than {}", index, inference.inputs().size());
  }
  range = {};
  range.index = index;
  range.shape_number = static_cast<uint32_t>(std::min<size_t>(inference.shape_set_count(), RKNN_MAX_DYNAMIC_SHAPE_NUM));
  for (size_t set = 0; set < range.shape_number; ++set) {
    const BorderTensor& tensor = inference.inputs_of_set(set)[index];
    rknn_tensor_attr attr;
    fill_attributes(tensor, runtime::logical_layout(tensor), index, attr);
    range.fmt = attr.fmt;
    range.n_dims = attr.n_dims;
    copy_text(tensor.name, range.name, sizeof(range.name));
    std::copy_n(attr.dims, RKNN_MAX_DIMS, range.dyn_range[set]);
  }
  return {};
}

ApiStatus query_perf_detail(ModelContext& context, uint32_t size, void* info) {
  TRY(check_size<rknn_perf_detail>(size, "rknn_perf_detail"));
  if ((context.flags & RKNN_FLAG_COLLECT_PERF_MASK) == 0) {
    context.perf_text = "No layer was measured: give RKNN_FLAG_COLLECT_PERF_MASK to rknn_init.\n";
  } else {
    const std::vector<runtime::LayerTime> times = context.inference->layer_times();
    context.perf_text = runtime::layer_table(context.inference->session().graph(), times);
  }
  auto& detail = *static_cast<rknn_perf_detail*>(info);
  detail.perf_data = context.perf_text.data();
  detail.data_len = context.perf_text.size();
  return {};
}

ApiStatus query_memory_size(const ModelContext& context, uint32_t size, void* info) {
  TRY(check_size<rknn_mem_size>(size, "rknn_mem_size"));
  const runtime::MemoryNeed need = context.inference->memory_need();
  const auto to_u32 = [](int64_t bytes) { return static_cast<uint32_t>(std::clamp<int64_t>(bytes, 0, UINT32_MAX)); };
  auto& memory = *static_cast<rknn_mem_size*>(info);
  memory = {};
  memory.total_weight_size = to_u32(need.constants);
  memory.total_internal_size = to_u32(need.tensors - need.borders);
  memory.total_dma_allocated_size = static_cast<uint64_t>(need.constants + std::max(need.tensors, need.borders));
  return {};
}

ApiStatus query_plain(ModelContext& context, rknn_query_cmd command, uint32_t size, void* info) {
  runtime::Inference& inference = *context.inference;
  switch (command) {
    case RKNN_QUERY_IN_OUT_NUM:
      TRY(check_size<rknn_input_output_num>(size, "rknn_input_output_num"));
      *static_cast<rknn_input_output_num*>(info) = {static_cast<uint32_t>(inference.inputs().size()),
                                                    static_cast<uint32_t>(inference.outputs().size())};
      return {};
    case RKNN_QUERY_PERF_DETAIL:
      return query_perf_detail(context, size, info);
    case RKNN_QUERY_PERF_RUN:
      TRY(check_size<rknn_perf_run>(size, "rknn_perf_run"));
      static_cast<rknn_perf_run*>(info)->run_duration = inference.last_run_microseconds();
      return {};
    case RKNN_QUERY_SDK_VERSION: {
      TRY(check_size<rknn_sdk_version>(size, "rknn_sdk_version"));
      auto& version = *static_cast<rknn_sdk_version*>(info);
      copy_text(fmt::format("{} ({})", kApiVersion, kProducer), version.api_version, sizeof(version.api_version));
      copy_text(kDriverVersion, version.drv_version, sizeof(version.drv_version));
      return {};
    }
    case RKNN_QUERY_MEM_SIZE:
      return query_memory_size(context, size, info);
    case RKNN_QUERY_CUSTOM_STRING: {
      TRY(check_size<rknn_custom_string>(size, "rknn_custom_string"));
      auto& text = *static_cast<rknn_custom_string*>(info);
      copy_text(inference.session().custom_text(), text.string, sizeof(text.string));
      return {};
    }
    case RKNN_QUERY_INPUT_DYNAMIC_RANGE:
      return query_dynamic_range(inference, size, info);
    case RKNN_QUERY_DEVICE_MEM_INFO:
      return invalid_parameter("RKNN_QUERY_DEVICE_MEM_INFO is no command of the RK3588");
    default:
      return invalid_parameter("cmd is {}, expected 0 to {}", static_cast<int>(command), RKNN_QUERY_CMD_MAX - 1);
  }
}

ApiStatus query(ModelContext& context, rknn_query_cmd command, uint32_t size, void* info) {
  const runtime::Inference& inference = *context.inference;
  switch (command) {
    case RKNN_QUERY_INPUT_ATTR:
    case RKNN_QUERY_CURRENT_INPUT_ATTR:
      return query_attributes(inference.inputs(), runtime::logical_layout, size, info);
    case RKNN_QUERY_OUTPUT_ATTR:
    case RKNN_QUERY_CURRENT_OUTPUT_ATTR:
      return query_attributes(inference.outputs(), runtime::logical_layout, size, info);
    case RKNN_QUERY_NATIVE_INPUT_ATTR:
    case RKNN_QUERY_CURRENT_NATIVE_INPUT_ATTR:
      return query_attributes(inference.inputs(), runtime::native_layout, size, info);
    case RKNN_QUERY_NATIVE_OUTPUT_ATTR:
    case RKNN_QUERY_CURRENT_NATIVE_OUTPUT_ATTR:
      return query_attributes(inference.outputs(), runtime::native_layout, size, info);
    case RKNN_QUERY_NATIVE_NHWC_INPUT_ATTR:
      return query_attributes(inference.inputs(), runtime::native_nhwc_layout, size, info);
    case RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR:
      return query_attributes(inference.outputs(), runtime::native_nhwc_layout, size, info);
    default:
      return query_plain(context, command, size, info);
  }
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops::capi;

int rknn_query(rknn_context context, rknn_query_cmd cmd, void* info, uint32_t size) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_not_null(info, "info"));
    if (cmd != RKNN_QUERY_MEM_SIZE) TRY(check_can_run(model));
    return query(model, cmd, size, info);
  });
}
