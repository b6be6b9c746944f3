#include "vision/coco.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file.h"

namespace sixtops::vision {
namespace {

using nlohmann::json;

// The largest published file has 470 MB.
constexpr int64_t kMaxJsonBytes = int64_t{512} << 20;

// Annotations nest five deep; thousands of brackets in a row are an attack on the parser's memory.
constexpr int kMaxDepth = 32;
struct NestsTooDeep {};

// Outlines are nine tenths of the published files, and of no use for boxes.
bool is_wanted(int depth, json::parse_event_t event, json& parsed) {
  if (depth > kMaxDepth) throw NestsTooDeep();  // caught by parse_text: the parser knows no other way to stop
  return event != json::parse_event_t::key || parsed != "segmentation";
}

Result<json> parse_text(ByteSpan bytes) {
  const auto* begin = reinterpret_cast<const char*>(bytes.data());
  try {
    return json::parse(begin, begin + bytes.size(), is_wanted);
  } catch (const json::exception& error) {
    return invalid_data("no valid JSON: {}", error.what());
  } catch (const NestsTooDeep&) {
    return invalid_data("JSON that nests more than {} deep", kMaxDepth);
  } catch (const std::bad_alloc&) {
    return resource_error("no memory for this JSON");
  }
}

// One entry of a list, and where it is for messages.
class Entry {
 public:
  Entry(const json& value, const char* list, size_t index) : value_(value), list_(list), index_(index) {}

  Result<int64_t> integer(const char* key) const {
    const json* field = find(key);
    if (field == nullptr || !field->is_number_integer()) return wrong(key, "an integer");
    if (field->is_number_unsigned() && field->get<uint64_t>() > INT64_MAX) return wrong(key, "an integer of 64 bits");
    return field->get<int64_t>();
  }
  Result<std::string> text(const char* key) const {
    const json* field = find(key);
    if (field == nullptr || !field->is_string()) return wrong(key, "a text");
    return field->get<std::string>();
  }
  std::optional<double> number(const char* key) const {
    const json* field = find(key);
    if (field == nullptr || !field->is_number()) return std::nullopt;
    return field->get<double>();
  }
  Result<std::array<double, 4>> box(const char* key) const {
    constexpr const char* kExpected = "four numbers: left, top, and width and height of at least 0";
    const json* field = find(key);
    if (field == nullptr || !field->is_array() || field->size() != 4) return wrong(key, kExpected);
    std::array<double, 4> numbers{};
    for (size_t i = 0; i < 4; ++i) {
      if (!(*field)[i].is_number()) return wrong(key, kExpected);
      numbers[i] = (*field)[i].get<double>();
      if (!std::isfinite(numbers[i]) || (i >= 2 && numbers[i] < 0)) return wrong(key, kExpected);
    }
    return numbers;
  }
  Status wrong(const char* key, const char* expected) const {
    return invalid_data("entry {} of \"{}\": \"{}\" is missing or wrong, expected {}", index_, list_, key, expected);
  }

 private:
  const json* find(const char* key) const {
    const auto found = value_.find(key);  // end() for values that are no objects
    return found == value_.end() ? nullptr : &*found;
  }

  const json& value_;
  const char* list_;
  size_t index_;
};

template <typename ReadEntry>
Status read_list(const json& root, const char* list, ReadEntry read_entry) {
  const auto found = root.find(list);
  if (found == root.end() || !found->is_array()) return invalid_data("the list \"{}\" is missing", list);
  for (size_t i = 0; i < found->size(); ++i) TRY(read_entry(Entry((*found)[i], list, i)));
  return {};
}

Result<CocoAnnotations> read_root(const json& root) {
  CocoAnnotations annotations;
  std::set<int64_t> picture_ids, category_ids;
  TRY(read_list(root, "images", [&](const Entry& entry) -> Status {
    const CocoPicture picture{TRY(entry.integer("id")), TRY(entry.text("file_name"))};
    if (!picture_ids.insert(picture.id).second) return entry.wrong("id", "one that no other picture has");
    annotations.pictures.push_back(picture);
    return {};
  }));
  TRY(read_list(root, "categories", [&](const Entry& entry) -> Status {
    const CocoCategory category{TRY(entry.integer("id")), TRY(entry.text("name"))};
    if (!category_ids.insert(category.id).second) return entry.wrong("id", "one that no other category has");
    annotations.categories.push_back(category);
    return {};
  }));
  TRY(read_list(root, "annotations", [&](const Entry& entry) -> Status {
    CocoObject object;
    object.picture_id = TRY(entry.integer("image_id"));
    object.category_id = TRY(entry.integer("category_id"));
    const auto [left, top, width, height] = TRY(entry.box("bbox"));
    object.left = left;
    object.top = top;
    object.width = width;
    object.height = height;
    object.area = entry.number("area").value_or(width * height);
    object.crowd = entry.number("iscrowd").value_or(0) != 0;
    annotations.objects.push_back(object);
    return {};
  }));
  return annotations;
}

}  // namespace

Result<CocoAnnotations> parse_coco(ByteSpan bytes, const std::string& name) {
  const std::string prefix = name + ": COCO annotations: ";
  const Result<json> root = parse_text(bytes);
  if (!root.ok()) return root.status().with_prefix(prefix);
  Result<CocoAnnotations> annotations = read_root(*root);
  if (!annotations.ok()) return annotations.status().with_prefix(prefix);
  return annotations;
}

Result<CocoAnnotations> read_coco(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxJsonBytes));
  return parse_coco(bytes.span(), path);
}

}  // namespace sixtops::vision
