#include <nlohmann/json.hpp>

#include "convert/report_forms.h"

namespace sixtops::convert {

// Infinite and undefined figures (a layer without error, a layer without values, a network that was quantized already)
// become null.
std::string report_json(const Report& report) {
  nlohmann::ordered_json json;
  json["source"] = report.source;
  json["producer"] = report.producer;
  json["precision"] = precision_name(report.precision);
  json["source_bytes"] = report.source_bytes;
  json["output_bytes"] = report.output_bytes;
  json["output_sqnr_db"] = report.quantization.output_sqnr_db;
  json["notes"] = report.notes;
  json["warnings"] = report.quantization.warnings;
  for (const StageTime& time : report.times) json["seconds"][time.stage] = time.seconds;
  json["layers"] = nlohmann::ordered_json::array();
  for (const quantize::LayerFigures& layer : report.quantization.layers) {
    nlohmann::ordered_json row = {{"node", layer.node},
                                  {"op", layer.op},
                                  {"precision", precision_name(layer.precision)},
                                  {"reason", layer.reason},
                                  {"macs", layer.macs}};
    if (has_figures(report)) {
      row["sqnr_db"] = layer.sqnr_db;
      row["cosine"] = layer.cosine;
      row["range"] = {layer.range_min, layer.range_max};
    }
    json["layers"].push_back(std::move(row));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sixtops::convert
