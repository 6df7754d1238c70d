//===- VerifyBody.cpp - the ops of a body and what it yields --------------===//

#include "Verify.h"
#include "linrec/Dialect/DescribeValue.h"
#include "linrec/Dialect/DimensionSets.h"

using namespace mlir;
using namespace linrec;

/// C9: not by trait, for ops of the complex dialect are not marked Pure.
static LogicalResult verifyBodyOp(Operation &op) {
  StringRef dialect = op.getName().getDialectNamespace();
  if (!llvm::is_contained({"arith", "math", "complex", "linrec"}, dialect))
    return op.emitOpError("is not allowed in the body of a recurrence, "
                          "expected ops of arith, math, complex or linrec; "
                          "compute it outside and bind it in ins(...) (C9)");
  if (op.getNumRegions() != 0)
    return op.emitOpError(
        "has a region, expected none in the body of a "
        "recurrence; put a second recurrence after this one (C9)");
  if (op.getNumResults() != 1)
    return op.emitOpError() << "has " << op.getNumResults()
                            << " results, expected one; use ops that give "
                               "each result by itself (C9)";
  return success();
}

/// C18: values of a body are scalars.
static LogicalResult verifyBodyType(Operation &op) {
  Type type = op.getResult(0).getType();
  if (!constraints::isElementType(type)) // C18
    return op.emitOpError()
           << "has result type " << type << ", expected a scalar of type "
           << constraints::kElementTypes << " (C18)";
  return success();
}

LogicalResult constraints::verifyBodyOps(RecurrenceOp op) {
  Block &body = op.getBody().front();
  if (!isa<YieldOp>(body.back())) // C8
    return body.back().emitOpError(
        "ends the body of a recurrence, expected linrec.yield (C8)");
  for (Operation &inner : body.without_terminator())
    if (failed(verifyBodyOp(inner)))
      return failure();
  for (Operation &inner : body.without_terminator())
    if (failed(verifyBodyType(inner)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Reads at other indices
//===----------------------------------------------------------------------===//

/// C11: substitution `k` of an at without else stays inside the extents.
static LogicalResult verifyInRange(RecurrenceOp op, AtOp at, unsigned k,
                                   DimSet valueDims) {
  unsigned lhs = *op.findDim(at.getDim(k));
  if (at.getElseValue() || !valueDims.contains(lhs))
    return success();
  int64_t extent = op.getStaticExtent(lhs);
  std::optional<unsigned> base = op.findDim(at.getBase(k));
  if (base) {
    int64_t baseExtent = op.getStaticExtent(*base);
    if (extent == baseExtent || ShapedType::isDynamic(extent) ||
        ShapedType::isDynamic(baseExtent))
      return success();
    return at.emitOpError()
           << "reads '" << at.getDim(k) << "', of extent " << extent
           << ", at every '" << at.getBase(k) << "', of extent " << baseExtent
           << ", expected equal extents, or `else` with the value outside "
              "(C11)";
  }
  int64_t index = at.getOffset(k);
  if (index >= 0 && (ShapedType::isDynamic(extent) || index < extent))
    return success();
  InFlightDiagnostic diag = at.emitOpError()
                            << "reads '" << at.getDim(k) << "' at " << index;
  if (!ShapedType::isDynamic(extent))
    diag << ", outside its extent " << extent;
  return diag << ", expected an index from 0 on that is less than the extent, "
                 "or `else` with the value outside (C11)";
}

/// C12: segments do not run at the same times, so no step has the states of
/// two of them.
static LogicalResult emitCrossesSegments(Operation &inner, StringRef packed) {
  return inner.emitOpError()
         << "combines states of different segments of packed dim '" << packed
         << "', which do not run at the same times; combine them after the "
            "recurrence (C12)";
}

/// Does `inner` read its operand at other indices of dim `name`?
static bool crosses(Operation &inner, StringRef name) {
  if (auto reduce = dyn_cast<ReduceOp>(inner))
    return llvm::any_of(reduce.getOver(), [&](Attribute dim) {
      return cast<StringAttr>(dim).getValue() == name;
    });
  auto at = dyn_cast<AtOp>(inner);
  for (unsigned k = 0, e = at ? at.getNumSubstitutions() : 0; k < e; ++k)
    if (at.getDim(k) == name && (at.getBase(k) != name || at.getOffset(k) != 0))
      return true;
  return false;
}

LogicalResult constraints::verifyReads(RecurrenceOp op) {
  DimensionSets sets(op);
  std::optional<unsigned> packed = op.getPackedDim();
  llvm::SmallPtrSet<Value, 16> stateful;
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    stateful.insert(op.getStateArg(i));
  for (Operation &inner : op.getBody().front().without_terminator()) {
    if (llvm::any_of(inner.getOperands(),
                     [&](Value v) { return stateful.contains(v); }))
      stateful.insert(inner.getResult(0));
    if (auto at = dyn_cast<AtOp>(inner))
      for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k)
        if (failed(verifyInRange(op, at, k, sets(at.getValue()))))
          return failure();
    if (packed && crosses(inner, op.getDimName(*packed)) &&
        stateful.contains(inner.getOperand(0)) &&
        sets(inner.getOperand(0)).contains(*packed))
      return emitCrossesSegments(inner, op.getDimName(*packed));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Yielded values
//===----------------------------------------------------------------------===//

/// C8: `value` varies over no more than `allowed`.
static LogicalResult verifyVariation(RecurrenceOp op, const std::string &target,
                                     Value value, DimSet dims, DimSet allowed) {
  DimSet extra = dims - allowed;
  if (extra.empty())
    return success();
  std::string names = formatDims(op, extra);
  bool isArgument = isa<BlockArgument>(value);
  std::string type;
  llvm::raw_string_ostream(type) << value.getType();
  InFlightDiagnostic diag =
      op.getYield().emitOpError()
      << target << " gets " << describeValue(value) << ", which varies over ("
      << formatDims(op, dims) << "): more than (" << formatDims(op, allowed)
      << ") by (" << names << "); reduce it first, as in `linrec.reduce add "
      << (isArgument ? describeValue(value) : std::string("%x")) << " over("
      << names << ") : " << type << "`, or index "
      << target.substr(0, target.find('[')) << " by (" << names << ") too (C8)";
  diag.attachNote(value.getLoc()) << describeValue(value) << " is here";
  return diag;
}

static LogicalResult verifyOutValue(RecurrenceOp op, unsigned i,
                                    const DimensionSets &sets) {
  RecurrenceOp::Binding binding = op.getBindings()[op.getIns().size() + i];
  Value value = op.getOutValue(i);
  Type element = getElementTypeOrSelf(binding.value.getType());
  if (value.getType() != element &&
      !constraints::isWiderFloat(value.getType(), element)) // C8
    return op.getYield().emitOpError()
           << describeBinding(op, binding) << " has element type " << element
           << " and gets " << describeValue(value) << " of type "
           << value.getType()
           << ", expected the same type or a wider float (C8)";
  DimSet allowed = DimSet::of(binding.dims);
  if (auto packed = op.getPackedDim())
    allowed.insert(*packed); // a time belongs to one segment
  return verifyVariation(op, describeBinding(op, binding), value, sets(value),
                         allowed);
}

static LogicalResult verifyNext(RecurrenceOp op, unsigned i,
                                const DimensionSets &sets) {
  RecurrenceOp::Binding binding =
      op.getBindings()[op.getIns().size() + op.getOuts().size() + i];
  Value value = op.getNext(i);
  Type type = op.getStateArg(i).getType();
  if (value.getType() != type) // C8, C20
    return op.getYield().emitOpError()
           << describeBinding(op, binding) << " is kept as " << type
           << " from step to step and gets " << describeValue(value)
           << " of type " << value.getType()
           << ", expected its block argument's type; convert the value, or "
              "bind the state `as` a wider float (C8, C20)";
  DimSet allowed = DimSet::of(binding.dims);
  allowed.insert(op.getTimeDim());
  return verifyVariation(op, describeBinding(op, binding), value, sets(value),
                         allowed);
}

LogicalResult constraints::verifyYield(RecurrenceOp op) {
  YieldOp yield = op.getYield();
  auto verifyCount = [&](StringRef what, size_t count,
                         size_t expected) -> LogicalResult {
    if (count == expected)
      return success();
    InFlightDiagnostic diag =
        yield.emitOpError()
        << "gives " << count << " " << what << ", expected " << expected
        << ", one for each entry of " << what << "(...) in order (C8)";
    diag.attachNote(op.getLoc()) << "in the body of this recurrence";
    return diag;
  };
  if (failed(
          verifyCount("outs", yield.getOuts().size(), op.getOuts().size())) ||
      failed(verifyCount("states", yield.getStates().size(),
                         op.getStates().size())))
    return failure();
  DimensionSets sets(op);
  for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i)
    if (failed(verifyOutValue(op, i, sets)))
      return failure();
  for (unsigned i = 0, e = op.getStates().size(); i < e; ++i)
    if (failed(verifyNext(op, i, sets)))
      return failure();
  return success();
}
