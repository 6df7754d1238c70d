//===- MakeEntries.cpp - C entries of compiled functions ------------------===//
//
// The ABI of docs/ABI.md, around what MLIR's C interface gives: a status that
// is returned, results through pointers, and only types that C compilers pass
// alike.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace linrec {
#define GEN_PASS_DEF_MAKEENTRIESPASS
#include "linrec/Target/CPU/Passes.h.inc"
} // namespace linrec

using namespace mlir;
using namespace linrec;
using namespace mlir::LLVM;

namespace {

class EntryMaker {
public:
  EntryMaker(LLVMFuncOp impl, StringRef name)
      : impl(impl), name(name), b(impl.getContext()), loc(impl.getLoc()),
        pointer(LLVMPointerType::get(impl.getContext())) {}
  void run(bool packed);

private:
  Type typeInC(Type type);
  Value fromC(Value value, Type type);
  LLVMFuncOp makeEntry();
  void makePacked(LLVMFuncOp entry);
  LLVMFuncOp declare(StringRef prefix, ArrayRef<Type> arguments);

  LLVMFuncOp impl, wrapper;
  StringRef name;
  OpBuilder b;
  Location loc;
  Type pointer;
  /// Types of the results that the caller gives room for.
  SmallVector<Type> results;
};

} // namespace

/// What a C compiler sees of an argument of this type.
Type EntryMaker::typeInC(Type type) {
  if (type.isInteger(1))
    return b.getI8Type();
  if (type.isF16() || type.isBF16())
    return b.getI16Type();
  return isa<LLVMStructType>(type) ? pointer : type; // complex
}

Value EntryMaker::fromC(Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (type.isInteger(1)) {
    Value zero = LLVM::ConstantOp::create(b, loc, value.getType(), 0);
    return ICmpOp::create(b, loc, ICmpPredicate::ne, value, zero);
  }
  if (isa<LLVMStructType>(type))
    return LoadOp::create(b, loc, type, value);
  return BitcastOp::create(b, loc, type, value);
}

LLVMFuncOp EntryMaker::declare(StringRef prefix, ArrayRef<Type> arguments) {
  b.setInsertionPoint(impl);
  auto type = LLVMFunctionType::get(b.getI32Type(), arguments);
  auto function = LLVMFuncOp::create(b, loc, (prefix + name).str(), type);
  function->setAttr(kEntryAttr, b.getStringAttr(name));
  if (Attribute tied = impl->getAttr(kResultsAttr))
    function->setAttr(kResultsAttr, tied);
  b.setInsertionPointToStart(function.addEntryBlock(b));
  return function;
}

LLVMFuncOp EntryMaker::makeEntry() {
  auto parameters = llvm::to_vector(wrapper.getFunctionType().getParams());
  auto aggregate =
      dyn_cast<LLVMStructType>(impl.getFunctionType().getReturnType());
  if (aggregate) {
    parameters.erase(parameters.begin());
    llvm::append_range(results, aggregate.getBody().drop_front());
  }
  SmallVector<Type> arguments;
  for (Type type : parameters)
    arguments.push_back(typeInC(type));
  arguments.append(results.size(), pointer);
  LLVMFuncOp entry = declare(kEntryPrefix, arguments);

  SmallVector<Value> operands;
  Value room;
  if (aggregate) {
    Value one = LLVM::ConstantOp::create(b, loc, b.getI64Type(), 1);
    room = AllocaOp::create(b, loc, pointer, aggregate, one);
    operands.push_back(room);
  }
  for (auto [i, type] : llvm::enumerate(parameters))
    operands.push_back(fromC(entry.getArgument(i), type));
  auto call = CallOp::create(b, loc, wrapper, operands);
  if (!aggregate) {
    ReturnOp::create(b, loc, call.getResult());
    return entry;
  }
  Value all = LoadOp::create(b, loc, aggregate, room);
  for (auto [i, type] : llvm::enumerate(results)) {
    Value value = ExtractValueOp::create(b, loc, all, int64_t(i + 1));
    if (type.isInteger(1))
      value = ZExtOp::create(b, loc, b.getI8Type(), value);
    StoreOp::create(b, loc, value, entry.getArgument(parameters.size() + i));
  }
  ReturnOp::create(b, loc,
                   ExtractValueOp::create(b, loc, all, int64_t(0)).getResult());
  return entry;
}

void EntryMaker::makePacked(LLVMFuncOp entry) {
  LLVMFuncOp packed = declare(kPackedPrefix, {pointer});
  SmallVector<Value> operands;
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
    Value slot = GEPOp::create(b, loc, pointer, pointer, packed.getArgument(0),
                               ArrayRef<GEPArg>{int32_t(i)});
    Value address = LoadOp::create(b, loc, pointer, slot);
    operands.push_back(isa<LLVMPointerType>(type)
                           ? address
                           : Value(LoadOp::create(b, loc, type, address)));
  }
  auto call = CallOp::create(b, loc, entry, operands);
  ReturnOp::create(b, loc, call.getResult());
}

void EntryMaker::run(bool packed) {
  auto module = impl->getParentOfType<ModuleOp>();
  wrapper =
      module.lookupSymbol<LLVMFuncOp>(("_mlir_ciface_" + impl.getName()).str());
  LLVMFuncOp entry = makeEntry();
  if (packed)
    makePacked(entry);
  for (LLVMFuncOp function : {impl, wrapper}) {
    function.setLinkage(Linkage::Internal);
    function.removeArgAttrsAttr(); // ours, of which LLVM knows nothing
  }
}

namespace {
struct MakeEntries : linrec::impl::MakeEntriesPassBase<MakeEntries> {
  using Base = linrec::impl::MakeEntriesPassBase<MakeEntries>;
  using Base::Base;

  void runOnOperation() override {
    SmallVector<std::pair<LLVMFuncOp, StringAttr>> entries;
    for (auto function : getOperation().getOps<LLVMFuncOp>())
      if (auto name = function->getAttrOfType<StringAttr>(kEntryAttr);
          name && getOperation().lookupSymbol(
                      ("_mlir_ciface_" + function.getName()).str()))
        entries.push_back({function, name});
    for (auto [function, name] : entries)
      EntryMaker(function, name.getValue()).run(packed);
  }
};
} // namespace
