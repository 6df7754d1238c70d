//===- CommandLine.cpp - what the user of linrec-run asked for ------------===//

#include "CommandLine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace linrec;
using llvm::Error;
using llvm::StringRef;

const char *const linrec::kUsage =
    R"(linrec-run compiles a function, runs it on arrays, and checks and times it.

usage: linrec-run FILE.mlir|- [options] ARG...

ARG, one for each argument of the function, in order:
  FILE.npy              an array of the argument's type (bf16 as uint16)
  FILE.wav              sound: f32, [frames] or [frames, channels]
  0.5  7  1+2i          a number, for a scalar or a tensor of rank 0
  zeros:4x128  ones:..  normal:..  uniform(-1,1):..  iota:..

options:
  --entry=NAME          the function; default: the only public one
  -o OUT                OUT.npy or OUT.wav, once for each result in order;
                        - drops a result. Others are summarised
  --target=cpu|reference|ptx-sim|cuda
                        compiled code (default), or the interpreter, or code
                        whose kernels run on the PTX simulator or on a GPU
  --chip=sm_80          the GPU that kernels are compiled for
  --threads=N           default: all cores
  --check               compare with the reference (rule N8)
  --time[=RUNS]         time RUNS calls; default 10
  --stream=N            feed N steps at a time, with states carried between
  --reference=wide|declared
                        the numbers that --target=reference computes in
  --explain             say what was proven and chosen
  --emit=STAGE|llvm|asm|obj|ptx
                        write the program at that stage instead of running it
  --seed=N              for normal and uniform; default 0
  --report=text|json    how results, times and checks are told
  --report-file=FILE    where; default: standard output

exit code: 0, 1 for bad input, 2 if the check failed or the simulator found
something
)";

static Error malformed(StringRef word, const llvm::Twine &expected) {
  return llvm::createStringError("option '" + word + "': expected " + expected);
}

/// Whether a word that begins with '-' is a number and not an option.
static bool isNegativeNumber(StringRef word) {
  return word.size() > 1 && word[0] == '-' &&
         (llvm::isDigit(word[1]) || word[1] == '.' || word == "-i" ||
          word.starts_with("-inf") || word.starts_with("-nan"));
}

static Error parseChoice(StringRef word, StringRef value, StringRef yes,
                         StringRef no, bool &choice) {
  if (value != yes && value != no)
    return malformed(word, yes + " or " + no);
  choice = value == yes;
  return Error::success();
}

static constexpr Target kTargets[] = {Target::CPU, Target::Reference,
                                      Target::PTXSim, Target::CUDA};

const char *linrec::nameOf(Target target) {
  constexpr const char *names[] = {"cpu", "reference", "ptx-sim", "cuda"};
  return names[int(target)]; // in the order of the enum
}

static Error parseTarget(StringRef word, StringRef value, Target &target) {
  for (Target one : kTargets)
    if (value == nameOf(one)) {
      target = one;
      return Error::success();
    }
  return malformed(word, "cpu, reference, ptx-sim or cuda");
}

static Error parseCount(StringRef word, StringRef value, unsigned &count) {
  if (value.getAsInteger(10, count) || count == 0)
    return malformed(word, "a whole number above 0");
  return Error::success();
}

/// An option of the form --name or --name=value.
static Error parseOption(CommandLine &line, StringRef word) {
  auto [name, value] = word.split('=');
  bool hasValue = name.size() != word.size();
  if (!hasValue && (name == "--help" || name == "-h"))
    line.help = true;
  else if (!hasValue && name == "--check")
    line.check = true;
  else if (!hasValue && name == "--explain")
    line.explain = true;
  else if (!hasValue && name == "--time")
    line.runs = 10;
  else if (name == "--time")
    return parseCount(word, value, line.runs);
  else if (name == "--stream")
    return parseCount(word, value, line.stream);
  else if (name == "--threads")
    return parseCount(word, value, line.threads);
  else if (name == "--target")
    return parseTarget(word, value, line.target);
  else if (name == "--reference")
    return parseChoice(word, value, "wide", "declared", line.wide);
  else if (name == "--report")
    return parseChoice(word, value, "json", "text", line.json);
  else if (name == "--seed") {
    if (value.getAsInteger(10, line.seed))
      return malformed(word, "a whole number");
  } else if (llvm::is_contained(
                 {"--entry", "--emit", "--report-file", "--chip"}, name)) {
    if (value.empty())
      return malformed(word, name + "=" +
                                 (name == "--entry"  ? "NAME"
                                  : name == "--emit" ? "STAGE"
                                  : name == "--chip" ? "sm_80"
                                                     : "FILE"));
    if (name == "--entry")
      line.entry = value.str();
    else
      (name == "--emit"   ? line.emit
       : name == "--chip" ? line.chip
                          : line.reportFile) = value.str();
  } else {
    return llvm::createStringError("unknown option '" + word +
                                   "'; linrec-run --help lists them");
  }
  return Error::success();
}

/// What does not go together.
static Error checkCombination(const CommandLine &line) {
  if (line.stream && line.isOnDevice())
    return llvm::createStringError(
        "--stream feeds recurrences, which have no lowering to a GPU; leave "
        "out --target=" +
        llvm::Twine(nameOf(line.target)));
  if (line.file.empty())
    return llvm::createStringError("no input file; expected FILE.mlir, or - "
                                   "for standard input");
  if (!line.emit.empty()) {
    if (line.outputs.size() > 1)
      return llvm::createStringError(
          "--emit writes one file, but -o is given " +
          llvm::Twine(line.outputs.size()) + " times");
    if (line.check || line.runs || line.target == Target::Reference ||
        line.stream)
      return llvm::createStringError(
          "--emit runs nothing; leave out --check, --time, --stream and "
          "--target=reference");
    return Error::success();
  }
  for (StringRef output : line.outputs)
    if (output != "-" && !output.ends_with_insensitive(".npy") &&
        !output.ends_with_insensitive(".wav"))
      return llvm::createStringError("output '" + output +
                                     "': expected OUT.npy, OUT.wav, or - to "
                                     "drop the result");
  return Error::success();
}

llvm::Expected<CommandLine>
CommandLine::parse(llvm::ArrayRef<const char *> words) {
  CommandLine line;
  bool onlyArguments = false; // after "--"
  for (size_t i = 0; i < words.size(); ++i) {
    StringRef word = words[i];
    if (!onlyArguments && word == "--") {
      onlyArguments = true;
    } else if (!onlyArguments && word == "-o") {
      if (++i == words.size())
        return malformed(word, "a file after it");
      line.outputs.push_back(words[i]);
    } else if (!onlyArguments && word.size() > 1 && word[0] == '-' &&
               !isNegativeNumber(word)) {
      if (Error error = parseOption(line, word))
        return std::move(error);
    } else if (line.file.empty()) {
      line.file = word.str();
    } else {
      line.arguments.push_back(word.str());
    }
  }
  if (line.help)
    return line;
  if (Error error = checkCombination(line))
    return std::move(error);
  return line;
}
