#include "runtime/inference.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"

namespace sixtops::runtime {
namespace {

int64_t machine_memory_bytes() {
  return static_cast<int64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<int64_t>(::sysconf(_SC_PAGE_SIZE));
}

std::span<std::byte> writable_bytes(Tensor& tensor) {
  return {const_cast<std::byte*>(tensor.bytes().data()), tensor.byte_size()};
}

}  // namespace

Result<std::unique_ptr<Inference>> Inference::over(std::unique_ptr<Session> session, const InferenceOptions& options) {
  auto inference = std::unique_ptr<Inference>(new Inference(std::move(session), options));
  const Session& opened = *inference->session_;
  for (size_t i = 0; i < opened.variant_count(); ++i) {
    const Graph& graph = opened.variant(i);
    inference->borders_.push_back({TRY(describe_inputs(graph)), TRY(describe_outputs(graph))});
  }
  inference->input_slots_.resize(inference->inputs().size());
  inference->output_bindings_.resize(inference->outputs().size());
  inference->session_->enable_timing(options.time_layers);
  return inference;
}

Result<std::unique_ptr<Inference>> Inference::open(const SharedBytes& six, const InferenceOptions& options) {
  LoadOptions load = options.load;
  if (load.max_memory_bytes == 0) load.max_memory_bytes = machine_memory_bytes();
  Result<std::unique_ptr<Session>> session = Session::open(six, load);
  // A network whose sizes depend on data cannot be held to a limit that nobody asked for.
  const bool may_be_unlimited = !session.ok() && session.status().code() == StatusCode::kUnsupported;
  if (may_be_unlimited && options.load.max_memory_bytes == 0) session = Session::open(six, options.load);
  return over(TRY(std::move(session)), options);
}

Result<std::unique_ptr<Inference>> Inference::open_file(const std::string& path, const InferenceOptions& options) {
  Result<std::unique_ptr<Inference>> inference = open(TRY(read_file(path)), options);
  if (!inference.ok()) return inference.status().with_prefix(path + ": ");
  return inference;
}

Result<std::unique_ptr<Inference>> Inference::duplicate() const {
  std::unique_ptr<Session> session = TRY(session_->duplicate());
  return over(std::move(session), options_);
}

Status Inference::choose_shape_set(size_t set) {
  background_.wait();
  if (set == session_->chosen_variant()) return {};
  TRY(session_->choose_variant(set));
  input_slots_.assign(inputs().size(), {});
  output_bindings_.assign(outputs().size(), {});
  last_ = previous_ = nullptr;
  runs_ = 0;
  return {};
}

Status Inference::fill(size_t index, const MemoryLayout& layout, Coding coding, std::span<const std::byte> bytes) {
  const BorderTensor& border = inputs()[index];
  InputSlot& slot = input_slots_[index];
  std::swap(slot.current, slot.spare);
  constexpr long kOnlyHere = 1;
  if (slot.current.bytes().use_count() != kOnlyHere || slot.current.shape() != border.network_shape) {
    slot.current = TRY(Tensor::allocate(border.network_dtype, border.network_shape));
  }
  Status status = read_input(border, layout, coding, bytes, writable_bytes(slot.current));
  if (!status.ok()) std::swap(slot.current, slot.spare);
  return status;
}

Status Inference::set_input(size_t index, const MemoryLayout& layout, Coding coding, std::span<const std::byte> bytes) {
  return fill(index, layout, coding, bytes);
}

Status Inference::bind_input(size_t index, const MemoryLayout& layout, Coding coding, BoundMemory memory) {
  background_.wait();
  const BorderTensor& border = inputs()[index];
  TRY(check_input(border, layout, coding));
  const int64_t need = TRY(layout_bytes(border, layout));
  if (static_cast<int64_t>(memory.bytes.size()) < need) {
    return usage_error("input '{}' needs {} bytes in this layout, the memory has {}", border.name, need,
                       memory.bytes.size());
  }
  input_slots_[index].binding = Binding{layout, coding, std::move(memory)};
  return {};
}

Status Inference::bind_output(size_t index, const MemoryLayout& layout, BoundMemory memory) {
  background_.wait();
  const BorderTensor& border = outputs()[index];
  const int64_t need = TRY(layout_bytes(border, layout));
  if (static_cast<int64_t>(memory.bytes.size()) < need) {
    return usage_error("output '{}' needs {} bytes in this layout, the memory has {}", border.name, need,
                       memory.bytes.size());
  }
  const bool is_real = layout.dtype == DType::kF32 || layout.dtype == DType::kF16;
  if (!is_real && layout.dtype != border.dtype) {
    return unsupported("output '{}' is {}, which cannot be written as {}", border.name, dtype_name(border.dtype),
                       dtype_name(layout.dtype));
  }
  output_bindings_[index] = Binding{layout, Coding::kNetwork, std::move(memory)};
  return {};
}

Result<std::vector<Tensor>> Inference::take_inputs() {
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < input_slots_.size(); ++i) {
    const InputSlot& slot = input_slots_[i];
    if (slot.binding) {
      TRY(fill(i, slot.binding->layout, slot.binding->coding, slot.binding->memory.bytes));
      ++bound_accesses_;
    } else if (slot.current.shape() != inputs()[i].network_shape) {
      return usage_error("nothing was set for input '{}' (index {})", inputs()[i].name, i);
    }
    tensors.push_back(slot.current);
  }
  return tensors;
}

Status Inference::run_frame(uint64_t run, std::span<const Tensor> inputs) {
  const auto begin = std::chrono::steady_clock::now();
  Frame frame{run, TRY(session_->run(inputs))};
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  last_run_microseconds_ = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  for (size_t i = 0; i < frame.outputs.size(); ++i) {
    if (!output_bindings_[i]) continue;
    TRY(write_output(outputs()[i], frame.outputs[i], output_bindings_[i]->layout, output_bindings_[i]->memory.bytes));
    ++bound_accesses_;
  }
  const std::lock_guard lock(frames_mutex_);
  previous_ = options_.runs_ahead ? std::move(last_) : nullptr;
  last_ = std::make_shared<const Frame>(std::move(frame));
  return {};
}

Result<uint64_t> Inference::run() {
  if (options_.runs_ahead) return start();
  background_.wait();
  const std::vector<Tensor> tensors = TRY(take_inputs());
  TRY(run_frame(++runs_, tensors));
  return runs_;
}

Result<uint64_t> Inference::start() {
  background_.wait();
  std::vector<Tensor> tensors = TRY(take_inputs());
  const uint64_t run = ++runs_;
  background_.start([this, run, tensors = std::move(tensors)] { return run_frame(run, tensors); });
  return run;
}

std::optional<Status> Inference::wait(std::optional<std::chrono::milliseconds> timeout) {
  return background_.wait(timeout);
}

std::shared_ptr<const Inference::Frame> Inference::find_frame(uint64_t run) {
  const std::lock_guard lock(frames_mutex_);
  for (const std::shared_ptr<const Frame>& frame : {last_, previous_}) {
    if (frame != nullptr && frame->run == run) return frame;
  }
  return nullptr;
}

Result<std::shared_ptr<const Inference::Frame>> Inference::output_frame() {
  if (runs_ == 0) return usage_error("nothing has run yet");
  const uint64_t wanted = options_.runs_ahead && runs_ > 1 ? runs_ - 1 : runs_;
  if (std::shared_ptr<const Frame> frame = find_frame(wanted)) return frame;
  const std::optional<Status> answer = background_.wait();
  if (std::shared_ptr<const Frame> frame = find_frame(wanted)) return frame;
  if (answer && !answer->ok()) return *answer;
  return usage_error("run {} failed and has no outputs", wanted);
}

Result<uint64_t> Inference::output_run() { return TRY(output_frame())->run; }

Result<int64_t> Inference::output_elements(size_t index) {
  const std::shared_ptr<const Frame> frame = TRY(output_frame());
  return frame->outputs[index].element_count();
}

Status Inference::get_output(size_t index, const MemoryLayout& layout, std::span<std::byte> bytes) {
  const std::shared_ptr<const Frame> frame = TRY(output_frame());
  return write_output(outputs()[index], frame->outputs[index], layout, bytes);
}

int64_t Inference::last_run_microseconds() {
  background_.wait();
  return last_run_microseconds_;
}

std::vector<LayerTime> Inference::layer_times() {
  background_.wait();
  return session_->layer_times();
}

MemoryNeed Inference::memory_need() const {
  const Result<MemoryNeed> need = runtime::memory_need(session_->graph());
  return need.ok() ? *need : MemoryNeed{constant_bytes(session_->graph()), 0, 0};
}

}  // namespace sixtops::runtime
