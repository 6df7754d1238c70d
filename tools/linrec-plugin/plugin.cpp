//===- plugin.cpp - LinRec inside the stock mlir-opt ----------------------===//
//
// Loaded with --load-dialect-plugin and --load-pass-plugin. mlir-opt reads its
// options before it loads a plugin, so our passes are named in
// --pass-pipeline=, not by flags of their own.
//
//===----------------------------------------------------------------------===//

#include "linrec/InitLinRec.h"
#include "llvm/Config/llvm-config.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

/// Either entry may come first, or alone; passes are registered once.
static void registerPassesOnce() {
  static const bool done = (linrec::registerAllPasses(), true);
  (void)done;
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "linrec", LLVM_VERSION_STRING,
          [](mlir::DialectRegistry *registry) {
            linrec::registerAllDialects(*registry);
            registerPassesOnce();
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "linrec-passes", LLVM_VERSION_STRING,
          [] { registerPassesOnce(); }};
}
