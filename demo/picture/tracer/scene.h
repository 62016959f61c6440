// Plain data of a scene as the per-pixel code sees it: the same structs on host and device.
#pragma once
#include "vec.h"

enum Pattern {
  PLAIN, ASPHALT, PAVING, BRICK_PAVING, CONCRETE, GRASS, SOIL, MARKING, BRICK, PLASTER, STONE, FACADE, SHOPFRONT, GLASS,
  CAR_PAINT, TYRE, CHROME, METAL, CLOTH, DENIM, STRIPES, CHECKS, SKIN, HAIR, LEATHER, LEAF, BARK, LAMP_GLASS,
  TRAFFIC_RED, TRAFFIC_AMBER, TRAFFIC_GREEN, SIGN, PATTERN_COUNT
};

struct Material {
  int pattern, slot, nightOnly, style;  // style: of a facade's wall, by the material's name; -1: by its seed
  u32 seed;
  V3 color, color2, emission;
  float roughness, metalness, specular, clearcoat, scale;
};

// Both children of a BVH node: boxes as (x0 x1 y0 y1), (z0 z1 of both), and references; a reference < 0 is a leaf:
// ~(first << 3 | count).
struct alignas(16) Node {
  F4 xy0, xy1, z;
  int child0, child1, pad0, pad1;
};
// A triangle for intersection: corner and edges; a.w = index of its shading, b.w = 1 if its material has holes.
struct Triangle {
  F4 a, b, c;
};
// What shading needs of a triangle, shared by all poses of a body: rest position, uv in metres, material | hasUv << 16.
struct Shading {
  V3 rest[3];
  float uv[6];
  int material;
};
struct Normals {
  u32 n[3];
};
struct Mesh {
  int node, triangle, shading, normals;
  V3 lo, hi;
};
struct Instance {
  float toWorld[12], toObject[12];
  int mesh, agent, slot, palette, flags;  // slot: place of the agent in this frame's list, -1 for scenery
  V3 lo, hi;
};
struct Palette {
  V3 slot[8];
};
struct Lamp {
  V3 position, direction, color;
  float coneCos, radius;
};
struct Camera {
  V3 position, right, down, forward;
  float focal, cx, cy, k1, k2;
};
struct Look {
  V3 sunDirection, sunColor, skyZenith, skyHorizon, skyGround, fogColor;
  float sunAngle, overcast, exposure, contrast, saturation, fogDensity, wet, rain, noise, blur, vignette, glare;
  int lampsOn;
};

struct Scene {
  const Material *materials;
  const Palette *palettes;
  const Node *nodes;
  const Triangle *triangles;
  const Shading *shadings;
  const Normals *normals;
  const Mesh *meshes;
  Mesh fixed;  // the street: one mesh in world space
  const Instance *instances;
  const Node *top;
  int instanceCount;
  const Lamp *lamps;
  int lampCount;
  const Lamp *moving;  // headlights of this frame
  int movingCount;
  Look look;
  Camera camera;
  int width, height;
  u32 seed;
};

struct Ray {
  V3 from, to;  // to: unit direction
};
struct Hit {
  float t, u, v;
  int shading, leaf, instance;  // leaf: place in the BVH's order; instance -1: the street
};

HD V3 pointOf(const float *m, V3 p) {
  return v3(m[0] * p.x + m[1] * p.y + m[2] * p.z + m[3], m[4] * p.x + m[5] * p.y + m[6] * p.z + m[7],
            m[8] * p.x + m[9] * p.y + m[10] * p.z + m[11]);
}
HD V3 directionOf(const float *m, V3 d) {
  return v3(m[0] * d.x + m[1] * d.y + m[2] * d.z, m[4] * d.x + m[5] * d.y + m[6] * d.z, m[8] * d.x + m[9] * d.y + m[10] * d.z);
}
// A normal by the transpose of the inverse.
HD V3 normalOf(const float *inverse, V3 n) {
  return v3(inverse[0] * n.x + inverse[4] * n.y + inverse[8] * n.z, inverse[1] * n.x + inverse[5] * n.y + inverse[9] * n.z,
            inverse[2] * n.x + inverse[6] * n.y + inverse[10] * n.z);
}
HD V3 unpack(u32 n) {
  return v3((float)(int8_t)(n & 255), (float)(int8_t)((n >> 8) & 255), (float)(int8_t)((n >> 16) & 255));
}

// The direction seen at a picture position (pixels), Brown's radial distortion undone by Newton's method.
HD V3 directionAt(const Camera &c, float px, float py) {
  float x = (px - c.cx) / c.focal, y = (py - c.cy) / c.focal;
  float rd = sqrtf(x * x + y * y), r = rd;
  if (rd > 1e-6f) {
    for (int i = 0; i < 6; i++) {
      float r2 = r * r;
      float f = r * (1.0f + c.k1 * r2 + c.k2 * r2 * r2) - rd;
      float g = 1.0f + 3.0f * c.k1 * r2 + 5.0f * c.k2 * r2 * r2;
      r -= f / fmaxf(g, 0.2f);
    }
    x *= r / rd;
    y *= r / rd;
  }
  return normalize(c.right * x + c.down * y + c.forward);
}
// Where a point appears; false when it lies behind the camera.
HD bool project(const Camera &c, V3 p, float &px, float &py) {
  V3 d = p - c.position;
  float z = dot(d, c.forward);
  if (z < 0.05f) return false;
  float x = dot(d, c.right) / z, y = dot(d, c.down) / z, r2 = x * x + y * y;
  float s = 1.0f + c.k1 * r2 + c.k2 * r2 * r2;
  px = c.cx + c.focal * x * s;
  py = c.cy + c.focal * y * s;
  return true;
}
