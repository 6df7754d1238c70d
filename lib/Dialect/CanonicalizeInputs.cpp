//===- CanonicalizeInputs.cpp - fewer and simpler ins ---------------------===//

#include "Canonicalize.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace linrec;

namespace {
/// Drops ins that the body does not use. One that alone gives a dim its
/// extent stays (C4).
struct DropDeadInputs : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    llvm::BitVector dropped(op->getNumOperands());
    for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
      if (!op.getInArg(i).use_empty())
        continue;
      dropped.set(i);
      if (!canonicalize::keepsExtents(op, dropped))
        dropped.reset(i);
    }
    if (dropped.none())
      return rewriter.notifyMatchFailure(
          op, "every in is used, or alone gives a dim its extent");
    canonicalize::dropOperands(rewriter, op, dropped);
    return success();
  }
};

/// One value bound twice with one index list and type is the same in the body.
struct MergeEqualInputs : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i = 0, e = op.getIns().size(); i < e; ++i)
      for (unsigned j = i + 1; j < e; ++j) {
        if (op.getIns()[i] != op.getIns()[j] ||
            op.getInDims(i) != op.getInDims(j) ||
            op.getInArg(i).getType() != op.getInArg(j).getType() ||
            op.getInArg(j).use_empty())
          continue;
        rewriter.replaceAllUsesWith(op.getInArg(j), op.getInArg(i));
        return success(); // DropDeadInputs drops the second
      }
    return rewriter.notifyMatchFailure(op, "no two ins are equal and used");
  }
};

/// An in that is the same constant everywhere becomes a constant of the body.
struct InlineConstantInputs : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
      BlockArgument argument = op.getInArg(i);
      Attribute value = findConstant(op.getIns()[i], argument.getType());
      if (!value || argument.use_empty())
        continue;
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(&op.getBody().front());
      Operation *constant =
          rewriter.getContext()
              ->getLoadedDialect<LinRecDialect>()
              ->materializeConstant(rewriter, value, argument.getType(),
                                    op.getLoc());
      rewriter.replaceAllUsesWith(argument, constant->getResult(0));
      return success(); // DropDeadInputs drops it, where C4 allows
    }
    return rewriter.notifyMatchFailure(op, "no in is a constant and used");
  }

private:
  /// The constant that all elements of `value` are, widened to `type`.
  static Attribute findConstant(Value value, Type type) {
    Attribute attr;
    if (!matchPattern(value, m_Constant(&attr)))
      return {};
    if (auto elements = dyn_cast<DenseElementsAttr>(attr)) {
      if (!elements.isSplat())
        return {};
      if (auto complex = dyn_cast<ComplexType>(elements.getElementType())) {
        auto number = elements.getSplatValue<std::complex<APFloat>>();
        Builder builder(type.getContext());
        attr = builder.getArrayAttr(
            {FloatAttr::get(complex.getElementType(), number.real()),
             FloatAttr::get(complex.getElementType(), number.imag())});
      } else {
        attr = elements.getSplatValue<Attribute>();
      }
    }
    return widen(attr, type);
  }

  /// Exact: `as` only widens (C14).
  static Attribute widen(Attribute attr, Type type) {
    if (auto complex = dyn_cast<ComplexType>(type)) {
      auto parts = dyn_cast<ArrayAttr>(attr);
      if (!parts || parts.size() != 2)
        return {};
      Attribute re = widen(parts[0], complex.getElementType());
      Attribute im = widen(parts[1], complex.getElementType());
      if (!re || !im)
        return {};
      return ArrayAttr::get(type.getContext(), {re, im});
    }
    if (auto number = dyn_cast<FloatAttr>(attr)) {
      auto target = dyn_cast<FloatType>(type);
      if (!target)
        return {};
      APFloat wide = number.getValue();
      bool losesInfo;
      wide.convert(target.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
      return FloatAttr::get(type, wide);
    }
    auto number = dyn_cast<IntegerAttr>(attr);
    return number && number.getType() == type ? attr : Attribute();
  }
};

/// An in that is one run-time value everywhere is bound as a scalar.
struct BindSplatAsScalar : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i = 0, e = op.getIns().size(); i < e; ++i) {
      auto splat = op.getIns()[i].getDefiningOp<tensor::SplatOp>();
      llvm::BitVector dropped(op->getNumOperands());
      dropped.set(i);
      if (!splat || splat.getInput().getType() != op.getInArg(i).getType() ||
          !canonicalize::keepsExtents(op, dropped))
        continue;
      SmallVector<Attribute> maps(op.getInMaps().getValue());
      maps[i] = rewriter.getDenseI64ArrayAttr({});
      rewriter.modifyOpInPlace(op, [&] {
        op->setOperand(i, splat.getInput());
        op.setInMapsAttr(rewriter.getArrayAttr(maps));
      });
      return success();
    }
    return rewriter.notifyMatchFailure(
        op, "no in is a splat of its argument's type, or it alone gives a dim "
            "its extent");
  }
};
} // namespace

void canonicalize::addInputPatterns(RewritePatternSet &patterns) {
  patterns.add<DropDeadInputs, MergeEqualInputs, InlineConstantInputs,
               BindSplatAsScalar>(patterns.getContext());
}
