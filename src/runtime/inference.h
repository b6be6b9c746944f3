// Inference: a session with the memory of its inputs and outputs, as a program in C uses it.
//
// There are two ways in and out. Copying: set_input() takes the bytes at once, get_output() hands them out. Binding: a
// memory is named once, and each run reads or writes it exactly once (bound_accesses() counts). A run happens on the
// caller's thread, or in the background.
//
// Thread safety: one thread at a time, as Session; the background run is this class's own business. Whatever would
// touch what a run in the background uses waits for it.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/background_run.h"
#include "runtime/border_copy.h"
#include "runtime/border_tensor.h"
#include "runtime/memory.h"
#include "runtime/session.h"

namespace sixtops::runtime {

// Memory of a program; `owner` keeps it from going away while it is bound.
struct BoundMemory {
  std::shared_ptr<const void> owner;
  std::span<std::byte> bytes;
};

struct InferenceOptions {
  LoadOptions load;
  bool time_layers = false;
  bool runs_ahead = false;  // every run is in the background, and outputs are those of the run before the last
};

class Inference {
 public:
  static Result<std::unique_ptr<Inference>> open(const SharedBytes& six, const InferenceOptions& options = {});
  static Result<std::unique_ptr<Inference>> open_file(const std::string& path, const InferenceOptions& options = {});
  Result<std::unique_ptr<Inference>> duplicate() const;  // nothing set, nothing bound

  // Of the chosen shapes.
  const std::vector<BorderTensor>& inputs() const { return borders().inputs; }
  const std::vector<BorderTensor>& outputs() const { return borders().outputs; }

  // The sets of input shapes that the model has, and the inputs of each.
  size_t shape_set_count() const { return borders_.size(); }
  const std::vector<BorderTensor>& inputs_of_set(size_t set) const { return borders_[set].inputs; }
  // Forgets inputs and bindings when it is another set than before.
  Status choose_shape_set(size_t set);

  // REQUIRES, here and below: index < inputs().size() or outputs().size(). Errors as read_input.
  Status set_input(size_t index, const MemoryLayout& layout, Coding coding, std::span<const std::byte> bytes);
  // kUsage when the layout needs more than the memory has.
  Status bind_input(size_t index, const MemoryLayout& layout, Coding coding, BoundMemory memory);
  Status bind_output(size_t index, const MemoryLayout& layout, BoundMemory memory);

  // Both give the number of the run, from 1. kUsage names an input that nothing was set for.
  Result<uint64_t> run();
  Result<uint64_t> start();
  // The last run's answer; nothing when it still goes on after that time.
  std::optional<Status> wait(std::optional<std::chrono::milliseconds> timeout = std::nullopt);

  // The run whose outputs are handed out: the last, or with runs_ahead the one before it (the first run's until there
  // are two). Waits for it. kUsage when nothing has run.
  Result<uint64_t> output_run();
  // The elements of an output of that run, which for some networks only the run tells.
  Result<int64_t> output_elements(size_t index);
  Status get_output(size_t index, const MemoryLayout& layout, std::span<std::byte> bytes);

  int64_t last_run_microseconds();       // without conversion of inputs and outputs
  std::vector<LayerTime> layer_times();  // of the last run, when time_layers is set
  MemoryNeed memory_need() const;        // constants only, when the sizes of tensors depend on data
  int64_t bound_accesses() const { return bound_accesses_; }

  Session& session() { return *session_; }
  const Session& session() const { return *session_; }

 private:
  struct Borders {
    std::vector<BorderTensor> inputs;
    std::vector<BorderTensor> outputs;
  };
  struct Binding {
    MemoryLayout layout;
    Coding coding = Coding::kNetwork;
    BoundMemory memory;
  };
  struct InputSlot {
    std::optional<Binding> binding;
    Tensor current;  // what the next run takes
    Tensor spare;    // the other one of the two that take turns, so that a run keeps what it was started with
  };
  struct Frame {
    uint64_t run = 0;
    std::vector<Tensor> outputs;
  };

  explicit Inference(std::unique_ptr<Session> session, const InferenceOptions& options)
      : session_(std::move(session)), options_(options) {}
  static Result<std::unique_ptr<Inference>> over(std::unique_ptr<Session> session, const InferenceOptions& options);

  const Borders& borders() const { return borders_[session_->chosen_variant()]; }
  Status fill(size_t index, const MemoryLayout& layout, Coding coding, std::span<const std::byte> bytes);
  Result<std::vector<Tensor>> take_inputs();
  Status run_frame(uint64_t run, std::span<const Tensor> inputs);
  std::shared_ptr<const Frame> find_frame(uint64_t run);
  Result<std::shared_ptr<const Frame>> output_frame();

  std::unique_ptr<Session> session_;
  InferenceOptions options_;
  std::vector<Borders> borders_;  // one a set of input shapes
  std::vector<InputSlot> input_slots_;
  std::vector<std::optional<Binding>> output_bindings_;
  uint64_t runs_ = 0;
  std::mutex frames_mutex_;
  std::shared_ptr<const Frame> last_;
  std::shared_ptr<const Frame> previous_;  // of runs_ahead
  int64_t last_run_microseconds_ = 0;
  int64_t bound_accesses_ = 0;
  BackgroundRun background_;  // last: it ends before what its job uses
};

}  // namespace sixtops::runtime
