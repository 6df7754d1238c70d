//===- WeakMemory.h - values that a load may still see ----------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The weak-memory mode. A store that is still in a store buffer, and a load
// that was done early, look the same to a program: the load returns a value
// from before a store. So every address keeps the values that stores replaced,
// and a load may return one where nothing orders the store before the load.
// Values fade after a while, as store buffers drain, so that flags do get seen.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_WEAKMEMORY_H
#define LINREC_PTXSIM_WEAKMEMORY_H

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace linrec::ptxsim {

class WeakMemory {
public:
  struct Version {
    uint64_t old = 0; // the value before this store
    uint32_t thread = 0, clock = 0;
    uint64_t fades = 0, fenced = 0;
    std::vector<uint32_t> seenBy;
  };
  struct Location {
    uint8_t width = 0;
    std::vector<Version> versions; // oldest first
  };

  void stored(uint64_t key, uint8_t width, uint64_t old, uint32_t thread,
              uint32_t clock, uint64_t fades);
  /// The location at `key` if it has replaced values of `width`, else null.
  Location *find(uint64_t key, uint8_t width, uint64_t now);
  /// A fence.sc of `thread`: its stores are no longer to be missed by threads
  /// that do the same later.
  void fenced(uint32_t thread, uint64_t now);
  bool empty() const { return locations.empty(); }

private:
  std::unordered_map<uint64_t, Location> locations;
};

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_WEAKMEMORY_H
