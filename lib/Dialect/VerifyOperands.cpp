//===- VerifyOperands.cpp - operands, index lists, block arguments --------===//

#include "Verify.h"
#include "linrec/Dialect/DescribeValue.h"

using namespace mlir;
using namespace linrec;
using Binding = RecurrenceOp::Binding;

/// C15, C18: a tensor or memref that code can be generated for, or a scalar.
static LogicalResult verifyType(RecurrenceOp op, const Binding &binding) {
  auto error = [&]() -> InFlightDiagnostic {
    return op.emitOpError() << describeOperand(op, *binding.operand)
                            << " has type " << binding.value.getType();
  };
  Type type = binding.value.getType();
  bool isIn = !op.isOut(binding.operand->getOperandNumber()) &&
              !op.isState(binding.operand->getOperandNumber());
  if (isa<UnrankedTensorType, UnrankedMemRefType>(type)) // C3
    return error() << ", expected a ranked one: the rank is the number of its "
                      "indices (C3)";
  if (auto memref = dyn_cast<MemRefType>(type)) {
    if (!memref.isStrided()) // C15
      return error() << ", expected a strided layout (C15)";
  } else if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    if (tensor.getEncoding()) // C15
      return error() << ", expected no encoding: only dense tensors (C15)";
  } else if (isa<ShapedType>(type) || !isIn) { // C15
    return error() << ", expected a tensor or memref"
                   << (isIn ? ", or a scalar" : "") << " (C15)";
  }
  Type element =
      isa<ShapedType>(type) ? cast<ShapedType>(type).getElementType() : type;
  if (!constraints::isElementType(element)) // C18
    return error() << ", expected elements of type "
                   << constraints::kElementTypes << " (C18)";
  return success();
}

/// C3: as many indices as the rank, all of them different.
static LogicalResult verifyIndexList(RecurrenceOp op, const Binding &binding) {
  auto type = dyn_cast<ShapedType>(binding.value.getType());
  int64_t rank = type ? type.getRank() : 0;
  int64_t count = binding.dims.size();
  if (rank != count) { // C3
    InFlightDiagnostic diag = op.emitOpError()
                              << describeOperand(op, *binding.operand)
                              << " is indexed by " << count << " dims ["
                              << formatIndexList(op, binding.dims)
                              << "], expected " << rank;
    if (type)
      return diag << ", the rank of its type " << type << " (C3)";
    return diag << ": a scalar has no index list (C3)";
  }
  for (auto [i, dim] : llvm::enumerate(binding.dims))
    if (llvm::is_contained(binding.dims.drop_front(i + 1), dim)) // C3
      return op.emitOpError()
             << describeBinding(op, binding) << " is indexed by dim '"
             << op.getDimName(dim)
             << "' twice, expected each dim once; to read a diagonal, extract "
                "it outside or use linrec.at (C3)";
  return success();
}

/// C5, C6: outs have time, states have not.
static LogicalResult verifyTimeIndex(RecurrenceOp op, const Binding &binding) {
  bool hasTime = llvm::is_contained(binding.dims, int64_t(op.getTimeDim()));
  StringRef time = op.getDimName(op.getTimeDim());
  unsigned number = binding.operand->getOperandNumber();
  if (op.isState(number) && hasTime) // C5
    return op.emitOpError()
           << describeBinding(op, binding) << " is indexed by time dim '"
           << time << "', expected a state of one step: drop '" << time
           << "' here, and yield an out to keep all steps (C5)";
  if (op.isOut(number) && !hasTime) // C6
    return op.emitOpError()
           << describeBinding(op, binding) << " is not indexed by time dim '"
           << time
           << "'; for the last value only, make it a state that is "
              "not read (C6)";
  return success();
}

/// C15: the arrays are all tensors or all memrefs.
static LogicalResult verifyOneKind(RecurrenceOp op) {
  OpOperand *first = nullptr;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<ShapedType>(operand.get().getType()))
      continue;
    if (!first)
      first = &operand;
    bool isMemRef = isa<BaseMemRefType>(operand.get().getType());
    if (isMemRef == isa<BaseMemRefType>(first->get().getType()))
      continue;
    InFlightDiagnostic diag =
        op.emitOpError() << describeOperand(op, operand) << " is a "
                         << (isMemRef ? "memref" : "tensor") << " and "
                         << describeOperand(op, *first) << " a "
                         << (isMemRef ? "tensor" : "memref")
                         << ", expected all tensors or all memrefs; convert "
                            "with bufferization.to_tensor or to_buffer (C15)";
    diag.attachNote(first->get().getLoc())
        << describeOperand(op, *first) << " comes from here";
    return diag; // C15
  }
  return success();
}

LogicalResult constraints::verifyOperands(RecurrenceOp op) {
  if (op.getOuts().empty() && op.getStates().empty()) // C7
    return op.emitOpError("has no outs(...) and no states(...), expected at "
                          "least one: it would compute nothing (C7)");
  for (const Binding &binding : op.getBindings())
    if (failed(verifyType(op, binding)) ||
        failed(verifyIndexList(op, binding)) ||
        failed(verifyTimeIndex(op, binding)))
      return failure();
  return verifyOneKind(op);
}

LogicalResult constraints::verifyArguments(RecurrenceOp op) {
  unsigned numIns = op.getIns().size();
  Region &body = op.getBody();
  if (body.getNumArguments() != numIns + op.getStates().size())
    return op.emitOpError()
           << "has a body with " << body.getNumArguments()
           << " arguments, expected " << numIns + op.getStates().size()
           << ", one per in and state (C13)";
  for (BlockArgument argument : body.getArguments()) {
    unsigned i = argument.getArgNumber();
    Value operand = i < numIns ? op.getIns()[i] : op.getStates()[i - numIns];
    Type type = argument.getType();
    Type element = getElementTypeOrSelf(operand.getType());
    auto complexType = dyn_cast<ComplexType>(type);
    auto complexElement = dyn_cast<ComplexType>(element);
    bool widens = isWiderFloat(type, element) ||
                  (complexType && complexElement &&
                   isWiderFloat(complexType.getElementType(),
                                complexElement.getElementType()));
    if (type == element || (widens && isElementType(type)))
      continue;
    return op.emitOpError() // C14
           << describeValue(argument) << " has type " << type
           << " for elements of type " << element
           << ", expected the same type, or a wider float by `as`; convert "
              "other types in the body (C14)";
  }
  return success();
}

/// C4: what two operands say about one dim.
static InFlightDiagnostic emitExtentMismatch(RecurrenceOp op, unsigned dim,
                                             const Binding &first,
                                             int64_t firstExtent,
                                             const Binding &second,
                                             int64_t secondExtent) {
  InFlightDiagnostic diag =
      op.emitOpError() << "dim '" << op.getDimName(dim) << "' has extent "
                       << firstExtent << " for " << describeBinding(op, first)
                       << " and " << secondExtent << " for "
                       << describeBinding(op, second)
                       << ", expected one extent per dim (C4)";
  for (const Binding *binding : {&first, &second})
    diag.attachNote(binding->value.getLoc())
        << describeOperand(op, *binding->operand) << " has type "
        << binding->value.getType();
  return diag;
}

LogicalResult constraints::verifyExtents(RecurrenceOp op) {
  SmallVector<Binding> bindings = op.getBindings();
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim) {
    bool isIndexed = false;
    const Binding *known = nullptr;
    int64_t extent = ShapedType::kDynamic;
    for (const Binding &binding : bindings) {
      auto *it = llvm::find(binding.dims, int64_t(dim));
      if (it == binding.dims.end())
        continue;
      isIndexed = true;
      int64_t size = cast<ShapedType>(binding.value.getType())
                         .getDimSize(it - binding.dims.begin());
      if (ShapedType::isDynamic(size))
        continue;
      if (known && size != extent) // C4
        return emitExtentMismatch(op, dim, *known, extent, binding, size);
      known = &binding;
      extent = size;
    }
    if (op.getPackedDim() == dim) {
      isIndexed = true;
      int64_t length = cast<ShapedType>(op.getBounds().getType()).getDimSize(0);
      if (known && !ShapedType::isDynamic(length) && length - 1 != extent)
        return op.emitOpError() // C12
               << "has bounds of length " << length << ", expected "
               << extent + 1 << ", one more than the extent of '"
               << op.getDimName(dim) << "' for " << describeBinding(op, *known)
               << " (C12)";
    }
    if (!isIndexed) // C4
      return op.emitOpError()
             << "dim '" << op.getDimName(dim)
             << "' indexes no operand, so its extent is unknown; index an "
                "operand by it, or remove it from dims(...) (C4)";
  }
  return success();
}

LogicalResult constraints::verifyAliasing(RecurrenceOp op) {
  if (op.hasTensors())
    return success();
  SmallVector<Binding> bindings = op.getBindings();
  if (op.getBounds())
    bindings.push_back({op.getBounds(), {}, &op.getBoundsMutable()[0]});
  auto isDestination = [&](const Binding &binding) {
    unsigned number = binding.operand->getOperandNumber();
    return op.isOut(number) || op.isState(number);
  };
  for (auto [i, first] : llvm::enumerate(bindings))
    for (const Binding &second : ArrayRef(bindings).drop_front(i + 1)) {
      bool bothWritten = isDestination(first) && isDestination(second);
      if (first.value != second.value ||
          !(isDestination(first) || isDestination(second)))
        continue;
      if (!bothWritten && first.dims == second.dims &&
          second.value != op.getBounds())
        continue; // elementwise reuse
      InFlightDiagnostic diag =
          op.emitOpError() << describeBinding(op, first) << " and "
                           << describeBinding(op, second)
                           << " are the same memref, expected no overlap with "
                              "an out or state, except of an in with the same "
                              "index list; use a copy (C16)";
      diag.attachNote(first.value.getLoc()) << "the memref is here";
      return diag;
    }
  return success();
}
