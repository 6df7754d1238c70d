//===- Arguments.h - the command line of linrec-ptx-run ---------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options, and one ARG for each kernel parameter: a buffer in, inout or out, or
// a scalar.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTX_RUN_ARGUMENTS_H
#define LINREC_PTX_RUN_ARGUMENTS_H

#include "linrec/PTXSim/Npy.h"
#include "linrec/PTXSim/Simulator.h"

namespace linrec::ptxsim {

struct Argument {
  enum Kind { In, InOut, Out, Scalar } kind = Scalar;
  NpyArray array;      // of buffers
  std::string outFile; // of inout and out
  uint64_t bits = 0;   // of scalars
  unsigned size = 0;   // of scalars, in bytes
};

struct CommandLine {
  std::string file, kernel, reportFile;
  Launch launch;
  RunOptions options;
  unsigned seeds = 1;
  bool json = false, help = false, hasGrid = false, hasBlock = false;
  std::vector<Argument> arguments;
};

extern const char *const usage;

/// Parses the command line and reads the files that it names.
bool parseCommandLine(int argc, char **argv, CommandLine &line,
                      std::string &error);

} // namespace linrec::ptxsim

#endif // LINREC_PTX_RUN_ARGUMENTS_H
