//===- linrec-translate.cpp - objects and C headers -----------------------===//
//
// Ahead of time: every public function of a module becomes a C entry in an
// object file, with a header that declares it (docs/ABI.md).
//
//===----------------------------------------------------------------------===//

#include "linrec/InitLinRec.h"
#include "linrec/Run/Executable.h"
#include "linrec/Run/Header.h"
#include "linrec/Run/Machine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace linrec;
namespace cl = llvm::cl;

namespace {
enum class Emit { Object, Assembly, LLVM, Header };
} // namespace

static cl::OptionCategory category("linrec-translate options");
static cl::opt<std::string> input(cl::Positional, cl::desc("FILE.mlir|-"),
                                  cl::init("-"), cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("Where to write; - is standard output"),
                                   cl::value_desc("FILE"), cl::init("-"),
                                   cl::cat(category));
static cl::opt<Emit> what(
    "emit", cl::desc("What to write:"), cl::init(Emit::Object),
    cl::values(clEnumValN(Emit::Object, "obj", "a relocatable object"),
               clEnumValN(Emit::Assembly, "asm", "assembly"),
               clEnumValN(Emit::LLVM, "llvm", "optimised LLVM IR"),
               clEnumValN(Emit::Header, "header", "the C header alone")),
    cl::cat(category));
static cl::opt<std::string> header("header", cl::desc("Also write the C header to this file"),
                                   cl::value_desc("FILE.h"), cl::cat(category));
static cl::opt<std::string> triple("target", cl::desc("Target triple (default: this machine's)"),
                                   cl::cat(category));
static cl::opt<std::string> cpu("cpu", cl::desc("CPU by LLVM's name, or native (default: native here, generic for another --target)"),
                                cl::init("native"), cl::cat(category));
static cl::opt<std::string> features("features", cl::desc("Features to add or remove, as +avx2,-fma"),
                                     cl::cat(category));
static cl::list<std::string> extents(
    "extents",
    cl::desc("Extents that an argument usually has, as NUMBER=4x1024x64: they "
             "choose a schedule, the code is right for any"),
    cl::value_desc("NUMBER=EXTENTS"), cl::cat(category));

static int fail(const llvm::Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return 1;
}

/// Notes --extents on the arguments of every public function.
static llvm::Error noteExtents(mlir::ModuleOp module) {
  for (const std::string &text : extents) {
    auto [number, shape] = llvm::StringRef(text).split('=');
    unsigned argument;
    llvm::SmallVector<int64_t> values;
    llvm::SmallVector<llvm::StringRef> parts;
    shape.split(parts, 'x');
    bool ok = !number.getAsInteger(10, argument);
    for (llvm::StringRef part : parts) {
      values.emplace_back();
      ok &= !part.getAsInteger(10, values.back()) && values.back() >= 0;
    }
    if (!ok)
      return llvm::createStringError("--extents=" + text +
                                     ": expected NUMBER=EXTENTS, as 0=4x1024x64");
    bool found = false;
    for (auto function : module.getOps<mlir::func::FuncOp>()) {
      if (!function.isPublic() || argument >= function.getNumArguments())
        continue;
      auto type = llvm::dyn_cast<mlir::ShapedType>(function.getArgument(argument).getType());
      if (!type || type.getRank() != int64_t(values.size()))
        continue;
      found = true;
      function.setArgAttr(argument, "linrec.extents",
                          mlir::DenseI64ArrayAttr::get(module->getContext(), values));
    }
    if (!found)
      return llvm::createStringError("--extents=" + text +
                                     ": no public function has an argument number " + number +
                                     " of that rank");
  }
  return llvm::Error::success();
}

static bool write(llvm::StringRef path, llvm::StringRef text) {
  std::string error;
  auto file = mlir::openOutputFile(path, &error);
  if (!file)
    return fail(error), false;
  file->os() << text;
  file->keep();
  return true;
}

/// The header's text; lowers the module to where results are known.
static std::string headerOf(mlir::ModuleOp module) {
  std::string guard = "LINREC_";
  std::string name = input == "-" ? "stdin" : llvm::sys::path::filename(input).str();
  for (char c : name)
    guard += isalnum(c) ? toupper(c) : '_';
  return makeHeader(module, guard + "_H", name);
}

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "LinRec: recurrences to objects and C headers\n");
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  linrec::registerAllDialects(registry);
  linrec::registerTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);

  std::string error;
  auto file = mlir::openInputFile(input, &error);
  if (!file)
    return fail(error);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  mlir::SourceMgrDiagnosticHandler handler(sources, &context);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(sources, &context);
  if (!module)
    return 1;
  if (llvm::Error bad = noteExtents(*module))
    return fail(llvm::toString(std::move(bad)));

  auto machine = Machine::create(triple, cpu, features);
  if (!machine)
    return fail(llvm::toString(machine.takeError()));
  CPUPipelineOptions options;
  options.target = (*machine)->getDescription();
  if (what == Emit::Header || !header.empty()) {
    mlir::OwningOpRef<mlir::ModuleOp> copy(module->clone());
    options.stopAfter = Stage::Bufferize;
    if (!runCPUPipeline(*copy, options))
      return 1;
    std::string text = headerOf(*copy);
    if (what == Emit::Header)
      return write(output, text) ? 0 : 1;
    if (!write(header, text))
      return 1;
  }
  options.stopAfter = Stage::LLVM;
  if (!runCPUPipeline(*module, options))
    return 1;
  llvm::LLVMContext llvmContext;
  auto translated = (*machine)->translate(*module, llvmContext);
  if (!translated)
    return fail(llvm::toString(translated.takeError()));
  if (what == Emit::LLVM) {
    std::string text;
    llvm::raw_string_ostream(text) << **translated;
    return write(output, text) ? 0 : 1;
  }
  auto bytes = (*machine)->emit(**translated, what == Emit::Assembly);
  if (!bytes)
    return fail(llvm::toString(bytes.takeError()));
  return write(output, llvm::StringRef(bytes->data(), bytes->size())) ? 0 : 1;
}
