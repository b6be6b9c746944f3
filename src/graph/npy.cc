#include "graph/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace sixtops {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kPrefixBytes = 10;  // magic, version, two bytes of header length
constexpr size_t kHeaderAlignment = 64;
constexpr size_t kMaxHeaderBytes = 1 << 16;

// NumPy's type words; '|' and '<' are both fine for one byte.
constexpr std::array<std::pair<std::string_view, DType>, 12> kTypeWords = {{{"f4", DType::kF32},
                                                                            {"f8", DType::kF64},
                                                                            {"f2", DType::kF16},
                                                                            {"i1", DType::kI8},
                                                                            {"u1", DType::kU8},
                                                                            {"i2", DType::kI16},
                                                                            {"u2", DType::kU16},
                                                                            {"i4", DType::kI32},
                                                                            {"u4", DType::kU32},
                                                                            {"i8", DType::kI64},
                                                                            {"u8", DType::kU64},
                                                                            {"b1", DType::kBool}}};

Result<DType> parse_type_word(std::string_view word) {
  if (word.size() == 3 && (word[0] == '<' || word[0] == '|' || word[0] == '=')) {
    for (const auto& [name, dtype] : kTypeWords) {
      if (name == word.substr(1)) return dtype;
    }
  }
  return unsupported("element type '{}' is not supported; save little-endian numbers or bool", word);
}

struct Header {
  DType dtype = DType::kF32;
  bool fortran_order = false;
  Shape shape;
};

// The header is a Python dict literal of three known keys: {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  Result<Header> parse() {
    Header header;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    TRY(expect('{'));
    while (!accept('}')) {
      const std::string_view key = TRY(quoted());
      TRY(expect(':'));
      if (key == "descr" && !std::exchange(has_type, true)) {
        header.dtype = TRY(parse_type_word(TRY(quoted())));
      } else if (key == "fortran_order" && !std::exchange(has_order, true)) {
        header.fortran_order = TRY(boolean());
      } else if (key == "shape" && !std::exchange(has_shape, true)) {
        header.shape = TRY(extents());
      } else {
        return invalid_data("unexpected key '{}' in the header", key);
      }
      if (!accept(',')) {
        TRY(expect('}'));
        break;
      }
    }
    if (!has_type || !has_order || !has_shape) return invalid_data("the header lacks descr, fortran_order or shape");
    return header;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }
  bool accept(char c) {
    skip_blanks();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  Status expect(char c) {
    if (!accept(c)) return invalid_data("'{}' expected in the header before '{}'", c, rest_.substr(0, 16));
    return {};
  }
  Result<std::string_view> quoted() {
    TRY(expect('\''));
    const size_t end = rest_.find('\'');
    if (end == std::string_view::npos) return invalid_data("a text without end in the header");
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  Result<bool> boolean() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}}) {
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return value;
      }
    }
    return invalid_data("True or False expected in the header before '{}'", rest_.substr(0, 16));
  }
  Result<Shape> extents() {
    Shape shape;
    TRY(expect('('));
    while (!accept(')')) {
      skip_blanks();
      int64_t extent = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (error != std::errc() || extent < 0)
        return invalid_data("an extent expected before '{}'", rest_.substr(0, 16));
      rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
      shape.push_back(extent);
      if (shape.size() > kMaxRank) return unsupported("more than {} axes", kMaxRank);
      if (!accept(',')) {
        TRY(expect(')'));
        break;
      }
    }
    return shape;
  }

  std::string_view rest_;
};

// Column-major data of `shape` in row-major order.
Result<Tensor> from_fortran_order(DType dtype, const Shape& shape, const SharedBytes& bytes) {
  const Tensor source = TRY(Tensor::from_bytes(dtype, shape, bytes));  // checks the size
  Tensor result = TRY(Tensor::allocate(dtype, shape));
  const size_t element = dtype_size(dtype);
  auto* to = const_cast<std::byte*>(result.bytes().data());
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t n = 0; n < source.element_count(); ++n) {
    int64_t offset = 0;
    for (size_t axis = shape.size(); axis-- > 0;) offset = offset * shape[axis] + index[axis];
    std::memcpy(to + static_cast<size_t>(n) * element, bytes.data() + static_cast<size_t>(offset) * element, element);
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return result;
}

}  // namespace

Result<Tensor> parse_npy(const SharedBytes& bytes) {
  const std::string_view text = bytes.text();
  if (text.size() < kPrefixBytes || !text.starts_with(kMagic)) return invalid_data("not a .npy file");
  const auto byte_at = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(text[i])); };
  const size_t version = byte_at(6);
  if (version < 1 || version > 3) return unsupported("version {} of the .npy format, expected 1 to 3", version);
  const bool wide = version >= 2;
  if (wide && text.size() < kPrefixBytes + 2) return invalid_data("the header is cut off");
  const size_t length = byte_at(8) | byte_at(9) << 8 | (wide ? byte_at(10) << 16 | byte_at(11) << 24 : 0);
  const size_t begin = wide ? kPrefixBytes + 2 : kPrefixBytes;
  if (length > kMaxHeaderBytes || length > text.size() - begin) return invalid_data("the header is cut off");
  const Header header = TRY(HeaderParser(text.substr(begin, length)).parse());

  SharedBytes data = bytes.slice(begin + length, text.size() - begin - length);
  if (header.dtype == DType::kBool &&
      std::any_of(data.span().begin(), data.span().end(), [](std::byte b) { return std::to_integer<int>(b) > 1; })) {
    return invalid_data("a bool is neither 0 nor 1");
  }
  if (header.fortran_order) return from_fortran_order(header.dtype, header.shape, data);
  return Tensor::from_bytes(header.dtype, header.shape, std::move(data));
}

Result<Tensor> read_npy(const std::string& path) {
  Result<Tensor> tensor = parse_npy(TRY(read_file(path)));
  if (!tensor.ok()) return tensor.status().with_prefix(path + ": ");
  return tensor;
}

Result<std::vector<std::byte>> format_npy(const Tensor& tensor) {
  const Tensor written = tensor.dtype() == DType::kBF16 ? TRY(cast(tensor, DType::kF32)) : tensor;
  std::string_view word;
  for (const auto& [name, dtype] : kTypeWords) {
    if (dtype == written.dtype()) word = name;
  }
  std::string shape;
  for (const int64_t extent : written.shape()) shape += fmt::format("{}, ", extent);
  if (shape.size() > 2 && written.rank() > 1) shape.resize(shape.size() - 2);
  if (written.rank() == 1) shape.resize(shape.size() - 1);  // (3,) is a tuple, (3) is a number
  std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                   dtype_size(written.dtype()) == 1 ? '|' : '<', word, shape);
  const size_t unpadded = kPrefixBytes + header.size() + 1;
  header.append((kHeaderAlignment - unpadded % kHeaderAlignment) % kHeaderAlignment, ' ');
  header += '\n';

  std::string prefix(kMagic);
  prefix += '\x01';
  prefix += '\x00';
  prefix += static_cast<char>(header.size() & 0xFF);
  prefix += static_cast<char>(header.size() >> 8);
  std::vector<std::byte> file;
  file.reserve(prefix.size() + header.size() + written.byte_size());
  const auto append = [&](ByteSpan bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
  append(std::as_bytes(std::span(prefix)));
  append(std::as_bytes(std::span(header)));
  append(written.bytes().span());
  return file;
}

Status write_npy(const Tensor& tensor, const std::string& path) { return write_file(path, TRY(format_npy(tensor))); }

}  // namespace sixtops
