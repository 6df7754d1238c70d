#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace linrec {
#define GEN_PASS_DEF_CONVERTELEMENTWISEPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;

static bool isElementwiseOnTensors(Operation *op) {
  return op->hasTrait<OpTrait::Elementwise>() && op->getNumRegions() == 0 &&
         op->getNumResults() > 0 &&
         llvm::all_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>);
}

/// The value that all elements of a constant have.
static TypedAttr splatOf(Value value) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat() ||
      isa<ComplexType>(elements.getElementType()))
    return {};
  return elements.getSplatValue<TypedAttr>();
}

/// The extents of a tensor, found without a use of it if possible, so that it
/// can be fused away.
static SmallVector<OpFoldResult> sizesOf(Value tensor, IRRewriter &rewriter) {
  while (auto op = tensor.getDefiningOp<DestinationStyleOpInterface>())
    tensor = op.getTiedOpOperand(cast<OpResult>(tensor))->get();
  if (auto empty = tensor.getDefiningOp<tensor::EmptyOp>())
    return empty.getMixedSizes();
  return tensor::getMixedSizes(rewriter, tensor.getLoc(), tensor);
}

static void convert(Operation *op, IRRewriter &rewriter) {
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<Value> inputs, outputs;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()) && !splatOf(operand))
      inputs.push_back(operand);
  // An op on constants alone still has its extents from one.
  Value like =
      inputs.empty()
          ? *llvm::find_if(op->getOperands(),
                           [](Value operand) {
                             return isa<RankedTensorType>(operand.getType());
                           })
          : inputs.front();
  SmallVector<OpFoldResult> sizes = sizesOf(like, rewriter);
  for (Type result : op->getResultTypes())
    outputs.push_back(tensor::EmptyOp::create(
        rewriter, loc, sizes, cast<RankedTensorType>(result).getElementType()));
  AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
  SmallVector<AffineMap> maps(inputs.size() + outputs.size(), identity);
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      rewriter, loc, op->getResultTypes(), inputs, outputs, maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange args) {
        SmallVector<Value> operands;
        for (Value operand : op->getOperands()) {
          if (TypedAttr splat = splatOf(operand)) {
            operands.push_back(arith::ConstantOp::create(b, loc, splat));
          } else if (isa<RankedTensorType>(operand.getType())) {
            operands.push_back(args.front());
            args = args.drop_front();
          } else {
            operands.push_back(operand);
          }
        }
        auto types = llvm::map_to_vector(op->getResultTypes(), [](Type type) {
          return getElementTypeOrSelf(type);
        });
        Operation *scalar = b.create(loc, op->getName().getIdentifier(),
                                     operands, types, op->getAttrs());
        linalg::YieldOp::create(b, loc, scalar->getResults());
      });
  rewriter.replaceOp(op, generic);
}

namespace {
struct ConvertElementwise
    : linrec::impl::ConvertElementwisePassBase<ConvertElementwise> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isElementwiseOnTensors(op))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops)
      convert(op, rewriter);
  }
};
} // namespace
