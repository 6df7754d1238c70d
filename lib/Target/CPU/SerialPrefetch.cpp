//===- SerialPrefetch.cpp - the lines of the next lane tile ---------------===//
//
// Rule D9: every step of a tile asks for the lines that the same step of the
// next tile will read and write. The next tile is the one that follows in the
// order of the nest, also where it belongs to the next outer dim: its lanes
// come after those of this tile, and a row over an inner dim comes after this
// row. Addresses past the end of an array may be asked for; a prefetch never
// faults.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"

using namespace mlir;
using namespace linrec;

/// Elements of a cache line of 64 bytes; 0 for types that are not prefetched.
static int64_t lineOf(Value memref) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  if (!element.isIntOrFloat())
    return 0;
  return 512 / std::max(8u, element.getIntOrFloatBitWidth());
}

/// Asks for the line of an operand `ahead` elements along its last dim.
void SerialKernel::prefetchLine(const RecurrenceOp::Binding &binding,
                                Index ahead) {
  Value memref = operand(binding.operand->getOperandNumber());
  SmallVector<Value> at;
  for (int64_t dim : binding.dims) {
    bool isInner = plan[dim].kind == DimPlan::Looped ||
                   plan[dim].kind == DimPlan::Unrolled;
    Index index = isInner ? Index() : pos[dim];
    if (dim == binding.dims.back()) {
      index.offset += ahead.offset;
      Value moved = inst->firstIndex(index);
      at.push_back(ahead.base ? placer.add(moved, ahead.base) : moved);
    } else {
      at.push_back(inst->firstIndex(index));
    }
  }
  placer.here<memref::PrefetchOp>(memref, at, op.isDpsInit(binding.operand),
                                  /*localityHint=*/3, /*isDataCache=*/true);
}

void SerialKernel::prefetchNext() {
  // Rows over inner dims, those over the same dim in one loop.
  llvm::MapVector<unsigned, SmallVector<RecurrenceOp::Binding>> rows;
  for (const RecurrenceOp::Binding &binding : op.getBindings()) {
    ArrayRef<int64_t> dims = binding.dims;
    if (!llvm::is_contained(dims, int64_t(op.getTimeDim())))
      continue;
    int64_t line = lineOf(operand(binding.operand->getOperandNumber()));
    if (!line)
      continue;
    unsigned last = dims.back();
    if (lanes == last && !laneLoop) {
      int64_t span = width * liveVectors;
      for (int64_t i = 0; i < span; i += line)
        prefetchLine(binding, Index{nullptr, span + i});
    } else if (plan[last].kind == DimPlan::Looped && !hasLanes(dims) &&
               !after.empty() && dims.size() >= 2 &&
               dims[dims.size() - 2] == int64_t(after.back())) {
      rows[last].push_back(binding);
    }
  }
  for (auto &[last, bindings] : rows) {
    int64_t line = 64;
    for (const RecurrenceOp::Binding &binding : bindings)
      line =
          std::min(line, lineOf(operand(binding.operand->getOperandNumber())));
    Value extent = plan[last].extent;
    placer.loop(placer.constant(0), extent, line, [&](Value i) {
      for (const RecurrenceOp::Binding &binding : bindings)
        prefetchLine(binding, Index{placer.add(extent, i), 0});
    });
  }
}
