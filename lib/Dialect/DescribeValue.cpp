#include "linrec/Dialect/DescribeValue.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

std::optional<unsigned> linrec::findLine(Location loc) {
  std::optional<unsigned> line;
  loc->walk([&](Location inner) {
    if (auto file = dyn_cast<FileLineColLoc>(inner)) {
      line = file.getLine();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return line;
}

std::string linrec::describeOp(Operation *op) {
  std::string text = op->getName().getStringRef().str();
  if (std::optional<unsigned> line = findLine(op->getLoc()))
    text += " (line " + std::to_string(*line) + ")";
  return text;
}

std::string linrec::describeValue(Value value) {
  if (Operation *op = value.getDefiningOp())
    return describeOp(op);
  auto argument = cast<BlockArgument>(value);
  unsigned i = argument.getArgNumber();
  auto op = dyn_cast_or_null<RecurrenceOp>(argument.getOwner()->getParentOp());
  if (op && i < op.getArgNames().size())
    return ("%" + cast<StringAttr>(op.getArgNames()[i]).getValue()).str();
  return "block argument #" + std::to_string(i);
}

std::string linrec::describeOperand(RecurrenceOp op, OpOperand &operand) {
  unsigned i = operand.getOperandNumber();
  unsigned numIns = op.getIns().size();
  if (i < numIns)
    return ("in %" + op.getInName(i)).str();
  i -= numIns;
  if (op.getBounds() && i-- == 0)
    return "bounds";
  if (i < op.getOuts().size())
    return "out #" + std::to_string(i);
  return ("state %" + op.getStateName(i - op.getOuts().size())).str();
}

std::string linrec::formatIndexList(RecurrenceOp op, ArrayRef<int64_t> dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(dims, os,
                        [&](int64_t dim) { os << op.getDimName(dim); });
  return text;
}

std::string linrec::describeBinding(RecurrenceOp op,
                                    const RecurrenceOp::Binding &binding) {
  std::string text = describeOperand(op, *binding.operand);
  if (isa<ShapedType>(binding.value.getType()))
    text += "[" + formatIndexList(op, binding.dims) + "]";
  return text;
}
