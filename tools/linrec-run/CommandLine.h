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

struct CommandLine {
  std::string file; // "-" is standard input
  std::vector<std::string> arguments;
  std::optional<std::string> entry;
  /// Where results go, in order; "-" drops one.
  std::vector<std::string> outputs;
  bool onReference = false;
  /// Which numbers the reference computes in, as a target.
  bool wide = true;
  unsigned threads = 0; // 0: all cores
  bool check = false;
  unsigned runs = 0;   // 0: no timing
  unsigned stream = 0; // steps of a block; 0: all at once
  bool explain = false;
  std::string emit; // a stage, llvm, asm or obj; empty: run
  uint64_t seed = 0;
  bool json = false;
  std::string reportFile;
  bool help = false;

  static llvm::Expected<CommandLine> parse(llvm::ArrayRef<const char *> words);
};

extern const char *const kUsage;

} // namespace linrec

#endif // LINREC_TOOLS_LINREC_RUN_COMMANDLINE_H
