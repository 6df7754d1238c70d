//===- linrec-bench.cpp - generated kernels against hand-written ones -----===//
//
// Compiles each case from the dialect without hints, and runs it and the limit
// kernel in turn on the same arrays, both writing the same out: medians, and
// the ratio of the two in one run. benchmarks/README.md says how to read it.
//
//===----------------------------------------------------------------------===//

#include "Arena.h"
#include "Cases.h"
#include "linrec/InitLinRec.h"
#include "linrec/Run/Executable.h"
#include "linrec/Run/Machine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <dlfcn.h>
#include <sched.h>

using namespace linrec;
using namespace linrec::bench;
namespace cl = llvm::cl;

static cl::opt<std::string> filter("filter", cl::desc("Only cases whose name contains this"));
static cl::opt<int> threads("on-threads", cl::desc("Threads of both kernels"), cl::init(1));
static cl::opt<int> runs("runs", cl::desc("Runs of each kernel"), cl::init(21));
static cl::opt<std::string> casesDir("cases", cl::desc("Directory of the .mlir files"), cl::init(LINREC_BENCHMARK_CASES));
static cl::opt<std::string> limitsLibrary("limits", cl::desc("Shared library made of limits.cpp"));

namespace {

/// What the compiled entry takes: descriptors of row-major arrays.
struct Descriptor {
  std::vector<int64_t> words;
  Descriptor(float *data, const std::vector<int64_t> &shape) {
    words = {int64_t(data), int64_t(data), 0};
    words.insert(words.end(), shape.begin(), shape.end());
    std::vector<int64_t> strides(shape.size(), 1);
    for (size_t i = shape.size(); i-- > 1;)
      strides[i - 1] = strides[i] * shape[i];
    words.insert(words.end(), strides.begin(), strides.end());
  }
};

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

Limits loadLimits() {
  Limits limits;
  if (limitsLibrary.empty())
    return limits;
  void *library = dlopen(limitsLibrary.c_str(), RTLD_NOW);
  if (!library) {
    llvm::errs() << "error: " << dlerror() << "\n";
    exit(1);
  }
  auto load = [&](auto &function, const char *name) {
    function = reinterpret_cast<std::decay_t<decltype(function)>>(dlsym(library, name));
  };
  load(limits.triad, "limit_triad");
  load(limits.firstOrder, "limit_first_order");
  load(limits.mamba1, "limit_mamba1");
  load(limits.rwkv7, "limit_rwkv7");
  load(limits.gla, "limit_gla");
  return limits;
}

class Runner {
public:
  Runner(const Case &which, const Limits &limits) : which(which), limits(limits) {}
  bool run(mlir::MLIRContext &context, Machine &machine);

private:
  std::unique_ptr<Executable> compile(mlir::MLIRContext &context, Machine &machine);
  void compare(const std::vector<float> &ours);
  void report(std::vector<double> ours, std::vector<double> theirs);

  const Case &which;
  const Limits &limits;
  std::vector<float *> arrays;
  double compileSeconds = 0;
};

} // namespace

std::unique_ptr<Executable> Runner::compile(mlir::MLIRContext &context, Machine &machine) {
  double start = now();
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(casesDir + "/" + which.file, &context);
  if (!module)
    return nullptr;
  auto function = module->lookupSymbol<mlir::func::FuncOp>(which.entry);
  for (auto [i, argument] : llvm::enumerate(which.arguments))
    if (!argument.shape.empty()) // a scalar has none
      function.setArgAttr(i, "linrec.extents", mlir::DenseI64ArrayAttr::get(&context, argument.shape));
  CPUPipelineOptions options;
  options.target = machine.getDescription();
  options.target.threads = threads;
  options.packedEntries = true;
  auto executable = Executable::compile(*module, machine, options);
  if (!executable) {
    llvm::errs() << "error: " << llvm::toString(executable.takeError()) << "\n";
    return nullptr;
  }
  compileSeconds = now() - start;
  return std::move(*executable);
}

void Runner::compare(const std::vector<float> &ours) {
  double error = 0, largest = 0;
  for (size_t i = 0; i < ours.size(); ++i) {
    double theirs = arrays[which.out][i];
    error = std::max(error, std::abs(ours[i] - theirs));
    largest = std::max(largest, std::abs(theirs));
    if (std::isnan(ours[i]) != std::isnan(theirs))
      error = INFINITY;
  }
  llvm::outs() << llvm::formatv("   difference {0:e1} of the largest value\n", error / largest);
}

void Runner::report(std::vector<double> ours, std::vector<double> theirs) {
  std::vector<double> ratios;
  for (size_t i = 0; i < theirs.size(); ++i)
    ratios.push_back(theirs[i] / ours[i]);
  double m = median(ours);
  llvm::outs() << llvm::formatv("{0,-36} {1,10:f3} ms  {2,7:f2} G{3}/s  compiled in {4:f0} ms", which.name, m * 1e3,
                                which.work / m / 1e9, which.unit, compileSeconds * 1e3);
  if (!theirs.empty())
    llvm::outs() << llvm::formatv("  limit {0:f3} ms  ratio {1:f3} (asked {2:f2})", median(theirs) * 1e3,
                                  median(ratios), which.goal);
  llvm::outs() << "\n";
}

bool Runner::run(mlir::MLIRContext &context, Machine &machine) {
  auto executable = compile(context, machine);
  if (!executable)
    return false;
  int64_t floats = 0;
  for (const Argument &argument : which.arguments)
    floats += argument.count();
  Arena arena(Arena::room(floats, which.arguments.size() + 1));
  std::vector<Descriptor> descriptors;
  std::vector<void *> pointers;
  for (const Argument &argument : which.arguments) {
    arrays.push_back(arena.array(argument.count(), argument.low, argument.high));
    descriptors.emplace_back(arrays.back(), argument.shape);
  }
  for (auto [argument, array, descriptor] : llvm::zip(which.arguments, arrays, descriptors))
    pointers.push_back(argument.shape.empty() ? static_cast<void *>(array) : descriptor.words.data());
  if (llvm::Error error = executable->call(which.entry, pointers)) {
    llvm::errs() << "error: " << llvm::toString(std::move(error)) << "\n";
    return false;
  }
  bool hasLimit = limits.triad;
  std::vector<float> result(arrays[which.out], arrays[which.out] + which.arguments[which.out].count());
  auto limit = [&] { which.limit(limits, arrays.data(), threads); };
  if (hasLimit)
    limit();

  Executable::Entry entry = executable->find(which.entry);
  auto time = [&](auto &&call, int inner) {
    double start = now();
    for (int i = 0; i < inner; ++i)
      call();
    return (now() - start) / inner;
  };
  auto ours = [&] { entry(pointers.data()); };
  int inner = std::max(1, int(50e-6 / time(ours, 3)));
  std::vector<double> oursTimes, theirTimes;
  for (int i = 0; i < runs; ++i) {
    oursTimes.push_back(time(ours, inner));
    if (hasLimit)
      theirTimes.push_back(time(limit, inner));
  }
  report(oursTimes, theirTimes);
  if (hasLimit)
    compare(result);
  return true;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "LinRec's kernels against hand-written ones\n");
  Executable::setThreads(threads);
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  linrec::registerAllDialects(registry);
  linrec::registerTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto machine = Machine::create();
  if (!machine) {
    llvm::errs() << "error: " << llvm::toString(machine.takeError()) << "\n";
    return 1;
  }
  Limits limits = loadLimits();
  bool ok = true;
  for (const Case &which : allCases())
    if (which.name.find(filter) != std::string::npos)
      ok &= Runner(which, limits).run(context, **machine);
  return ok ? 0 : 1;
}
