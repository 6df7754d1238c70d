//===- Array.cpp - typed arrays on the host -------------------------------===//

#include "linrec/Run/Array.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

using namespace linrec;

/// Blocks from this size on get huge pages and a phase of their own.
static constexpr size_t kHugePage = size_t(2) << 20;

void AlignedBytes::Free::operator()(void *block) const { std::free(block); }

AlignedBytes::AlignedBytes(size_t size) : numBytes(size) {
  bool large = size >= kHugePage;
  // 129 cache lines apart: no two of 32 arrays share a set of the first cache.
  static std::atomic<size_t> count{0};
  size_t phase = large ? count++ % 32 * (129 * 64) : 0;
  size_t alignment = large ? kHugePage : 64;
  size_t capacity = llvm::alignTo(std::max<size_t>(size + phase, 1), alignment);
  block.reset(std::aligned_alloc(alignment, capacity));
  if (!block)
    llvm::report_bad_alloc_error("an array does not fit into memory");
  if (large)
    madvise(block.get(), capacity, MADV_HUGEPAGE);
  start = static_cast<char *>(block.get()) + phase;
}

Array::Array(ElementType type, llvm::ArrayRef<int64_t> shape)
    : type(type), shape(shape),
      bytes(size_t(getNumElements() * linrec::getNumBytes(type))) {}

Array Array::clone() const {
  Array copy(type, shape);
  std::memcpy(copy.bytes.data(), bytes.data(), bytes.size());
  return copy;
}

int64_t Array::getNumElements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

int64_t Array::getNumBytes() const {
  return getNumElements() * linrec::getNumBytes(type);
}

std::optional<int64_t> linrec::countElements(ElementType type,
                                             llvm::ArrayRef<int64_t> shape) {
  int64_t count = 1, bytes = 0;
  for (int64_t extent : shape)
    if (llvm::MulOverflow(count, std::max<int64_t>(extent, 1), count))
      return std::nullopt;
  if (llvm::MulOverflow(count, getNumBytes(type), bytes) || bytes > int64_t(1)
                                                                        << 62)
    return std::nullopt;
  return llvm::is_contained(shape, 0) ? 0 : count;
}

std::string linrec::formatShape(ElementType type,
                                llvm::ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (int64_t extent : shape)
    os << extent << 'x';
  os << getName(type);
  return text;
}
