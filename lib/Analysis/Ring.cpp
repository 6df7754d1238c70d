#include "linrec/Analysis/Ring.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace linrec;

StringRef linrec::getName(Ring ring) {
  switch (ring) {
  case Ring::SumProduct:
    return "(+,x)";
  case Ring::MaxPlus:
    return "(max,+)";
  case Ring::MinPlus:
    return "(min,+)";
  case Ring::LogSumExp:
    return "(lse,+)";
  }
  llvm_unreachable("unknown ring");
}

StringRef linrec::getLabelPrefix(Ring ring) {
  switch (ring) {
  case Ring::SumProduct:
    return "";
  case Ring::MaxPlus:
    return "[max,+] ";
  case Ring::MinPlus:
    return "[min,+] ";
  case Ring::LogSumExp:
    return "[lse,+] ";
  }
  llvm_unreachable("unknown ring");
}

ReduceKind linrec::getReduceKind(Ring ring) {
  switch (ring) {
  case Ring::SumProduct:
    return ReduceKind::Add;
  case Ring::MaxPlus:
    return ReduceKind::Max;
  case Ring::MinPlus:
    return ReduceKind::Min;
  case Ring::LogSumExp:
    return ReduceKind::LogAddExp;
  }
  llvm_unreachable("unknown ring");
}

/// Integers are rings modulo 2^n, and i1 has xor for plus and and for times.
static RingRole getSumProductRole(Operation *op) {
  bool boolean = op->getResult(0).getType().isInteger(1);
  if (isa<arith::AddFOp, arith::AddIOp, complex::AddOp>(op) ||
      (boolean && isa<arith::XOrIOp>(op)))
    return RingRole::Plus;
  if (isa<arith::SubFOp, arith::SubIOp, complex::SubOp>(op))
    return RingRole::Minus;
  if (isa<arith::MulFOp, arith::MulIOp, complex::MulOp>(op) ||
      (boolean && isa<arith::AndIOp>(op)))
    return RingRole::Times;
  if (isa<arith::DivFOp, complex::DivOp>(op))
    return RingRole::Over;
  if (isa<arith::NegFOp, complex::NegOp>(op))
    return RingRole::Negate;
  if (isa<arith::ExtFOp, arith::TruncFOp>(op))
    return RingRole::Pass;
  return RingRole::None;
}

static bool isRingPlus(Operation *op, Ring ring) {
  switch (ring) {
  case Ring::MaxPlus:
    return isa<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(op);
  case Ring::MinPlus:
    return isa<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(op);
  default:
    return isa<LogAddExpOp>(op);
  }
}

/// Adding to integers distributes over max and min only if nothing wraps.
static bool addsWithoutWrap(arith::IntegerOverflowFlags flags) {
  return bitEnumContainsAll(flags, arith::IntegerOverflowFlags::nsw);
}

RingRole linrec::getRole(Operation *op, Ring ring) {
  if (ring == Ring::SumProduct)
    return getSumProductRole(op);
  if (isRingPlus(op, ring))
    return RingRole::Plus;
  if (isa<arith::AddFOp>(op))
    return RingRole::Times;
  if (isa<arith::SubFOp>(op))
    return RingRole::Over;
  if (auto add = dyn_cast<arith::AddIOp>(op))
    if (addsWithoutWrap(add.getOverflowFlags()))
      return RingRole::Times;
  if (auto sub = dyn_cast<arith::SubIOp>(op))
    if (addsWithoutWrap(sub.getOverflowFlags()))
      return RingRole::Over;
  if (isa<arith::ExtFOp, arith::TruncFOp>(op))
    return RingRole::Pass;
  return RingRole::None;
}
