// Writes zip archives of stored entries for tests.
#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace sixtops::testing {

template <typename T>
void append_number(std::string& to, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  to.append(bytes, sizeof(T));
}

inline std::string zip_text(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string file;
  std::string directory;
  for (const auto& [name, data] : entries) {
    const auto size = static_cast<uint32_t>(data.size());
    const auto name_size = static_cast<uint16_t>(name.size());
    append_number<uint32_t>(directory, 0x02014b50);
    directory.append(12, '\0');  // versions, flags, method, time
    append_number<uint32_t>(directory, 0);
    append_number(directory, size);
    append_number(directory, size);
    append_number(directory, name_size);
    directory.append(12, '\0');
    append_number(directory, static_cast<uint32_t>(file.size()));
    directory += name;

    append_number<uint32_t>(file, 0x04034b50);
    file.append(14, '\0');
    append_number(file, size);
    append_number(file, size);
    append_number(file, name_size);
    append_number<uint16_t>(file, 0);
    file += name + data;
  }
  const auto directory_at = static_cast<uint32_t>(file.size());
  file += directory;
  append_number<uint32_t>(file, 0x06054b50);
  append_number<uint32_t>(file, 0);
  append_number(file, static_cast<uint16_t>(entries.size()));
  append_number(file, static_cast<uint16_t>(entries.size()));
  append_number(file, static_cast<uint32_t>(directory.size()));
  append_number(file, directory_at);
  append_number<uint16_t>(file, 0);
  return file;
}

inline SharedBytes shared_bytes(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return SharedBytes::own({data, data + text.size()});
}

// A traced module without weights: class Net, whose forward() is `body` (indented by four blanks), of parameter x.
inline std::string torchscript_text(const std::string& body) {
  using namespace std::string_literals;
  const std::string code =
      "class Net(Module):\n  training : bool\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n" + body;
  return zip_text({{"net/data.pkl",
                    "\x80\x02"
                    "c__torch__\nNet\n)\x81}b."s},
                   {"net/constants.pkl", "\x80\x02)."s},
                   {"net/code/__torch__.py", code}});
}

}  // namespace sixtops::testing
