//===- SerialKernel.h - one recurrence, time serial, on a CPU ---*- C++ -*-===//
//
// The loop nest of the serial schedule: outer dims, time tiles, the dims after
// time, lane tiles; in a tile the stages and then the core, which asks the Instantiator for every state and out at every position.
// The skeleton knows loops, tiles and buffers, and no op of the body.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_TARGET_CPU_SERIALKERNEL_H
#define LINREC_TARGET_CPU_SERIALKERNEL_H

#include "linrec/Dialect/BodyGraph.h"
#include "linrec/Schedule/Dims.h"
#include "linrec/Target/CPU/MemoryAccess.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <set>

namespace linrec {

class SerialKernel {
public:
  /// `kernel` takes the operands of `op` in order, then the range [lo, hi) of
  /// the dim that is cut across threads (in elements; lanes in whole tiles).
  SerialKernel(RecurrenceOp op, CPUScheduleAttr schedule,
               mlir::func::FuncOp kernel);
  void emit();

private:
  /// Where a state is kept between steps that do not hold it in registers.
  struct Home {
    mlir::Value memref;
    /// False: the destination itself.
    bool packed = false;
  };
  /// A buffer indexed by dims of the recurrence: [time in tile][outer dims]
  /// [lane tile][inner dims][lanes], each part optional.
  struct Buffer {
    mlir::Value memref;
    llvm::SmallVector<unsigned> outer, inner;
    bool hasTime = false, tiled = false, hasLanes = false;
    /// Rows are times of the tile, not steps: they run backwards in reverse.
    bool byTime = false;
  };
  using Body = llvm::function_ref<void()>;

  // Set-up.
  void readSchedule();
  mlir::Value extentOf(unsigned dim);
  void provideIns();
  mlir::Value operand(unsigned number);
  std::pair<mlir::Value, mlir::Value> rangeOf(unsigned dim);

  // Buffers (SerialBuffers.cpp).
  Buffer allocate(mlir::Type element, DimSet dims, bool perCall, bool hasTime);
  llvm::SmallVector<Index> indicesIn(const Buffer &buffer, const Position &at);
  Lane loadFrom(const Buffer &buffer, const Position &at, mlir::Type type,
                const Placer::Scope *atLeast);
  void storeTo(const Buffer &buffer, const Position &at, Lane lane);
  bool staysInPlace(unsigned state);
  void makeHomes();
  void copyHomes(bool in);
  void makePacks();
  void makePack(mlir::Value value);
  void makeStages();
  void makePosts();
  void freeBuffers();

  // Streams that lie time first (SerialTransposes.cpp).
  void makeTransposes();
  void transposeIns(mlir::Value steps);
  void transposeOuts(mlir::Value steps);
  void overTransposed(llvm::ArrayRef<int64_t> dims,
                      llvm::function_ref<void(mlir::Value)> chunk,
                      mlir::Value steps);
  llvm::SmallVector<Index> rowOf(llvm::ArrayRef<int64_t> dims, unsigned fast,
                                 mlir::Value first, mlir::Value rest,
                                 int64_t row);
  llvm::SmallVector<mlir::Value> loadSquare(mlir::Value memref,
                                            llvm::ArrayRef<int64_t> dims,
                                            unsigned fast, mlir::Value first,
                                            mlir::Value rest, mlir::Type type);
  void storeSquare(mlir::Value memref, llvm::ArrayRef<int64_t> dims,
                   unsigned fast, mlir::Value first, mlir::Value rest,
                   llvm::ArrayRef<mlir::Value> columns);
  std::optional<unsigned> fastDimOf(llvm::ArrayRef<int64_t> dims,
                                    mlir::Type type);
  void overSquares(llvm::ArrayRef<int64_t> dims, unsigned fast,
                   llvm::function_ref<void(mlir::Value)> square);
  void packBySquares(mlir::Value memref, llvm::ArrayRef<int64_t> dims,
                     mlir::Type type, const Buffer &buffer, unsigned fast);
  void unpackBySquares(mlir::Value memref, llvm::ArrayRef<int64_t> dims,
                       mlir::Type type, const Buffer &buffer, unsigned fast);

  // The nest.
  void overDims(llvm::ArrayRef<unsigned> dims, Body body);
  void overTime();
  void overTiles(mlir::Value lower, mlir::Value upper);
  void overLanes(llvm::function_ref<void()> body);
  void tileBody(mlir::Value first, mlir::Value steps);
  void stages(mlir::Value first, mlir::Value steps);
  void keepForPosts();
  void posts(mlir::Value first, mlir::Value steps);
  /// Sets the position's time to that of step first + local.
  void atStep(mlir::Value first, mlir::Value local);

  // What the next tile reads and writes (SerialPrefetch.cpp).
  void prefetchNext();
  void prefetchLine(const RecurrenceOp::Binding &binding, Index ahead);

  // The core with states in registers (SerialRegisterCore.cpp).
  void registerCore(mlir::Value first, mlir::Value steps);
  void overStates(llvm::function_ref<void(unsigned)> body);
  llvm::SmallVector<mlir::Value> registerStep(mlir::ValueRange carried);
  llvm::SmallVector<ReduceOp> sumsOfSweep(DimSet &points);
  void registerSweep(llvm::ArrayRef<ReduceOp> sums, DimSet points);

  // With states in memory, what one sweep over a step can do (SerialSweep.cpp).
  bool isFusable(ReduceOp reduce, DimSet loops);
  bool isReadBack(unsigned state);
  bool readsOldState(mlir::Value value);
  bool isReusedInLoops(ReduceOp reduce);
  void analyzeStep();
  void makeStepBuffers();

  // The core with states in memory (SerialMemoryCore.cpp).
  void memoryStep();
  void fold(llvm::ArrayRef<ReduceOp> reduces, llvm::ArrayRef<unsigned> order,
            llvm::function_ref<void()> before,
            llvm::function_ref<void()> after);
  void foldOldStates();
  void sweep();
  void storeOuts(llvm::ArrayRef<unsigned> outs);
  llvm::SmallVector<Lane>
  nest(llvm::ArrayRef<unsigned> dims, llvm::SmallVector<Lane> carried,
       llvm::function_ref<llvm::SmallVector<Lane>(llvm::ArrayRef<Lane>)> body);

  // Positions.
  void overUnrolled(DimSet dims, llvm::function_ref<void()> body);
  void overVectors(llvm::function_ref<void()> body);
  Lane stateAt(unsigned state, const Position &at,
               const Placer::Scope *atLeast = nullptr);
  void storeState(unsigned state, const Position &at, Lane lane);
  void storeOut(unsigned out);
  bool isStateful(mlir::Value value) const { return graph.isStateful(value); }
  bool hasLanes(llvm::ArrayRef<int64_t> dims) const;

  RecurrenceOp op;
  CPUScheduleAttr schedule;
  mlir::func::FuncOp kernel;
  Placer placer;
  DimRoles roles;
  BodyGraph graph;
  llvm::SmallVector<DimPlan> plan;
  std::unique_ptr<Instantiator> inst;
  std::unique_ptr<MemoryAccess> memory;

  std::optional<unsigned> lanes; // dim in lanes
  bool laneLoop = false;         // ... inside the step
  int64_t width, vectors, tile;
  /// Vectors of the lane tile being emitted: `vectors`, or 1 at the end.
  int64_t liveVectors;
  bool inMemory;
  llvm::SmallVector<unsigned> before, after;
  std::optional<unsigned> cut; // dim cut across threads
  mlir::Value cutLow, cutHigh;
  DimSet unrolled, looped;

  Position pos;
  mlir::Value timeLower, timeUpper, localTime;
  llvm::SmallVector<Home> homes;
  llvm::SmallVector<Buffer> homeBuffers, nextBuffers;
  struct Kept {
    mlir::Value value;
    Buffer buffer;
  };
  llvm::SmallVector<Kept> packs, staged, stepValues;
  /// What outs that are computed after the tile read of its steps.
  llvm::SmallVector<Kept> postInputs;
  std::set<unsigned> postOuts;
  /// Copies of streams, by number of their binding, with time outside lanes.
  std::map<unsigned, Buffer> transposed;
  /// The first time of the tile, whatever the direction.
  mlir::Value tileLow;
  llvm::SmallVector<mlir::Value> allocated;

  // What analyzeStep found.
  bool doubleBuffered = false;
  llvm::SmallVector<ReduceOp> fused;
  llvm::SmallVector<unsigned> fusedOuts;
  DimSet sweepDims;
  /// Which of the points unrolled in the innermost loop is being emitted.
  int64_t unrolledPoint = 0;
};

} // namespace linrec

#endif // LINREC_TARGET_CPU_SERIALKERNEL_H
