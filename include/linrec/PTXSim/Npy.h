//===- Npy.h - NumPy files --------------------------------------*- C++ -*-===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes .npy files (format 1.0 and 2.0) of little-endian numbers in
// C order, and refuses everything else: what a kernel sees must be what the
// file holds. Apart from lib/Run, as this library stands alone.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_PTXSIM_NPY_H
#define LINREC_PTXSIM_NPY_H

#include <cstdint>
#include <string>
#include <vector>

namespace linrec::ptxsim {

struct NpyArray {
  /// The NumPy type without byte order: "f4", "i8", "u2", "c8", "b1".
  std::string type;
  std::vector<uint64_t> shape;
  std::vector<uint8_t> data;

  unsigned elementSize() const;
  uint64_t elementCount() const;
};

bool readNpy(const std::string &path, NpyArray &array, std::string &error);
bool writeNpy(const std::string &path, const NpyArray &array,
              std::string &error);

} // namespace linrec::ptxsim

#endif // LINREC_PTXSIM_NPY_H
