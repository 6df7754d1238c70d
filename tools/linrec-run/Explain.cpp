//===- Explain.cpp - what was proven and chosen ---------------------------===//

#include "Explain.h"
#include "Compiled.h"
#include "linrec/Schedule/Choose.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

/// "file.mlir:12:5", or the location as MLIR prints it.
static std::string formatLocation(Location location) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto file = location->findInstanceOf<FileLineColLoc>())
    os << file.getFilename().getValue() << ':' << file.getLine() << ':'
       << file.getColumn();
  else
    os << location;
  return text;
}

llvm::Expected<Explanation> linrec::explain(Program &program,
                                            ArrayRef<Array> arguments) {
  auto machine = Machine::create();
  if (!machine)
    return machine.takeError();
  OwningOpRef<ModuleOp> module = cloneWithExtents(program, arguments);
  if (llvm::Error error = runStages(*module, **machine, Stage::Schedule))
    return std::move(error);
  Explanation result;
  llvm::raw_string_ostream os(result.text);
  auto entry = module->lookupSymbol<func::FuncOp>(program.entry.getName());
  entry.walk([&](RecurrenceOp op) {
    std::string location = formatLocation(op.getLoc());
    std::string schedule;
    if (Attribute attribute = op->getAttr("linrec.schedule"))
      llvm::raw_string_ostream(schedule) << attribute;
    os << explainSchedule(op);
    result.recurrences.push_back(llvm::json::Object{
        {"location", location},
        {"states", llvm::json::Array()},
        {"schedule", schedule.empty() ? llvm::json::Value(nullptr)
                                      : llvm::json::Value(schedule)}});
  });
  return result;
}
