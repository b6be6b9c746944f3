// rknn_run, rknn_wait, and which cores they use.
#include "base/log.h"
#include "capi/context.h"
#include "capi/core_mask.h"
#include "capi/log_level.h"
#include "runtime/layer_table.h"

namespace sixtops::capi {
namespace {

// The code of a run that failed: for want of an input it is the input's.
ApiStatus run_failure(const Status& status) {
  return translate(status, status.code() == StatusCode::kUsage ? RKNN_ERR_INPUT_INVALID : RKNN_ERR_FAIL);
}

constexpr int kMaxBatchCores = 3;

}  // namespace

ApiStatus check_core_mask(rknn_core_mask mask) {
  switch (mask) {
    case RKNN_NPU_CORE_AUTO:
    case RKNN_NPU_CORE_0:
    case RKNN_NPU_CORE_1:
    case RKNN_NPU_CORE_2:
    case RKNN_NPU_CORE_0_1:
    case RKNN_NPU_CORE_0_1_2:
    case RKNN_NPU_CORE_ALL:
      log(LogLevel::kInfo, "core mask {} is accepted; there is no NPU, the CPU runs on the threads that are free",
          static_cast<int>(mask));
      return {};
    default:
      return invalid_parameter("core_mask is {}, expected 0, 1, 2, 4, 3, 7 or 65535", static_cast<int>(mask));
  }
}

}  // namespace sixtops::capi

using namespace sixtops;
using namespace sixtops::capi;

int rknn_run(rknn_context context, rknn_run_extend* extend) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    const bool returns_at_once = extend != nullptr && extend->non_block != 0;
    const Result<uint64_t> run = returns_at_once ? model.inference->start() : model.inference->run();
    if (!run.ok()) return run_failure(run.status());
    if (extend != nullptr) extend->frame_id = *run;
    if (log_level() >= kLayerTableLevel) {
      const auto times = model.inference->layer_times();
      log(LogLevel::kInfo, "\n{}", runtime::layer_table(model.inference->session().graph(), times));
    }
    return {};
  });
}

int rknn_wait(rknn_context context, rknn_run_extend* extend) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    std::optional<std::chrono::milliseconds> timeout;
    if (extend != nullptr && extend->timeout_ms > 0) timeout = std::chrono::milliseconds(extend->timeout_ms);
    const std::optional<Status> status = model.inference->wait(timeout);
    if (!status) return failure(RKNN_ERR_TIMEOUT, "the run goes on after {} ms", extend->timeout_ms);
    return run_failure(*status);
  });
}

int rknn_set_core_mask(rknn_context context, rknn_core_mask core_mask) {
  return model_call(__func__, context, [&](ModelContext&) { return check_core_mask(core_mask); });
}

int rknn_set_batch_core_num(rknn_context context, int core_num) {
  return model_call(__func__, context, [&](ModelContext&) -> ApiStatus {
    if (core_num >= 0 && core_num <= kMaxBatchCores) return {};
    return invalid_parameter("core_num is {}, expected 0 to {}", core_num, kMaxBatchCores);
  });
}
