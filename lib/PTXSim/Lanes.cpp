//===- Lanes.cpp - the best tables for this machine -----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"

#include <cstdlib>
#include <cstring>

using namespace linrec::ptxsim;

const LaneTables &linrec::ptxsim::laneTables() {
#ifdef LINREC_PTXSIM_HAVE_V3
  static const bool v3 = [] {
    const char *isa = std::getenv("LINREC_PTXSIM_ISA"); // for tests
    return !(isa && std::strcmp(isa, "baseline") == 0) &&
           __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }();
  if (v3)
    return x86_64_v3::tables;
#endif
  return baseline::tables;
}
