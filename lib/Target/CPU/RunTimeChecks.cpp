#include "RunTimeChecks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Calls and texts
//===----------------------------------------------------------------------===//

Value RuntimeCalls::call(OpBuilder &b, Location loc, StringRef name,
                         TypeRange results, ValueRange operands) {
  auto callee = module.lookupSymbol<func::FuncOp>(name);
  if (!callee) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    callee = func::FuncOp::create(
        b, loc, name, b.getFunctionType(operands.getTypes(), results));
    callee.setPrivate();
  }
  auto call = func::CallOp::create(b, loc, callee, operands);
  return results.empty() ? Value() : call.getResult(0);
}

Value RuntimeCalls::text(OpBuilder &b, Location loc, const std::string &text) {
  StringRef bytes(text.c_str(), text.size() + 1);
  std::string name;
  for (unsigned i = 0;; ++i) {
    name = "linrec.text." + std::to_string(i);
    auto global = module.lookupSymbol<LLVM::GlobalOp>(name);
    if (global && cast<StringAttr>(global.getValueAttr()).getValue() == bytes)
      break;
    if (global)
      continue;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
    LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true,
                           LLVM::Linkage::Internal, name,
                           b.getStringAttr(bytes));
    break;
  }
  return LLVM::AddressOfOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext()), name);
}

//===----------------------------------------------------------------------===//
// The checks
//===----------------------------------------------------------------------===//

namespace {

class Collector {
public:
  Collector(RecurrenceOp op, OpBuilder &b, FrontValues *front,
            RuntimeCalls &runtime, SmallVectorImpl<Check> &checks)
      : op(op), b(b), front(front), runtime(runtime), checks(checks),
        loc(op.getLoc()) {}
  void run();

private:
  /// One place that says how large a dim is.
  struct Extent {
    Value value;
    std::string where;
  };
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(b, loc, predicate, x, y);
  }
  void require(Value good, const std::string &message,
               ArrayRef<Value> values = {});
  void collectExtents();
  void checkAt(AtOp at);
  void checkBounds();
  void checkOverlaps();
  Value memrefAt(Value memref) { return front ? front->get(memref) : memref; }
  std::pair<Value, Value> bytesOf(Value memref);

  RecurrenceOp op;
  OpBuilder &b;
  FrontValues *front;
  RuntimeCalls &runtime;
  SmallVectorImpl<Check> &checks;
  Location loc;
  SmallVector<SmallVector<Extent>> extents;
};

} // namespace

std::string linrec::formatPlace(Location loc) {
  if (auto file = loc->findInstanceOf<FileLineColLoc>())
    return llvm::formatv("{0}:{1}: ", file.getFilename().getValue(),
                         file.getLine());
  return "";
}

void Collector::require(Value good, const std::string &message,
                        ArrayRef<Value> values) {
  if (matchPattern(good, m_One()))
    return;
  checks.push_back({good, formatPlace(loc) + message, llvm::to_vector(values)});
}

static std::string nameOf(RecurrenceOp op, unsigned binding) {
  unsigned ins = op.getIns().size(), outs = op.getOuts().size();
  if (binding < ins)
    return "'" + op.getInName(binding).str() + "'";
  if (binding < ins + outs)
    return "out number " + std::to_string(binding - ins);
  return "state '" + op.getStateName(binding - ins - outs).str() + "'";
}

/// C4: all operands that a dim indexes agree on its extent.
void Collector::collectExtents() {
  extents.resize(op.getNumDims());
  for (auto [i, binding] : llvm::enumerate(op.getBindings()))
    for (auto [position, dim] : llvm::enumerate(binding.dims)) {
      Value size =
          front ? front->extent(binding.value, position)
                : b.createOrFold<memref::DimOp>(loc, binding.value, position);
      extents[dim].push_back({size, nameOf(op, i)});
    }
  if (auto packed = op.getPackedDim()) {
    Value bounds = memrefAt(op.getBounds());
    Value count = b.createOrFold<memref::DimOp>(loc, bounds, 0);
    require(compare(arith::CmpIPredicate::sge, count, constant(1)),
            "the bounds of the packed sequences are empty, expected one more "
            "than there are segments (C12)");
    extents[*packed].push_back(
        {b.createOrFold<arith::SubIOp>(loc, count, constant(1)),
         "the packed bounds (one less than their number)"});
  }
  for (auto [dim, list] : llvm::enumerate(extents))
    for (const Extent &other : llvm::drop_begin(list)) {
      if (other.value == list.front().value)
        continue;
      auto known = getConstantIntValue(other.value);
      if (known && known == getConstantIntValue(list.front().value))
        continue;
      require(
          compare(arith::CmpIPredicate::eq, list.front().value, other.value),
          "dim '" + op.getDimName(dim).str() + "' has extent {0} in " +
              list.front().where + " and {1} in " + other.where +
              "; they must agree (C4)",
          {list.front().value, other.value});
    }
}

/// C11: without `else`, an index stays inside the extent.
void Collector::checkAt(AtOp at) {
  if (at.getElseValue())
    return;
  for (unsigned k = 0, e = at.getNumSubstitutions(); k < e; ++k) {
    unsigned dim = *op.findDim(at.getDim(k));
    auto base = op.findDim(at.getBase(k));
    Value extent = extents[dim].front().value;
    std::string name = op.getDimName(dim).str();
    if (!base) {
      Value index = constant(at.getOffset(k));
      require(compare(arith::CmpIPredicate::slt, index, extent),
              "linrec.at reads '" + name + "' at " +
                  std::to_string(at.getOffset(k)) +
                  ", but its extent is {0}; give it an else value (C11)",
              {extent});
    } else if (base != dim) {
      Value other = extents[*base].front().value;
      if (extent == other)
        continue;
      require(compare(arith::CmpIPredicate::eq, extent, other),
              "linrec.at reads '" + name + "' at '" +
                  op.getDimName(*base).str() +
                  "', but their extents are {0} and {1}; make them equal or "
                  "give it an else value (C11)",
              {extent, other});
    }
  }
}

/// C12: bounds rise from 0 to the number of steps.
void Collector::checkBounds() {
  Value bounds = memrefAt(op.getBounds());
  auto type = cast<MemRefType>(bounds.getType());
  Type i64 = b.getI64Type(), index = b.getIndexType();
  auto widen = [&](Value value) -> Value {
    return arith::IndexCastOp::create(b, loc, i64, value);
  };
  auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, bounds);
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, bounds);
  bool isNarrow = type.getElementType().isInteger(32);
  Value offset = arith::MulIOp::create(b, loc, metadata.getOffset(),
                                       constant(isNarrow ? 4 : 8));
  address = arith::AddIOp::create(b, loc, address, offset);
  Value pointer = LLVM::IntToPtrOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext()), widen(address));
  Value steps = extents[op.getTimeDim()].front().value;
  Value bad = runtime.call(b, loc,
                           isNarrow ? "linrec_first_bad_bound_i32"
                                    : "linrec_first_bad_bound_i64",
                           i64,
                           {pointer, widen(metadata.getSizes()[0]),
                            widen(metadata.getStrides()[0]), widen(steps)});
  Value zero = arith::ConstantIntOp::create(b, loc, i64, 0);
  require(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, bad, zero),
          "bound number {0} of the packed sequences is wrong: bounds must rise "
          "from 0 to the number of steps, {1} (C12)",
          {arith::IndexCastOp::create(b, loc, index, bad), steps});
}

/// The bytes [first, last) that a memref may touch; empty if it has no
/// elements.
std::pair<Value, Value> Collector::bytesOf(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  int64_t bytes = 8;
  if (auto complex = dyn_cast<ComplexType>(type.getElementType()))
    bytes = complex.getElementType().getIntOrFloatBitWidth() / 4;
  else if (!type.getElementType().isIndex())
    bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  auto metadata = memref::ExtractStridedMetadataOp::create(b, loc, memref);
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, memref);
  Value low = metadata.getOffset(), span = constant(1), any = constant(1);
  for (auto [size, stride] :
       llvm::zip(metadata.getSizes(), metadata.getStrides())) {
    Value reach = arith::SubIOp::create(b, loc, size, constant(1));
    reach = arith::MulIOp::create(b, loc, reach, stride);
    span = arith::AddIOp::create(b, loc, span, reach);
    any = arith::MulIOp::create(b, loc, any, size);
  }
  Value empty = compare(arith::CmpIPredicate::eq, any, constant(0));
  span = arith::SelectOp::create(b, loc, empty, constant(0), span);
  low = arith::MulIOp::create(b, loc, low, constant(bytes));
  low = arith::AddIOp::create(b, loc, address, low);
  span = arith::MulIOp::create(b, loc, span, constant(bytes));
  return {low, arith::AddIOp::create(b, loc, low, span)};
}

/// Whether an in is read only at the point that is computed, so that a
/// destination may take its place there.
static bool isElementwise(BlockArgument in) {
  SmallVector<Value> work = {in};
  llvm::DenseSet<Value> seen;
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    for (Operation *user : value.getUsers()) {
      if (isa<AtOp, ReduceOp>(user))
        return false;
      work.append(user->result_begin(), user->result_end());
    }
  }
  return true;
}

/// C16: destinations share no memory with another operand, but for an in with
/// the same index list at the same place.
void Collector::checkOverlaps() {
  auto bindings = op.getBindings();
  unsigned ins = op.getIns().size();
  auto root = [](Value memref) {
    while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
      memref = view.getViewSource();
    return memref;
  };
  DenseMap<Value, std::pair<Value, Value>> ranges;
  auto range = [&](Value memref) {
    auto it = ranges.find(memref);
    if (it == ranges.end())
      it = ranges.try_emplace(memref, bytesOf(memrefAt(memref))).first;
    return it->second;
  };
  bool onTensors = op->hasAttr("linrec.bufferized");
  for (unsigned i = ins; i < bindings.size(); ++i)
    for (unsigned j = 0; j < i; ++j) {
      Value x = bindings[i].value, y = bindings[j].value;
      if (!isa<MemRefType>(y.getType()))
        continue;
      // Bufferization has seen to what one buffer is used for; what an alloc
      // makes is nobody else's.
      if (!isa<BlockArgument>(root(x)) || !isa<BlockArgument>(root(y)) ||
          (onTensors && root(x) == root(y)))
        continue;
      auto [xLow, xHigh] = range(x);
      auto [yLow, yHigh] = range(y);
      Value before = compare(arith::CmpIPredicate::ule, xHigh, yLow);
      Value after = compare(arith::CmpIPredicate::ule, yHigh, xLow);
      Value good = arith::OrIOp::create(b, loc, before, after);
      Value empty = arith::OrIOp::create(
          b, loc, compare(arith::CmpIPredicate::eq, xLow, xHigh),
          compare(arith::CmpIPredicate::eq, yLow, yHigh));
      good = arith::OrIOp::create(b, loc, good, empty);
      if (j < ins && bindings[i].dims == bindings[j].dims &&
          x.getType() == y.getType() && isElementwise(op.getInArg(j))) {
        Value same = compare(arith::CmpIPredicate::eq, xLow, yLow);
        Value end = compare(arith::CmpIPredicate::eq, xHigh, yHigh);
        same = arith::AndIOp::create(b, loc, same, end);
        good = arith::OrIOp::create(b, loc, good, same);
      }
      require(good, nameOf(op, i) + " and " + nameOf(op, j) +
                        " overlap in memory; a destination must be a buffer "
                        "of its own (C16)");
    }
}

void Collector::run() {
  collectExtents();
  op.walk([&](AtOp at) { checkAt(at); });
  if (op.getBounds())
    checkBounds();
  checkOverlaps();
}

void linrec::collectChecks(RecurrenceOp op, OpBuilder &b, FrontValues *front,
                           RuntimeCalls &runtime,
                           SmallVectorImpl<Check> &checks) {
  Collector(op, b, front, runtime, checks).run();
}
