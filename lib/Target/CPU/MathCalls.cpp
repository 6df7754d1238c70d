#include "MathCalls.h"
#include "MapRegisters.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace linrec;

bool linrec::isFunctionCall(Operation *op) {
  if (isa<SigmoidOp, SoftplusOp, LogAddExpOp>(op))
    return true;
  return isa<math::AcosOp, math::AcoshOp, math::AsinOp, math::AsinhOp,
             math::AtanOp, math::AtanhOp, math::Atan2Op, math::CbrtOp,
             math::CosOp, math::CoshOp, math::ErfOp, math::ErfcOp, math::ExpOp,
             math::Exp2Op, math::ExpM1Op, math::FPowIOp, math::LogOp,
             math::Log10Op, math::Log1pOp, math::Log2Op, math::PowFOp,
             math::RsqrtOp, math::SinOp, math::SincosOp, math::SinhOp,
             math::TanOp, math::TanhOp>(op);
}

std::optional<StringRef> linrec::findVectorFunction(Operation *op,
                                                    VectorIsa isa) {
  if (isa == VectorIsa::Portable)
    return std::nullopt;
  using Name = std::optional<StringRef>;
  return llvm::TypeSwitch<Operation *, Name>(op)
      .Case([](math::AcosOp) { return "acos"; })
      .Case([](math::AcoshOp) { return "acosh"; })
      .Case([](math::AsinOp) { return "asin"; })
      .Case([](math::AsinhOp) { return "asinh"; })
      .Case([](math::AtanOp) { return "atan"; })
      .Case([](math::AtanhOp) { return "atanh"; })
      .Case([](math::Atan2Op) { return "atan2"; })
      .Case([](math::CbrtOp) { return "cbrt"; })
      .Case([](math::CosOp) { return "cos"; })
      .Case([](math::CoshOp) { return "cosh"; })
      .Case([](math::ErfOp) { return "erf"; })
      .Case([](math::ErfcOp) { return "erfc"; })
      .Case([](math::PowFOp) { return "pow"; })
      .Case([](math::FPowIOp) { return "pow"; })
      .Case([](math::SinOp) { return "sin"; })
      .Case([](math::SincosOp) { return "sin"; })
      .Case([](math::SinhOp) { return "sinh"; })
      .Case([](math::TanOp) { return "tan"; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Declares _ZGV<isa>N<lanes>v_<name>, by the x86 vector function ABI.
static func::FuncOp declare(OpBuilder &b, Operation *user, StringRef name,
                            VectorType type, unsigned operands, VectorIsa isa) {
  bool isF32 = type.getElementType().isF32();
  // 128 bits have a form without AVX only.
  int64_t bits = type.getNumElements() * (isF32 ? 32 : 64);
  StringRef isaLetter = bits == 128 ? "b" : bits == 256 ? "d" : "e";
  std::string symbol =
      ("_ZGV" + isaLetter + "N" + Twine(type.getNumElements()) +
       std::string(operands, 'v') + "_" + name + (isF32 ? "f" : ""))
          .str();
  Operation *table = SymbolTable::getNearestSymbolTable(user);
  while (table->getParentOp() && !llvm::isa<ModuleOp>(table))
    table = SymbolTable::getNearestSymbolTable(table->getParentOp());
  if (Operation *found = SymbolTable::lookupSymbolIn(table, symbol))
    return cast<func::FuncOp>(found);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&table->getRegion(0).front());
  SmallVector<Type> inputs(operands, type);
  auto function = func::FuncOp::create(b, user->getLoc(), symbol,
                                       b.getFunctionType(inputs, Type(type)));
  function.setPrivate();
  return function;
}

Value linrec::callVectorFunction(RewriterBase &rewriter, Operation *op,
                                 VectorIsa isa) {
  auto name = findVectorFunction(op, isa);
  auto type = dyn_cast<VectorType>(op->getResult(0).getType());
  if (!name || !type || type.isScalable())
    return {};
  Location loc = op->getLoc();
  int64_t width = type.getElementTypeBitWidth();
  int64_t most = (isa == VectorIsa::AVX512 ? 512 : 256) / width;
  return mapRegisters(
      rewriter, loc, op->getOperands(), 128 / width, most, Padding::FirstLane,
      [&](ValueRange parts) -> Value {
        auto part = cast<VectorType>(parts.front().getType());
        auto function =
            declare(rewriter, op, *name, part, op->getNumOperands(), isa);
        return func::CallOp::create(rewriter, loc, function, parts)
            .getResult(0);
      });
}
