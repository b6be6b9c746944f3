// The command line of the demo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

struct Options {
  std::string model;
  std::string picture;
  std::string resize;  // "resize", "letterbox", or nothing: as the network's family does
  std::string output = "./out.jpg";
  bool post_as_vendor = false;
  std::optional<uint8_t> pad_color;
  std::string labels;  // a file; empty: found beside the model
  int loop = 10;
};

// Nothing when the line makes no sense; what is wrong was printed.
std::optional<Options> parse_options(int argc, char** argv);
