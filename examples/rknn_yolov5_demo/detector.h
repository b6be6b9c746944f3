// From the outputs of a network to objects on the picture.
#pragma once

#include <sixtops/vision.h>

#include <string>
#include <vector>

#include "network.h"

class Detector {
 public:
  // Recognizes the head from the outputs' shapes. Prints what is wrong and returns false when it has no boxes, or when
  // the vendor's post-processing is wanted of another network than its own.
  bool open(const Network& network, bool as_vendor);

  // How the network's family wants its pictures.
  const sixtops::api::FitOptions& input() const { return head_.input; }
  int classes() const { return head_.classes; }
  bool wants_float() const { return !as_vendor_; }

  // REQUIRES: the network ran with wants_float().
  bool find(const Network& network, const sixtops::api::Placement& placement,
            const sixtops::api::Thresholds& thresholds, std::vector<sixtops::api::Object>& objects);

 private:
  bool recognize(const Network& network, const std::vector<sixtops::api::Output>& outputs);

  sixtops::api::Head head_;
  bool as_vendor_ = false;
  bool has_seen_values_ = false;
};
