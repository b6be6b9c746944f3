#include "importer/torchscript/pickle.h"

#include <bit>
#include <cstring>
#include <unordered_map>

#include "base/error.h"
#include "graph/shape.h"
#include "importer/torchscript/pickle_globals.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = PickleValue::Kind;

constexpr size_t kMaxTextBytes = size_t{1} << 20;
constexpr size_t kMaxNameBytes = 512;  // of classes and storages

// A short instruction may copy a long list again and again; real files copy next to nothing.
constexpr size_t kMaxCopiedItems = size_t{1} << 22;

// Opcodes, as pickletools names them.
enum Opcode : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kEmptyDict = '}',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kEmptyList = ']',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kShortBinUnicode = 0x8c,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95
};

class Machine {
 public:
  Machine(ByteSpan bytes, std::vector<std::unique_ptr<PickleValue>>& values) : bytes_(bytes), values_(values) {}

  Result<PickleRef> run() {
    while (true) {
      const auto opcode = TRY(number<uint8_t>());
      if (opcode == kStop) {
        if (stack_.empty()) return invalid_data("the pickle ends without a value");
        return stack_.back();
      }
      const Status status = step(opcode);
      if (!status.ok()) return status.with_prefix(fmt::format("pickle, byte {}: ", at_));
    }
  }

 private:
  Status step(uint8_t opcode) {
    switch (opcode) {
      case kProto:
        return skip(1);
      case kFrame:
        return skip(8);
      case kMark:
        marks_.push_back(stack_.size());
        return {};
      case kNone:
        make(Kind::kNone);
        return {};
      case kNewTrue:
      case kNewFalse:
        make(Kind::kBool).integer = opcode == kNewTrue ? 1 : 0;
        return {};
      case kBinInt:
        return integer(TRY(number<int32_t>()));
      case kBinInt1:
        return integer(TRY(number<uint8_t>()));
      case kBinInt2:
        return integer(TRY(number<uint16_t>()));
      case kLong1:
        return long_integer();
      case kBinFloat:
        return big_endian_float();
      case kBinString:
      case kBinUnicode:
      case kBinBytes:
        return text(TRY(number<uint32_t>()));
      case kShortBinString:
      case kShortBinUnicode:
      case kShortBinBytes:
        return text(TRY(number<uint8_t>()));
      case kEmptyList:
      case kEmptySet:
        make(Kind::kList);
        return {};
      case kEmptyTuple:
        make(Kind::kTuple);
        return {};
      case kEmptyDict:
        make(Kind::kDict);
        return {};
      case kTuple1:
        return tuple(1);
      case kTuple2:
        return tuple(2);
      case kTuple3:
        return tuple(3);
      case kTuple:
        return tuple(TRY(since_mark()));
      case kPop:
        return pop_count(1);
      case kPopMark:
        return pop_count(TRY(since_mark()));
      case kAppend:
        return append(1);
      case kAppends:
      case kAddItems:
        return append(TRY(since_mark()));
      case kSetItem:
        return set_items(2);
      case kSetItems:
        return set_items(TRY(since_mark()));
      case kBinPut:
        return put(TRY(number<uint8_t>()));
      case kLongBinPut:
        return put(TRY(number<uint32_t>()));
      case kMemoize:
        return put(static_cast<uint32_t>(memo_.size()));
      case kBinGet:
        return get(TRY(number<uint8_t>()));
      case kLongBinGet:
        return get(TRY(number<uint32_t>()));
      case kGlobal:
        return global();
      case kStackGlobal:
        return stack_global();
      case kReduce:
      case kNewObj:
        return call();
      case kBuild:
        return build();
      case kBinPersId:
        return storage();
      default:
        return unsupported("opcode {:#x} of Python's pickle format", opcode);
    }
  }

  // ---- bytes
  template <typename T>
  Result<T> number() {
    if (bytes_.size() - at_ < sizeof(T)) return invalid_data("the pickle ends too early");
    T value{};
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  Status skip(size_t count) {
    if (bytes_.size() - at_ < count) return invalid_data("the pickle ends too early");
    at_ += count;
    return {};
  }

  Result<std::string> take_text(size_t size) {
    if (size > kMaxTextBytes) return resource_error("a text of {} bytes", size);
    if (bytes_.size() - at_ < size) return invalid_data("the pickle ends too early");
    std::string taken(reinterpret_cast<const char*>(bytes_.data()) + at_, size);
    at_ += size;
    return taken;
  }

  Result<std::string> take_line() {
    const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
    const auto* end = static_cast<const char*>(std::memchr(begin, '\n', bytes_.size() - at_));
    if (end == nullptr) return invalid_data("the pickle ends too early");
    std::string line = TRY(take_text(static_cast<size_t>(end - begin)));
    ++at_;
    return line;
  }

  // ---- stack
  PickleValue& make(Kind kind) {
    values_.push_back(std::make_unique<PickleValue>());
    values_.back()->kind = kind;
    stack_.push_back(values_.back().get());
    return *values_.back();
  }

  Status need(size_t count) const {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() >= floor + count) return {};
    return invalid_data("an instruction finds nothing on the stack");
  }

  Result<size_t> since_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) return invalid_data("a mark is missing");
    const size_t count = stack_.size() - marks_.back();
    marks_.pop_back();
    return count;
  }

  Status pop_count(size_t count) {
    TRY(need(count));
    stack_.resize(stack_.size() - count);
    return {};
  }

  Status copied(size_t count) {
    copied_items_ += count;
    if (copied_items_ <= kMaxCopiedItems) return {};
    return resource_error("the pickle copies more than {} items", kMaxCopiedItems);
  }

  // ---- values
  Status integer(int64_t value) {
    make(Kind::kInt).integer = value;
    return {};
  }

  Status long_integer() {
    const auto size = TRY(number<uint8_t>());
    if (size > sizeof(int64_t)) return unsupported("an integer of {} bytes", size);
    uint64_t bits = 0;
    uint8_t last = 0;
    for (unsigned i = 0; i < size; ++i) {
      last = TRY(number<uint8_t>());
      bits |= uint64_t{last} << (8 * i);
    }
    if (size > 0 && size < sizeof(int64_t) && (last & 0x80) != 0) bits |= ~uint64_t{0} << (8U * size);
    return integer(static_cast<int64_t>(bits));
  }

  Status big_endian_float() {
    const auto bits = __builtin_bswap64(TRY(number<uint64_t>()));
    make(Kind::kFloat).number = std::bit_cast<double>(bits);
    return {};
  }

  Status text(size_t size) {
    std::string taken = TRY(take_text(size));
    make(Kind::kText).text = std::move(taken);
    return {};
  }

  Status tuple(size_t count) {
    TRY(need(count));
    std::vector<PickleRef> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    make(Kind::kTuple).items = std::move(items);
    return {};
  }

  Status append(size_t count) {
    TRY(need(count + 1));
    PickleValue& list = *stack_[stack_.size() - count - 1];
    if (!list.is(Kind::kList) && !list.is(Kind::kObject)) return invalid_data("items are appended to what is no list");
    list.items.insert(list.items.end(), stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return {};
  }

  Status set_items(size_t count) {
    TRY(need(count + 1));
    PickleValue& dict = *stack_[stack_.size() - count - 1];
    if (count % 2 != 0 || (!dict.is(Kind::kDict) && !dict.is(Kind::kObject))) {
      return invalid_data("items are set in what is no dictionary");
    }
    for (size_t i = stack_.size() - count; i < stack_.size(); i += 2) {
      dict.entries.emplace_back(stack_[i], stack_[i + 1]);
    }
    stack_.resize(stack_.size() - count);
    return {};
  }

  Status put(uint32_t index) {
    TRY(need(1));
    memo_[index] = stack_.back();
    return {};
  }

  Status get(uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) return invalid_data("memo {} was never put", index);
    stack_.push_back(found->second);
    return {};
  }

  Status name_class(std::string name) {
    if (name.size() > kMaxNameBytes) return resource_error("a class name of {} bytes", name.size());
    if (!is_allowed_global(name)) {
      return unsupported("the file asks Python to load '{}', which no network needs; it is not read", name);
    }
    make(Kind::kClass).text = std::move(name);
    return {};
  }

  Status global() {
    const std::string module = TRY(take_line());
    return name_class(module + "." + TRY(take_line()));
  }

  Status stack_global() {
    TRY(need(2));
    const PickleRef module = stack_[stack_.size() - 2];
    const PickleRef name = stack_.back();
    if (!module->is(Kind::kText) || !name->is(Kind::kText)) return invalid_data("a class whose name is no text");
    std::string full = module->text + "." + name->text;
    stack_.resize(stack_.size() - 2);
    return name_class(std::move(full));
  }

  // A class, called with a tuple of arguments.
  Status call() {
    TRY(need(2));
    const PickleRef arguments = stack_.back();
    const PickleRef callee = stack_[stack_.size() - 2];
    if (!arguments->is(Kind::kTuple) || !callee->is(Kind::kClass)) return invalid_data("a call of what is no class");
    stack_.resize(stack_.size() - 2);
    const std::string& name = callee->text;
    if (name == "torch._utils._rebuild_tensor_v2") return rebuild_tensor(*arguments);
    if (name == "torch._utils._rebuild_parameter") return first_argument(*arguments, Kind::kTensor);
    if (name == "torch.jit._pickle.restore_type_tag" || name.starts_with("torch.jit._pickle.build_")) {
      return first_argument(*arguments, Kind::kList);
    }
    if (name == "collections.OrderedDict" || name == "collections.defaultdict" || name.ends_with(".dict")) {
      make(Kind::kDict);
      return {};
    }
    TRY(copied(arguments->items.size()));
    PickleValue& object = make(Kind::kObject);
    object.text = name;
    object.items = arguments->items;
    return {};
  }

  Status first_argument(const PickleValue& arguments, Kind kind) {
    if (arguments.items.empty()) return invalid_data("a call without arguments");
    // Dictionaries pass too: type tags are put on both.
    if (!arguments.items[0]->is(kind) && !arguments.items[0]->is(Kind::kDict)) {
      return invalid_data("a call with an argument of another kind");
    }
    stack_.push_back(const_cast<PickleValue*>(arguments.items[0]));
    return {};
  }

  static bool read_ints(const PickleValue& value, std::vector<int64_t>& ints) {
    if (!value.is(Kind::kTuple)) return false;
    if (value.items.size() > kMaxRank) return false;
    for (const PickleRef item : value.items) {
      if (!item->is(Kind::kInt)) return false;
      ints.push_back(item->integer);
    }
    return true;
  }

  // storage, offset, sizes, strides, then what concerns training.
  Status rebuild_tensor(const PickleValue& arguments) {
    const std::vector<PickleRef>& items = arguments.items;
    PickledTensor tensor;
    if (items.size() < 4 || !items[0]->is(Kind::kStorage) || !items[1]->is(Kind::kInt)) {
      return invalid_data("a tensor that is not made of a storage");
    }
    tensor = items[0]->tensor;
    tensor.offset = items[1]->integer;
    if (!read_ints(*items[2], tensor.sizes) || !read_ints(*items[3], tensor.strides)) {
      return invalid_data("a tensor whose sizes are not up to {} integers", kMaxRank);
    }
    make(Kind::kTensor).tensor = std::move(tensor);
    return {};
  }

  // ('storage', type, key, device, elements)
  Status storage() {
    TRY(need(1));
    const PickleRef id = stack_.back();
    stack_.pop_back();
    const std::vector<PickleRef>& items = id->items;
    if (!id->is(Kind::kTuple) || items.size() < 5 || !items[1]->is(Kind::kClass) || !items[2]->is(Kind::kText) ||
        !items[4]->is(Kind::kInt) || items[2]->text.size() > kMaxNameBytes) {
      return invalid_data("a storage that is not described as torch does");
    }
    PickledTensor described;
    described.storage_type = items[1]->text.substr(items[1]->text.rfind('.') + 1);
    described.key = items[2]->text;
    described.storage_elements = items[4]->integer;
    make(Kind::kStorage).tensor = std::move(described);
    return {};
  }

  // The state of an object: a dictionary of attributes, or a tuple of two of them.
  Status build() {
    TRY(need(2));
    const PickleRef state = stack_.back();
    stack_.pop_back();
    PickleValue& object = *stack_.back();
    if (state->is(Kind::kDict)) {
      TRY(copied(state->entries.size()));
      if (state == &object) return invalid_data("an object is its own state");
      object.entries.insert(object.entries.end(), state->entries.begin(), state->entries.end());
    }
    return {};
  }

  ByteSpan bytes_;
  size_t at_ = 0;
  std::vector<std::unique_ptr<PickleValue>>& values_;
  std::vector<PickleValue*> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint32_t, PickleValue*> memo_;
  size_t copied_items_ = 0;
};

}  // namespace

PickleRef PickleValue::find(std::string_view key) const {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->first->is(Kind::kText) && entry->first->text == key) return entry->second;
  }
  return nullptr;
}

Result<Pickle> Pickle::parse(ByteSpan bytes) {
  Pickle pickle;
  pickle.root_ = TRY(Machine(bytes, pickle.values_).run());
  return pickle;
}

}  // namespace sixtops::importer::torchscript
