//===- SerialTransposes.cpp - streams with time innermost -----------------===//
//
// D8: a stream whose innermost dim is time, while the lanes are another dim,
// is copied tile by tile through square transposes in registers: ins before
// the tile into [time][lanes], outs after it back. Whole rows are read and
// written, instead of one element of each.
//
//===----------------------------------------------------------------------===//

#include "linrec/Target/CPU/SerialKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace linrec;

/// Transposes `rows`, as many as they have lanes, by rounds of perfect
/// shuffles: row i and row i + n/2 interleave into rows 2i and 2i + 1.
static SmallVector<Value> transpose(Placer &placer, SmallVector<Value> rows) {
  int64_t n = rows.size();
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < n / 2; ++i) {
    low.append({i, n + i});
    high.append({n / 2 + i, n + n / 2 + i});
  }
  for (int64_t round = 1; round < n; round *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < n / 2; ++i) {
      Value a = rows[i], b = rows[i + n / 2];
      for (ArrayRef<int64_t> mask : {ArrayRef(low), ArrayRef(high)})
        next.push_back(
            placer.create<vector::ShuffleOp>({a, b}, nullptr, a, b, mask));
    }
    rows = next;
  }
  return rows;
}

void SerialKernel::makeTransposes() {
  auto bindings = op.getBindings();
  for (Attribute attr : schedule.getTransposed()) {
    unsigned i = cast<IntegerAttr>(attr).getInt();
    bool isIn = i < op.getIns().size();
    Type type = isIn ? op.getInArg(i).getType()
                     : op.getOutValue(i - op.getIns().size()).getType();
    Buffer buffer = allocate(type, DimSet::of(bindings[i].dims),
                             /*perCall=*/false, /*hasTime=*/true);
    buffer.byTime = true;
    transposed[i] = buffer;
  }
}

/// Calls `chunk` with the first time, within the tile, of every `width` times
/// of every vector of lanes and every inner position.
void SerialKernel::overTransposed(unsigned binding,
                                  function_ref<void(Value)> chunk,
                                  Value steps) {
  DimSet dims = DimSet::of(op.getBindings()[binding].dims);
  SmallVector<unsigned> inner = (dims & looped).list();
  std::function<void(unsigned)> go = [&](unsigned k) {
    if (k < inner.size())
      return placer.loop(placer.constant(0), plan[inner[k]].extent, 1,
                         [&](Value iv) {
                           pos[inner[k]] = Index{iv};
                           go(k + 1);
                         });
    overUnrolled(dims, [&] {
      overVectors([&] {
        placer.loop(placer.constant(0), steps, width, chunk);
      });
    });
  };
  go(0);
}

/// Where lane `row` lies in memory at the times of a chunk; masked after the
/// end of the tile, and clamped to a lane that exists.
SmallVector<Index> SerialKernel::rowOf(unsigned binding, Value chunk,
                                       Value steps, int64_t row) {
  SmallVector<Index> indices;
  ArrayRef<int64_t> dims = op.getBindings()[binding].dims;
  for (int64_t dim : dims) {
    Index index = pos[dim];
    if (lanes == unsigned(dim)) {
      bool mayEnd = bool(index.mask);
      index = Index{index.base, index.offset + row};
      index.clamp = mayEnd;
    } else if (op.getTimeDim() == unsigned(dim)) {
      Value rest = placer.sub(steps, chunk);
      auto type = VectorType::get(width, IntegerType::get(op.getContext(), 1));
      Value mask =
          placer.create<vector::CreateMaskOp>({rest}, nullptr, type, rest);
      index = Index{placer.add(tileLow, chunk), 0, /*lanes=*/true, mask};
    }
    indices.push_back(index);
  }
  return indices;
}

void SerialKernel::transposeIns(Value steps) {
  for (auto &[number, buffer] : transposed) {
    if (number >= op.getIns().size())
      continue;
    BlockArgument arg = op.getInArg(number);
    overTransposed(
        number,
        [&](Value chunk) {
          SmallVector<Value> rows;
          for (int64_t row = 0; row < width; ++row)
            rows.push_back(memory
                               ->load(operand(number),
                                      rowOf(number, chunk, steps, row),
                                      arg.getType(), placer.current())
                               .re);
          for (auto [i, row] : llvm::enumerate(transpose(placer, rows))) {
            pos[op.getTimeDim()] =
                Index{placer.add(tileLow, chunk), int64_t(i)};
            storeTo(buffer, pos, {row});
          }
        },
        steps);
    inst->provide(arg, [this, arg, source = &buffer](const Position &at) {
      return loadFrom(*source, at, arg.getType(), inst->stepScope);
    });
  }
}

void SerialKernel::transposeOuts(Value steps) {
  unsigned ins = op.getIns().size();
  for (auto &[number, buffer] : transposed) {
    if (number < ins)
      continue;
    Type type = op.getOutValue(number - ins).getType();
    Value memref = operand(number + (op.getBounds() ? 1 : 0));
    overTransposed(
        number,
        [&](Value chunk) {
          SmallVector<Value> rows;
          for (int64_t i = 0; i < width; ++i) {
            pos[op.getTimeDim()] = Index{placer.add(tileLow, chunk), i};
            rows.push_back(
                loadFrom(buffer, pos, type, placer.current()).re);
          }
          for (auto [row, values] : llvm::enumerate(transpose(placer, rows))) {
            Value last = plan[*lanes].extent;
            Value lane = inst->firstIndex(
                Index{pos[*lanes].base, pos[*lanes].offset + int64_t(row)});
            auto store = [&] {
              memory->store(memref, rowOf(number, chunk, steps, row),
                            {values});
            };
            if (!pos[*lanes].mask)
              store();
            else
              placer.onlyIf(placer.create<arith::CmpIOp>(
                                {lane, last}, nullptr,
                                arith::CmpIPredicate::slt, lane, last),
                            store);
          }
        },
        steps);
  }
}
