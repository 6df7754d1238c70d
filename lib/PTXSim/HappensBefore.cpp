//===- HappensBefore.cpp - what a thread knows of others ------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HappensBefore.h"

#include <algorithm>

using namespace linrec::ptxsim;
using Entries = std::vector<Knowledge::Entry>;

static bool holds(const Entries &entries, uint32_t who, uint32_t clock) {
  auto it = std::lower_bound(entries.begin(), entries.end(),
                             Knowledge::Entry(who, 0));
  return it != entries.end() && it->first == who && it->second >= clock;
}

bool Knowledge::knows(uint32_t block, uint32_t warp, uint32_t thread,
                      uint32_t clock) const {
  return holds(threads, thread, clock) || holds(blocks, block, clock) ||
         holds(warps, warp, clock);
}

void Knowledge::put(Entries &entries, uint32_t who, uint32_t clock) {
  auto it = std::lower_bound(entries.begin(), entries.end(), Entry(who, 0));
  if (it != entries.end() && it->first == who)
    it->second = std::max(it->second, clock);
  else
    entries.insert(it, {who, clock});
}

static bool includes(const Entries &a, const Entries &b) {
  for (const Knowledge::Entry &entry : b)
    if (!holds(a, entry.first, entry.second))
      return false;
  return true;
}

static Entries merge(const Entries &a, const Entries &b) {
  Entries result;
  result.reserve(a.size() + b.size());
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].first < b[j].first))
      result.push_back(a[i++]);
    else if (i == a.size() || b[j].first < a[i].first)
      result.push_back(b[j++]);
    else {
      result.emplace_back(a[i].first, std::max(a[i].second, b[j].second));
      ++i;
      ++j;
    }
  }
  return result;
}

KnowledgeRef linrec::ptxsim::join(const KnowledgeRef &a,
                                  const KnowledgeRef &b) {
  if (!a || a == b)
    return b;
  if (!b)
    return a;
  auto within = [](const Knowledge &x, const Knowledge &y) {
    return includes(x.blocks, y.blocks) && includes(x.warps, y.warps) &&
           includes(x.threads, y.threads);
  };
  if (within(*a, *b))
    return a;
  if (within(*b, *a))
    return b;
  auto result = std::make_shared<Knowledge>();
  result->blocks = merge(a->blocks, b->blocks);
  result->warps = merge(a->warps, b->warps);
  result->threads = merge(a->threads, b->threads);
  return result;
}

uint32_t Reads::push(const Node &node) {
  if (!free) {
    nodes.push_back(node);
    return uint32_t(nodes.size());
  }
  uint32_t index = free;
  free = (*this)[index].next;
  (*this)[index] = node;
  return index;
}

void Reads::release(uint32_t head) {
  while (head) {
    uint32_t next = (*this)[head].next;
    (*this)[head].next = free;
    free = head;
    head = next;
  }
}
