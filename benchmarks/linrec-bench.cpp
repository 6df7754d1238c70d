//===- linrec-bench.cpp - generated kernels against hand-written ones -----===//
//
// Measures the cases of Cases.h, compiled from the dialect without hints, and
// prints medians and ratios, for people or as JSON. benchmarks/run calls it;
// benchmarks/README.md says how to read it.
//
//===----------------------------------------------------------------------===//

#include "Measure.h"
#include "linrec/InitLinRec.h"
#include "linrec/Run/Machine.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <dlfcn.h>

using namespace linrec;
using namespace linrec::bench;
namespace cl = llvm::cl;

static cl::opt<std::string>
    filter("filter", cl::desc("Only cases whose name starts with this"));
static cl::list<int> onThreads("on-threads", cl::CommaSeparated,
                               cl::desc("Threads of both kernels; default: 1"));
static cl::opt<int> runs("runs", cl::desc("Runs of each kernel"), cl::init(21));
static cl::opt<std::string> casesDir("cases",
                                     cl::desc("Directory of the .mlir files"),
                                     cl::init(LINREC_BENCHMARK_CASES));
static cl::opt<std::string>
    limitsLibrary("limits", cl::desc("Shared library made of limits.cpp"));
static cl::opt<bool> asJson("json", cl::desc("One JSON object a line"));

static llvm::Expected<Limits> loadLimits() {
  Limits limits;
  if (limitsLibrary.empty())
    return limits;
  void *library = dlopen(limitsLibrary.c_str(), RTLD_NOW);
  if (!library)
    return llvm::createStringError(dlerror());
  auto load = [&](auto &function, const char *name) {
    function = reinterpret_cast<std::decay_t<decltype(function)>>(
        dlsym(library, name));
  };
  load(limits.triad, "limit_triad");
  load(limits.firstOrder, "limit_first_order");
  load(limits.mamba1, "limit_mamba1");
  load(limits.rwkv7, "limit_rwkv7");
  load(limits.gla, "limit_gla");
  return limits;
}

static double goalOf(const Case &which, int threads) {
  auto goal = which.goals.find(threads);
  return goal == which.goals.end() ? 0 : goal->second;
}

static void printText(const Case &which, int threads, const Measurement &m) {
  double ours = median(m.ours);
  llvm::outs() << llvm::formatv(
      "{0,-30} {1} thread{2}  {3,10:f3} ms {4,7:f2} G{5}/s", which.name,
      threads, threads == 1 ? " " : "s", ours * 1e3, which.work / ours / 1e9,
      which.unit);
  if (auto ratio = m.ratioToLimit()) {
    llvm::outs() << llvm::formatv("  limit {0:f3} ms, ratio {1:f3}",
                                  median(m.limit) * 1e3, *ratio);
    if (double goal = goalOf(which, threads))
      llvm::outs() << llvm::formatv(" (asked {0:f2}{1})", goal,
                                    *ratio < goal ? ", MISSED" : "");
    llvm::outs() << llvm::formatv(", difference {0:e1}", *m.difference);
  }
  if (auto ratio = m.ratioToTriad())
    llvm::outs() << llvm::formatv(
        "  triad {0:f3} ms before, {1:f3} ms after, ratio {2:f3}",
        median(m.triadBefore) * 1e3, median(m.triadAfter) * 1e3, *ratio);
  llvm::outs() << llvm::formatv("\n    compiled in {0:f1} ms:",
                                m.compileSeconds() * 1e3);
  for (const auto &[stage, seconds] : m.compile)
    llvm::outs() << llvm::formatv(" {0} {1:f1}", stage, seconds * 1e3);
  llvm::outs() << "\n";
}

static void printJson(const Case &which, int threads, const Measurement &m) {
  llvm::json::Object stages;
  for (const auto &[stage, seconds] : m.compile)
    stages[stage] = seconds;
  llvm::json::Object object{{"case", which.name},
                            {"threads", threads},
                            {"work", which.work},
                            {"unit", which.unit},
                            {"seconds", m.ours},
                            {"median", median(m.ours)},
                            {"compile_seconds", std::move(stages)}};
  if (auto ratio = m.ratioToLimit()) {
    object["limit_median"] = median(m.limit);
    object["limit_ratio"] = *ratio;
    object["limit_goal"] = goalOf(which, threads);
    object["limit_difference"] = *m.difference;
  }
  if (auto ratio = m.ratioToTriad()) {
    object["triad_median"] = {median(m.triadBefore), median(m.triadAfter)};
    object["triad_ratio"] = *ratio;
  }
  llvm::outs() << llvm::json::Value(std::move(object)) << "\n";
}

static llvm::Error run() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  linrec::registerAllDialects(registry);
  linrec::registerTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto machine = Machine::create();
  if (!machine)
    return machine.takeError();
  auto limits = loadLimits();
  if (!limits)
    return limits.takeError();
  Setup setup;
  setup.casesDir = casesDir;
  setup.limits = *limits;
  setup.runs = runs;
  llvm::Error errors = llvm::Error::success();
  std::vector<int> counts(onThreads.begin(), onThreads.end());
  if (counts.empty())
    counts = {1};
  for (const Case &which : allCases()) {
    if (!llvm::StringRef(which.name).starts_with(filter))
      continue;
    for (int threads : counts) {
      setup.threads = threads;
      Executable::setThreads(threads);
      auto measurement = measure(which, setup, context, **machine);
      if (!measurement) { // the others are still worth having
        errors = llvm::joinErrors(std::move(errors), measurement.takeError());
        continue;
      }
      (asJson ? printJson : printText)(which, threads, *measurement);
      llvm::outs().flush();
    }
  }
  return errors;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv,
                              "LinRec's kernels against hand-written ones\n");
  if (llvm::Error error = run()) {
    llvm::errs() << "error: " << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
