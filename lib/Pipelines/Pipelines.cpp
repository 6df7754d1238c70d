#include "linrec/Pipelines/Pipelines.h"
#include "linrec/Analysis/Passes.h"
#include "linrec/Schedule/Passes.h"
#include "linrec/Simplify/Passes.h"
#include "linrec/Target/CPU/Passes.h"
#include "linrec/Target/CPU/TensorPasses.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/BufferizationToMemRef/BufferizationToMemRef.h"
#include "mlir/Conversion/ComplexToLLVM/ComplexToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/GPUCommon/GPUCommonPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/OpenMPToLLVM/ConvertOpenMPToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/SCFToOpenMP/SCFToOpenMP.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Vector/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

static constexpr std::pair<Stage, llvm::StringLiteral> kStages[] = {
    {Stage::Parse, "parse"},
    {Stage::Simplify, "simplify"},
    {Stage::Analyze, "analyze"},
    {Stage::Schedule, "schedule"},
    {Stage::Bufferize, "bufferize"},
    {Stage::Emit, "emit"},
    {Stage::LLVM, "llvm"}};

std::string linrec::stageNames() {
  return llvm::join(
      llvm::map_range(kStages,
                      [](const auto &stage) { return stage.second.str(); }),
      ", ");
}

llvm::StringRef linrec::stageName(Stage stage) {
  return kStages[int(stage)].second; // in the order of the enum
}

std::optional<Stage> linrec::findStage(llvm::StringRef name) {
  for (auto [stage, text] : kStages)
    if (text == name)
      return stage;
  return std::nullopt;
}

static void addSimplify(OpPassManager &pm) {
  pm.addPass(createInlinerPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createSplitComplexPass());
  pm.addPass(createHoistContractionsPass());
  pm.addPass(createRewriteBodyPass());
}

static void addSchedule(OpPassManager &pm, const CPUTarget &target) {
  SchedulePassOptions options;
  options.vectorBytes = target.vectorBytes;
  options.registers = target.registers;
  options.threads = target.threads;
  pm.addPass(createSchedulePass(options));
}

static void addBufferize(OpPassManager &pm) {
  addTensorPasses(pm);
  pm.addPass(createPrepareEntriesPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.allowReturnAllocsFromLoops = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createDropArgumentResultsPass());
  bufferization::buildBufferDeallocationPipeline(pm);
  pm.addPass(createConvertBufferizationToMemRefPass());
}

static void addEmit(OpPassManager &pm, const CPUTarget &target) {
  pm.addPass(createInsertChecksPass());
  pm.addPass(createLowerRecurrencesPass());
  addTensorLoopPasses(pm, target);
}

static void addLLVM(OpPassManager &pm, const CPUPipelineOptions &options) {
  const CPUTarget &target = options.target;
  pm.addPass(createInlineLibraryCallsPass());
  ExpandMathPassOptions mathOptions;
  mathOptions.vectorIsa = target.isa;
  pm.addPass(createExpandMathPass(mathOptions));
  if (!target.hasFma)
    pm.addPass(createSplitFmaPass());
  pm.addNestedPass<func::FuncOp>(vector::createLowerVectorMaskPass());
  pm.addPass(createConvertVectorToSCFPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createGuardTeamsPass());
  pm.addPass(createConvertSCFToOpenMPPass());
  pm.addPass(createFinishTeamsPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(arith::createArithExpandOpsPass());
  ConvertVectorToLLVMPassOptions vectorOptions;
  vectorOptions.force32BitVectorIndices = false;
  pm.addPass(createConvertVectorToLLVMPass(vectorOptions));
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  if (options.launchesKernels) {
    // Only asynchronous copies and allocations have a lowering.
    pm.addNestedPass<func::FuncOp>(createGpuAsyncRegionPass());
    pm.addPass(createGpuToLLVMConversionPass());
  }
  pm.addPass(createConvertComplexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createReuseMemoryPass());
  MakeEntriesPassOptions entryOptions;
  entryOptions.packed = options.packedEntries;
  pm.addPass(createMakeEntriesPass(entryOptions));
}

void linrec::buildCPUPipeline(OpPassManager &pm,
                              const CPUPipelineOptions &options) {
  auto runs = [&](Stage stage) {
    return options.startAfter < stage && stage <= options.stopAfter;
  };
  if (runs(Stage::Simplify))
    addSimplify(pm);
  if (runs(Stage::Analyze))
    pm.addPass(createAnalyzePass());
  if (runs(Stage::Schedule))
    addSchedule(pm, options.target);
  if (runs(Stage::Bufferize))
    addBufferize(pm);
  if (runs(Stage::Emit))
    addEmit(pm, options.target);
  if (runs(Stage::LLVM))
    addLLVM(pm, options);
}

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

namespace {
struct NamedOptions : PassPipelineOptions<NamedOptions> {
  Option<Stage> stopAfter{
      *this, "stop-after", llvm::cl::desc("The last stage to run"),
      llvm::cl::init(Stage::LLVM),
      llvm::cl::values(
          clEnumValN(Stage::Parse, "parse", "what the user wrote"),
          clEnumValN(Stage::Simplify, "simplify", "canonical bodies"),
          clEnumValN(Stage::Analyze, "analyze", "what was proven"),
          clEnumValN(Stage::Schedule, "schedule", "what was chosen"),
          clEnumValN(Stage::Bufferize, "bufferize", "memrefs"),
          clEnumValN(Stage::Emit, "emit", "vector loops"),
          clEnumValN(Stage::LLVM, "llvm", "the LLVM dialect"))};
  Option<int64_t> vectorBytes{
      *this, "vector-bytes",
      llvm::cl::desc("Bytes of a vector register of the target"),
      llvm::cl::init(CPUTarget().vectorBytes)};
  Option<int64_t> registers{*this, "registers",
                            llvm::cl::desc("Vector registers of the target"),
                            llvm::cl::init(CPUTarget().registers)};
  Option<int64_t> threads{
      *this, "threads",
      llvm::cl::desc("Threads to plan for; 0: as many as at run time"),
      llvm::cl::init(0)};
  Option<bool> packedEntries{
      *this, "packed-entries",
      llvm::cl::desc("Also make entries that take an array of pointers"),
      llvm::cl::init(false)};
};
} // namespace

void linrec::registerPipelines() {
  PassPipelineRegistration<NamedOptions>(
      "linrec-cpu-pipeline",
      "Compile recurrences for a CPU, by stages: parse, simplify, analyze, "
      "schedule, bufferize, emit, llvm",
      [](OpPassManager &pm, const NamedOptions &named) {
        CPUPipelineOptions options;
        options.stopAfter = named.stopAfter;
        options.target.vectorBytes = named.vectorBytes;
        options.target.registers = named.registers;
        options.target.threads = named.threads;
        options.packedEntries = named.packedEntries;
        buildCPUPipeline(pm, options);
      });
}
