//===- MathEmitter.h - writes formulas as arith and vector ops --*- C++ -*-===//
//
// Formulas over one float type, f32 or f64, scalar or vector, with the few
// instructions of a target that they profit from. `Real` and `Bits` are values
// with operators, so that an expansion reads as its formula. Nothing here
// knows a function: those are in ExpandMathExp.cpp and ExpandMathLog.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_TARGET_CPU_MATHEMITTER_H
#define LINREC_LIB_TARGET_CPU_MATHEMITTER_H

#include "linrec/Schedule/CPUTarget.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace linrec {

class MathEmitter;

/// A value of the emitter's float type.
struct Real {
  MathEmitter *emitter;
  mlir::Value value;
};

/// A value of the integer type of the same width: the bits of a Real.
struct Bits {
  MathEmitter *emitter;
  mlir::Value value;
};

/// The result of a comparison.
struct Test {
  MathEmitter *emitter;
  mlir::Value value;
};

class MathEmitter {
public:
  MathEmitter(mlir::OpBuilder &b, mlir::Location loc, mlir::Type type,
              VectorIsa isa);

  bool isF32() const { return element.isF32(); }
  /// One of two constants, by the type.
  template <typename T> T pick(T forF32, T forF64) const {
    return isF32() ? forF32 : forF64;
  }
  bool isAVX512() const { return isa == VectorIsa::AVX512; }
  bool hasFma() const { return isa != VectorIsa::Portable; }
  /// Bits below the exponent.
  unsigned mantissaBits() const { return pick(23, 52); }
  int64_t exponentBias() const { return pick(127, 1023); }

  Real real(mlir::Value value) { return {this, value}; }
  Real constant(double value);
  Bits bits(int64_t value);
  /// The bits of a constant, for integer arithmetic on floats.
  int64_t bitsOf(double value) const;

  template <typename OpTy, typename... Args>
  mlir::Value create(Args &&...args) {
    return OpTy::create(b, loc, std::forward<Args>(args)...);
  }
  Test compare(mlir::arith::CmpFPredicate predicate, Real x, Real y);
  Real select(Test test, Real x, Real y);

  /// a b + c. Without hasFma() the backend may fuse it or not, so that no
  /// formula may rely on the product being exact.
  Real fma(Real a, Real b, Real c);

  /// x - n with the nearest multiple n of 2^-bits, exact; 0 for an infinity.
  /// AVX-512.
  Real fraction(Real x, unsigned bits);
  /// Whether `lookup` is one instruction.
  bool hasLookup() const;
  /// table[index mod 32], with hasLookup().
  Real lookup(llvm::ArrayRef<float> table, Bits index);
  /// x 2^floor(n), for any n. AVX-512.
  Real scale(Real x, Real n);
  /// x = m 2^k: m in [0.75, 1.5), NaN of a negative x; the floor of log2 |x|,
  /// -inf of 0 and inf of inf. AVX-512.
  Real mantissa(Real x);
  Real exponent(Real x);
  /// 1 / x and 1 / sqrt(x) with a relative error below 2^-14. AVX-512.
  Real approximateReciprocal(Real x);
  Real approximateRsqrt(Real x);

private:
  mlir::Value intrinsic(llvm::StringRef name, mlir::ValueRange operands,
                        std::optional<int32_t> immediate, bool hasRounding);
  mlir::Value intrinsicOnRegister(llvm::StringRef name,
                                  mlir::ValueRange operands,
                                  std::optional<int32_t> immediate,
                                  bool hasRounding);
  mlir::Type lift(mlir::Type scalar) const;

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Type type;
  mlir::FloatType element;
  VectorIsa isa;
};

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

inline Real operator+(Real x, Real y) {
  return x.emitter->real(
      x.emitter->create<mlir::arith::AddFOp>(x.value, y.value));
}
inline Real operator-(Real x, Real y) {
  return x.emitter->real(
      x.emitter->create<mlir::arith::SubFOp>(x.value, y.value));
}
inline Real operator*(Real x, Real y) {
  return x.emitter->real(
      x.emitter->create<mlir::arith::MulFOp>(x.value, y.value));
}
inline Real operator/(Real x, Real y) {
  return x.emitter->real(
      x.emitter->create<mlir::arith::DivFOp>(x.value, y.value));
}
inline Real operator-(Real x) {
  return x.emitter->real(x.emitter->create<mlir::arith::NegFOp>(x.value));
}
inline Real operator+(Real x, double y) { return x + x.emitter->constant(y); }
inline Real operator-(Real x, double y) { return x - x.emitter->constant(y); }
inline Real operator*(Real x, double y) { return x * x.emitter->constant(y); }

inline Bits operator+(Bits x, Bits y) {
  return {x.emitter, x.emitter->create<mlir::arith::AddIOp>(x.value, y.value)};
}
inline Bits operator-(Bits x, Bits y) {
  return {x.emitter, x.emitter->create<mlir::arith::SubIOp>(x.value, y.value)};
}
inline Bits operator+(Bits x, int64_t y) { return x + x.emitter->bits(y); }
inline Bits operator-(Bits x, int64_t y) { return x - x.emitter->bits(y); }
inline Bits operator<<(Bits x, unsigned y) {
  return {x.emitter, x.emitter->create<mlir::arith::ShLIOp>(
                         x.value, x.emitter->bits(y).value)};
}
/// Logical.
inline Bits operator>>(Bits x, unsigned y) {
  return {x.emitter, x.emitter->create<mlir::arith::ShRUIOp>(
                         x.value, x.emitter->bits(y).value)};
}

/// False where an operand is NaN.
inline Test operator<(Real x, Real y) {
  return x.emitter->compare(mlir::arith::CmpFPredicate::OLT, x, y);
}
inline Test operator<(Real x, double y) { return x < x.emitter->constant(y); }
inline Test operator>(Real x, double y) { return x.emitter->constant(y) < x; }
inline Test operator==(Real x, Real y) {
  return x.emitter->compare(mlir::arith::CmpFPredicate::OEQ, x, y);
}
inline Test operator==(Real x, double y) { return x == x.emitter->constant(y); }

inline Real select(Test test, Real x, Real y) {
  return test.emitter->select(test, x, y);
}
inline Real fma(Real a, Real b, Real c) { return a.emitter->fma(a, b, c); }
inline Real fma(Real a, double b, Real c) {
  return fma(a, a.emitter->constant(b), c);
}
inline Real fma(Real a, double b, double c) {
  return fma(a, b, a.emitter->constant(c));
}
inline Real fma(Real a, Real b, double c) {
  return fma(a, b, a.emitter->constant(c));
}

/// NaN stays, unlike with arith.minnumf; one instruction, unlike minimumf.
inline Real clampAbove(Real x, double high) {
  return select(x > high, x.emitter->constant(high), x);
}
inline Real clampBelow(Real x, double low) {
  return select(x < low, x.emitter->constant(low), x);
}

Bits toBits(Real x);
Real fromBits(Bits x);
Real abs(Real x);
Real copySign(Real magnitude, Real sign);

/// c[0] + c[1] x + ...
template <size_t N> Real polynomial(const double (&c)[N], Real x) {
  Real sum = x.emitter->constant(c[N - 1]);
  for (size_t i = N - 1; i-- > 0;)
    sum = fma(sum, x, c[i]);
  return sum;
}

} // namespace linrec

#endif // LINREC_LIB_TARGET_CPU_MATHEMITTER_H
