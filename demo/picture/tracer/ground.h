// Patterns of the ground: asphalt, slabs, grass, soil, markings, and what rain does to them.
#pragma once
#include "surface.h"

HD void asphalt(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float x = p.rest.x, y = p.rest.y, fp = p.footprint;
  V3 c = p.tint;
  float broad = octaves(x * 0.11f, y * 0.11f, 4, m.seed + 1U);
  c *= 0.82f + 0.36f * broad;
  // Patches: rectangles of newer or older asphalt with a sealed rim.
  float px = x * 0.13f, py = y * 0.13f;
  int ix = (int)floorf(px), iy = (int)floorf(py);
  u32 h = hash(ix, iy, m.seed + 2U);
  if ((h & 3U) == 0U) {
    float w = 0.18f + 0.22f * unit(hash(h + 1U)), l = 0.18f + 0.25f * unit(hash(h + 2U));
    float dx = w - fabsf(fract(px) - 0.5f), dy = l - fabsf(fract(py) - 0.5f);
    float inside = fminf(dx, dy) / 0.13f;
    float in = smooth(-fp, fp + 0.01f, inside);
    c *= mix(1.0f, 0.74f + 0.4f * unit(hash(h + 3U)), in);
    c *= 1.0f - 0.45f * detail(0.05f, fp * 0.7f) * smooth(0.06f, 0.02f, fabsf(inside));
  }
  // Cracks: edges of big crooked cells, only in tired places, sealed here and there with tar.
  float wx = x + 0.8f * noise(x * 0.9f, y * 0.9f, m.seed + 5U), wy = y + 0.8f * noise(x * 0.9f + 40.0f, y * 0.9f, m.seed + 6U);
  float f1, f2;
  cells(wx * 0.32f, wy * 0.32f, m.seed + 7U, f1, f2);
  float tired = smooth(0.5f, 0.7f, octaves(x * 0.07f + 31.0f, y * 0.07f, 2, m.seed + 8U));
  float width = 0.006f + 0.012f * noise(x * 0.6f, y * 0.6f, m.seed + 9U);
  float crack = smooth(width + fp, width * 0.3f, (f2 - f1) * 1.5f) * width / (width + fp);
  c *= 1.0f - 0.5f * tired * crack;
  // Dirt and oil.
  float stain = smooth(0.62f, 0.8f, octaves(x * 0.45f, y * 0.45f, 3, m.seed + 10U));
  c *= 1.0f - 0.22f * stain;
  // Aggregate.
  float grain = noise(x * 90.0f, y * 90.0f, m.seed + 11U) * 0.6f + noise(x * 220.0f, y * 220.0f, m.seed + 12U) * 0.4f - 0.5f;
  float d = detail(0.03f, fp);
  c *= 1.0f + 0.55f * grain * d;
  float coarse = noise(x * 14.0f, y * 14.0f, m.seed + 13U) - 0.5f;
  c *= 1.0f + 0.16f * coarse * detail(0.15f, fp);
  s.albedo = c;
  if (d > 0.0f) s.normal = bumped(s.normal, v3(noise(x * 70.0f, y * 70.0f, m.seed + 14U) - 0.5f, noise(x * 70.0f, y * 70.0f, m.seed + 15U) - 0.5f, 0.0f) * (0.35f * d));
}

// Slabs of `scale` metres (bricks: half as wide, in running bond) with joints, each a shade of its own.
HD void slabs(const Point &p, Surface &s, bool isBrick) {
  const Material &m = *p.material;
  float fp = p.footprint, u = p.rest.x, v = p.rest.y;
  if (fabsf(p.restFlat.z) < 0.7f) planar(p, u, v);
  float lx = m.scale > 0.0f ? m.scale : (isBrick ? 0.2f : 0.5f), ly = isBrick ? lx * 0.5f : lx;
  float row = floorf(v / ly);
  float shift = isBrick ? 0.5f * (row - 2.0f * floorf(row * 0.5f)) : 0.0f;
  float a = u / lx + shift, b = v / ly;
  u32 h = hash((int)floorf(a), (int)row, m.seed);
  float near = detail(lx * 1.2f, fp);
  V3 c = mix(p.tint, m.color2, (unit(h) < 0.22f ? 0.55f : 0.0f) * near + 0.1f * (1.0f - near));
  c *= 1.0f + (0.26f * unit(hash(h + 1U)) - 0.13f) * near;
  float edge = fminf(fminf(fract(a), 1.0f - fract(a)) * lx, fminf(fract(b), 1.0f - fract(b)) * ly);
  float joint = isBrick ? 0.004f : 0.005f;
  float dark = smooth(joint + fp, joint * 0.5f, edge) * fminf(1.0f, joint * 1.6f / (joint + fp));
  c *= 1.0f - 0.6f * dark;
  c *= 0.86f + 0.28f * octaves(u * 0.35f, v * 0.35f, 4, m.seed + 3U);
  // Gum, drips and shoe dirt.
  float f1, f2;
  u32 g = cells(u * 1.7f, v * 1.7f, m.seed + 5U, f1, f2);
  if ((g & 7U) < 2U) c *= 1.0f - 0.3f * detail(0.08f, fp) * smooth(0.05f, 0.035f, f1);
  c *= 1.0f - 0.16f * smooth(0.55f, 0.8f, octaves(u * 0.9f + 7.0f, v * 0.9f, 3, m.seed + 6U));
  c *= 1.0f + 0.22f * (noise(u * 120.0f, v * 120.0f, m.seed + 7U) - 0.5f) * detail(0.02f, fp);
  s.albedo = c;
}

HD void grass(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float x = p.rest.x, y = p.rest.y, fp = p.footprint;
  float broad = octaves(x * 0.3f, y * 0.3f, 4, m.seed);
  V3 c = mix(p.tint, m.color2, smooth(0.35f, 0.75f, broad));
  float blades = noise(x * 40.0f, y * 40.0f, m.seed + 1U) * 0.5f + noise(x * 110.0f, y * 110.0f, m.seed + 2U) * 0.5f;
  c *= mix(0.95f, 0.55f + 0.9f * blades, detail(0.06f, fp));
  c *= 0.8f + 0.4f * noise(x * 5.0f, y * 5.0f, m.seed + 3U);
  float bare = smooth(0.7f, 0.85f, octaves(x * 0.5f + 9.0f, y * 0.5f, 3, m.seed + 4U));
  s.albedo = mix(c, v3(0.16f, 0.12f, 0.08f), 0.6f * bare);
  s.normal = bumped(s.normal, v3(noise(x * 25.0f, y * 25.0f, m.seed + 5U) - 0.5f, noise(x * 25.0f, y * 25.0f, m.seed + 6U) - 0.5f, 0.0f) * 0.9f);
  s.sky = 0.85f;
}

HD void soil(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float x = p.rest.x, y = p.rest.y;
  V3 c = mix(p.tint, m.color2, octaves(x * 1.3f, y * 1.3f, 4, m.seed));
  s.albedo = c * (0.7f + 0.6f * mix(0.5f, noise(x * 35.0f, y * 35.0f, m.seed + 1U), detail(0.08f, p.footprint)));
  s.normal = bumped(s.normal, v3(noise(x * 12.0f, y * 12.0f, m.seed + 2U) - 0.5f, noise(x * 12.0f, y * 12.0f, m.seed + 3U) - 0.5f, 0.0f) * 0.8f);
}

// Road paint, worn through to color2 in flakes and under wheels.
HD void marking(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float x = p.rest.x, y = p.rest.y, fp = p.footprint;
  float wear = octaves(x * 0.8f, y * 0.8f, 3, m.seed) * 0.5f + octaves(x * 9.0f, y * 9.0f, 3, m.seed + 1U) * 0.5f;
  float fine = noise(x * 70.0f, y * 70.0f, m.seed + 2U);
  float hole = smooth(0.50f, 0.62f, wear + (fine - 0.5f) * 0.3f * detail(0.03f, fp));
  V3 paint = p.tint * (0.82f + 0.26f * octaves(x * 2.0f, y * 2.0f, 3, m.seed + 3U));
  V3 under = m.color2 * (0.8f + 0.4f * octaves(x * 1.1f, y * 1.1f, 3, m.seed + 4U));
  s.albedo = mix(paint, under, hole * 0.9f);
  s.albedo *= 1.0f + 0.3f * (fine - 0.5f) * detail(0.03f, fp);
}

// Rain darkens what soaks it up and leaves puddles on level ground.
HD void moisten(const Point &p, Surface &s, float wet) {
  const Material &m = *p.material;
  float up = p.flat.z;
  if (m.pattern == GLASS || m.pattern == CAR_PAINT || m.pattern == CHROME || m.pattern == LAMP_GLASS) return;
  bool isStreet = p.instance < 0;
  if (!isStreet || up < 0.3f) {
    s.albedo *= 1.0f - 0.2f * wet;
    return;
  }
  if (m.pattern == GRASS || m.pattern == SOIL || m.pattern == LEAF) {
    s.albedo *= 1.0f - 0.3f * wet;
    return;
  }
  float x = p.at.x, y = p.at.y;
  float level = octaves(x * 0.23f, y * 0.23f, 4, 977U) + 0.18f * (noise(x * 2.1f, y * 2.1f, 978U) - 0.5f);
  float puddle = smooth(0.53f, 0.60f, level) * smooth(0.3f, 0.9f, wet) * smooth(0.9f, 0.99f, up);
  s.albedo *= mix(1.0f, 0.55f, wet);
  float rough = mix(0.34f, 0.16f, smooth(0.35f, 0.55f, level));
  s.roughness = mix(s.roughness, mix(rough, 0.03f, puddle), wet);
  s.f0 = mix(s.f0, 0.028f, wet);
  s.normal = normalize(mix(s.normal, p.flat, fmaxf(puddle, 0.6f * wet)));
}
