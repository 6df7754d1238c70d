//===- Explain.cpp - what was proven and chosen ---------------------------===//

#include "Explain.h"
#include "Compiled.h"
#include "linrec/Analysis/RecurrenceAnalysis.h"
#include "linrec/Schedule/Choose.h"
#include "llvm/ADT/StringMap.h"
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

static llvm::json::Array toJson(ArrayRef<std::string> words) {
  llvm::json::Array array;
  for (const std::string &word : words)
    array.push_back(word);
  return array;
}

static llvm::json::Array toJson(const RecurrenceAnalysis &analysis) {
  llvm::json::Array states;
  for (const StateReport &state : reportStates(analysis)) {
    llvm::json::Value ring = nullptr, rank = nullptr;
    if (!state.ring.empty())
      ring = state.ring;
    if (state.rank)
      rank = *state.rank;
    states.push_back(llvm::json::Object{{"name", state.name},
                                        {"ring", std::move(ring)},
                                        {"structure", state.structure},
                                        {"rank", std::move(rank)},
                                        {"factors", toJson(state.factors)},
                                        {"time_invariant", state.timeInvariant},
                                        {"given", toJson(state.given)}});
  }
  return states;
}

/// What is proven, one line for each component of states.
static void explainProof(llvm::raw_ostream &os,
                         const RecurrenceAnalysis &analysis) {
  for (const Component &component : analysis.getComponents()) {
    os << "  proven: " << analysis.format(component) << '\n';
    if (!component.ring)
      os << "    a nonlinear update cannot be rearranged into a scan or a "
            "convolution; it is run step by step\n";
    if (component.magnitude.answer == Magnitude::Answer::Proven)
      os << "    its coefficients are at most 1 in magnitude\n";
    if (component.magnitude.answer == Magnitude::Answer::Conditional) {
      os << "    its coefficients are at most 1 in magnitude if ";
      llvm::interleave(component.magnitude.conditions, os, " and ");
      os << " (linrec.range can promise it)\n";
    }
  }
}

llvm::Expected<Explanation> linrec::explain(Program &program,
                                            ArrayRef<Array> arguments) {
  auto machine = Machine::create();
  if (!machine)
    return machine.takeError();
  OwningOpRef<ModuleOp> written = cloneWithExtents(program, arguments);
  OwningOpRef<ModuleOp> scheduled(written->clone());
  if (llvm::Error error = runStages(*scheduled, **machine, Stage::Schedule))
    return error;
  // Stages before the schedule rewrite bodies, but keep where an op stands.
  llvm::StringMap<RecurrenceOp> byLocation;
  scheduled->walk(
      [&](RecurrenceOp op) { byLocation[formatLocation(op.getLoc())] = op; });

  Explanation result;
  llvm::raw_string_ostream os(result.text);
  written->walk([&](RecurrenceOp op) {
    std::string location = formatLocation(op.getLoc());
    RecurrenceAnalysis analysis(op);
    llvm::json::Value schedule = nullptr;
    StringRef header = "", chosen = "";
    std::string text;
    if (RecurrenceOp lowered = byLocation.lookup(location)) {
      text = explainSchedule(lowered);
      std::tie(header, chosen) = StringRef(text).split('\n');
      if (Attribute attribute = lowered->getAttr("linrec.schedule")) {
        std::string printed;
        llvm::raw_string_ostream(printed) << attribute;
        schedule = printed;
      }
    }
    os << (header.empty() ? "recurrence" : header) << " (" << location << ")\n";
    explainProof(os, analysis);
    os << chosen;
    result.recurrences.push_back(
        llvm::json::Object{{"location", location},
                           {"states", toJson(analysis)},
                           {"schedule", std::move(schedule)}});
  });
  return result;
}
