//===- InlineLibraryCalls.cpp - copies and roundings without a library
//-----===//
//
// What LLVM would turn into calls of libraries that compiled code does not
// link: copies between strided memrefs (memrefCopy of MLIR's runner) and f64
// rounded to 16 bits (compiler-rt). And what expand-strided-metadata cannot
// lower: expand_shape to several dynamic extents.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace linrec {
#define GEN_PASS_DEF_INLINELIBRARYCALLSPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

/// Element by element; a copy of whole rows is left to memcpy.
static void lowerCopy(memref::CopyOp copy, IRRewriter &rewriter) {
  auto from = cast<MemRefType>(copy.getSource().getType());
  auto to = cast<MemRefType>(copy.getTarget().getType());
  if (from.getLayout().isIdentity() && to.getLayout().isIdentity())
    return;
  Location loc = copy.getLoc();
  rewriter.setInsertionPoint(copy);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  };
  SmallVector<Value> lower, upper, step;
  for (int64_t i = 0; i < from.getRank(); ++i) {
    lower.push_back(constant(0));
    upper.push_back(
        rewriter.createOrFold<memref::DimOp>(loc, copy.getSource(), i));
    step.push_back(constant(1));
  }
  scf::buildLoopNest(
      rewriter, loc, lower, upper, step,
      [&](OpBuilder &b, Location loc, ValueRange indices) {
        Value element =
            memref::LoadOp::create(b, loc, copy.getSource(), indices);
        memref::StoreOp::create(b, loc, element, copy.getTarget(), indices);
      });
  rewriter.eraseOp(copy);
}

/// f64 to f16 or bf16 with one rounding: to f32 first, rounded to odd, which
/// keeps what the second rounding has to know (Boldo and Melquiond, 2008).
static void lowerTruncation(arith::TruncFOp trunc, IRRewriter &rewriter) {
  Value x = trunc.getIn();
  Type to = getElementTypeOrSelf(trunc.getType());
  if (!getElementTypeOrSelf(x.getType()).isF64() ||
      !(to.isF16() || to.isBF16()))
    return;
  Location loc = trunc.getLoc();
  rewriter.setInsertionPoint(trunc);
  auto like = [&](Type element) -> Type {
    if (auto vector = dyn_cast<VectorType>(x.getType()))
      return vector.clone(element);
    return element;
  };
  Type f32 = like(rewriter.getF32Type()), i32 = like(rewriter.getI32Type());
  Value one = arith::ConstantOp::create(
      rewriter, loc,
      isa<VectorType>(i32)
          ? TypedAttr(DenseElementsAttr::get(cast<ShapedType>(i32),
                                             rewriter.getI32IntegerAttr(1)))
          : TypedAttr(rewriter.getI32IntegerAttr(1)));
  Value near = arith::TruncFOp::create(rewriter, loc, f32, x);
  Value back = arith::ExtFOp::create(rewriter, loc, x.getType(), near);
  auto compare = [&](arith::CmpFPredicate predicate, Value a,
                     Value b) -> Value {
    return arith::CmpFOp::create(rewriter, loc, predicate, a, b);
  };
  Value inexact = compare(arith::CmpFPredicate::ONE, back, x);
  Value above = compare(arith::CmpFPredicate::OGT,
                        math::AbsFOp::create(rewriter, loc, back),
                        math::AbsFOp::create(rewriter, loc, x));
  Value bits = arith::BitcastOp::create(rewriter, loc, i32, near);
  Value less = arith::SubIOp::create(rewriter, loc, bits, one);
  Value odd = arith::SelectOp::create(rewriter, loc, above, less, bits);
  odd = arith::OrIOp::create(rewriter, loc, odd, one);
  bits = arith::SelectOp::create(rewriter, loc, inexact, odd, bits);
  Value rounded = arith::BitcastOp::create(rewriter, loc, f32, bits);
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(trunc, trunc.getType(), rounded);
}

/// As a reinterpret_cast. Upstream's pattern takes one dynamic extent of a
/// group at most, and crashes on more (llvm/llvm-project#186830).
static void lowerExpandShape(memref::ExpandShapeOp expand,
                             IRRewriter &rewriter) {
  Location loc = expand.getLoc();
  rewriter.setInsertionPoint(expand);
  MemRefType type = expand.getResultType();
  SmallVector<int64_t> staticStrides;
  int64_t staticOffset;
  if (failed(type.getStridesAndOffset(staticStrides, staticOffset)))
    return;
  auto metadata =
      memref::ExtractStridedMetadataOp::create(rewriter, loc, expand.getSrc());
  auto known = [&](int64_t number, Value value) -> OpFoldResult {
    if (ShapedType::isDynamic(number))
      return value;
    return rewriter.getIndexAttr(number);
  };
  SmallVector<OpFoldResult> sizes = expand.getMixedOutputShape();
  // An array of rank 0 has no groups; all its new dims have one element.
  SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
  for (auto [group, stride] : llvm::zip_equal(expand.getReassociationIndices(),
                                              metadata.getStrides())) {
    Value product = stride;
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = known(staticStrides[dim], product);
      Value size = getValueOrCreateConstantIndexOp(rewriter, loc, sizes[dim]);
      product = arith::MulIOp::create(rewriter, loc, product, size);
    }
  }
  rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(
      expand, type, metadata.getBaseBuffer(),
      known(staticOffset, metadata.getOffset()), sizes, strides);
}

namespace {
struct InlineLibraryCalls
    : linrec::impl::InlineLibraryCallsPassBase<InlineLibraryCalls> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](Operation *op) {
      if (auto copy = dyn_cast<memref::CopyOp>(op))
        lowerCopy(copy, rewriter);
      else if (auto trunc = dyn_cast<arith::TruncFOp>(op))
        lowerTruncation(trunc, rewriter);
      else if (auto expand = dyn_cast<memref::ExpandShapeOp>(op))
        lowerExpandShape(expand, rewriter);
    });
  }
};
} // namespace
