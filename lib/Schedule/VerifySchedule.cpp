//===- VerifySchedule.cpp - can this schedule run this recurrence? --------===//

#include "linrec/Schedule/Choose.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;

LogicalResult linrec::verifyCPUSchedule(RecurrenceOp op,
                                        CPUScheduleAttr schedule) {
  DimRoles roles(op);
  auto error = [&]() -> InFlightDiagnostic {
    return op.emitOpError("cannot run with this schedule: ");
  };
  if (schedule.getWidth() < 1 || schedule.getWidth() > 64 ||
      !llvm::isPowerOf2_64(schedule.getWidth()) || schedule.getVectors() < 1 ||
      schedule.getVectors() > 16)
    return error() << "width must be a power of two up to 64 and vectors "
                      "between 1 and 16";
  if (schedule.getTile() < 0 || schedule.getAccumulators() < 1)
    return error() << "tile must be at least 0 and accumulators at least 1";

  // Every dim has exactly one part to play.
  SmallVector<StringRef> parts(op.getNumDims());
  auto play = [&](StringRef name, StringRef part) -> LogicalResult {
    std::optional<unsigned> dim = op.findDim(name);
    if (!dim)
      return error() << "'" << name << "' in " << part
                     << " is not a dim of the recurrence";
    if (!parts[*dim].empty())
      return error() << "dim '" << name << "' is in " << parts[*dim]
                     << " and in " << part << "; name it once";
    parts[*dim] = part;
    return success();
  };
  std::optional<unsigned> lanes = op.findDim(schedule.getLanes());
  bool laneLoop = lanes && !roles.pointwise.contains(*lanes);
  parts[op.getTimeDim()] = "time";
  if (!schedule.getLanes().empty() && !laneLoop &&
      failed(play(schedule.getLanes(), "lanes")))
    return failure();
  DimSet unrolled, looped;
  for (NamedAttribute entry : schedule.getUnroll()) {
    if (failed(play(entry.getName(), "unroll")))
      return failure();
    auto extent = dyn_cast<IntegerAttr>(entry.getValue());
    unsigned dim = *op.findDim(entry.getName());
    int64_t known = op.getStaticExtent(dim);
    if (!extent || extent.getInt() < 1 ||
        (!ShapedType::isDynamic(known) && known != extent.getInt()))
      return error() << "unroll of dim '" << entry.getName().getValue()
                     << "' must be its extent";
    unrolled.insert(dim);
  }
  for (NamedAttribute entry : schedule.getInner()) {
    if (failed(play(entry.getName(), "inner")))
      return failure();
    auto factor = dyn_cast<IntegerAttr>(entry.getValue());
    if (!factor || factor.getInt() < 1 || factor.getInt() > 16)
      return error() << "the factor of inner dim '"
                     << entry.getName().getValue()
                     << "' must be between 1 and 16";
    looped.insert(*op.findDim(entry.getName()));
  }
  for (auto [list, part] : {std::pair(schedule.getBefore(), "before"),
                            std::pair(schedule.getAfter(), "after")})
    for (Attribute name : list) {
      auto text = dyn_cast<StringAttr>(name);
      if (!text || failed(play(text.getValue(), part)))
        return failure();
      if (!roles.pointwise.contains(*op.findDim(text.getValue())))
        return error() << "dim '" << text.getValue() << "' in " << part
                       << " is reduced, read at another index, or missing in "
                          "a state or out; put it in inner or unroll";
    }
  if (auto packed = op.getPackedDim(); packed && parts[*packed] != "before")
    return error() << "the packed dim '" << op.getDimName(*packed)
                   << "' must be in before: the steps of a segment are known "
                      "only inside its loop";
  for (unsigned dim = 0, e = op.getNumDims(); dim < e; ++dim)
    if (parts[dim].empty())
      return error() << "dim '" << op.getDimName(dim)
                     << "' is in none of lanes, unroll, inner, before, after";
  bool memory = schedule.getState() == "memory";
  if (!memory && schedule.getState() != "registers")
    return error() << "state must be \"registers\" or \"memory\"";
  if (!memory && looped.intersects(roles.stateInner))
    return error() << "states over looped dims ("
                   << formatDims(op, looped & roles.stateInner)
                   << ") need state = \"memory\"";
  if (memory && !unrolled.empty())
    return error() << "with states in memory, dims are looped: move "
                   << formatDims(op, unrolled) << " from unroll to inner";
  for (unsigned dim : unrolled.list())
    if (!unrolled.containsAll(roles.ties[dim]))
      return error() << "dims " << formatDims(op, roles.ties[dim])
                     << " are tied by linrec.at: unroll all of them or none";
  if (schedule.getTile() != 0 && (!lanes || laneLoop || op.getPackedDim()))
    return error() << "a time tile needs lanes in a pointwise dim and no "
                      "packed sequences";
  for (Attribute attr : schedule.getTransposed()) {
    auto number = dyn_cast<IntegerAttr>(attr);
    int64_t streams = op.getIns().size() + op.getOuts().size();
    if (!number || number.getInt() < 0 || number.getInt() >= streams)
      return error() << "transposed holds " << attr
                     << ", expected numbers of ins and outs below " << streams;
    RecurrenceOp::Binding binding = op.getBindings()[number.getInt()];
    Type element = getElementTypeOrSelf(binding.value.getType());
    if (binding.dims.empty() ||
        binding.dims.back() != int64_t(op.getTimeDim()) || !lanes || laneLoop ||
        !llvm::is_contained(binding.dims, int64_t(*lanes)) ||
        isa<ComplexType>(element) || element.isInteger(1))
      return error() << "operand number " << number.getInt()
                     << " cannot be transposed: it must have time innermost, "
                        "the dim in lanes outside it, and real elements";
    if (schedule.getTile() < schedule.getWidth() ||
        schedule.getTile() % schedule.getWidth())
      return error() << "transposed streams need a tile that is a multiple of "
                        "width";
  }
  for (Attribute attr : schedule.getPacked()) {
    auto number = dyn_cast<IntegerAttr>(attr);
    if (!number || number.getInt() < 0 ||
        number.getInt() >= int64_t(op.getIns().size()))
      return error() << "packed holds " << attr
                     << ", expected numbers of ins below "
                     << op.getIns().size();
    DimSet dims = DimSet::of(op.getInDims(number.getInt()));
    if (!lanes || !dims.contains(*lanes) || dims.contains(op.getTimeDim()))
      return error() << "in number " << number.getInt()
                     << " cannot be packed: it must have the dim in lanes and "
                        "no time";
  }
  if (schedule.getStores() == "nontemporal") {
    if (!lanes || laneLoop || schedule.getVectors() != 1)
      return error() << "nontemporal stores need lanes in a pointwise dim and "
                        "vectors = 1";
    for (unsigned i = 0, e = op.getOuts().size(); i < e; ++i) {
      Type element = getElementTypeOrSelf(op.getOuts()[i].getType());
      if (op.getOutDims(i).back() != int64_t(*lanes) ||
          isa<ComplexType>(element) || element.isInteger(1))
        return error() << "nontemporal stores need the dim in lanes innermost "
                          "in out number "
                       << i << ", and real elements";
    }
  } else if (schedule.getStores() != "plain") {
    return error() << "stores must be \"plain\" or \"nontemporal\"";
  }
  if (op.isExact() && (schedule.getAccumulators() != 1 ||
                       (laneLoop && roles.reduced.contains(*lanes))))
    return error() << "linrec.exact needs accumulators = 1 and no lanes in a "
                      "dim that is reduced (N1)";
  if (!schedule.getThreads().empty()) {
    std::optional<unsigned> cut = op.findDim(schedule.getThreads());
    if (!cut || !roles.pointwise.contains(*cut))
      return error() << "threads = \"" << schedule.getThreads()
                     << "\" must be a pointwise dim";
  }
  return success();
}
