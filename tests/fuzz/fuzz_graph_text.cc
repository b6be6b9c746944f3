// The text form; what reads prints and reads again as the same text.
#include "finding.h"
#include "graph/text.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<Graph> graph = parse_graph(fuzz::text_of(data, size));
  if (!fuzz::succeeded(graph.status())) return 0;
  const std::string text = format_graph(*graph);
  const Result<Graph> again = parse_graph(text);
  fuzz::expect(again.ok(), again.status().message().c_str());
  fuzz::expect(format_graph(*again) == text, "a printed graph reads as another one");
  return 0;
}
