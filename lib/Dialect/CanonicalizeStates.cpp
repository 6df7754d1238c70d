//===- CanonicalizeStates.cpp - fewer outs and states ---------------------===//

#include "Canonicalize.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace linrec;

namespace {
/// Drops outs whose results nobody uses. On memrefs an out is a write, and
/// stays.
struct DropDeadOuts : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasTensors())
      return rewriter.notifyMatchFailure(op, "memrefs are written");
    if (op->use_empty())
      return rewriter.notifyMatchFailure(op, "the whole op is dead");
    unsigned firstOut = op.getIns().size() + (op.getBounds() ? 1 : 0);
    llvm::BitVector dropped(op->getNumOperands());
    for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i) {
      if (!op.getOutResult(i).use_empty())
        continue;
      dropped.set(firstOut + i);
      if (!canonicalize::keepsExtents(op, dropped))
        dropped.reset(firstOut + i);
    }
    if (dropped.none())
      return rewriter.notifyMatchFailure(
          op, "every out is used, or alone gives a dim its extent");
    canonicalize::dropOperands(rewriter, op, dropped);
    return success();
  }
};

/// Drops states that no out, and no state whose result is used, depends on.
struct DropDeadStates : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasTensors())
      return rewriter.notifyMatchFailure(op, "memrefs are written");
    if (op->use_empty())
      return rewriter.notifyMatchFailure(op, "the whole op is dead");
    unsigned firstState = op->getNumOperands() - op.getStates().size();
    llvm::BitVector dropped(op->getNumOperands());
    llvm::BitVector live = findLive(op);
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      if (!live[i])
        dropped.set(firstState + i);
    if (dropped.none())
      return rewriter.notifyMatchFailure(op, "every state is needed");
    if (!canonicalize::keepsExtents(op, dropped))
      return rewriter.notifyMatchFailure(
          op, "a dead state alone gives a dim its extent");
    eraseUpdates(rewriter, op, live);
    canonicalize::dropOperands(rewriter, op, dropped);
    return success();
  }

private:
  static llvm::BitVector findLive(RecurrenceOp op) {
    unsigned numStates = op.getStates().size();
    llvm::BitVector live(numStates);
    llvm::SetVector<Value> needed(op.getYield().getOuts().begin(),
                                  op.getYield().getOuts().end());
    auto markLive = [&](unsigned i) {
      if (!live.test(i)) {
        live.set(i);
        needed.insert(op.getNext(i));
      }
    };
    for (unsigned i = 0; i < numStates; ++i)
      if (!op.getStateResult(i).use_empty())
        markLive(i);
    for (unsigned k = 0; k < needed.size(); ++k) {
      Value value = needed[k];
      if (Operation *def = value.getDefiningOp())
        needed.insert(def->operand_begin(), def->operand_end());
      else if (unsigned i = cast<BlockArgument>(value).getArgNumber();
               i >= op.getIns().size())
        markLive(i - op.getIns().size());
    }
    return live;
  }

  /// Makes dead states yield themselves, and erases what computed them, so
  /// that nothing uses their arguments.
  static void eraseUpdates(PatternRewriter &rewriter, RecurrenceOp op,
                           const llvm::BitVector &live) {
    YieldOp yield = op.getYield();
    rewriter.modifyOpInPlace(yield, [&] {
      for (unsigned i = 0, e = live.size(); i < e; ++i)
        if (!live[i])
          yield.getStatesMutable()[i].set(op.getStateArg(i));
    });
    SmallVector<Operation *> inner =
        llvm::map_to_vector(op.getBody().front().without_terminator(),
                            [](Operation &each) { return &each; });
    for (Operation *each : llvm::reverse(inner))
      if (each->use_empty())
        rewriter.eraseOp(each);
  }
};

/// A state that yields its own argument never changes: it is an in of the same
/// index list, and its result is its destination. The store rounds what was
/// read from the same place, exactly. A state that yields an in is not such a
/// state: with zero steps it keeps its initial value.
struct MakeConstantStatesInputs : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getOuts().size() + op.getStates().size() == 1) {
      if (op.getOuts().size() == 1 || op.getNext(0) != op.getStateArg(0) ||
          !op.hasTensors())
        return rewriter.notifyMatchFailure(op, "something must remain (C7)");
      rewriter.replaceOp(op, op.getStates()[0]);
      return success();
    }
    for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
      if (op.getNext(i) == op.getStateArg(i)) {
        makeInput(rewriter, op, i);
        return success();
      }
    return rewriter.notifyMatchFailure(op, "no state yields itself");
  }

private:
  static void makeInput(PatternRewriter &rewriter, RecurrenceOp op,
                        unsigned i) {
    unsigned numIns = op.getIns().size();
    Value destination = op.getStates()[i];
    BlockArgument state = op.getStateArg(i);
    rewriter.modifyOpInPlace(op, [&] {
      SmallVector<Attribute> maps(op.getInMaps().getValue());
      maps.push_back(op.getStateMaps()[i]);
      SmallVector<Attribute> names(op.getArgNames().getValue());
      names.insert(names.begin() + numIns, op.getArgNames()[numIns + i]);
      op.getInsMutable().append(destination);
      op.setInMapsAttr(rewriter.getArrayAttr(maps));
      op.setArgNamesAttr(rewriter.getArrayAttr(names));
      BlockArgument in =
          op.getBody().insertArgument(numIns, state.getType(), state.getLoc());
      rewriter.replaceAllUsesWith(state, in);
    });
    llvm::BitVector dropped(op->getNumOperands());
    dropped.set(op->getNumOperands() - op.getStates().size() + i);
    canonicalize::dropOperands(rewriter, op, dropped);
  }
};
} // namespace

void canonicalize::addStatePatterns(RewritePatternSet &patterns) {
  patterns.add<DropDeadOuts, DropDeadStates, MakeConstantStatesInputs>(
      patterns.getContext());
}
