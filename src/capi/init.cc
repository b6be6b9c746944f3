// rknn_init, rknn_dup_context, rknn_destroy.
#include "base/file.h"
#include "base/log.h"
#include "capi/context.h"
#include "capi/custom_operators.h"
#include "capi/log_level.h"
#include "capi/matmul_context.h"
#include "capi/memory.h"

namespace sixtops::capi {
namespace {

using runtime::Inference;
using runtime::InferenceOptions;

constexpr uint32_t kKnownFlags = 0x1ffff;
constexpr uint32_t kLowestPriority = 2;
constexpr uint32_t kPriorityBits = 3;

ApiStatus check_flags(uint32_t flags, const rknn_init_extend* extend) {
  if ((flags & ~kKnownFlags) != 0) return invalid_parameter("flag {:#x} has bits that are no flag of rknn_init", flags);
  if ((flags & kPriorityBits) > kLowestPriority) {
    return invalid_parameter("flag {:#x} asks for two priorities at once", flags);
  }
  if ((flags & (RKNN_FLAG_FENCE_IN_OUTSIDE | RKNN_FLAG_FENCE_OUT_OUTSIDE)) != 0) {
    return invalid_parameter("fences are for the chip's driver; use rknn_run with non_block and rknn_wait");
  }
  if ((flags & RKNN_FLAG_SHARE_WEIGHT_MEM) != 0) {
    if (extend == nullptr) return invalid_parameter("RKNN_FLAG_SHARE_WEIGHT_MEM needs extend->ctx");
    if (find_context(extend->ctx) == nullptr) {
      return failure(RKNN_ERR_CTX_INVALID, "extend->ctx {:#x} does not exist (any more)", extend->ctx);
    }
  }
  return {};
}

// The part of the bytes that extend says.
ApiStatus cut_to_model(const rknn_init_extend* extend, SharedBytes& bytes) {
  if (extend == nullptr || (extend->real_model_offset == 0 && extend->real_model_size == 0)) return {};
  const int64_t offset = extend->real_model_offset;
  const auto total = static_cast<int64_t>(bytes.size());
  const int64_t size = extend->real_model_size != 0 ? int64_t{extend->real_model_size} : total - offset;
  if (offset < 0 || size <= 0 || offset > total || size > total - offset) {
    return invalid_parameter("real_model_offset {} and real_model_size {} do not lie in the {} bytes given", offset,
                             extend->real_model_size, total);
  }
  bytes = bytes.slice(static_cast<size_t>(offset), static_cast<size_t>(size));
  return {};
}

ApiStatus read_model_bytes(const void* model, uint32_t size, uint32_t flags, ModelContext& context,
                           SharedBytes& bytes) {
  if (size == 0) {
    Result<SharedBytes> file = read_file(static_cast<const char*>(model));
    if (!file.ok()) return translate(file.status(), RKNN_ERR_MODEL_INVALID);
    bytes = std::move(file).value();
    return {};
  }
  const ByteSpan given(static_cast<const std::byte*>(model), size);
  if ((flags & RKNN_FLAG_MODEL_BUFFER_ZERO_COPY) == 0) {
    bytes = SharedBytes::own({given.begin(), given.end()});
    return {};
  }
  context.model_memory = find_memory_at(model);
  if (context.model_memory == nullptr) {
    return invalid_parameter("RKNN_FLAG_MODEL_BUFFER_ZERO_COPY needs a model in memory of rknn_create_mem");
  }
  const std::span<std::byte> memory = context.model_memory->bytes();
  if (size > static_cast<size_t>(memory.data() + memory.size() - given.data())) {
    return invalid_parameter("size is {}, the model's memory ends before", size);
  }
  bytes = SharedBytes(context.model_memory, given);
  return {};
}

// Every problem of a model is one of the model, whatever the runtime calls it.
ApiStatus open_model(const void* model, uint32_t size, uint32_t flags, const rknn_init_extend* extend,
                     ModelContext& context) {
  SharedBytes bytes;
  TRY(read_model_bytes(model, size, flags, context, bytes));
  TRY(cut_to_model(extend, bytes));
  InferenceOptions options;
  options.time_layers = (flags & RKNN_FLAG_COLLECT_PERF_MASK) != 0 || log_level() >= kLayerTableLevel;
  options.runs_ahead = (flags & RKNN_FLAG_ASYNC_MASK) != 0;
  Result<std::unique_ptr<Inference>> inference = Inference::open(bytes, options);
  if (!inference.ok()) {
    const std::string source = size == 0 ? std::string(static_cast<const char*>(model)) + ": " : "model: ";
    return translate(inference.status().with_prefix(source), RKNN_ERR_MODEL_INVALID);
  }
  context.flags = flags;
  context.inference = std::move(inference).value();
  return {};
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops;
using namespace sixtops::capi;

int rknn_init(rknn_context* context, void* model, uint32_t size, uint32_t flag, rknn_init_extend* extend) {
  start_logging();
  return api_call(__func__, [&]() -> ApiStatus {
    TRY(check_not_null(context, "context"));
    *context = 0;
    TRY(check_not_null(model, "model"));
    TRY(check_flags(flag, extend));
    auto made = std::make_shared<Context>();
    made->model = std::make_unique<ModelContext>();
    TRY(open_model(model, size, flag, extend, *made->model));
    const auto& inference = *made->model->inference;
    log(LogLevel::kInfo, "model '{}' with {} inputs and {} outputs runs on the CPU", inference.session().graph().name,
        inference.inputs().size(), inference.outputs().size());
    *context = add_context(std::move(made));
    return {};
  });
}

int rknn_dup_context(rknn_context* context_in, rknn_context* context_out) {
  if (context_in == nullptr || context_out == nullptr) {
    return answer(__func__, invalid_parameter("context_in or context_out is null"));
  }
  return model_call(__func__, *context_in, [&](ModelContext& model) -> ApiStatus {
    auto inference = model.inference->duplicate();
    if (!inference.ok()) return translate(inference.status(), RKNN_ERR_FAIL);
    auto made = std::make_shared<Context>();
    made->model = std::make_unique<ModelContext>();
    made->model->inference = std::move(inference).value();
    made->model->flags = model.flags;
    made->model->model_memory = model.model_memory;
    *context_out = add_context(std::move(made));
    return {};
  });
}

int rknn_destroy(rknn_context context) {
  return api_call(__func__, [&]() -> ApiStatus {
    const std::shared_ptr<Context> found = find_context(context);
    if (found == nullptr) return failure(RKNN_ERR_CTX_INVALID, "context {:#x} does not exist (any more)", context);
    if (found->model == nullptr) {
      return failure(RKNN_ERR_CTX_INVALID, "the context is one of a matrix product; use rknn_matmul_destroy");
    }
    remove_context(context);
    const std::lock_guard lock(found->mutex);  // a call that is on its way ends first
    found->model->inference->wait();
    return {};
  });
}
