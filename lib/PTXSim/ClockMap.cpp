//===- ClockMap.cpp - who is known up to which clock ----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that return a node return a new reference, and take none of those
// that they are given, except for the children of makeBranch.
//
//===----------------------------------------------------------------------===//

#include "ClockMap.h"

using namespace linrec::ptxsim;

void ClockMap::release(Node *node) {
  while (node && --node->references == 0) {
    Node *next = node->right;
    release(node->left); // at most 64 deep
    delete node;
    node = next;
  }
}

bool ClockMap::holds(const Node *branch, uint64_t key) {
  return ((branch->key ^ key) & ~(2 * branch->bit - 1)) == 0;
}

uint32_t ClockMap::find(uint64_t key) const {
  const Node *node = root;
  while (node && node->bit)
    node = key & node->bit ? node->right : node->left;
  return node && node->key == key ? node->clock : 0;
}

ClockMap::Node *ClockMap::makeLeaf(uint64_t key, uint32_t clock) {
  Node *node = new Node();
  node->key = key;
  node->clock = clock;
  return node;
}

ClockMap::Node *ClockMap::makeBranch(uint64_t key, uint64_t bit, Node *left,
                                     Node *right) {
  Node *node = new Node();
  node->key = key & ~(2 * bit - 1);
  node->bit = bit;
  node->left = left;
  node->right = right;
  return node;
}

/// The branch over two trees that have no key in common, nor a prefix.
ClockMap::Node *ClockMap::link(Node *a, Node *b) {
  uint64_t bit = uint64_t(1) << (63 - __builtin_clzll(a->key ^ b->key));
  if (a->key & bit)
    std::swap(a, b);
  return makeBranch(a->key, bit, retain(a), retain(b));
}

/// `branch` with `other`, whose keys all belong under one of its children.
ClockMap::Node *ClockMap::descend(Node *branch, Node *other) {
  bool right = other->key & branch->bit;
  Node *child = right ? branch->right : branch->left;
  Node *merged = merge(child, other);
  if (merged == child) {
    release(merged);
    return retain(branch);
  }
  return right ? makeBranch(branch->key, branch->bit, retain(branch->left),
                            merged)
               : makeBranch(branch->key, branch->bit, merged,
                            retain(branch->right));
}

ClockMap::Node *ClockMap::merge(Node *a, Node *b) {
  if (a == b)
    return retain(a);
  if (a->bit < b->bit)
    std::swap(a, b);
  if (a->bit == b->bit && a->key == b->key) {
    if (!a->bit)
      return retain(a->clock >= b->clock ? a : b);
    Node *left = merge(a->left, b->left), *right = merge(a->right, b->right);
    for (Node *old : {a, b})
      if (left == old->left && right == old->right) {
        release(left);
        release(right);
        return retain(old);
      }
    return makeBranch(a->key, a->bit, left, right);
  }
  if (a->bit > b->bit && holds(a, b->key))
    return descend(a, b);
  return link(a, b);
}

void ClockMap::put(uint64_t key, uint32_t clock) {
  ClockMap one;
  one.root = makeLeaf(key, clock);
  join(one);
}

void ClockMap::join(const ClockMap &other) {
  if (!other.root || other.root == root)
    return;
  Node *merged = root ? merge(root, other.root) : retain(other.root);
  release(root);
  root = merged;
}
