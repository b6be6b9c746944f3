#include "model/container.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string>

#include "base/error.h"
#include "model/model.h"

namespace sixtops::model {
namespace {

static_assert(std::endian::native == std::endian::little, "the file is little endian and read in place");

// The first byte is not ASCII, and line ends of both kinds show a transfer in text mode.
constexpr char kMagic[8] = {'\x89', 'S', 'I', 'X', '\r', '\n', '\x1A', '\n'};

struct Header {
  char magic[8];
  uint32_t format_version;
  uint32_t arithmetic_version;
  uint32_t section_count;
  uint32_t reserved;
  uint64_t file_size;
  uint8_t zero[32];
};
static_assert(sizeof(Header) == kHeaderBytes);

struct TableEntry {
  char name[kMaxSectionName + 1];  // padded with zero bytes
  uint64_t offset;
  uint64_t size;
  uint32_t crc32;
  uint8_t zero[12];
};
static_assert(sizeof(TableEntry) == kTableEntryBytes);

size_t align_up(size_t offset) { return (offset + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment; }

uint32_t checksum(ByteSpan bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

Status check_header(const Header& header, size_t file_size) {
  if (header.format_version == 0) return invalid_data("format version 0 in the header; versions begin at 1");
  if (header.format_version > kFormatVersion) {
    return unsupported("the file has format version {}, this SixTOPS reads up to {}; use a newer SixTOPS",
                       header.format_version, kFormatVersion);
  }
  if (header.arithmetic_version != kArithmeticVersion) {
    return unsupported(
        "the file was made for arithmetic version {}, this SixTOPS computes version {}; convert it again",
        header.arithmetic_version, kArithmeticVersion);
  }
  if (header.file_size != file_size) {
    return invalid_data("the header says {} bytes, the file has {}: it is truncated or damaged", header.file_size,
                        file_size);
  }
  if (header.section_count == 0 || header.section_count > kMaxSections) {
    return invalid_data("{} sections in the header, expected 1 to {}", header.section_count, kMaxSections);
  }
  if (kHeaderBytes + header.section_count * kTableEntryBytes > file_size) {
    return invalid_data("a table of {} sections does not fit into {} bytes", header.section_count, file_size);
  }
  if (header.reserved != 0 ||
      std::any_of(std::begin(header.zero), std::end(header.zero), [](uint8_t b) { return b; })) {
    return invalid_data("reserved bytes of the header are not zero");
  }
  return {};
}

// `free_from`: where the previous section ended. Sections stand in file order, so none can overlap another.
Result<Section> read_section(const SharedBytes& file, uint32_t index, size_t free_from) {
  const std::byte* entry_data = file.data() + kHeaderBytes + index * kTableEntryBytes;
  TableEntry entry;
  std::memcpy(&entry, entry_data, sizeof(entry));
  const auto* name_begin = reinterpret_cast<const char*>(entry_data);
  const size_t length = ::strnlen(entry.name, sizeof(entry.name));
  const std::string_view name(name_begin, length);
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  if (length == 0 || length > kMaxSectionName || !std::all_of(name.begin(), name.end(), is_word)) {
    return invalid_data("the name of section {} is not a word of lower case letters", index);
  }
  if (std::any_of(entry.name + length, std::end(entry.name), [](char c) { return c != 0; }) ||
      std::any_of(std::begin(entry.zero), std::end(entry.zero), [](uint8_t b) { return b != 0; })) {
    return invalid_data("section '{}': reserved bytes of its table entry are not zero", name);
  }
  if (entry.offset % kSectionAlignment != 0 || entry.offset < free_from || entry.offset > file.size() ||
      entry.size > file.size() - entry.offset) {
    return invalid_data("section '{}': offset {} and size {} do not fit the file of {} bytes", name, entry.offset,
                        entry.size, file.size());
  }
  const SharedBytes bytes = file.slice(entry.offset, entry.size);
  if (const uint32_t found = checksum(bytes.span()); found != entry.crc32) {
    return invalid_data("section '{}': checksum {:08x}, expected {:08x}: the file is damaged", name, found,
                        entry.crc32);
  }
  return Section{name, bytes};
}

}  // namespace

bool recognize(ByteSpan bytes) {
  return bytes.size() >= sizeof(kMagic) && std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) == 0;
}

Result<SharedBytes> Container::section(std::string_view name) const {
  for (const Section& section : sections) {
    if (section.name == name) return section.bytes;
  }
  return invalid_data("the file has no section '{}'", name);
}

std::vector<std::byte> write_container(const Container& container) {
  const std::vector<Section>& sections = container.sections;
  std::vector<TableEntry> table(sections.size());
  size_t end = kHeaderBytes + sections.size() * kTableEntryBytes;
  for (size_t i = 0; i < sections.size(); ++i) {
    assert(sections[i].name.size() <= kMaxSectionName);
    std::copy(sections[i].name.begin(), sections[i].name.end(), table[i].name);
    table[i].offset = align_up(end);
    table[i].size = sections[i].bytes.size();
    table[i].crc32 = checksum(sections[i].bytes.span());
    end = table[i].offset + table[i].size;
  }

  Header header{};
  std::copy(std::begin(kMagic), std::end(kMagic), header.magic);
  header.format_version = container.format_version;
  header.arithmetic_version = container.arithmetic_version;
  header.section_count = static_cast<uint32_t>(sections.size());
  header.file_size = end;

  std::vector<std::byte> file(end);
  std::memcpy(file.data(), &header, sizeof(header));
  for (size_t i = 0; i < sections.size(); ++i) {
    std::memcpy(file.data() + kHeaderBytes + i * kTableEntryBytes, &table[i], sizeof(TableEntry));
    const ByteSpan bytes = sections[i].bytes.span();
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(table[i].offset));
  }
  return file;
}

Result<Container> read_container(const SharedBytes& file) {
  if (!recognize(file.span())) return invalid_data("not a .six file: its first bytes are not the magic of the format");
  if (file.size() < kHeaderBytes) return invalid_data("the file of {} bytes ends inside the header", file.size());
  Header header;
  std::memcpy(&header, file.data(), sizeof(header));
  TRY(check_header(header, file.size()));

  Container container{header.format_version, header.arithmetic_version, {}};
  size_t free_from = kHeaderBytes + header.section_count * kTableEntryBytes;
  for (uint32_t i = 0; i < header.section_count; ++i) {
    const Section section = TRY(read_section(file, i, free_from));
    if (container.section(section.name).ok()) return invalid_data("two sections are named '{}'", section.name);
    free_from = static_cast<size_t>(section.bytes.data() - file.data()) + section.bytes.size();
    container.sections.push_back(section);
  }
  return container;
}

}  // namespace sixtops::model
