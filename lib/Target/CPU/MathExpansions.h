//===- MathExpansions.h - functions as formulas -----------------*- C++ -*-===//
//
// What linrec-expand-math puts in the place of a call. Every function is right
// for NaN, infinities, zeros of both signs and subnormals, and within the
// bounds of rule N6; test/oracle/ulp.py measures them.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MATHEXPANSIONS_H
#define LINREC_LIB_TARGET_CPU_MATHEXPANSIONS_H

#include "MathEmitter.h"

namespace linrec {

Real expandExp2(Real x);
Real expandExp(Real x);
/// exp(-a), for a >= 0.
Real expandExpOfMinus(Real a);
Real expandExpM1(Real x);
Real expandTanh(Real x);
Real expandSigmoid(Real x);

Real expandLog(Real x);
Real expandLog2(Real x);
Real expandLog10(Real x);
Real expandLog1p(Real x);
Real expandSoftplus(Real x);
Real expandLogAddExp(Real x, Real y);

Real expandRsqrt(Real x);

/// ln 2 in two parts, of which the first times any exponent is exact.
inline double ln2High(MathEmitter &e) {
  return e.pick(0x1.62ep-1, 0x1.62e42fefap-1);
}
inline double ln2Low(MathEmitter &e) {
  return e.pick(0x1.0bfbe8p-15, 0x1.cf79abc9e3b3ap-40);
}

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MATHEXPANSIONS_H
