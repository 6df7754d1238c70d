//===- Program.cpp - a function and what it takes and gives ---------------===//

#include "Program.h"
#include "Diagnostics.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace linrec;

static llvm::Expected<OwningOpRef<ModuleOp>>
parseModule(MLIRContext &context, const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file);
  if (!buffer)
    return llvm::createStringError(file + ": " + buffer.getError().message());
  FirstError firstError(&context);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return firstError.get(file + ": not a module");
  return module;
}

static llvm::Expected<func::FuncOp> findEntry(ModuleOp module,
                                              const CommandLine &line) {
  SmallVector<func::FuncOp> candidates;
  for (auto function : module.getOps<func::FuncOp>())
    if (line.entry ? function.getName() == *line.entry
                   : function.isPublic() && !function.isExternal())
      candidates.push_back(function);
  auto list = [](auto functions) {
    std::string names;
    for (func::FuncOp function : functions)
      names += (names.empty() ? "@" : ", @") + function.getName().str();
    return names;
  };
  std::string names = list(module.getOps<func::FuncOp>());
  if (candidates.empty() && line.entry)
    return llvm::createStringError(line.file + " has no function @" +
                                   *line.entry +
                                   (names.empty() ? "" : "; it has " + names));
  if (candidates.empty())
    return llvm::createStringError(line.file +
                                   " has no public function with a body");
  if (candidates.size() > 1)
    return llvm::createStringError(line.file +
                                   " has several public functions "
                                   "(" +
                                   list(candidates) +
                                   "); choose one by --entry=NAME");
  if (candidates[0].isExternal())
    return llvm::createStringError("function @" + candidates[0].getName() +
                                   " has no body");
  return candidates[0];
}

/// The same elements under another type.
static bool isReshape(Operation *op) {
  return isa_and_nonnull<tensor::CastOp, tensor::ExpandShapeOp,
                         tensor::CollapseShapeOp>(op);
}

/// The argument that a result is computed into, or -1: destination style all
/// the way up.
static int findDestination(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isReshape(op)) {
      value = op->getOperand(0);
      continue;
    }
    auto style = dyn_cast<DestinationStyleOpInterface>(op);
    if (!style)
      return -1;
    value = style.getTiedOpOperand(cast<OpResult>(value))->get();
  }
  auto argument = cast<BlockArgument>(value);
  return isa<func::FuncOp>(argument.getOwner()->getParentOp())
             ? int(argument.getArgNumber())
             : -1;
}

/// The role of a result, or of a memref argument.
static Role findRole(Value value) {
  while (isReshape(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  auto classify = [](RecurrenceOp op, bool isOut) {
    return !op ? Role::Other : isOut ? Role::Out : Role::State;
  };
  if (auto result = dyn_cast<OpResult>(value)) {
    auto op = dyn_cast<RecurrenceOp>(result.getOwner());
    return classify(op, op && result.getResultNumber() < op.getOuts().size());
  }
  // Memory that anything else uses too has no role.
  Role role = Role::Other;
  for (OpOperand &use : value.getUses()) {
    auto op = dyn_cast<RecurrenceOp>(use.getOwner());
    if (!op || !op.isDpsInit(&use) || !isa<MemRefType>(value.getType()) ||
        !value.hasOneUse())
      return Role::Other;
    role = classify(op, llvm::is_contained(op.getOuts(), value));
  }
  return role;
}

llvm::Expected<Program> linrec::loadProgram(MLIRContext &context,
                                            const CommandLine &line) {
  auto module = parseModule(context, line.file);
  if (!module)
    return module.takeError();
  auto entry = findEntry(**module, line);
  if (!entry)
    return entry.takeError();
  return describeProgram(std::move(*module), *entry);
}

llvm::Expected<Program> linrec::describeProgram(OwningOpRef<ModuleOp> module,
                                                func::FuncOp entry) {
  Program program;
  program.module = std::move(module);
  program.entry = entry;
  auto describe = [](llvm::Expected<ArgumentType> type,
                     const Twine &what) -> llvm::Expected<ArgumentType> {
    if (!type)
      return llvm::createStringError(what + ": " +
                                     llvm::toString(type.takeError()));
    return type;
  };
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
    auto argument = describe(getArgumentType(type), "argument " + Twine(i));
    if (!argument)
      return argument.takeError();
    program.arguments.push_back(*argument);
  }
  program.outputs = getOutputs(entry);
  Operation *terminator = entry.getBody().back().getTerminator();
  for (auto [i, output] : llvm::enumerate(program.outputs)) {
    auto type = describe(getArgumentType(output.type), "result " + Twine(i));
    if (!type)
      return type.takeError();
    program.outputTypes.push_back(type->type);
    Value value = output.result >= 0
                      ? terminator->getOperand(output.result)
                      : Value(entry.getArgument(output.argument));
    program.outputArguments.push_back(
        output.argument >= 0 ? output.argument : findDestination(value));
    program.roles.push_back(findRole(value));
  }
  return program;
}
