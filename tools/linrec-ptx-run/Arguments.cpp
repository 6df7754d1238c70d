//===- Arguments.cpp - the command line of linrec-ptx-run -----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace linrec::ptxsim;

const char *const linrec::ptxsim::usage =
    R"(usage: linrec-ptx-run FILE.ptx --kernel=NAME --grid=X[,Y[,Z]] --block=X[,Y[,Z]] [options] ARG...

Runs a PTX kernel on the CPU and says what is wrong with it and what it costs.

ARG, one for each kernel parameter, in order:
  in:FILE.npy            a buffer that the kernel may only read
  inout:FILE.npy:OUT.npy a buffer, written to OUT.npy afterwards
  out:OUT.npy:TYPE[SHAPE] an uninitialized buffer, as in f32[4x128]
  TYPE:VALUE             a scalar, as in u32:7 or f32:0.5
TYPE is i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 f64; bf16 files are uint16.

Options:
  --kernel=NAME          the kernel; may be left out where the file has one
  --shared=BYTES         dynamic shared memory (0)
  --seeds=N              how many interleavings to run (1)
  --residency=N          how many blocks are resident at once (8)
  --weak                 the weak-memory mode
  --perturb              disturb approximations by their documented error
  --no-checks            no checks of races and initialization
  --report=text|json     the form of the report (text)
  --report-file=FILE     where it goes (standard output)

Exit code 0: clean, or warnings only; 2: findings; 1: bad usage or input.
)";

namespace {

struct ElementType {
  const char *name, *npy;
  unsigned size;
  bool isFloat, isSigned;
};
constexpr ElementType elementTypes[] = {
    {"i8", "i1", 1, false, true},  {"u8", "u1", 1, false, false},
    {"i16", "i2", 2, false, true}, {"u16", "u2", 2, false, false},
    {"i32", "i4", 4, false, true}, {"u32", "u4", 4, false, false},
    {"i64", "i8", 8, false, true}, {"u64", "u8", 8, false, false},
    {"f16", "f2", 2, true, true},  {"bf16", "u2", 2, true, true},
    {"f32", "f4", 4, true, true},  {"f64", "f8", 8, true, true}};

const ElementType *findType(const std::string &name) {
  for (const ElementType &type : elementTypes)
    if (name == type.name)
      return &type;
  return nullptr;
}

bool parseUnsigned(const std::string &text, uint64_t most, uint64_t &value) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    return false;
  errno = 0;
  value = std::strtoull(text.c_str(), nullptr, 10);
  return errno == 0 && value <= most;
}

bool parseDim3(const std::string &text, Dim3 &dim) {
  uint32_t *const extents[] = {&dim.x, &dim.y, &dim.z};
  size_t at = 0;
  for (unsigned k = 0; k < 3; ++k) {
    size_t end = std::min(text.find(',', at), text.size());
    uint64_t value;
    if (!parseUnsigned(text.substr(at, end - at), 0x7fffffff, value) || !value)
      return false;
    *extents[k] = uint32_t(value);
    if (end == text.size())
      return true;
    at = end + 1;
  }
  return false;
}

/// Rounds to the nearest f16 or bf16, ties to even.
uint16_t smallFloat(double value, int mantissa, int lowest) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  int exponentBits = 15 - mantissa;
  uint16_t infinity = uint16_t(((1 << exponentBits) - 1) << mantissa);
  if (value != value)
    return 0x7fff;
  value = std::fabs(value);
  if (std::isinf(value))
    return sign | infinity;
  int exponent = value == 0 ? lowest : std::max(std::ilogb(value), lowest);
  double units = std::nearbyint(std::ldexp(value, mantissa - exponent));
  uint64_t bits = (uint64_t(exponent - lowest) << mantissa) + uint64_t(units);
  return sign | uint16_t(std::min<uint64_t>(bits, infinity));
}

bool parseScalar(const ElementType &type, const std::string &text,
                 Argument &argument, std::string &why) {
  argument.size = type.size;
  char *end = nullptr;
  errno = 0;
  if (type.isFloat) {
    double value = std::strtod(text.c_str(), &end);
    float single = float(value);
    if (type.size == 8)
      std::memcpy(&argument.bits, &value, 8);
    else if (type.size == 4)
      std::memcpy(&argument.bits, &single, 4);
    else
      argument.bits = std::strcmp(type.name, "f16") == 0
                          ? smallFloat(value, 10, -14)
                          : smallFloat(value, 7, -126);
  } else {
    bool minus = text[0] == '-';
    uint64_t magnitude = std::strtoull(text.c_str() + minus, &end, 0);
    uint64_t top =
        type.size == 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * type.size)) - 1;
    uint64_t most = !type.isSigned ? top : minus ? top / 2 + 1 : top / 2;
    if (errno || magnitude > most || (minus && !type.isSigned && magnitude)) {
      why = "'" + text + "' is out of the range of " + type.name;
      return false;
    }
    argument.bits = minus ? 0 - magnitude : magnitude;
  }
  if (text.empty() || *end || end == text.c_str()) {
    why = "'" + text + "' is no value of type " + type.name;
    return false;
  }
  return true;
}

/// out:OUT.npy:TYPE[SHAPE]
bool parseOut(const std::string &rest, Argument &argument, std::string &why) {
  size_t colon = rest.rfind(':'),
         open = rest.find('[', colon == std::string::npos ? 0 : colon);
  if (colon == std::string::npos || open == std::string::npos ||
      rest.back() != ']' || !colon) {
    why = "expected out:FILE.npy:TYPE[SHAPE], as in out:y.npy:f32[4x128]";
    return false;
  }
  argument.outFile = rest.substr(0, colon);
  const ElementType *type = findType(rest.substr(colon + 1, open - colon - 1));
  if (!type) {
    why = "unknown type '" + rest.substr(colon + 1, open - colon - 1) + "'";
    return false;
  }
  argument.array.type = type->npy;
  std::string shape = rest.substr(open + 1, rest.size() - open - 2);
  uint64_t bytes = type->size;
  for (size_t at = 0; at <= shape.size() && !shape.empty();) {
    size_t end = std::min(shape.find('x', at), shape.size());
    uint64_t extent;
    if (!parseUnsigned(shape.substr(at, end - at), uint64_t(1) << 40, extent)) {
      why = "'" + shape + "' is no shape; expected extents as in 4x128";
      return false;
    }
    argument.array.shape.push_back(extent);
    if (__builtin_mul_overflow(bytes, extent, &bytes) ||
        bytes > (uint64_t(1) << 40)) {
      why = "the shape '" + shape + "' is larger than 1 TiB";
      return false;
    }
    at = end + 1;
  }
  argument.array.data.assign(bytes,
                             0xcd); // uninitialized memory holds anything
  return true;
}

bool parseArgument(const std::string &text, Argument &argument,
                   std::string &error) {
  size_t colon = text.find(':');
  std::string kind = text.substr(0, colon), why;
  std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (kind == "in") {
    argument.kind = Argument::In;
    return readNpy(rest, argument.array, error);
  }
  if (kind == "inout") {
    argument.kind = Argument::InOut;
    size_t second = rest.rfind(':');
    if (second == std::string::npos || !second || second + 1 == rest.size()) {
      error = "argument '" + text + "': expected inout:FILE.npy:OUT.npy";
      return false;
    }
    argument.outFile = rest.substr(second + 1);
    return readNpy(rest.substr(0, second), argument.array, error);
  }
  bool ok = false;
  if (kind == "out") {
    argument.kind = Argument::Out;
    ok = parseOut(rest, argument, why);
  } else if (const ElementType *type = findType(kind);
             type && colon != std::string::npos) {
    ok = parseScalar(*type, rest, argument, why);
  } else {
    why = "expected in:, inout:, out: or a scalar as in u32:7";
  }
  if (!ok)
    error = "argument '" + text + "': " + why;
  return ok;
}

} // namespace

static bool parseOption(const std::string &text, CommandLine &line,
                        std::string &error) {
  size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  bool hasValue = equals != std::string::npos;
  std::string value = hasValue ? text.substr(equals + 1) : "";
  auto number = [&](uint64_t least, uint64_t most, auto &into) {
    uint64_t n;
    if (!parseUnsigned(value, most, n) || n < least) {
      error = name + ": '" + value + "' is no number from " +
              std::to_string(least) + " to " + std::to_string(most);
      return false;
    }
    into = std::decay_t<decltype(into)>(n);
    return true;
  };
  auto flag = [&](bool &into, bool set) {
    into = set;
    if (hasValue)
      error = name + " takes no value";
    return !hasValue;
  };
  auto dim3 = [&](Dim3 &into, bool &given) {
    given = true;
    if (parseDim3(value, into))
      return true;
    error = name + ": '" + value +
            "' is no extent; expected X, X,Y or X,Y,Z, each at least 1";
    return false;
  };
  if (name == "--kernel" || name == "--report-file") {
    (name == "--kernel" ? line.kernel : line.reportFile) = value;
    if (value.empty())
      error = name + " needs a value";
    return !value.empty();
  }
  if (name == "--grid")
    return dim3(line.launch.grid, line.hasGrid);
  if (name == "--block")
    return dim3(line.launch.block, line.hasBlock);
  if (name == "--shared")
    return number(0, 232448, line.launch.dynamicShared);
  if (name == "--seeds")
    return number(1, 1000000, line.seeds);
  if (name == "--residency")
    return number(1, 1000000, line.options.residency);
  if (name == "--weak")
    return flag(line.options.weak, true);
  if (name == "--perturb")
    return flag(line.options.perturb, true);
  if (name == "--no-checks")
    return flag(line.options.checks, false);
  if (name == "--help")
    return flag(line.help, true);
  if (name == "--report") {
    line.json = value == "json";
    if (value != "json" && value != "text")
      error = "--report: '" + value + "' is neither text nor json";
    return error.empty();
  }
  error = "unknown option '" + text + "'; see --help";
  return false;
}

bool linrec::ptxsim::parseCommandLine(int argc, char **argv, CommandLine &line,
                                      std::string &error) {
  std::vector<std::string> positional;
  for (int k = 1; k < argc; ++k) {
    std::string text = argv[k];
    if (text.size() > 1 && text[0] == '-') {
      if (!parseOption(text, line, error))
        return false;
    } else {
      positional.push_back(text);
    }
  }
  if (line.help)
    return true;
  if (positional.empty())
    error = "no PTX file; see --help";
  else if (!line.hasGrid || !line.hasBlock)
    error = std::string(line.hasGrid ? "--block" : "--grid") +
            " is missing; see --help";
  if (!error.empty())
    return false;
  line.file = positional[0];
  for (size_t k = 1; k < positional.size(); ++k) {
    line.arguments.emplace_back();
    if (!parseArgument(positional[k], line.arguments.back(), error))
      return false;
  }
  return true;
}
