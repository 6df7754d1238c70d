//===- linrec-ptx-run.cpp - run a PTX kernel without a GPU ----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "linrec/PTXSim/Report.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <thread>

using namespace linrec::ptxsim;

static int fail(const std::string &message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  return 1;
}

static bool readText(const std::string &path, std::string &text) {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  char chunk[1 << 16];
  size_t got;
  while ((got = std::fread(chunk, 1, sizeof chunk, file)) > 0)
    text.append(chunk, got);
  bool ok = !std::ferror(file);
  std::fclose(file);
  return ok;
}

/// Puts buffers into memory, and addresses and scalars into the parameters.
static bool bindArguments(CommandLine &line, const Kernel &kernel,
                          GlobalMemory &memory, std::string &error) {
  const auto &params = kernel.params();
  if (params.size() != line.arguments.size()) {
    error = "kernel '" + kernel.name() + "' has " +
            std::to_string(params.size()) + " parameters; " +
            std::to_string(line.arguments.size()) + " arguments are given";
    return false;
  }
  line.launch.params.assign(kernel.paramBytes(), 0);
  for (size_t k = 0; k < params.size(); ++k) {
    Argument &argument = line.arguments[k];
    uint64_t bits = argument.bits;
    unsigned size = argument.size;
    if (argument.kind != Argument::Scalar) {
      size = 8;
      bits =
          memory.add(params[k].name, argument.array.data.data(),
                     argument.array.data.size(), argument.kind == Argument::In,
                     argument.kind != Argument::Out);
    }
    if (size != params[k].size) {
      error = "argument " + std::to_string(k + 1) + " has " +
              std::to_string(size) + " bytes; parameter '" + params[k].name +
              "' has " + std::to_string(params[k].size);
      return false;
    }
    std::memcpy(line.launch.params.data() + kernel.paramOffset(k), &bits, size);
  }
  return true;
}

int main(int argc, char **argv) {
  CommandLine line;
  std::string error, text;
  if (!parseCommandLine(argc, argv, line, error))
    return fail(error);
  if (line.help) {
    std::fputs(usage, stdout);
    return 0;
  }
  if (!readText(line.file, text))
    return fail("cannot read '" + line.file + "'");
  auto module = parseModule(text, line.file, error);
  Kernel kernel;
  GlobalMemory memory;
  if (!module || !kernel.load(*module, line.kernel, error) ||
      !bindArguments(line, kernel, memory, error))
    return fail(error);
  SeedsResult result =
      runSeeds(kernel, memory, line.launch, line.options, line.seeds,
               std::max(1u, std::thread::hardware_concurrency()));
  if (!result.error.empty())
    return fail("kernel '" + kernel.name() + "': " + result.error);
  for (const Argument &argument : line.arguments)
    if (!argument.outFile.empty() &&
        !writeNpy(argument.outFile, argument.array, error))
      return fail(error);
  std::string report = line.json ? jsonReport(kernel.name(), result)
                                 : textReport(kernel.name(), result);
  std::FILE *out = line.reportFile.empty()
                       ? stdout
                       : std::fopen(line.reportFile.c_str(), "wb");
  if (!out || std::fputs(report.c_str(), out) < 0 || std::fflush(out) != 0)
    return fail("cannot write '" + line.reportFile + "'");
  if (out != stdout)
    std::fclose(out);
  bool defects =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [](const Finding &finding) { return !finding.isWarning(); });
  return defects ? 2 : 0;
}
