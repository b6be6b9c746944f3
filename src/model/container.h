// The outer form of a .six file: header, section table, sections. docs/format.md specifies the bytes.
//
//   header   64 bytes       magic, format version, arithmetic version, section count, file size
//   table    64 bytes each  name, offset, size, CRC-32
//   sections                each begins at a multiple of 64
//
// The reader checks every number before it uses it and never relies on the checksums: they tell a damaged file from a
// wrong one, no more. Sections that a reader does not know are left alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sixtops::model {

inline constexpr size_t kSectionAlignment = 64;
inline constexpr size_t kHeaderBytes = 64;
inline constexpr size_t kTableEntryBytes = 64;
inline constexpr size_t kMaxSectionName = 31;
inline constexpr uint32_t kMaxSections = 64;

inline constexpr std::string_view kGraphSection = "graph";
inline constexpr std::string_view kConstantsSection = "constants";

struct Section {
  std::string_view name;  // REQUIRES (writing): at most kMaxSectionName characters, unique
  SharedBytes bytes;
};

struct Container {
  uint32_t format_version = 0;
  uint32_t arithmetic_version = 0;
  std::vector<Section> sections;  // names and bytes lie in the file's buffer

  // kInvalidData when there is none.
  Result<SharedBytes> section(std::string_view name) const;
};

std::vector<std::byte> write_container(const Container& container);

// kUnsupported for another format or arithmetic version, naming both; kInvalidData for everything that breaks the form;
// a section whose checksum does not fit is named.
Result<Container> read_container(const SharedBytes& file);

}  // namespace sixtops::model
