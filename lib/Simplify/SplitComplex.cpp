#include "linrec/Dialect/LinRec.h"
#include "linrec/Simplify/Passes.h"
#include "mlir/Conversion/ComplexToStandard/ComplexToStandard.h"
#include "mlir/Transforms/DialectConversion.h"

namespace linrec {
#define GEN_PASS_DEF_SPLITCOMPLEXPASS
#include "linrec/Simplify/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {

/// Rewrites one body; complex.create ops that end up unused are left to DCE.
class Splitter {
public:
  explicit Splitter(RecurrenceOp op) : body(op.getBody().front()), b(op) {}
  void run();

private:
  struct Parts {
    Value re, im;
  };
  Parts parts(Value value);
  bool split(Operation &op);
  template <typename OpTy> Value make(Value x, Value y) {
    return OpTy::create(b, loc, x, y);
  }

  Block &body;
  OpBuilder b;
  Location loc = b.getUnknownLoc();
  llvm::DenseMap<Value, Parts> known;
};

} // namespace

Splitter::Parts Splitter::parts(Value value) {
  auto it = known.find(value);
  if (it != known.end())
    return it->second;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointAfterValue(value);
  Parts result = {complex::ReOp::create(b, loc, value),
                  complex::ImOp::create(b, loc, value)};
  return known[value] = result;
}

static bool isComplex(Value value) { return isa<ComplexType>(value.getType()); }

/// Rewrites one op; false if it stays as it is.
bool Splitter::split(Operation &op) {
  b.setInsertionPoint(&op);
  loc = op.getLoc();
  Parts r;
  if (isa<complex::AddOp, complex::SubOp, complex::MulOp>(op)) {
    Parts x = parts(op.getOperand(0)), y = parts(op.getOperand(1));
    if (isa<complex::AddOp>(op))
      r = {make<arith::AddFOp>(x.re, y.re), make<arith::AddFOp>(x.im, y.im)};
    else if (isa<complex::SubOp>(op))
      r = {make<arith::SubFOp>(x.re, y.re), make<arith::SubFOp>(x.im, y.im)};
    else
      r = {make<arith::SubFOp>(make<arith::MulFOp>(x.re, y.re),
                               make<arith::MulFOp>(x.im, y.im)),
           make<arith::AddFOp>(make<arith::MulFOp>(x.re, y.im),
                               make<arith::MulFOp>(x.im, y.re))};
  } else if (isa<complex::NegOp, complex::ConjOp>(op)) {
    Parts x = parts(op.getOperand(0));
    Value im = arith::NegFOp::create(b, loc, x.im);
    r = {isa<complex::ConjOp>(op) ? x.re
                                  : Value(arith::NegFOp::create(b, loc, x.re)),
         im};
  } else if (auto create = dyn_cast<complex::CreateOp>(op)) {
    known[create] = {create.getReal(), create.getImaginary()};
    return false;
  } else if (isa<complex::ReOp, complex::ImOp>(op)) {
    if (isa<BlockArgument>(op.getOperand(0)))
      return false;
    Parts x = parts(op.getOperand(0));
    op.getResult(0).replaceAllUsesWith(isa<complex::ReOp>(op) ? x.re : x.im);
    return true;
  } else if (auto choice = dyn_cast<arith::SelectOp>(op);
             choice && isComplex(choice)) {
    Parts x = parts(choice.getTrueValue()), y = parts(choice.getFalseValue());
    Value flag = choice.getCondition();
    r = {arith::SelectOp::create(b, loc, flag, x.re, y.re),
         arith::SelectOp::create(b, loc, flag, x.im, y.im)};
  } else if (auto at = dyn_cast<AtOp>(op); at && isComplex(at.getResult())) {
    Parts x = parts(at.getValue()), y;
    if (at.getElseValue())
      y = parts(at.getElseValue());
    auto move = [&](Value value, Value other) -> Value {
      return AtOp::create(b, loc, value, other, at.getDims(), at.getBases(),
                          at.getOffsets());
    };
    r = {move(x.re, y.re), move(x.im, y.im)};
  } else if (auto reduce = dyn_cast<ReduceOp>(op);
             reduce && isComplex(reduce.getResult()) &&
             reduce.getKind() == ReduceKind::Add) {
    Parts x = parts(reduce.getValue());
    auto fold = [&](Value value) -> Value {
      return ReduceOp::create(b, loc, value.getType(), value, reduce.getKind(),
                              reduce.getOver());
    };
    r = {fold(x.re), fold(x.im)};
  } else {
    return false;
  }
  Value whole =
      complex::CreateOp::create(b, loc, op.getResult(0).getType(), r.re, r.im);
  known[whole] = r;
  op.getResult(0).replaceAllUsesWith(whole);
  return true;
}

void Splitter::run() {
  for (Operation &op : llvm::make_early_inc_range(body))
    if (split(op))
      op.erase();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<complex::CreateOp, complex::ReOp, complex::ImOp>(op) &&
        op.use_empty())
      op.erase();
}

namespace {
struct SplitComplex : linrec::impl::SplitComplexPassBase<SplitComplex> {
  void runOnOperation() override {
    SmallVector<RecurrenceOp> ops;
    getOperation()->walk([&](RecurrenceOp op) {
      if (op.walk([](complex::CreateOp) {
              return WalkResult::interrupt();
            }).wasInterrupted() ||
          llvm::any_of(op.getBody().getArguments(), isComplex))
        ops.push_back(op);
    });
    for (RecurrenceOp op : ops) {
      // Division and the elementary functions, by MLIR's own expansions.
      ConversionTarget target(getContext());
      target.addLegalDialect<arith::ArithDialect, math::MathDialect,
                             LinRecDialect>();
      target.addLegalOp<complex::AddOp, complex::SubOp, complex::MulOp,
                        complex::NegOp, complex::ConjOp, complex::CreateOp,
                        complex::ReOp, complex::ImOp, complex::ConstantOp>();
      target.addIllegalDialect<complex::ComplexDialect>();
      target.addLegalOp<complex::AddOp, complex::SubOp, complex::MulOp,
                        complex::NegOp, complex::ConjOp, complex::CreateOp,
                        complex::ReOp, complex::ImOp, complex::ConstantOp>();
      RewritePatternSet patterns(&getContext());
      populateComplexToStandardConversionPatterns(
          patterns, complex::ComplexRangeFlags::improved);
      if (failed(applyPartialConversion(op.getOperation(), target,
                                        std::move(patterns))))
        return signalPassFailure();
      Splitter(op).run();
    }
  }
};
} // namespace
