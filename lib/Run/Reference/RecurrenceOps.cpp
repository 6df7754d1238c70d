//===- RecurrenceOps.cpp - one op of a body over all points of a step -----===//

#include "Kernels.h"
#include "Recurrence.h"
#include <limits>

using namespace mlir;
using namespace linrec;

//===----------------------------------------------------------------------===//
// Elementwise ops
//===----------------------------------------------------------------------===//

/// Fills the slot of a constant; it never changes.
static LogicalResult addConstant(RecurrencePlan &plan, Operation &op,
                                 Attribute attribute) {
  Value value = op.getResult(0);
  Slot &slot = plan.addSlot(value);
  std::optional<Grid> grid =
      makeConstant(attribute, value.getType(), slot.kind);
  if (!grid)
    return plan.interpreter.fail(&op,
                                 "the reference cannot hold this constant");
  std::copy_n(grid->data(), getNumBytes(slot.kind), slot.data());
  return success();
}

LogicalResult linrec::addElementwise(RecurrencePlan &plan, Operation &op) {
  if (Attribute attribute = getConstant(&op))
    return addConstant(plan, op, attribute);
  Kernel kernel = getKernel(&op, plan.interpreter.precision);
  if (!kernel)
    return plan.interpreter.fail(&op, "the reference does not know " +
                                          op.getName().getStringRef());
  Slot &result = plan.addSlot(op.getResult(0));
  SmallVector<const char *> inputs;
  for (Value operand : op.getOperands()) {
    Slot &slot = plan.slot(operand);
    if (slot.dims == result.dims) {
      inputs.push_back(slot.data());
      continue;
    }
    // Spread over the result's points, at each step only if it changes.
    auto spread =
        std::make_shared<AlignedBytes>(result.count * getNumBytes(slot.kind));
    std::vector<int64_t> offsets = plan.getBroadcast(slot.dims, result.dims);
    inputs.push_back(spread->data());
    plan.addInstruction(slot, [=, &slot](const Position &) {
      gather(slot.kind, spread->data(), slot.data(), offsets);
    });
  }
  plan.addInstruction(result, [=, &result](const Position &) {
    kernel(result.data(), inputs, result.count);
  });
  return success();
}

//===----------------------------------------------------------------------===//
// reduce
//===----------------------------------------------------------------------===//

/// Folds every row of `offsets` that starts at a point's `base`.
template <typename T, typename F>
static Instruction makeFold(const Slot &value, Slot &result,
                            std::vector<int64_t> bases,
                            std::vector<int64_t> offsets, T identity, F f) {
  return [=, &value, &result](const Position &) {
    auto *from = reinterpret_cast<const T *>(value.bytes.data());
    auto *to = reinterpret_cast<T *>(result.data());
    for (size_t p = 0; p < bases.size(); ++p) {
      T sum = identity;
      for (int64_t offset : offsets)
        sum = f(sum, from[bases[p] + offset]);
      to[p] = sum;
    }
  };
}

namespace {
/// Makes the fold of a reduce for numbers of type T: integers of a width, or
/// floats that may be rounded after every step.
struct FoldMaker {
  const Slot &value;
  Slot &result;
  std::vector<int64_t> bases, offsets;
  ReduceKind kind;
  Type type;
  bool rounds;

  template <typename T, typename F> Instruction make(T identity, F f) {
    if (!rounds)
      return makeFold<T>(value, result, bases, offsets, identity, f);
    ElementType elementType = *getElementType(type);
    Kind numbers = result.kind;
    return makeFold<T>(value, result, bases, offsets, identity, [=](T a, T b) {
      T sum = f(a, b);
      roundNumbers(elementType, numbers, reinterpret_cast<char *>(&sum), 1);
      return sum;
    });
  }

  Instruction integers() {
    unsigned width = getWidth(type);
    auto isSigned = [=](int64_t a) { return width == 1 ? -a : a; };
    int64_t smallest = wrap(uint64_t(1) << (width - 1), width);
    switch (kind) {
    case ReduceKind::Mul:
      return make<int64_t>(1, [=](int64_t a, int64_t b) {
        return wrap(uint64_t(a) * uint64_t(b), width);
      });
    case ReduceKind::Max:
      return make<int64_t>(smallest, [=](int64_t a, int64_t b) {
        return isSigned(a) > isSigned(b) ? a : b;
      });
    case ReduceKind::Min:
      return make<int64_t>(wrap(~uint64_t(smallest), width),
                           [=](int64_t a, int64_t b) {
                             return isSigned(a) < isSigned(b) ? a : b;
                           });
    default:
      return make<int64_t>(0, [=](int64_t a, int64_t b) {
        return wrap(uint64_t(a) + uint64_t(b), width);
      });
    }
  }

  template <typename T> Instruction floats() {
    constexpr T inf = std::numeric_limits<T>::infinity();
    switch (kind) {
    case ReduceKind::Add:
      return make<T>(0, [](T a, T b) { return a + b; });
    case ReduceKind::Mul:
      return make<T>(1, [](T a, T b) { return a * b; });
    case ReduceKind::Max:
      return make<T>(-inf, [](T a, T b) { return maximum(a, b); });
    case ReduceKind::Min:
      return make<T>(inf, [](T a, T b) { return minimum(a, b); });
    case ReduceKind::LogAddExp:
      break;
    }
    return make<T>(-inf, [](T a, T b) { return logAddExp(a, b); });
  }

  template <typename T> Instruction complexes() {
    if (kind == ReduceKind::Mul)
      return make<T>(1, [](T a, T b) { return multiply(a, b); });
    return make<T>(0, [](T a, T b) { return a + b; });
  }
};
} // namespace

void linrec::addReduce(RecurrencePlan &plan, ReduceOp reduce) {
  Slot &value = plan.slot(reduce.getValue());
  Slot &result = plan.addSlot(reduce.getResult());
  DimSet over;
  for (Attribute name : reduce.getOver())
    over.insert(*plan.op.findDim(cast<StringAttr>(name).getValue()));
  FoldMaker maker{
      value, result,
      getOffsets(plan.getExtents(result.dims),
                 plan.getStrides(result.dims, value.dims)),
      // A dim that the value lacks is folded as often as it is long.
      getOffsets(plan.getExtents(over), plan.getStrides(over, value.dims)),
      reduce.getKind(), reduce.getType(),
      plan.interpreter.precision.rounds(reduce.getType())};
  plan.interpreter.noteFold(maker.offsets.size());
  plan.addInstruction(result, visitKind(value.kind, [&](auto *null) {
                        using T = std::remove_pointer_t<decltype(null)>;
                        if constexpr (std::is_same_v<T, int64_t>)
                          return maker.integers();
                        else if constexpr (std::is_floating_point_v<T>)
                          return maker.template floats<T>();
                        else
                          return maker.template complexes<T>();
                      }));
}

//===----------------------------------------------------------------------===//
// at and index
//===----------------------------------------------------------------------===//

namespace {
/// One substitution, by dim numbers; `base` is -1 for a constant.
struct Substitution {
  unsigned dim;
  int base;
  int64_t offset;
};
} // namespace

/// For each point of `result`, the offset into the value, or -1 for else.
static std::vector<int64_t> getReads(const RecurrencePlan &plan, DimSet value,
                                     DimSet result,
                                     ArrayRef<Substitution> substitutions) {
  SmallVector<unsigned> dims = result.list();
  SmallVector<int64_t> extents = plan.getExtents(result);
  SmallVector<int64_t> index(plan.extents.size(), 0);
  SmallVector<unsigned> valueDims = value.list();
  SmallVector<int64_t> valueStrides = plan.getStrides(value, value);
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= extent;
  std::vector<int64_t> reads(count);
  for (int64_t &read : reads) {
    SmallVector<int64_t> at = index;
    bool inside = true;
    for (const Substitution &s : substitutions) {
      at[s.dim] = (s.base < 0 ? 0 : index[s.base]) + s.offset;
      inside &= at[s.dim] >= 0 && at[s.dim] < plan.pointExtents[s.dim];
    }
    read = inside ? 0 : -1;
    for (size_t i = 0; inside && i < valueDims.size(); ++i)
      read += at[valueDims[i]] * valueStrides[i];
    for (size_t i = dims.size(); i-- > 0;) {
      if (++index[dims[i]] < extents[i])
        break;
      index[dims[i]] = 0;
    }
  }
  return reads;
}

void linrec::addAt(RecurrencePlan &plan, AtOp at) {
  Slot &value = plan.slot(at.getValue());
  Slot &result = plan.addSlot(at.getResult());
  SmallVector<Substitution> substitutions;
  for (unsigned k = 0; k < at.getNumSubstitutions(); ++k) {
    unsigned dim = *plan.op.findDim(at.getDim(k));
    // A pair whose dim the value lacks counts only with an else (C11).
    if (!value.dims.contains(dim) && !at.getElseValue())
      continue;
    std::optional<unsigned> base = plan.op.findDim(at.getBase(k));
    substitutions.push_back({dim, base ? int(*base) : -1, at.getOffset(k)});
  }
  std::vector<int64_t> reads =
      getReads(plan, value.dims, result.dims, substitutions);
  if (!at.getElseValue()) {
    plan.addInstruction(result, [=, &value, &result](const Position &) {
      gather(result.kind, result.data(), value.data(), reads);
    });
    return;
  }
  Slot &other = plan.slot(at.getElseValue());
  std::vector<int64_t> others = plan.getBroadcast(other.dims, result.dims);
  plan.addInstruction(result, [=, &value, &result, &other](const Position &) {
    visitKind(result.kind, [&](auto *null) {
      using T = std::remove_pointer_t<decltype(null)>;
      auto *to = reinterpret_cast<T *>(result.data());
      auto *from = reinterpret_cast<const T *>(value.data());
      auto *instead = reinterpret_cast<const T *>(other.data());
      for (size_t i = 0; i < reads.size(); ++i)
        to[i] = reads[i] < 0 ? instead[others[i]] : from[reads[i]];
    });
  });
}

void linrec::addIndex(RecurrencePlan &plan, IndexOp index) {
  Slot &slot = plan.addSlot(index.getResult());
  unsigned dim = *plan.op.findDim(index.getDim());
  bool isTime = dim == plan.op.getTimeDim();
  bool isSegment = plan.op.getPackedDim() == dim && !plan.looksAlongPacked();
  Type type = index.getType();
  bool rounds = plan.interpreter.precision.rounds(type);
  plan.addInstruction(slot, [=, &slot](const Position &at) {
    std::vector<int64_t> values(slot.count);
    for (int64_t i = 0; i < slot.count; ++i)
      values[i] = isTime ? at.step : isSegment ? at.segment : i;
    if (type.isIntOrIndex())
      for (int64_t &value : values)
        value = wrap(value, getWidth(type));
    convertNumbers(slot.kind, slot.data(), Kind::Int,
                   reinterpret_cast<const char *>(values.data()), slot.count);
    if (rounds)
      roundNumbers(*getElementType(type), slot.kind, slot.data(), slot.count);
  });
}
