#include "linrec/Target/CPU/TensorPasses.h"
#include "linrec/Schedule/CPUTarget.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

void linrec::addTensorPasses(OpPassManager &pm) {
  pm.addPass(createConvertElementwisePass());
  pm.addPass(createFuseTensorsPass());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
}

void linrec::addTensorLoopPasses(OpPassManager &pm, const CPUTarget &target) {
  LowerContractionsPassOptions contractions;
  contractions.vectorBytes = target.vectorBytes;
  contractions.registers = target.registers;
  contractions.l1Bytes = target.l1Bytes;
  pm.addPass(createLowerContractionsPass(contractions));
  LowerLinalgPassOptions linalg;
  linalg.vectorBytes = target.vectorBytes;
  pm.addPass(createLowerLinalgPass(linalg));
  pm.addPass(createForallToParallelLoopPass());
}
