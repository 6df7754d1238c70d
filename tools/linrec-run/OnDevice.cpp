//===- OnDevice.cpp - programs whose kernels run on a device --------------===//

#include "OnDevice.h"
#include "CommandLine.h"
#include "Diagnostics.h"
#include "linrec/Dialect/LinRec.h"
#include "linrec/PTXSim/Report.h"
#include "linrec/Pipelines/Kernels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// An error unless the module launches kernels, and all of it can be compiled.
static LogicalResult verifyLaunches(ModuleOp module, const CommandLine &line) {
  bool launches = false;
  WalkResult walk = module.walk([&](Operation *op) {
    launches |= isa<gpu::LaunchOp, gpu::LaunchFuncOp>(op);
    if (!isa<RecurrenceOp>(op))
      return WalkResult::advance();
    op->emitError("a recurrence has no lowering to a GPU; --target=cpu and "
                  "--target=reference run it");
    return WalkResult::interrupt();
  });
  if (walk.wasInterrupted())
    return failure();
  if (!launches)
    return module.emitError("nothing here launches a kernel (gpu.launch, "
                            "gpu.launch_func); --target=cpu runs it");
  return success();
}

llvm::Error linrec::compileKernels(ModuleOp module, const CommandLine &line) {
  KernelTarget target;
  if (!line.chip.empty() && !KernelTarget::parse(line.chip, target))
    return llvm::createStringError("--chip=" + line.chip +
                                   ": expected a GPU that LLVM knows, sm_80 "
                                   "or later");
  FirstError firstError(module.getContext());
  PassManager pm(module->getContext(), module->getName().getStringRef());
  buildKernelPipeline(pm, target);
  if (failed(verifyLaunches(module, line)) || failed(pm.run(module)))
    return firstError.get("the kernels could not be compiled");
  return llvm::Error::success();
}

std::string linrec::getPtx(ModuleOp module) {
  std::string text;
  for (auto binary : module.getOps<gpu::BinaryOp>())
    for (Attribute attribute : binary.getObjects())
      text +=
          cast<gpu::ObjectAttr>(attribute).getObject().getValue().rtrim('\0');
  return text;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Expected<std::unique_ptr<OnDevice>>
OnDevice::open(const CommandLine &line) {
  std::unique_ptr<OnDevice> result(new OnDevice());
  std::string error;
  result->device =
      ptxsim::createDevice(nameOf(line.target), error, &result->launches);
  if (!result->device)
    return llvm::createStringError(error);
  ptxsim::setHostDevice(result->device.get());
  return std::move(result);
}

OnDevice::~OnDevice() {
  for (const Shared &memory : shared)
    device->free(memory.device);
  ptxsim::setHostDevice(nullptr);
}

void *OnDevice::share(char *host, uint64_t numBytes, bool isWritten,
                      const std::string &name) {
  void *memory = device->allocate(numBytes, /*shared=*/true, name);
  if (memory)
    shared.push_back({host, memory, numBytes, isWritten});
  return memory;
}

void OnDevice::upload() {
  for (const Shared &memory : shared)
    if (memory.numBytes)
      std::memcpy(memory.device, memory.host, memory.numBytes);
}

void OnDevice::download() {
  for (const Shared &memory : shared)
    if (memory.isWritten && memory.numBytes)
      std::memcpy(memory.host, memory.device, memory.numBytes);
}

bool OnDevice::hasFindings() const {
  return llvm::any_of(launches, [](const ptxsim::DeviceLaunch &launch) {
    return !launch.result.findings.empty();
  });
}

llvm::Error OnDevice::takeError() {
  if (ptxsim::hostError().empty() || hasFindings())
    return llvm::Error::success();
  return llvm::createStringError(
      StringRef(ptxsim::hostError()).split('\n').first);
}

void OnDevice::tell(Report &report) const {
  for (const ptxsim::DeviceLaunch &launch : launches) {
    ptxsim::SeedsResult result;
    result.runs = 1;
    result.findings = launch.result.findings;
    result.counters = launch.result.counters;
    auto json = llvm::json::parse(ptxsim::jsonReport(launch.kernel, result));
    if (json)
      report.launches.push_back(std::move(*json));
    else
      llvm::consumeError(json.takeError());
    for (const ptxsim::Finding &finding : result.findings) {
      report.hasFindings = true;
      llvm::errs() << "error: " << ptxsim::nameOf(finding.kind) << ": "
                   << finding.message << '\n';
    }
  }
}
