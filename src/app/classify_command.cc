#include <cstdio>

#include "app/commands.h"
#include "app/picture_network.h"
#include "base/error.h"
#include "vision/labels.h"
#include "vision/picture_file.h"
#include "vision/top_k.h"

namespace sixtops::app {

Status run(const ClassifyCommand& command) {
  PictureNetwork network = TRY(open_picture_network(command.model, command.source));
  TRY(expect_classifier(network));
  for (const std::string& source : command.pictures) {
    for (const std::string& path : TRY(vision::list_pictures(source))) {
      const std::vector<Tensor> outputs = TRY(run_on_picture(network, TRY(vision::read_picture(path)), nullptr));
      std::printf("%s\n", path.c_str());
      for (const vision::ClassScore& best : vision::top_k(outputs[0].values<float>(), command.top)) {
        std::printf("  %4d  %.4f  %s\n", best.class_id, static_cast<double>(best.probability),
                    vision::label_of(network.labels, best.class_id).c_str());
      }
    }
  }
  return {};
}

}  // namespace sixtops::app
