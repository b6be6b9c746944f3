#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "convert/report_forms.h"

namespace sixtops::convert {
namespace {

using quantize::LayerFigures;

constexpr std::string_view kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1c2430; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.sub { color: #5b6675; } .warn { color: #9a4a00; }
.facts { display: flex; flex-wrap: wrap; margin: 1rem 0; } .facts div { margin: 0 2.2rem .6rem 0; }
.facts b { display: block; font-size: 1.25rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .22rem .6rem; text-align: right; border-bottom: 1px solid #e4e8ee; white-space: nowrap; }
th { position: sticky; top: 0; background: #fff; } .l { text-align: left; }
td.name { text-align: left; max-width: 26rem; overflow: hidden; text-overflow: ellipsis; }
td.why { text-align: left; white-space: normal; color: #5b6675; }
tr.float td { background: #f4f7fb; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #5b6675; }
)";

std::string escape(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string decibels(double value) { return std::isfinite(value) ? fmt::format("{:.1f}", value) : "exact"; }

std::string count_text(int64_t macs) {
  if (macs == 0) return "";
  return macs >= 1'000'000 ? fmt::format("{:.1f} M", static_cast<double>(macs) * 1e-6) : fmt::format("{}", macs);
}

// One bar a layer in network order; what is not int8 is grey, so that a dip and its place are seen at a glance.
std::string sqnr_plot(const std::vector<LayerFigures>& layers) {
  constexpr double kWidth = 1100;
  constexpr double kHeight = 260;
  constexpr double kLeft = 40;
  constexpr double kBottom = 30;
  constexpr double kGridStepDb = 10;
  constexpr double kTopDb = 60;  // an exact layer, and all above, reach the upper edge
  std::string svg = fmt::format(
      "<svg viewBox='0 0 {} {}' role='img' aria-label='SQNR of every layer in network order'>\n", kWidth, kHeight);
  const double plot_height = kHeight - kBottom;
  const auto y_of = [&](double db) { return plot_height * (1 - std::clamp(db, 0.0, kTopDb) / kTopDb); };
  for (double db = 0; db <= kTopDb; db += kGridStepDb) {
    svg += fmt::format(
        "<line x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}' stroke='#e4e8ee'/><text x='4' y='{:.1f}'>{}</text>\n", kLeft,
        kWidth, y_of(db), y_of(db), y_of(db) + 4 + (db == kTopDb ? 8 : 0), db);
  }
  const double step = (kWidth - kLeft) / static_cast<double>(std::max<size_t>(layers.size(), 1));
  for (size_t i = 0; i < layers.size(); ++i) {
    const LayerFigures& layer = layers[i];
    const double y = y_of(std::isnan(layer.sqnr_db) ? 0 : layer.sqnr_db);
    svg += fmt::format(
        "<rect x='{:.2f}' y='{:.1f}' width='{:.2f}' height='{:.1f}' fill='{}'><title>{} ({}): {} dB</title></rect>\n",
        kLeft + step * static_cast<double>(i), y, std::max(step * 0.8, 0.5), plot_height - y,
        layer.precision == Precision::kInt8 ? "#2f6fb4" : "#b8c2cf", escape(layer.node), escape(layer.op),
        decibels(layer.sqnr_db));
  }
  svg += fmt::format("<text x='{}' y='{}'>first layer</text><text x='{}' y='{}' text-anchor='end'>last layer</text>\n",
                     kLeft, kHeight - 10, kWidth, kHeight - 10);
  return svg + "</svg>\n";
}

std::string layer_table(const std::vector<LayerFigures>& layers, bool with_figures) {
  std::string html = "<table><thead><tr><th class='l'>node</th><th class='l'>op</th><th class='l'>precision</th>";
  if (with_figures) html += "<th>SQNR dB</th><th>cosine</th><th>min</th><th>max</th>";
  html += "<th>MACs</th><th class='l'>why not int8</th></tr></thead><tbody>\n";
  for (const LayerFigures& layer : layers) {
    html += fmt::format("<tr{}><td class='name' title='{}'>{}</td><td class='l'>{}</td><td class='l'>{}</td>",
                        with_figures && layer.precision != Precision::kInt8 ? " class='float'" : "", escape(layer.node),
                        escape(layer.node), escape(layer.op), precision_name(layer.precision));
    if (with_figures) {
      html += fmt::format("<td>{}</td><td>{:.5f}</td><td>{:.4g}</td><td>{:.4g}</td>", decibels(layer.sqnr_db),
                          layer.cosine, layer.range_min, layer.range_max);
    }
    html += fmt::format("<td>{}</td><td class='why'>{}</td></tr>\n", count_text(layer.macs), escape(layer.reason));
  }
  return html + "</tbody></table>\n";
}

std::string fact(std::string_view name, std::string_view value) {
  return fmt::format("<div>{}<b>{}</b></div>", name, escape(value));
}

std::string facts(const Report& report) {
  const std::vector<LayerFigures>& layers = report.quantization.layers;
  int64_t macs = 0;
  int64_t int8_macs = 0;
  for (const LayerFigures& layer : layers) {
    macs += layer.macs;
    if (layer.precision == Precision::kInt8) int8_macs += layer.macs;
  }
  double seconds = 0;
  for (const StageTime& time : report.times) seconds += time.seconds;
  const bool is_int8 = report.precision == Precision::kInt8;
  std::string html = "<div class='facts'>" + fact("precision", precision_name(report.precision));
  if (has_figures(report)) html += fact("SQNR at the outputs", decibels(report.quantization.output_sqnr_db) + " dB");
  html += fact("layers", fmt::format("{}", layers.size()));
  html += fact("multiply-accumulates", fmt::format("{:.3f} G", static_cast<double>(macs) * 1e-9));
  if (is_int8 && macs > 0) {
    html +=
        fact("of them int8", fmt::format("{:.1f} %", 100 * static_cast<double>(int8_macs) / static_cast<double>(macs)));
  }
  html += fact("size", fmt::format("{:.2f} MB", static_cast<double>(report.output_bytes) * 1e-6));
  html += fact("source", fmt::format("{:.2f} MB", static_cast<double>(report.source_bytes) * 1e-6));
  html += fact("time", fmt::format("{:.1f} s", seconds));
  return html + "</div>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  const bool with_figures = has_figures(report);
  std::string html = fmt::format(
      "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>\n<title>{0}</title>\n<style>{1}</style></head>"
      "<body>\n<h1>Conversion of {0}</h1><p class='sub'>{2}</p>\n",
      escape(report.source), kStyle, escape(report.producer));
  html += facts(report);
  for (const std::string& note : report.notes) html += fmt::format("<p>{}</p>\n", escape(note));
  for (const std::string& warning : report.quantization.warnings) {
    html += fmt::format("<p class='warn'>Warning: {}</p>\n", escape(warning));
  }
  if (with_figures) {
    html +=
        "<h2>SQNR layer by layer</h2><p class='sub'>Signal to quantization noise of each layer's output, integer "
        "network against float network over the calibration samples, in dB. Grey: not int8.</p>\n";
    html += sqnr_plot(report.quantization.layers);
  }
  html += "<h2>Layers</h2>\n" + layer_table(report.quantization.layers, with_figures);
  return html + "</body></html>\n";
}

}  // namespace sixtops::convert
