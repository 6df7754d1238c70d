//===- CommandLine.h - what the user of linrec-run asked for ----*- C++ -*-===//
//
// The command line of linrec-run, parsed by hand: its ARGs may be numbers such
// as -0.5, and options may stand before or after them.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TOOLS_LINREC_RUN_COMMANDLINE_H
#define LINREC_TOOLS_LINREC_RUN_COMMANDLINE_H

#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace linrec {

enum class Target { CPU, Reference, PTXSim, CUDA };
/// As --target spells it.
const char *nameOf(Target target);

struct CommandLine {
  std::string file; // "-" is standard input
  std::vector<std::string> arguments;
  std::optional<std::string> entry;
  /// Where results go, in order; "-" drops one.
  std::vector<std::string> outputs;
  Target target = Target::CPU;
  std::string chip; // of a GPU, as LLVM calls it; empty: the default
  /// Which numbers the reference computes in, as a target.
  bool wide = true;
  unsigned threads = 0; // 0: all cores
  bool check = false;
  unsigned runs = 0;   // 0: no timing
  unsigned stream = 0; // steps of a block; 0: all at once
  bool explain = false;
  std::string emit; // a stage, llvm, asm, obj or ptx; empty: run
  uint64_t seed = 0;
  bool json = false;
  std::string reportFile;
  bool help = false;

  /// Whether kernels run on a GPU, or on the simulator.
  bool isOnDevice() const {
    return target == Target::PTXSim || target == Target::CUDA;
  }

  static llvm::Expected<CommandLine> parse(llvm::ArrayRef<const char *> words);
};

extern const char *const kUsage;

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_COMMANDLINE_H
