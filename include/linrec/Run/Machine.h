//===- Machine.h - from the LLVM dialect to machine code --------*- C++ -*-===//
//
// One CPU that code is made for: this one, or one that is named. Turns modules
// in the LLVM dialect into optimised LLVM IR, assembly and objects; the JIT and
// ahead-of-time compilation take the same path.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_RUN_MACHINE_H
#define LINREC_RUN_MACHINE_H

#include "linrec/Schedule/CPUTarget.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm
namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace linrec {

class Machine {
public:
  /// `triple` "" is this machine's; `cpu` "native" this CPU with its features,
  /// else a name that LLVM knows ("x86-64-v3", "znver4", ...).
  static llvm::Expected<std::unique_ptr<Machine>>
  create(llvm::StringRef triple = "", llvm::StringRef cpu = "native",
         llvm::StringRef features = "");
  ~Machine();

  /// What schedules are chosen for.
  const CPUTarget &getDescription() const { return description; }

  /// Translates and optimises a module in the LLVM dialect.
  llvm::Expected<std::unique_ptr<llvm::Module>>
  translate(mlir::ModuleOp module, llvm::LLVMContext &context);
  /// Assembly text, or a relocatable object.
  llvm::Expected<llvm::SmallVector<char, 0>> emit(llvm::Module &module,
                                                  bool assembly);

private:
  Machine(std::unique_ptr<llvm::TargetMachine> machine, CPUTarget description);
  std::unique_ptr<llvm::TargetMachine> machine;
  CPUTarget description;
};

/// The interfaces that Machine::translate needs of a context's dialects.
void registerTranslations(mlir::DialectRegistry &registry);

} // namespace linrec

#endif // LINREC_RUN_MACHINE_H
