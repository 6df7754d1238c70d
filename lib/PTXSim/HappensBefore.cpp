//===- HappensBefore.cpp - lists of reads ---------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HappensBefore.h"

using namespace linrec::ptxsim;

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
