//===- VerifyBodyOps.cpp - linrec.reduce, linrec.at, linrec.index ---------===//
//
// What each op needs by itself. Constraints that need the dimension sets of
// its operands are in VerifyBody.cpp.
//
//===----------------------------------------------------------------------===//

#include "Verify.h"
#include "linrec/Dialect/DescribeValue.h"

using namespace mlir;
using namespace linrec;

/// C17: these ops name dims, which only a recurrence has.
static FailureOr<RecurrenceOp> getRecurrence(Operation *op) {
  if (auto recurrence = dyn_cast_or_null<RecurrenceOp>(op->getParentOp()))
    return recurrence;
  return op->emitOpError("is outside of any recurrence, expected to be "
                         "directly in the body of a linrec.recurrence, whose "
                         "dims it names (C17)");
}

/// C2: `name` is in dims(...) of the recurrence.
static LogicalResult verifyKnown(Operation *op, RecurrenceOp recurrence,
                                 StringRef name) {
  if (recurrence.findDim(name))
    return success();
  InFlightDiagnostic diag =
      op->emitOpError() << "names dim '" << name << "', expected one of ("
                        << formatIndexList(recurrence,
                                           llvm::to_vector(llvm::seq<int64_t>(
                                               0, recurrence.getNumDims())))
                        << ") (C2)";
  diag.attachNote(recurrence.getLoc()) << "the dims are named here";
  return diag;
}

LogicalResult ReduceOp::verify() {
  FailureOr<RecurrenceOp> recurrence = getRecurrence(*this);
  if (failed(recurrence))
    return failure();
  if (getOver().empty()) // C10
    return emitOpError("is over no dim, expected at least one (C10)");
  for (auto [i, attr] : llvm::enumerate(getOver())) {
    StringRef name = cast<StringAttr>(attr).getValue();
    if (failed(verifyKnown(*this, *recurrence, name)))
      return failure();
    if (*recurrence->findDim(name) == recurrence->getTimeDim()) // C10
      return emitOpError() << "is over time dim '" << name
                           << "'; a reduction over time is a state (C10)";
    if (llvm::is_contained(getOver().getValue().drop_front(i + 1), attr)) // C10
      return emitOpError() << "is over dim '" << name
                           << "' twice, expected each dim once (C10)";
  }
  Type type = getType();
  ReduceKind kind = getKind();
  if ((kind == ReduceKind::Max || kind == ReduceKind::Min) &&
      isa<ComplexType>(type)) // C10
    return emitOpError() << "folds " << type << " by "
                         << stringifyReduceKind(kind)
                         << ", expected an ordered type; reduce complex.abs, "
                            "complex.re or complex.im of it (C10)";
  if (kind == ReduceKind::LogAddExp && !isa<FloatType>(type)) // C10
    return emitOpError() << "folds " << type
                         << " by logaddexp, expected a float type (C10)";
  return success();
}

/// Offsets far outside of any extent, whose sum with an index would overflow.
static constexpr int64_t kMaxOffset = int64_t(1) << 62;

LogicalResult AtOp::verify() {
  FailureOr<RecurrenceOp> recurrence = getRecurrence(*this);
  if (failed(recurrence))
    return failure();
  if (getBases().size() != getDims().size() ||
      getOffsets().size() != getDims().size()) // C11
    return emitOpError() << "has " << getDims().size() << " dims, "
                         << getBases().size() << " bases and "
                         << getOffsets().size()
                         << " offsets, expected as many of each (C11)";
  if (getDims().empty()) // C11
    return emitOpError("has no substitution, expected `[dim = ...]` (C11)");
  StringRef time = recurrence->getDimName(recurrence->getTimeDim());
  for (unsigned k = 0, e = getNumSubstitutions(); k < e; ++k) {
    StringRef dim = getDim(k), base = getBase(k);
    if (failed(verifyKnown(*this, *recurrence, dim)) ||
        (!base.empty() && failed(verifyKnown(*this, *recurrence, base))))
      return failure();
    if (dim == time || base == time) // C11
      return emitOpError() << "substitutes time dim '" << time
                           << "'; an earlier value is a state, a delay line "
                              "(C11)";
    if (llvm::is_contained(getDims().getValue().drop_front(k + 1),
                           getDims()[k])) // C11
      return emitOpError() << "substitutes dim '" << dim
                           << "' twice, expected each dim once (C11)";
    if (getOffset(k) >= kMaxOffset || getOffset(k) <= -kMaxOffset) // C11
      return emitOpError() << "has offset " << getOffset(k)
                           << ", expected one between -2^62 and 2^62 (C11)";
    if (!base.empty() && getOffset(k) != 0 && !getElseValue()) // C11
      return emitOpError() << "reads '" << dim << "' at '" << base
                           << "' with offset " << getOffset(k)
                           << ", which leaves the extent; add `else %v` with "
                              "the value outside (C11)";
  }
  if (getType() != getValue().getType() ||
      (getElseValue() && getElseValue().getType() != getType())) // C11
    return emitOpError() << "has value, else and result of types "
                         << getOperandTypes() << " and " << getType()
                         << ", expected one type (C11)";
  return success();
}

LogicalResult YieldOp::verify() { return getRecurrence(*this); }

LogicalResult IndexOp::verify() {
  FailureOr<RecurrenceOp> recurrence = getRecurrence(*this);
  if (failed(recurrence))
    return failure();
  return verifyKnown(*this, *recurrence, getDim());
}

StringRef AtOp::getDim(unsigned k) {
  return cast<StringAttr>(getDims()[k]).getValue();
}
StringRef AtOp::getBase(unsigned k) {
  return cast<StringAttr>(getBases()[k]).getValue();
}
