//===- Groups.cpp - divergence and reconvergence --------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A frame waits at a post-dominator for the lanes that a branch split. Waiting
// is for counts and speed, never for correctness: lanes that wait go on by
// themselves when the others are blocked or poll memory, as on hardware with
// independent thread scheduling.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <cstring>

using namespace linrec::ptxsim;

int Executor::newFrame(Warp &warp, uint32_t pc, Mask mask, int parent) {
  size_t f = 0;
  while (f < warp.frames.size() && warp.frames[f].live)
    ++f;
  if (f == warp.frames.size())
    warp.frames.emplace_back();
  warp.frames[f].live = mask;
  warp.frames[f].arrived = 0;
  warp.frames[f].pc = pc;
  warp.frames[f].parent = parent;
  return int(f);
}

/// Moves a group to `pc`; if its innermost frame waits there, it joins the
/// frame and is removed, and goes on merged when all have come.
void Executor::advance(Warp &warp, size_t g, uint32_t pc) {
  Group &group = warp.groups[g];
  group.pc = pc;
  group.state = Group::Ready;
  if (pc != group.reconverge)
    return;
  warp.frames[size_t(group.frame)].arrived |= group.mask;
  warp.strongLoads = 0;
  warp.groups.erase(warp.groups.begin() + long(g));
  settleFrames(warp);
}

/// Releases every frame whose live lanes have all arrived.
void Executor::settleFrames(Warp &warp) {
  for (bool again = true; again;) {
    again = false;
    for (Frame &frame : warp.frames) {
      if (!frame.live || (frame.arrived & frame.live) != frame.live)
        continue;
      Mask mask = frame.live;
      int parent = frame.parent;
      uint32_t pc = frame.pc;
      frame.live = frame.arrived = 0;
      again = true;
      Group group;
      group.mask = mask;
      group.pc = pc;
      group.frame = parent;
      group.reconverge =
          parent >= 0 ? warp.frames[size_t(parent)].pc : noTarget;
      warp.groups.push_back(group);
    }
  }
}

/// Lets lanes that wait for others go on without them.
bool Executor::releaseParked(Warp &warp) {
  bool released = false;
  for (size_t f = 0; f < warp.frames.size(); ++f) {
    Frame &frame = warp.frames[f];
    Mask mask = frame.arrived & frame.live;
    if (!mask)
      continue;
    frame.live &= ~mask;
    frame.arrived = 0;
    int parent = frame.parent;
    Group group;
    group.mask = mask;
    group.pc = frame.pc;
    group.frame = parent;
    group.reconverge = parent >= 0 ? warp.frames[size_t(parent)].pc : noTarget;
    warp.groups.push_back(group);
    released = true;
  }
  warp.strongLoads = 0;
  return released;
}

void Executor::branch(Warp &warp, size_t g, Mask taken, uint32_t target,
                      uint32_t reconverge) {
  Mask mask = warp.groups[g].mask;
  uint32_t next = warp.groups[g].pc + 1;
  if (taken == mask || !taken)
    return advance(warp, g, taken ? target : next);
  int frame = warp.groups[g].frame;
  // A loop that sheds lanes goes through the same branch often; one frame at
  // its exit serves them all. So a frame and its parent end at two places.
  if (reconverge != noTarget && warp.groups[g].reconverge != reconverge) {
    frame = newFrame(warp, reconverge, mask, frame);
    warp.groups[g].frame = frame;
    warp.groups[g].reconverge = reconverge;
  }
  Group other = warp.groups[g];
  other.mask = taken;
  warp.groups[g].mask = mask & ~taken;
  warp.groups.push_back(other);
  advance(warp, warp.groups.size() - 1, target);
  // A release of frames appends, so the first part is where it was.
  advance(warp, g, next);
}

/// brx.idx: the lanes by their targets. The pool holds the list at `extra`.
void Executor::indexedBranch(Warp &warp, size_t g, Mask m,
                             const Instruction &i) {
  const uint32_t *index = reinterpret_cast<const uint32_t *>(warp.regs + i.a);
  Group whole = warp.groups[g];
  if (m != whole.mask) { // lanes whose guard is false fall through
    branch(warp, g, whole.mask & ~m, whole.pc + 1, i.reconverge);
    return;
  }
  uint32_t first = index[__builtin_ctz(m)];
  Mask same = 0;
  for (unsigned l = 0; l < 32; ++l)
    same |= Mask(((m >> l) & 1) && index[l] == first) << l;
  if (first >= i.count)
    first = i.count - 1u;
  uint32_t target = program.pool[i.extra + first];
  if (same == m)
    return advance(warp, g, target);
  // One target leaves, the rest meets this branch again.
  int frame = whole.frame;
  if (i.reconverge != noTarget && whole.reconverge != i.reconverge) {
    frame = newFrame(warp, i.reconverge, whole.mask, frame);
    whole.frame = frame;
    whole.reconverge = i.reconverge;
  }
  warp.groups[g] = whole;
  warp.groups[g].mask = m & ~same;
  whole.mask = same;
  warp.groups.push_back(whole);
  advance(warp, warp.groups.size() - 1, target);
}

void Executor::exitLanes(Warp &warp, size_t g, Mask m) {
  Context c;
  c.regs = warp.regs;
  c.executor = this;
  c.warp = &warp;
  c.block = warp.block;
  if (!warp.copies.empty())
    waitCopies(c, m, 0, true);
  warp.live &= ~m;
  warp.block->liveThreads -= uint32_t(__builtin_popcount(m));
  Group &group = warp.groups[g];
  group.mask &= ~m;
  for (Frame &frame : warp.frames) {
    frame.live &= ~m;
    frame.arrived &= ~m;
  }
  if (group.mask)
    advance(warp, g, group.pc + 1);
  else
    warp.groups.erase(warp.groups.begin() + long(g));
  settleFrames(warp);
  progress();
  blocksEnded |= warp.block->liveThreads == 0;
  completeBarriers(*warp.block);
}

/// An instruction that names the lanes that take part: waits for them, then
/// runs once for all. Returns false where the group now waits.
bool Executor::converge(Warp &warp, size_t g, Mask m, const Instruction &i,
                        Context &c) {
  Mask mask = warp.groups[g].mask;
  unsigned lead = unsigned(__builtin_ctz(m));
  Mask named;
  std::memcpy(&named, warp.regs + i.members + lead * 4, 4);
  Mask need = (named | m) & warp.live;
  if (~named & m)
    report(FindingKind::InactiveLaneShuffle, c, i,
           unsigned(__builtin_ctz(~named & m)),
           "the member mask does not name the lane that executes", "", 0);
  if (need & mask & ~m) {
    report(FindingKind::InactiveLaneShuffle, c, i,
           unsigned(__builtin_ctz(need & mask & ~m)),
           "the member mask names a lane whose guard is false", "", 0);
    need &= ~(mask & ~m);
  }
  Mask present = m;
  for (const Group &other : warp.groups)
    if (&other != &warp.groups[g] && other.state == Group::AtConverge &&
        (other.pc == warp.groups[g].pc ||
         (program.code[other.pc].fn == i.fn && i.mode == 7)))
      present |= other.mask;
  if (need & ~present) {
    warp.groups[g].state = Group::AtConverge;
    return false;
  }
  i.fn(c, i, present);
  // The others first: removing them moves this one.
  for (size_t k = warp.groups.size(); k-- > 0;)
    if (k != g && warp.groups[k].state == Group::AtConverge &&
        (warp.groups[k].mask & present) == warp.groups[k].mask) {
      size_t before = warp.groups.size();
      bool merges = warp.groups[k].frame == warp.groups[g].frame &&
                    warp.groups[k].pc == warp.groups[g].pc;
      if (merges) {
        warp.groups[g].mask |= warp.groups[k].mask;
        warp.groups.erase(warp.groups.begin() + long(k));
      } else {
        advance(warp, k, warp.groups[k].pc + 1);
      }
      if (warp.groups.size() < before && k < g)
        --g;
    }
  advance(warp, g, warp.groups[g].pc + 1);
  return true;
}
