//===- Chooser.h - what the rules of a CPU schedule share -------*- C++ -*-===//
//
// One recurrence while its schedule is chosen: what the rules look at, and what
// they have decided. Each reads what those before it decided.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_LIB_SCHEDULE_CHOOSER_H
#define LINREC_LIB_SCHEDULE_CHOOSER_H

#include "linrec/Dialect/BodyGraph.h"
#include "linrec/Schedule/Choose.h"

namespace linrec {

/// Bytes of one element in memory, as the loads see it.
int64_t bytesOf(mlir::Type type);

class Chooser {
public:
  Chooser(RecurrenceOp op, const CPUTarget &target, bool generic)
      : op(op), target(target), generic(generic), roles(op), extents(op),
        sets(op), graph(op) {}
  CPUScheduleAttr choose();

private:
  // What is computed at once (ChooseLanes.cpp).
  void chooseWidth();
  double laneScore(unsigned dim);
  void chooseLanes();
  bool isUnrollable(unsigned dim) const;
  void chooseRegisters();
  // Which values wait in buffers, and which ins are copied (ChooseValues.cpp).
  mlir::Operation *lastOfChain(mlir::Operation *inner);
  void markValues();
  void markPosts();
  void chooseTransposes();
  void choosePacks();
  // The nest (Choose.cpp).
  void chooseOrder();
  void chooseTile();
  void chooseThreads();

  int64_t volume(DimSet dims) const;
  bool usesState(mlir::Value value) const { return graph.isStateful(value); }

  RecurrenceOp op;
  CPUTarget target;
  bool generic;
  DimRoles roles;
  ExtentHints extents;
  DimensionSets sets;
  BodyGraph graph;

  std::optional<unsigned> lanes;
  bool laneLoop = false;
  int64_t width = 1, vectors = 1, tile = 0, accumulators = 1;
  DimSet unrolled, looped;
  llvm::SmallVector<unsigned> before, after;
  bool memory = false, nontemporal = false, prefetch = false;
  bool hasStage = false;
  llvm::SmallVector<int64_t> transposed, packed;
  std::string threads;
};

} // namespace linrec

#endif // LINREC_LIB_SCHEDULE_CHOOSER_H
