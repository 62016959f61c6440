// Rays against the two-level BVH: the street is one mesh, the agents are instances of others.
#pragma once
#include "scene.h"

// Leaf shapes cut out of a card by uv (metres): true where there is leaf. Pale glass: a fine dither of 30 %.
HD bool hasLeaf(const Material &m, float u, float v) {
  if (m.pattern == GLASS) return random((int)floorf(u * 4096.0f), (int)floorf(v * 4096.0f), m.seed) < 0.3f;
  float size = m.scale > 0.0f ? m.scale : 0.12f;
  u /= size;
  v /= size;
  int iu = (int)floorf(u), iv = (int)floorf(v);
  for (int j = -1; j <= 1; j++)
    for (int i = -1; i <= 1; i++) {
      u32 h = hash(iu + i, iv + j, m.seed);
      if ((h & 7U) == 0U) continue;
      float dx = u - ((float)(iu + i) + 0.2f + 0.6f * unit(h)), dy = v - ((float)(iv + j) + 0.2f + 0.6f * unit(hash(h)));
      float a = unit(hash(h + 7U)) * 6.2831853f, c = cosf(a), s = sinf(a);
      float x = c * dx + s * dy, y = c * dy - s * dx;
      float half = 0.62f;
      if (fabsf(x) < half) {
        float w = 0.3f * (1.0f - (x / half) * (x / half)) * (1.0f + 0.35f * x / half);
        if (fabsf(y) < w) return true;
      }
    }
  return false;
}

HD float boxEntry(float x0, float x1, float y0, float y1, float z0, float z1, V3 from, V3 inv, float tMax) {
  float ax = (x0 - from.x) * inv.x, bx = (x1 - from.x) * inv.x;
  float ay = (y0 - from.y) * inv.y, by = (y1 - from.y) * inv.y;
  float az = (z0 - from.z) * inv.z, bz = (z1 - from.z) * inv.z;
  float lo = fmaxf(fmaxf(fminf(ax, bx), fminf(ay, by)), fmaxf(fminf(az, bz), 0.0f));
  float hi = fminf(fminf(fmaxf(ax, bx), fmaxf(ay, by)), fminf(fmaxf(az, bz), tMax));
  return lo <= hi ? lo : 1e30f;
}
HD V3 inverseOf(V3 d) {
  float e = 1e-12f;
  return v3(1.0f / (fabsf(d.x) > e ? d.x : (d.x < 0.0f ? -e : e)), 1.0f / (fabsf(d.y) > e ? d.y : (d.y < 0.0f ? -e : e)),
            1.0f / (fabsf(d.z) > e ? d.z : (d.z < 0.0f ? -e : e)));
}

// The nearest triangle nearer than hit.t; with `any` the first found. The ray may be unnormalised: t keeps its unit.
template <bool any>
HDN bool traceMesh(const Scene &scene, const Mesh &mesh, V3 from, V3 to, Hit &hit) {
  const Node *nodes = scene.nodes + mesh.node;
  const Triangle *triangles = scene.triangles + mesh.triangle;
  V3 inv = inverseOf(to);
  int stack[64];
  int depth = 0, at = 0;
  bool found = false;
  for (;;) {
    if (at >= 0) {
      const Node node = nodes[at];
      float t0 = boxEntry(node.xy0.x, node.xy0.y, node.xy0.z, node.xy0.w, node.z.x, node.z.y, from, inv, hit.t);
      float t1 = boxEntry(node.xy1.x, node.xy1.y, node.xy1.z, node.xy1.w, node.z.z, node.z.w, from, inv, hit.t);
      bool h0 = t0 < 1e30f, h1 = t1 < 1e30f;
      if (h0 && h1) {
        bool swap = t1 < t0;
        if (depth < 64) stack[depth++] = swap ? node.child0 : node.child1;
        at = swap ? node.child1 : node.child0;
        continue;
      }
      if (h0 || h1) {
        at = h0 ? node.child0 : node.child1;
        continue;
      }
    } else {
      int leaf = ~at, first = leaf >> 3, end = first + (leaf & 7);
      for (int i = first; i < end; i++) {
        const Triangle tri = triangles[i];
        V3 e1 = v3(tri.b.x, tri.b.y, tri.b.z), e2 = v3(tri.c.x, tri.c.y, tri.c.z);
        V3 p = cross(to, e2);
        float det = dot(e1, p);
        if (det == 0.0f) continue;
        float r = 1.0f / det;
        V3 s = from - v3(tri.a.x, tri.a.y, tri.a.z);
        float u = dot(s, p) * r;
        if (u < 0.0f || u > 1.0f) continue;
        V3 q = cross(s, e1);
        float v = dot(to, q) * r;
        if (v < 0.0f || u + v > 1.0f) continue;
        float t = dot(e2, q) * r;
        if (!(t > 0.0f && t < hit.t)) continue;
        int shading = bitsOf(tri.a.w);
        if (bitsOf(tri.b.w)) {
          const Shading &sh = scene.shadings[mesh.shading + shading];
          float w = 1.0f - u - v;
          if (!hasLeaf(scene.materials[sh.material & 0xffff], w * sh.uv[0] + u * sh.uv[2] + v * sh.uv[4],
                       w * sh.uv[1] + u * sh.uv[3] + v * sh.uv[5]))
            continue;
        }
        hit.t = t;
        hit.u = u;
        hit.v = v;
        hit.shading = shading;
        hit.leaf = i;
        found = true;
        if (any) return true;
      }
    }
    if (depth == 0) return found;
    at = stack[--depth];
  }
}

HD bool traceInstance(const Scene &scene, int index, const Ray &ray, Hit &hit) {
  const Instance &in = scene.instances[index];
  if (!traceMesh<false>(scene, scene.meshes[in.mesh], pointOf(in.toObject, ray.from), directionOf(in.toObject, ray.to), hit)) return false;
  hit.instance = index;
  return true;
}

template <bool any>
HDN bool traceAgents(const Scene &scene, const Ray &ray, Hit &hit) {
  if (scene.instanceCount == 0) return false;
  V3 inv = inverseOf(ray.to);
  int stack[32];
  int depth = 0, at = 0;
  bool found = false;
  for (;;) {
    if (at >= 0) {
      const Node node = scene.top[at];
      float t0 = boxEntry(node.xy0.x, node.xy0.y, node.xy0.z, node.xy0.w, node.z.x, node.z.y, ray.from, inv, hit.t);
      float t1 = boxEntry(node.xy1.x, node.xy1.y, node.xy1.z, node.xy1.w, node.z.z, node.z.w, ray.from, inv, hit.t);
      bool h0 = t0 < 1e30f, h1 = t1 < 1e30f;
      if (h0 && h1) {
        bool swap = t1 < t0;
        if (depth < 32) stack[depth++] = swap ? node.child0 : node.child1;
        at = swap ? node.child1 : node.child0;
        continue;
      }
      if (h0 || h1) {
        at = h0 ? node.child0 : node.child1;
        continue;
      }
    } else {
      int leaf = ~at, first = leaf >> 3, end = first + (leaf & 7);
      for (int i = first; i < end; i++) {
        const Instance &in = scene.instances[i];
        if (traceMesh<any>(scene, scene.meshes[in.mesh], pointOf(in.toObject, ray.from), directionOf(in.toObject, ray.to), hit)) {
          hit.instance = i;
          found = true;
          if (any) return true;
        }
      }
    }
    if (depth == 0) return found;
    at = stack[--depth];
  }
}

HD bool traceFixed(const Scene &scene, const Ray &ray, Hit &hit) {
  if (!traceMesh<false>(scene, scene.fixed, ray.from, ray.to, hit)) return false;
  hit.instance = -1;
  return true;
}
HD Hit noHit(float tMax) { return Hit{tMax, 0, 0, 0, 0, -2}; }

HD bool isBlocked(const Scene &scene, V3 from, V3 to, float tMax, bool withFixed, bool withAgents) {
  Hit hit = noHit(tMax);
  if (withAgents && traceAgents<true>(scene, Ray{from, to}, hit)) return true;
  hit = noHit(tMax);
  return withFixed && traceMesh<true>(scene, scene.fixed, from, to, hit);
}
