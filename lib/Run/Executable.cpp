#include "linrec/Run/Executable.h"
#include "linrec/Run/Machine.h"
#include "linrec/Runtime/Runtime.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include <chrono>

using namespace mlir;
using namespace linrec;

Executable::Executable() = default;
Executable::~Executable() {
  for (void (*destructor)() : destructors)
    destructor();
}

bool linrec::runCPUPipeline(ModuleOp module,
                            const CPUPipelineOptions &options) {
  PassManager pm(module->getContext(), module->getName().getStringRef());
  pm.enableVerifier(false); // passes are tested with it
  buildCPUPipeline(pm, options);
  return succeeded(pm.run(module));
}

namespace {
class Stopwatch {
public:
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double seconds = std::chrono::duration<double>(now - last).count();
    last = now;
    return seconds;
  }

private:
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};
} // namespace

/// The functions of the runtime, of OpenMP and of libm that compiled code
/// calls, from this process.
static llvm::Error defineSymbols(llvm::orc::LLJIT &jit,
                                 const Executable::Functions &functions) {
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      jit.getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  jit.getMainJITDylib().addGenerator(std::move(*process));
  // The vector functions that linrec-expand-math calls; only glibc has them.
  auto vectorMath = llvm::orc::DynamicLibrarySearchGenerator::Load(
      "libmvec.so.1", jit.getDataLayout().getGlobalPrefix());
  if (vectorMath)
    jit.getMainJITDylib().addGenerator(std::move(*vectorMath));
  else
    llvm::consumeError(vectorMath.takeError());
  llvm::orc::SymbolMap symbols;
  auto define = [&](llvm::StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("linrec_allocate", &linrec_allocate);
  define("linrec_free", &linrec_free);
  define("linrec_enter", &linrec_enter);
  define("linrec_fail", &linrec_fail);
  define("linrec_first_bad_bound_i64", &linrec_first_bad_bound_i64);
  define("linrec_first_bad_bound_i32", &linrec_first_bad_bound_i32);
  for (auto [name, address] : functions)
    define(name, address);
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

/// Takes the functions of llvm.global_ctors or llvm.global_dtors out of the
/// list, which the JIT would ignore in an object, and makes them symbols.
static std::vector<std::string> takeFunctions(llvm::Module &module,
                                              llvm::StringRef list) {
  std::vector<std::string> names;
  llvm::GlobalVariable *variable = module.getNamedGlobal(list);
  if (!variable)
    return names;
  for (llvm::Use &entry : variable->getInitializer()->operands()) {
    auto *function = llvm::cast<llvm::Function>(
        llvm::cast<llvm::ConstantStruct>(entry)->getOperand(1));
    function->setLinkage(llvm::GlobalValue::ExternalLinkage);
    names.push_back(function->getName().str());
  }
  variable->eraseFromParent();
  return names;
}

static llvm::Expected<std::vector<void (*)()>>
findFunctions(llvm::orc::LLJIT &jit, llvm::ArrayRef<std::string> names) {
  std::vector<void (*)()> functions;
  for (const std::string &name : names) {
    auto symbol = jit.lookup(name);
    if (!symbol)
      return symbol.takeError();
    functions.push_back(symbol->toPtr<void (*)()>());
  }
  return functions;
}

llvm::Expected<std::unique_ptr<Executable>>
Executable::compile(ModuleOp module, Machine &machine,
                    const CPUPipelineOptions &options,
                    const Functions &functions) {
  std::unique_ptr<Executable> result(new Executable());
  Stopwatch watch;
  for (Stage stage : {Stage::Simplify, Stage::Schedule, Stage::Bufferize,
                      Stage::Emit, Stage::LLVM}) {
    CPUPipelineOptions one = options;
    one.startAfter = Stage(int(stage) - 1);
    one.stopAfter = stage;
    if (!runCPUPipeline(module, one))
      return llvm::createStringError("the program could not be compiled");
    result->timing.push_back({stageName(stage).str(), watch.lap()});
  }
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    auto name = function->getAttrOfType<StringAttr>(kEntryAttr);
    auto tied = function->getAttrOfType<DenseI64ArrayAttr>(kResultsAttr);
    if (name && tied)
      result->results[name.getValue()] = tied.asArrayRef().vec();
  }

  llvm::LLVMContext context;
  auto translated = machine.translate(module, context);
  if (!translated)
    return translated.takeError();
  result->timing.push_back({"translate", watch.lap()});
  auto constructors = takeFunctions(**translated, "llvm.global_ctors");
  auto destructors = takeFunctions(**translated, "llvm.global_dtors");
  auto object = machine.emit(**translated, /*assembly=*/false);
  if (!object)
    return object.takeError();
  result->timing.push_back({"codegen", watch.lap()});

  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  result->jit = std::move(*jit);
  if (llvm::Error error = defineSymbols(*result->jit, functions))
    return std::move(error);
  if (llvm::Error error = result->jit->addObjectFile(
          std::make_unique<llvm::SmallVectorMemoryBuffer>(
              std::move(*object), /*RequiresNullTerminator=*/false)))
    return std::move(error);
  for (const auto &entry : result->results)
    if (!result->find(entry.getKey()))
      return llvm::createStringError("entry '" + entry.getKey() +
                                     "' could not be loaded");
  auto atStart = findFunctions(*result->jit, constructors);
  if (!atStart)
    return atStart.takeError();
  auto atEnd = findFunctions(*result->jit, destructors);
  if (!atEnd)
    return atEnd.takeError();
  for (void (*constructor)() : *atStart)
    constructor();
  result->destructors = std::move(*atEnd);
  result->timing.push_back({"load", watch.lap()});
  return std::move(result);
}

llvm::ArrayRef<int64_t>
Executable::resultArguments(llvm::StringRef entry) const {
  auto it = results.find(entry);
  return it == results.end() ? llvm::ArrayRef<int64_t>()
                             : llvm::ArrayRef<int64_t>(it->second);
}

Executable::Entry Executable::find(llvm::StringRef entry) {
  auto symbol = jit->lookup((kPackedPrefix + entry).str());
  if (!symbol) {
    llvm::consumeError(symbol.takeError());
    return nullptr;
  }
  return symbol->toPtr<Entry>();
}

extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_num_procs(void);

void Executable::setThreads(int count) {
  omp_set_num_threads(count > 0 ? count : omp_get_num_procs());
}

llvm::Error Executable::call(llvm::StringRef entry,
                             llvm::ArrayRef<void *> pointers) {
  Entry function = find(entry);
  if (!function)
    return llvm::createStringError("there is no entry '" + entry + "'");
  if (function(pointers.data()) != 0)
    return llvm::createStringError(linrec_last_error());
  return llvm::Error::success();
}
