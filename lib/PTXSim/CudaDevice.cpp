//===- CudaDevice.cpp - a CUDA driver, loaded at run time -----------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of the CUDA driver API that Device needs, by their names in
// libcuda.so.1; no header or library of CUDA is needed to build this.
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Device.h"

#include <dlfcn.h>

using namespace linrec::ptxsim;

namespace {

using Result = int; // CUresult, 0 is success
using Pointer = unsigned long long;

struct Driver {
  void *library = nullptr;
  Result (*init)(unsigned);
  Result (*deviceGet)(int *, int);
  Result (*primaryCtxRetain)(void **, int);
  Result (*ctxSetCurrent)(void *);
  Result (*ctxSynchronize)();
  Result (*moduleLoadData)(void **, const void *);
  Result (*moduleUnload)(void *);
  Result (*moduleGetFunction)(void **, void *, const char *);
  Result (*launchKernel)(void *, unsigned, unsigned, unsigned, unsigned,
                         unsigned, unsigned, unsigned, void *, void **,
                         void **);
  Result (*memAlloc)(Pointer *, size_t);
  Result (*memAllocManaged)(Pointer *, size_t, unsigned);
  Result (*memFree)(Pointer);
  Result (*memcpy)(Pointer, Pointer, size_t);
  Result (*memset16)(Pointer, unsigned short, size_t);
  Result (*memset32)(Pointer, unsigned, size_t);
  Result (*hostRegister)(void *, size_t, unsigned);
  Result (*hostUnregister)(void *);
  Result (*funcSetAttribute)(void *, int, int);
  Result (*getErrorString)(Result, const char **);

  bool load(std::string &error) {
    library = dlopen("libcuda.so.1", RTLD_NOW);
    if (!library) {
      error = "no CUDA driver: libcuda.so.1 cannot be loaded";
      return false;
    }
    bool ok = true;
    auto find = [&](auto &function, const char *name) {
      void *symbol = dlsym(library, name);
      function = reinterpret_cast<std::decay_t<decltype(function)>>(symbol);
      if (!symbol && ok)
        error = std::string("the CUDA driver has no ") + name;
      ok &= symbol != nullptr;
    };
    find(init, "cuInit");
    find(deviceGet, "cuDeviceGet");
    find(primaryCtxRetain, "cuDevicePrimaryCtxRetain");
    find(ctxSetCurrent, "cuCtxSetCurrent");
    find(ctxSynchronize, "cuCtxSynchronize");
    find(moduleLoadData, "cuModuleLoadData");
    find(moduleUnload, "cuModuleUnload");
    find(moduleGetFunction, "cuModuleGetFunction");
    find(launchKernel, "cuLaunchKernel");
    find(memAlloc, "cuMemAlloc_v2");
    find(memAllocManaged, "cuMemAllocManaged");
    find(memFree, "cuMemFree_v2");
    find(memcpy, "cuMemcpy");
    find(memset16, "cuMemsetD16_v2");
    find(memset32, "cuMemsetD32_v2");
    find(hostRegister, "cuMemHostRegister_v2");
    find(hostUnregister, "cuMemHostUnregister");
    find(funcSetAttribute, "cuFuncSetAttribute");
    find(getErrorString, "cuGetErrorString");
    return ok;
  }
};

class CudaDevice : public Device {
public:
  explicit CudaDevice(const Driver &driver) : cuda(driver) {}

  bool open(int ordinal) {
    int device = 0;
    void *context = nullptr;
    return ok(cuda.init(0), "cuInit") &&
           ok(cuda.deviceGet(&device, ordinal), "cuDeviceGet") &&
           ok(cuda.primaryCtxRetain(&context, device),
              "cuDevicePrimaryCtxRetain") &&
           ok(cuda.ctxSetCurrent(context), "cuCtxSetCurrent");
  }

  Module loadModule(const std::string &ptx) override {
    void *module = nullptr;
    return ok(cuda.moduleLoadData(&module, ptx.c_str()), "cuModuleLoadData")
               ? module
               : nullptr;
  }
  void unloadModule(Module module) override {
    ok(cuda.moduleUnload(module), "cuModuleUnload");
  }
  Function getFunction(Module module, const std::string &name) override {
    void *function = nullptr;
    return ok(cuda.moduleGetFunction(&function, module, name.c_str()),
              "cuModuleGetFunction")
               ? function
               : nullptr;
  }
  bool launch(Function function, Dim3 grid, Dim3 block, uint32_t dynamicShared,
              void **params) override {
    constexpr int maxDynamicShared =
        8; // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
    if (dynamicShared > 48 * 1024 &&
        !ok(cuda.funcSetAttribute(function, maxDynamicShared,
                                  int(dynamicShared)),
            "cuFuncSetAttribute"))
      return false;
    return ok(cuda.launchKernel(function, grid.x, grid.y, grid.z, block.x,
                                block.y, block.z, dynamicShared, nullptr,
                                params, nullptr),
              "cuLaunchKernel") &&
           synchronize();
  }
  void *allocate(uint64_t bytes, bool shared, const std::string &) override {
    constexpr unsigned global = 1; // CU_MEM_ATTACH_GLOBAL
    Pointer pointer = 0;
    bytes = bytes ? bytes : 1;
    bool done = shared ? ok(cuda.memAllocManaged(&pointer, bytes, global),
                            "cuMemAllocManaged")
                       : ok(cuda.memAlloc(&pointer, bytes), "cuMemAlloc");
    return done ? reinterpret_cast<void *>(pointer) : nullptr;
  }
  bool free(void *pointer) override {
    return ok(cuda.memFree(at(pointer)), "cuMemFree");
  }
  bool copy(void *to, const void *from, uint64_t bytes) override {
    return !bytes || ok(cuda.memcpy(at(to), at(from), bytes), "cuMemcpy");
  }
  bool fill16(void *to, uint16_t value, uint64_t count) override {
    return ok(cuda.memset16(at(to), value, count), "cuMemsetD16");
  }
  bool fill32(void *to, uint32_t value, uint64_t count) override {
    return ok(cuda.memset32(at(to), value, count), "cuMemsetD32");
  }
  bool registerHost(void *pointer, uint64_t bytes) override {
    return ok(cuda.hostRegister(pointer, bytes, 0), "cuMemHostRegister");
  }
  bool unregisterHost(void *pointer) override {
    return ok(cuda.hostUnregister(pointer), "cuMemHostUnregister");
  }
  bool synchronize() override {
    return ok(cuda.ctxSynchronize(), "cuCtxSynchronize");
  }

private:
  static Pointer at(const void *pointer) {
    return reinterpret_cast<Pointer>(pointer);
  }
  bool ok(Result result, const char *what) {
    if (result == 0)
      return true;
    const char *text = nullptr;
    cuda.getErrorString(result, &text);
    return fail(std::string(what) + ": " + (text ? text : "unknown error"));
  }
  Driver cuda;
};

} // namespace

std::unique_ptr<Device> linrec::ptxsim::createCudaDevice(int ordinal,
                                                         std::string &error) {
  Driver driver;
  if (!driver.load(error))
    return nullptr;
  auto device = std::make_unique<CudaDevice>(driver);
  if (device->open(ordinal))
    return device;
  error = device->error();
  return nullptr;
}
