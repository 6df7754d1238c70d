//===- Triad.h - what the memory of this machine gives ----------*- C++ -*-===//
//
// y = a + 0.9 x over whole arrays, with stores past the caches. The bandwidth
// of a shared machine drifts, so a case that is larger than the caches is
// reported as a ratio to a triad on the same arrays, right before and right
// after it.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_BENCHMARKS_TRIAD_H
#define LINREC_BENCHMARKS_TRIAD_H

#include <cstdint>

namespace linrec::bench {

/// `count` elements of 64-byte aligned arrays, on the threads of OpenMP.
void triad(const float *a, const float *x, float *y, int64_t count);

} // namespace linrec::bench

#endif // LINREC_BENCHMARKS_TRIAD_H
