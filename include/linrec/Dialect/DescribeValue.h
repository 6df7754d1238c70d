//===- DescribeValue.h - how messages name values ---------------*- C++ -*-===//
//
// The words for a value in diagnostics, remarks and reports, the same in every
// stage: a block argument of a recurrence by the name it was given (`%h`), a
// value of the body by its op and line (`arith.addf (line 13)`), an operand of
// a recurrence by the part it plays (`state %h`, `out #0`). Only names, no
// types or locations to jump to: those go in the diagnostic itself.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_DESCRIBEVALUE_H
#define LINREC_DIALECT_DESCRIBEVALUE_H

#include "linrec/Dialect/LinRec.h"
#include <optional>
#include <string>

namespace linrec {

/// The source line of a location, looked for inside fused, named and call-site
/// locations; none if it has no file.
std::optional<unsigned> findLine(mlir::Location loc);

/// "arith.addf (line 13)", or "arith.addf" where no line is known.
std::string describeOp(mlir::Operation *op);

/// "%h" for an in or state of a recurrence, else as `describeOp`.
std::string describeValue(mlir::Value value);

/// "in %x_t", "state %h", "out #0" or "bounds" for an operand of a recurrence.
std::string describeOperand(RecurrenceOp op, mlir::OpOperand &operand);

/// "b, t, d" for an index list.
std::string formatIndexList(RecurrenceOp op, llvm::ArrayRef<int64_t> dims);

/// An operand with its index list: "in %x_t[b, t, d]", "out #0[b, t]".
std::string describeBinding(RecurrenceOp op,
                            const RecurrenceOp::Binding &binding);

} // namespace linrec

#endif // LINREC_DIALECT_DESCRIBEVALUE_H
