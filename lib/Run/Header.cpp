#include "linrec/Run/Header.h"
#include "linrec/Dialect/LinRec.h"
#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

namespace {
struct CType {
  std::string c;     // "float"
  std::string label; // "f32", part of the descriptor's name
};
} // namespace

static CType elementInC(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF32() ? CType{"linrec_c64", "c64"}
                                            : CType{"linrec_c128", "c128"};
  if (type.isF64())
    return {"double", "f64"};
  if (type.isF32())
    return {"float", "f32"};
  if (type.isF16() || type.isBF16())
    return {"uint16_t", type.isF16() ? "f16" : "bf16"};
  if (type.isIndex())
    return {"int64_t", "index"};
  unsigned bits = type.getIntOrFloatBitWidth();
  std::string width = std::to_string(bits == 1 ? 8 : bits);
  return {"int" + width + "_t", "i" + std::to_string(bits)};
}

/// "linrec_f32_3d", or the scalar's own type.
static std::string typeInC(Type type) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    return "linrec_" + elementInC(shaped.getElementType()).label + "_" +
           std::to_string(shaped.getRank()) + "d";
  return elementInC(type).c;
}

static void printDescriptor(ShapedType type, llvm::raw_ostream &os) {
  CType element = elementInC(type.getElementType());
  std::string name = typeInC(type), guard = StringRef(name).upper();
  int64_t rank = type.getRank();
  os << "#ifndef " << guard << "\n#define " << guard << "\n"
     << "typedef struct {\n  " << element.c << " *allocated, *aligned;\n"
     << "  int64_t offset" << (rank ? ", sizes[" : "");
  if (rank)
    os << rank << "], strides[" << rank << "]";
  os << ";\n} " << name << ";\n"
     << "/* Row-major: the last index is contiguous. */\n"
     << "static inline " << name << " " << name << "_of(" << element.c
     << " *data";
  for (int64_t i = 0; i < rank; ++i)
    os << ", int64_t n" << i;
  os << ") {\n  " << name << " d = {data, data, 0";
  auto list = [&](auto print) {
    os << ", {";
    for (int64_t i = 0; i < rank; ++i) {
      os << (i ? ", " : "");
      print(i);
    }
    os << "}";
  };
  if (rank) {
    list([&](int64_t i) { os << "n" << i; });
    list([&](int64_t i) {
      os << (i + 1 == rank ? "1" : "");
      for (int64_t k = i + 1; k < rank; ++k)
        os << (k > i + 1 ? " * n" : "n") << k;
    });
  }
  os << "};\n  return d;\n}\n#endif\n\n";
}

/// Arguments are called what the first recurrence that is given them calls
/// them; an argument that is only an out is `out`.
static SmallVector<std::string> argumentNames(func::FuncOp function) {
  SmallVector<std::string> names(function.getNumArguments());
  auto suggest = [&](Value value, StringRef name) {
    auto arg = dyn_cast<BlockArgument>(value);
    if (arg && arg.getOwner() == &function.front() &&
        names[arg.getArgNumber()].empty())
      names[arg.getArgNumber()] = name.str();
  };
  function.walk([&](RecurrenceOp op) {
    for (auto [i, in] : llvm::enumerate(op.getIns()))
      suggest(in, op.getInName(i));
    for (auto [i, state] : llvm::enumerate(op.getStates()))
      suggest(state, op.getStateName(i));
    for (Value out : op.getOuts())
      suggest(out, "out");
    if (op.getBounds())
      suggest(op.getBounds(), "bounds");
  });
  llvm::StringSet<> used;
  for (auto [i, name] : llvm::enumerate(names)) {
    bool isIdentifier =
        !name.empty() && !isdigit(name.front()) &&
        llvm::all_of(name, [](char c) { return isalnum(c) || c == '_'; });
    if (!isIdentifier || !used.insert(name).second)
      name = (isIdentifier ? name + "_" : "arg") + std::to_string(i);
    used.insert(name);
  }
  return names;
}

static void printPrototype(func::FuncOp function, llvm::raw_ostream &os) {
  SmallVector<std::string> parameters;
  for (auto [type, name] :
       llvm::zip(function.getArgumentTypes(), argumentNames(function))) {
    bool byAddress = isa<ShapedType, ComplexType>(type);
    parameters.push_back((byAddress ? "const " : "") + typeInC(type) +
                         (byAddress ? " *" : " ") + name);
  }
  auto tied = function->getAttrOfType<DenseI64ArrayAttr>(kResultsAttr);
  os << "/* Returns 0, or 1 with the reason in linrec_last_error().";
  SmallVector<int64_t> arguments(function.getNumResults(), -1);
  if (tied)
    arguments = llvm::to_vector(tied.asArrayRef());
  auto returned = function.getResultTypes().begin();
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    std::string name = "result" + std::to_string(i);
    os << "\n   Result " << i;
    if (argument >= 0) {
      os << " is written into " << argumentNames(function)[argument] << ".";
      continue;
    }
    Type type = *returned++;
    os << " is given to *" << name;
    if (isa<ShapedType>(type))
      os << "; free(" << name << "->allocated) when done";
    os << ".";
    parameters.push_back(typeInC(type) + " *" + name);
  }
  os << " */\nint32_t " << kEntryPrefix << function.getName() << "("
     << (parameters.empty() ? "void" : llvm::join(parameters, ", "))
     << ");\n\n";
}

std::string linrec::makeHeader(ModuleOp module, StringRef guard,
                               StringRef source) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "/* Made by linrec-translate from " << source << ". */\n\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "#ifndef LINREC_COMPLEX\n#define LINREC_COMPLEX\n"
     << "typedef struct {\n  float re, im;\n} linrec_c64;\n"
     << "typedef struct {\n  double re, im;\n} linrec_c128;\n#endif\n\n"
     << "/* Why the last call in this thread did not return 0. */\n"
     << "const char *linrec_last_error(void);\n\n";
  llvm::SetVector<std::pair<Type, int64_t>> described;
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      functions.push_back(function);
  for (func::FuncOp function : functions)
    for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                              function.getResultTypes()))
      if (auto shaped = dyn_cast<ShapedType>(type))
        if (described.insert({shaped.getElementType(), shaped.getRank()}))
          printDescriptor(shaped, os);
  for (func::FuncOp function : functions)
    printPrototype(function, os);
  os << "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return text;
}
