#include "byte_mutation.h"

#include <algorithm>
#include <cstring>

namespace sixtops::mutation {
namespace {

using Bytes = std::vector<std::byte>;

size_t draw(std::mt19937& random, size_t low, size_t high) {
  return std::uniform_int_distribution<size_t>(low, high)(random);
}

std::ptrdiff_t at(size_t position) { return static_cast<std::ptrdiff_t>(position); }

void flip_bits(Bytes& bytes, std::mt19937& random, const Place& place) {
  for (size_t count = draw(random, 1, 8); count > 0; --count) {
    bytes[place(random, bytes.size())] ^= static_cast<std::byte>(1U << draw(random, 0, 7));
  }
}

void overwrite(Bytes& bytes, std::mt19937& random, const Place& place) {
  bytes[place(random, bytes.size())] = static_cast<std::byte>(draw(random, 0, 255));
}

void cut(Bytes& bytes, std::mt19937& random, const Place& place) { bytes.resize(place(random, bytes.size())); }

void insert(Bytes& bytes, std::mt19937& random, const Place& place) {
  Bytes range(draw(random, 1, 64));
  for (std::byte& byte : range) byte = static_cast<std::byte>(draw(random, 0, 255));
  bytes.insert(bytes.begin() + at(place(random, bytes.size())), range.begin(), range.end());
}

void remove(Bytes& bytes, std::mt19937& random, const Place& place) {
  const size_t begin = place(random, bytes.size());
  const size_t end = std::min(bytes.size(), begin + draw(random, 1, 64));
  bytes.erase(bytes.begin() + at(begin), bytes.begin() + at(end));
}

void repeat(Bytes& bytes, std::mt19937& random, const Place& place) {
  const size_t begin = place(random, bytes.size());
  const Bytes range(bytes.begin() + at(begin),
                    bytes.begin() + at(std::min(bytes.size(), begin + draw(random, 1, 256))));
  bytes.insert(bytes.begin() + at(place(random, bytes.size())), range.begin(), range.end());
}

// In binary tables, numbers and operands are aligned words.
template <typename Word>
void hostile_word(Bytes& bytes, std::mt19937& random, const Place& place) {
  const size_t begin = place(random, bytes.size()) / sizeof(Word) * sizeof(Word);
  if (begin + sizeof(Word) > bytes.size()) return;
  const auto word = static_cast<Word>(hostile_number(random));
  std::memcpy(bytes.data() + begin, &word, sizeof(Word));
}

// Makes one node read or write what another does: cycles, second writers.
template <typename Word>
void copy_word(Bytes& bytes, std::mt19937& random, const Place& place) {
  const size_t from = place(random, bytes.size()) / sizeof(Word) * sizeof(Word);
  const size_t to = place(random, bytes.size()) / sizeof(Word) * sizeof(Word);
  if (std::max(from, to) + sizeof(Word) > bytes.size()) return;
  std::memmove(bytes.data() + to, bytes.data() + from, sizeof(Word));
}

// protobuf's numbers: seven bits a byte, the lowest first.
void hostile_varint(Bytes& bytes, std::mt19937& random, const Place& place) {
  Bytes varint;
  auto rest = static_cast<uint64_t>(hostile_number(random));
  for (; rest >= 0x80; rest >>= 7) varint.push_back(static_cast<std::byte>(rest | 0x80));
  varint.push_back(static_cast<std::byte>(rest));
  const size_t begin = place(random, bytes.size());
  bytes.erase(bytes.begin() + at(begin));
  bytes.insert(bytes.begin() + at(begin), varint.begin(), varint.end());
}

struct Mutation {
  std::string_view name;
  void (*apply)(Bytes&, std::mt19937&, const Place&);
};

constexpr Mutation kMutations[] = {
    {"flip bits", flip_bits},
    {"overwrite", overwrite},
    {"cut", cut},
    {"insert", insert},
    {"remove", remove},
    {"repeat", repeat},
    {"hostile byte", hostile_word<uint8_t>},
    {"hostile int32", hostile_word<int32_t>},
    {"hostile int64", hostile_word<int64_t>},
    {"copy int32", copy_word<int32_t>},
    {"copy int64", copy_word<int64_t>},
    {"hostile varint", hostile_varint},
};

}  // namespace

int64_t hostile_number(std::mt19937& random) {
  switch (draw(random, 0, 3)) {
    case 0:
      return static_cast<int64_t>(draw(random, 0, 4)) - 2;
    case 1: {
      const auto power = static_cast<int64_t>(uint64_t{1} << draw(random, 1, 62));
      return power + static_cast<int64_t>(draw(random, 0, 2)) - 1;
    }
    case 2: {
      constexpr int64_t kNumbers[] = {INT64_MIN, INT64_MAX, int64_t{1} << 40, INT32_MIN, INT32_MAX, UINT32_MAX};
      return kNumbers[draw(random, 0, std::size(kNumbers) - 1)];
    }
    default:
      return static_cast<int64_t>(draw(random, 0, 5000));
  }
}

std::string_view mutate_bytes(Bytes& bytes, std::mt19937& random, const Place& place) {
  const Mutation& mutation = kMutations[draw(random, 0, std::size(kMutations) - 1)];
  if (!bytes.empty()) mutation.apply(bytes, random, place);
  return mutation.name;
}

}  // namespace sixtops::mutation
