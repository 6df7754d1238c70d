//===- Effects.h - handlers that touch more than registers ------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory, atomics, asynchronous copies, exchange between lanes, matrices. The
// decoder picks one of these and fills in the instruction's fields; each is
// described where it is defined.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_EFFECTS_H
#define LINREC_PTXSIM_EFFECTS_H

#include "Program.h"

namespace linrec::ptxsim {

// LoadStore.cpp
void loadMemory(Context &c, const Instruction &i, Mask m);
void storeMemory(Context &c, const Instruction &i, Mask m);

// AddressSpaces.cpp
void addWindow(Context &c, const Instruction &i, Mask m);
void subtractWindow(Context &c, const Instruction &i, Mask m);
void isInSpace(Context &c, const Instruction &i, Mask m);
void fenceMemory(Context &c, const Instruction &i, Mask m);
void readClock(Context &c, const Instruction &i, Mask m);
void doNothing(Context &c, const Instruction &i, Mask m);

// Atomics.cpp
void atomicMemory(Context &c, const Instruction &i, Mask m);

// AsyncCopies.cpp
void copyAsync(Context &c, const Instruction &i, Mask m);
void commitAsync(Context &c, const Instruction &i, Mask m);
void waitAsync(Context &c, const Instruction &i, Mask m);

// WarpExchange.cpp
void shuffle(Context &c, const Instruction &i, Mask m);
void vote(Context &c, const Instruction &i, Mask m);
void match(Context &c, const Instruction &i, Mask m);
void reduce(Context &c, const Instruction &i, Mask m);
void activeMask(Context &c, const Instruction &i, Mask m);
void elect(Context &c, const Instruction &i, Mask m);
void syncWarp(Context &c, const Instruction &i, Mask m);

// Matrix.cpp
void loadMatrix(Context &c, const Instruction &i, Mask m);
void storeMatrix(Context &c, const Instruction &i, Mask m);
void moveMatrix(Context &c, const Instruction &i, Mask m);
/// The handler of mma.sync.aligned.shape.row.col.d.a.b.c, or null.
Handler matrixMultiply(const std::string &shape, Type d, Type a, Type b,
                       Type c);
/// Instruction::mode for `shape`, or ~0.
unsigned matrixShape(const std::string &shape);
/// How many registers d (and c), a and b have.
std::array<unsigned, 3> matrixRegisters(unsigned shape, Type type,
                                        Type accumulator);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_EFFECTS_H
