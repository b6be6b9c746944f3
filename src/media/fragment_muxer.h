// Packets as fragmented MP4 in memory, a fragment a picture: what a browser's MediaSource takes.
#pragma once

#include <memory>

#include "media/packet.h"

namespace sixtops::media {

// One thread at a time.
class FragmentMuxer {
 public:
  static Result<std::unique_ptr<FragmentMuxer>> open(const StreamFormat& format);
  ~FragmentMuxer();

  const SharedBytes& header() const;  // what a new viewer needs first

  // What is complete after this packet: the fragment of the packet before it, whose duration is known now.
  Result<SharedBytes> write(const Packet& packet);

 private:
  struct State;
  explicit FragmentMuxer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sixtops::media
