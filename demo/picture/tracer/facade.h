// Walls with windows and shop fronts, by uv in metres (x along the wall, y up from the ground): recesses are hollow.
#pragma once
#include "surface.h"

// The view and sun in the wall's frame: x along, y up, z outwards.
struct WallFrame {
  V3 along, up, out;
};
HD WallFrame wallFrame(const Point &p) {
  WallFrame f;
  f.out = p.flat;
  f.along = normalize(cross(v3(0, 0, 1), f.out));
  f.up = cross(f.out, f.along);
  return f;
}
HD V3 inFrame(const WallFrame &f, V3 d) { return v3(dot(d, f.along), dot(d, f.up), dot(d, f.out)); }

HD V3 wallColor(const Point &p, int style, float u, float v) {
  const Material &m = *p.material;
  float fp = p.footprint;
  V3 c = p.tint;
  if (style == 0) {  // plaster
    c *= 0.93f + 0.14f * octaves(u * 0.8f, v * 0.8f, 4, m.seed + 31U);
  } else if (style == 1) {  // brick
    float row = floorf(v / 0.075f), a = u / 0.25f + 0.5f * (row - 2.0f * floorf(row * 0.5f)), b = v / 0.075f;
    u32 h = hash((int)floorf(a), (int)row, m.seed + 32U);
    float near = detail(0.22f, fp);
    c *= 1.0f + (0.4f * unit(h) - 0.2f) * near;
    float e = fminf(fminf(fract(a), 1.0f - fract(a)) * 0.25f, fminf(fract(b), 1.0f - fract(b)) * 0.075f);
    float joint = smooth(0.006f + fp, 0.003f, e) * fminf(1.0f, 0.012f / (0.006f + fp));
    c = mix(c, mix(c, v3(0.45f, 0.43f, 0.40f), 0.6f), joint);
  } else if (style == 2) {  // panels
    float a = u / 1.8f, b = v / 1.2f;
    u32 h = hash((int)floorf(a), (int)floorf(b), m.seed + 33U);
    c *= 0.95f + 0.1f * unit(h) * detail(1.5f, fp);
    float e = fminf(fminf(fract(a), 1.0f - fract(a)) * 1.8f, fminf(fract(b), 1.0f - fract(b)) * 1.2f);
    c *= 1.0f - 0.5f * smooth(0.012f + fp, 0.006f, e) * fminf(1.0f, 0.02f / (0.01f + fp));
  } else if (style == 3) {  // small tiles
    float a = u / 0.2f, b = v / 0.1f;
    u32 h = hash((int)floorf(a), (int)floorf(b), m.seed + 34U);
    c *= 1.0f + (0.16f * unit(h) - 0.08f) * detail(0.2f, fp);
    float e = fminf(fminf(fract(a), 1.0f - fract(a)) * 0.2f, fminf(fract(b), 1.0f - fract(b)) * 0.1f);
    c *= 1.0f - 0.25f * smooth(0.004f + fp, 0.002f, e) * fminf(1.0f, 0.01f / (0.005f + fp));
  }
  // Rain streaks and dust.
  float streak = octaves(u * 2.2f, v * 0.16f, 3, m.seed + 35U);
  c *= 1.0f - 0.24f * smooth(0.5f, 0.85f, streak);
  c *= 0.9f + 0.16f * octaves(u * 0.21f, v * 0.21f, 3, m.seed + 36U);
  c *= 1.0f - 0.25f * smooth(0.9f, 0.0f, v);
  return c;
}

// Behind the glass: a room with a back wall, curtains or blinds, by parallax; the light it gives off in `glow`.
HD V3 roomColor(u32 h, float x, float y, float w, float hgt, V3 view, float fp, bool isLit, V3 &glow) {
  float kind = unit(hash(h + 11U));
  V3 cloth = mix(v3(0.62f, 0.58f, 0.50f), v3(0.42f, 0.46f, 0.50f), unit(hash(h + 12U)));
  if (unit(hash(h + 13U)) < 0.2f) cloth = v3(0.45f, 0.22f, 0.18f);
  float drawn = unit(hash(h + 14U));
  V3 warm = mix(v3(1.0f, 0.66f, 0.34f), v3(0.86f, 0.92f, 1.0f), unit(hash(h + 15U)) < 0.3f ? 1.0f : 0.1f);
  float power = isLit ? 0.35f + 0.75f * unit(hash(h + 16U)) : 0.0f;
  glow = v3(0);
  float edge = fabsf(x) / (0.5f * w);
  bool isCurtain = kind < 0.55f && edge > 1.0f - (0.25f + 0.75f * drawn * drawn);
  bool isBlind = kind >= 0.55f && kind < 0.75f && y > hgt * (0.5f - drawn);
  if (isCurtain) {
    float fold = 0.5f + 0.5f * sinf(x * 55.0f + 4.0f * noise(x * 6.0f, 0.0f, h));
    V3 c = cloth * mix(0.7f, 0.5f + 0.4f * fold, detail(0.08f, fp));
    glow = c * warm * (power * 0.55f);
    return c * 0.4f;
  }
  if (isBlind) {
    float slat = mix(0.8f, 0.65f + 0.35f * smooth(0.1f, 0.5f, fract(y * 18.0f)), detail(0.05f, fp));
    glow = warm * (power * 0.45f * slat);
    return v3(0.5f, 0.5f, 0.48f) * (slat * 0.5f);
  }
  // The room: 2.5 m deep, hit by the view ray.
  float depth = 2.5f, vz = fmaxf(-view.z, 0.15f);
  float bx = x + view.x / vz * depth, by = y + view.y / vz * depth;
  V3 wall = mix(v3(0.55f, 0.52f, 0.46f), v3(0.5f, 0.45f, 0.5f), unit(hash(h + 17U)));
  float shade = fabsf(bx) > 1.8f || by > 1.6f ? 0.7f : 1.0f;
  shade *= 0.75f + 0.25f * noise(bx * 1.5f, by * 1.5f, h);
  glow = wall * warm * (power * 0.8f * shade);
  return wall * (0.035f * shade);
}

HD void facade(const Point &p, Surface &s, const Scene &scene, V3 viewDirection) {
  const Material &m = *p.material;
  float u = p.u, v = p.v, fp = p.footprint;
  WallFrame f = wallFrame(p);
  V3 view = inFrame(f, viewDirection), sun = inFrame(f, scene.look.sunDirection);
  u32 base = hash(m.seed + 77U);
  float r0 = unit(hash(base + 1U)), r1 = unit(hash(base + 2U)), r2 = unit(hash(base + 3U)), r3 = unit(hash(base + 4U)), r4 = unit(hash(base + 5U));
  int style = m.style >= 0 ? m.style : (int)(hash(base + 6U) & 3U);
  bool isCurtain = style == 4;
  float storey = 2.9f + 0.5f * r0, bay = m.scale >= 1.0f ? m.scale : 2.3f + 1.6f * r1;
  float winW = bay * (0.38f + 0.3f * r2), winH = storey * (0.44f + 0.16f * r3), sill = storey * 0.3f;
  if (isCurtain) {
    winW = bay - 0.05f;
    winH = storey * 0.72f;
    sill = storey * 0.26f;
  }
  int iu = (int)floorf(u / bay), iv = (int)floorf(v / storey);
  float x = (fract(u / bay) - 0.5f) * bay, y = fract(v / storey) * storey - sill - winH * 0.5f;
  u32 h = hash(iu, iv, m.seed + 9U);
  V3 frameColor = m.color2;
  s.albedo = wallColor(p, style, u, v);
  s.roughness = 0.85f;
  // A ledge at every floor, or every third.
  float floorY = fract(v / storey) * storey;
  int every = r4 < 0.4f ? 1 : 3;
  if (iv > 0 && iv % every == 0 && !isCurtain) {
    float band = smooth(0.14f + fp, 0.14f - fp, floorY);
    s.albedo = mix(s.albedo, mix(frameColor, p.tint, 0.5f), band * 0.8f);
    s.albedo *= 1.0f - 0.4f * smooth(0.2f, 0.0f, storey - floorY);
  }
  // A stack of balconies here and there.
  bool hasBalcony = !isCurtain && r4 > 0.45f && (hash(iu, 3, m.seed) % 3U) == 0U && iv > 0;
  float recess = isCurtain ? 0.03f : 0.14f;
  float dx = 0.5f * winW - fabsf(x), dy = 0.5f * winH - fabsf(y);
  float inside = fminf(dx, dy);
  if (inside < -0.0f) {
    // Surround and sill.
    float rim = smooth(-0.11f - fp, -0.11f + fp, inside);
    if (r3 > 0.35f && !isCurtain) s.albedo = mix(s.albedo, frameColor * 0.92f, rim * 0.85f);
    float below = -y - 0.5f * winH;
    if (isCurtain) {
      s.roughness = 0.12f;
      s.f0 = 0.06f;
      s.albedo = p.tint * 0.35f;
    } else if (below > 0.0f && below < 0.09f && dx > -0.08f) {
      s.albedo = frameColor * 0.95f;
      s.normal = normalize(s.normal + v3(0, 0, 0.35f));
    } else if (below >= 0.09f && dx > -0.06f) {
      s.albedo *= 1.0f - 0.3f * smooth(0.9f, 0.1f, below) * (0.4f + 0.6f * noise(u * 9.0f, v * 0.8f, m.seed + 4U));
      if (below < 0.2f) s.sun = sun.y > 0.2f ? 0.35f : 1.0f, s.sky = 0.8f;
    }
    // An air conditioner below the window.
    if (unit(hash(h + 3U)) < 0.22f && iv > 0 && style != 2 && !isCurtain) {
      float ax = x - winW * 0.1f, ay = y + 0.5f * winH + 0.42f;
      if (fabsf(ax) < 0.42f && fabsf(ay) < 0.28f) {
        float fan = sqrtf((ax + 0.1f) * (ax + 0.1f) + ay * ay);
        V3 c = v3(0.62f, 0.61f, 0.57f) * (0.85f + 0.2f * noise(u * 5.0f, v * 5.0f, h));
        c *= fan < 0.22f ? 0.35f + 0.25f * (fract(fan * 26.0f) < 0.4f ? 1.0f : 0.0f) * detail(0.05f, fp) : 1.0f;
        if (fabsf(ax) > 0.4f || fabsf(ay) > 0.26f) c *= 0.6f;
        s.albedo = c;
        s.sun = 1.0f;
        s.sky = 1.0f;
      } else if (fabsf(ax + sun.x * 0.2f) < 0.44f && ay < 0.0f && ay > -0.55f) {
        s.sun = 0.3f;
        s.sky = 0.8f;
      }
    }
  } else {
    // Into the recess: does the view ray meet the reveal or the glass?
    float vz = fmaxf(-view.z, 0.05f);
    float gx = x + view.x / vz * recess, gy = y + view.y / vz * recess;
    float sz = fmaxf(sun.z, 0.02f);
    bool isGlass = fabsf(gx) < 0.5f * winW && fabsf(gy) < 0.5f * winH;
    if (!isGlass) {
      s.albedo = mix(p.tint, frameColor, 0.6f) * 0.8f;
      s.sky = 0.55f;
      bool isTop = gy > 0.5f * winH, isSide = fabsf(gx) > 0.5f * winW;
      s.sun = isTop ? 0.0f : isSide ? (gx * sun.x < 0.0f ? clamp01(fabsf(sun.x) / fmaxf(sun.z, 0.2f)) * 0.7f : 0.0f) : 0.9f;
      if (isSide) s.normal = f.along * (gx > 0.0f ? -1.0f : 1.0f);
      else s.normal = f.up * (isTop ? -1.0f : 1.0f);
    } else {
      float sx = gx + sun.x / sz * recess, sy = gy + sun.y / sz * recess;
      float shadowed = fabsf(sx) > 0.5f * winW || fabsf(sy) > 0.5f * winH ? 0.0f : 1.0f;
      int panes = winW > 1.7f ? 3 : winW > 0.95f ? 2 : 1;
      float pw = winW / (float)panes, pxl = (fract((gx + 0.5f * winW) / pw) - 0.5f) * pw;
      float bar = fminf(0.5f * pw - fabsf(pxl), 0.5f * winH - fabsf(gy));
      bool hasTransom = (base & 16U) != 0U;
      if (hasTransom) bar = fminf(bar, fabsf(gy - winH * 0.22f));
      float frame = smooth(0.045f + fp, 0.045f - fp, bar);
      bool isLit = scene.look.lampsOn && unit(hash(h + 21U)) < 0.42f;
      V3 glow;
      V3 room = roomColor(h, gx, gy, winW, winH, view, fp, isLit, glow);
      s.albedo = mix(room, frameColor * 0.85f, frame);
      s.emission = glow * (1.0f - frame);
      s.roughness = mix(0.02f, 0.6f, frame);
      s.f0 = mix(0.09f, 0.04f, frame);
      s.sun = shadowed * mix(0.5f, 1.0f, frame);
      s.sky = 0.8f;
      // Panes are never quite flat: reflections wander from one to the next.
      V3 tilt = v3(noise(u * 0.9f + unit(h) * 9.0f, v * 0.9f, h) - 0.5f, noise(u * 0.9f, v * 0.9f + 5.0f, h + 1U) - 0.5f, 0) * 0.018f;
      s.normal = normalize(s.normal + f.along * (tilt.x + (unit(hash(h + 31U)) - 0.5f) * 0.02f) + f.up * (tilt.y + (unit(hash(h + 32U)) - 0.5f) * 0.02f));
    }
  }
  if (hasBalcony) {
    float by = floorY, half = fminf(0.46f * bay, winW * 0.5f + 0.35f);
    if (fabsf(x) < half) {
      float slab = smooth(0.02f - fp, 0.02f + fp, by) * smooth(0.2f + fp, 0.2f - fp, by);
      float top = smooth(1.06f - fp, 1.06f + fp, by) * smooth(1.12f + fp, 1.12f - fp, by);
      float bars = by > 0.2f && by < 1.06f ? mix(0.33f, fract(x / 0.11f) < 0.3f ? 1.0f : 0.0f, detail(0.09f, fp)) : 0.0f;
      bool isSolid = (base & 64U) != 0U;
      if (isSolid && by > 0.2f && by < 1.06f) bars = 1.0f;
      float cover = fmaxf(fmaxf(slab, top), bars);
      V3 metal = isSolid ? p.tint * 0.95f : mix(v3(0.06f, 0.065f, 0.07f), frameColor, (base & 128U) ? 0.8f : 0.0f);
      s.albedo = mix(s.albedo * 0.75f, slab > 0.5f ? p.tint * 1.05f : metal, cover);
      s.emission *= 1.0f - cover;
      s.roughness = mix(s.roughness, 0.6f, cover);
      s.f0 = mix(s.f0, 0.03f, cover);
      s.sun = mix(s.sun, 1.0f, cover);
      s.sky = mix(s.sky * 0.75f, 1.0f, cover);
    } else if (fabsf(x) < half + 0.05f && by < 1.1f) s.sky *= 0.8f;
  }
}

// Invented writing: each glyph is a block of strokes from a hash; true where there is ink. Units: glyph cells.
HD bool hasGlyph(float x, float y, u32 seed) {
  int cell = (int)floorf(x);
  float gx = (x - floorf(x)) * 1.25f - 0.12f, gy = y;
  if (gx < 0.0f || gx > 1.0f || gy < 0.0f || gy > 1.0f) return false;
  u32 h = hash(cell, 5, seed);
  int ix = (int)(gx * 5.0f), iy = (int)(gy * 5.0f);
  bool on = ((h >> (iy * 3 + (ix > 2 ? 4 - ix : ix))) & 1U) != 0U;
  if (iy == (int)(h % 5U)) on = true;
  if (ix == (int)((h >> 9) % 5U)) on = on || (h & 1024U);
  return on;
}

HD void shopfront(const Point &p, Surface &s, const Scene &scene, V3 viewDirection) {
  const Material &m = *p.material;
  float u = p.u, v = p.v, fp = p.footprint;
  WallFrame f = wallFrame(p);
  V3 view = inFrame(f, viewDirection);
  float bay = m.scale >= 1.5f ? m.scale : 4.0f;
  int shop = (int)floorf(u / bay);
  u32 h = hash(shop, 1, m.seed + 3U);
  float x = fract(u / bay) * bay;
  bool lamps = scene.look.lampsOn != 0;
  V3 boards[6] = {v3(0.35f, 0.03f, 0.03f), v3(0.03f, 0.10f, 0.26f), v3(0.04f, 0.18f, 0.09f), v3(0.42f, 0.28f, 0.04f), v3(0.06f, 0.06f, 0.065f), v3(0.5f, 0.48f, 0.44f)};
  V3 board = boards[h % 6U];
  V3 trim = mix(m.color2, v3(0.06f), (h & 64U) ? 0.8f : 0.0f);
  float pier = fminf(x, bay - x);
  s.albedo = wallColor(p, 0, u, v);
  if (pier < 0.18f || v > 3.55f) return;
  if (v > 2.75f) {  // sign board
    s.albedo = board * (0.85f + 0.2f * noise(u * 0.7f, v * 0.7f, h));
    s.roughness = 0.4f;
    float size = 0.46f, n = floorf(2.0f + 3.0f * unit(hash(h + 4U)));
    float gx = (x - 0.5f * bay) / size + n * 0.5f, gy = (v - 2.92f) / size;
    bool ink = gx > 0.0f && gx < n && hasGlyph(gx, gy, h);
    V3 inkColor = (h % 6U) == 5U ? v3(0.35f, 0.04f, 0.03f) : mix(v3(0.8f, 0.78f, 0.7f), v3(0.85f, 0.62f, 0.12f), (h & 256U) ? 1.0f : 0.0f);
    float share = ink ? 1.0f : 0.0f;
    share = mix(gx > 0.0f && gx < n && gy > 0.0f && gy < 1.0f ? 0.4f : 0.0f, share, detail(0.12f, fp));
    s.albedo = mix(s.albedo, inkColor, share);
    if (v < 2.79f || v > 3.51f) s.albedo = trim;
    if (lamps) s.emission = ((h % 6U) == 5U ? mix(s.albedo, v3(0), share) : mix(s.albedo * 0.35f, inkColor * 1.6f, share)) * 0.9f;
    return;
  }
  float plinth = 0.3f;
  if (v < plinth) {
    s.albedo = trim * (0.7f + 0.3f * noise(u * 3.0f, v * 3.0f, h));
    return;
  }
  int panes = bay > 3.5f ? 3 : 2;
  float inner = bay - 0.36f, pw = inner / (float)panes, lx = fract((x - 0.18f) / pw) * pw;
  float bar = fminf(fminf(lx, pw - lx), fminf(v - plinth, 2.75f - v));
  int pane = (int)((x - 0.18f) / pw);
  bool isDoor = pane == (int)(h % (u32)panes);
  float frameWidth = isDoor ? 0.09f : 0.05f;
  float frame = smooth(frameWidth + fp, frameWidth - fp, bar);
  if (v > 2.2f && v < 2.2f + 0.06f) frame = fmaxf(frame, detail(0.06f, fp));
  if (isDoor && v > 1.0f && v < 1.12f && lx > 0.12f && lx < 0.2f) frame = 1.0f;
  // Goods on shelves 0.6 m behind the glass, a back wall at 3 m.
  float vz = fmaxf(-view.z, 0.15f);
  float ux = u + view.x / vz * 0.6f, vy = v + view.y / vz * 0.6f;
  float row = floorf(vy / 0.42f), col = floorf(ux / 0.3f);
  u32 g = hash((int)col, (int)row, h);
  float lit = lamps ? 0.2f + 0.5f * unit(hash(h + 7U)) : 0.13f;
  V3 tone = mix(v3(1.0f, 0.88f, 0.7f), v3(0.92f, 0.97f, 1.0f), unit(hash(h + 8U)));
  V3 c;
  float gx = fract(ux / 0.3f) - 0.5f, gy = fract(vy / 0.42f);
  float goodH = 0.35f + 0.5f * unit(hash(g + 2U)), goodW = 0.25f + 0.2f * unit(hash(g + 3U));
  if (!isDoor && vy < 1.75f && vy > 0.4f && gy < goodH && fabsf(gx) < goodW && (g & 3U)) {
    c = v3(0.2f + 0.7f * unit(hash(g + 4U)), 0.2f + 0.6f * unit(hash(g + 5U)), 0.2f + 0.6f * unit(hash(g + 6U)));
    c = mix(c * c, v3(luminance(c)), 0.3f) * (0.7f + 0.3f * noise(gx * 14.0f, gy * 14.0f, g));
    c = mix(v3(0.35f, 0.32f, 0.3f), c, detail(0.25f, fp));
  } else if (!isDoor && vy < 1.75f && gy > 0.92f) {
    c = v3(0.42f, 0.4f, 0.37f);
  } else {
    float bx = u + view.x / vz * 3.0f, by = v + view.y / vz * 3.0f;
    c = mix(v3(0.5f, 0.47f, 0.42f), v3(0.35f, 0.4f, 0.45f), unit(hash(h + 9U))) * (0.35f + 0.5f * noise(bx * 0.9f, by * 0.9f, h));
    if (by > 2.5f && fract(bx / 1.6f) < 0.35f) c = v3(1.6f);
    if (by < 0.0f) c = v3(0.22f, 0.2f, 0.18f);
  }
  // A poster on some panes.
  if (!isDoor && (hash(shop * 7 + pane, 2, m.seed) & 3U) == 0U && lx > 0.2f && lx < 0.65f && v > 1.2f && v < 1.85f) {
    u32 q = hash(shop, pane, m.seed + 8U);
    s.albedo = mix(v3(0.75f, 0.73f, 0.68f), v3(unit(q), unit(hash(q)), unit(hash(q + 1U))) * 0.6f, v > 1.5f ? 0.9f : 0.25f * noise(u * 20.0f, v * 20.0f, q));
    return;
  }
  // Spot lights under the ceiling: brighter in their cones, dim at the floor.
  float spot = 0.45f + 0.55f * smooth(0.2f, 2.4f, vy) * (0.6f + 0.4f * sinf(ux * 4.2f));
  s.emission = c * tone * (lit * spot * (1.0f - frame));
  s.albedo = mix(v3(0.02f), trim * 0.9f, frame);
  s.roughness = mix(0.02f, 0.45f, frame);
  s.f0 = mix(0.07f, 0.04f, frame);
  V3 tilt = v3(noise(u * 0.5f, v * 0.5f, h) - 0.5f, noise(u * 0.5f + 3.0f, v * 0.5f, h) - 0.5f, 0) * 0.01f;
  s.normal = normalize(s.normal + f.along * tilt.x + f.up * tilt.y);
}
