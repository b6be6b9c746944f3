// Mutated files of every format but ONNX, judged by judge.h: bytes anywhere, words of text files, and entries of
// PyTorch's archives, which are packed again with their right sizes.
//
//   mutated_formats COUNT CORPUS   COUNT mutants of each format, made of the seeds in CORPUS/<format>/; the one at hand
//                                  lies in mutant.*, where a crash leaves it behind
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "byte_mutation.h"
#include "convert/convert.h"
#include "importer/torchscript/zip_archive.h"
#include "judge.h"
#include "testing/zip_file.h"

namespace sixtops::mutation {
namespace {

using Bytes = std::vector<std::byte>;

struct Format {
  const char* name;       // of the folder with its seeds
  const char* file;       // what a mutant is called
  const char* companion;  // of two files that a zero byte separates in a seed: the second; else nullptr
  bool is_archive;
};

constexpr Format kFormats[] = {
    {"tflite", "mutant.tflite", nullptr, false},        {"torch", "mutant.pt", nullptr, true},
    {"tensorflow", "mutant.pb", nullptr, false},        {"caffe", "mutant.prototxt", "mutant.caffemodel", false},
    {"darknet", "mutant.cfg", "mutant.weights", false},
};

size_t draw(std::mt19937& random, size_t low, size_t high) {
  return std::uniform_int_distribution<size_t>(low, high)(random);
}

size_t anywhere(std::mt19937& random, size_t size) { return size == 0 ? 0 : draw(random, 0, size - 1); }

Bytes bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string text_of(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// One word becomes a number that parsers trip over, another word of the file, or nothing.
std::string mutate_words(std::string text, std::mt19937& random) {
  constexpr std::string_view kBreaks = " \t\n=,:{}()[]";
  std::vector<std::pair<size_t, size_t>> words;
  for (size_t at = 0; (at = text.find_first_not_of(kBreaks, at)) != std::string::npos;) {
    const size_t end = std::min(text.find_first_of(kBreaks, at), text.size());
    words.emplace_back(at, end - at);
    at = end;
  }
  if (words.empty()) return text;
  const auto [at, size] = words[draw(random, 0, words.size() - 1)];
  const auto [from, length] = words[draw(random, 0, words.size() - 1)];
  switch (draw(random, 0, 3)) {
    case 0:
      return text.replace(at, size, "");
    case 1:
      return text.replace(at, size, text.substr(from, length));
    default:
      return text.replace(at, size, std::to_string(hostile_number(random)));
  }
}

Result<Bytes> mutate_archive(const Bytes& seed, std::mt19937& random) {
  const auto archive = TRY(importer::torchscript::ZipArchive::open(SharedBytes::own(seed)));
  const std::vector<std::string> names(archive.names().begin(), archive.names().end());
  const size_t chosen = draw(random, 0, names.size() - 1);
  std::vector<std::pair<std::string, std::string>> entries;
  for (size_t i = 0; i < names.size(); ++i) {
    const SharedBytes content = TRY(archive.read(names[i]));
    std::string text(content.text());
    if (i == chosen && names[i].ends_with(".py") && random() % 2 == 0) {
      text = mutate_words(std::move(text), random);
    } else if (i == chosen) {
      Bytes bytes = bytes_of(text);
      mutate_bytes(bytes, random, anywhere);
      text = text_of(bytes);
    }
    entries.emplace_back(names[i], std::move(text));
  }
  return bytes_of(testing::zip_text(entries));
}

Result<Bytes> mutate(const Format& format, const Bytes& seed, uint32_t number) {
  std::mt19937 random(number);
  const bool within = random() % 2 == 0;
  if (within && format.is_archive) return mutate_archive(seed, random);
  if (within && format.companion != nullptr) {
    const std::string text = text_of(seed);
    const size_t end = std::min(text.find('\0'), text.size());
    return bytes_of(mutate_words(text.substr(0, end), random) + text.substr(end));
  }
  Bytes mutant = seed;
  for (size_t count = draw(random, 1, 3); count > 0; --count) mutate_bytes(mutant, random, anywhere);
  return mutant;
}

Result<SessionPtr> load(const Format& format, const SharedBytes& file) {
  convert::ConvertOptions options;
  if (format.is_archive) options.input_shapes["x"] = {1, 4, 6, 6};
  convert::Converted converted = TRY(convert::convert({format.file, file}, options));
  return runtime::Session::open(SharedBytes::own(std::move(converted.six)),
                                {.threads = 1, .max_memory_bytes = kMaxPlanBytes});
}

Result<std::vector<Bytes>> read_seeds(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> seeds;
  for (const std::string& path : paths) seeds.push_back(bytes_of(TRY(read_file(path)).text()));
  if (seeds.empty()) return not_found("{}: no seeds", folder);
  return seeds;
}

Result<int> check_format(const Format& format, uint32_t count, const std::string& corpus) {
  const std::vector<Bytes> seeds = TRY(read_seeds(corpus + "/" + format.name));
  std::map<std::string, int> outcomes;
  int faults = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const Bytes mutant = TRY(mutate(format, seeds[i % seeds.size()], i));
    Bytes first = mutant;
    if (format.companion != nullptr) {
      const auto end = std::find(mutant.begin(), mutant.end(), std::byte{0});
      first.assign(mutant.begin(), end);
      TRY(write_file(format.companion, Bytes(end == mutant.end() ? end : end + 1, mutant.end())));
    }
    TRY(write_file(format.file, first));
    const SharedBytes file = SharedBytes::own(first);
    const std::string fault = fault_of(
        mutant.size(), [&] { return load(format, file); }, outcomes);
    if (fault.empty()) continue;
    ++faults;
    const std::string kept = fmt::format("fault_{}_{}", i, format.file);
    TRY(write_file(kept, mutant));
    std::printf("%s: %s\n", kept.c_str(), fault.c_str());
  }
  std::printf("%s: %u mutants:", format.name, count);
  for (const auto& [outcome, number] : outcomes) std::printf(" %d %s,", number, outcome.c_str());
  std::printf(" %d faults\n", faults);
  return faults;
}

}  // namespace
}  // namespace sixtops::mutation

int main(int argc, char** argv) {
  const long count = argc == 3 ? std::strtol(argv[1], nullptr, 10) : 0;
  if (count <= 0) {
    std::fprintf(stderr, "usage: mutated_formats COUNT CORPUS\n");
    return 2;
  }
  int faults = 0;
  for (const sixtops::mutation::Format& format : sixtops::mutation::kFormats) {
    const auto found = sixtops::mutation::check_format(format, static_cast<uint32_t>(count), argv[2]);
    if (!found.ok()) std::fprintf(stderr, "%s\n", found.status().message().c_str());
    faults += found.ok() ? *found : 1;
  }
  return faults == 0 ? 0 : 1;
}
