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
      overVectors([&] {
        placer.loop(placer.constant(0), steps, width, chunk);
      });
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
                       ->load(memref, rowOf(dims, fast, first, rest, row),
                              type, placer.current())
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
            columns.push_back(
                loadFrom(*copy, pos, type, placer.current()).re);
          }
          storeSquare(memref, dims, op.getTimeDim(), first,
                      placer.sub(steps, chunk), columns);
        },
        steps);
  }
}

//===----------------------------------------------------------------------===//
// States with an inner dim innermost
//===----------------------------------------------------------------------===//

/// The inner dim that a state has innermost, while the lanes are another dim;
/// none if the state is copied element by element.
std::optional<unsigned> SerialKernel::fastDimOf(unsigned state) {
  ArrayRef<int64_t> dims = op.getStateDims(state);
  Type type = op.getStateArg(state).getType();
  if (!lanes || laneLoop || width == 1 || dims.empty() || !hasLanes(dims) ||
      !type.isIntOrFloat() || type.isInteger(1) ||
      !(unrolled | looped).contains(dims.back()))
    return std::nullopt;
  return dims.back();
}

/// Copies a state to its packed home, or back, by squares of lanes and the
/// innermost dim.
void SerialKernel::copyHomeBySquares(unsigned state, unsigned fast, bool in) {
  ArrayRef<int64_t> dims = op.getStateDims(state);
  Type type = op.getStateArg(state).getType();
  Value memref = homes[state].memref, extent = plan[fast].extent;
  const Buffer &buffer = homeBuffers[state];
  auto square = [&](Value first) {
    Value rest = placer.sub(extent, first);
    auto overColumns = [&](function_ref<void(int64_t)> body) {
      for (int64_t i = 0; i < width; ++i) {
        pos[fast] = Index{first, i};
        body(i);
      }
    };
    // Rows of the buffer past the extent do not exist.
    auto exists = [&](int64_t i, function_ref<void()> body) {
      auto known = Placer::asConstant(extent);
      if (known && *known % width == 0)
        return body();
      Value at = placer.constant(i);
      placer.onlyIf(placer.create<arith::CmpIOp>({at, rest}, nullptr,
                                                 arith::CmpIPredicate::slt, at,
                                                 rest),
                    body);
    };
    if (in) {
      auto columns = loadSquare(memref, dims, fast, first, rest, type);
      overColumns([&](int64_t i) {
        exists(i, [&] { storeTo(buffer, pos, {columns[i]}); });
      });
      return;
    }
    SmallVector<Value> columns;
    Value last = placer.sub(extent, placer.constant(1));
    for (int64_t i = 0; i < width; ++i) {
      pos[fast] = Index{placer.minimum(placer.add(first, i), last)};
      columns.push_back(loadFrom(buffer, pos, type, placer.current()).re);
    }
    storeSquare(memref, dims, fast, first, rest, columns);
  };
  liveVectors = 0; // single vectors anywhere in a tile
  std::function<void(unsigned)> go = [&](unsigned k) {
    if (k == dims.size())
      return placer.loop(placer.constant(0), extent, width, square);
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
        pos[dim] = Index{iv, 0, /*lanes=*/true,
                         placer.create<vector::CreateMaskOp>({rest}, nullptr,
                                                             mask, rest)};
      }
      go(k + 1);
    });
  };
  go(0);
  liveVectors = vectors;
}
