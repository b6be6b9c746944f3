// What stands behind an rknn_context: a model with its inference, or a matrix product.
#pragma once

#include <rknn_api.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capi/api_status.h"
#include "runtime/device_memory.h"
#include "runtime/inference.h"

namespace sixtops::capi {

class CustomOperators;
struct MatmulContext;

// How a program moves its data; a context stays with the first way that it uses.
enum class Transfer { kUndecided, kCopied, kBound };

struct ModelContext {
  ModelContext();
  ~ModelContext();

  uint32_t flags = 0;
  // Null: none are registered. Declared before the inference, whose last run they may belong to.
  std::unique_ptr<CustomOperators> custom_operators;
  std::unique_ptr<runtime::Inference> inference;
  Transfer transfer = Transfer::kUndecided;
  std::shared_ptr<runtime::DeviceMemory> model_memory;                 // that constants lie in
  std::vector<std::shared_ptr<runtime::DeviceMemory>> outside_memory;  // weights, internal tensors
  std::map<void*, std::unique_ptr<std::byte[]>> handed_out;            // by rknn_outputs_get
  std::string perf_text;                                               // of the last query
};

// One of the two.
struct Context {
  std::mutex mutex;  // a call holds it
  std::unique_ptr<ModelContext> model;
  std::unique_ptr<MatmulContext> matmul;
  Context();
  ~Context();
};

rknn_context add_context(std::shared_ptr<Context> context);
std::shared_ptr<Context> find_context(rknn_context handle);  // null: not live
std::shared_ptr<Context> remove_context(rknn_context handle);

// body(ModelContext&) under the lock of the context, which has to be one of a model that can run.
template <typename Body>
int model_call(const char* function, rknn_context handle, Body body) noexcept {
  return api_call(function, [&]() -> ApiStatus {
    const std::shared_ptr<Context> context = find_context(handle);
    if (context == nullptr) return failure(RKNN_ERR_CTX_INVALID, "context {:#x} does not exist (any more)", handle);
    if (context->model == nullptr) return failure(RKNN_ERR_CTX_INVALID, "the context is one of a matrix product");
    const std::lock_guard lock(context->mutex);
    return body(*context->model);
  });
}

// The same for a matrix product.
template <typename Body>
int matmul_call(const char* function, rknn_context handle, Body body) noexcept {
  return api_call(function, [&]() -> ApiStatus {
    const std::shared_ptr<Context> context = find_context(handle);
    if (context == nullptr) return failure(RKNN_ERR_CTX_INVALID, "context {:#x} does not exist (any more)", handle);
    if (context->matmul == nullptr) return failure(RKNN_ERR_CTX_INVALID, "the context is one of a model");
    const std::lock_guard lock(context->mutex);
    return body(*context->matmul);
  });
}

// A light context of RKNN_FLAG_COLLECT_MODEL_INFO_ONLY has nothing to run.
ApiStatus check_can_run(const ModelContext& context);

// kUndecided becomes `transfer`; anything else has to be it already.
ApiStatus decide_transfer(ModelContext& context, Transfer transfer);

}  // namespace sixtops::capi
