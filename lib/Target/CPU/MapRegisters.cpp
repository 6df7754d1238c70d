#include "MapRegisters.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace linrec;

namespace {
class RegisterMapper {
public:
  RegisterMapper(OpBuilder &b, Location loc, int64_t fewest, int64_t most,
                 Padding padding, function_ref<Value(ValueRange)> function)
      : b(b), loc(loc), fewest(fewest), most(most), padding(padding),
        function(function) {}

  Value map(ValueRange operands);

private:
  Value mapScalar(ValueRange operands);
  Value mapRows(ValueRange operands, VectorType type);
  Value mapRow(ValueRange operands, VectorType type);
  Value resize(Value vector, int64_t first, int64_t count, int64_t width);

  OpBuilder &b;
  Location loc;
  int64_t fewest, most;
  Padding padding;
  function_ref<Value(ValueRange)> function;
};
} // namespace

Value RegisterMapper::map(ValueRange operands) {
  auto type = dyn_cast<VectorType>(operands.front().getType());
  if (!type)
    return mapScalar(operands);
  return type.getRank() == 1 ? mapRow(operands, type) : mapRows(operands, type);
}

Value RegisterMapper::mapScalar(ValueRange operands) {
  auto type = VectorType::get(fewest, operands.front().getType());
  SmallVector<Value> padded;
  for (Value operand : operands) {
    if (padding == Padding::FirstLane)
      padded.push_back(vector::BroadcastOp::create(b, loc, type, operand));
    else
      padded.push_back(vector::InsertOp::create(
          b, loc, operand, ub::PoisonOp::create(b, loc, type), int64_t(0)));
  }
  return vector::ExtractOp::create(b, loc, function(padded), int64_t(0));
}

/// Every innermost row of a vector of rank 0, or above 1.
Value RegisterMapper::mapRows(ValueRange operands, VectorType type) {
  ArrayRef<int64_t> outer = type.getShape();
  int64_t rows = 1;
  if (!outer.empty()) {
    outer = outer.drop_back();
    rows = type.getNumElements() / type.getShape().back();
  }
  SmallVector<int64_t> strides = computeStrides(outer);
  Value result = ub::PoisonOp::create(b, loc, type);
  for (int64_t row = 0; row < rows; ++row) {
    SmallVector<int64_t> at = delinearize(row, strides);
    SmallVector<Value> parts;
    for (Value operand : operands)
      parts.push_back(vector::ExtractOp::create(b, loc, operand, at));
    result = vector::InsertOp::create(b, loc, map(parts), result, at);
  }
  return result;
}

Value RegisterMapper::mapRow(ValueRange operands, VectorType type) {
  int64_t lanes = type.getNumElements();
  Value result;
  for (int64_t first = 0, width; first < lanes; first += width) {
    width =
        std::clamp<int64_t>(llvm::PowerOf2Ceil(lanes - first), fewest, most);
    if (width == lanes)
      return function(operands);
    int64_t count = std::min(width, lanes - first);
    SmallVector<Value> parts;
    for (Value operand : operands)
      parts.push_back(resize(operand, first, count, width));
    Value part = function(parts);
    if (count != width)
      part = resize(part, 0, count, count);
    if (count == lanes)
      return part;
    if (!result)
      result = ub::PoisonOp::create(b, loc, type);
    result = vector::InsertStridedSliceOp::create(
        b, loc, part, result, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{1});
  }
  return result;
}

/// `count` lanes from `first` on, padded to `width`.
Value RegisterMapper::resize(Value vector, int64_t first, int64_t count,
                             int64_t width) {
  int64_t pad =
      padding == Padding::FirstLane ? first : vector::ShuffleOp::kPoisonIndex;
  SmallVector<int64_t> lanes(width, pad);
  for (int64_t i = 0; i < count; ++i)
    lanes[i] = first + i;
  return vector::ShuffleOp::create(b, loc, vector, vector, lanes);
}

Value linrec::mapRegisters(OpBuilder &b, Location loc, ValueRange operands,
                           int64_t fewest, int64_t most, Padding padding,
                           function_ref<Value(ValueRange)> function) {
  return RegisterMapper(b, loc, fewest, most, padding, function).map(operands);
}
