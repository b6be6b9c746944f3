// rknn_inputs_set, rknn_outputs_get, rknn_outputs_release.
#include <span>

#include "capi/context.h"
#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

using runtime::BorderTensor;
using runtime::Coding;
using runtime::MemoryLayout;

ApiStatus set_input(ModelContext& context, const rknn_input& input) {
  constexpr int kCode = RKNN_ERR_INPUT_INVALID;
  const auto& tensors = context.inference->inputs();
  if (input.index >= tensors.size()) {
    return failure(kCode, "index is {}, expected less than {}", input.index, tensors.size());
  }
  if (input.buf == nullptr) return failure(kCode, "buf of input {} is null", input.index);
  const BorderTensor& tensor = tensors[input.index];
  MemoryLayout layout = native_layout(tensor);
  layout.row_pixels = 0;  // copied buffers have no gaps
  Coding coding = Coding::kNetwork;
  if (input.pass_through == 0) {
    coding = Coding::kReal;
    TRY(dtype_of_type(input.type, kCode, layout.dtype));
    TRY(order_of_format(input.fmt, tensor, kCode, layout.order));
  }
  const std::span bytes(static_cast<const std::byte*>(input.buf), input.size);
  return translate(context.inference->set_input(input.index, layout, coding, bytes), kCode);
}

// Where an output goes: the caller's buffer, or a new one.
ApiStatus find_buffer(rknn_output& output, const BorderTensor& tensor, int64_t need, std::unique_ptr<std::byte[]>& made,
                      std::span<std::byte>& bytes) {
  constexpr int kCode = RKNN_ERR_OUTPUT_INVALID;
  if (output.is_prealloc == 0) {
    made = std::make_unique_for_overwrite<std::byte[]>(static_cast<size_t>(std::max<int64_t>(need, 1)));
    bytes = {made.get(), static_cast<size_t>(need)};
    return {};
  }
  if (output.buf == nullptr) return failure(kCode, "buf of output {} is null, but is_prealloc is set", output.index);
  if (output.size < need) {
    return failure(kCode, "output '{}' needs {} bytes, size is {}", tensor.name, need, output.size);
  }
  bytes = {static_cast<std::byte*>(output.buf), output.size};
  return {};
}

ApiStatus get_output(ModelContext& context, rknn_output& output) {
  constexpr int kCode = RKNN_ERR_OUTPUT_INVALID;
  const auto& tensors = context.inference->outputs();
  if (output.index >= tensors.size()) {
    return failure(kCode, "index is {}, expected less than {}", output.index, tensors.size());
  }
  const BorderTensor& tensor = tensors[output.index];
  MemoryLayout layout = logical_layout(tensor);
  if (output.want_float != 0) layout.dtype = DType::kF32;
  const Result<int64_t> elements = context.inference->output_elements(output.index);
  if (!elements.ok()) return translate(elements.status(), RKNN_ERR_FAIL);
  const int64_t need = *elements * static_cast<int64_t>(dtype_size(layout.dtype));
  std::unique_ptr<std::byte[]> made;
  std::span<std::byte> bytes;
  TRY(find_buffer(output, tensor, need, made, bytes));
  TRY(translate(context.inference->get_output(output.index, layout, bytes), kCode));
  if (made != nullptr) {
    output.buf = made.get();
    output.size = static_cast<uint32_t>(need);
    context.handed_out[output.buf] = std::move(made);
  }
  return {};
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops;
using namespace sixtops::capi;

int rknn_inputs_set(rknn_context context, uint32_t n_inputs, rknn_input inputs[]) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    TRY(check_not_null(inputs, "inputs"));
    const size_t count = model.inference->inputs().size();
    if (n_inputs == 0 || n_inputs > count) {
      return invalid_parameter("n_inputs is {}, expected 1 to {}", n_inputs, count);
    }
    if ((model.flags & RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE) != 0) {
      return invalid_parameter("not together with RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE; use rknn_set_io_mem");
    }
    TRY(decide_transfer(model, Transfer::kCopied));
    for (uint32_t i = 0; i < n_inputs; ++i) TRY(set_input(model, inputs[i]));
    return {};
  });
}

int rknn_outputs_get(rknn_context context, uint32_t n_outputs, rknn_output outputs[], rknn_output_extend* extend) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    TRY(check_not_null(outputs, "outputs"));
    const size_t count = model.inference->outputs().size();
    if (n_outputs == 0 || n_outputs > count) {
      return invalid_parameter("n_outputs is {}, expected 1 to {}", n_outputs, count);
    }
    if ((model.flags & RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE) != 0) {
      return invalid_parameter("not together with RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE; use rknn_set_io_mem");
    }
    TRY(decide_transfer(model, Transfer::kCopied));
    const Result<uint64_t> run = model.inference->output_run();
    if (!run.ok()) return translate(run.status(), RKNN_ERR_FAIL);
    for (uint32_t i = 0; i < n_outputs; ++i) TRY(get_output(model, outputs[i]));
    if (extend != nullptr) extend->frame_id = *run;
    return {};
  });
}

int rknn_outputs_release(rknn_context context, uint32_t n_outputs, rknn_output outputs[]) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_not_null(outputs, "outputs"));
    const size_t count = model.inference->outputs().size();
    if (n_outputs > count) return invalid_parameter("n_outputs is {}, expected at most {}", n_outputs, count);
    for (uint32_t i = 0; i < n_outputs; ++i) {
      if (outputs[i].is_prealloc == 0) model.handed_out.erase(outputs[i].buf);
    }
    return {};
  });
}
