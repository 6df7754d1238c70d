//===- AnalysisParse.h - recurrences for tests of the analysis ----------*- C++
//-*-===//

#ifndef LINREC_TEST_UNIT_ANALYSISPARSE_H
#define LINREC_TEST_UNIT_ANALYSISPARSE_H

#include "linrec/Analysis/RecurrenceAnalysis.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

/// A context with what bodies need, and the first recurrence of a text.
class Program {
public:
  explicit Program(llvm::StringRef text) {
    context.loadDialect<linrec::LinRecDialect, mlir::arith::ArithDialect,
                        mlir::complex::ComplexDialect, mlir::func::FuncDialect,
                        mlir::math::MathDialect, mlir::tensor::TensorDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (module)
      module->walk([&](linrec::RecurrenceOp found) { op = found; });
    EXPECT_TRUE(op) << text.str();
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  linrec::RecurrenceOp op;
};

/// A recurrence with one state h[i, j] of `type`, and ins a and b over the
/// same dims and time, k and k_j over time and i or j (the same operand), p
/// and q over i or j alone, a scalar s, a flag f over time.
inline std::string oneState(llvm::StringRef body,
                            llvm::StringRef type = "f32") {
  std::string T = type.str();
  std::string vector = "tensor<4x" + T + ">", matrix = "tensor<4x4x" + T + ">",
              rows = "tensor<?x4x" + T + ">", full = "tensor<?x4x4x" + T + ">";
  return "func.func @f(%a: " + full + ", %b: " + full + ", %k: " + rows +
         ", %p: " + vector + ", %A: " + matrix + ", %s: " + T +
         ", %f: tensor<?xi1>, %h: " + matrix + ") -> " + matrix + " {\n" +
         "%r = linrec.recurrence dims(t, i, j) time(t) ins(" +
         "%a = %a[t, i, j] : " + full + ", %b = %b[t, i, j] : " + full +
         ", %k = %k[t, i] : " + rows + ", %k_j = %k[t, j] : " + rows +
         ", %p = %p[i] : " + vector + ", %q = %p[j] : " + vector +
         ", %A = %A[i, j] : " + matrix + ", %s = %s : " + T +
         ", %f = %f[t] : tensor<?xi1>) states(%h = %h[i, j] : " + matrix +
         ") {\n" + body.str() + "\n}\nreturn %r : " + matrix + "\n}\n";
}

/// The labels of a text, one a line.
inline std::string labelsOf(llvm::StringRef text) {
  Program program(text);
  if (!program.op)
    return "";
  linrec::RecurrenceAnalysis analysis(program.op);
  std::string labels;
  for (const linrec::Component &component : analysis.getComponents())
    labels += (labels.empty() ? "" : "\n") + analysis.format(component);
  return labels;
}

#endif // LINREC_TEST_UNIT_ANALYSISPARSE_H
