//===- Executor.h - the state of a run --------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Warps, blocks and the loop that runs them. Lanes of a warp that are at the
// same place form a group; a branch splits a group, and a frame puts the parts
// together again at the branch's immediate post-dominator. The scheduler picks
// a warp and a group by the seed and runs it for a few instructions.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_EXECUTOR_H
#define LINREC_PTXSIM_EXECUTOR_H

#include "HappensBefore.h"
#include "Lanes.h"
#include "Program.h"
#include "WeakMemory.h"
#include "linrec/PTXSim/Simulator.h"

#include <memory>
#include <unordered_map>

namespace linrec::ptxsim {

/// Where the spaces other than global lie among generic addresses.
constexpr uint64_t sharedWindow = uint64_t(1) << 48,
                   localWindow = uint64_t(2) << 48,
                   paramWindow = uint64_t(3) << 48,
                   windowMask = ~(sharedWindow - 1);

/// xoshiro256** would be more than this needs: splitmix64.
class Random {
public:
  explicit Random(uint64_t seed)
      : state(seed * 0x9e3779b97f4a7c15ull + 0x1234567) {}
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  uint32_t below(uint32_t n) { return uint32_t((next() >> 32) * n >> 32); }

private:
  uint64_t state;
};

struct Group {
  enum State : uint8_t { Ready, AtBarrier, AtConverge };
  Mask mask;
  uint32_t pc;
  int frame = -1; // innermost, -1 for none
  uint32_t reconverge = noTarget;
  State state = Ready;
  uint8_t barrier = 0;
};

struct Frame {
  Mask live = 0, arrived = 0; // live 0: not in use
  uint32_t pc = 0;
  int parent = -1;
};

/// What lanes know of each other beyond Warp::floor, what came by acquires, and
/// what fences have prepared. Made when first needed.
struct LaneKnowledge {
  std::array<Knowledge, 32> knows, fenced, pending;
  std::array<Scope, 32> fencedScope{};
  using Clocks = std::array<std::array<uint32_t, 32>, 32>; // [who][of whom]
  std::unique_ptr<Clocks> lanes; // after a bar.warp.sync of some lanes
  uint64_t fenceTime[32] = {};   // of the last fence.sc

  uint32_t ofLane(unsigned who, unsigned whom) const {
    return lanes ? (*lanes)[who][whom] : 0;
  }
};

/// A cp.async that has not landed: `group` counts its lane's commits.
struct AsyncCopy {
  uint64_t shared, global;
  uint32_t pc, group;
  uint8_t lane, size, copied;
};

struct Warp {
  Block *block = nullptr;
  uint32_t index = 0, id = 0; // in the block, in the grid
  uint8_t *regs = nullptr;
  Mask live = 0;
  std::vector<Group> groups;
  std::vector<Frame> frames;
  std::vector<uint8_t> local;
  uint32_t clock = 1, floor = 0;
  std::unique_ptr<LaneKnowledge> knowledge;
  std::vector<AsyncCopy> copies;
  uint32_t commits[32] = {};
  uint32_t readyIndex = noTarget; // in Executor::ready
  uint32_t strongLoads = 0;       // since a group last parked
  uint32_t polledPc = noTarget; // the last strong load, if no store came since
  // Search for a cycle of states: see Executor::checkSpin.
  uint64_t spinHash = 0, spinEpoch = 0, spinSteps = 0;
  bool spinning = false;
  LaneKnowledge &known() {
    if (!knowledge)
      knowledge = std::make_unique<LaneKnowledge>();
    return *knowledge;
  }
};

/// A barrier resource of a block. Threads are counted one by one, and by whole
/// warps as the operand `count` of bar.sync wants them.
struct BarrierState {
  uint32_t threads = 0, units = 0, expected = 0; // expected 0: all threads
  uint32_t population = 0;                       // bar.red: true predicates
};

struct Block {
  uint32_t index = 0;
  uint32_t coordinates[3] = {};
  std::vector<std::unique_ptr<Warp>> warps;
  std::vector<uint8_t> shared, sharedInit;
  std::vector<Cell> sharedCells;
  uint32_t liveThreads = 0;
  uint32_t clock = 1; // everything before it in the block happens before
  std::array<BarrierState, 16> barriers;
  std::vector<uint8_t> registerStore;
};

/// What the executor keeps beside a buffer.
struct BufferState {
  Buffer buffer;
  Cell *cells = nullptr;         // null for read-only ones
  uint8_t *init = nullptr;       // a byte each, null where all is initialized
  std::vector<uint64_t> touched; // per sector: bytes loaded, bytes stored
  std::unique_ptr<Cell, void (*)(void *)> cellStore{nullptr, nullptr};
  std::vector<uint8_t> initStore;
};

/// What one lane's address points to. `cells` and `init` are those of the first
/// byte.
struct Place {
  uint8_t *data = nullptr;
  Cell *cells = nullptr;
  uint8_t *init = nullptr;
  BufferState *buffer = nullptr; // null for other spaces
  bool shared = false;
  uint64_t offset = 0;
};

/// A load or store of a warp. Where it is uniform, all lanes are in one buffer
/// or in shared memory, and `first` is the place of the lowest address.
struct WarpAccess {
  alignas(64) uint64_t address[32];
  uint8_t *data[32];
  Mask lanes = 0; // those whose access may happen
  unsigned bytes = 0;
  bool isStore = false, uniform = false;
  Place first;
};

/// The space of a generic address, which becomes an offset into it.
Space spaceOf(uint64_t &address);

// Elements.cpp: element `offset` of the lanes `m`, of the register at `d`.
void loadElement(const Instruction &i, uint8_t *const *data, Mask m,
                 unsigned offset, uint8_t *d);
void storeElement(const Instruction &i, uint8_t *const *data, Mask m,
                  unsigned offset, const uint8_t *d);

class Executor {
public:
  Executor(const Program &program, GlobalMemory &memory, const Launch &launch,
           const RunOptions &options);
  ~Executor();
  RunResult run();

  // Places.cpp
  void addressesOf(Context &c, const Instruction &i, Mask m,
                   uint64_t *address) const;
  /// The bytes of one lane's access; no data where it must not happen (which is
  /// then a finding).
  Place placeOf(Context &c, const Instruction &i, Space space, uint64_t address,
                unsigned bytes, unsigned lane, bool isStore);
  BufferState *findBuffer(uint64_t address, uint32_t pc);
  /// What an access must satisfy beside bounds: initialized, free of races.
  void checkPlace(Context &c, const Instruction &i, const Place &place,
                  uint64_t address, unsigned bytes, unsigned lane, bool isLoad,
                  bool isStore, uint32_t extraTag = 0);
  /// Looks up and counts a load or store of the lanes of `m`.
  void resolve(Context &c, const Instruction &i, Mask m, unsigned bytes,
               bool isStore, WarpAccess &access);
  Place placeOfLane(Context &c, const Instruction &i, const WarpAccess &access,
                    unsigned lane);

  // LoadStore.cpp
  void load(Context &c, const Instruction &i, Mask m);
  void storeData(Context &c, const Instruction &i, Mask m);
  void rememberStore(const Warp &warp, unsigned lane, uint64_t key,
                     const uint8_t *old, unsigned width);

  // Checks.cpp
  void checkRead(Context &c, const Instruction &i, Cell &cell, unsigned lane,
                 uint32_t tag, const Place &place, uint64_t address);
  void checkWrite(Context &c, const Instruction &i, Cell &cell, unsigned lane,
                  uint32_t tag, const Place &place, uint64_t address);
  bool ordered(const Warp &warp, unsigned lane, uint32_t thread,
               uint32_t clock) const;
  void reportRace(Context &c, const Instruction &i, unsigned lane,
                  const Place &place, uint64_t address, bool isWrite,
                  uint32_t otherThread, uint32_t otherTag, bool otherWrite);

  bool sameStore(Context &c, const Instruction &i, unsigned lane,
                 unsigned other) const;

  // Synchronize.cpp
  void acquireAt(Warp &warp, unsigned lane, uint64_t key, const Instruction &i,
                 bool isAcquire);
  void releaseAt(Warp &warp, unsigned lane, uint64_t key, const Instruction &i,
                 bool isRelease, bool isRmw);
  void fence(Warp &warp, Mask m, Scope scope, bool sequential);
  void syncLanes(Warp &warp, Mask m);
  void syncBlock(Block &block);
  void syncSome(Block &block, uint8_t barrier);
  Knowledge snapshot(const Warp &warp, unsigned lane) const;
  uint64_t keyOf(const Place &place, const Warp &warp, uint64_t address) const;

  // Findings.cpp
  void report(FindingKind kind, Context &c, const Instruction &i, unsigned lane,
              const std::string &what, const std::string &buffer,
              uint64_t address, uint32_t otherLine = 0);
  void reportHang(FindingKind kind);
  std::string threadName(uint32_t thread) const;
  std::string blockName(uint32_t block) const;
  std::string bufferName(const Place &place) const;
  void collectCounters(Counters &counters) const;

  // AsyncCopies.cpp
  void asyncCopy(Context &c, const Instruction &i, Mask m);
  void commitCopies(Warp &warp, Mask m);
  void waitCopies(Context &c, Mask m, unsigned keep, bool all);
  void land(Context &c, const AsyncCopy &copy);

  // Scheduler.cpp
  void progress() {
    ++progressEpoch;
    lastProgress = time;
  }
  void polled(Warp &warp, const Instruction &i) {
    uint32_t pc = uint32_t(&i - program.code.data());
    counters.spins += warp.polledPc == pc;
    warp.polledPc = pc;
    ++warp.strongLoads;
  }
  void countGlobal(Context &c, const Instruction &i, Mask m,
                   const uint64_t *address, unsigned bytes, bool isLoad,
                   bool isStore);
  void countShared(const Instruction &i, Mask m, const uint64_t *address,
                   unsigned bytes);
  void countTouched(const Place &place, unsigned bytes, bool isStore);

  const Program &program;
  const RunOptions options;
  const Launch launch;
  bool tracking = false; // race detection state is kept
  bool checks = false;
  uint64_t time = 0; // scheduler steps
  Random random;
  Counters counters;
  WeakMemory weakMemory;
  uint32_t sharedBytes = 0; // of a block
  /// The store that is being checked, to tell its lanes apart from earlier
  /// stores of the same instruction.
  const WarpAccess *storing = nullptr;

private:
  // Blocks.cpp
  std::string checkLaunch() const;
  void addBuffers();
  bool startBlock();
  void setUpWarp(Block &block, unsigned index);
  void finishBlocks();

  // Scheduler.cpp
  void runWarp(Warp &warp);
  bool runSpecial(Warp &warp, size_t group, Mask m, const Instruction &i,
                  Context &c);
  void makeReady(Warp &warp);
  void dropReady(Warp &warp);
  bool wakeSomeone();
  bool checkSpin(Warp &warp, const Group &group);

  // Groups.cpp
  void advance(Warp &warp, size_t group, uint32_t pc);
  void branch(Warp &warp, size_t group, Mask taken, uint32_t target,
              uint32_t reconverge);
  void indexedBranch(Warp &warp, size_t group, Mask m, const Instruction &i);
  void exitLanes(Warp &warp, size_t group, Mask m);
  void settleFrames(Warp &warp);
  int newFrame(Warp &warp, uint32_t pc, Mask mask, int parent);
  bool releaseParked(Warp &warp);
  bool converge(Warp &warp, size_t group, Mask m, const Instruction &i,
                Context &c);

  // Barriers.cpp
  void atBarrier(Warp &warp, size_t group, Mask m, const Instruction &i,
                 Context &c);
  void completeBarriers(Block &block);
  void wakeBarrier(Block &block, unsigned id);

  GlobalMemory &memory;
  std::vector<std::unique_ptr<Block>> resident;
  std::vector<Warp *> ready;
  std::vector<uint32_t> order; // of blocks, shuffled
  size_t nextBlock = 0;
  std::vector<uint64_t> warpCounts, threadCounts;
  std::vector<BufferState> buffers;
  std::vector<uint32_t> bufferOf; // last buffer, by instruction
  std::vector<uint8_t> moduleData;
  Reads reads;
  std::unordered_map<uint64_t, Publication> published;
  std::vector<Finding> findings;
  std::unordered_map<uint64_t, size_t> findingIndex;
  uint64_t progressEpoch = 1, lastProgress = 0;
  uint32_t warpsPerBlock = 0, threadsPerBlock = 0;
  bool stop = false;
  bool blocksEnded = false;
  uint64_t executed = 0, executedAtProgress = 0, epochSeen = 0;
  uint64_t perturbState = 0;
  std::vector<uint64_t> wordsSeen; // scratch of countShared
};

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_EXECUTOR_H
