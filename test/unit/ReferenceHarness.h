//===- ReferenceHarness.h - small programs on small arrays ------*- C++ -*-===//
//
// Parses a program, runs its only function on the reference, and gives the
// outputs as doubles, for tests whose expectations are computed by hand.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TEST_UNIT_REFERENCEHARNESS_H
#define LINREC_TEST_UNIT_REFERENCEHARNESS_H

#include "linrec/Dialect/LinRec.h"
#include "linrec/Run/Arguments.h"
#include "linrec/Run/Reference.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace linrec::test {

using Numbers = std::vector<double>;

/// An argument: a shape and its elements, stored in the function's type.
struct Given {
  std::vector<int64_t> shape;
  Numbers values;
};
inline Given scalar(double value) { return {{}, {value}}; }
inline Given vector(Numbers values) {
  return {{int64_t(values.size())}, values};
}

struct Ran {
  std::vector<Numbers> outputs; // real parts of complex numbers
  std::vector<std::vector<int64_t>> shapes;
  std::string error;
  int64_t longestFold = 0;
};

inline Array makeArray(const Given &given, ElementType type) {
  Grid grid(isInteger(type) ? Kind::Int : Kind::F64, given.shape);
  for (size_t i = 0; i < given.values.size(); ++i)
    if (grid.kind == Kind::Int)
      grid.as<int64_t>()[i] = int64_t(given.values[i]);
    else
      grid.as<double>()[i] = given.values[i];
  return toArray(grid, type);
}

inline Ran run(llvm::StringRef text, const std::vector<Given> &given,
               bool wide = true) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registry.insert<LinRecDialect>();
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  Ran ran;
  if (!module) {
    ran.error = "does not parse";
    return ran;
  }
  mlir::func::FuncOp entry;
  for (auto function : module->getOps<mlir::func::FuncOp>())
    if (function.isPublic())
      entry = function;
  std::vector<Array> arguments;
  for (auto [value, type] : llvm::zip(given, entry.getArgumentTypes()))
    arguments.push_back(
        makeArray(value, llvm::cantFail(getArgumentType(type)).type));
  auto result = runReference(entry, arguments, getPrecision(entry, wide));
  if (!result) {
    ran.error = llvm::toString(result.takeError());
    return ran;
  }
  ran.longestFold = result->longestFold;
  for (const Grid &output : result->outputs) {
    Grid grid = output.contiguous();
    Numbers numbers;
    visitKind(grid.kind, [&](auto *null) {
      using T = std::remove_pointer_t<decltype(null)>;
      for (int64_t i = 0; i < grid.getNumElements(); ++i)
        if constexpr (std::is_class_v<T>)
          numbers.push_back(double(grid.as<T>()[i].real()));
        else
          numbers.push_back(double(grid.as<T>()[i]));
    });
    ran.outputs.push_back(numbers);
    ran.shapes.push_back({grid.shape.begin(), grid.shape.end()});
  }
  return ran;
}

} // namespace linrec::test

#endif // LINREC_TEST_UNIT_REFERENCEHARNESS_H
