// What each command of `sixtops` is told, as command_line.cc read it from argv, and the function that does it.
//
// A command prints its results on stdout and notes on stderr, and returns why it failed; kUsage becomes exit code 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace sixtops::app {

// How a source model is converted; none of it goes with a .six file, which carries its own.
struct SourceOptions {
  std::vector<std::string> input_shapes;  // "name:1x3x640x640", with further shapes behind commas
  std::string companion;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> constant_inputs;  // "name:0.5", "name:file.npy"
  std::vector<std::string> mean;             // "1,2,3", or "name:1,2,3"; empty: not given; the same for all below
  std::vector<std::string> std;
  std::string color;
  std::string resize;
  std::optional<int> pad_color;
  std::string labels_file;
  std::string head;
  std::vector<float> anchors;
};

struct ConvertCommand {
  std::string model;
  std::string output;
  SourceOptions source;
  std::string calibrate;
  std::string precision;  // empty: int8 with calibrate, else float32
  std::string range = "mse";
  std::string effort = "normal";
  std::vector<std::string> keep_float;
  std::optional<double> accuracy_budget_db;
  std::string report_folder;
  std::string dump_after;
};

struct InspectCommand {
  std::string file;
  std::vector<std::string> input_shapes;
  std::string companion;
  bool json = false;
  bool text = false;
};

// Where a detector draws the line.
struct DetectionThresholds {
  float confidence = 0.25F;
  float iou = 0.45F;
  int max_boxes = 300;
};

struct DetectCommand {
  std::string model;
  std::vector<std::string> sources;
  SourceOptions source;
  std::string output;
  DetectionThresholds thresholds;
  std::string post = "exact";
  std::string json_file;
  bool save_txt = false;
  bool track = false;  // of a video, and the rest too
  std::vector<std::string> classes;
};

struct ClassifyCommand {
  std::string model;
  std::vector<std::string> pictures;
  SourceOptions source;
  int top = 5;
};

struct RunCommand {
  std::string model;
  std::vector<std::string> input_files;
  SourceOptions source;
  std::string output_folder = ".";
};

struct CompareCommand {
  std::string six;
  std::string model;
  std::string data;
  int limit = 0;  // 0: all
  std::string json_file;
};

struct EvalCommand {
  std::string model;
  std::string images;
  std::string annotations;
  std::string class_list;
  SourceOptions source;
  DetectionThresholds thresholds{.confidence = 0.001F, .iou = 0.6F, .max_boxes = 100};
  int limit = 0;  // 0: all
  std::string json_file;
};

struct BenchCommand {
  std::string model;
  SourceOptions source;
  int threads = 0;  // 0: all
  int runs = 20;
  bool per_layer = false;
  std::string picture;           // also times its pre-processing, and runs on it
  int64_t max_memory_bytes = 0;  // 0: what the machine has
  std::string json_file;
};

struct WatchCommand {
  std::string model_or_config;  // MODEL, or CONFIG.yaml, which names the model
  std::vector<std::string> sources;
  SourceOptions source;
  DetectionThresholds thresholds;
  std::vector<std::string> sinks;  // "{name}" stands for the stream
  std::vector<std::string> classes;
  bool track = false;
  double max_fps = 0;
  std::string transport = "tcp";
  int sessions = 0;  // 0: one a core, at most 6
  std::optional<int> retry_max_ms;
  std::string serve;
  std::string token;
  std::string json_file;
  double seconds = 0;  // 0: until a signal
};

Status run(const ConvertCommand& command);
Status run(const InspectCommand& command);
Status run(const DetectCommand& command);
Status run(const ClassifyCommand& command);
Status run(const RunCommand& command);
Status run(const CompareCommand& command);
Status run(const EvalCommand& command);
Status run(const BenchCommand& command);
Status run(const WatchCommand& command);

// What `detect` does with one video. A build without video has these two and `watch` only to say so.
Status detect_on_video(const DetectCommand& command);
bool is_video(const std::string& source);

// Overwrites passwords in URLs and the value of --token, so that nobody finds them in the list of processes. Before the
// first thread starts.
void hide_secrets(int argc, char** argv);

}  // namespace sixtops::app
