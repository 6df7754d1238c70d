//===- WeakMemory.cpp - values that a load may still see ------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeakMemory.h"

using namespace linrec::ptxsim;

void WeakMemory::stored(uint64_t key, uint8_t width, uint64_t old,
                        uint32_t thread, uint32_t clock, uint64_t fades) {
  constexpr std::size_t most = 4;
  Location &location = locations[key];
  if (location.width != width)
    location.versions.clear();
  location.width = width;
  if (location.versions.size() == most)
    location.versions.erase(location.versions.begin());
  Version version;
  version.old = old;
  version.thread = thread;
  version.clock = clock;
  version.fades = fades;
  location.versions.push_back(std::move(version));
}

WeakMemory::Location *WeakMemory::find(uint64_t key, uint8_t width,
                                       uint64_t now) {
  auto it = locations.find(key);
  if (it == locations.end())
    return nullptr;
  // A faded store hides all that came before it.
  std::vector<Version> &versions = it->second.versions;
  std::size_t faded = versions.size();
  while (faded && versions[faded - 1].fades > now)
    --faded;
  versions.erase(versions.begin(), versions.begin() + long(faded));
  if (versions.empty()) {
    locations.erase(it);
    return nullptr;
  }
  return it->second.width == width ? &it->second : nullptr;
}

void WeakMemory::fenced(uint32_t thread, uint64_t now) {
  for (auto &[key, location] : locations)
    for (Version &version : location.versions)
      if (version.thread == thread && !version.fenced)
        version.fenced = now;
}
