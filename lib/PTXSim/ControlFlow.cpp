//===- ControlFlow.cpp - where divergent lanes meet again -----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Immediate post-dominators of basic blocks, by the algorithm of Cooper, Harvey
// and Kennedy ("A Simple, Fast Dominance Algorithm", 2001) on the reversed flow
// graph with one virtual exit.
//
//===----------------------------------------------------------------------===//

#include "Decoder.h"

#include <algorithm>

using namespace linrec::ptxsim;

namespace {

class PostDominators {
public:
  explicit PostDominators(Program &program) : program(program) {}

  void run() {
    findBlocks();
    linkBlocks();
    orderBlocks();
    solve();
    for (size_t b = 0; b < starts.size(); ++b) {
      Instruction &last = program.code[lastOf(b)];
      if (last.action != Action::Branch && last.action != Action::IndexedBranch)
        continue;
      uint32_t up = immediate[b];
      last.reconverge = up == exit || up == none ? noTarget : starts[up];
    }
  }

private:
  static constexpr uint32_t none = ~uint32_t(0);

  template <typename F> void targetsOf(const Instruction &i, F f) {
    if (i.action == Action::Branch)
      f(i.target);
    if (i.action == Action::IndexedBranch)
      for (unsigned k = 0; k < i.count; ++k)
        f(program.pool[i.extra + k]);
  }
  static bool ends(const Instruction &i) {
    return i.action == Action::Branch || i.action == Action::IndexedBranch ||
           i.action == Action::Exit || i.action == Action::Trap;
  }
  size_t lastOf(size_t b) const {
    return (b + 1 < starts.size() ? starts[b + 1] : program.code.size()) - 1;
  }

  void findBlocks() {
    std::vector<bool> leads(program.code.size() + 1);
    leads[0] = true;
    for (size_t pc = 0; pc < program.code.size(); ++pc) {
      targetsOf(program.code[pc],
                [&](uint32_t target) { leads[target] = true; });
      if (ends(program.code[pc]))
        leads[pc + 1] = true;
    }
    blockOf.resize(program.code.size());
    for (size_t pc = 0; pc < program.code.size(); ++pc) {
      if (leads[pc])
        starts.push_back(uint32_t(pc));
      blockOf[pc] = uint32_t(starts.size() - 1);
    }
    exit = uint32_t(starts.size());
  }

  void linkBlocks() {
    successors.resize(starts.size());
    predecessors.resize(starts.size() + 1);
    for (uint32_t b = 0; b < starts.size(); ++b) {
      const Instruction &last = program.code[lastOf(b)];
      targetsOf(last, [&](uint32_t target) { link(b, blockOf[target]); });
      if (last.action == Action::Exit || last.action == Action::Trap)
        link(b, exit);
      bool falls = !ends(last) || last.guard >= 0;
      if (falls)
        link(b, b + 1 < starts.size() ? b + 1 : exit);
    }
  }
  void link(uint32_t from, uint32_t to) {
    successors[from].push_back(to);
    predecessors[to].push_back(from);
  }

  /// Post-order of the reversed graph from the exit.
  void orderBlocks() {
    number.assign(starts.size() + 1, none);
    std::vector<std::pair<uint32_t, size_t>> stack{{exit, 0}};
    std::vector<bool> seen(starts.size() + 1);
    seen[exit] = true;
    while (!stack.empty()) {
      auto &[block, next] = stack.back();
      if (next < predecessors[block].size()) {
        uint32_t p = predecessors[block][next++];
        if (!seen[p]) {
          seen[p] = true;
          stack.emplace_back(p, 0);
        }
        continue;
      }
      number[block] = uint32_t(order.size());
      order.push_back(block);
      stack.pop_back();
    }
  }

  uint32_t meet(uint32_t a, uint32_t b) const {
    while (a != b) {
      while (number[a] < number[b])
        a = immediate[a];
      while (number[b] < number[a])
        b = immediate[b];
    }
    return a;
  }

  void solve() {
    immediate.assign(starts.size() + 1, none);
    immediate[exit] = exit;
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t k = order.size(); k-- > 0;) {
        uint32_t b = order[k];
        if (b == exit)
          continue;
        uint32_t best = none;
        for (uint32_t s : successors[b])
          if (immediate[s] != none)
            best = best == none ? s : meet(best, s);
        if (best != immediate[b]) {
          immediate[b] = best;
          changed = true;
        }
      }
    }
  }

  Program &program;
  std::vector<uint32_t> starts, blockOf, number, order, immediate;
  std::vector<std::vector<uint32_t>> successors, predecessors;
  uint32_t exit = 0;
};

} // namespace

void linrec::ptxsim::findReconvergence(Program &program) {
  PostDominators(program).run();
}
