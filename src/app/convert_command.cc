#include <cmath>
#include <cstdio>

#include "app/commands.h"
#include "app/progress.h"
#include "app/source_options.h"
#include "base/file.h"
#include "base/log.h"
#include "convert/convert.h"

namespace sixtops::app {
namespace {

Precision chosen_precision(const ConvertCommand& command) {
  if (command.precision.empty()) return command.calibrate.empty() ? Precision::kFloat32 : Precision::kInt8;
  return parse_precision(command.precision).value_or(Precision::kFloat32);
}

quantize::QuantizeOptions quantize_options(const ConvertCommand& command) {
  quantize::QuantizeOptions options;
  if (command.range == "minmax") options.range_rule = quantize::RangeRule::kMinMax;
  if (command.range == "kl") options.range_rule = quantize::RangeRule::kKl;
  if (command.effort == "high") options.effort = quantize::Effort::kHigh;
  options.keep_float = command.keep_float;
  if (command.accuracy_budget_db) options.accuracy_budget_db = *command.accuracy_budget_db;
  return options;
}

}  // namespace

Status run(const ConvertCommand& command) {
  convert::ConvertOptions options = TRY(conversion_options(command.source));
  options.precision = chosen_precision(command);
  options.calibration = command.calibrate;
  options.quantize = quantize_options(command);
  options.dump_after = command.dump_after;
  options.dump_sink = [](const std::string& text) { std::fputs(text.c_str(), stdout); };

  convert::Converted converted;
  {
    Progress progress;
    options.progress = [&](const char* stage, int done, int total) { progress.update(stage, done, total); };
    converted = TRY(convert::convert({command.model, TRY(read_file(command.model))}, options));
  }
  const convert::Report& report = converted.report;
  for (const std::string& note : report.notes) log(LogLevel::kInfo, "{}: {}", command.model, note);
  for (const std::string& warning : report.quantization.warnings) log(LogLevel::kWarning, "{}", warning);
  // The model comes last: where it exists, everything went well.
  if (!command.report_folder.empty()) TRY(convert::write_report(report, command.report_folder));
  TRY(write_file(command.output, converted.six));

  double seconds = 0;
  for (const convert::StageTime& time : report.times) seconds += time.seconds;
  const bool has_figure = report.precision == Precision::kInt8 && !std::isnan(report.quantization.output_sqnr_db);
  const std::string quality =
      has_figure ? fmt::format(", {:.1f} dB SQNR on the samples", report.quantization.output_sqnr_db) : "";
  log(LogLevel::kInfo, "{}: {}, {:.2f} MB{}, {:.1f} s", command.output, precision_name(report.precision),
      static_cast<double>(report.output_bytes) * 1e-6, quality, seconds);
  return {};
}

}  // namespace sixtops::app
