//===- linrec-opt.cpp - run passes on modules with recurrences ------------===//

#include "linrec/Dialect/LinRec.h"
#include "linrec/Schedule/Passes.h"
#include "linrec/Simplify/Passes.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  linrec::registerSchedulePasses();
  linrec::registerSimplifyPasses();
  linrec::registerCPUPasses();
  registry.insert<linrec::LinRecDialect>();
  linrec::registerBufferizationModels(registry);
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "LinRec: passes on linear recurrences\n", registry));
}
