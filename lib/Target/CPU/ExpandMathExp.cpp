//===- ExpandMathExp.cpp - exp2 and what is made of it --------------------===//
//
// 2^x = 2^n 2^r with an integer n, and 2^r a polynomial. AVX-512 has
// instructions for r and for the scaling, which get overflow,
// subnormals, infinities and NaN right by themselves. Elsewhere the exponent is
// the low bits of x + 1.5 2^p, and the scaling two products by powers of two,
// as one can neither reach the subnormals nor overflow.
//
//===----------------------------------------------------------------------===//

#include "MathCoefficients.h"
#include "MathExpansions.h"
#include "llvm/Support/MathExtras.h"
#include <optional>

using namespace linrec;

namespace {
/// n, rounded to an integer, and the sum that it was rounded by: the low bits
/// of `shifted` are n plus twice the bias of exponents.
struct Rounded {
  Real n;
  Real shifted;
};
} // namespace

/// factor x to the nearest integer; |factor x| < 2^(mantissaBits - 1).
static Rounded roundProduct(Real x, double factor) {
  MathEmitter &e = *x.emitter;
  double shift = e.pick(0x1.8p23, 0x1.8p52) + 2 * e.exponentBias();
  Real shifted = factor == 1 ? x + shift : fma(x, factor, shift);
  return {shifted - shift, shifted};
}

/// p 2^n, for any n that a clamped argument leads to.
static Real scaleBy(Real p, Rounded exponent) {
  MathEmitter &e = *p.emitter;
  if (e.isAVX512())
    return e.scale(p, exponent.n);
  // n + 2 bias = a + b; the upper bits of the sum are shifted out.
  Bits sum = toBits(exponent.shifted);
  Bits a = sum >> 1, b = sum - a;
  unsigned shift = e.mantissaBits();
  return p * fromBits(a << shift) * fromBits(b << shift);
}

/// 2^(n - 1), for results in the range of normal numbers.
static Real halfPower(Rounded exponent) {
  MathEmitter &e = *exponent.n.emitter;
  if (e.isAVX512())
    return e.scale(e.constant(0.5), exponent.n);
  Bits biased = toBits(exponent.shifted) - (e.exponentBias() + 1);
  return fromBits(biased << e.mantissaBits());
}

/// The largest argument with a finite exp, and the smallest with one that is
/// not 0, in powers of two, rounded outwards.
static double exponentHigh(MathEmitter &e) { return e.pick(129, 1025); }
static double exponentLow(MathEmitter &e) { return e.pick(-152, -1077); }

static Real exp2Polynomial(Real r) {
  MathEmitter &e = *r.emitter;
  if (!e.isF32())
    return fma(polynomial(kExp2F64, r), r, 1.0);
  // A step without fma rounds twice, so there has to be less other error.
  return fma(e.hasFma() ? polynomial(kExp2F32, r)
                        : polynomial(kExp2NoFmaF32, r),
             r, 1.0);
}

/// 2^x = 2^floor(n) 2^(j / 32) 2^r with the nearest multiple n of 1/32; the low
/// bits of x + 1.5 2^18 are j. The table saves two products, which are what the
/// speed of a decay is bound by. A degree less would be within 2 ulp too, but
/// off by half an ulp in one direction for decays just below 1, whose errors
/// add up.
static Real exp2ByTable(Real x) {
  MathEmitter &e = *x.emitter;
  Real r = e.fraction(x, /*bits=*/5);
  Real power = e.lookup(kPowers, toBits(x + 0x1.8p18));
  Real p = fma(power * r, polynomial(kExp2By32F32, r), power);
  return e.scale(p, x - r);
}

/// r is in [-1/2, 1/2] and not in [0, 1], which would save an instruction:
/// decays are just below 1, and their errors add up over many steps. There r is
/// small and exact, and so the result within little more than half an ulp.
Real linrec::expandExp2(Real x) {
  MathEmitter &e = *x.emitter;
  if (e.hasLookup())
    return exp2ByTable(x);
  if (!e.isAVX512())
    x = clampBelow(clampAbove(x, exponentHigh(e)), exponentLow(e));
  Rounded n = roundProduct(x, 1);
  Real p = exp2Polynomial(x - n.n);
  return scaleBy(e.isAVX512() ? abs(p) : p, n); // of a huge x, any
}

/// x - n ln 2.
static Real remainder(Real x, Real n) {
  MathEmitter &e = *x.emitter;
  return fma(n, -ln2Low(e), fma(n, -ln2High(e), x));
}

static Real expM1Tail(Real r) {
  return r.emitter->isF32() ? polynomial(kExpM1F32, r)
                            : polynomial(kExpM1F64, r);
}

static Real expOfClamped(Real x) {
  Rounded n = roundProduct(x, llvm::numbers::log2e);
  Real r = remainder(x, n.n);
  Real p = fma(fma(expM1Tail(r), r, 1.0), r, 1.0);
  return scaleBy(p, n);
}

Real linrec::expandExp(Real x) {
  MathEmitter &e = *x.emitter;
  return expOfClamped(
      clampBelow(clampAbove(x, exponentHigh(e) * llvm::numbers::ln2),
                 exponentLow(e) * llvm::numbers::ln2));
}

/// The sign is set before the clamp, which is then one instruction.
Real linrec::expandExpOfMinus(Real a) {
  double low = exponentLow(*a.emitter) * llvm::numbers::ln2;
  return expOfClamped(clampBelow(-a, low));
}

/// exp(x) - 1 = 2^n (e^r - 1) + (2^n - 1), for x between where the result
/// rounds to -1 and where it overflows; by halves, as 2^n may overflow first.
Real linrec::expandExpM1(Real x) {
  MathEmitter &e = *x.emitter;
  double high = exponentHigh(e) * llvm::numbers::ln2 - 0.5;
  Real clamped = clampBelow(clampAbove(x, high), e.pick(-20.0, -40.0));
  Rounded n = roundProduct(clamped, llvm::numbers::log2e);
  Real r = remainder(clamped, n.n);
  Real q = fma(r * r, expM1Tail(r), r);
  Real half = halfPower(n);
  Real result = fma(q, half, half - 0.5);
  return copySign(result + result, x); // for -0
}

namespace {
/// An unevaluated sum.
struct Double {
  Real high;
  std::optional<Real> low;
};
} // namespace

/// a / (x + y), for a sum in [1, 2] that rounding may not touch; x > |y|.
static Real divideBySum(Double a, double x, Double y) {
  MathEmitter &e = *a.high.emitter;
  Real d = y.high + x;
  Real lost = y.high - (d - x);
  if (y.low)
    lost = lost + *y.low;
  // 1 / d to an eighth is enough for what rounding loses.
  if (!e.hasFma()) {
    Real quotient = a.high / d;
    Real rest = -(quotient * lost);
    return quotient + (a.low ? rest + *a.low : rest) * fma(d, -0.5, 1.5);
  }
  Real minusD = -d, reciprocal = d, quotient = d;
  if (e.isAVX512() && e.isF32()) {
    reciprocal = e.approximateReciprocal(d);
    reciprocal = fma(fma(minusD, reciprocal, 1.0), reciprocal, reciprocal);
    quotient = a.high * reciprocal;
  } else {
    reciprocal = fma(d, -0.5, 1.5);
    quotient = a.high / d;
  }
  Real rest = fma(minusD, quotient, a.high);
  if (a.low)
    rest = rest + *a.low;
  rest = fma(-lost, quotient, rest);
  return fma(rest, reciprocal, quotient);
}

/// tanh(a) = -t / (2 + t), t = exp(-2 a) - 1. Here n is rounded up, so that t
/// is the polynomial alone, or below -1/2: in neither case anything cancels.
Real linrec::expandTanh(Real x) {
  MathEmitter &e = *x.emitter;
  Real a = clampAbove(abs(x), e.pick(10.0, 20.0)) * -2.0;
  Rounded n = roundProduct(fma(a, llvm::numbers::log2e, 0.5), 1);
  Real r = remainder(a, n.n);
  Real tail =
      e.isF32() ? polynomial(kExpM1BelowF32, r) : polynomial(kExpM1BelowF64, r);
  Real power = halfPower(n);
  power = power + power;
  Real q = fma(r * r, tail, r);
  Real high = fma(q, power, power - 1.0);
  Real low = fma(q, power, power - 1.0 - high);
  if (!e.hasFma()) // the rounding of q too, as the others are larger
    low = fma(r * r * tail - (q - r), power, low);
  Double t = {high, low};
  return copySign(divideBySum(t, 2, t), x);
}

/// With t = exp(-|x|): 1 / (1 + t), or t / (1 + t) of a negative x.
Real linrec::expandSigmoid(Real x) {
  MathEmitter &e = *x.emitter;
  Real t = expandExpOfMinus(abs(x));
  Real numerator = select(x < 0.0, t, e.constant(1.0));
  if (!e.isF32())
    return divideBySum({numerator, {}}, 1, {t, {}});
  // The divider works beside the other instructions; what rounding d = 1 + t
  // loses is put right with 1 / d ~ (3 - d) / 2.
  Real d = t + 1.0;
  Real lost = t - (d - 1.0);
  Real quotient = numerator / d;
  return fma(quotient * lost, fma(d, 0.5, -1.5), quotient);
}
