//===- DimensionSets.h - what each value of a body varies over --*- C++ -*-===//
//
// The dimension set of a value (docs/Spec.md, "Semantics"): a value is a
// function on its set. An in varies over its index list; a state over its
// dims and time; an elementwise op over the union of its operands' sets; a
// reduce removes dims; an at replaces them.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_DIMENSIONSETS_H
#define LINREC_DIALECT_DIMENSIONSETS_H

#include "linrec/Dialect/LinRec.h"
#include "llvm/ADT/DenseMap.h"
#include <string>

namespace linrec {

/// A set of dims of one recurrence, by number. There are at most 64 (C1).
class DimSet {
public:
  DimSet() = default;
  static DimSet of(llvm::ArrayRef<int64_t> dims) {
    DimSet set;
    for (int64_t dim : dims)
      set.insert(dim);
    return set;
  }
  bool contains(unsigned dim) const { return bits >> dim & 1; }
  bool containsAll(DimSet other) const { return !(other.bits & ~bits); }
  bool intersects(DimSet other) const { return bits & other.bits; }
  bool empty() const { return !bits; }
  unsigned size() const { return __builtin_popcountll(bits); }
  void insert(unsigned dim) { bits |= uint64_t(1) << dim; }
  void erase(unsigned dim) { bits &= ~(uint64_t(1) << dim); }
  DimSet operator|(DimSet other) const { return DimSet(bits | other.bits); }
  DimSet operator&(DimSet other) const { return DimSet(bits & other.bits); }
  DimSet operator-(DimSet other) const { return DimSet(bits & ~other.bits); }
  bool operator==(DimSet other) const { return bits == other.bits; }
  bool operator!=(DimSet other) const { return bits != other.bits; }
  uint64_t raw() const { return bits; }
  /// The dims in ascending order.
  llvm::SmallVector<unsigned> list() const {
    llvm::SmallVector<unsigned> dims;
    for (uint64_t rest = bits; rest; rest &= rest - 1)
      dims.push_back(__builtin_ctzll(rest));
    return dims;
  }

private:
  explicit DimSet(uint64_t bits) : bits(bits) {}
  uint64_t bits = 0;
};

/// The dimension sets of all values in the body of a recurrence, by one
/// forward pass. Values that are not in the body have the empty set.
class DimensionSets {
public:
  explicit DimensionSets(RecurrenceOp op);
  DimSet operator()(mlir::Value value) const { return sets.lookup(value); }

private:
  llvm::DenseMap<mlir::Value, DimSet> sets;
};

/// "b, t, d", in the order of dims(...).
std::string formatDims(RecurrenceOp op, DimSet dims);

} // namespace linrec

#endif // LINREC_DIALECT_DIMENSIONSETS_H
