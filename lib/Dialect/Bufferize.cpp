//===- Bufferize.cpp - one-shot bufferization of linrec.recurrence --------===//

#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace linrec;

namespace {
struct RecurrenceModel
    : DstBufferizableOpInterfaceExternalModel<RecurrenceModel, RecurrenceOp> {
  /// Ins and initial states are read; outs never are.
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    auto recurrence = cast<RecurrenceOp>(op);
    unsigned i = operand.getOperandNumber();
    unsigned firstOut =
        recurrence.getIns().size() + (recurrence.getBounds() ? 1 : 0);
    return i < firstOut || i >= firstOut + recurrence.getOuts().size();
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto recurrence = cast<RecurrenceOp>(op);
    OpBuilder::InsertionGuard guard(rewriter);
    SmallVector<Value> operands;
    for (Value operand : recurrence->getOperands()) {
      if (!isa<TensorType>(operand.getType())) {
        operands.push_back(operand);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    OperationState newState(op->getLoc(), op->getName());
    newState.addOperands(operands);
    newState.propertiesAttr = op->getPropertiesAsAttribute();
    newState.addAttributes(op->getDiscardableAttrDictionary().getValue());
    newState.addAttribute("linrec.bufferized", rewriter.getUnitAttr());
    Region *body = newState.addRegion();
    body->takeBody(recurrence.getBody());
    SmallVector<Value> results(
        ArrayRef(operands).take_back(op->getNumResults()));
    rewriter.create(newState);
    replaceOpWithBufferizedValues(rewriter, op, results);
    return success();
  }
};
} // namespace

void linrec::registerBufferizationModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, LinRecDialect *) {
    RecurrenceOp::attachInterface<RecurrenceModel>(*context);
  });
}
