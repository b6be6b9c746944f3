#include "mutate.h"

#include <algorithm>

#include "base/error.h"
#include "byte_mutation.h"
#include "model/container.h"
#include "onnx_mutation.h"
#include "testing/six_checksums.h"

namespace sixtops::mutation {
namespace {

struct Range {
  size_t begin;
  size_t end;
};

// Shorter raw data are shapes and scales rather than weights.
constexpr size_t kMinWeightBytes = 64;

// Of the two sections that we write.
constexpr size_t kTableEnd = model::kHeaderBytes + 2 * model::kTableEntryBytes;

size_t anywhere(std::mt19937& random, size_t size) {
  return size == 0 ? 0 : std::uniform_int_distribution<size_t>(0, size - 1)(random);
}

// A chain of one to three mutations, the single one most often.
int chain_length(std::mt19937& random) { return random() % 4 == 0 ? 2 + static_cast<int>(random() % 2) : 1; }

std::vector<Range> weight_ranges(const wire::onnx::ModelProto& model, std::string_view file) {
  std::vector<Range> ranges;
  for (const auto& tensor : model.graph().initializer()) {
    const std::string& raw = tensor.raw_data();
    if (raw.size() < kMinWeightBytes) continue;
    const size_t begin = file.find(raw);
    if (begin != std::string_view::npos) ranges.push_back({begin, begin + raw.size()});
  }
  return ranges;
}

Mutant mutate_onnx(const SourceFile& source, std::mt19937& random, bool beside_weights) {
  wire::onnx::ModelProto model;
  const std::string_view original(reinterpret_cast<const char*>(source.bytes.data()), source.bytes.size());
  model.ParseFromArray(original.data(), static_cast<int>(original.size()));
  Mutant mutant{source.bytes, ""};
  const int count = chain_length(random);
  if (beside_weights && random() % 2 == 0) {
    for (int i = 0; i < count; ++i) mutant.what += fmt::format("{}; ", mutate_model(model, random));
    const std::string text = model.SerializeAsString();
    const auto* begin = reinterpret_cast<const std::byte*>(text.data());
    mutant.bytes.assign(begin, begin + text.size());
    return mutant;
  }
  // Ranges are those of the original: one mutation only, unless weights may be hit.
  const std::vector<Range> weights = weight_ranges(model, original);
  const Place beside = [&](std::mt19937& r, size_t size) {
    for (;;) {
      const size_t place = anywhere(r, size);
      if (std::none_of(weights.begin(), weights.end(),
                       [&](const Range& range) { return place >= range.begin && place < range.end; })) {
        return place;
      }
    }
  };
  if (beside_weights) {
    mutant.what = mutate_bytes(mutant.bytes, random, beside);
    return mutant;
  }
  for (int i = 0; i < count; ++i) mutant.what += fmt::format("{}; ", mutate_bytes(mutant.bytes, random, anywhere));
  return mutant;
}

Mutant mutate_six(const SourceFile& source, std::mt19937& random, bool beside_weights) {
  Mutant mutant{source.bytes, ""};
  const int count = chain_length(random);
  if (random() % 4 == 0) {
    // The container itself: header and table, or any byte.
    const Place head = [](std::mt19937& r, size_t size) { return anywhere(r, std::min(size, kTableEnd)); };
    for (int i = 0; i < count; ++i) {
      mutant.what += fmt::format("{}; ", mutate_bytes(mutant.bytes, random, beside_weights ? head : Place(anywhere)));
    }
    testing::fix_checksums(mutant.bytes);
    return mutant;
  }
  // One section, within a sound container.
  model::Container container = model::read_container(SharedBytes::own(source.bytes)).value();
  const bool in_graph = beside_weights || random() % 2 == 0;
  for (model::Section& section : container.sections) {
    if ((section.name == model::kGraphSection) != in_graph) continue;
    std::vector<std::byte> bytes(section.bytes.span().begin(), section.bytes.span().end());
    for (int i = 0; i < count; ++i) {
      mutant.what += fmt::format("{} in {}; ", mutate_bytes(bytes, random, anywhere), section.name);
    }
    section.bytes = SharedBytes::own(std::move(bytes));
  }
  mutant.bytes = model::write_container(container);
  return mutant;
}

}  // namespace

Mutant mutate(const SourceFile& source, uint32_t seed, bool beside_weights) {
  std::mt19937 random(seed);
  return source.is_six() ? mutate_six(source, random, beside_weights) : mutate_onnx(source, random, beside_weights);
}

}  // namespace sixtops::mutation
