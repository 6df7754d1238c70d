//===- ExpandMathLog.cpp - log and what is made of it ---------------------===//
//
// log x = k ln 2 + log(1 + f) with x = 2^k (1 + f) and f in [-1/4, 1/2). In f32
// log(1 + f) is a polynomial; in f64 a series in s = f / (2 + f), which needs a
// third of the terms: log(1 + f) = 2 atanh(s) = f - s (f - s^2 R(s^2)), as in
// FreeBSD's e_log.c.
//
//===----------------------------------------------------------------------===//

#include "MathCoefficients.h"
#include "MathExpansions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <limits>

using namespace linrec;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// log(1 + f) - f.
static Real log1pTail(Real f) {
  if (f.emitter->isF32())
    return f * f * polynomial(kLog1pF32, f);
  Real s = f / (f + 2.0);
  Real z = s * s;
  return s * (z * polynomial(kAtanhF64, z) - f);
}

namespace {
struct Split {
  Real k, m;
};
} // namespace

/// x = 2^k m, m in [0.75, 1.5), for a normal x > 0. On AVX-512 for any x: k is
/// infinite of 0 and infinity, m NaN of a negative x.
static Split split(Real x) {
  MathEmitter &e = *x.emitter;
  if (e.isAVX512()) {
    Real m = e.mantissa(x);
    return {e.exponent(x) - e.exponent(m), m};
  }
  // The exponent of x / 0.75, biased so that a logical shift will do (AVX2 has
  // no other of 64 bits), and then the low bits of a float.
  unsigned shift = e.mantissaBits();
  int64_t bias = e.exponentBias() + 1;
  Bits bits = toBits(x);
  Bits k = (bits + ((bias << shift) - e.bitsOf(0.75))) >> shift;
  double integers = e.pick(0x1p23, 0x1p52);
  Real asReal = fromBits(k + e.bitsOf(integers)) - (integers + bias);
  return {asReal, fromBits(bits - (k << shift) + (bias << shift))};
}

/// What `result`, right for positive finite x, is for the others.
static Real finishLog(Real x, Real result) {
  using mlir::arith::CmpFPredicate;
  MathEmitter &e = *x.emitter;
  if (e.isAVX512())
    return result;
  Real nan = e.constant(std::numeric_limits<double>::quiet_NaN());
  Real low = select(x == 0.0, e.constant(-kInfinity), nan);
  result = select(x < kInfinity, result, x);
  return select(e.compare(CmpFPredicate::UGT, x, e.constant(0)), result, low);
}

namespace {
/// log_b x = k log_b 2 + c log(1 + f), constants in two parts each.
struct Base {
  double twoHigh, twoLow, high, low;
};
} // namespace

static Real logInBase(Real x, Base base) {
  MathEmitter &e = *x.emitter;
  Real scaled = x, offset = e.constant(0);
  if (!e.isAVX512()) {
    double up = e.pick(0x1p24, 0x1p54);
    Test small = x < e.pick(0x1p-126, 0x1p-1022);
    scaled = select(small, x * up, x);
    offset = select(small, e.constant(-std::log2(up)), offset);
  }
  auto [k, m] = split(scaled);
  if (!e.isAVX512())
    k = k + offset;
  Real f = m - 1.0;
  Real tail = log1pTail(f);
  if (base.high != 1)
    tail = fma(tail, base.high, f * base.low);
  if (base.twoLow != 0)
    tail = fma(k, base.twoLow, tail);
  Real part = base.high == 1 ? f + tail : fma(f, base.high, tail);
  Real sum = base.twoHigh == 1 ? k + part : fma(k, base.twoHigh, part);
  return finishLog(x, sum);
}

Real linrec::expandLog(Real x) {
  MathEmitter &e = *x.emitter;
  return logInBase(x, {ln2High(e), ln2Low(e), 1, 0});
}

Real linrec::expandLog2(Real x) {
  MathEmitter &e = *x.emitter;
  return logInBase(x, {1, 0, e.pick(0x1.715476p0, 0x1.71547652b82fep0),
                       e.pick(0x1.4ae0cp-26, 0x1.777d0ffda0d24p-56)});
}

Real linrec::expandLog10(Real x) {
  MathEmitter &e = *x.emitter;
  return logInBase(x, {e.pick(0x1.344p-2, 0x1.34413509ep-2),
                       e.pick(0x1.3509f8p-18, 0x1.79fef311f12b3p-38),
                       e.pick(0x1.bcb7b2p-2, 0x1.bcb7b1526e50ep-2),
                       e.pick(-0x1.5b235ep-27, 0x1.95355baaafad3p-57)});
}

/// f = 2^-k (1 + x) - 1 with one rounding, where k is taken from the rounded
/// 1 + x: no correction by a quotient is needed.
Real linrec::expandLog1p(Real x) {
  MathEmitter &e = *x.emitter;
  Real u = x + 1.0;
  auto [k, m] = split(u);
  (void)m;
  Real f = x;
  if (e.isAVX512()) {
    Real s = e.scale(e.constant(1), -k);
    f = fma(x, s, s - 1.0);
  } else {
    // 4 2^-k is normal for all k.
    Bits bits = toBits(k + (e.pick(0x1.8p23, 0x1.8p52)));
    Real s =
        fromBits((e.bits(e.exponentBias() + 2) - bits) << e.mantissaBits());
    f = fma(x * 0.25, s, fma(s, 0.25, -1.0));
  }
  Real tail = fma(k, ln2Low(e), log1pTail(f));
  Real result = fma(k, ln2High(e), f + tail);
  if (e.isAVX512()) {
    // Of u = 0 and infinity; and -0 stays.
    result = select(abs(k) == kInfinity, k, result);
    return copySign(result, x);
  }
  Test tiny = abs(x) < e.pick(0x1p-25, 0x1p-54);
  return select(tiny, x, finishLog(u, result));
}

/// y + log(1 + t), t in [0, 1], of 16 floats: log(1 + t) = -log c + log(1 + f)
/// with a c near 1 / (1 + t) by which 1 + f = c (1 + t), |f| < 1/61. What is
/// longest to wait for comes last.
static Real addLog1pByTable(Real y, Real t) {
  MathEmitter &e = *t.emitter;
  Bits nearest = toBits(fma(t, 31.0 / 32, 0x1.8p18)); // of the table, mod 32
  Real c = e.lookup(kReciprocals, nearest);
  Real f = fma(t, c, c - 1.0);
  Real sum = f + (y + e.lookup(kLogarithms, nearest));
  return fma(f * f, polynomial(kLog1pBy32F32, f), sum);
}

/// log(1 + t), t in [0, 1], in f32: the logarithm of 1 + f with f = t, or above
/// 0.28 with 1 + f = 0.64 (1 + t). Both have |f| <= 0.28, so that the
/// polynomial is two degrees shorter than that of log. The factor is one whose
/// logarithm a float holds to 2^-33.
static Real log1pOfUnitF32(Real t) {
  MathEmitter &e = *t.emitter;
  constexpr double scale = 0.64013671875;
  Test small = t < 2 * scale - 1;
  Real f = select(small, t, fma(t, scale, scale - 1));
  Real k = select(small, e.constant(0), e.constant(-std::log(scale)));
  return k + fma(f * f, polynomial(kLog1pOfUnitF32, f), f);
}

/// y + log(1 + t), t in [0, 1]: f = t, or (t - 1) / 2 above 1/2, which is
/// exact.
static Real addLog1p(Real y, Real t) {
  MathEmitter &e = *t.emitter;
  if (e.hasLookup())
    return addLog1pByTable(y, t);
  if (e.isF32())
    return y + log1pOfUnitF32(t);
  Test small = t < 0.5;
  Real f = select(small, t, fma(t, 0.5, -0.5));
  Real k = select(small, e.constant(0), e.constant(llvm::numbers::ln2));
  // What rounding ln 2 loses counts in f64.
  Real lost = select(small, e.constant(0), e.constant(0x1.abc9e3b39803fp-56));
  return y + (k + (f + (log1pTail(f) + lost)));
}

Real linrec::expandSoftplus(Real x) {
  MathEmitter &e = *x.emitter;
  Real positive = select(x > 0.0, x, e.constant(0)); // one instruction
  return addLog1p(positive, expandExpOfMinus(abs(x)));
}

Real linrec::expandLogAddExp(Real x, Real y) {
  MathEmitter &e = *x.emitter;
  // Equal infinities have no difference. A NaN comes back with it.
  Real distance = select(x == y, e.constant(0), abs(x - y));
  Real larger = select(y < x, x, y);
  return addLog1p(larger, expandExpOfMinus(distance));
}

Real linrec::expandRsqrt(Real x) {
  MathEmitter &e = *x.emitter;
  if (!e.isAVX512())
    return e.constant(1) / e.real(e.create<mlir::math::SqrtOp>(x.value));
  Real y = e.approximateRsqrt(x);
  // y' = y + y d / 2, d = 1 - x y^2: the digits double with each step. For 0
  // and infinity d is NaN, and y is the result.
  for (int step = 0; step < e.pick(1, 2); ++step) {
    Real d = fma(-(x * y), y, 1.0);
    y = select(d == d, fma(y * 0.5, d, y), y);
  }
  return y;
}
