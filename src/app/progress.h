// One line on stderr that counts up while something takes long. Says nothing where stderr is no terminal.
#pragma once

#include <string>

namespace sixtops::app {

class Progress {
 public:
  Progress();
  ~Progress();  // takes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(const std::string& stage, int done, int total);

 private:
  bool visible_;
  int percent_ = -1;
  std::string stage_;
};

}  // namespace sixtops::app
