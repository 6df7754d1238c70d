/*===- Memory.c - large buffers, kept from call to call ----------*- C -*-===*\
 *
 * The system takes large blocks back as soon as they are freed, and hands out
 * others page by page, filled with zeros: in a Mamba block of 1024 steps that
 * was a fifth of the time. So some are kept. All are malloc's: what is a result
 * is freed by its receiver, by free(), as ever.
 *
\*===----------------------------------------------------------------------===*/

#include "linrec/Runtime/Runtime.h"
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { kMostBlocks = 64 };
static const size_t kSmallestBlock = (size_t)1 << 17;
static const size_t kMostBytes = (size_t)1 << 29;

static void *kept[kMostBlocks]; /* the longest kept first */
static size_t count, bytes;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void lock(void) {
  while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
    ;
}
static void unlock(void) {
  atomic_flag_clear_explicit(&busy, memory_order_release);
}

static void *take_out(size_t i) {
  void *block = kept[i];
  bytes -= malloc_usable_size(block);
  for (--count; i < count; ++i)
    kept[i] = kept[i + 1];
  return block;
}

/* The smallest that is large enough, if not more than twice as large. */
static void *find(size_t size) {
  size_t best = count, best_size = 2 * size;
  for (size_t i = 0; i < count; ++i) {
    size_t usable = malloc_usable_size(kept[i]);
    if (usable >= size && usable <= best_size) {
      best = i;
      best_size = usable;
    }
  }
  return best < count ? take_out(best) : NULL;
}

void *linrec_allocate(size_t size) {
  void *block = NULL;
  if (size >= kSmallestBlock) {
    lock();
    block = find(size);
    unlock();
  }
  return block ? block : malloc(size);
}

void linrec_free(void *block) {
  size_t size = block ? malloc_usable_size(block) : 0;
  if (size < kSmallestBlock || size > kMostBytes) {
    free(block);
    return;
  }
  for (;;) {
    void *oldest = NULL;
    lock();
    if (count == kMostBlocks || bytes + size > kMostBytes) {
      oldest = take_out(0);
    } else {
      kept[count++] = block;
      bytes += size;
    }
    unlock();
    if (!oldest)
      return;
    free(oldest);
  }
}

void linrec_release_memory(void) {
  for (;;) {
    void *block = NULL;
    lock();
    if (count)
      block = take_out(count - 1);
    unlock();
    if (!block)
      return;
    free(block);
  }
}
