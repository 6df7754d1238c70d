//===- ClockMap.h - who is known up to which clock --------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A persistent map from numbers to clocks. Copies share their parts, and a join
// looks only at what the two do not share, so that a chain of releases costs
// each of its threads the same however long it is. It is the big-endian
// Patricia tree of Okasaki and Gill, "Fast Mergeable Integer Maps" (ML Workshop
// 1998). Counts of references are not atomic: a map belongs to one executor.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_CLOCKMAP_H
#define LINREC_PTXSIM_CLOCKMAP_H

#include <cstdint>
#include <utility>

namespace linrec::ptxsim {

class ClockMap {
public:
  ClockMap() = default;
  ClockMap(const ClockMap &other) : root(other.root) { retain(root); }
  ClockMap(ClockMap &&other) noexcept : root(other.root) {
    other.root = nullptr;
  }
  ClockMap &operator=(ClockMap other) noexcept {
    std::swap(root, other.root);
    return *this;
  }
  ~ClockMap() { release(root); }

  bool empty() const { return !root; }
  /// Whether both are the same tree: equal, but not the other way round.
  bool isSame(const ClockMap &other) const { return root == other.root; }
  /// The clock of `key`, 0 where it has none.
  uint32_t find(uint64_t key) const;
  /// Raises the clock of `key` to at least `clock`.
  void put(uint64_t key, uint32_t clock);
  /// Raises the clock of every key of `other` to the one that it has there.
  void join(const ClockMap &other);

private:
  /// A leaf has bit 0; a branch has the bit in which its children's keys
  /// differ, and the bits above it in `key`.
  struct Node {
    uint32_t references = 1;
    uint32_t clock = 0;
    uint64_t key = 0, bit = 0;
    Node *left = nullptr, *right = nullptr;
  };
  static Node *retain(Node *node) {
    if (node)
      ++node->references;
    return node;
  }
  static void release(Node *node);
  static bool holds(const Node *branch, uint64_t key);
  static Node *makeLeaf(uint64_t key, uint32_t clock);
  static Node *makeBranch(uint64_t key, uint64_t bit, Node *left, Node *right);
  static Node *link(Node *a, Node *b);
  static Node *merge(Node *a, Node *b);
  static Node *descend(Node *branch, Node *other);

  Node *root = nullptr;
};

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_CLOCKMAP_H
