/*===- Runtime.h - what compiled recurrences call at run time ----*- C -*-===*\
 *
 * The runtime of compiled code is this and OpenMP's. A program that links an
 * object made by linrec-translate links liblinrec_runtime.a too. There are no
 * dependencies on MLIR or LLVM.
 *
\*===----------------------------------------------------------------------===*/

#ifndef LINREC_RUNTIME_RUNTIME_H
#define LINREC_RUNTIME_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Why the last entry called by this thread returned another value than 0.
 *
 * The text is valid until this thread calls another entry; never null. */
const char *linrec_last_error(void);

/** Called by compiled code whose arguments break a constraint: keeps `text`
 * with {0}, {1}, {2} replaced, for linrec_last_error(). The first error of a
 * call is kept. */
void linrec_fail(const char *text, int64_t a, int64_t b, int64_t c);

/** Called by compiled code on entry: forgets earlier errors. */
void linrec_enter(void);

/** The index of the first of `count` bounds that breaks C12 (0 at the start,
 * rising, `steps` at the end), or -1 if none does. */
int64_t linrec_first_bad_bound_i64(const int64_t *bounds, int64_t count,
                                   int64_t stride, int64_t steps);
int64_t linrec_first_bad_bound_i32(const int32_t *bounds, int64_t count,
                                   int64_t stride, int64_t steps);

/** Called by compiled code in place of malloc() and free(): large blocks that it
 * frees are kept for its next call, up to 512 MB in a process. Any block may be
 * freed by free() instead. */
void *linrec_allocate(size_t size);
void linrec_free(void *block);

/** Frees what linrec_free() has kept. */
void linrec_release_memory(void);

#ifdef __cplusplus
}
#endif

#endif /* LINREC_RUNTIME_RUNTIME_H */
