#include "linrec/Dialect/BodyGraph.h"
#include "linrec/Dialect/DimensionSets.h"
#include "linrec/Simplify/Passes.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

namespace linrec {
#define GEN_PASS_DEF_REWRITEBODYPASS
#include "linrec/Simplify/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;

namespace {

bool isReal(Type type) { return type.isF32() || type.isF64(); }

class BodyRewriter {
public:
  explicit BodyRewriter(RecurrenceOp op)
      : op(op), body(op.getBody().front()), rewriter(op.getContext()) {}
  void run();

private:
  /// What one value costs: states last, then by the points it varies over.
  struct Factor {
    Value value;
    DimSet dims;
    bool stateful;
  };
  void rewriteExp();
  void regroupProducts();
  void regroup(arith::MulFOp root);
  void pullFromSums();
  void fuse();
  double points(DimSet dims) const;
  void refresh();
  void collect(Value value, SmallVectorImpl<Factor> &factors);
  Factor multiply(SmallVector<Factor> factors, Location loc);
  bool isInnerProduct(Value value) const;

  RecurrenceOp op;
  Block &body;
  IRRewriter rewriter;
  std::unique_ptr<DimensionSets> sets;
  std::unique_ptr<BodyGraph> graph;
};

} // namespace

void BodyRewriter::refresh() {
  sets = std::make_unique<DimensionSets>(op);
  graph = std::make_unique<BodyGraph>(op);
}

/// The time dim counts as long, whatever its extent: the rewrites must not
/// depend on the number of steps.
double BodyRewriter::points(DimSet dims) const {
  double product = 1;
  for (unsigned dim : dims.list()) {
    int64_t extent = RecurrenceOp(op).getStaticExtent(dim);
    if (dim == RecurrenceOp(op).getTimeDim())
      extent = 1 << 20;
    product *=
        ShapedType::isDynamic(extent) ? 64 : std::max<int64_t>(extent, 1);
  }
  return product;
}

/// N6: exp(x) = 2^(x log2 e); the constant then joins a product.
void BodyRewriter::rewriteExp() {
  for (Operation &inner : llvm::make_early_inc_range(body)) {
    auto exp = dyn_cast<math::ExpOp>(inner);
    // What does not vary over time is computed before the steps, and a decay is
    // raised to the power of their number: it stays exact.
    if (!exp || !isReal(exp.getType()) ||
        !(*sets)(exp.getResult()).contains(op.getTimeDim()))
      continue;
    rewriter.setInsertionPoint(exp);
    Location loc = exp.getLoc();
    Value log2e = arith::ConstantOp::create(
        rewriter, loc,
        rewriter.getFloatAttr(exp.getType(), llvm::numbers::log2e));
    Value scaled =
        arith::MulFOp::create(rewriter, loc, exp.getOperand(), log2e);
    rewriter.replaceOpWithNewOp<math::Exp2Op>(exp, scaled);
  }
}

/// A product that only feeds another one of the same chain.
bool BodyRewriter::isInnerProduct(Value value) const {
  return value.getDefiningOp<arith::MulFOp>() && value.hasOneUse() &&
         isReal(value.getType());
}

void BodyRewriter::collect(Value value, SmallVectorImpl<Factor> &factors) {
  auto product = value.getDefiningOp<arith::MulFOp>();
  for (Value operand : {product.getLhs(), product.getRhs()}) {
    if (isInnerProduct(operand))
      collect(operand, factors);
    else
      factors.push_back(
          {operand, (*sets)(operand), graph->isStateful(operand)});
  }
}

/// Multiplies the cheapest pair until one is left.
BodyRewriter::Factor BodyRewriter::multiply(SmallVector<Factor> factors,
                                            Location loc) {
  while (factors.size() > 1) {
    unsigned bestI = 0, bestJ = 1;
    std::pair<bool, double> best = {true, 0};
    bool any = false;
    for (unsigned i = 0; i < factors.size(); ++i)
      for (unsigned j = i + 1; j < factors.size(); ++j) {
        std::pair<bool, double> cost = {
            factors[i].stateful || factors[j].stateful,
            points(factors[i].dims | factors[j].dims)};
        if (!any || cost < best) {
          best = cost;
          bestI = i;
          bestJ = j;
          any = true;
        }
      }
    Factor a = factors[bestI], b = factors[bestJ];
    Factor product = {arith::MulFOp::create(rewriter, loc, a.value, b.value),
                      a.dims | b.dims, a.stateful || b.stateful};
    factors.erase(factors.begin() + bestJ);
    factors.erase(factors.begin() + bestI);
    factors.push_back(product);
  }
  return factors.front();
}

void BodyRewriter::regroup(arith::MulFOp root) {
  SmallVector<Factor> factors;
  collect(root, factors);
  if (factors.size() < 3 || factors.size() > 16)
    return;
  rewriter.setInsertionPoint(root);
  rewriter.replaceOp(root, multiply(factors, root.getLoc()).value);
}

void BodyRewriter::regroupProducts() {
  SmallVector<arith::MulFOp> roots;
  for (Operation &inner : body)
    if (auto product = dyn_cast<arith::MulFOp>(inner))
      if (isReal(product.getType()) &&
          !(product->hasOneUse() &&
            isa<arith::MulFOp>(*product->getUsers().begin())))
        roots.push_back(product);
  for (arith::MulFOp root : roots)
    regroup(root);
}

/// sum_n f g = f sum_n g for an f without n.
void BodyRewriter::pullFromSums() {
  for (Operation &inner : llvm::make_early_inc_range(body)) {
    auto reduce = dyn_cast<ReduceOp>(inner);
    if (!reduce || reduce.getKind() != ReduceKind::Add ||
        !isInnerProduct(reduce.getValue()))
      continue;
    DimSet over;
    for (Attribute name : reduce.getOver())
      over.insert(*op.findDim(cast<StringAttr>(name).getValue()));
    SmallVector<Factor> factors, inside, outside;
    collect(reduce.getValue(), factors);
    for (Factor &factor : factors)
      (factor.dims.intersects(over) ? inside : outside).push_back(factor);
    if (inside.empty() || outside.empty() || factors.size() > 16)
      continue;
    rewriter.setInsertionPoint(reduce);
    Location loc = reduce.getLoc();
    Factor rest = multiply(inside, loc);
    Value sum = ReduceOp::create(rewriter, loc, reduce.getType(), rest.value,
                                 reduce.getKind(), reduce.getOver());
    outside.push_back({sum, rest.dims - over, rest.stateful});
    rewriter.replaceOp(reduce, multiply(outside, loc).value);
  }
}

/// a b + c as an fma, where the product is used nowhere else.
void BodyRewriter::fuse() {
  for (Operation &inner : llvm::make_early_inc_range(body)) {
    if (!isa<arith::AddFOp, arith::SubFOp>(inner) ||
        !isReal(inner.getResult(0).getType()))
      continue;
    bool isSub = isa<arith::SubFOp>(inner);
    Value x = inner.getOperand(0), y = inner.getOperand(1);
    rewriter.setInsertionPoint(&inner);
    Location loc = inner.getLoc();
    // Of two products, the one with the state is fused: it is the chain from
    // step to step.
    bool second =
        isInnerProduct(y) &&
        (!isInnerProduct(x) || (graph->isStateful(y) && !graph->isStateful(x)));
    if (!second && !isInnerProduct(x))
      continue;
    auto product = (second ? y : x).getDefiningOp<arith::MulFOp>();
    Value a = product.getLhs(), c = second ? x : y;
    if (isSub && second)
      a = arith::NegFOp::create(rewriter, loc, a);
    else if (isSub)
      c = arith::NegFOp::create(rewriter, loc, c);
    // `contract`: a target without fma may split it again.
    rewriter.replaceOpWithNewOp<math::FmaOp>(&inner, a, product.getRhs(), c,
                                             arith::FastMathFlags::contract);
    rewriter.eraseOp(product);
  }
}

void BodyRewriter::run() {
  refresh();
  rewriteExp();
  refresh();
  pullFromSums();
  refresh();
  regroupProducts();
  refresh();
  fuse();
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(body)))
    if (inner.use_empty() && inner.getNumResults() == 1)
      rewriter.eraseOp(&inner);
}

/// Whether a schedule has been fitted to this very body.
static bool isMarked(RecurrenceOp op) {
  return llvm::any_of(op.getBody().front(), [](Operation &inner) {
    return inner.hasAttr("linrec.stage") || inner.hasAttr("linrec.pack") ||
           inner.hasAttr("linrec.post");
  });
}

namespace {
struct RewriteBody : linrec::impl::RewriteBodyPassBase<RewriteBody> {
  void runOnOperation() override {
    getOperation()->walk([](RecurrenceOp op) {
      if (!op.isExact() && !isMarked(op))
        BodyRewriter(op).run();
    });
  }
};
} // namespace
