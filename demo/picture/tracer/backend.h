// Where the per-pixel code runs: OpenMP loops, or CUDA kernels when nvcc compiles this. Buffers live where the code runs.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "vec.h"

#ifdef __CUDACC__
#include <cuda_runtime.h>

inline void check(cudaError_t e, const char *call) {
  if (e == cudaSuccess) return;
  fprintf(stderr, "city-trace: %s failed: %s\n", call, cudaGetErrorString(e));
  exit(3);
}
template <class F>
__global__ void __launch_bounds__(128) runKernel(int n, F f) {
  int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) f(i);
}
template <class F>
void forEach(int n, const F &f, const char *name) {
  if (n <= 0) return;
  runKernel<F><<<(unsigned)((n + 127) / 128), 128>>>(n, f);
  check(cudaGetLastError(), name);
}
inline void waitFor(const char *name) { check(cudaDeviceSynchronize(), name); }
inline void *obtain(size_t bytes) {
  void *p = nullptr;
  check(cudaMalloc(&p, bytes ? bytes : 16), "cudaMalloc");
  return p;
}
inline void release(void *p) { check(cudaFree(p), "cudaFree"); }
inline void send(void *to, const void *from, size_t bytes) { check(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "cudaMemcpy to the device"); }
inline void fetch(void *to, const void *from, size_t bytes) { check(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "cudaMemcpy to the host"); }
inline void prepareDevice() {
  int count = 0;
  check(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
  check(cudaSetDevice(0), "cudaSetDevice");
}
const bool onDevice = true;
// Host memory the device can copy to while the host works.
inline void *obtainPinned(size_t bytes) {
  void *p = nullptr;
  check(cudaMallocHost(&p, bytes), "cudaMallocHost");
  return p;
}
struct Fence {
  cudaEvent_t event = nullptr;
};
inline void fetchLater(void *to, const void *from, size_t bytes) { check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, 0), "cudaMemcpyAsync"); }
inline void place(Fence &f) {
  if (!f.event) check(cudaEventCreateWithFlags(&f.event, cudaEventDisableTiming), "cudaEventCreate");
  check(cudaEventRecord(f.event, 0), "cudaEventRecord");
}
inline void pass(Fence &f) {
  if (f.event) check(cudaEventSynchronize(f.event), "cudaEventSynchronize");
}
#else
template <class F>
void forEach(int n, const F &f, const char *) {
#pragma omp parallel for schedule(dynamic, 256)
  for (int i = 0; i < n; i++) f(i);
}
inline void waitFor(const char *) {}
inline void *obtain(size_t bytes) { return aligned_alloc(64, (bytes + 127) / 64 * 64); }
inline void release(void *p) { free(p); }
inline void send(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
inline void fetch(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
inline void prepareDevice() {}
const bool onDevice = false;
inline void *obtainPinned(size_t bytes) { return obtain(bytes); }
struct Fence {};
inline void fetchLater(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
inline void place(Fence &) {}
inline void pass(Fence &) {}
#endif

// An array where the per-pixel code runs; grows, never shrinks.
template <class T>
struct Buffer {
  T *data = nullptr;
  size_t size = 0, room = 0;
  void resize(size_t n) {
    size = n;
    if (n <= room && data) return;
    if (data) release(data);
    room = n + n / 4 + 1;
    data = (T *)obtain(room * sizeof(T));
  }
  void upload(const std::vector<T> &v) {
    resize(v.size());
    if (!v.empty()) send(data, v.data(), v.size() * sizeof(T));
  }
};

HD void addTo(int *p, int a) {
#ifdef __CUDA_ARCH__
  atomicAdd(p, a);
#else
  __atomic_fetch_add(p, a, __ATOMIC_RELAXED);
#endif
}
HD void lowerTo(int *p, int a) {
#ifdef __CUDA_ARCH__
  atomicMin(p, a);
#else
  int old = __atomic_load_n(p, __ATOMIC_RELAXED);
  while (a < old && !__atomic_compare_exchange_n(p, &old, a, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
#endif
}
HD void raiseTo(int *p, int a) {
#ifdef __CUDA_ARCH__
  atomicMax(p, a);
#else
  int old = __atomic_load_n(p, __ATOMIC_RELAXED);
  while (a > old && !__atomic_compare_exchange_n(p, &old, a, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
#endif
}
