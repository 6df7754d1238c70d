#include "StateFreeTensors.h"
#include "linrec/Dialect/BodyGraph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace linrec;

/// The number of the in that the argument is, if it is one.
static std::optional<unsigned> findIn(Value value, RecurrenceOp op) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (argument && argument.getArgNumber() < op.getIns().size())
    return argument.getArgNumber();
  return std::nullopt;
}

/// An argument of an in that is read as it is or, of floats, widened.
static bool isReadableIn(Value argument, RecurrenceOp op) {
  std::optional<unsigned> in = findIn(argument, op);
  return in && (isa<FloatType>(argument.getType()) ||
                getElementTypeOrSelf(op.getIns()[*in]) == argument.getType());
}

bool linrec::isElementwiseOfIns(Value value, RecurrenceOp op) {
  if (isa<BlockArgument>(value))
    return isReadableIn(value, op);
  return !BodyGraph::findInCone(value, [&](Operation *inner) {
    bool isOther =
        isa<ReduceOp, AtOp, IndexOp>(inner) ||
        llvm::any_of(inner->getOperands(), [&](Value operand) {
          return isa<BlockArgument>(operand) && !isReadableIn(operand, op);
        });
    return isOther ? BodyGraph::Visit::Found : BodyGraph::Visit::Enter;
  });
}

namespace {
/// Builds tensors in front of one recurrence.
class TensorBuilder {
public:
  TensorBuilder(RecurrenceOp op, RewriterBase &b)
      : op(op), b(b), loc(op.getLoc()) {}

  /// A tensor, and the dims that index it.
  struct Indexed {
    Value tensor;
    SmallVector<int64_t> dims;
  };
  Indexed materialize(Value value, DimSet dims);
  Value contract(Indexed x, Indexed y, ArrayRef<int64_t> dims, DimSet over,
                 Type type);

private:
  void collect(Value value, SetVector<Value> &ins, SetVector<Operation *> &ops);
  Value makeEmpty(ArrayRef<int64_t> dims, Type type);
  /// The map of an operand's index list; dim d is loop `loops[d]`.
  AffineMap mapOf(ArrayRef<int64_t> dims, ArrayRef<int64_t> loops) {
    SmallVector<AffineExpr> exprs;
    for (int64_t dim : dims)
      exprs.push_back(
          b.getAffineDimExpr(llvm::find(loops, dim) - loops.begin()));
    return AffineMap::get(loops.size(), 0, exprs, b.getContext());
  }

  RecurrenceOp op;
  RewriterBase &b;
  Location loc;
};
} // namespace

Value TensorBuilder::makeEmpty(ArrayRef<int64_t> dims, Type type) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim : dims) {
    int64_t extent = op.getStaticExtent(dim);
    if (!ShapedType::isDynamic(extent)) {
      sizes.push_back(b.getIndexAttr(extent));
      continue;
    }
    for (const RecurrenceOp::Binding &binding : op.getBindings())
      if (auto it = llvm::find(binding.dims, dim); it != binding.dims.end()) {
        sizes.push_back(tensor::getMixedSize(b, loc, binding.value,
                                             it - binding.dims.begin()));
        break;
      }
  }
  return tensor::EmptyOp::create(b, loc, sizes, type);
}

/// The ins and the ops of the body that the value is computed from, in order.
void TensorBuilder::collect(Value value, SetVector<Value> &ins,
                            SetVector<Operation *> &ops) {
  if (isa<BlockArgument>(value)) {
    ins.insert(value);
    return;
  }
  Operation *def = value.getDefiningOp();
  if (ops.contains(def))
    return;
  for (Value operand : def->getOperands())
    collect(operand, ins, ops);
  ops.insert(def);
}

/// The operand itself where the value is an in; `as` is left to the reader.
TensorBuilder::Indexed TensorBuilder::materialize(Value value, DimSet dims) {
  if (std::optional<unsigned> in = findIn(value, op))
    return {op.getIns()[*in], SmallVector<int64_t>(op.getInDims(*in))};
  SetVector<Value> ins;
  SetVector<Operation *> ops;
  collect(value, ins, ops);
  Indexed result;
  for (unsigned dim : dims.list())
    result.dims.push_back(dim);
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  for (Value in : ins) {
    unsigned i = *findIn(in, op);
    operands.push_back(op.getIns()[i]);
    maps.push_back(mapOf(op.getInDims(i), result.dims));
  }
  maps.push_back(mapOf(result.dims, result.dims));
  SmallVector<utils::IteratorType> kinds(result.dims.size(),
                                         utils::IteratorType::parallel);
  Value empty = makeEmpty(result.dims, value.getType());
  auto generic = linalg::GenericOp::create(
      b, loc, empty.getType(), operands, empty, maps, kinds,
      [&](OpBuilder &inner, Location loc, ValueRange args) {
        IRMapping mapping;
        for (auto [in, arg] : llvm::zip(ins, args)) {
          bool isWidened = arg.getType() != in.getType();
          mapping.map(in, isWidened ? Value(arith::ExtFOp::create(
                                          inner, loc, in.getType(), arg))
                                    : arg);
        }
        for (Operation *source : ops)
          inner.clone(*source, mapping);
        linalg::YieldOp::create(inner, loc, mapping.lookup(value));
      });
  result.tensor = generic.getResult(0);
  return result;
}

Value TensorBuilder::contract(Indexed x, Indexed y, ArrayRef<int64_t> dims,
                              DimSet over, Type type) {
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  Value empty = makeEmpty(dims, type);
  Value zeros = linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  SmallVector<int64_t> loops(dims);
  SmallVector<utils::IteratorType> kinds(dims.size(),
                                         utils::IteratorType::parallel);
  for (unsigned dim : over.list()) {
    loops.push_back(dim);
    kinds.push_back(utils::IteratorType::reduction);
  }
  SmallVector<AffineMap> maps = {mapOf(x.dims, loops), mapOf(y.dims, loops),
                                 mapOf(dims, loops)};
  auto generic = linalg::GenericOp::create(
      b, loc, zeros.getType(), ValueRange{x.tensor, y.tensor}, zeros, maps,
      kinds, [&](OpBuilder &inner, Location loc, ValueRange args) {
        SmallVector<Value> factors;
        for (Value arg : args.take_front(2))
          factors.push_back(
              arg.getType() == type
                  ? arg
                  : Value(arith::ExtFOp::create(inner, loc, type, arg)));
        Value product =
            arith::MulFOp::create(inner, loc, factors[0], factors[1]);
        Value sum = arith::AddFOp::create(inner, loc, args[2], product);
        linalg::YieldOp::create(inner, loc, sum);
      });
  return generic.getResult(0);
}

NewIn linrec::contract(RecurrenceOp op, RewriterBase &rewriter, Value x,
                       DimSet xDims, Value y, DimSet yDims, DimSet over) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  NewIn in;
  for (unsigned dim : (xDims - over).list())
    in.dims.push_back(dim);
  for (unsigned dim : (yDims - xDims).list())
    in.dims.push_back(dim);
  TensorBuilder builder(op, rewriter);
  in.tensor = builder.contract(builder.materialize(x, xDims),
                               builder.materialize(y, yDims), in.dims, over,
                               x.getType());
  return in;
}

/// A name for an argument that no other has.
static StringAttr freshName(ArrayRef<Attribute> taken, Builder &b) {
  for (unsigned i = 0;; ++i) {
    StringAttr name = b.getStringAttr("product" + std::to_string(i));
    if (!llvm::is_contained(taken, name))
      return name;
  }
}

RecurrenceOp linrec::addIns(RecurrenceOp op, ArrayRef<NewIn> ins,
                            RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  unsigned first = op.getIns().size();
  RecurrenceOp::Properties props = op.getProperties();
  SmallVector<Attribute> maps(op.getInMaps().getValue());
  SmallVector<Attribute> names(op.getArgNames().getValue());
  SmallVector<Value> operands(op->getOperands());
  for (auto [i, in] : llvm::enumerate(ins)) {
    maps.push_back(rewriter.getDenseI64ArrayAttr(in.dims));
    names.insert(names.begin() + first + i, freshName(names, rewriter));
    operands.insert(operands.begin() + first + i, in.tensor);
  }
  props.in_maps = rewriter.getArrayAttr(maps);
  props.arg_names = rewriter.getArrayAttr(names);
  props.operandSegmentSizes[0] += ins.size();
  OperationState state(op.getLoc(), op->getName());
  state.operands.append(operands.begin(), operands.end());
  state.types.append(op->result_type_begin(), op->result_type_end());
  state.getOrAddProperties<RecurrenceOp::Properties>() = props;
  state.addAttributes(op->getDiscardableAttrDictionary().getValue());
  state.addRegion();
  auto result = cast<RecurrenceOp>(rewriter.create(state));
  rewriter.inlineRegionBefore(op.getBody(), result.getBody(),
                              result.getBody().end());
  // The arguments move to where those of ins are.
  Block &body = result.getBody().front();
  for (auto [i, in] : llvm::enumerate(ins)) {
    BlockArgument argument = body.insertArgument(
        first + i, in.argument.getType(), in.argument.getLoc());
    rewriter.replaceAllUsesWith(in.argument, argument);
    body.eraseArgument(in.argument.getArgNumber());
  }
  rewriter.replaceOp(op, result->getResults());
  return result;
}
