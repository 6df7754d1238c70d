//===- Reference.cpp - runs on the reference, and checks by it ------------===//

#include "Reference.h"
#include "linrec/Run/Check.h"
#include "mlir/IR/MLIRContext.h"
#include <chrono>
#include <thread>

using namespace mlir;
using namespace linrec;

static std::vector<Array> toArrays(const Program &program,
                                   const ReferenceRun &run) {
  std::vector<Array> arrays;
  for (auto [grid, type] : llvm::zip(run.outputs, program.outputTypes))
    arrays.push_back(toArray(grid, type));
  return arrays;
}

llvm::Expected<Outcome> linrec::runOnReference(const Program &program,
                                               ArrayRef<Array> arguments,
                                               const CommandLine &line) {
  Precision precision = getPrecision(program.entry, line.wide);
  Outcome outcome;
  for (unsigned i = 0; i < std::max(line.runs, 1u); ++i) {
    auto start = std::chrono::steady_clock::now();
    auto run = runReference(program.entry, arguments, precision);
    std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    if (!run)
      return run.takeError();
    outcome.seconds.push_back(elapsed.count());
    outcome.outputs = toArrays(program, *run);
  }
  return outcome;
}

/// Both references run at the same time.
llvm::Error linrec::checkOutputs(const Program &program,
                                 ArrayRef<Array> arguments,
                                 ArrayRef<Array> outputs, Report &report) {
  program.entry.getContext()->enableMultithreading();
  std::optional<llvm::Expected<ReferenceRun>> wide;
  std::thread worker([&] {
    wide.emplace(runReference(program.entry, arguments,
                              getPrecision(program.entry, /*wide=*/true)));
  });
  auto declared = runReference(program.entry, arguments,
                               getPrecision(program.entry, /*wide=*/false));
  worker.join();
  if (llvm::Error error = declared.takeError()) {
    llvm::consumeError(wide->takeError()); // it says the same
    return error;
  }
  if (llvm::Error error = wide->takeError())
    return error;
  for (auto [i, output] : llvm::enumerate(outputs))
    report.checks.push_back(checkResult(output, (*wide)->outputs[i],
                                        declared->outputs[i],
                                        declared->longestFold));
  return llvm::Error::success();
}
