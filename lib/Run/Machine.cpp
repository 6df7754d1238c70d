#include "linrec/Run/Machine.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace linrec;

Machine::Machine(std::unique_ptr<llvm::TargetMachine> machine,
                 CPUTarget description)
    : machine(std::move(machine)), description(description) {}
Machine::~Machine() = default;

static CPUTarget describe(const llvm::TargetMachine &machine) {
  CPUTarget target;
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  const llvm::Triple &triple = machine.getTargetTriple();
  auto has = [&](llvm::StringRef features) {
    return info.checkFeatures(features.str());
  };
  if (triple.getArch() == llvm::Triple::x86_64 &&
      has("+avx512f,+avx512vl,+avx512dq")) {
    target.isa = VectorIsa::AVX512;
  } else if (triple.getArch() == llvm::Triple::x86_64 && has("+avx2,+fma")) {
    target.isa = VectorIsa::AVX2;
    target.vectorBytes = 32;
    target.registers = 16;
  } else {
    target.isa = VectorIsa::Portable;
    target.hasFma = triple.isAArch64() ||
                    (triple.getArch() == llvm::Triple::x86_64 && has("+fma"));
    target.vectorBytes = 16;
    target.registers = triple.isAArch64() ? 32 : 16;
  }
  return target;
}

llvm::Expected<std::unique_ptr<Machine>>
Machine::create(llvm::StringRef tripleName, llvm::StringRef cpuName,
                llvm::StringRef featureNames) {
  bool isHost = tripleName.empty();
  if (isHost) {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  } else {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
  }
  llvm::Triple triple(isHost ? llvm::sys::getProcessTriple()
                             : llvm::Triple::normalize(tripleName));
  std::string cpu = cpuName.str(), features = featureNames.str(), error;
  if (cpu == "native") {
    cpu = isHost ? llvm::sys::getHostCPUName().str() : "generic";
    if (isHost)
      for (const auto &feature : llvm::sys::getHostCPUFeatures())
        features += (features.empty() ? "" : ",") +
                    std::string(feature.second ? "+" : "-") +
                    feature.first().str();
  }
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError("no code generator for the target '" +
                                   triple.str() + "'");
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, cpu, ""));
  if (!info || !info->isCPUStringValid(cpu))
    return llvm::createStringError("unknown CPU '" + cpu + "' for " +
                                   triple.str() +
                                   "; give a name that LLVM knows, or native");
  llvm::TargetOptions options;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, features, options, llvm::Reloc::PIC_, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
  CPUTarget description = describe(*machine);
  return std::unique_ptr<Machine>(new Machine(std::move(machine), description));
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  // Our loops are vector code already, unrolled as the schedule says. O2 and O3
  // make none of the benchmarks faster, in twice the time; so does the SLP
  // vectoriser.
  llvm::PipelineTuningOptions tuning;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O1)
      .run(module, modules);
}

llvm::Expected<std::unique_ptr<llvm::Module>>
Machine::translate(mlir::ModuleOp module, llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> result =
      mlir::translateModuleToLLVMIR(module, context);
  if (!result)
    return llvm::createStringError(
        "the module could not be translated to LLVM IR");
  result->setDataLayout(machine->createDataLayout());
  result->setTargetTriple(machine->getTargetTriple());
  for (llvm::Function &function : *result) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine->getTargetCPU());
    function.addFnAttr("target-features", machine->getTargetFeatureString());
    // Vectors are as wide as the schedule says, also on CPUs that LLVM would
    // rather give half of their width.
    function.addFnAttr("prefer-vector-width",
                       std::to_string(description.vectorBytes * 8));
  }
  optimize(*result, *machine);
  return std::move(result);
}

llvm::Expected<llvm::SmallVector<char, 0>> Machine::emit(llvm::Module &module,
                                                         bool assembly) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, nullptr,
                                   assembly
                                       ? llvm::CodeGenFileType::AssemblyFile
                                       : llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError(
        "this target cannot emit a file of that kind");
  passes.run(module);
  return std::move(bytes);
}

void linrec::registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  mlir::registerOpenMPDialectTranslation(registry);
}
