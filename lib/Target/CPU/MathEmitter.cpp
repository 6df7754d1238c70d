#include "MathEmitter.h"
#include "MapRegisters.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace linrec;

MathEmitter::MathEmitter(OpBuilder &b, Location loc, Type type, VectorIsa isa)
    : b(b), loc(loc), type(type),
      element(cast<FloatType>(getElementTypeOrSelf(type))), isa(isa) {
  // Scalable vectors have no registers whose intrinsics are known here.
  auto vector = dyn_cast<VectorType>(type);
  if (vector && vector.isScalable())
    this->isa = VectorIsa::Portable;
}

Type MathEmitter::lift(Type scalar) const {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(scalar)) : scalar;
}

Real MathEmitter::constant(double value) {
  TypedAttr attr = b.getFloatAttr(element, value);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return real(create<arith::ConstantOp>(attr));
}

Bits MathEmitter::bits(int64_t value) {
  Type integer = b.getIntegerType(element.getWidth());
  TypedAttr attr = b.getIntegerAttr(integer, value);
  if (auto vector = dyn_cast<VectorType>(lift(integer)))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return {this, create<arith::ConstantOp>(attr)};
}

int64_t MathEmitter::bitsOf(double value) const {
  return isF32() ? int64_t(llvm::bit_cast<int32_t>(float(value)))
                 : llvm::bit_cast<int64_t>(value);
}

Test MathEmitter::compare(arith::CmpFPredicate predicate, Real x, Real y) {
  return {this, create<arith::CmpFOp>(predicate, x.value, y.value)};
}

Real MathEmitter::select(Test test, Real x, Real y) {
  return real(create<arith::SelectOp>(test.value, x.value, y.value));
}

Real MathEmitter::fma(Real x, Real y, Real z) {
  if (hasFma())
    return real(create<math::FmaOp>(x.value, y.value, z.value));
  // A call of the library's fma, on a target without one, would be far slower.
  auto contract = arith::FastMathFlags::contract;
  Value product = create<arith::MulFOp>(x.value, y.value, contract);
  return real(create<arith::AddFOp>(product, z.value, contract));
}

Bits linrec::toBits(Real x) {
  Type type = x.value.getType();
  Type integer = IntegerType::get(
      type.getContext(), getElementTypeOrSelf(type).getIntOrFloatBitWidth());
  if (auto vector = dyn_cast<VectorType>(type))
    integer = vector.clone(integer);
  return {x.emitter, x.emitter->create<arith::BitcastOp>(integer, x.value)};
}

Real linrec::fromBits(Bits x) {
  Type type = x.value.getType();
  Type real = x.emitter->isF32() ? Type(Float32Type::get(type.getContext()))
                                 : Type(Float64Type::get(type.getContext()));
  if (auto vector = dyn_cast<VectorType>(type))
    real = vector.clone(real);
  return x.emitter->real(x.emitter->create<arith::BitcastOp>(real, x.value));
}

Real linrec::abs(Real x) {
  return x.emitter->real(x.emitter->create<math::AbsFOp>(x.value));
}

Real linrec::copySign(Real magnitude, Real sign) {
  return magnitude.emitter->real(
      magnitude.emitter->create<math::CopySignOp>(magnitude.value, sign.value));
}

//===----------------------------------------------------------------------===//
// AVX-512
//===----------------------------------------------------------------------===//

Real MathEmitter::fraction(Real x, unsigned bits) {
  constexpr int32_t nearest = 0, quiet = 8;
  return real(intrinsic("mask.reduce", {x.value},
                        int32_t(bits << 4) | nearest | quiet,
                        /*hasRounding=*/true));
}

bool MathEmitter::hasLookup() const {
  auto vector = dyn_cast<VectorType>(type);
  return isAVX512() && isF32() && vector && vector.getRank() == 1 &&
         vector.getNumElements() == 16;
}

Real MathEmitter::lookup(ArrayRef<float> table, Bits index) {
  auto half = [&](ArrayRef<float> values) -> Value {
    return create<arith::ConstantOp>(cast<TypedAttr>(
        DenseElementsAttr::get(cast<VectorType>(type), values)));
  };
  auto call = LLVM::CallIntrinsicOp::create(
      b, loc, type, b.getStringAttr("llvm.x86.avx512.vpermi2var.ps.512"),
      ValueRange{half(table.take_front(16)), index.value,
                 half(table.drop_front(16))});
  return real(call.getResults());
}

Real MathEmitter::scale(Real x, Real n) {
  return real(intrinsic("mask.scalef", {x.value, n.value}, std::nullopt,
                        /*hasRounding=*/true));
}

Real MathEmitter::mantissa(Real x) {
  constexpr int32_t from075To15 = 3, negativeIsNaN = 2 << 2;
  return real(intrinsic("mask.getmant", {x.value}, from075To15 | negativeIsNaN,
                        /*hasRounding=*/true));
}

Real MathEmitter::exponent(Real x) {
  return real(intrinsic("mask.getexp", {x.value}, std::nullopt,
                        /*hasRounding=*/true));
}

Real MathEmitter::approximateReciprocal(Real x) {
  return real(intrinsic("rcp14", {x.value}, std::nullopt,
                        /*hasRounding=*/false));
}

Real MathEmitter::approximateRsqrt(Real x) {
  return real(intrinsic("rsqrt14", {x.value}, std::nullopt,
                        /*hasRounding=*/false));
}

Value MathEmitter::intrinsic(StringRef name, ValueRange operands,
                             std::optional<int32_t> immediate,
                             bool hasRounding) {
  int64_t width = element.getWidth();
  return mapRegisters(b, loc, operands, 128 / width, 512 / width,
                      Padding::Poison, [&](ValueRange parts) {
                        return intrinsicOnRegister(name, parts, immediate,
                                                   hasRounding);
                      });
}

/// The intrinsic on one register of 128, 256 or 512 bits, unmasked.
Value MathEmitter::intrinsicOnRegister(StringRef name, ValueRange operands,
                                       std::optional<int32_t> immediate,
                                       bool hasRounding) {
  Type type = operands.front().getType();
  int64_t lanes = cast<VectorType>(type).getNumElements();
  int64_t size = lanes * element.getWidth();
  auto integer = [&](unsigned width, int64_t value) -> Value {
    return create<LLVM::ConstantOp>(b.getIntegerType(width), value);
  };
  SmallVector<Value> args(operands);
  if (immediate)
    args.push_back(integer(32, *immediate));
  args.push_back(operands.front()); // for lanes that are masked out: none
  args.push_back(integer(lanes == 16 ? 16 : 8, -1));
  constexpr int64_t currentRounding = 4;
  if (hasRounding && size == 512)
    args.push_back(integer(32, currentRounding));
  std::string full =
      ("llvm.x86.avx512." + name + (isF32() ? ".ps." : ".pd.") + Twine(size))
          .str();
  return LLVM::CallIntrinsicOp::create(b, loc, type, b.getStringAttr(full),
                                       args)
      .getResults();
}
