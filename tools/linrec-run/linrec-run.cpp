//===- linrec-run.cpp - compile, run, check and time a function -----------===//

#include "CommandLine.h"
#include "Compiled.h"
#include "Explain.h"
#include "OnDevice.h"
#include "Program.h"
#include "Reference.h"
#include "Report.h"
#include "Stream.h"
#include "linrec/InitLinRec.h"
#include "linrec/Pipelines/Kernels.h"
#include "linrec/Run/Npy.h"
#include "linrec/Run/Wav.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <thread>

using namespace mlir;
using namespace linrec;

static llvm::Expected<std::vector<Array>>
makeArguments(const Program &program, const CommandLine &line,
              ArgumentContext &context) {
  if (line.arguments.size() != program.arguments.size())
    return llvm::createStringError(
        "@" + Twine(program.entry.getName()) + " takes " +
        Twine(program.arguments.size()) + " arguments, but " +
        Twine(line.arguments.size()) + " were given");
  std::vector<Array> arrays;
  for (auto [i, word] : llvm::enumerate(line.arguments)) {
    auto array = makeArgument(word, i, program.arguments[i], context);
    if (!array)
      return array.takeError();
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

/// Inputs, outputs and states once each; elements of the outs.
static void countTraffic(const Program &program, ArrayRef<Array> arguments,
                         ArrayRef<Array> outputs, TimeReport &time) {
  for (const Array &argument : arguments)
    time.bytes += argument.getNumBytes();
  for (auto [i, output] : llvm::enumerate(outputs)) {
    if (program.outputArguments[i] < 0)
      time.bytes += output.getNumBytes();
    if (program.roles[i] != Role::State)
      time.elements += output.getNumElements();
  }
}

static llvm::Error writeOutput(StringRef path, const Array &array, int rate) {
  if (!path.ends_with_insensitive(".wav"))
    return writeNpy(path, array);
  llvm::Expected<int64_t> numClipped = writeWav(path, array, rate);
  if (!numClipped)
    return numClipped.takeError();
  if (*numClipped)
    llvm::errs() << "warning: " << path << ": " << *numClipped
                 << " samples were outside [-1, 1) and were clipped\n";
  return llvm::Error::success();
}

static llvm::Error writeOutputs(const CommandLine &line,
                                ArrayRef<Array> outputs, int rate) {
  // A JSON report on standard output stands alone.
  bool quiet = line.json && line.reportFile.empty();
  for (auto [i, output] : llvm::enumerate(outputs)) {
    if (i >= line.outputs.size()) {
      if (!quiet)
        printSummary(llvm::outs(), i, output);
      continue;
    }
    if (line.outputs[i] == "-")
      continue;
    if (llvm::Error error = writeOutput(line.outputs[i], output, rate))
      return error;
  }
  return llvm::Error::success();
}

static llvm::Error writeReport(const CommandLine &line, const Report &report) {
  auto print = [&](llvm::raw_ostream &os) {
    line.json ? report.printJson(os) : report.printText(os);
  };
  if (line.reportFile.empty()) {
    print(llvm::outs());
    return llvm::Error::success();
  }
  std::error_code code;
  llvm::raw_fd_ostream os(line.reportFile, code);
  if (code)
    return llvm::createStringError(line.reportFile + ": " + code.message());
  print(os);
  return llvm::Error::success();
}

static llvm::Error writeEmitted(Program &program, ArrayRef<Array> arguments,
                                const CommandLine &line) {
  auto text = emit(program, arguments, line);
  if (!text)
    return text.takeError();
  std::string path = line.outputs.empty() ? "-" : line.outputs[0];
  std::error_code code;
  llvm::raw_fd_ostream os(path, code);
  if (code)
    return llvm::createStringError(path + ": " + code.message());
  os << *text;
  return llvm::Error::success();
}

/// Runs the target that was asked for, and notes its times.
static llvm::Expected<Outcome> runTarget(Program &program,
                                         ArrayRef<Array> arguments,
                                         const CommandLine &line,
                                         Report &report) {
  report.entry = program.entry.getName().str();
  report.target = nameOf(line.target);
  report.threads = line.threads
                       ? line.threads
                       : std::max(std::thread::hardware_concurrency(), 1u);
  if (line.target == Target::Reference)
    report.threads = 1;
  if (line.stream)
    return runStream(program, arguments, line, report.compileSeconds);
  if (line.target == Target::Reference)
    return runOnReference(program, arguments, line);
  std::unique_ptr<OnDevice> device;
  if (line.isOnDevice()) {
    auto opened = OnDevice::open(line);
    if (!opened)
      return opened.takeError();
    device = std::move(*opened);
  }
  auto compiled = Compiled::create(program, arguments, line, device.get());
  if (!compiled)
    return compiled.takeError();
  report.compileSeconds = compiled->getCompileSeconds();
  auto outcome = compiled->run(arguments, line.runs);
  if (device)
    device->tell(report);
  return outcome;
}

/// Everything but the exit code of a failed check.
static llvm::Error run(const CommandLine &line, Report &report) {
  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  linrec::registerAllDialects(registry);
  linrec::registerTranslations(registry);
  registerKernelModels(registry);
  if (line.isOnDevice() || line.emit == "ptx")
    mlir::registerAllGPUToLLVMIRTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto program = loadProgram(context, line);
  if (!program)
    return program.takeError();
  if (line.emit.empty() && line.outputs.size() > program->outputs.size())
    return llvm::createStringError("-o is given " + Twine(line.outputs.size()) +
                                   " times, but @" +
                                   Twine(program->entry.getName()) + " has " +
                                   Twine(program->outputs.size()) + " results");
  ArgumentContext argumentContext;
  argumentContext.seed = line.seed;
  std::vector<Array> arguments;
  if (line.emit.empty() || !line.arguments.empty()) {
    auto made = makeArguments(*program, line, argumentContext);
    if (!made)
      return made.takeError();
    arguments = std::move(*made);
  }
  if (!line.emit.empty())
    return writeEmitted(*program, arguments, line);

  if ((line.explain || line.json) && !line.isOnDevice()) {
    auto explanation = explain(*program, arguments);
    if (!explanation)
      return explanation.takeError();
    report.recurrences = std::move(explanation->recurrences);
    if (line.explain)
      (line.json && line.reportFile.empty() ? llvm::errs() : llvm::outs())
          << explanation->text;
  }
  auto outcome = runTarget(*program, arguments, line, report);
  if (!outcome)
    return outcome.takeError();
  if (line.runs) {
    report.time = summarise(outcome->seconds);
    countTraffic(*program, arguments, outcome->outputs, *report.time);
  }
  if (line.check)
    if (llvm::Error error =
            checkOutputs(*program, arguments, outcome->outputs, report))
      return error;
  if (llvm::Error error = writeOutputs(
          line, outcome->outputs, argumentContext.soundRate.value_or(48000)))
    return error;
  return writeReport(line, report);
}

int main(int argc, char **argv) {
  auto fail = [](llvm::Error error) {
    llvm::errs() << "error: " << llvm::toString(std::move(error)) << '\n';
    return 1;
  };
  auto line =
      CommandLine::parse(llvm::ArrayRef<const char *>(argv + 1, argv + argc));
  if (!line)
    return fail(line.takeError());
  if (line->help) {
    llvm::outs() << kUsage;
    return 0;
  }
  Report report;
  if (llvm::Error error = run(*line, report))
    return fail(std::move(error));
  return report.allChecksPassed() && !report.hasFindings ? 0 : 2;
}
