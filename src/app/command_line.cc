#include "app/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>

#include "app/commands.h"
#include "base/log.h"
#include "base/version.h"
#include "runtime/device/device.h"

namespace sixtops::app {
namespace {

// What the parsed command line wants done.
using Action = std::function<Status()>;

// A command: its options in a struct that lives as long as the parser, and its place in the help.
template <typename Command>
CLI::App* add_command(CLI::App& app, Action& action, const std::string& name, const std::string& description,
                      const std::string& examples, std::shared_ptr<Command> command) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->footer("Examples:\n" + examples);
  sub->callback([command, &action] { action = [command] { return run(*command); }; });
  return sub;
}

enum class Labels { kOption, kNone };  // `eval` has another --labels

void add_source_options(CLI::App* sub, SourceOptions& source, const std::string& shape_option = "--input",
                        Labels labels = Labels::kOption) {
  const std::string group =
      "For source models (ONNX, TensorFlow, TensorFlow Lite, PyTorch, Caffe, Darknet); a .six file carries its own";
  const auto add = [&](const std::string& name, auto& target, const std::string& help) {
    return sub->add_option(name, target, help)->group(group);
  };
  const auto add_repeated = [&](const std::string& name, std::vector<std::string>& target, const std::string& help) {
    return add(name, target, help)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  add_repeated(shape_option, source.input_shapes,
               "Shape of an input, where the model leaves it open; several for a .six file that serves them all, "
               "calibrated once at the largest; may be repeated for other inputs")
      ->type_name("NAME:1x3x640x640[,1x3x320x320]");
  add("--companion", source.companion, "The other file of a network in two, if not beside it")->type_name("FILE");
  add("--inputs", source.inputs, "Begin the network at these tensors, in this order")->delimiter(',')->type_name("A,B");
  add("--outputs", source.outputs, "Cut the network at these tensors, in this order")->delimiter(',')->type_name("A,B");
  add_repeated("--constant", source.constant_inputs, "An input that is no input any more, but this; may be repeated")
      ->type_name("NAME:NUMBER|NAME:FILE.npy");
  add_repeated("--mean", source.mean, "Subtracted a channel, in 0..255; may be repeated for single inputs")
      ->type_name("[NAME:]R,G,B");
  add_repeated("--std", source.std, "Divided by a channel, in 0..255; may be repeated for single inputs")
      ->type_name("[NAME:]R,G,B");
  add("--color", source.color, "Order of the input's channels")->check(CLI::IsMember({"rgb", "bgr", "gray"}));
  add("--resize", source.resize, "How a picture is fitted to the input")
      ->check(CLI::IsMember({"letterbox", "letterbox-topleft", "stretch", "crop"}));
  add("--pad-color", source.pad_color, "Grey around a letterboxed picture")->check(CLI::Range(0, 255));
  if (labels == Labels::kOption) {
    add("--labels", source.labels_file, "Names of the classes, one a line")->type_name("FILE");
  }
  add("--head", source.head, "What the outputs mean, where it is not recognized")
      ->check(CLI::IsMember({"classifier", "yolov3-raw", "yolov5-raw", "yolov5-sigmoid", "yolov5-decoded", "centernet",
                             "yolov8-dfl", "yolov8-decoded", "yolox", "ssd", "fastestdet"}));
  add("--anchors", source.anchors, "Of a raw YOLO head whose file has none: pixels, finest stride first")
      ->delimiter(',')
      ->type_name("W,H,...");
}

CLI::Option* add_json_file(CLI::App* sub, std::string& file) {
  return sub->add_option("--json", file, "Write the result as JSON")->type_name("FILE");
}

void add_thresholds(CLI::App* sub, DetectionThresholds& thresholds) {
  sub->add_option("--conf", thresholds.confidence, "Lowest score of a box")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  sub->add_option("--iou", thresholds.iou, "Overlap from which the weaker box of a class goes")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

void add_classes(CLI::App* sub, std::vector<std::string>& classes) {
  sub->add_option("--classes", classes, "Look at these only, in a video")->delimiter(',')->type_name("A,B");
}

void add_convert(CLI::App& app, Action& action) {
  auto c = std::make_shared<ConvertCommand>();
  CLI::App* sub = add_command(app, action, "convert", "Turn a trained network into a .six file",
                              "  sixtops convert yolov5n.onnx -o yolov5n.six --calibrate photos/\n"
                              "  sixtops convert yolov5n.onnx -o half.six --precision float16\n"
                              "  sixtops convert net.onnx -o net.six --calibrate list.txt --input x:1x3x224x224 \\\n"
                              "      --mean 123.7,116.3,103.5 --std 58.4,57.1,57.4 --report report/\n",
                              c);
  sub->add_option("model", c->model,
                  "Source model: ONNX, TensorFlow Lite, PyTorch (traced, or a checkpoint of YOLOv5, v8, 11), Darknet "
                  "(.cfg and .weights)")
      ->required()
      ->type_name("MODEL");
  sub->add_option("-o,--output", c->output, "The .six file to write")->required()->type_name("OUT.six");
  sub->add_option("--calibrate", c->calibrate,
                  "Pictures that show the values to expect: a folder, or one sample a line")
      ->type_name("DIR|LIST.txt");
  sub->add_option("--precision", c->precision, "Default: int8 with --calibrate, else float32")
      ->check(CLI::IsMember({"int8", "float16", "float32"}));
  sub->add_option("--range", c->range, "How the range of a tensor is chosen")
      ->check(CLI::IsMember({"mse", "minmax", "kl"}))
      ->capture_default_str();
  sub->add_option("--effort", c->effort, "high takes longer and rounds weights by their effect")
      ->check(CLI::IsMember({"normal", "high"}))
      ->capture_default_str();
  sub->add_option("--keep-float", c->keep_float, "A node that stays float; may be repeated")
      ->type_name("NODE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  sub->add_option("--accuracy-budget", c->accuracy_budget_db, "Keep layers float until this much SQNR is lost, no more")
      ->check(CLI::NonNegativeNumber)
      ->type_name("DB");
  sub->add_option("--report", c->report_folder, "Write report.html and report.json, layer by layer")->type_name("DIR");
  sub->add_option("--dump-after", c->dump_after, "Print the graph after this pass (import, a pass, quantize)")
      ->type_name("PASS");
  add_source_options(sub, c->source);
}

void add_inspect(CLI::App& app, Action& action) {
  auto c = std::make_shared<InspectCommand>();
  CLI::App* sub = add_command(app, action, "inspect", "Show inputs, outputs, operators, work and memory of a model",
                              "  sixtops inspect yolov5n.six\n"
                              "  sixtops inspect yolov5n.onnx --json\n"
                              "  sixtops inspect yolov5n.six --text | less\n",
                              c);
  sub->add_option("file", c->file, "A .six file or a source model")->required()->type_name("FILE");
  sub->add_option("--input", c->input_shapes, "Shape of an input, where the model leaves it open")
      ->type_name("NAME:1x3x640x640")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  sub->add_option("--companion", c->companion, "The other file of a network in two, if not beside it")
      ->type_name("FILE");
  auto* json = sub->add_flag("--json", c->json, "Print as JSON");
  sub->add_flag("--text", c->text, "Print the whole graph in its text form")->excludes(json);
}

void add_detect(CLI::App& app, Action& action) {
  auto c = std::make_shared<DetectCommand>();
  CLI::App* sub = add_command(app, action, "detect", "Find objects on pictures or in a video",
                              "  sixtops detect yolov5n.six bus.jpg -o bus_boxes.jpg\n"
                              "  sixtops detect yolov5n.six photos/ 'more/*.png' -o boxes/ --json boxes.json\n"
                              "  sixtops detect yolox_nano.onnx bus.jpg --conf 0.4 --iou 0.5\n"
                              "  sixtops detect yolov5n.six street.mp4 -o boxes.mp4 --json frames.ndjson --track\n",
                              c);
  sub->add_option("model", c->model, "A .six file or a source model")->required()->type_name("MODEL");
  sub->add_option("source", c->sources, "Pictures, folders or globs; or one video")->required()->type_name("SOURCE");
  sub->add_option("-o,--output", c->output,
                  "A folder for the pictures with boxes; a file for one picture or a video (.mp4 .mkv .ts .h264 .h265)")
      ->type_name("OUT");
  sub->add_flag("--track", c->track, "Give every object of a video a number");
  add_classes(sub, c->classes);
  add_thresholds(sub, c->thresholds);
  sub->add_option("--post", c->post, "vendor repeats the roundings of the vendor's demo")
      ->check(CLI::IsMember({"exact", "vendor"}))
      ->capture_default_str();
  add_json_file(sub, c->json_file);
  sub->add_flag("--save-txt", c->save_txt,
                "Write class, centre and size of the boxes as text beside the pictures of -o");
  add_source_options(sub, c->source);
}

void add_classify(CLI::App& app, Action& action) {
  auto c = std::make_shared<ClassifyCommand>();
  CLI::App* sub = add_command(app, action, "classify", "Name what a picture shows",
                              "  sixtops classify mobilenet.six parrot.jpg\n"
                              "  sixtops classify mobilenet.onnx *.jpg --top 1 --labels imagenet.txt\n",
                              c);
  sub->add_option("model", c->model, "A .six file or a source model")->required()->type_name("MODEL");
  sub->add_option("picture", c->pictures, "Pictures, folders or globs")->required()->type_name("PICTURE");
  sub->add_option("--top", c->top, "How many classes to name")->check(CLI::PositiveNumber)->capture_default_str();
  add_source_options(sub, c->source);
}

void add_run(CLI::App& app, Action& action) {
  auto c = std::make_shared<RunCommand>();
  CLI::App* sub = add_command(app, action, "run", "Run a network on raw tensors",
                              "  sixtops run net.six --input x.npy --output-dir out/\n"
                              "  sixtops run net.onnx --input a.npy b.npy --shape a:1x8 --shape b:1x8\n",
                              c);
  sub->add_option("model", c->model, "A .six file or a source model")->required()->type_name("MODEL");
  sub->add_option("--input", c->input_files, "One .npy file an input, in the network's order")
      ->required()
      ->type_name("FILE.npy...");
  sub->add_option("--output-dir", c->output_folder, "Where OUTPUT.npy files go")
      ->type_name("DIR")
      ->capture_default_str();
  add_source_options(sub, c->source, "--shape");
}

void add_compare(CLI::App& app, Action& action) {
  auto c = std::make_shared<CompareCommand>();
  CLI::App* sub =
      add_command(app, action, "compare", "How far a converted network is from its source",
                  "  sixtops compare yolov5n.six yolov5n.onnx --data photos/\n"
                  "  sixtops compare yolov5n.six yolov5n.onnx --data list.txt --limit 16 --json sqnr.json\n",
                  c);
  sub->add_option("six", c->six, "The converted network")->required()->type_name("OUT.six");
  sub->add_option("model", c->model, "Its source, run in float")->required()->type_name("MODEL");
  sub->add_option("--data", c->data, "Samples: a folder, or a list with one a line")->required()->type_name("DIR");
  sub->add_option("--limit", c->limit, "Take only the first samples")->check(CLI::PositiveNumber)->type_name("N");
  add_json_file(sub, c->json_file);
}

void add_eval(CLI::App& app, Action& action) {
  auto c = std::make_shared<EvalCommand>();
  CLI::App* sub = add_command(app, action, "eval", "Measure mAP or top-1 on pictures with known answers",
                              "  sixtops eval yolov5n.six --images val/ --annotations instances_val.json\n"
                              "  sixtops eval mobilenet.six --images photos/ --labels photos/labels.tsv\n",
                              c);
  sub->add_option("model", c->model, "A .six file or a source model")->required()->type_name("MODEL");
  sub->add_option("--images", c->images, "Folder of the pictures")->required()->type_name("DIR");
  auto* truth = sub->add_option_group("Truth", "One of");
  truth->add_option("--annotations", c->annotations, "Boxes in COCO's JSON form")->type_name("COCO.json");
  truth->add_option("--labels", c->class_list, "A line a picture: file name and class index")->type_name("LIST");
  truth->require_option(1);
  add_thresholds(sub, c->thresholds);
  sub->add_option("--limit", c->limit, "Take only the first pictures")->check(CLI::PositiveNumber)->type_name("N");
  add_json_file(sub, c->json_file);
  add_source_options(sub, c->source, "--input", Labels::kNone);
}

void add_bench(CLI::App& app, Action& action) {
  auto c = std::make_shared<BenchCommand>();
  CLI::App* sub = add_command(app, action, "bench", "Measure how fast a network runs here",
                              "  sixtops bench yolov5n.six\n"
                              "  sixtops bench yolov5n.six --threads 1 --runs 50 --per-layer\n",
                              c);
  sub->add_option("model", c->model, "A .six file or a source model")->required()->type_name("MODEL");
  sub->add_option("--threads", c->threads, "Default: all cores")
      ->check(CLI::Range(1, runtime::kMostThreads))
      ->type_name("N");
  sub->add_option("--runs", c->runs, "Runs to time, after one to warm up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  sub->add_flag("--per-layer", c->per_layer, "Print the time of every layer");
  sub->add_option("--picture", c->picture, "Run on this picture, and time its pre-processing too")->type_name("FILE");
  sub->add_option("--max-memory", c->max_memory_bytes, "Refuse a network that needs more")
      ->check(CLI::PositiveNumber)
      ->type_name("BYTES");
  add_json_file(sub, c->json_file);
  add_source_options(sub, c->source);
}

void add_watch(CLI::App& app, Action& action) {
  auto c = std::make_shared<WatchCommand>();
  CLI::App* sub = add_command(app, action, "watch", "Find objects in live streams, until stopped",
                              "  sixtops watch yolov5n.six rtsp://camera/stream --track --serve 127.0.0.1:8080\n"
                              "  sixtops watch yolov5n.six usb:0 test:1280x720@30 --sink 'recordings/{name}.mp4'\n"
                              "  sixtops watch cameras.yaml\n",
                              c);
  sub->add_option("model", c->model_or_config, "A .six file, a source model, or a configuration that names one")
      ->required()
      ->type_name("MODEL|CONFIG.yaml");
  sub->add_option("source", c->sources,
                  "rtsp://, http://, /dev/video0, usb:0:1280x720@30, test:1280x720@30, a file or a folder of pictures")
      ->type_name("SOURCE");
  sub->add_option("--sink", c->sinks, "Where pictures with boxes go: .mp4 .mkv .ts .h264 .h265, rtsp://, folder/")
      ->type_name("SINK")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  sub->add_flag("--track", c->track, "Give every object a number");
  sub->add_option("--fps", c->max_fps, "Look at no more pictures a second and stream")->check(CLI::PositiveNumber);
  sub->add_option("--transport", c->transport, "Of rtsp sources")
      ->check(CLI::IsMember({"tcp", "udp"}))
      ->capture_default_str();
  sub->add_option("--sessions", c->sessions, "How many networks run at once; default: one a core")
      ->check(CLI::Range(1, 64));
  sub->add_option("--retry-max-ms", c->retry_max_ms, "Longest wait before a lost source is tried again")
      ->check(CLI::Range(1, 3'600'000));
  sub->add_option("--serve", c->serve, "Show the streams on a page")->type_name("ADDRESS:PORT");
  sub->add_option("--token", c->token, "Secret that the page asks for; needed beyond 127.0.0.1");
  sub->add_option("--seconds", c->seconds, "Stop after this time")->check(CLI::PositiveNumber);
  sub->add_option("--json", c->json_file, "Write a line of JSON for every picture and event")->type_name("FILE");
  add_classes(sub, c->classes);
  add_thresholds(sub, c->thresholds);
  add_source_options(sub, c->source);
}

int fail(std::string message, int exit_code) {
  for (char& c : message) c = c == '\n' ? ' ' : c;
  std::fprintf(stderr, "sixtops: error: %s\n", message.c_str());
  return exit_code;
}

void print_log(LogLevel level, const std::string& message) {
  if (level == LogLevel::kDebug) return;
  const char* word = level == LogLevel::kError ? "error: " : level == LogLevel::kWarning ? "warning: " : "";
  std::fprintf(stderr, "sixtops: %s%s\n", word, message.c_str());
}

}  // namespace

int run_command_line(int argc, char** argv) {
  set_log_sink(print_log);
  CLI::App app("Converts, runs and measures neural networks in the integer arithmetic of the RK3588's NPU.", "sixtops");
  app.set_version_flag("--version", std::string("sixtops ") + kVersion);
  app.require_subcommand(1);
  app.footer("'sixtops COMMAND --help' shows options and examples.");
  Action action;
  add_convert(app, action);
  add_inspect(app, action);
  add_detect(app, action);
  add_classify(app, action);
  add_run(app, action);
  add_compare(app, action);
  add_eval(app, action);
  add_bench(app, action);
  add_watch(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(std::string(error.what()) + "; see 'sixtops --help'", kExitUsage);
  }
  hide_secrets(argc, argv);
  try {
    const Status status = action();
    if (status.ok()) return kExitOk;
    return fail(status.message(), status.code() == StatusCode::kUsage ? kExitUsage : kExitFailed);
  } catch (const std::exception& error) {  // out of memory, or a library that broke its promise
    return fail(error.what(), kExitFailed);
  }
}

}  // namespace sixtops::app
