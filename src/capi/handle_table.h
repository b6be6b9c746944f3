// Handles for objects that C programs hold: numbers that are checked, not addresses.
//
// A handle is the object's place and how often that place was taken before. One that was never given, or whose object
// is gone, finds nothing; an object lives until the last call that found it ends. Thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace sixtops::capi {

template <typename T>
class HandleTable {
 public:
  // Never 0.
  uint64_t add(std::shared_ptr<T> object) {
    const std::unique_lock lock(mutex_);
    if (free_.empty()) {
      free_.push_back(static_cast<uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    Place& place = places_[index];
    place.object = std::move(object);
    return handle_of(index, place.generation);
  }

  std::shared_ptr<T> find(uint64_t handle) const {
    const std::shared_lock lock(mutex_);
    const Place* place = place_of(handle);
    return place == nullptr ? nullptr : place->object;
  }

  // The object, which nobody finds any more.
  std::shared_ptr<T> remove(uint64_t handle) {
    const std::unique_lock lock(mutex_);
    auto* place = const_cast<Place*>(place_of(handle));
    if (place == nullptr) return nullptr;
    std::shared_ptr<T> object = std::move(place->object);
    place->object = nullptr;
    ++place->generation;
    free_.push_back(index_of(handle));
    return object;
  }

 private:
  struct Place {
    std::shared_ptr<T> object;
    uint32_t generation = 1;
  };

  static uint64_t handle_of(uint32_t index, uint32_t generation) { return uint64_t{generation} << 32 | index; }
  static uint32_t index_of(uint64_t handle) { return static_cast<uint32_t>(handle); }

  const Place* place_of(uint64_t handle) const {
    if (index_of(handle) >= places_.size()) return nullptr;
    const Place& place = places_[index_of(handle)];
    return place.object != nullptr && place.generation == handle >> 32 ? &place : nullptr;
  }

  mutable std::shared_mutex mutex_;
  std::vector<Place> places_;
  std::vector<uint32_t> free_;
};

}  // namespace sixtops::capi
