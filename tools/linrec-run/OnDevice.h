//===- OnDevice.h - programs whose kernels run on a device ------*- C++ -*-===//
//
// The GPU, or the simulator in its place, that a program launches its kernels
// on: arguments are in memory that it shares with the host, and what the
// simulator saw of each launch is kept. Only one may be open at a time.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_ONDEVICE_H
#define LINREC_TOOLS_LINREC_RUN_ONDEVICE_H

#include "Report.h"
#include "linrec/PTXSim/HostRuntime.h"
#include "mlir/IR/BuiltinOps.h"

namespace linrec {

struct CommandLine;

class OnDevice {
public:
  static llvm::Expected<std::unique_ptr<OnDevice>>
  open(const CommandLine &line);
  ~OnDevice();

  /// Room for the bytes at `host`, in memory that kernels may use; null after
  /// an error. What is written there comes back by download().
  void *share(char *host, uint64_t numBytes, bool isWritten,
              const std::string &name);
  void upload();
  void download();

  /// What the device failed at, but for findings: those go into the report.
  llvm::Error takeError();
  /// The launches so far, and their findings on standard error.
  void tell(Report &report) const;
  bool hasFindings() const;

private:
  OnDevice() = default;
  struct Shared {
    char *host;
    void *device;
    uint64_t numBytes;
    bool isWritten;
  };
  std::vector<ptxsim::DeviceLaunch> launches;
  std::unique_ptr<ptxsim::Device> device;
  std::vector<Shared> shared;
};

/// Compiles the kernels of `module` to PTX, and leaves them as gpu.binary. What
/// has no lowering to a GPU is an error.
llvm::Error compileKernels(mlir::ModuleOp module, const CommandLine &line);

/// The PTX of all kernels, after compileKernels.
std::string getPtx(mlir::ModuleOp module);

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_ONDEVICE_H
