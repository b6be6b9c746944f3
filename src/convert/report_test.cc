#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "convert/report_forms.h"

namespace sixtops::convert {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Report small_report() {
  Report report;
  report.source = "<net>.onnx";
  report.producer = "sixtops";
  report.precision = Precision::kInt8;
  report.notes = {"a note"};
  report.quantization.warnings = {"output 'x' is constant"};
  report.quantization.output_sqnr_db = 33.25;
  report.quantization.layers = {
      {"conv \xff", "Conv", Precision::kInt8, "", 31.5, 0.999, -1, 2, 5'000'000},
      {"copy", "Reshape", Precision::kInt8, "", std::numeric_limits<double>::infinity(), 1, -1, 2, 0},
      {"softmax", "Softmax", Precision::kFloat32, "no integer form", 40, 1, 0, 1, 0}};
  report.times = {{"import", 0.5}, {"precision", 2}};
  return report;
}

TEST(Report, JsonKeepsTheFigures) {
  const auto json = nlohmann::json::parse(report_json(small_report()));
  EXPECT_EQ(json["output_sqnr_db"], 33.25);
  EXPECT_EQ(json["layers"].size(), 3U);
  EXPECT_EQ(json["layers"][0]["macs"], 5'000'000);
  EXPECT_EQ(json["layers"][0]["range"][1], 2);
  EXPECT_TRUE(json["layers"][1]["sqnr_db"].is_null());
  EXPECT_EQ(json["layers"][2]["precision"], "float32");
  EXPECT_EQ(json["seconds"]["precision"], 2);
}

TEST(Report, PageEscapesNamesAndDrawsEveryLayer) {
  const std::string html = report_html(small_report());
  EXPECT_THAT(html, HasSubstr("&lt;net&gt;.onnx"));
  EXPECT_THAT(html, Not(HasSubstr("<net>")));
  EXPECT_THAT(html, HasSubstr("Warning: output 'x' is constant"));
  EXPECT_THAT(html, HasSubstr("33.2 dB"));
  size_t bars = 0;
  for (size_t at = html.find("<rect"); at != std::string::npos; at = html.find("<rect", at + 1)) ++bars;
  EXPECT_EQ(bars, 3U);
}

TEST(Report, FloatConversionsHaveNoPlot) {
  Report report = small_report();
  report.precision = Precision::kFloat16;
  EXPECT_THAT(report_html(report), Not(HasSubstr("<svg")));
}

TEST(Report, QuantizedSourcesHaveNothingToCompareWith) {
  Report report = small_report();
  report.quantization.output_sqnr_db = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(report_html(report), AllOf(Not(HasSubstr("<svg")), HasSubstr("of them int8")));
  const auto json = nlohmann::json::parse(report_json(report));
  EXPECT_TRUE(json["output_sqnr_db"].is_null());
  EXPECT_FALSE(json["layers"][0].contains("sqnr_db"));
}

}  // namespace
}  // namespace sixtops::convert
