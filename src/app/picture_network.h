// A network with one picture input: what detect, classify and eval run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "runtime/session.h"
#include "vision/detection.h"
#include "vision/head.h"
#include "vision/picture.h"
#include "vision/placement.h"

namespace sixtops::app {

struct PictureNetwork {
  std::string path;
  std::unique_ptr<runtime::Session> session;
  vision::HeadDescription head;
  int input_width = 0;
  int input_height = 0;
  std::vector<std::string> labels;  // of the model, else COCO's for 80 classes, else none

  const InputDescription& input_description() const { return session->graph().input_descriptions.front(); }
};

// kUnsupported when the network has other inputs than one picture.
Result<PictureNetwork> open_picture_network(const std::string& path, const SourceOptions& source);

// The same of a session; `path` is for messages.
Result<PictureNetwork> picture_network(const std::string& path, std::unique_ptr<runtime::Session> session);

// The float outputs for one picture. placement (may be null) gets where the picture lies in the input.
Result<std::vector<Tensor>> run_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                           vision::Placement* placement);

// Boxes in pixels of the picture, best score first. REQUIRES: expect_detector(network) is ok.
Result<std::vector<vision::Detection>> detect_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                                         const DetectionThresholds& thresholds);

// kUnsupported with what to do when the network is of the other kind.
Status expect_detector(const PictureNetwork& network);
Status expect_classifier(const PictureNetwork& network);

// Views of the outputs, as vision's decoders take them. Valid while `outputs` and the session live.
std::vector<vision::TensorView> output_views(const runtime::Session& session, const std::vector<Tensor>& outputs);

}  // namespace sixtops::app
