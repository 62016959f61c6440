// Every material pattern but the ground's and the facades', and the choice among all of them.
#pragma once
#include "facade.h"
#include "ground.h"

HD void masonry(const Point &p, Surface &s, int style) {
  float u = p.u, v = p.v;
  if (!p.hasUv) planar(p, u, v);
  Point q = p;
  s.albedo = wallColor(q, style, u, v);
}

// Cut stone in courses, or the face of a kerb.
HD void stone(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float u, v, fp = p.footprint;
  planar(p, u, v);
  float size = m.scale > 0.0f ? m.scale : 0.6f;
  float b = v / (size * 0.5f), row = floorf(b), a = u / size + 0.5f * (row - 2.0f * floorf(row * 0.5f));
  u32 h = hash((int)floorf(a), (int)row, m.seed);
  float e = fminf(fminf(fract(a), 1.0f - fract(a)) * size, fminf(fract(b), 1.0f - fract(b)) * size * 0.5f);
  V3 c = p.tint * (1.0f + (0.24f * unit(h) - 0.12f) * detail(size, fp));
  c *= 0.85f + 0.3f * mix(0.5f, noise(p.rest * 9.0f, m.seed), detail(0.2f, fp));
  c *= 1.0f + 0.3f * (noise(p.rest * 90.0f, m.seed + 1U) - 0.5f) * detail(0.03f, fp);
  s.albedo = c * (1.0f - 0.5f * smooth(0.008f + fp, 0.004f, e) * fminf(1.0f, 0.014f / (0.008f + fp)));
}

HD void concrete(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float n = noise(p.rest * 0.7f, m.seed) * 0.5f + noise(p.rest * 2.9f, m.seed + 1U) * 0.3f + noise(p.rest * 11.0f, m.seed + 2U) * 0.2f * detail(0.2f, p.footprint);
  s.albedo = p.tint * (0.78f + 0.42f * n);
  s.albedo *= 1.0f + 0.25f * (noise(p.rest * 80.0f, m.seed + 3U) - 0.5f) * detail(0.03f, p.footprint);
  if (fabsf(p.restFlat.z) < 0.5f) s.albedo *= 1.0f - 0.2f * smooth(0.5f, 0.8f, noise(v3(p.rest.x * 4.0f, p.rest.y * 4.0f, p.rest.z * 0.4f), m.seed + 4U));
}

// Cloth: folds of two sizes that tilt the normal, and a weave close by.
HD void cloth(const Point &p, Surface &s, float fold, float weave) {
  const Material &m = *p.material;
  V3 q = v3(p.rest.x * 9.0f, p.rest.y * 9.0f, p.rest.z * 5.5f);
  V3 slope = noiseSlope(q, m.seed) + noiseSlope(q * 2.3f, m.seed + 1U) * (0.5f * detail(0.06f, p.footprint));
  s.normal = bumped(s.normal, slope * (0.42f * fold));
  float hollow = noise(q, m.seed);
  s.albedo = p.tint * (0.86f + 0.2f * hollow);
  float w = detail(0.012f, p.footprint);
  if (w > 0.0f) s.albedo *= 1.0f + weave * w * (noise(p.rest * 420.0f, m.seed + 2U) - 0.5f);
  s.albedo *= 0.94f + 0.12f * noise(p.rest * 3.0f, m.seed + 3U);
  s.roughness = 0.9f;
  s.f0 = 0.03f;
}

HD void patterned(const Point &p, Surface &s, bool isChecked) {
  const Material &m = *p.material;
  float size = m.scale > 0.0f ? m.scale : 0.06f;
  float a = (p.hasUv ? p.u : p.rest.x) / size, b = (p.hasUv ? p.v : p.rest.z) / size;
  float near = detail(size, p.footprint);
  float sa = fract(a) < 0.5f ? 1.0f : 0.0f, sb = fract(b) < 0.45f ? 1.0f : 0.0f;
  float share = isChecked ? 0.5f * (sa + sb) : sb;
  cloth(p, s, 1.0f, 0.4f);
  V3 other = m.color2 * (luminance(s.albedo) / fmaxf(luminance(p.tint), 0.02f));
  s.albedo = mix(s.albedo, other, mix(isChecked ? 0.5f : 0.45f, share, near));
}

HD void leaf(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float size = m.scale > 0.0f ? m.scale : 0.12f;
  u32 h = hash((int)floorf(p.u / size), (int)floorf(p.v / size), m.seed + (u32)(int)floorf(p.rest.x * 1.7f));
  s.albedo = mix(p.tint, m.color2, unit(h)) * (0.75f + 0.5f * unit(hash(h + 1U)));
  s.albedo *= 1.0f + 0.45f * noise(p.rest * 0.6f, m.seed + 5U);
  s.through = 0.55f;
  s.roughness = 0.5f;
  s.f0 = 0.03f;
  V3 n = v3(unit(hash(h + 2U)) - 0.5f, unit(hash(h + 3U)) - 0.5f, unit(hash(h + 4U)) - 0.5f);
  s.normal = normalize(s.normal + n * 0.9f);
}

HD void bark(const Point &p, Surface &s) {
  const Material &m = *p.material;
  float a = atan2f(p.restFlat.y, p.restFlat.x) * 2.2f;
  float ridge = noise(v3(a * 3.0f, p.rest.z * 1.3f, 0.0f), m.seed) * 0.6f + noise(p.rest * 14.0f, m.seed + 1U) * 0.4f;
  s.albedo = mix(p.tint * 0.6f, p.tint * 1.25f, ridge);
  s.normal = bumped(s.normal, noiseSlope(v3(p.rest.x * 14.0f, p.rest.y * 14.0f, p.rest.z * 3.0f), m.seed + 2U) * 0.5f);
}

HDN Surface surfaceAt(const Scene &scene, const Point &p, V3 view) {
  const Material &m = *p.material;
  Surface s;
  s.albedo = p.tint;
  s.emission = m.nightOnly && !scene.look.lampsOn ? v3(0) : m.emission;
  s.normal = p.smooth;
  s.roughness = m.roughness;
  s.f0 = 0.08f * m.specular;
  s.metal = m.metalness;
  s.coat = m.clearcoat;
  s.through = 0.0f;
  s.sun = s.sky = 1.0f;
  bool isLit = (p.flags & 1) != 0;
  switch (m.pattern) {
    case ASPHALT: asphalt(p, s); break;
    case PAVING: slabs(p, s, false); break;
    case BRICK_PAVING: slabs(p, s, true); break;
    case CONCRETE: concrete(p, s); break;
    case GRASS: grass(p, s); break;
    case SOIL: soil(p, s); break;
    case MARKING: marking(p, s); break;
    case BRICK: masonry(p, s, 1); break;
    case PLASTER: masonry(p, s, 0); break;
    case STONE: stone(p, s); break;
    case FACADE: facade(p, s, scene, view); break;
    case SHOPFRONT: shopfront(p, s, scene, view); break;
    case GLASS:
      s.roughness = 0.02f;
      s.f0 = fmaxf(s.f0, 0.06f);
      s.albedo *= 0.6f;
      // Water: level glass of the street has ripples.
      if (p.instance < 0 && p.restFlat.z > 0.95f) {
        float x = p.rest.x, y = p.rest.y;
        V3 wave = v3(noise(x * 0.7f, y * 1.9f, 51U) - 0.5f, noise(x * 0.8f + 9.0f, y * 1.6f, 52U) - 0.5f, 0.0f) + v3(noise(x * 3.1f, y * 5.0f, 53U) - 0.5f, noise(x * 3.3f, y * 4.4f, 54U) - 0.5f, 0.0f) * 0.5f;
        s.normal = bumped(s.normal, wave * 0.035f);
        s.f0 = 0.025f;
      }
      break;
    case CAR_PAINT: {
      s.coat = fmaxf(s.coat, 0.8f);
      float dust = smooth(0.75f, 0.1f, p.rest.z) * (0.5f + 0.5f * noise(p.rest * 5.0f, m.seed));
      s.albedo = mix(s.albedo, v3(0.25f, 0.23f, 0.2f), 0.22f * dust);
      s.roughness = 0.5f;
      s.coat *= 1.0f - 0.5f * dust;
      break;
    }
    case TYRE: s.albedo *= 0.8f + 0.4f * noise(p.rest * 30.0f, m.seed); s.roughness = 0.9f; break;
    case CHROME: s.roughness = 0.12f; s.metal = 1.0f; break;
    case METAL:
      s.albedo *= 0.9f + 0.2f * noise(p.rest * 3.0f, m.seed);
      s.albedo *= 1.0f - 0.3f * smooth(0.65f, 0.85f, noise(v3(p.rest.x * 6.0f, p.rest.y * 6.0f, p.rest.z), m.seed + 1U));
      break;
    case CLOTH: cloth(p, s, 1.0f, 0.5f); break;
    case DENIM: {
      cloth(p, s, 0.8f, 0.9f);
      s.albedo = mix(s.albedo, v3(luminance(s.albedo) * 1.3f), 0.35f * noise(v3(p.rest.x * 6.0f, p.rest.y * 6.0f, p.rest.z * 3.0f), m.seed + 9U));
      break;
    }
    case STRIPES: patterned(p, s, false); break;
    case CHECKS: patterned(p, s, true); break;
    case SKIN:
      s.albedo *= 0.92f + 0.16f * noise(p.rest * 25.0f, m.seed);
      s.roughness = 0.45f;
      s.f0 = 0.035f;
      break;
    case HAIR: {
      float strand = noise(v3(p.rest.x * 120.0f, p.rest.y * 120.0f, p.rest.z * 12.0f), m.seed);
      s.albedo *= mix(0.9f, 0.6f + 0.7f * strand, detail(0.02f, p.footprint));
      s.normal = bumped(s.normal, noiseSlope(v3(p.rest.x * 30.0f, p.rest.y * 30.0f, p.rest.z * 8.0f), m.seed) * 0.4f);
      s.roughness = 0.45f;
      s.f0 = 0.05f;
      break;
    }
    case LEATHER:
      s.albedo *= 0.85f + 0.3f * noise(p.rest * 40.0f, m.seed);
      s.normal = bumped(s.normal, noiseSlope(p.rest * 14.0f, m.seed) * 0.25f);
      s.roughness = 0.42f;
      break;
    case LEAF: leaf(p, s); break;
    case BARK: bark(p, s); break;
    case LAMP_GLASS:
      s.roughness = 0.08f;
      s.f0 = 0.05f;
      if (p.instance >= 0) {
        bool isRed = p.tint.x > 2.0f * p.tint.y;
        float on = isRed ? (isLit ? 0.45f : 0.0f) + ((p.flags & 2) ? 1.6f : 0.0f) : isLit ? 1.0f : 0.0f;
        s.emission = m.emission * on;
      }
      break;
    case TRAFFIC_RED:
    case TRAFFIC_AMBER:
    case TRAFFIC_GREEN: {
      V3 glow = m.pattern == TRAFFIC_RED ? v3(5.0f, 0.35f, 0.2f) : m.pattern == TRAFFIC_AMBER ? v3(5.0f, 2.3f, 0.2f) : v3(0.4f, 4.5f, 2.6f);
      if (luminance(m.emission) > 0.0f) glow = m.emission;
      s.emission = isLit ? glow : v3(0);
      if (!isLit) s.albedo = p.tint * 0.15f;
      s.roughness = 0.3f;
      break;
    }
    case SIGN: {
      if (p.hasUv) {
        float size = m.scale > 0.0f ? m.scale : 0.2f;
        float a = p.u / size, b = p.v / size, row = floorf(b);
        bool ink = fract(b) > 0.2f && hasGlyph(a, (fract(b) - 0.2f) / 0.6f, m.seed + (u32)(int)row);
        s.albedo = mix(s.albedo, m.color2, ink ? 0.9f * detail(size, p.footprint) : 0.0f);
      }
      s.roughness = 0.35f;
      break;
    }
    default: s.albedo *= 0.93f + 0.14f * noise(p.rest * 2.2f, m.seed); break;
  }
  s.albedo = v3(clamp(s.albedo.x, 0.0f, 0.95f), clamp(s.albedo.y, 0.0f, 0.95f), clamp(s.albedo.z, 0.0f, 0.95f));
  if (scene.look.wet > 0.0f) moisten(p, s, scene.look.wet);
  if (dot(s.normal, view) > -0.01f) s.normal = normalize(s.normal - view * (dot(s.normal, view) + 0.01f));
  return s;
}

// What bounced light meets: the same surface without its detail, at a fraction of the cost.
HD Surface plainSurfaceAt(const Scene &scene, const Point &p, V3 view) {
  const Material &m = *p.material;
  bool isGlowing = m.pattern == SHOPFRONT || (m.pattern == FACADE && scene.look.lampsOn) || m.pattern == LAMP_GLASS || (m.pattern >= TRAFFIC_RED && m.pattern <= TRAFFIC_GREEN);
  if (isGlowing) return surfaceAt(scene, p, view);
  Surface s;
  s.albedo = p.tint * 0.9f;
  if (m.pattern == FACADE) s.albedo = p.tint * 0.65f + m.color2 * 0.1f;
  if (m.pattern == GRASS || m.pattern == LEAF || m.pattern == SOIL) s.albedo = mix(p.tint, m.color2, 0.4f) * 0.85f;
  if (scene.look.wet > 0.0f && p.instance < 0 && p.flat.z > 0.3f) s.albedo *= 1.0f - 0.4f * scene.look.wet;
  s.emission = m.nightOnly && !scene.look.lampsOn ? v3(0) : m.emission;
  s.normal = p.smooth;
  s.roughness = 1.0f;
  s.f0 = s.metal = s.coat = 0.0f;
  s.through = m.pattern == LEAF ? 0.5f : 0.0f;
  s.sun = s.sky = 1.0f;
  return s;
}
