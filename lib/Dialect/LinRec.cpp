#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

#include "linrec/Dialect/LinRecDialect.cpp.inc"
#include "linrec/Dialect/LinRecEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "linrec/Dialect/LinRecAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "linrec/Dialect/LinRecOps.cpp.inc"

namespace {
/// Recurrences stay what they are wherever they stand: a model calls one
/// function for each of its layers, and every call is inlined.
struct InlineAnywhere : mlir::DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(mlir::Operation *, mlir::Region *, bool,
                       mlir::IRMapping &) const final {
    return true;
  }
};
} // namespace

void linrec::LinRecDialect::initialize() {
  addInterfaces<InlineAnywhere>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "linrec/Dialect/LinRecAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "linrec/Dialect/LinRecOps.cpp.inc"
      >();
}
