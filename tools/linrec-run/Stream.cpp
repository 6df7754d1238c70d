//===- Stream.cpp - a sequence, a block at a time -------------------------===//

#include "Stream.h"
#include "Diagnostics.h"
#include "Reference.h"
#include "linrec/Derive/StepForm.h"
#include <cstring>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Parts of arrays
//===----------------------------------------------------------------------===//

/// Copies steps [begin, begin + count) of `whole` into `part`, or back.
static void copySteps(Array &whole, Array &part, unsigned time, int64_t begin,
                      bool intoWhole) {
  int64_t outer = 1, inner = getNumBytes(whole.type);
  for (unsigned dim = 0; dim < whole.shape.size(); ++dim)
    (dim < time ? outer : inner) *= dim == time ? 1 : whole.shape[dim];
  int64_t row = whole.shape[time] * inner, size = part.shape[time] * inner;
  for (int64_t i = 0; i < outer; ++i) {
    char *there = whole.bytes.data() + i * row + begin * inner;
    char *here = part.bytes.data() + i * size;
    std::memcpy(intoWhole ? there : here, intoWhole ? here : there, size);
  }
}

namespace {
class Stream {
public:
  Stream(ArrayRef<Array> arguments, const CommandLine &line)
      : arguments(arguments), line(line), once(line) {
    once.runs = 0;
  }
  /// Derives the form that runs blocks; finds the number of steps.
  llvm::Error prepare(Program &program);
  llvm::Expected<Outcome> run(double &compileSeconds);

private:
  llvm::Error findSteps(StringRef name);
  std::vector<Array> makeBlock(int64_t begin, int64_t end);
  void carry(Outcome &outcome);
  void keep(Outcome &outcome, int64_t begin, std::vector<Array> &whole);
  llvm::Error runAll(Outcome &total, Compiled *compiled);

  ArrayRef<Array> arguments;
  const CommandLine &line;
  CommandLine once; // of one block: time is taken of all
  Program blocks;   // the program that runs one block
  StepSignature signature;
  int64_t numSteps = 0;
  /// By argument: the state as the last block has left it.
  std::vector<std::optional<Array>> states;
};
} // namespace

llvm::Error Stream::prepare(Program &program) {
  OwningOpRef<ModuleOp> module(program.module->clone());
  auto entry = module->lookupSymbol<func::FuncOp>(program.entry.getName());
  FirstError firstError(module->getContext());
  auto form = deriveBlock(entry);
  if (failed(form))
    return firstError.get("@" + entry.getName() + " cannot be run in blocks");
  if (!form->function)
    return llvm::createStringError("@" + entry.getName() +
                                   " has no recurrence, so there is no time "
                                   "to stream along");
  signature = form->signature;
  auto described = describeProgram(std::move(module), form->function);
  if (!described)
    return described.takeError();
  blocks = std::move(*described);
  states.resize(arguments.size());
  return findSteps(program.entry.getName());
}

llvm::Error Stream::findSteps(StringRef name) {
  std::optional<unsigned> first;
  for (unsigned i = 0; i < arguments.size(); ++i) {
    std::optional<unsigned> time = signature.arguments[i];
    if (!time)
      continue;
    int64_t steps = arguments[i].shape[*time];
    if (first && steps != numSteps)
      return llvm::createStringError("argument " + Twine(i) + " has " +
                                     Twine(steps) + " steps, but argument " +
                                     Twine(*first) + " has " + Twine(numSteps));
    if (!first)
      first = i;
    numSteps = steps;
  }
  if (!first)
    return llvm::createStringError("no argument of @" + name +
                                   " has time, so there is nothing to stream");
  return llvm::Error::success();
}

/// Copies, but of arguments without time only at the first block.
std::vector<Array> Stream::makeBlock(int64_t begin, int64_t end) {
  std::vector<Array> block;
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    std::optional<unsigned> time = signature.arguments[i];
    if (!time) {
      block.push_back(states[i] ? states[i]->clone() : argument.clone());
      continue;
    }
    SmallVector<int64_t, 4> shape(argument.shape);
    shape[*time] = end - begin;
    block.emplace_back(argument.type, shape);
    // The whole is only read.
    copySteps(const_cast<Array &>(argument), block.back(), *time, begin,
              /*intoWhole=*/false);
  }
  if (signature.readsIndex) {
    block.emplace_back(ElementType::Index, ArrayRef<int64_t>());
    *block.back().data<int64_t>() = begin;
  }
  return block;
}

/// The argument that the next block takes an output as, if it is a state.
static std::optional<unsigned> findCarried(const StepSignature &signature,
                                           const Output &output) {
  if (output.result >= 0)
    return signature.carried[output.result];
  if (signature.arguments[output.argument])
    return std::nullopt;
  return output.argument;
}

void Stream::carry(Outcome &outcome) {
  for (auto [output, array] : llvm::zip(blocks.outputs, outcome.outputs))
    if (auto argument = findCarried(signature, output))
      states[*argument] = array.clone();
}

/// Puts a block's outputs in their places in the whole ones.
void Stream::keep(Outcome &outcome, int64_t begin, std::vector<Array> &whole) {
  for (auto [i, output] : llvm::enumerate(blocks.outputs)) {
    Array &part = outcome.outputs[i];
    std::optional<unsigned> time = output.result >= 0
                                       ? signature.results[output.result]
                                       : signature.arguments[output.argument];
    if (!time) {
      whole[i] = std::move(part); // the last one stays
      continue;
    }
    if (begin == 0) {
      SmallVector<int64_t, 4> shape(part.shape);
      shape[*time] = numSteps;
      whole[i] = Array(part.type, shape);
    }
    copySteps(whole[i], part, *time, begin, /*intoWhole=*/true);
  }
}

/// One pass over the sequence: outputs, and the time of all calls.
llvm::Error Stream::runAll(Outcome &total, Compiled *compiled) {
  llvm::fill(states, std::nullopt);
  total.outputs.clear();
  total.outputs.resize(blocks.outputs.size());
  double &seconds = total.seconds.emplace_back(0);
  int64_t begin = 0;
  do { // no steps: one empty block
    int64_t end = std::min<int64_t>(begin + line.stream, numSteps);
    std::vector<Array> block = makeBlock(begin, end);
    auto outcome = compiled ? compiled->run(block, /*runs=*/0)
                            : runOnReference(blocks, block, once);
    if (!outcome)
      return outcome.takeError();
    seconds += compiled ? outcome->firstSeconds : outcome->seconds.front();
    carry(*outcome);
    keep(*outcome, begin, total.outputs);
    begin = end;
  } while (begin < numSteps);
  return llvm::Error::success();
}

llvm::Expected<Outcome> Stream::run(double &compileSeconds) {
  std::optional<Compiled> compiled;
  if (line.target != Target::Reference) {
    auto made = Compiled::create(
        blocks, makeBlock(0, std::min<int64_t>(line.stream, numSteps)), line);
    if (!made)
      return made.takeError();
    compileSeconds = made->getCompileSeconds();
    compiled.emplace(std::move(*made));
  }
  Outcome total;
  for (unsigned i = 0; i <= line.runs; ++i)
    if (llvm::Error error = runAll(total, compiled ? &*compiled : nullptr))
      return std::move(error);
  total.seconds.erase(total.seconds.begin()); // the first is not for the clock
  return total;
}

llvm::Expected<Outcome> linrec::runStream(Program &program,
                                          ArrayRef<Array> arguments,
                                          const CommandLine &line,
                                          double &compileSeconds) {
  Stream stream(arguments, line);
  if (llvm::Error error = stream.prepare(program))
    return std::move(error);
  return stream.run(compileSeconds);
}
