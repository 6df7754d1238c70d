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
void SerialKernel::overTransposed(ArrayRef<int64_t> dims,
                                  function_ref<void(Value)> chunk,
                                  Value steps) {
  SmallVector<unsigned> inner = (DimSet::of(dims) & looped).list();
  std::function<void(unsigned)> go = [&](unsigned k) {
    if (k < inner.size())
      return placer.loop(placer.constant(0), plan[inner[k]].extent, 1,
                         [&](Value iv) {
                           pos[inner[k]] = Index{iv};
                           go(k + 1);
                         });
    overUnrolled(DimSet::of(dims), [&] {
      overVectors(
          [&] { placer.loop(placer.constant(0), steps, width, chunk); });
    });
  };
  go(0);
}

/// Where lane `row` lies in memory at `width` indices of the dim `fast` from
/// `first` on, of which `rest` exist; clamped to a lane that exists.
SmallVector<Index> SerialKernel::rowOf(ArrayRef<int64_t> dims, unsigned fast,
                                       Value first, Value rest, int64_t row) {
  SmallVector<Index> indices;
  for (int64_t dim : dims) {
    Index index = pos[dim];
    if (lanes == unsigned(dim)) {
      bool mayEnd = bool(index.mask);
      index = Index{index.base, index.offset + row};
      index.clamp = mayEnd;
    } else if (fast == unsigned(dim)) {
      auto type = VectorType::get(width, IntegerType::get(op.getContext(), 1));
      Value mask =
          placer.create<vector::CreateMaskOp>({rest}, nullptr, type, rest);
      index = Index{first, 0, /*lanes=*/true, mask};
    }
    indices.push_back(index);
  }
  return indices;
}

/// Loads a square: a row for each lane, given back as a vector of lanes for
/// each index of `fast`.
SmallVector<Value> SerialKernel::loadSquare(Value memref,
                                            ArrayRef<int64_t> dims,
                                            unsigned fast, Value first,
                                            Value rest, Type type) {
  SmallVector<Value> rows;
  for (int64_t row = 0; row < width; ++row)
    rows.push_back(memory
                       ->load(memref, rowOf(dims, fast, first, rest, row), type,
                              placer.current())
                       .re);
  return transpose(placer, rows);
}

/// The reverse of loadSquare; lanes that do not exist are not written.
void SerialKernel::storeSquare(Value memref, ArrayRef<int64_t> dims,
                               unsigned fast, Value first, Value rest,
                               ArrayRef<Value> columns) {
  auto rows = transpose(placer, SmallVector<Value>(columns));
  for (auto [row, values] : llvm::enumerate(rows)) {
    auto store = [&, values = values, row = row] {
      memory->store(memref, rowOf(dims, fast, first, rest, row), {values});
    };
    const Index &lane = pos[*lanes];
    if (!lane.mask) {
      store();
      continue;
    }
    Value at = placer.add(lane.base, lane.offset + int64_t(row));
    Value extent = plan[*lanes].extent;
    placer.onlyIf(placer.create<arith::CmpIOp>({at, extent}, nullptr,
                                               arith::CmpIPredicate::slt, at,
                                               extent),
                  store);
  }
}

void SerialKernel::transposeIns(Value steps) {
  for (auto &[number, buffer] : transposed) {
    if (number >= op.getIns().size())
      continue;
    BlockArgument arg = op.getInArg(number);
    const Buffer *copy = &buffer;
    Value memref = operand(number);
    ArrayRef<int64_t> dims = op.getInDims(number);
    overTransposed(
        dims,
        [&](Value chunk) {
          Value first = placer.add(tileLow, chunk);
          auto columns = loadSquare(memref, dims, op.getTimeDim(), first,
                                    placer.sub(steps, chunk), arg.getType());
          for (auto [i, column] : llvm::enumerate(columns)) {
            pos[op.getTimeDim()] = Index{first, int64_t(i)};
            storeTo(*copy, pos, {column});
          }
        },
        steps);
    inst->provide(arg, [this, arg, copy](const Position &at) {
      return loadFrom(*copy, at, arg.getType(), inst->stepScope);
    });
  }
}

void SerialKernel::transposeOuts(Value steps) {
  unsigned ins = op.getIns().size();
  for (auto &[number, buffer] : transposed) {
    if (number < ins)
      continue;
    const Buffer *copy = &buffer;
    Type type = op.getOutValue(number - ins).getType();
    Value memref = operand(number + (op.getBounds() ? 1 : 0));
    ArrayRef<int64_t> dims = op.getOutDims(number - ins);
    overTransposed(
        dims,
        [&](Value chunk) {
          Value first = placer.add(tileLow, chunk);
          SmallVector<Value> columns;
          for (int64_t i = 0; i < width; ++i) {
            pos[op.getTimeDim()] = Index{first, i};
            columns.push_back(loadFrom(*copy, pos, type, placer.current()).re);
          }
          storeSquare(memref, dims, op.getTimeDim(), first,
                      placer.sub(steps, chunk), columns);
        },
        steps);
  }
}

//===----------------------------------------------------------------------===//
// Arrays with an inner dim innermost
//===----------------------------------------------------------------------===//

/// The inner dim that an array without time has innermost, while the lanes are
/// another dim; none if it is copied element by element.
std::optional<unsigned> SerialKernel::fastDimOf(ArrayRef<int64_t> dims,
                                                Type type) {
  if (!lanes || width == 1 || dims.empty() || !hasLanes(dims) ||
      !type.isIntOrFloat() || type.isInteger(1) ||
      unsigned(dims.back()) == *lanes ||
      !(unrolled | looped).contains(dims.back()))
    return std::nullopt;
  return dims.back();
}

/// Loops over the dims of an array: lanes by vectors, masked at the end; `fast`
/// by squares, which `square` is called for.
void SerialKernel::overSquares(ArrayRef<int64_t> dims, unsigned fast,
                               function_ref<void(Value)> square) {
  liveVectors = 0; // single vectors anywhere in a tile
  std::function<void(unsigned)> go = [&](unsigned k) {
    if (k == dims.size())
      return placer.loop(placer.constant(0), plan[fast].extent, width, square);
    unsigned dim = dims[k];
    if (dim == fast)
      return go(k + 1);
    auto [low, high] = rangeOf(dim);
    placer.loop(low, high, lanes == dim ? width : 1, [&](Value iv) {
      pos[dim] = Index{iv};
      if (lanes == dim) {
        Value rest = placer.sub(plan[dim].extent, iv);
        auto mask =
            VectorType::get(width, IntegerType::get(op.getContext(), 1));
        pos[dim] = Index{
            iv, 0, /*lanes=*/true,
            placer.create<vector::CreateMaskOp>({rest}, nullptr, mask, rest)};
      }
      go(k + 1);
    });
  };
  go(0);
  liveVectors = vectors;
}

/// Copies an array into a packed buffer.
void SerialKernel::packBySquares(Value memref, ArrayRef<int64_t> dims,
                                 Type type, const Buffer &buffer,
                                 unsigned fast) {
  overSquares(dims, fast, [&](Value first) {
    Value rest = placer.sub(plan[fast].extent, first);
    auto known = Placer::asConstant(plan[fast].extent);
    auto columns = loadSquare(memref, dims, fast, first, rest, type);
    for (auto [i, column] : llvm::enumerate(columns)) {
      auto store = [&, i = i, column = column] {
        pos[fast] = Index{first, int64_t(i)};
        storeTo(buffer, pos, {column});
      };
      // Rows of the buffer past the extent do not exist.
      Value at = placer.constant(i);
      if (known && *known % width == 0)
        store();
      else
        placer.onlyIf(placer.create<arith::CmpIOp>({at, rest}, nullptr,
                                                   arith::CmpIPredicate::slt,
                                                   at, rest),
                      store);
    }
  });
}

/// Copies a packed buffer back into its array.
void SerialKernel::unpackBySquares(Value memref, ArrayRef<int64_t> dims,
                                   Type type, const Buffer &buffer,
                                   unsigned fast) {
  overSquares(dims, fast, [&](Value first) {
    Value extent = plan[fast].extent;
    Value last = placer.sub(extent, placer.constant(1));
    SmallVector<Value> columns;
    for (int64_t i = 0; i < width; ++i) {
      pos[fast] = Index{placer.minimum(placer.add(first, i), last)};
      columns.push_back(loadFrom(buffer, pos, type, placer.current()).re);
    }
    storeSquare(memref, dims, fast, first, placer.sub(extent, first), columns);
  });
}
