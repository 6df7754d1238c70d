// The functions of a CUDA driver that linrec-run calls, on host memory; a launch
// is only told of. With it the path of --target=cuda is tested without a GPU.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long Pointer;
static int module, function;

int cuInit(unsigned flags) {
  setbuf(stdout, NULL);
  return getenv("FAKE_CUDA_FAILS") ? 100 : 0;
}
int cuDeviceGet(int *device, int ordinal) { return *device = 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) {
  *context = 0;
  return 0;
}
int cuCtxSetCurrent(void *context) { return 0; }
int cuCtxSynchronize(void) { return 0; }
int cuModuleLoadData(void **m, const void *ptx) {
  printf("load %s\n", strstr(ptx, ".version") ? "PTX" : "something else");
  *m = &module;
  return 0;
}
int cuModuleUnload(void *m) {
  printf("unload\n");
  return 0;
}
int cuModuleGetFunction(void **f, void *m, const char *name) {
  printf("function %s\n", name);
  *f = &function;
  return 0;
}
int cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                   unsigned by, unsigned bz, unsigned shared, void *stream,
                   void **params, void **extra) {
  printf("launch %ux%ux%u of %ux%ux%u\n", gx, gy, gz, bx, by, bz);
  return 0;
}
int cuMemAlloc_v2(Pointer *p, size_t bytes) {
  *p = (Pointer)calloc(bytes, 1);
  printf("allocate %zu\n", bytes);
  return 0;
}
int cuMemAllocManaged(Pointer *p, size_t bytes, unsigned flags) {
  *p = (Pointer)malloc(bytes);
  return 0;
}
int cuMemFree_v2(Pointer p) {
  free((void *)p);
  return 0;
}
int cuMemcpy(Pointer to, Pointer from, size_t bytes) {
  memcpy((void *)to, (void *)from, bytes);
  return 0;
}
int cuMemsetD16_v2(Pointer p, unsigned short v, size_t n) { return 0; }
int cuMemsetD32_v2(Pointer p, unsigned v, size_t n) { return 0; }
int cuMemHostRegister_v2(void *p, size_t n, unsigned flags) { return 0; }
int cuMemHostUnregister(void *p) { return 0; }
int cuFuncSetAttribute(void *f, int attribute, int value) { return 0; }
int cuGetErrorString(int code, const char **text) {
  *text = "no such device";
  return 0;
}
