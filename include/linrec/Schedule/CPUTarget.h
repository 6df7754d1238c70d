//===- CPUTarget.h - what is known of a CPU ---------------------*- C++ -*-===//
//
// Numbers that rules are applied to, no rules. The defaults describe a server
// core with AVX-512; lib/Run fills them in for the machine that is compiled
// for.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_SCHEDULE_CPUTARGET_H
#define LINREC_SCHEDULE_CPUTARGET_H

#include <cstdint>

namespace linrec {

/// The instruction sets for which there are forms of their own. Portable code
/// is vector code too, for any target that LLVM has.
enum class VectorIsa { AVX512, AVX2, Portable };

struct CPUTarget {
  VectorIsa isa = VectorIsa::AVX512;
  bool hasFma = true;
  int64_t vectorBytes = 64; // of one register
  int64_t registers = 32;   // vector registers
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 1 << 20;
  /// Outs larger than this are stored past the caches.
  int64_t streamBytes = 16 << 20;
  /// Threads to plan for; 0: as many as there are at run time.
  int64_t threads = 0;
};

} // namespace linrec

#endif // LINREC_SCHEDULE_CPUTARGET_H
