// From a hit to a surface: position, normals and the material's pattern evaluated there.
#pragma once
#include "trace.h"

// Where a ray hit: rest = the point in the mesh's own (unposed) space, so that patterns stick to moving bodies.
struct Point {
  V3 at, flat, smooth, rest, restFlat;
  float u, v, footprint;  // footprint: metres a pixel covers here
  bool hasUv, isBack;
  int instance;
  const Material *material;
  V3 tint;  // the material's colour, or the instance's palette entry
  int flags;
};
struct Surface {
  V3 albedo, emission, normal;
  float roughness, f0, metal, coat, through, sun, sky;  // through: light let through (leaves); sun, sky: shares that reach a recess
};

HDN Point pointAt(const Scene &scene, const Ray &ray, const Hit &hit, float footprint) {
  Point p;
  const bool isFixed = hit.instance < 0;
  const Mesh &mesh = isFixed ? scene.fixed : scene.meshes[scene.instances[hit.instance].mesh];
  const Shading &sh = scene.shadings[mesh.shading + hit.shading];
  const Normals &nn = scene.normals[mesh.normals + hit.shading];
  float w = 1.0f - hit.u - hit.v;
  p.at = ray.from + ray.to * hit.t;
  p.rest = sh.rest[0] * w + sh.rest[1] * hit.u + sh.rest[2] * hit.v;
  p.restFlat = normalize(cross(sh.rest[1] - sh.rest[0], sh.rest[2] - sh.rest[0]));
  p.u = w * sh.uv[0] + hit.u * sh.uv[2] + hit.v * sh.uv[4];
  p.v = w * sh.uv[1] + hit.u * sh.uv[3] + hit.v * sh.uv[5];
  p.hasUv = (sh.material >> 16) != 0;
  V3 n = unpack(nn.n[0]) * w + unpack(nn.n[1]) * hit.u + unpack(nn.n[2]) * hit.v;
  p.material = scene.materials + (sh.material & 0xffff);
  p.tint = p.material->color;
  p.flags = 0;
  p.instance = hit.instance;
  p.flat = p.restFlat;
  if (!isFixed) {
    const Instance &in = scene.instances[hit.instance];
    n = normalOf(in.toObject, n);
    p.flags = in.flags;
    if (p.material->slot >= 0) p.tint = scene.palettes[in.palette].slot[p.material->slot];
  }
  p.smooth = normalize(n);
  if (!isFixed) {
    const Triangle &tri = scene.triangles[mesh.triangle + hit.leaf];
    p.flat = normalize(normalOf(scene.instances[hit.instance].toObject, cross(v3(tri.b.x, tri.b.y, tri.b.z), v3(tri.c.x, tri.c.y, tri.c.z))));
  }
  p.isBack = dot(p.flat, ray.to) > 0.0f;
  if (p.isBack) p.flat = -p.flat;
  if (dot(p.smooth, p.flat) < 0.0f) p.smooth = -p.smooth;
  // A smooth normal that faces away at the rim is turned until it is seen edge-on.
  float facing = dot(p.smooth, ray.to);
  if (facing > -0.02f) p.smooth = normalize(p.smooth - ray.to * (facing + 0.02f));
  p.footprint = footprint;
  return p;
}

// How much of a detail of this size survives at this footprint.
HD float detail(float size, float footprint) { return clamp01(2.0f - 2.0f * footprint / size); }

// Coordinates in metres on the surface: uv where the mesh has them, else the plane the face lies in.
HD void planar(const Point &p, float &u, float &v) {
  V3 n = p.restFlat;
  if (fabsf(n.z) > 0.75f) {
    u = p.rest.x;
    v = p.rest.y;
    return;
  }
  V3 t = normalize(v3(-n.y, n.x, 0.0f));
  u = dot(p.rest, t);
  v = p.rest.z;
}

HD V3 bumped(V3 n, V3 gradient) { return normalize(n - (gradient - n * dot(gradient, n))); }

// The slope of a noise field in rest space.
HD V3 noiseSlope(V3 p, u32 seed) {
  float e = 0.1f, c = noise(p, seed);
  return v3(noise(p + v3(e, 0, 0), seed) - c, noise(p + v3(0, e, 0), seed) - c, noise(p + v3(0, 0, e), seed) - c) * (1.0f / e);
}
