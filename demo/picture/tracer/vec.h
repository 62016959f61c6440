// Vectors, colours, hashes and low-discrepancy numbers for host and device (float, metres, linear light).
#pragma once
#include <cmath>
#include <cstdint>

#ifdef __CUDACC__
#define HD __host__ __device__ inline
#define HDN static __host__ __device__ __noinline__
#else
#define HD inline
#define HDN __attribute__((noinline)) static
#endif

typedef uint32_t u32;

struct V3 {
  float x, y, z;
};
struct alignas(16) F4 {
  float x, y, z, w;
};

HD V3 v3(float x, float y, float z) { return V3{x, y, z}; }
HD V3 v3(float a) { return V3{a, a, a}; }
HD V3 operator+(V3 a, V3 b) { return V3{a.x + b.x, a.y + b.y, a.z + b.z}; }
HD V3 operator-(V3 a, V3 b) { return V3{a.x - b.x, a.y - b.y, a.z - b.z}; }
HD V3 operator*(V3 a, V3 b) { return V3{a.x * b.x, a.y * b.y, a.z * b.z}; }
HD V3 operator*(V3 a, float s) { return V3{a.x * s, a.y * s, a.z * s}; }
HD V3 operator*(float s, V3 a) { return a * s; }
HD V3 operator-(V3 a) { return V3{-a.x, -a.y, -a.z}; }
HD void operator+=(V3 &a, V3 b) { a = a + b; }
HD void operator*=(V3 &a, V3 b) { a = a * b; }
HD void operator*=(V3 &a, float s) { a = a * s; }
HD float dot(V3 a, V3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
HD V3 cross(V3 a, V3 b) { return V3{a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
HD float length(V3 a) { return sqrtf(dot(a, a)); }
HD V3 normalize(V3 a) {
  float l = dot(a, a);
  return l > 1e-20f ? a * (1.0f / sqrtf(l)) : v3(0, 0, 1);
}
HD V3 minimum(V3 a, V3 b) { return V3{fminf(a.x, b.x), fminf(a.y, b.y), fminf(a.z, b.z)}; }
HD V3 maximum(V3 a, V3 b) { return V3{fmaxf(a.x, b.x), fmaxf(a.y, b.y), fmaxf(a.z, b.z)}; }
HD float clamp(float a, float lo, float hi) { return fminf(fmaxf(a, lo), hi); }
HD float clamp01(float a) { return fminf(fmaxf(a, 0.0f), 1.0f); }
HD float mix(float a, float b, float t) { return a + (b - a) * t; }
HD V3 mix(V3 a, V3 b, float t) { return a + (b - a) * t; }
HD float smooth(float lo, float hi, float x) {
  float t = clamp01((x - lo) / (hi - lo));
  return t * t * (3.0f - 2.0f * t);
}
HD float fract(float a) { return a - floorf(a); }
HD float luminance(V3 c) { return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z; }
HD V3 reflect(V3 d, V3 n) { return d - n * (2.0f * dot(d, n)); }
HD bool isFinite(float a) { return a - a == 0.0f; }

HD int bitsOf(float f) {
  union {
    float f;
    int i;
  } u;
  u.f = f;
  return u.i;
}
HD float floatOf(int i) {
  union {
    float f;
    int i;
  } u;
  u.i = i;
  return u.f;
}

HD float toLinear(float c) { return c <= 0.04045f ? c / 12.92f : powf((c + 0.055f) / 1.055f, 2.4f); }
HD float toDisplay(float c) { return c <= 0.0031308f ? 12.92f * c : 1.055f * powf(c, 1.0f / 2.4f) - 0.055f; }

// An orthonormal basis around n (Duff et al. 2017).
HD void basis(V3 n, V3 &t, V3 &b) {
  float s = n.z >= 0.0f ? 1.0f : -1.0f;
  float a = -1.0f / (s + n.z);
  float c = n.x * n.y * a;
  t = v3(1.0f + s * n.x * n.x * a, s * c, -s * n.x);
  b = v3(c, s + n.y * n.y * a, -n.y);
}
HD V3 cosineDirection(V3 n, float u, float v) {
  float r = sqrtf(u), a = 6.2831853f * v;
  V3 t, b;
  basis(n, t, b);
  return normalize(t * (r * cosf(a)) + b * (r * sinf(a)) + n * sqrtf(fmaxf(0.0f, 1.0f - u)));
}
HD V3 coneDirection(V3 axis, float halfAngle, float u, float v) {
  float r = sqrtf(u) * tanf(halfAngle), a = 6.2831853f * v;
  V3 t, b;
  basis(axis, t, b);
  return normalize(axis + t * (r * cosf(a)) + b * (r * sinf(a)));
}

HD u32 hash(u32 x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return x;
}
HD u32 hash(int x, int y, u32 seed) { return hash((u32)x * 0x9e3779b1U ^ hash((u32)y * 0x85ebca77U ^ hash(seed))); }
HD u32 hash(int x, int y, int z, u32 seed) { return hash((u32)z * 0xc2b2ae3dU ^ hash(x, y, seed)); }
HD float unit(u32 h) { return (float)(h >> 8) * (1.0f / 16777216.0f); }
HD float random(int x, int y, u32 seed) { return unit(hash(x, y, seed)); }

// A stream of random numbers, fixed by its seed.
struct Stream {
  u32 state;
};
HD float next(Stream &s) {
  s.state = s.state * 747796405U + 2891336453U;
  u32 w = ((s.state >> ((s.state >> 28) + 4U)) ^ s.state) * 277803737U;
  return unit((w >> 22) ^ w);
}
// The i-th point of the R2 sequence (Roberts), shifted by (a, b).
HD void latticePoint(u32 i, float a, float b, float &u, float &v) {
  u = fract(a + 0.5f + 0.75487766f * (float)(i & 0xffff));
  v = fract(b + 0.5f + 0.56984029f * (float)(i & 0xffff));
}

// Value noise 0..1 in two and three dimensions, and its sums over octaves.
HD float noise(float x, float y, u32 seed) {
  float fx = floorf(x), fy = floorf(y);
  int ix = (int)fx, iy = (int)fy;
  float u = x - fx, v = y - fy;
  u = u * u * (3.0f - 2.0f * u);
  v = v * v * (3.0f - 2.0f * v);
  float a = random(ix, iy, seed), b = random(ix + 1, iy, seed), c = random(ix, iy + 1, seed), d = random(ix + 1, iy + 1, seed);
  return mix(mix(a, b, u), mix(c, d, u), v);
}
HD float noise(V3 p, u32 seed) {
  float fz = floorf(p.z);
  float w = p.z - fz;
  w = w * w * (3.0f - 2.0f * w);
  u32 z0 = hash((u32)(int)fz ^ seed * 0x27d4eb2fU), z1 = hash((u32)((int)fz + 1) ^ seed * 0x27d4eb2fU);
  return mix(noise(p.x, p.y, z0), noise(p.x, p.y, z1), w);
}
HD float octaves(float x, float y, int count, u32 seed) {
  float sum = 0.0f, weight = 0.5f, total = 0.0f;
  for (int i = 0; i < count; i++) {
    sum += weight * noise(x, y, seed + (u32)i * 101U);
    total += weight;
    weight *= 0.5f;
    x = x * 2.03f + 17.3f;
    y = y * 2.03f - 9.1f;
  }
  return sum / total;
}
// Distances to the nearest and second nearest of jittered cell points, and the nearest cell's hash.
HD u32 cells(float x, float y, u32 seed, float &nearest, float &second) {
  int ix = (int)floorf(x), iy = (int)floorf(y);
  u32 best = 0;
  nearest = second = 1e9f;
  for (int j = -1; j <= 1; j++)
    for (int i = -1; i <= 1; i++) {
      u32 h = hash(ix + i, iy + j, seed);
      float dx = (float)(ix + i) + unit(h) - x, dy = (float)(iy + j) + unit(hash(h)) - y;
      float d = sqrtf(dx * dx + dy * dy);
      if (d < nearest) {
        second = nearest;
        nearest = d;
        best = h;
      } else if (d < second) second = d;
    }
  return best;
}
