//===- Compiled.cpp - a function as code in this process ------------------===//

#include "Compiled.h"
#include "Descriptors.h"
#include "Diagnostics.h"
#include "OnDevice.h"
#include "linrec/Runtime/Runtime.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <cstring>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// Keeps the entry and what it calls: other functions cost time, and may have
/// mistakes of their own.
static void eraseOthers(ModuleOp module, func::FuncOp entry) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (auto function :
         llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
      if (function != entry &&
          SymbolTable::symbolKnownUseEmpty(function, module)) {
        function.erase();
        changed = true;
      }
  }
}

OwningOpRef<ModuleOp> linrec::cloneWithExtents(Program &program,
                                               ArrayRef<Array> arrays) {
  OwningOpRef<ModuleOp> module(program.module->clone());
  auto entry = module->lookupSymbol<func::FuncOp>(program.entry.getName());
  for (auto [i, array] : llvm::enumerate(arrays))
    if (isa<ShapedType>(entry.getArgument(i).getType()))
      entry.setArgAttr(i, "linrec.extents",
                       DenseI64ArrayAttr::get(entry.getContext(), array.shape));
  eraseOthers(*module, entry);
  return module;
}

llvm::Error linrec::runStages(ModuleOp module, const Machine &machine,
                              Stage stage, bool launchesKernels) {
  CPUPipelineOptions options;
  options.launchesKernels = launchesKernels;
  options.target = machine.getDescription();
  options.stopAfter = stage;
  FirstError firstError(module.getContext());
  if (!runCPUPipeline(module, options))
    return firstError.get("the program could not be compiled");
  return llvm::Error::success();
}

llvm::Expected<Compiled> Compiled::create(Program &program,
                                          ArrayRef<Array> arguments,
                                          const CommandLine &line,
                                          OnDevice *device) {
  auto machine = Machine::create();
  if (!machine)
    return machine.takeError();
  Executable::setThreads(line.threads);
  OwningOpRef<ModuleOp> module = cloneWithExtents(program, arguments);
  CPUPipelineOptions options;
  options.target = (*machine)->getDescription();
  options.packedEntries = true;
  options.launchesKernels = device != nullptr;
  if (device)
    if (llvm::Error error = compileKernels(*module, line))
      return std::move(error);
  Compiled compiled(program, device);
  FirstError firstError(module->getContext());
  auto executable = Executable::compile(*module, **machine, options,
                                        device ? ptxsim::hostFunctions()
                                               : Executable::Functions());
  if (!executable)
    return firstError.get(llvm::toString(executable.takeError()));
  compiled.executable = std::move(*executable);
  return std::move(compiled);
}

double Compiled::getCompileSeconds() const {
  double sum = 0;
  for (const auto &stage : executable->getTiming())
    sum += stage.second;
  return sum;
}

llvm::Expected<std::string> linrec::emit(Program &program,
                                         ArrayRef<Array> arrays,
                                         const CommandLine &line) {
  StringRef what = line.emit;
  std::optional<Stage> stage = findStage(what);
  bool isCode = what == "llvm" || what == "asm" || what == "obj";
  const bool isPtx = what == "ptx";
  if (!stage && !isCode && !isPtx)
    return llvm::createStringError("--emit=" + what + ": expected " +
                                   stageNames() + ", asm, obj or ptx");
  auto machine = Machine::create();
  if (!machine)
    return machine.takeError();
  OwningOpRef<ModuleOp> module = cloneWithExtents(program, arrays);
  const bool launches = isPtx || line.isOnDevice();
  if (launches)
    if (llvm::Error error = compileKernels(*module, line))
      return error;
  if (isPtx)
    return getPtx(*module);
  if (llvm::Error error = runStages(*module, **machine,
                                    isCode ? Stage::LLVM : *stage, launches))
    return error;
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!isCode) {
    os << *module << '\n';
    return text;
  }
  llvm::LLVMContext context;
  auto translated = (*machine)->translate(*module, context);
  if (!translated)
    return translated.takeError();
  if (what == "llvm") {
    os << **translated;
    return text;
  }
  auto bytes = (*machine)->emit(**translated, /*assembly=*/what == "asm");
  if (!bytes)
    return bytes.takeError();
  return std::string(bytes->begin(), bytes->end());
}

//===----------------------------------------------------------------------===//
// Calling
//===----------------------------------------------------------------------===//

namespace {
/// The arrays and descriptors of one call after another.
class Call {
public:
  Call(Program &program, Executable &executable, ArrayRef<Array> arguments,
       OnDevice *device);

  /// Makes ready for another call: frees the results, and puts the initial
  /// values back into what the function reads and writes.
  void reset(ArrayRef<Array> arguments);
  void *const *getPointers() const { return pointers.data(); }
  /// Copies of the outputs.
  std::vector<Array> getOutputs() const;

private:
  Program &program;
  std::vector<int> resultArguments;          // by output
  std::vector<std::optional<Array>> written; // by argument
  std::vector<Descriptor> descriptors;       // by argument, then by result
  std::vector<void *> pointers;
};
} // namespace

Call::Call(Program &program, Executable &executable, ArrayRef<Array> arguments,
           OnDevice *device)
    : program(program), written(arguments.size()) {
  ArrayRef<int64_t> tied = executable.resultArguments(program.entry.getName());
  for (const Output &output : program.outputs)
    resultArguments.push_back(output.result >= 0 ? tied[output.result]
                                                 : output.argument);
  for (int argument : resultArguments)
    if (argument >= 0)
      written[argument] = arguments[argument].clone();
  for (auto [i, array] : llvm::enumerate(arguments))
    descriptors.emplace_back(written[i] ? *written[i] : array);
  if (device)
    for (auto [i, array] : llvm::enumerate(arguments)) {
      // The bytes of an argument that is not written are only read.
      auto &bytes = const_cast<Array &>(written[i] ? *written[i] : array).bytes;
      descriptors[i].setData(device->share(bytes.data(), bytes.size(),
                                           written[i].has_value(),
                                           "argument " + std::to_string(i)));
    }
  for (auto [output, argument] : llvm::zip(program.outputs, resultArguments))
    if (argument < 0)
      descriptors.push_back(Descriptor::ofResult(output.type));
  for (auto [i, descriptor] : llvm::enumerate(descriptors)) {
    bool isScalar = i < arguments.size() &&
                    !isa<ShapedType>(program.entry.getArgument(i).getType());
    // A scalar is passed by its bytes, all else by its descriptor.
    pointers.push_back(isScalar ? descriptor.getData() : descriptor.get());
  }
}

void Call::reset(ArrayRef<Array> arguments) {
  for (Descriptor &descriptor :
       llvm::MutableArrayRef(descriptors).drop_front(arguments.size()))
    descriptor.freeResult();
  for (auto [role, argument] : llvm::zip(program.roles, resultArguments))
    if (argument >= 0 && role != Role::Out)
      std::memcpy(written[argument]->bytes.data(),
                  arguments[argument].bytes.data(),
                  arguments[argument].bytes.size());
}

std::vector<Array> Call::getOutputs() const {
  std::vector<Array> outputs;
  size_t nextResult = written.size();
  for (auto [i, argument] : llvm::enumerate(resultArguments)) {
    if (argument >= 0)
      outputs.push_back(written[argument]->clone());
    else
      outputs.push_back(
          descriptors[nextResult++].copyResult(program.outputTypes[i]));
  }
  return outputs;
}

/// Calls the entry; false if it says that something is wrong.
static bool callTimed(Executable::Entry entry, Call &call, double &seconds) {
  auto start = std::chrono::steady_clock::now();
  bool isDone = entry(call.getPointers()) == 0;
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  seconds = elapsed.count();
  return isDone;
}

llvm::Expected<Outcome> Compiled::run(ArrayRef<Array> arguments,
                                      unsigned runs) {
  StringRef name = program.entry.getName();
  Executable::Entry entry = executable->find(name);
  if (!entry)
    return llvm::createStringError("@" + name + " was not compiled");
  Call call(program, *executable, arguments, device);
  if (device)
    device->upload();
  Outcome outcome;
  bool done = callTimed(entry, call, outcome.firstSeconds);
  if (device) {
    if (llvm::Error error = device->takeError())
      return std::move(error);
    device->download();
  }
  if (!done)
    return llvm::createStringError(linrec_last_error());
  outcome.outputs = call.getOutputs();
  for (unsigned i = 0; i < runs; ++i) {
    call.reset(arguments);
    if (device)
      device->upload();
    callTimed(entry, call, outcome.seconds.emplace_back());
  }
  call.reset(arguments);
  return outcome;
}
