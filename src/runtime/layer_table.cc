#include "runtime/layer_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace sixtops::runtime {
namespace {

std::string type_text(const Graph& graph, ValueId id) {
  if (id == kNoValue) return "-";
  const Value& value = graph.value(id);
  return fmt::format("{}[{}]", dtype_name(value.dtype), value.shape ? shape_text(*value.shape) : "..");
}

std::string first_type(const Graph& graph, const std::vector<ValueId>& ids) {
  return ids.empty() ? "-" : type_text(graph, ids.front());
}

struct Share {
  int calls = 0;
  double microseconds = 0;
};

}  // namespace

std::string layer_table(const Graph& graph, std::span<const LayerTime> times) {
  std::string text = fmt::format("{:>4} {:<18} {:<10} {:<24} {:<24} {:>10} {:>9}  {}\n", "ID", "OpType", "Kernel",
                                 "Input", "Output", "Time(us)", "GMAC/s", "FullName");
  std::map<std::string_view, Share> shares;
  double total = 0;
  int id = 0;
  for (const LayerTime& time : times) {
    if (time.nodes.empty()) continue;
    const Node& node = *time.nodes.front();
    const std::string_view op = op_info(node.op).name;
    const double rate = time.microseconds > 0 ? static_cast<double>(time.macs) / time.microseconds / 1000 : 0;
    text += fmt::format("{:>4} {:<18} {:<10} {:<24} {:<24} {:>10.1f} {:>9.1f}  {}\n", ++id, op, time.kernel,
                        first_type(graph, node.inputs), first_type(graph, time.nodes.back()->outputs),
                        time.microseconds, rate, node.name);
    total += time.microseconds;
    ++shares[op].calls;
    shares[op].microseconds += time.microseconds;
  }
  text += fmt::format("Total time of the operators: {:.1f} us\n\n", total);

  std::vector<std::pair<std::string_view, Share>> ranking(shares.begin(), shares.end());
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const auto& a, const auto& b) { return a.second.microseconds > b.second.microseconds; });
  text += fmt::format("{:<18} {:>10} {:>13} {:>13}\n", "OpType", "CallNumber", "CPUTime(us)", "TimeRatio(%)");
  for (const auto& [op, share] : ranking) {
    text += fmt::format("{:<18} {:>10} {:>13.1f} {:>13.1f}\n", op, share.calls, share.microseconds,
                        total > 0 ? 100 * share.microseconds / total : 0);
  }
  return text;
}

}  // namespace sixtops::runtime
