#include "first_order.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Runs first_order on B x T x D values and compares with the definition. */
static int check(int64_t B, int64_t T, int64_t D) {
  int64_t n = B * T * D;
  float *a = malloc(n * 4 + 4), *x = malloc(n * 4 + 4), *h = calloc(B * D + 1, 4), *y = calloc(n + 1, 4);
  double *state = calloc(B * D + 1, sizeof *state);
  for (int64_t i = 0; i < n; ++i) {
    a[i] = 0.5f + (float)(i % 7) / 16;
    x[i] = (float)(i % 11) - 5;
  }
  linrec_f32_3d da = linrec_f32_3d_of(a, B, T, D), dx = linrec_f32_3d_of(x, B, T, D), dy = linrec_f32_3d_of(y, B, T, D);
  linrec_f32_2d dh = linrec_f32_2d_of(h, B, D);
  if (linrec_first_order(&da, &dx, &dh, &dy) != 0) {
    printf("failed: %s\n", linrec_last_error());
    exit(1);
  }
  double worst = 0;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t d = 0; d < D; ++d) {
        int64_t i = (b * T + t) * D + d;
        state[b * D + d] = a[i] * state[b * D + d] + x[i];
        worst = fmax(worst, fabs(y[i] - state[b * D + d]));
      }
  for (int64_t i = 0; i < B * D; ++i)
    worst = fmax(worst, fabs(h[i] - state[i]));
  free(a);
  free(x);
  free(h);
  free(y);
  free(state);
  printf("%lld x %lld x %lld: %s\n", (long long)B, (long long)T, (long long)D, worst < 1e-4 ? "right" : "wrong");
  return worst < 1e-4 ? 0 : 1;
}

int main(void) {
  int bad = check(2, 65, 33) + check(1, 1, 1) + check(3, 0, 4) + check(1, 200, 1000);
  float cells[8] = {0};
  linrec_f32_3d two = linrec_f32_3d_of(cells, 1, 2, 2), other = linrec_f32_3d_of(cells, 1, 2, 1);
  linrec_f32_2d state = linrec_f32_2d_of(cells, 1, 2);
  if (linrec_first_order(&two, &other, &state, &two) != 0)
    printf("refused: %s\n", linrec_last_error());
  return bad;
}
