#include "importer/torchscript/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace sixtops::importer::torchscript {
namespace {

// Signatures and offsets: PKWARE .ZIP File Format Specification 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kDirectoryEntry = 0x02014b50;
constexpr uint32_t kDirectoryEnd = 0x06054b50;
constexpr uint32_t kDirectoryEnd64 = 0x06064b50;
constexpr uint32_t kLocator64 = 0x07064b50;
constexpr size_t kLocalHeaderBytes = 30;
constexpr size_t kDirectoryEntryBytes = 46;
constexpr size_t kDirectoryEndBytes = 22;
constexpr size_t kDirectoryEnd64Bytes = 56;
constexpr size_t kLocator64Bytes = 20;
constexpr size_t kMaxCommentBytes = 65535;
constexpr uint16_t kExtra64 = 1;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // the number stands in the 64-bit extra field
constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint16_t kEncrypted = 1;  // bit of the flags

// Little-endian numbers at checked places.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : bytes_(bytes) {}

  bool holds(uint64_t at, uint64_t size) const { return at <= bytes_.size() && size <= bytes_.size() - at; }
  // REQUIRES: holds(at, sizeof(T))
  template <typename T>
  T get(uint64_t at) const {
    T value{};
    std::memcpy(&value, bytes_.data() + at, sizeof(T));
    return value;
  }
  std::string text(uint64_t at, size_t size) const { return {reinterpret_cast<const char*>(bytes_.data()) + at, size}; }

 private:
  ByteSpan bytes_;
};

struct Directory {
  uint64_t at = 0;
  uint64_t bytes = 0;
  uint64_t entries = 0;
};

Status broken() {
  return invalid_data("the zip directory is damaged or the file truncated; download or export it again");
}

Result<Directory> find_directory(const Reader& file, size_t size) {
  if (size < kDirectoryEndBytes) return broken();
  const size_t first = size - std::min(size, kDirectoryEndBytes + kMaxCommentBytes);
  for (size_t at = size - kDirectoryEndBytes + 1; at-- > first;) {
    if (file.get<uint32_t>(at) != kDirectoryEnd) continue;
    Directory directory{file.get<uint32_t>(at + 16), file.get<uint32_t>(at + 12), file.get<uint16_t>(at + 10)};
    const bool has_locator = at >= kLocator64Bytes && file.get<uint32_t>(at - kLocator64Bytes) == kLocator64;
    if (!has_locator) return directory;
    const auto end64 = file.get<uint64_t>(at - kLocator64Bytes + 8);
    if (!file.holds(end64, kDirectoryEnd64Bytes) || file.get<uint32_t>(end64) != kDirectoryEnd64) return broken();
    return Directory{file.get<uint64_t>(end64 + 48), file.get<uint64_t>(end64 + 40), file.get<uint64_t>(end64 + 32)};
  }
  return broken();
}

// Fields of 32 bits that are full stand in the extra field, in this order: size, packed size, place.
bool read_extra64(const Reader& file, uint64_t at, size_t size, std::initializer_list<uint64_t*> fields) {
  const uint64_t end = at + size;
  while (at + 4 <= end) {
    const auto id = file.get<uint16_t>(at);
    const auto length = file.get<uint16_t>(at + 2);
    at += 4;
    if (at + length > end) return false;
    if (id != kExtra64) {
      at += length;
      continue;
    }
    uint64_t rest = length;
    for (uint64_t* field : fields) {
      if (*field != kIn64) continue;
      if (rest < 8) return false;
      *field = file.get<uint64_t>(at);
      at += 8;
      rest -= 8;
    }
    return true;
  }
  return std::all_of(fields.begin(), fields.end(), [](const uint64_t* field) { return *field != kIn64; });
}

Result<SharedBytes> inflate_all(ByteSpan packed, size_t size) {
  SharedBytes result = TRY(allocate_bytes(size));
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return resource_error("no memory to unpack an entry");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(const_cast<std::byte*>(result.data()));
  stream.avail_out = static_cast<uInt>(size);
  const int outcome = inflate(&stream, Z_FINISH);
  const bool complete = outcome == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  if (!complete) return invalid_data("an entry does not unpack to the size that the directory states");
  return result;
}

}  // namespace

bool ZipArchive::recognize(ByteSpan bytes) {
  return bytes.size() >= 4 && Reader(bytes).get<uint32_t>(0) == kLocalHeader;
}

Result<ZipArchive> ZipArchive::open(const SharedBytes& bytes) {
  const Reader file(bytes.span());
  const Directory directory = TRY(find_directory(file, bytes.size()));
  if (!file.holds(directory.at, directory.bytes)) return broken();
  ZipArchive archive;
  archive.file_ = bytes;
  const uint64_t end = directory.at + directory.bytes;
  uint64_t at = directory.at;
  for (uint64_t i = 0; i < directory.entries; ++i) {
    if (at + kDirectoryEntryBytes > end || file.get<uint32_t>(at) != kDirectoryEntry) return broken();
    Entry entry;
    const auto flags = file.get<uint16_t>(at + 8);
    entry.method = file.get<uint16_t>(at + 10);
    entry.packed_bytes = file.get<uint32_t>(at + 20);
    entry.bytes = file.get<uint32_t>(at + 24);
    entry.header_at = file.get<uint32_t>(at + 42);
    const size_t name_bytes = file.get<uint16_t>(at + 28);
    const size_t extra_bytes = file.get<uint16_t>(at + 30);
    const size_t comment_bytes = file.get<uint16_t>(at + 32);
    at += kDirectoryEntryBytes;
    if (at + name_bytes + extra_bytes + comment_bytes > end) return broken();
    std::string name = file.text(at, name_bytes);
    if (!read_extra64(file, at + name_bytes, extra_bytes, {&entry.bytes, &entry.packed_bytes, &entry.header_at})) {
      return broken();
    }
    at += name_bytes + extra_bytes + comment_bytes;
    if ((flags & kEncrypted) != 0) return unsupported("entry '{}' is encrypted", name);
    if (!archive.entries_.emplace(name, entry).second)
      return invalid_data("entry '{}' stands in the archive twice", name);
    archive.names_.push_back(std::move(name));
  }
  return archive;
}

Result<SharedBytes> ZipArchive::read(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return not_found("the archive has no entry '{}'", name);
  const Entry& entry = found->second;
  const Reader file(file_.span());
  // The local header repeats the name, but its extra field has a length of its own.
  if (!file.holds(entry.header_at, kLocalHeaderBytes) || file.get<uint32_t>(entry.header_at) != kLocalHeader) {
    return broken();
  }
  const uint64_t data_at = entry.header_at + kLocalHeaderBytes + file.get<uint16_t>(entry.header_at + 26) +
                           file.get<uint16_t>(entry.header_at + 28);
  if (!file.holds(data_at, entry.packed_bytes)) return broken();
  const SharedBytes packed = file_.slice(data_at, entry.packed_bytes);
  if (entry.method == kStored) {
    if (entry.bytes != entry.packed_bytes) return broken();
    return packed;
  }
  if (entry.method != kDeflated) return unsupported("entry '{}' is packed by method {}", name, entry.method);
  if (entry.bytes > kMaxUnpackedBytes) {
    return resource_error("entry '{}' unpacks to {} bytes, at most {} are supported", name, entry.bytes,
                          kMaxUnpackedBytes);
  }
  Result<SharedBytes> unpacked = inflate_all(packed.span(), entry.bytes);
  if (!unpacked.ok()) return unpacked.status().with_prefix("entry '" + name + "': ");
  return unpacked;
}

}  // namespace sixtops::importer::torchscript
