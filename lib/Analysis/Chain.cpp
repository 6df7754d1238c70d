#include "linrec/Analysis/Chain.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

/// The values on paths from `root` to `target`, in program order.
static SmallVector<Value> findPathValues(RecurrenceOp op, Value root,
                                         Value target) {
  llvm::DenseSet<Value> forward = {root};
  Block &body = op.getBody().front();
  for (Operation &inner : body.without_terminator())
    if (llvm::any_of(inner.getOperands(),
                     [&](Value v) { return forward.contains(v); }))
      forward.insert(inner.getResult(0));
  llvm::DenseSet<Value> backward = {target};
  SmallVector<Value> path;
  for (Operation &inner : llvm::reverse(body.without_terminator())) {
    Value value = inner.getResult(0);
    if (!forward.contains(value) || !backward.contains(value))
      continue;
    path.push_back(value);
    backward.insert(inner.operand_begin(), inner.operand_end());
  }
  path.push_back(root);
  std::reverse(path.begin(), path.end());
  return path;
}

/// A value is a cut if no edge between values of the path passes over it. The
/// remainder of an accumulator is not cut: what is before it must be plain.
SmallVector<Value> linrec::findCuts(const Expressions &expressions, Value root,
                                    Value target) {
  const DimensionSets &sets = expressions.getDimensionSets();
  SmallVector<Value> path =
      findPathValues(expressions.getRecurrence(), root, target);
  llvm::DenseMap<Value, unsigned> position;
  for (auto [i, value] : llvm::enumerate(path))
    position[value] = i;
  if (llvm::any_of(path,
                   [](Value v) { return v.getDefiningOp<arith::RemFOp>(); }))
    return {root, target};
  SmallVector<Value> cuts;
  unsigned farthest = 0;
  for (auto [i, value] : llvm::enumerate(path)) {
    bool passed = farthest > i;
    bool hasDims = sets(value) == sets(root);
    if (value == root || value == target || (!passed && hasDims))
      cuts.push_back(value);
    for (Operation *user : value.getUsers())
      if (user->getNumResults() == 1)
        if (auto it = position.find(user->getResult(0)); it != position.end())
          farthest = std::max(farthest, it->second);
  }
  return cuts;
}

static bool isPointwise(const Label &label) {
  return label.structure == Structure::Diagonal ||
         label.structure == Structure::Identity;
}

namespace {
class ChainBuilder {
public:
  ChainBuilder(Expressions &expressions, unsigned state, Ring ring)
      : expressions(expressions), ring(ring) {
    RecurrenceOp op = expressions.getRecurrence();
    dims = op.getStateDims(state);
    root = op.getStateArg(state);
    target = op.getNext(state);
  }
  std::vector<Link> run(NotAffine &failure);

private:
  void label(Link &link);
  bool join(Link &link, const Link &next);

  Expressions &expressions;
  Ring ring;
  ArrayRef<int64_t> dims;
  Value root, target;
};
} // namespace

void ChainBuilder::label(Link &link) {
  SmallVector<const Term *> terms;
  for (const Term &term : link.form.terms)
    if (term.root)
      terms.push_back(&term);
  link.label = labelTerms(terms, DimSet::of(dims), dims, expressions);
  if (link.form.overflow) {
    link.label = Label();
    link.label.text = "affine, dense";
  }
}

/// `next` after `link`, if one of them only adds or both are pointwise.
bool ChainBuilder::join(Link &link, const Link &next) {
  bool adds = link.label.structure == Structure::Identity ||
              next.label.structure == Structure::Identity;
  if (!adds && !(isPointwise(link.label) && isPointwise(next.label)))
    return false;
  FormBuilder builder(expressions, ring);
  builder.seed(next.from, link.form);
  builder.evaluate(next.to);
  link.to = next.to;
  link.form = *builder.getForm(next.to);
  label(link);
  return true;
}

std::vector<Link> ChainBuilder::run(NotAffine &failure) {
  std::vector<Link> chain;
  SmallVector<Value> cuts = findCuts(expressions, root, target);
  for (auto [from, to] : llvm::zip(cuts, llvm::drop_begin(cuts))) {
    FormBuilder builder(expressions, ring);
    builder.seedRoot(from);
    if (!builder.evaluate(to)) {
      failure = *builder.getFailure(to);
      return {};
    }
    Link link{from, to, *builder.getForm(to), {}};
    label(link);
    if (chain.empty() || !join(chain.back(), link))
      chain.push_back(std::move(link));
  }
  return chain;
}

std::vector<Link> linrec::findChain(Expressions &expressions, unsigned state,
                                    Ring ring, NotAffine &failure) {
  return ChainBuilder(expressions, state, ring).run(failure);
}

Form linrec::expandChain(Expressions &expressions, ArrayRef<Link> chain,
                         Ring ring) {
  Form form = chain.front().form;
  for (const Link &link : chain.drop_front()) {
    FormBuilder builder(expressions, ring);
    builder.seed(link.from, std::move(form));
    builder.evaluate(link.to);
    form = *builder.getForm(link.to);
  }
  return form;
}
