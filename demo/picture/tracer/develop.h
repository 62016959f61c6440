// From light to a camera's picture: glare, lens blur, rain, exposure, tone, sensor noise, and Y'CbCr 4:2:0 (BT.709, limited).
#pragma once
#include "scene.h"

// A quarter-size picture of what is brighter than the sensor takes.
struct Brights {
  const V3 *in;
  V3 *out;
  int width, height, smallWidth, smallHeight;
  float exposure;
  HD void operator()(int i) const {
    int x = i % smallWidth, y = i / smallWidth;
    V3 sum = v3(0);
    for (int dy = 0; dy < 4; dy++)
      for (int dx = 0; dx < 4; dx++) {
        int px = x * 4 + dx, py = y * 4 + dy;
        if (px >= width || py >= height) continue;
        V3 c = in[py * width + px] * exposure;
        float l = fmaxf(c.x, fmaxf(c.y, c.z));
        sum += c * (fminf(fmaxf(l - 1.2f, 0.0f), 14.0f) / (l + 1e-3f));
      }
    out[i] = sum * (1.0f / 16.0f);
  }
};
// One pass of a blur with a sharp core and a long tail, along x or y.
struct Spread {
  const V3 *in;
  V3 *out;
  int width, height, stepX, stepY;
  HD void operator()(int i) const {
    int x = i % width, y = i / width;
    V3 sum = v3(0);
    float total = 0.0f;
    for (int k = -16; k <= 16; k++) {
      int px = x + k * stepX, py = y + k * stepY;
      float a = fabsf((float)k), w = expf(-a * 0.8f) + 0.12f * expf(-a * 0.18f);
      total += w;
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      sum += in[py * width + px] * w;
    }
    out[i] = sum * (1.0f / total);
  }
};

struct Develop {
  const V3 *in;
  const V3 *glow;
  uint8_t *out;  // Y, then Cb, then Cr
  int width, height, smallWidth, smallHeight, frame;
  u32 seed;
  Look look;

  HD V3 lightAt(int x, int y) const {
    V3 c;
    float sigma = look.blur;
    if (sigma < 0.2f) {
      c = in[y * width + x];
    } else {
      V3 sum = v3(0);
      float total = 0.0f, k = 0.5f / (sigma * sigma);
      int reach = sigma > 1.0f ? 3 : 2;
      for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++) {
          int px = x + dx < 0 ? 0 : x + dx >= width ? width - 1 : x + dx;
          int py = y + dy < 0 ? 0 : y + dy >= height ? height - 1 : y + dy;
          float w = expf(-k * (float)(dx * dx + dy * dy));
          V3 o = in[py * width + px];
          float most = 6.0f / fmaxf(look.exposure, 1e-3f), l = fmaxf(o.x, fmaxf(o.y, o.z));
          if (l > most) o = o * (most / l);
          sum += o * w;
          total += w;
        }
      c = sum * (1.0f / total);
    }
    c *= look.exposure;
    if (look.glare > 0.0f) {
      float fx = clamp(((float)x + 0.5f) * 0.25f - 0.5f, 0.0f, (float)(smallWidth - 1)), fy = clamp(((float)y + 0.5f) * 0.25f - 0.5f, 0.0f, (float)(smallHeight - 1));
      int ix = (int)fx, iy = (int)fy, jx = ix + 1 < smallWidth ? ix + 1 : ix, jy = iy + 1 < smallHeight ? iy + 1 : iy;
      V3 a = mix(glow[iy * smallWidth + ix], glow[iy * smallWidth + jx], fx - (float)ix);
      V3 b = mix(glow[jy * smallWidth + ix], glow[jy * smallWidth + jx], fx - (float)ix);
      c += mix(a, b, fy - (float)iy) * look.glare;
    }
    return c;
  }
  // Streaks of near rain; at 15 pictures a second no drop is seen twice.
  HD V3 rained(V3 c, int x, int y) const {
    float zoom = (float)height / 720.0f;
    for (int layer = 0; layer < 2; layer++) {
      float w = (layer ? 11.0f : 34.0f) * zoom, h = (layer ? 60.0f : 190.0f) * zoom, slant = 0.07f;
      float px = (float)x + (float)y * slant, py = (float)y;
      int ix = (int)floorf(px / w), iy = (int)floorf(py / h + unit(hash(ix, frame, seed + 5U)));
      u32 d = hash(ix, iy * 4099 + frame, seed + 91U + (u32)layer);
      if (unit(d) > look.rain * (layer ? 0.55f : 0.3f)) continue;
      float fx = px - (float)ix * w - w * unit(hash(d + 1U)), fy = fract(py / h + unit(hash(ix, frame, seed + 5U)));
      float across = fabsf(fx) / ((layer ? 0.6f : 1.1f) * zoom), along = fmaxf(0.0f, 1.0f - fabsf(fy - 0.5f) / (0.2f + 0.3f * unit(hash(d + 2U))));
      float a = fmaxf(0.0f, 1.0f - across) * along * (layer ? 0.12f : 0.16f);
      V3 light = look.skyHorizon * (look.exposure * 0.9f) + c * 0.4f;
      c = mix(c, light, a);
    }
    return c;
  }
  // Display R'G'B' 0..1.
  HD V3 pixel(int x, int y) const {
    V3 c = lightAt(x, y);
    if (look.rain > 0.0f) c = rained(c, x, y);
    float dx = ((float)x + 0.5f) / (float)width - 0.5f, dy = ((float)y + 0.5f) / (float)height - 0.5f;
    c *= 1.0f - look.vignette * 1.6f * (dx * dx + dy * dy * 0.6f);
    // Highlights lose colour before they clip, as a sensor's wells fill.
    float l = luminance(c);
    c = mix(c, v3(l), smooth(1.5f, 9.0f, l) * 0.6f);
    c = v3(1.0f - expf(-1.15f * c.x), 1.0f - expf(-1.15f * c.y), 1.0f - expf(-1.15f * c.z));
    c = v3(toDisplay(c.x), toDisplay(c.y), toDisplay(c.z));
    l = luminance(c);
    c = mix(v3(l), c, look.saturation);
    return v3(curve(c.x), curve(c.y), curve(c.z));
  }
  HD float curve(float a) const {
    a = clamp01(a);
    float s = a * a * (3.0f - 2.0f * a);
    a = mix(a, s, 0.22f);
    return clamp01(0.47f + (a - 0.47f) * look.contrast);
  }
  HD float grain(int x, int y, u32 channel) const {
    u32 h = hash(x, y, (u32)frame * 3U + channel + seed * 131U);
    return ((float)(h & 255) + (float)((h >> 8) & 255) + (float)((h >> 16) & 255) + (float)(h >> 24)) * (1.0f / 147.8f) - 3.45f;
  }
  HD void operator()(int i) const {
    int halfWidth = width / 2, bx = i % halfWidth, by = i / halfWidth;
    float cb = 0.0f, cr = 0.0f, ySum = 0.0f;
    for (int k = 0; k < 4; k++) {
      int x = bx * 2 + (k & 1), y = by * 2 + (k >> 1);
      V3 c = pixel(x, y);
      float luma = 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z;
      cb += (c.z - luma) * (1.0f / 1.8556f);
      cr += (c.x - luma) * (1.0f / 1.5748f);
      ySum += luma;
      float n = look.noise > 0.0f ? look.noise * (1.15f - 0.5f * luma) * (0.85f * grain(x, y, 0U) + 0.4f * grain(x >> 1, y, 1U)) : 0.0f;
      out[y * width + x] = (uint8_t)clamp(floorf(16.5f + 219.0f * luma + n), 16.0f, 235.0f);
    }
    float n1 = 0.0f, n2 = 0.0f;
    if (look.noise > 0.0f) {
      n1 = look.noise * 0.4f * grain(bx, by, 2U) * (1.2f - 0.2f * ySum);
      n2 = look.noise * 0.4f * grain(bx + 7919, by, 2U) * (1.2f - 0.2f * ySum);
    }
    uint8_t *u = out + width * height, *v = u + halfWidth * (height / 2);
    u[i] = (uint8_t)clamp(floorf(128.5f + 56.0f * cb + n1), 16.0f, 240.0f);
    v[i] = (uint8_t)clamp(floorf(128.5f + 56.0f * cr + n2), 16.0f, 240.0f);
  }
};
