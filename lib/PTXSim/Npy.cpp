//===- Npy.cpp - NumPy files ----------------------------------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Npy.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

using namespace linrec::ptxsim;

unsigned NpyArray::elementSize() const {
  return unsigned(std::atoi(type.c_str() + 1));
}

uint64_t NpyArray::elementCount() const {
  uint64_t count = 1;
  for (uint64_t extent : shape)
    count *= extent;
  return count;
}

/// The text after `'key':` in a header, or null.
static const char *valueOf(const std::string &header, const char *key) {
  size_t at = header.find("'" + std::string(key) + "'");
  if (at == std::string::npos)
    return nullptr;
  at = header.find(':', at);
  if (at == std::string::npos)
    return nullptr;
  at = header.find_first_not_of(" ", at + 1);
  return at == std::string::npos ? nullptr : header.c_str() + at;
}

static bool parseHeader(const std::string &header, NpyArray &array,
                        std::string &why) {
  const char *descr = valueOf(header, "descr"),
             *order = valueOf(header, "fortran_order"),
             *shape = valueOf(header, "shape");
  if (!descr || !order || !shape) {
    why = "its header has no 'descr', 'fortran_order' or 'shape'";
    return false;
  }
  if (std::strncmp(order, "False", 5) != 0) {
    why = "it is in Fortran order; expected C order (numpy.ascontiguousarray)";
    return false;
  }
  std::string type(descr, std::min(std::strcspn(descr, ",}"), size_t(16)));
  bool simple = type.size() >= 5 && type.front() == '\'' &&
                std::strchr("<|=", type[1]) && std::strchr("fiucb", type[2]) &&
                type[3] >= '1' && type[3] <= '9';
  if (!simple) {
    why = "its type is " + type + "; expected little-endian numbers";
    return false;
  }
  array.type = type.substr(2, type.find('\'', 1) - 2);
  const char *at = shape;
  if (*at++ != '(') {
    why = "its shape is not a tuple";
    return false;
  }
  while (*at != ')') {
    char *end = nullptr;
    array.shape.push_back(std::strtoull(at, &end, 10));
    if (end == at) {
      why = "its shape is not a tuple of integers";
      return false;
    }
    at = end + std::strspn(end, ", ");
  }
  return true;
}

static bool read(std::FILE *file, NpyArray &array, std::string &why) {
  unsigned char lead[8], length[4] = {};
  if (std::fread(lead, 1, 8, file) != 8 ||
      std::memcmp(lead, "\x93NUMPY", 6) != 0) {
    why = "it is no .npy file";
    return false;
  }
  if (lead[6] < 1 || lead[6] > 3) {
    why = "its format version is " + std::to_string(lead[6]) +
          "; expected 1, 2 or 3";
    return false;
  }
  size_t bytes = lead[6] == 1 ? 2 : 4;
  if (std::fread(length, 1, bytes, file) != bytes) {
    why = "its header is cut off";
    return false;
  }
  size_t size =
      length[0] | length[1] << 8 | length[2] << 16 | size_t(length[3]) << 24;
  std::string header(size, ' ');
  if (size > (1u << 20) || std::fread(&header[0], 1, size, file) != size) {
    why = "its header is cut off";
    return false;
  }
  if (!parseHeader(header, array, why))
    return false;
  uint64_t total = array.elementCount() * array.elementSize();
  array.data.resize(total);
  uint8_t extra;
  size_t got = total ? std::fread(array.data.data(), 1, total, file) : 0;
  if (got != total || std::fread(&extra, 1, 1, file) == 1) {
    why = (got != total ? "it ends after " + std::to_string(got) + " of the "
                        : "it goes on after the ") +
          std::to_string(total) + " bytes that its shape says";
    return false;
  }
  return true;
}

bool linrec::ptxsim::readNpy(const std::string &path, NpyArray &array,
                             std::string &error) {
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(
      std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) {
    error = path + ": " + std::strerror(errno);
    return false;
  }
  std::string why;
  if (read(file.get(), array, why))
    return true;
  error = path + ": " + why;
  return false;
}

bool linrec::ptxsim::writeNpy(const std::string &path, const NpyArray &array,
                              std::string &error) {
  std::string header = "{'descr': '" +
                       std::string(array.elementSize() == 1 ? "|" : "<") +
                       array.type + "', 'fortran_order': False, 'shape': (";
  for (size_t k = 0; k < array.shape.size(); ++k)
    header +=
        std::to_string(array.shape[k]) + (array.shape.size() == 1      ? ","
                                          : k + 1 < array.shape.size() ? ", "
                                                                       : "");
  header += "), }";
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10, ' ');
  header.back() = '\n';
  std::string lead("\x93NUMPY\x01\x00", 8);
  lead += char(header.size() & 0xff);
  lead += char(header.size() >> 8);
  std::FILE *file = std::fopen(path.c_str(), "wb");
  bool ok =
      file && std::fwrite(lead.data(), 1, lead.size(), file) == lead.size() &&
      std::fwrite(header.data(), 1, header.size(), file) == header.size() &&
      std::fwrite(array.data.data(), 1, array.data.size(), file) ==
          array.data.size();
  if (file && std::fclose(file) != 0)
    ok = false;
  if (!ok)
    error = path + ": " + std::strerror(errno);
  return ok;
}
