#include "cpu/engine/plan/compiler.h"

#include <algorithm>

#include "base/error.h"
#include "cpu/engine/plan/placement.h"

namespace sixtops::cpu::engine {
namespace {

// Blocks between the planes of a view and a dense tensor.
BorderTask border_task(const View& view, const Lowering& lowering) {
  BorderTask task;
  task.extent = view.extent;
  task.channels = view.channels();
  int64_t channel = 0;
  for (const Part& part : view.parts) {
    task.blocks.push_back({static_cast<int>(part.channels), channel, lowering.line(part, task.geometries)});
    channel += part.channels;
  }
  return task;
}

// Where a part's channels stand in Buffer::halo_bytes; dense lines have fewer than a plane's.
size_t first_halo_byte(const Part& part) { return static_cast<size_t>(part.plane * kLineBytes + part.first_channel); }

HaloTask halo_task(const Buffer& buffer, size_t plane_index) {
  const Plane& plane = buffer.planes[plane_index];
  HaloTask task{buffer.extent,
                plane.offset,
                buffer.geometry(plane),
                buffer.front_bytes(plane),
                buffer.halo.right * plane.line_bytes,
                std::vector<uint8_t>(static_cast<size_t>(plane.line_bytes))};
  for (size_t c = 0; c < static_cast<size_t>(plane.channels); ++c) {
    task.line[c] = buffer.halo_bytes[plane_index * kLineBytes + c].value_or(0);
  }
  return task;
}

}  // namespace

int64_t Lowering::base(const Part& part) const {
  const Buffer& buffer = buffers[static_cast<size_t>(part.buffer)];
  const Plane& plane = buffer.planes[static_cast<size_t>(part.plane)];
  const Geometry geometry = buffer.geometry(plane);
  return plane.offset + part.first_y * geometry.row + part.first_x * geometry.column + part.first_channel;
}

Geometry Lowering::geometry(const Part& part) const {
  const Buffer& buffer = buffers[static_cast<size_t>(part.buffer)];
  Geometry geometry = buffer.geometry(buffer.planes[static_cast<size_t>(part.plane)]);
  geometry.row *= part.step_y;
  geometry.column *= part.step_x;
  geometry.shift = part.shift;
  return geometry;
}

Line Lowering::line(const Part& part, std::vector<Geometry>& geometries) const {
  return {base(part), intern(geometries, geometry(part))};
}

std::vector<CopyBlock> Lowering::copy_blocks(const View& from, const View& to,
                                             std::vector<Geometry>& geometries) const {
  std::vector<CopyBlock> blocks;
  int64_t channel = 0;
  for (const Part& part : from.parts) {
    for (int64_t done = 0; done < part.channels;) {
      const int64_t in_plane = (channel + done) % kLineBytes;
      const int64_t count = std::min(part.channels - done, kLineBytes - in_plane);
      Part source = part;
      source.first_channel += done;
      Part target = to.parts[static_cast<size_t>((channel + done) / kLineBytes)];
      target.first_channel += in_plane;
      blocks.push_back({line(source, geometries), line(target, geometries), count});
      done += count;
    }
    channel += part.channels;
  }
  return blocks;
}

int intern(std::vector<Geometry>& geometries, const Geometry& geometry) {
  const auto found = std::find(geometries.begin(), geometries.end(), geometry);
  if (found != geometries.end()) return static_cast<int>(found - geometries.begin());
  geometries.push_back(geometry);
  return static_cast<int>(geometries.size()) - 1;
}

Compiler::Compiler(const Graph& graph, const KernelSet& kernels)
    : graph_(graph),
      kernels_(kernels),
      uses_(find_uses(graph)),
      values_(graph.values.size()),
      done_(graph.nodes.size(), false) {
  for (const ValueId input : graph.inputs) set_dense(input);
}

bool Compiler::is_available(ValueId value) const {
  if (value == kNoValue) return false;
  const ValueState& state = values_[static_cast<size_t>(value)];
  return state.dense || state.view.has_value();
}

int Compiler::add_buffer(Buffer buffer) {
  buffers_.push_back(std::move(buffer));
  return static_cast<int>(buffers_.size()) - 1;
}

std::optional<View> Compiler::view(ValueId id) {
  if (!is_available(id)) return std::nullopt;
  ValueState& state = values_[static_cast<size_t>(id)];
  if (state.view) return state.view->sums ? std::nullopt : state.view;
  const Value& value = graph_.value(id);
  if (value.dtype != DType::kI8 || !value.shape) return std::nullopt;
  const std::optional<PictureShape> picture = picture_shape(*value.shape);
  if (!picture) return std::nullopt;
  // Few channels are kept close together: a convolution then reads several pixels of a row as one step.
  const bool few = picture->channels < kVectorChannels;
  const int buffer = add_buffer(few ? make_dense_buffer(picture->extent, picture->channels)
                                    : make_buffer(picture->extent, picture->channels, 1));
  const View view = whole_view(buffer, buffers_[static_cast<size_t>(buffer)]);
  Draft draft;
  draft.writes = buffer;
  draft.dense_reads = {id};
  draft.nodes = {node_};
  draft.kernel = "import";
  draft.lower = [view, id](Lowering& lowering) -> Result<StepTask> {
    return StepTask(ImportStep{border_task(view, lowering), id});
  };
  add(std::move(draft));
  state.view = view;
  return view;
}

Status Compiler::make_dense(ValueId id) {
  if (id == kNoValue || graph_.constant(id) != nullptr) return {};
  ValueState& state = values_[static_cast<size_t>(id)];
  if (state.dense) return {};
  const Value& value = graph_.value(id);
  if (!state.view) return internal_error("value '{}' is read before it is written", value.name);
  const View view = is_shifted(*state.view) ? copied(*state.view) : *state.view;
  Draft draft;
  draft.reads = buffers_of(view);
  draft.dense_writes = {id};
  const int producer = uses_.producer[static_cast<size_t>(id)];
  draft.nodes = {producer == Uses::kNobody ? node_ : producer};
  draft.kernel = "export";
  draft.lower = [view, id](Lowering& lowering) -> Result<StepTask> {
    return StepTask(ExportStep{border_task(view, lowering), id});
  };
  add(std::move(draft));
  state.dense = true;
  return {};
}

bool Compiler::accepts_halo(const View& view, const Halo& halo, uint8_t byte) const {
  for (const Part& part : view.parts) {
    const Buffer& buffer = buffers_[static_cast<size_t>(part.buffer)];
    if (part.shift != 0) return false;
    const size_t first = first_halo_byte(part);
    for (size_t c = first; c < first + static_cast<size_t>(part.channels) && !buffer.halo_bytes.empty(); ++c) {
      if (buffer.halo_bytes[c].value_or(byte) != byte) return false;
    }
    // What lies outside of the view has to lie outside of the buffer.
    if (halo.top > 0 && part.first_y - part.step_y >= 0) return false;
    if (halo.left > 0 && part.first_x - part.step_x >= 0) return false;
    if (halo.bottom > 0 && part.first_y + view.extent.height * part.step_y < buffer.extent.height) return false;
    if (halo.right > 0 && part.first_x + view.extent.width * part.step_x < buffer.extent.width) return false;
  }
  return true;
}

View Compiler::with_halo(const View& view, const Halo& halo, uint8_t byte) {
  if (halo.empty()) return view;
  View result = accepts_halo(view, halo, byte) ? view : copied(view);
  for (const Part& part : result.parts) {
    Buffer& buffer = buffers_[static_cast<size_t>(part.buffer)];
    const int64_t last_y = part.first_y + (view.extent.height - 1 + halo.bottom) * part.step_y;
    const int64_t last_x = part.first_x + (view.extent.width - 1 + halo.right) * part.step_x;
    buffer.halo_bytes.resize(buffer.planes.size() * kLineBytes);
    std::fill_n(buffer.halo_bytes.begin() + static_cast<std::ptrdiff_t>(first_halo_byte(part)), part.channels, byte);
    buffer.halo.include({std::max<int64_t>(0, halo.top * part.step_y - part.first_y),
                         std::max<int64_t>(0, last_y - (buffer.extent.height - 1)),
                         std::max<int64_t>(0, halo.left * part.step_x - part.first_x),
                         std::max<int64_t>(0, last_x - (buffer.extent.width - 1))});
  }
  return result;
}

View Compiler::copied(const View& view) {
  const int index = add_buffer(make_buffer(view.extent, view.channels(), 1));
  View result = whole_view(index, buffers_[static_cast<size_t>(index)]);
  Draft draft;
  draft.reads = buffers_of(view);
  draft.writes = index;
  draft.nodes = {node_};
  draft.kernel = "copy";
  draft.lower = [view, result](Lowering& lowering) -> Result<StepTask> {
    CopyTask task;
    task.extent = view.extent;
    task.blocks = lowering.copy_blocks(view, result, task.geometries);
    return StepTask(std::move(task));
  };
  add(std::move(draft));
  return result;
}

Result<Plan> Compiler::finish() {
  for (const ValueId output : graph_.outputs) TRY(make_dense(output));
  std::vector<bool> written(buffers_.size(), false);
  std::vector<int> first_writer(buffers_.size(), 0);
  for (size_t i = 0; i < drafts_.size(); ++i) {
    const auto step = static_cast<int>(i);
    const auto touch = [&](int index) {
      Buffer& buffer = buffers_[static_cast<size_t>(index)];
      if (!written[static_cast<size_t>(index)]) buffer.first_step = step;
      written[static_cast<size_t>(index)] = true;
      buffer.last_step = step;
    };
    for (const int index : drafts_[i].reads) touch(index);
    if (drafts_[i].writes != kNoBuffer) touch(drafts_[i].writes);
  }

  Plan plan;
  plan.graph = &graph_;
  plan.kernels = &kernels_;
  plan.arena_bytes = TRY(place(buffers_));
  Lowering lowering{buffers_, plan};
  for (size_t i = 0; i < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    PlanStep step;
    step.task = TRY(draft.lower(lowering));
    step.nodes = std::move(draft.nodes);
    step.kernel = draft.kernel;
    step.macs = draft.macs;
    if (draft.writes != kNoBuffer) {
      const Buffer& buffer = buffers_[static_cast<size_t>(draft.writes)];
      if (!buffer.halo_bytes.empty() && buffer.first_step == static_cast<int>(i)) {
        for (size_t plane = 0; plane < buffer.planes.size(); ++plane) step.halos.push_back(halo_task(buffer, plane));
      }
    }
    draft.lower = nullptr;  // frees the weights that it holds
    plan.steps.push_back(std::move(step));
  }

  // A dense tensor goes after its last reader; what comes from outside and outputs of the graph stay.
  std::vector<bool> seen(graph_.values.size(), false);
  for (const ValueId input : graph_.inputs) seen[static_cast<size_t>(input)] = true;
  for (const ValueId output : graph_.outputs) seen[static_cast<size_t>(output)] = true;
  for (size_t i = drafts_.size(); i-- > 0;) {
    for (const std::vector<ValueId>* list : {&drafts_[i].dense_reads, &drafts_[i].dense_writes}) {
      for (const ValueId id : *list) {
        if (id == kNoValue || seen[static_cast<size_t>(id)]) continue;
        seen[static_cast<size_t>(id)] = true;
        plan.steps[i].released.push_back(id);
      }
    }
  }
  return plan;
}

std::optional<Part> part_of(const View& view, int64_t first, int64_t count) {
  const View slice = slice_channels(view, first, count);
  if (slice.parts.size() != 1) return std::nullopt;
  return slice.parts.front();
}

std::optional<std::vector<Part>> lines_of(const View& view) {
  std::vector<Part> lines;
  const int64_t channels = view.channels();
  for (int64_t c = 0; c < channels; c += kLineBytes) {
    const std::optional<Part> part = part_of(view, c, std::min<int64_t>(kLineBytes, channels - c));
    if (!part) return std::nullopt;
    lines.push_back(*part);
  }
  return lines;
}

std::vector<Part> aligned_lines(Compiler& compiler, const View& view) {
  if (const auto lines = lines_of(view)) return *lines;
  return compiler.copied(view).parts;
}

bool is_shifted(const View& view) {
  return std::any_of(view.parts.begin(), view.parts.end(), [](const Part& part) { return part.shift != 0; });
}

std::vector<int> buffers_of(const View& view) {
  std::vector<int> buffers;
  for (const Part& part : view.parts) buffers.push_back(part.buffer);
  return buffers;
}

}  // namespace sixtops::cpu::engine
