#include "runtime/border_copy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"
#include "graph/input_code.h"
#include "graph/quantize_tensor.h"

namespace sixtops::runtime {
namespace {

// Distances in elements. Channels have a place each, because those of NC1HWC2 lie in groups.
struct Strides {
  int64_t picture = 0;
  int64_t row = 0;
  int64_t pixel = 1;
  std::vector<int64_t> channels;
};

Strides strides_of(const BorderTensor& tensor, const MemoryLayout& layout) {
  const int64_t rows = std::max(layout.picture_rows, tensor.height);
  const int64_t pixels = std::max(layout.row_pixels, tensor.width);
  Strides strides;
  strides.channels.resize(static_cast<size_t>(tensor.channels));
  if (layout.order == AxisOrder::kNchw || layout.order == AxisOrder::kAsIs) {
    strides.row = pixels;
    strides.picture = tensor.channels * rows * pixels;
    for (size_t c = 0; c < strides.channels.size(); ++c) strides.channels[c] = static_cast<int64_t>(c) * rows * pixels;
    return strides;
  }
  const int64_t group = layout.order == AxisOrder::kNhwc ? tensor.channels : channel_group(layout.dtype);
  const int64_t groups = (tensor.channels + group - 1) / std::max<int64_t>(group, 1);
  strides.pixel = group;
  strides.row = pixels * group;
  strides.picture = groups * rows * pixels * group;
  for (size_t c = 0; c < strides.channels.size(); ++c) {
    const auto channel = static_cast<int64_t>(c);
    strides.channels[c] = channel / group * rows * pixels * group + channel % group;
  }
  return strides;
}

// One channel of one row. Everything is a local value: bytes that are written could otherwise be those of a stride.
template <typename From, typename To, typename Convert>
void move_line(int64_t count, const From* from, int64_t from_step, To* to, int64_t to_step, Convert convert) {
  constexpr int64_t kPicture = 3;  // bytes of a pixel; the compiler shuffles what lies a constant distance apart
  if (from_step == 1 && to_step == 1) {
    for (int64_t x = 0; x < count; ++x) to[x] = convert(from[x]);
  } else if (from_step == kPicture && to_step == 1) {
    for (int64_t x = 0; x < count; ++x) to[x] = convert(from[x * kPicture]);
  } else {
    for (int64_t x = 0; x < count; ++x) to[x * to_step] = convert(from[x * from_step]);
  }
}

// to[...] = convert_of(channel)(from[...]) over the whole tensor.
template <typename From, typename To, typename ConvertOf>
void move_elements(const BorderTensor& tensor, const Strides& from_strides, const From* from, const Strides& to_strides,
                   To* to, const ConvertOf& convert_of) {
  const auto move_lines = [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; ++line) {
      const int64_t n = line / tensor.height;
      const int64_t y = line % tensor.height;
      const From* from_line = from + n * from_strides.picture + y * from_strides.row;
      To* to_line = to + n * to_strides.picture + y * to_strides.row;
      for (size_t c = 0; c < from_strides.channels.size(); ++c) {
        move_line(tensor.width, from_line + from_strides.channels[c], from_strides.pixel,
                  to_line + to_strides.channels[c], to_strides.pixel, convert_of(c));
      }
    }
  };
  constexpr int64_t kFewElements = 1 << 15;  // moved sooner than a thread wakes up
  const int64_t lines = tensor.batch * tensor.height;
  if (tensor.count() < kFewElements) {
    move_lines(0, lines);
  } else {
    ThreadPool::process().parallel_for(lines, move_lines);
  }
}

// The same conversion for every channel.
template <typename From, typename To, typename Convert>
void move_alike(const BorderTensor& tensor, const Strides& from_strides, const From* from, const Strides& to_strides,
                To* to, Convert convert) {
  move_elements(tensor, from_strides, from, to_strides, to, [convert](size_t) { return convert; });
}

template <typename T>
void move_same(const BorderTensor& tensor, const Strides& from_strides, const void* from, const Strides& to_strides,
               void* to) {
  move_alike(tensor, from_strides, static_cast<const T*>(from), to_strides, static_cast<T*>(to),
             [](T value) { return value; });
}

// Elements that only change their place.
void move_bytes(const BorderTensor& tensor, size_t element_bytes, const Strides& from_strides, const void* from,
                const Strides& to_strides, void* to) {
  switch (element_bytes) {
    case 1:
      return move_same<uint8_t>(tensor, from_strides, from, to_strides, to);
    case 2:
      return move_same<uint16_t>(tensor, from_strides, from, to_strides, to);
    case 4:
      return move_same<uint32_t>(tensor, from_strides, from, to_strides, to);
    default:
      return move_same<uint64_t>(tensor, from_strides, from, to_strides, to);
  }
}

struct Normalization {
  double mean = 0;
  double std = 1;
};

// One a channel, or one for all where they are the same.
std::vector<Normalization> normalizations(const BorderTensor& tensor) {
  const auto entry = [](const std::vector<float>& list, size_t c, float fallback) {
    return list.empty() ? fallback : list[std::min(c, list.size() - 1)];
  };
  const InputDescription& description = tensor.description;
  const size_t longest = std::max({description.mean.size(), description.std.size(), size_t{1}});
  std::vector<Normalization> list;
  for (size_t c = 0; c < longest; ++c) list.push_back({entry(description.mean, c, 0), entry(description.std, c, 1)});
  const bool all_equal = std::all_of(
      list.begin(), list.end(), [&](const Normalization& n) { return n.mean == list[0].mean && n.std == list[0].std; });
  if (all_equal) list.resize(1);
  return list;
}

// A real value as the network's element.
template <typename To>
To element_of(double real, const BorderTensor& tensor) {
  if constexpr (std::is_same_v<To, float>) {
    return static_cast<float>(real);
  } else if constexpr (std::is_same_v<To, Half>) {
    return Half(static_cast<float>(real));
  } else {
    constexpr int kOffset = std::is_unsigned_v<To> ? 128 : 0;  // uint8 codes are int8 codes of a zero point 128 lower
    const float scale = tensor.quant->scale[0];
    const int32_t zero_point = tensor.quant->zero_point[0] - kOffset;
    if (std::isnan(real)) return static_cast<To>(std::clamp(zero_point, -128, 127) + kOffset);
    return static_cast<To>(input_code(real, scale, zero_point) + kOffset);
  }
}

template <typename From>
double value_of(From value) {
  if constexpr (std::is_same_v<From, Half>) {
    return static_cast<double>(static_cast<float>(value));
  } else {
    return static_cast<double>(value);
  }
}

constexpr uint8_t kSignBit = 0x80;

// Whether the codes are the bytes less 128, as for mean 0 and a range of 0 to 255: then no table is needed.
template <typename To>
bool shifts_bytes(const std::array<To, 256>& table) {
  for (size_t byte = 0; byte < table.size(); ++byte) {
    if (static_cast<uint8_t>(table[byte]) != (byte ^ kSignBit)) return false;
  }
  return true;
}

template <typename From, typename To>
void normalize(const BorderTensor& tensor, const Strides& from_strides, const std::byte* memory,
               const Strides& to_strides, std::byte* network) {
  const auto* from = reinterpret_cast<const From*>(memory);
  auto* to = reinterpret_cast<To*>(network);
  const std::vector<Normalization> list = normalizations(tensor);
  const auto element = [&](double value, const Normalization& n) {
    return element_of<To>((value - n.mean) / n.std, tensor);
  };
  const auto index_of = [last = list.size() - 1](size_t channel) { return std::min(channel, last); };
  if constexpr (sizeof(From) == 1) {
    std::vector<std::array<To, 256>> tables(list.size());
    for (size_t i = 0; i < tables.size(); ++i) {
      for (size_t byte = 0; byte < 256; ++byte) {
        tables[i][byte] = element(value_of(static_cast<From>(static_cast<uint8_t>(byte))), list[i]);
      }
    }
    if constexpr (sizeof(To) == 1) {
      if (tables.size() == 1 && shifts_bytes(tables[0])) {
        move_alike(tensor, from_strides, from, to_strides, to,
                   [](From value) { return static_cast<To>(static_cast<uint8_t>(value) ^ kSignBit); });
        return;
      }
    }
    move_elements(tensor, from_strides, from, to_strides, to, [&](size_t channel) {
      return [table = tables[index_of(channel)].data()](From value) { return table[static_cast<uint8_t>(value)]; };
    });
  } else {
    move_elements(tensor, from_strides, from, to_strides, to, [&](size_t channel) {
      return [&element, n = list[index_of(channel)]](From value) { return element(value_of(value), n); };
    });
  }
}

// REQUIRES: the network's elements are codes of one scale, or f32 or f16.
template <typename From>
void normalize_to_network(const BorderTensor& tensor, const Strides& from_strides, const std::byte* memory,
                          const Strides& to_strides, std::byte* network) {
  switch (tensor.network_dtype) {
    case DType::kI8:
      return normalize<From, int8_t>(tensor, from_strides, memory, to_strides, network);
    case DType::kU8:
      return normalize<From, uint8_t>(tensor, from_strides, memory, to_strides, network);
    case DType::kF16:
      return normalize<From, Half>(tensor, from_strides, memory, to_strides, network);
    default:
      return normalize<From, float>(tensor, from_strides, memory, to_strides, network);
  }
}

bool is_normalizable(const BorderTensor& tensor) {
  return tensor.has_codes || tensor.network_dtype == DType::kF32 || tensor.network_dtype == DType::kF16;
}

Status check_memory(const BorderTensor& tensor, const MemoryLayout& layout, std::span<const std::byte> memory) {
  const int64_t need = TRY(layout_bytes(tensor, layout));
  if (static_cast<int64_t>(memory.size()) < need) {
    return usage_error("'{}' needs {} bytes, the memory has {}", tensor.name, need, memory.size());
  }
  const size_t element = dtype_size(layout.dtype);
  if (reinterpret_cast<uintptr_t>(memory.data()) % element == 0) return {};
  return usage_error("'{}': its memory begins at no multiple of {} bytes, the size of an element", tensor.name,
                     element);
}

Status cannot_convert(const BorderTensor& tensor, DType dtype) {
  return unsupported("'{}' is {} in the network, which cannot be exchanged as {}", tensor.name,
                     dtype_name(tensor.network_dtype), dtype_name(dtype));
}

Strides network_strides(const BorderTensor& tensor) {
  return strides_of(tensor, {tensor.network_dtype, tensor.network_order});
}

// Codes or real numbers → real numbers.
template <typename To>
void write_real(const BorderTensor& tensor, const Strides& from_strides, const Tensor& network,
                const Strides& to_strides, std::byte* memory) {
  auto* to = reinterpret_cast<To*>(memory);
  const auto from_codes = [&]<typename From>(From) {
    std::array<To, 256> table{};
    for (size_t byte = 0; byte < 256; ++byte) {
      const double code = value_of(static_cast<From>(static_cast<uint8_t>(byte))) - tensor.quant->zero_point[0];
      table[byte] = static_cast<To>(static_cast<float>(code * static_cast<double>(tensor.quant->scale[0])));
    }
    move_alike(tensor, from_strides, network.values<From>().data(), to_strides, to,
               [values = table.data()](From code) { return values[static_cast<uint8_t>(code)]; });
  };
  if (network.dtype() == DType::kI8) return from_codes(int8_t{});
  if (network.dtype() == DType::kU8) return from_codes(uint8_t{});
  move_alike(tensor, from_strides, network.values<float>().data(), to_strides, to,
             [](float value) { return static_cast<To>(value); });
}

// A tensor of unknown size, now that its size is known: one line.
BorderTensor as_line(BorderTensor tensor, const Tensor& network) {
  tensor.network_shape = network.shape();
  tensor.network_order = AxisOrder::kAsIs;
  tensor.batch = tensor.channels = tensor.height = 1;
  tensor.width = network.element_count();
  return tensor;
}

}  // namespace

Status check_input(const BorderTensor& tensor, const MemoryLayout& layout, Coding coding) {
  TRY(layout_bytes(tensor, layout));
  const bool is_same = layout.dtype == tensor.network_dtype;
  if (coding == Coding::kNetwork) {
    const bool widens = layout.dtype == DType::kF16 && tensor.network_dtype == DType::kF32;
    return is_same || widens ? Status() : cannot_convert(tensor, layout.dtype);
  }
  if (!is_normalizable(tensor)) return is_same ? Status() : cannot_convert(tensor, layout.dtype);
  switch (layout.dtype) {
    case DType::kU8:
    case DType::kI8:
    case DType::kI16:
    case DType::kF16:
    case DType::kF32:
      return {};
    default:
      return cannot_convert(tensor, layout.dtype);
  }
}

Status read_input(const BorderTensor& tensor, const MemoryLayout& layout, Coding coding,
                  std::span<const std::byte> memory, std::span<std::byte> network) {
  TRY(check_input(tensor, layout, coding));
  TRY(check_memory(tensor, layout, memory));
  const Strides from = strides_of(tensor, layout);
  const Strides to = network_strides(tensor);
  const std::byte* source = memory.data();
  std::byte* target = network.data();
  if (coding == Coding::kReal && is_normalizable(tensor)) {
    switch (layout.dtype) {
      case DType::kU8:
        normalize_to_network<uint8_t>(tensor, from, source, to, target);
        break;
      case DType::kI8:
        normalize_to_network<int8_t>(tensor, from, source, to, target);
        break;
      case DType::kI16:
        normalize_to_network<int16_t>(tensor, from, source, to, target);
        break;
      case DType::kF16:
        normalize_to_network<Half>(tensor, from, source, to, target);
        break;
      default:
        normalize_to_network<float>(tensor, from, source, to, target);
    }
  } else if (layout.dtype == DType::kBool) {
    // A program's bool may be any byte; the network's is 0 or 1.
    move_alike(tensor, from, reinterpret_cast<const uint8_t*>(source), to, reinterpret_cast<uint8_t*>(target),
               [](uint8_t value) { return static_cast<uint8_t>(value != 0); });
  } else if (layout.dtype == tensor.network_dtype) {
    move_bytes(tensor, dtype_size(layout.dtype), from, source, to, target);
  } else {
    move_alike(tensor, from, reinterpret_cast<const Half*>(source), to, reinterpret_cast<float*>(target),
               [](Half value) { return static_cast<float>(value); });
  }
  return {};
}

Status write_output(const BorderTensor& declared, const Tensor& network, const MemoryLayout& layout,
                    std::span<std::byte> memory) {
  const BorderTensor tensor = declared.is_static() ? declared : as_line(declared, network);
  TRY(check_memory(tensor, layout, memory));
  if (network.element_count() != tensor.count() || network.dtype() != tensor.network_dtype) {
    return internal_error("'{}' came out as {}[{}], declared {}[{}]", tensor.name, dtype_name(network.dtype()),
                          shape_text(network.shape()), dtype_name(tensor.network_dtype),
                          shape_text(tensor.network_shape));
  }
  const Strides from = network_strides(tensor);
  const Strides to = strides_of(tensor, layout);
  if (layout.dtype == network.dtype() && layout.dtype == tensor.dtype) {
    move_bytes(tensor, dtype_size(layout.dtype), from, network.bytes().data(), to, memory.data());
    return {};
  }
  if (layout.dtype != DType::kF32 && layout.dtype != DType::kF16) return cannot_convert(tensor, layout.dtype);
  const bool is_ready = tensor.has_codes || network.dtype() == DType::kF32;
  const Tensor source = is_ready ? network : TRY(dequantize_tensor(network, tensor.quant));
  if (layout.dtype == DType::kF32) {
    write_real<float>(tensor, from, source, to, memory.data());
  } else {
    write_real<Half>(tensor, from, source, to, memory.data());
  }
  return {};
}

}  // namespace sixtops::runtime
