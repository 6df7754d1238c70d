//===- VerifyDims.cpp - names of dims, and the packed dim -----------------===//

#include "Verify.h"
#include "linrec/Dialect/DescribeValue.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace linrec;

/// Dims are stored as bits of 64-bit sets.
static constexpr unsigned kMaxDims = 64;

/// A name that the grammar can read back as a dim.
static bool isDimName(StringRef name) {
  auto isStart = [](char c) { return llvm::isAlpha(c) || c == '_'; };
  return !name.empty() && isStart(name.front()) && name != "reverse" &&
         llvm::all_of(name, [&](char c) {
           return isStart(c) || llvm::isDigit(c) || c == '$' || c == '.';
         });
}

/// Lists of the generic form: one index list per operand, naming dims.
static LogicalResult verifyMaps(RecurrenceOp op, StringRef what, ArrayAttr maps,
                                unsigned numOperands) {
  if (maps.size() != numOperands) // C2
    return op.emitOpError()
           << what << " has " << maps.size() << " index lists, expected "
           << numOperands << ", one per operand (C2)";
  for (Attribute map : maps)
    for (int64_t dim : cast<DenseI64ArrayAttr>(map).asArrayRef())
      if (dim < 0 || dim >= int64_t(op.getNumDims())) // C2
        return op.emitOpError()
               << what << " uses dim number " << dim
               << ", expected 0 or more and less than " << op.getNumDims()
               << ", the number of dims (C2)";
  return success();
}

LogicalResult constraints::verifyDims(RecurrenceOp op) {
  if (op.getNumDims() > kMaxDims) // C1
    return op.emitOpError()
           << "has " << op.getNumDims() << " dims, expected at most "
           << kMaxDims << " (C1)";
  llvm::StringSet<> seen;
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim) {
    StringRef name = op.getDimName(dim);
    if (!isDimName(name)) // C1
      return op.emitOpError()
             << "has a dim named '" << name
             << "', expected a bare identifier other than 'reverse' (C1)";
    if (!seen.insert(name).second) // C1
      return op.emitOpError() << "names dim '" << name
                              << "' twice in dims(...); give every dim a name "
                                 "of its own (C1)";
  }
  auto isDim = [&](IntegerAttr attr) {
    return !attr.getValue().isNegative() &&
           attr.getValue().ult(op.getNumDims());
  };
  if (!isDim(op.getTimeAttr())) // C1
    return op.emitOpError()
           << "has time = " << op.getTimeAttr().getInt()
           << ", expected the number of a dim, 0 or more and less than "
           << op.getNumDims() << " (C1)";
  if (auto packed = op.getPackedAttr(); packed && !isDim(packed)) // C2
    return op.emitOpError()
           << "has packed = " << packed.getInt()
           << ", expected the number of a dim, 0 or more and less than "
           << op.getNumDims() << " (C2)";
  if (failed(verifyMaps(op, "in_maps", op.getInMaps(), op.getIns().size())) ||
      failed(
          verifyMaps(op, "out_maps", op.getOutMaps(), op.getOuts().size())) ||
      failed(verifyMaps(op, "state_maps", op.getStateMaps(),
                        op.getStates().size())))
    return failure();
  unsigned numArguments = op.getIns().size() + op.getStates().size();
  if (op.getArgNames().size() != numArguments)
    return op.emitOpError() << "has " << op.getArgNames().size()
                            << " names in arg_names, expected " << numArguments
                            << ", one per in and state";
  return success();
}

LogicalResult constraints::verifyPacked(RecurrenceOp op) {
  std::optional<unsigned> packed = op.getPackedDim();
  if (packed.has_value() != bool(op.getBounds())) // C12
    return op.emitOpError(packed ? "has a packed dim and no bounds"
                                 : "has bounds and no packed dim")
           << ", expected `packed(dim by %bounds : type)` or neither (C12)";
  if (!packed)
    return success();
  StringRef name = op.getDimName(*packed);
  if (*packed == op.getTimeDim()) // C12
    return op.emitOpError() << "packs time dim '" << name
                            << "', expected the dim that numbers the segments "
                               "(C12)";
  auto type = dyn_cast<ShapedType>(op.getBounds().getType());
  Type element = type ? type.getElementType() : Type();
  if (!isa<RankedTensorType, MemRefType>(op.getBounds().getType()) ||
      type.getRank() != 1 ||
      !(element.isIndex() || element.isSignlessInteger(32) ||
        element.isSignlessInteger(64))) // C12
    return op.emitOpError()
           << "has bounds of type " << op.getBounds().getType()
           << ", expected rank 1 and elements of type index, i32 or i64: "
              "segment s of '"
           << name << "' runs from bounds[s] to bounds[s+1]-1 (C12)";
  if (type.getDimSize(0) == 0) // C12
    return op.emitOpError() << "has bounds of length 0, expected one more than "
                               "the number of segments, the extent of '"
                            << name << "' (C12)";
  for (const RecurrenceOp::Binding &binding : op.getBindings()) {
    bool hasPacked = llvm::is_contained(binding.dims, int64_t(*packed));
    unsigned number = binding.operand->getOperandNumber();
    if (op.isOut(number) && hasPacked) // C12
      return op.emitOpError()
             << describeBinding(op, binding) << " is indexed by packed dim '"
             << name << "'; a time belongs to one segment, so drop '" << name
             << "' from its index list (C12)";
    if (op.isState(number) && !hasPacked) // C12
      return op.emitOpError()
             << describeBinding(op, binding) << " lacks packed dim '" << name
             << "', expected a state for each segment: add '" << name
             << "' to its index list (C12)";
  }
  return success();
}
