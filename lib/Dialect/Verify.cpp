//===- Verify.cpp - the order in which constraints are checked ------------===//

#include "Verify.h"

using namespace mlir;
using namespace linrec;

// The operands, before the body has been verified.
LogicalResult RecurrenceOp::verify() {
  return success(succeeded(constraints::verifyDims(*this)) &&
                 succeeded(constraints::verifyOperands(*this)) &&
                 succeeded(constraints::verifyArguments(*this)) &&
                 succeeded(constraints::verifyPacked(*this)) &&
                 succeeded(constraints::verifyExtents(*this)) &&
                 succeeded(constraints::verifyAliasing(*this)));
}

// The body, whose ops have been verified one by one.
LogicalResult RecurrenceOp::verifyRegions() {
  return success(succeeded(constraints::verifyBodyOps(*this)) &&
                 succeeded(constraints::verifyReads(*this)) &&
                 succeeded(constraints::verifyYield(*this)));
}

bool constraints::isElementType(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF32() || complex.getElementType().isF64();
  return type.isF16() || type.isBF16() || type.isF32() || type.isF64() ||
         type.isSignlessInteger() || type.isIndex();
}

bool constraints::isWiderFloat(Type wide, Type narrow) {
  return isa<FloatType>(wide) && isa<FloatType>(narrow) &&
         wide.getIntOrFloatBitWidth() > narrow.getIntOrFloatBitWidth();
}
