//===- HoistContractions.cpp - matrix products leave the time loop --------===//
//
// sum over h of B[p, h] u[t, h] needs no state: for all steps at once it is a
// product of matrices, in which B is read once for many steps. It becomes a
// linalg op before the recurrence, and its result an in.
//
// A sum is cut into its terms, and a term into factors: those without a reduced
// dim stay outside of the sum, those with time are one matrix, the others the
// other one (N1). What a term has besides is left where it is, also if it is
// multiplied by 0: nothing is dropped.
//
//===----------------------------------------------------------------------===//

#include "StateFreeTensors.h"
#include "linrec/Dialect/BodyGraph.h"
#include "linrec/Simplify/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace linrec {
#define GEN_PASS_DEF_HOISTCONTRACTIONSPASS
#include "linrec/Simplify/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {

struct Term {
  Value value;
  bool negative;
};

/// A term that is to be a product: outside * sum of varying * fixed.
struct Product {
  SmallVector<Value> outside, varying, fixed;
  DimSet varyingDims, fixedDims;
};

class Hoister {
public:
  explicit Hoister(RecurrenceOp op)
      : op(op), rewriter(op.getContext()), sets(op), graph(op) {}
  /// Rewrites the sums of the body; the op that then stands for it.
  RecurrenceOp run();

private:
  DimSet reducedDims(ReduceOp reduce);
  void collectTerms(Value value, bool negative, SmallVectorImpl<Term> &terms);
  void collectFactors(Value value, SmallVectorImpl<Value> &factors);
  /// Why the term stays where it is, or an empty text.
  StringRef match(Value term, DimSet over, Product &product);
  bool isWorthIt(DimSet over);
  void hoist(ReduceOp reduce);
  Value multiply(ArrayRef<Value> factors, Location loc);

  RecurrenceOp op;
  IRRewriter rewriter;
  DimensionSets sets;
  BodyGraph graph;
  SmallVector<NewIn> newIns;
};

} // namespace

DimSet Hoister::reducedDims(ReduceOp reduce) {
  DimSet over;
  for (Attribute name : reduce.getOver())
    over.insert(*op.findDim(cast<StringAttr>(name).getValue()));
  return over;
}

void Hoister::collectTerms(Value value, bool negative,
                           SmallVectorImpl<Term> &terms) {
  Operation *def = value.getDefiningOp();
  bool isSum = def && value.hasOneUse() &&
               isa<arith::AddFOp, arith::SubFOp, arith::NegFOp>(def);
  if (!isSum) {
    terms.push_back({value, negative});
    return;
  }
  if (isa<arith::NegFOp>(def))
    return collectTerms(def->getOperand(0), !negative, terms);
  collectTerms(def->getOperand(0), negative, terms);
  collectTerms(def->getOperand(1), negative != isa<arith::SubFOp>(def), terms);
}

void Hoister::collectFactors(Value value, SmallVectorImpl<Value> &factors) {
  auto product = value.getDefiningOp<arith::MulFOp>();
  if (!product || !value.hasOneUse()) {
    factors.push_back(value);
    return;
  }
  collectFactors(product.getLhs(), factors);
  collectFactors(product.getRhs(), factors);
}

StringRef Hoister::match(Value term, DimSet over, Product &product) {
  SmallVector<Value> factors;
  collectFactors(term, factors);
  for (Value factor : factors) {
    DimSet dims = sets(factor);
    if (!dims.intersects(over)) {
      product.outside.push_back(factor);
      continue;
    }
    if (graph.isStateful(factor))
      return "a factor depends on a state";
    if (!isElementwiseOfIns(factor, op))
      return "a factor is more than an elementwise function of ins";
    bool varies = dims.contains(op.getTimeDim());
    (varies ? product.varying : product.fixed).push_back(factor);
    DimSet &all = varies ? product.varyingDims : product.fixedDims;
    all = all | dims;
  }
  if (!product.varyingDims.containsAll(over) ||
      !product.fixedDims.containsAll(over))
    return "not every summed dim is one of a factor with time and of one "
           "without";
  if ((product.fixedDims - product.varyingDims).empty())
    return "no dim is of the factor without time alone, so it is not read "
           "more than once a step";
  std::optional<unsigned> packed = op.getPackedDim();
  if (packed && (product.varyingDims | product.fixedDims).contains(*packed))
    return "a factor belongs to a segment";
  return "";
}

/// Whether the sum is long enough to pay for writing and reading its result.
/// Never a question of the number of steps: a function and its step are
/// rewritten alike.
bool Hoister::isWorthIt(DimSet over) {
  constexpr int64_t kShortest = 8;
  int64_t terms = 1;
  for (unsigned dim : over.list()) {
    int64_t extent = op.getStaticExtent(dim);
    if (ShapedType::isDynamic(extent))
      return true;
    terms *= extent;
  }
  return terms >= kShortest;
}

Value Hoister::multiply(ArrayRef<Value> factors, Location loc) {
  Value product = factors.front();
  for (Value factor : factors.drop_front())
    product = arith::MulFOp::create(rewriter, loc, product, factor);
  return product;
}

void Hoister::hoist(ReduceOp reduce) {
  Location loc = reduce.getLoc();
  auto opts = remark::RemarkOpts::name("HoistContractions").category("linrec");
  DimSet over = reducedDims(reduce);
  SmallVector<Term> terms, left;
  SmallVector<std::pair<Product, bool>> products;
  collectTerms(reduce.getValue(), /*negative=*/false, terms);
  StringRef reason;
  for (Term term : terms) {
    Product product;
    StringRef why = match(term.value, over, product);
    if (why.empty() && !isWorthIt(over))
      why = "the sum is too short";
    if (why.empty())
      products.push_back({product, term.negative});
    else {
      left.push_back(term);
      reason = why;
    }
  }
  if (products.empty()) {
    remark::missed(loc, opts) << remark::add("sum stays in the steps")
                              << remark::reason("{0}", reason);
    return;
  }
  remark::passed(loc, opts) << remark::add("sum of all steps as a product of "
                                           "matrices");
  rewriter.setInsertionPoint(reduce);
  Value sum;
  auto accumulate = [&](Value value, bool negative) {
    if (!sum)
      sum =
          negative ? Value(arith::NegFOp::create(rewriter, loc, value)) : value;
    else if (negative)
      sum = arith::SubFOp::create(rewriter, loc, sum, value);
    else
      sum = arith::AddFOp::create(rewriter, loc, sum, value);
  };
  for (auto &[product, negative] : products) {
    Value varying = multiply(product.varying, loc);
    Value fixed = multiply(product.fixed, loc);
    NewIn in = contract(op, rewriter, varying, product.varyingDims, fixed,
                        product.fixedDims, over);
    // The argument comes with the in; until then the value has this place.
    in.argument = op.getBody().addArgument(reduce.getType(), loc);
    newIns.push_back(in);
    SmallVector<Value> factors = {in.argument};
    llvm::append_range(factors, product.outside);
    accumulate(multiply(factors, loc), negative);
  }
  if (!left.empty()) {
    Value products = sum;
    sum = {};
    for (Term term : left)
      accumulate(term.value, term.negative);
    Value rest = ReduceOp::create(rewriter, loc, reduce.getType(), sum,
                                  reduce.getKind(), reduce.getOver());
    sum = arith::AddFOp::create(rewriter, loc, products, rest);
  }
  rewriter.replaceOp(reduce, sum);
}

RecurrenceOp Hoister::run() {
  SmallVector<ReduceOp> reduces;
  for (Operation &inner : op.getBody().front())
    if (auto reduce = dyn_cast<ReduceOp>(inner))
      if (reduce.getKind() == ReduceKind::Add &&
          (reduce.getType().isF32() || reduce.getType().isF64()))
        reduces.push_back(reduce);
  for (ReduceOp reduce : reduces)
    hoist(reduce);
  for (Operation &inner :
       llvm::make_early_inc_range(llvm::reverse(op.getBody().front())))
    if (inner.use_empty() && inner.getNumResults() == 1)
      rewriter.eraseOp(&inner);
  return newIns.empty() ? op : addIns(op, newIns, rewriter);
}

namespace {
struct HoistContractions
    : linrec::impl::HoistContractionsPassBase<HoistContractions> {
  void runOnOperation() override {
    SmallVector<Operation *> changed;
    SmallVector<RecurrenceOp> ops;
    getOperation()->walk([&](RecurrenceOp op) { ops.push_back(op); });
    for (RecurrenceOp op : ops) {
      // A schedule that is pinned has the ins as they are.
      if (!op.hasTensors() || op.isExact() || op->hasAttr("linrec.schedule"))
        continue;
      RecurrenceOp result = Hoister(op).run();
      if (result != op)
        changed.push_back(result);
    }
    // Ins that nothing reads any more.
    RewritePatternSet patterns(&getContext());
    RecurrenceOp::getCanonicalizationPatterns(patterns, &getContext());
    (void)applyOpPatternsGreedily(changed, std::move(patterns));
  }
};
} // namespace
