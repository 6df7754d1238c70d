//===- MemoryTest.cpp - buffers that the runtime keeps
//----------------------===//

#include "linrec/Runtime/Runtime.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

constexpr size_t kLarge = 1 << 20;

TEST(Memory, LargeBlocksComeBack) {
  linrec_release_memory();
  void *block = linrec_allocate(kLarge);
  linrec_free(block);
  EXPECT_EQ(linrec_allocate(kLarge - 100), block);
  void *other = linrec_allocate(kLarge);
  EXPECT_NE(other, block);
  linrec_free(block);
  linrec_free(other);
  linrec_release_memory();
}

TEST(Memory, NotFarTooLargeOnes) {
  linrec_release_memory();
  void *block = linrec_allocate(4 * kLarge);
  linrec_free(block);
  void *smaller = linrec_allocate(kLarge);
  EXPECT_NE(smaller, block);
  std::free(smaller); // a block is malloc's
  linrec_release_memory();
}

TEST(Memory, NothingAndSmallBlocks) {
  linrec_free(nullptr);
  void *block = linrec_allocate(24);
  std::memset(block, 1, 24);
  linrec_free(block);
}

TEST(Memory, MoreThanAreKept) {
  std::vector<void *> blocks;
  for (int i = 0; i < 100; ++i)
    blocks.push_back(linrec_allocate(kLarge));
  for (void *block : blocks)
    linrec_free(block);
  linrec_free(
      linrec_allocate(size_t(600) << 20)); // more than all that are kept
  linrec_release_memory();
}

TEST(Memory, ThreadsDoNotShareABlock) {
  auto work = [](unsigned char mark, bool *good) {
    for (int i = 0; i < 200; ++i) {
      auto *block = static_cast<unsigned char *>(linrec_allocate(kLarge));
      std::memset(block, mark, 4096);
      *good &= block[0] == mark && block[4095] == mark;
      linrec_free(block);
    }
  };
  bool good[4] = {true, true, true, true};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i + 1, &good[i]);
  for (std::thread &thread : threads)
    thread.join();
  for (bool one : good)
    EXPECT_TRUE(one);
  linrec_release_memory();
}

} // namespace
