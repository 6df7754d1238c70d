//===- Generate.h - arrays from a distribution ------------------*- C++ -*-===//
//
// Reproducible fillings: the same seed gives the same elements on every
// machine, so nothing here uses <random>'s distributions, which differ.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_GENERATE_H
#define LINREC_RUN_GENERATE_H

#include "linrec/Run/Array.h"

namespace linrec {

struct Generator {
  enum class Kind { Zeros, Ones, Normal, Uniform, Iota };
  Kind kind = Kind::Zeros;
  /// Bounds of `uniform`: [low, high).
  double low = 0, high = 1;
};

/// Fills `array`. Integers are the nearest of the value drawn (`uniform` takes
/// whole numbers of [low, high)); booleans are whether it is above 0 for
/// `normal`, above the middle for `uniform`, odd for `iota`. Complex numbers
/// draw both parts, but `ones` and `iota` are real.
void fill(Array &array, const Generator &generator, uint64_t seed);

} // namespace linrec

#endif // LINREC_RUN_GENERATE_H
