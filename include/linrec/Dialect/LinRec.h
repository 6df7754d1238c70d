//===- LinRec.h - the linrec dialect ----------------------------*- C++ -*-===//
//
// The dialect and its ops. What the ops mean is in LinRecOps.td and
// docs/Spec.md; nothing here knows how they are computed.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_LINREC_H
#define LINREC_DIALECT_LINREC_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace linrec {
class YieldOp;
} // namespace linrec

#include "linrec/Dialect/LinRecDialect.h.inc"
#include "linrec/Dialect/LinRecEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "linrec/Dialect/LinRecAttrs.h.inc"
#define GET_OP_CLASSES
#include "linrec/Dialect/LinRecOps.h.inc"

namespace linrec {
/// Lets one-shot bufferization work on linrec.recurrence.
void registerBufferizationModels(mlir::DialectRegistry &registry);
} // namespace linrec

#endif // LINREC_DIALECT_LINREC_H
