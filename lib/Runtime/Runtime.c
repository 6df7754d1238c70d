#include "linrec/Runtime/Runtime.h"
#include <inttypes.h>
#include <stdio.h>

static _Thread_local char message[1024];
static _Thread_local int failed;

const char *linrec_last_error(void) { return message; }

void linrec_enter(void) {
  failed = 0;
  message[0] = 0;
}

void linrec_fail(const char *text, int64_t a, int64_t b, int64_t c) {
  if (failed)
    return;
  failed = 1;
  const int64_t values[] = {a, b, c};
  size_t length = 0;
  while (*text && length + 24 < sizeof message) {
    if (text[0] == '{' && text[1] >= '0' && text[1] <= '2' && text[2] == '}') {
      length += (size_t)snprintf(message + length, sizeof message - length,
                                 "%" PRId64, values[text[1] - '0']);
      text += 3;
    } else {
      message[length++] = *text++;
    }
  }
  message[length] = 0;
}

#define DEFINE_FIRST_BAD_BOUND(name, type)                                     \
  int64_t name(const type *bounds, int64_t count, int64_t stride,              \
               int64_t steps) {                                                \
    int64_t last = 0;                                                          \
    for (int64_t i = 0; i < count; ++i) {                                      \
      int64_t bound = bounds[i * stride];                                      \
      if (bound < last || (i == 0 && bound != 0) ||                            \
          (i + 1 == count && bound != steps))                                  \
        return i;                                                              \
      last = bound;                                                            \
    }                                                                          \
    return -1;                                                                 \
  }

DEFINE_FIRST_BAD_BOUND(linrec_first_bad_bound_i64, int64_t)
DEFINE_FIRST_BAD_BOUND(linrec_first_bad_bound_i32, int32_t)
