#include "MathCalls.h"
#include "MathExpansions.h"
#include "linrec/Dialect/LinRec.h"
#include "linrec/Target/CPU/MathForms.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/TypeSwitch.h"

namespace linrec {
#define GEN_PASS_DEF_EXPANDMATHPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

static bool isInline(Operation *op) {
  return isa<math::ExpOp, math::Exp2Op, math::ExpM1Op, math::LogOp,
             math::Log2Op, math::Log10Op, math::Log1pOp, math::TanhOp,
             math::RsqrtOp, SigmoidOp, SoftplusOp, LogAddExpOp>(op);
}

MathForm linrec::mathForm(Operation *op, VectorIsa isa) {
  if (!isFunctionCall(op) || isInline(op))
    return MathForm::Inline;
  return findVectorFunction(op, isa) ? MathForm::VectorCall
                                     : MathForm::ScalarCall;
}

static Real expandInline(Operation *op, MathEmitter &e) {
  Real x = e.real(op->getOperand(0));
  return llvm::TypeSwitch<Operation *, Real>(op)
      .Case([&](math::ExpOp) { return expandExp(x); })
      .Case([&](math::Exp2Op) { return expandExp2(x); })
      .Case([&](math::ExpM1Op) { return expandExpM1(x); })
      .Case([&](math::LogOp) { return expandLog(x); })
      .Case([&](math::Log2Op) { return expandLog2(x); })
      .Case([&](math::Log10Op) { return expandLog10(x); })
      .Case([&](math::Log1pOp) { return expandLog1p(x); })
      .Case([&](math::TanhOp) { return expandTanh(x); })
      .Case([&](math::RsqrtOp) { return expandRsqrt(x); })
      .Case([&](SigmoidOp) { return expandSigmoid(x); })
      .Case([&](SoftplusOp) { return expandSoftplus(x); })
      .Case([&](LogAddExpOp) {
        return expandLogAddExp(x, e.real(op->getOperand(1)));
      });
}

namespace {
class Expander {
public:
  Expander(MLIRContext *context, VectorIsa isa) : rewriter(context), isa(isa) {}

  void expand(Operation *op);

private:
  Operation *widen(Operation *op);
  Value unroll(Operation *op, VectorType type);
  void splitSinCos(math::SincosOp op);
  void makePow(math::FPowIOp op);

  IRRewriter rewriter;
  VectorIsa isa;
};
} // namespace

static Type withElement(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

/// The op between conversions to f32 and back (N5), for a narrower type.
Operation *Expander::widen(Operation *op) {
  Type type = op->getResult(0).getType();
  Type wide = withElement(type, rewriter.getF32Type());
  Location loc = op->getLoc();
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(arith::ExtFOp::create(rewriter, loc, wide, operand));
  Operation *inner = rewriter.create(loc, op->getName().getIdentifier(),
                                     operands, wide, op->getAttrs());
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, type, inner->getResult(0));
  rewriter.setInsertionPoint(inner);
  return inner;
}

/// The op on every element: convert-math-to-libm would do that after the
/// vectors are lowered.
Value Expander::unroll(Operation *op, VectorType type) {
  Location loc = op->getLoc();
  Value result = ub::PoisonOp::create(rewriter, loc, type);
  SmallVector<int64_t> strides = computeStrides(type.getShape());
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    SmallVector<int64_t> at = delinearize(i, strides);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(vector::ExtractOp::create(rewriter, loc, operand, at));
    Operation *one =
        rewriter.create(loc, op->getName().getIdentifier(), operands,
                        type.getElementType(), op->getAttrs());
    result =
        vector::InsertOp::create(rewriter, loc, one->getResult(0), result, at);
  }
  return result;
}

void Expander::splitSinCos(math::SincosOp op) {
  Location loc = op.getLoc();
  Value sin = math::SinOp::create(rewriter, loc, op.getOperand());
  Value cos = math::CosOp::create(rewriter, loc, op.getOperand());
  rewriter.replaceOp(op, {sin, cos});
  expand(sin.getDefiningOp());
  expand(cos.getDefiningOp());
}

void Expander::makePow(math::FPowIOp op) {
  Value exponent =
      arith::SIToFPOp::create(rewriter, op.getLoc(), op.getType(), op.getRhs());
  auto pow =
      rewriter.replaceOpWithNewOp<math::PowFOp>(op, op.getLhs(), exponent);
  expand(pow);
}

void Expander::expand(Operation *op) {
  rewriter.setInsertionPoint(op);
  if (auto sinCos = dyn_cast<math::SincosOp>(op))
    return splitSinCos(sinCos);
  if (auto pow = dyn_cast<math::FPowIOp>(op))
    return makePow(pow);
  Type type = op->getResult(0).getType();
  if (getElementTypeOrSelf(type).getIntOrFloatBitWidth() < 32)
    op = widen(op);
  type = op->getResult(0).getType();
  if (isInline(op)) {
    MathEmitter emitter(rewriter, op->getLoc(), type, isa);
    rewriter.replaceOp(op, expandInline(op, emitter).value);
  } else if (auto vector = dyn_cast<VectorType>(type)) {
    // libmvec is within 4 ulp, libm within 1.
    bool isExact = op->hasAttr("linrec.exact");
    Value call = isExact ? Value() : callVectorFunction(rewriter, op, isa);
    if (!call && !vector.isScalable()) {
      remark::missed(op->getLoc(),
                     remark::RemarkOpts::name("ScalarCall").category("linrec"))
          << remark::add("{0} costs a call for each of {1} elements; {2}",
                         op->getName().getStringRef(), vector.getNumElements(),
                         isExact ? "linrec.exact asks for the C library's"
                                 : "this target has no vector function for it");
      call = unroll(op, vector);
    }
    if (call)
      rewriter.replaceOp(op, call);
  }
}

/// A function of floats of at most 64 bits, on scalars or vectors.
static bool isExpandable(Operation *op) {
  if (!isFunctionCall(op))
    return false;
  Type type = op->getResult(0).getType();
  auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
  return element && element.getWidth() <= 64 &&
         isa<FloatType, VectorType>(type);
}

namespace {
struct ExpandMath : linrec::impl::ExpandMathPassBase<ExpandMath> {
  using ExpandMathPassBase::ExpandMathPassBase;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<RecurrenceOp>(op))
        return WalkResult::skip();
      if (isExpandable(op))
        ops.push_back(op);
      return WalkResult::advance();
    });
    Expander expander(&getContext(), vectorIsa);
    for (Operation *op : ops)
      expander.expand(op);
  }
};
} // namespace
