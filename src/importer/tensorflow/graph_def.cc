#include "importer/tensorflow/graph_def.h"

#include <google/protobuf/io/coded_stream.h>

#include <limits>
#include <optional>

#include "base/error.h"
#include "importer/protobuf_wire.h"

namespace sixtops::importer::tensorflow {
namespace {

constexpr int kMaxNesting = 64;

// A field of that number and of bytes, with its size.
bool takes_field(ByteSpan& bytes, uint64_t number, uint64_t& size) {
  const std::optional<uint64_t> tag = take_varint(bytes);
  const std::optional<uint64_t> length = tag ? take_varint(bytes) : std::nullopt;
  if (!length || *tag != (number << 3 | 2) || *length > bytes.size()) return false;
  size = *length;
  return true;
}

// SavedModel: a version, 1, then a meta graph.
bool is_saved_model(ByteSpan bytes) {
  constexpr std::byte kVersionTag{8};
  return bytes.size() > 2 && bytes[0] == kVersionTag && bytes[1] == std::byte{1} && bytes[2] == std::byte{2 << 3 | 2};
}

template <typename Proto>
bool parse(const SharedBytes& bytes, Proto& proto) {
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kMaxNesting);
  return proto.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

}  // namespace

bool looks_like_graph(ByteSpan bytes) {
  if (is_saved_model(bytes)) return true;
  // node { name op ...: the fields of the first node begin with its name, then its operator.
  uint64_t size = 0;
  if (!takes_field(bytes, 1, size)) return false;
  bytes = bytes.first(static_cast<size_t>(size));
  if (!takes_field(bytes, 1, size)) return false;
  bytes = bytes.subspan(static_cast<size_t>(size));
  return takes_field(bytes, 2, size);
}

Result<Model> read_protocol_buffers(const SharedBytes& bytes) {
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return resource_error("a graph of {} bytes; at most 2 GB are supported", bytes.size());
  }
  Model model;
  bool complete = false;
  if (is_saved_model(bytes.span())) {
    wire::tensorflow::SavedModel saved;
    complete = parse(bytes, saved) && saved.meta_graphs_size() > 0;
    if (complete) model.graph.Swap(saved.mutable_meta_graphs(0)->mutable_graph_def());
  } else {
    complete = parse(bytes, model.graph);
  }
  if (!complete)
    return invalid_data("no complete TensorFlow graph: the file is truncated or damaged; download or export it again");
  return model;
}

}  // namespace sixtops::importer::tensorflow
