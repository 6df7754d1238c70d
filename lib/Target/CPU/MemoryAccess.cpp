#include "linrec/Target/CPU/MemoryAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// Whether a vector of this type lies in memory as its elements do.
static bool isVectorInMemory(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element))
    return integer.getWidth() >= 8 && llvm::isPowerOf2_32(integer.getWidth());
  return isa<FloatType, IndexType>(element);
}

bool MemoryAccess::isContiguous(Value memref, ArrayRef<Index> indices) {
  auto type = cast<MemRefType>(memref.getType());
  if (!isVectorInMemory(type.getElementType()) || indices.empty() ||
      !indices.back().lanes || indices.back().clamp)
    return false;
  for (const Index &index : indices.drop_back())
    if (index.lanes)
      return false;
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         strides.back() == 1;
}

/// Index + lane, kept inside the extent where it may lie outside.
Value MemoryAccess::clampedIndex(Value memref, unsigned position,
                                 const Index &index, int64_t lane) {
  Value at = placer.add(inst.firstIndex(index), index.lanes ? lane : 0);
  if (!index.clamp && !(index.lanes && index.mask))
    return at;
  auto type = cast<MemRefType>(memref.getType());
  Value extent;
  if (type.isDynamicDim(position)) {
    Value dim = placer.constant(position);
    extent = placer.create<memref::DimOp>({memref, dim}, nullptr, memref, dim);
  } else {
    extent = placer.constant(type.getDimSize(position));
  }
  at = placer.minimum(at, placer.sub(extent, placer.constant(1)));
  return index.clamp ? placer.maximum(at, placer.constant(0)) : at;
}

/// Widens or narrows a float; other types are the same in memory.
Value MemoryAccess::convertElement(Value value, Type element) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == element)
    return value;
  Type to = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = vector.clone(element);
  if (element.getIntOrFloatBitWidth() > from.getIntOrFloatBitWidth())
    return placer.create<arith::ExtFOp>({value}, nullptr, to, value);
  return placer.create<arith::TruncFOp>({value}, nullptr, to, value);
}

Lane MemoryAccess::convert(Value scalar, Type type) {
  auto complex = dyn_cast<ComplexType>(type);
  if (!complex)
    return {convertElement(scalar, type)};
  Value re = placer.create<complex::ReOp>({scalar}, nullptr, scalar);
  Value im = placer.create<complex::ImOp>({scalar}, nullptr, scalar);
  return {convertElement(re, complex.getElementType()),
          convertElement(im, complex.getElementType())};
}

Lane MemoryAccess::loadScalar(Value memref, ValueRange indices,
                              const Placer::Scope *atLeast) {
  SmallVector<Value> operands(indices);
  operands.push_back(memref);
  Value value =
      placer.create<memref::LoadOp>(operands, atLeast, memref, indices);
  if (!isa<ComplexType>(value.getType()))
    return {value};
  return {placer.create<complex::ReOp>({value}, nullptr, value),
          placer.create<complex::ImOp>({value}, nullptr, value)};
}

Lane MemoryAccess::loadEach(Value memref, ArrayRef<Index> indices,
                            const Placer::Scope *atLeast) {
  SmallVector<Value> re, im;
  for (int64_t lane = 0; lane < width; ++lane) {
    SmallVector<Value> at;
    for (auto [i, index] : llvm::enumerate(indices))
      at.push_back(clampedIndex(memref, i, index, lane));
    Lane one = loadScalar(memref, at, atLeast);
    re.push_back(one.re);
    if (one.im)
      im.push_back(one.im);
  }
  auto gather = [&](ArrayRef<Value> lanes) -> Value {
    if (lanes.empty())
      return {};
    auto type = VectorType::get(width, lanes.front().getType());
    return placer.create<vector::FromElementsOp>(lanes, nullptr, type, lanes);
  };
  return {gather(re), gather(im)};
}

Lane MemoryAccess::load(Value memref, ArrayRef<Index> indices, Type type,
                        const Placer::Scope *atLeast) {
  Type element = type;
  if (auto complex = dyn_cast<ComplexType>(type))
    element = complex.getElementType();
  bool lanes = width > 1 && llvm::any_of(indices, [](const Index &index) {
                 return index.lanes;
               });
  Lane lane;
  if (lanes && isContiguous(memref, indices)) {
    SmallVector<Value> at;
    for (auto [i, index] : llvm::enumerate(indices))
      at.push_back(i + 1 == indices.size() ? inst.firstIndex(index)
                                           : clampedIndex(memref, i, index, 0));
    SmallVector<Value> operands(at);
    operands.push_back(memref);
    auto vector = VectorType::get(
        width, cast<MemRefType>(memref.getType()).getElementType());
    if (Value mask = indices.back().mask) {
      Value zero = placer.constant(
          cast<TypedAttr>(OpBuilder(vector.getContext()).getZeroAttr(vector)));
      operands.push_back(mask);
      lane.re = placer.create<vector::MaskedLoadOp>(operands, atLeast, vector,
                                                    memref, at, mask, zero);
    } else {
      lane.re =
          placer.create<vector::LoadOp>(operands, atLeast, vector, memref, at);
    }
  } else if (lanes) {
    lane = loadEach(memref, indices, atLeast);
  } else {
    SmallVector<Value> at;
    for (auto [i, index] : llvm::enumerate(indices))
      at.push_back(clampedIndex(memref, i, index, 0));
    lane = loadScalar(memref, at, atLeast);
  }
  return {convertElement(lane.re, element),
          lane.im ? convertElement(lane.im, element) : Value()};
}

void MemoryAccess::storeScalar(Value memref, ValueRange indices, Lane lane) {
  Value value = lane.re;
  if (lane.im) {
    auto type = ComplexType::get(lane.re.getType());
    value = placer.create<complex::CreateOp>({lane.re, lane.im}, nullptr, type,
                                             lane.re, lane.im);
  }
  placer.here<memref::StoreOp>(value, memref, indices);
}

void MemoryAccess::storeEach(Value memref, ArrayRef<Index> indices, Lane lane) {
  Value mask;
  for (const Index &index : indices)
    if (index.lanes)
      mask = index.mask;
  for (int64_t i = 0; i < width; ++i) {
    auto extract = [&](Value vector) -> Value {
      if (!vector)
        return {};
      return placer.create<vector::ExtractOp>({vector}, nullptr, vector, i);
    };
    auto storeOne = [&] {
      SmallVector<Value> at;
      for (const Index &index : indices)
        at.push_back(placer.add(inst.firstIndex(index), index.lanes ? i : 0));
      storeScalar(memref, at, {extract(lane.re), extract(lane.im)});
    };
    if (mask)
      placer.onlyIf(extract(mask), storeOne);
    else
      storeOne();
  }
}

void MemoryAccess::store(Value memref, ArrayRef<Index> indices, Lane lane,
                         bool nontemporal) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  if (auto complex = dyn_cast<ComplexType>(element))
    element = complex.getElementType();
  bool lanes = width > 1 && llvm::any_of(indices, [](const Index &index) {
                 return index.lanes;
               });
  if (lanes)
    lane = inst.broadcast(lane);
  lane = {convertElement(lane.re, element),
          lane.im ? convertElement(lane.im, element) : Value()};
  SmallVector<Value> at;
  for (const Index &index : indices)
    at.push_back(inst.firstIndex(index));
  if (!lanes)
    return storeScalar(memref, at, lane);
  if (!isContiguous(memref, indices))
    return storeEach(memref, indices, lane);
  if (Value mask = indices.back().mask)
    placer.here<vector::MaskedStoreOp>(memref, at, mask, lane.re);
  else if (nontemporal)
    placer.here<vector::StoreOp>(lane.re, memref, at, /*nontemporal=*/true,
                                 llvm::MaybeAlign(64));
  else
    placer.here<vector::StoreOp>(lane.re, memref, at);
}
