//===- InitLinRec.cpp - everything of LinRec, registered ------------------===//

#include "linrec/InitLinRec.h"
#include "linrec/Analysis/Passes.h"
#include "linrec/Derive/Passes.h"
#include "linrec/Dialect/LinRec.h"
#include "linrec/Pipelines/Pipelines.h"
#include "linrec/Schedule/Passes.h"
#include "linrec/Simplify/Passes.h"
#include "linrec/Target/CPU/Passes.h"

void linrec::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<LinRecDialect>();
  registerBufferizationModels(registry);
}

void linrec::registerAllPasses() {
  registerAnalysisPasses();
  registerSimplifyPasses();
  registerDerivePasses();
  registerSchedulePasses();
  registerCPUPasses();
  registerPipelines();
}
