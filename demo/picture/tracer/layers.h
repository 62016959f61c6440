// The street's layer, lit once a shot, and the agents' layer, traced every frame over it. One call = one sample or pixel.
#pragma once
#include "backend.h"
#include "light.h"

// A quarter of a pixel of the street: its light by source, so that agents can take their share of each away.
struct Stratum {
  V3 sun, ambient, lamps, mirror, rest;  // seen through the fog; rest: emission, fog and sky
  V3 normal, albedo;                     // ambient holds incoming light until SmoothStreet multiplies it by the albedo
  float t, mirrorT, mirroring, roughness, clear;  // clear: share that the fog lets through
  float lit;                                      // share of the sun that reaches here; until FinishStreet `sun` is without shadows
  float share0, share1;                           // of the lamps' light, by the two strongest lamps
  short lamp0, lamp1;
};
// A pixel of a frame before noise in its agents' ambient light is smoothed.
struct Work {
  V3 direct, ambient, albedo, light, normal;
  float open, coverage, t;
  int id;
};

HD void stratumOffset(int k, float &x, float &y) {
  x = k == 0 ? 0.375f : k == 1 ? 0.875f : k == 2 ? 0.125f : 0.625f;
  y = k == 0 ? 0.125f : k == 1 ? 0.375f : k == 2 ? 0.625f : 0.875f;
}
// Neighbouring threads get neighbouring pixels: tiles of 8 x 4 where the size allows.
HD void pixelOf(int i, int width, int height, int &x, int &y) {
  if ((width & 7) || (height & 3)) {
    x = i % width;
    y = i / width;
    return;
  }
  int tile = i >> 5, in = i & 31, across = width >> 3;
  x = (tile % across) * 8 + (in & 7);
  y = (tile / across) * 4 + (in >> 3);
}
HD int indexOf(int x, int y, int width, int height) {
  if ((width & 7) || (height & 3)) return y * width + x;
  return (((y >> 2) * (width >> 3) + (x >> 3)) << 5) + ((y & 3) << 3) + (x & 7);
}
HD Ray rayAt(const Camera &c, float px, float py) { return Ray{c.position, directionAt(c, px, py)}; }

struct LightStreet {
  Scene scene;
  Stratum *out;
  int samples;

  HD void operator()(int i) const {
    int x, y, k = i & 3;
    pixelOf(i >> 2, scene.width, scene.height, x, y);
    float ox, oy;
    stratumOffset(k, ox, oy);
    u32 seed = hash(x, y, scene.seed * 4U + (u32)k);
    Stream rng = {seed};
    float a0 = next(rng), b0 = next(rng), a1 = next(rng), b1 = next(rng), a2 = next(rng), b2 = next(rng), a3 = next(rng), b3 = next(rng);
    const Look &look = scene.look;
    Stratum s;
    s.sun = s.ambient = s.lamps = s.mirror = s.rest = s.normal = s.albedo = v3(0);
    s.t = s.mirrorT = 1e9f;
    s.mirroring = s.share0 = s.share1 = s.lit = 0.0f;
    s.roughness = s.clear = 1.0f;
    s.lamp0 = s.lamp1 = -1;
    float lampSum = 0.0f;
    int met = 0, facing = 0;
    for (int n = 0; n < samples; n++) {
      float jx = 0.0f, jy = 0.0f, u, v;
      if (n > 0) {
        latticePoint((u32)n, a0, b0, jx, jy);
        jx = (jx - 0.5f) * 0.62f;
        jy = (jy - 0.5f) * 0.62f;
      }
      Ray ray = rayAt(scene.camera, (float)x + ox + jx, (float)y + oy + jy);
      Hit hit = noHit(1e9f);
      if (!traceFixed(scene, ray, hit)) {
        s.rest += fogged(look, skyAt(look, ray.to), 250.0f / (0.25f + fabsf(ray.to.z)));
        continue;
      }
      Point p = pointAt(scene, ray, hit, 0.5f * hit.t / scene.camera.focal);
      Surface f = surfaceAt(scene, p, ray.to);
      float clear = look.fogDensity > 0.0f ? expf(-look.fogDensity * hit.t) : 1.0f;
      if (n == 0) {
        s.t = hit.t;
        s.normal = f.normal;
        s.roughness = f.coat > 0.0f ? 0.03f : f.roughness;
        s.clear = clear;
        strongest(f, p, s);
      }
      s.rest += f.emission * clear + look.fogColor * (1.0f - clear);
      V3 from = p.at + p.flat * 1e-3f;
      s.albedo += f.albedo * ((1.0f - f.metal) * clear);
      met++;
      if (luminance(look.sunColor) > 1e-4f && f.sun > 0.0f) {
        latticePoint((u32)n, a1, b1, u, v);
        V3 l = sunDirectionFor(scene, u, v);
        float side = dot(p.flat, l);
        V3 start = side >= 0.0f ? from : p.at - p.flat * 1e-3f;
        if (side > 0.0f || f.through > 0.0f) {
          facing++;
          s.sun += respond(f, p.flat, ray.to, l) * look.sunColor * (f.sun * clear);
          if (!isBlocked(scene, start, l, 1e9f, true, false)) s.lit += 1.0f;
        }
      }
      latticePoint((u32)n, a2, b2, u, v);
      V3 d = cosineDirection(f.normal, u, v);
      if (f.through > 0.0f && (n & 1)) d = -d;
      float above = dot(d, p.flat);
      if (above > 0.0f || f.through > 0.0f) {
        Ray around = {above > 0.0f ? from : p.at - p.flat * 1e-3f, d};
        s.ambient += capped(incoming(scene, around, rng, 2, false, true), 12.0f) * f.sky;
      }
      if (look.lampsOn && scene.lampCount > 0) {
        int chosen;
        V3 c = capped(lampsLight(scene, scene.lamps, scene.lampCount, f, p, ray.to, rng, false, chosen), 40.0f) * clear;
        s.lamps += c;
        float l = luminance(c);
        lampSum += l;
        if (chosen == s.lamp0) s.share0 += l;
        else if (chosen == s.lamp1) s.share1 += l;
      }
      V3 mirror = mirrorOf(f, ray.to);
      if (luminance(mirror) > 0.008f) {
        latticePoint((u32)n, a3, b3, u, v);
        Ray back = {from, mirrorDirection(f, p.flat, ray.to, u, v)};
        Hit seen;
        V3 c = mirrored(scene, back, rng, true, false, seen);
        s.mirror += mirror * capped(c, 30.0f) * clear;
        s.mirroring += luminance(mirror) * clear;
        if (n == 0) s.mirrorT = seen.instance >= -1 ? seen.t : 1e9f;
      }
    }
    float w = 1.0f / (float)samples;
    s.sun *= w;
    s.albedo *= w;
    if (met) s.ambient *= 1.0f / (float)met;
    if (facing) s.lit *= 1.0f / (float)facing;
    s.lamps *= w;
    s.mirror *= w;
    s.rest *= w;
    s.mirroring *= w;
    float l = lampSum > 0.0f ? 1.0f / lampSum : 0.0f;
    s.share0 *= l;
    s.share1 *= l;
    out[i] = s;
  }
  // The two lamps that light this place most when nothing is in the way.
  HD void strongest(const Surface &f, const Point &p, Stratum &s) const {
    if (!scene.look.lampsOn) return;
    float best = 1e-5f, second = 1e-5f;
    for (int j = 0; j < scene.lampCount; j++) {
      V3 to;
      float distance;
      float w = luminance(lampAt(scene.lamps[j], p.at, to, distance)) * fmaxf(0.0f, dot(f.normal, to));
      if (w > best) {
        second = best;
        s.lamp1 = s.lamp0;
        best = w;
        s.lamp0 = (short)j;
      } else if (w > second) {
        second = w;
        s.lamp1 = (short)j;
      }
    }
  }
};

// What SmoothStreet finds for a stratum.
struct Smoothed {
  V3 ambient, lamps;
  float lit;
};
// Evens out the noise of bounced light, of wide penumbras and of lamps among neighbours on one surface.
struct SmoothStreet {
  const Stratum *street;
  Smoothed *out;
  int width, height;
  float sunAngle;

  // Light of lamps is compared without the surface's colour.
  HD static V3 bare(const Stratum &s) { return s.lamps * (1.0f / (luminance(s.albedo) + 0.02f)); }
  HD void operator()(int i) const {
    int k = i & 3, x, y;
    pixelOf(i >> 2, width, height, x, y);
    const Stratum &c = street[i];
    Smoothed s = {c.ambient, c.lamps, c.lit};
    out[i] = s;
    if (c.t > 1e8f) return;
    V3 ambient = v3(0), lamps = v3(0);
    float lit = 0.0f, total = 0.0f, lampTotal = 0.0f, litTotal = 0.0f;
    float sunFall = clamp(0.004f / fmaxf(sunAngle, 1e-4f), 0.14f, 1.6f);
    for (int dy = -3; dy <= 3; dy++)
      for (int dx = -3; dx <= 3; dx++) {
        int px = x + dx, py = y + dy;
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        int at = indexOf(px, py, width, height) * 4;
        for (int q = 0; q < 4; q++) {
          if (((dx + dy) & 1) && q != k) continue;
          const Stratum &o = street[at + q];
          if (o.t > 1e8f) continue;
          float alike = dot(o.normal, c.normal);
          if (alike < 0.8f) continue;
          float far = (float)(dx * dx + dy * dy);
          float same = powf(alike, 24.0f) * fmaxf(0.0f, 1.0f - fabsf(o.t - c.t) / (0.012f * c.t + 0.03f));
          float w = same * expf(-far * 0.16f), l = same * expf(-far * 0.4f), n = same * expf(-far * sunFall);
          ambient += o.ambient * w;
          total += w;
          lit += o.lit * n;
          litTotal += n;
          if (o.roughness > 0.4f) {
            lamps += bare(o) * l;
            lampTotal += l;
          }
        }
      }
    if (total > 1e-4f) s.ambient = ambient * (1.0f / total);
    if (litTotal > 1e-4f) s.lit = lit / litTotal;
    if (lampTotal > 1e-4f && c.roughness > 0.4f) s.lamps = lamps * ((luminance(c.albedo) + 0.02f) / lampTotal);
    out[i] = s;
  }
};
struct FinishStreet {
  Stratum *street;
  const Smoothed *smoothed;
  HD void operator()(int i) const {
    Stratum &s = street[i];
    const Smoothed &o = smoothed[i];
    s.ambient = o.ambient * s.albedo;
    s.lamps = o.lamps;
    s.sun *= o.lit;
  }
};

// The empty street's brightness by pixel, for the camera's automatic exposure.
struct Brightness {
  const Stratum *street;
  float *out;
  HD void operator()(int i) const {
    V3 sum = v3(0);
    for (int k = 0; k < 4; k++) {
      const Stratum &s = street[i * 4 + k];
      sum += s.sun + s.ambient + s.lamps + s.mirror + s.rest;
    }
    out[i] = luminance(sum) * 0.25f;
  }
};

struct TraceFrame {
  Scene scene;
  const Stratum *street;
  Work *out;
  int *seen;  // slot of the agent that a pixel's first sample meets, -1: none
  int rays;   // of ambient light, per quarter pixel

  HD void operator()(int i) const {
    int x, y;
    pixelOf(i, scene.width, scene.height, x, y);
    int pixel = y * scene.width + x;
    Work w;
    w.direct = w.ambient = w.albedo = w.light = w.normal = v3(0);
    w.open = w.coverage = 0.0f;
    w.t = 1e9f;
    w.id = -1;
    float closed = 0.0f, near = -1.0f;
    int streets = 0, agents = 0, slot = -1, shade = -1;  // shade: 0 all lit, 1 all shaded, 2 both
    // Interleaved gradient noise (Jimenez 2014): neighbours differ as much as can be, which the smoothing likes.
    float phase = fract(52.9829189f * fract(0.06711056f * (float)x + 0.00583715f * (float)y));
    for (int k = 0; k < 4; k++) {
      float ox, oy;
      stratumOffset(k, ox, oy);
      Ray ray = rayAt(scene.camera, (float)x + ox, (float)y + oy);
      const Stratum &s = street[i * 4 + k];
      Stream rng = {hash(x, y, scene.seed + 77U + (u32)k)};
      Hit hit = noHit(s.t);
      if (traceAgents<false>(scene, ray, hit)) {
        if (k == 0) slot = scene.instances[hit.instance].slot;
        if (agents == 0) {
          w.id = hit.instance;
          w.t = hit.t;
        }
        agents++;
        shadeAgent(ray, hit, rng, phase, k, w);
      } else {
        if (agents == 0 && s.t < w.t) w.t = s.t;
        streets++;
        shadeStreet(ray, s, rng, phase, k, w, closed, near, shade);
      }
    }
    w.direct *= 0.25f;
    w.ambient *= 0.25f;
    w.albedo *= 0.25f;
    w.coverage = 0.25f * (float)agents;
    if (agents) w.light *= 1.0f / (float)agents;
    w.open = streets ? 1.0f - closed / (float)streets : 1.0f;
    w.normal = normalize(w.normal);
    out[pixel] = w;
    seen[pixel] = slot;
  }

  HD void shadeStreet(const Ray &ray, const Stratum &s, Stream &rng, float phase, int k, Work &w, float &closed, float &near, int &shade) const {
    V3 c = s.rest;
    w.normal += s.normal;
    if (s.t > 1e8f) {
      w.direct += c;
      return;
    }
    V3 at = ray.from + ray.to * (s.t * 0.9998f) + s.normal * 2e-3f;
    float sun = 1.0f;
    if (luminance(s.sun) > 1e-3f) {
      // One ray where the pixel agrees with itself, four more in a penumbra.
      int n = scene.look.sunAngle > 0.012f ? 2 : 1, done = 0;
      float blocked = 0.0f;
      for (int j = 0; j < n; j++) {
        float u, v;
        latticePoint((u32)(k * 5 + j), phase, fract(phase * 3.71f), u, v);
        bool is = isBlocked(scene, at, sunDirectionFor(scene, u, v), 1e9f, false, true);
        if (is) blocked += 1.0f;
        done++;
        int state = is ? 1 : 0;
        if (shade >= 0 && shade != state) shade = 2;
        else if (shade < 0) shade = state;
        if (shade == 2) n = 5;
      }
      sun -= blocked / (float)done;
    }
    c += s.sun * sun;
    if (luminance(s.lamps) > 1e-4f) {
      float lost = 0.0f;
      for (int j = 0; j < 2; j++) {
        int lamp = j ? s.lamp1 : s.lamp0;
        float share = j ? s.share1 : s.share0;
        if (lamp < 0 || share < 0.02f) continue;
        float r = scene.lamps[lamp].radius, blocked = 0.0f;
        V3 middle = scene.lamps[lamp].position - at, side, rise;
        basis(normalize(middle), side, rise);
        for (int q = 0; q < 2; q++) {
          float u, v;
          latticePoint((u32)(k * 2 + q), phase, fract(phase * 5.13f + 0.37f * (float)j), u, v);
          float out = r * sqrtf(u), turn = 6.2831853f * v;
          V3 d = middle + side * (out * cosf(turn)) + rise * (out * sinf(turn));
          float l = length(d);
          if (isBlocked(scene, at, d * (1.0f / l), l, false, true)) blocked += 0.5f;
        }
        lost += share * blocked;
      }
      c += s.lamps * (1.0f - lost);
    }
    if (scene.movingCount > 0) c += headlights(at, s, rng);
    if (s.mirroring > 0.004f) {
      Surface f;
      f.normal = s.normal;
      f.roughness = s.roughness;
      f.coat = 0.0f;
      f.metal = 0.0f;
      int n = s.roughness > 0.08f ? 2 : 1;
      V3 mirror = v3(0);
      for (int j = 0; j < n; j++) {
        float u, v;
        latticePoint((u32)(k * n + j), phase, fract(phase * 9.17f), u, v);
        Ray back = {at, mirrorDirection(f, s.normal, ray.to, u * 0.9f, v)};
        Hit hit = noHit(s.mirrorT);
        if (traceAgents<false>(scene, back, hit)) {
          Hit again;
          mirror += capped(mirrored(scene, back, rng, false, true, again), 30.0f) * s.mirroring;
        } else mirror += s.mirror;
      }
      c += mirror * (1.0f / (float)n);
    }
    w.direct += c;
    w.ambient += s.ambient;
    if (near < 0.0f) near = nearness(at);
    if (near > 0.0f && luminance(s.ambient) > 1e-4f) {
      float blocked = 0.0f;
      for (int j = 0; j < rays; j++) {
        float u, v;
        latticePoint((u32)(k * rays + j), phase, fract(phase * 7.31f), u, v);
        if (isBlocked(scene, at, cosineDirection(s.normal, u, v), 5.0f, false, true)) blocked += 1.0f;
      }
      closed += 0.9f * near * blocked / (float)rays;
    }
  }
  // 0..1: how far into the reach of an agent's shade from the sky this is (its height, 3 m at most).
  HD float nearness(V3 at) const {
    float near = 0.0f;
    for (int j = 0; j < scene.instanceCount; j++) {
      const Instance &in = scene.instances[j];
      V3 d = maximum(maximum(in.lo - at, at - in.hi), v3(0));
      float reach = fminf(3.0f, 1.2f * (in.hi.z - in.lo.z) + 0.1f), d2 = dot(d, d);
      if (d2 < reach * reach) near = fmaxf(near, smooth(1.0f, 0.7f, sqrtf(d2) / reach));
    }
    return near;
  }
  HD V3 headlights(V3 at, const Stratum &s, Stream &rng) const {
    float weight;
    int j = chooseLamp(scene.moving, scene.movingCount, at, s.normal, 0.0f, next(rng), weight);
    if (j < 0) return v3(0);
    V3 to;
    float distance;
    V3 e = lampAt(scene.moving[j], at, to, distance);
    e *= weight * fmaxf(0.0f, dot(s.normal, to));
    if (luminance(e) < 1e-3f || isBlocked(scene, at, to, distance - 0.1f, true, true)) return v3(0);
    return s.albedo * capped(e, 20.0f);
  }

  HD void shadeAgent(const Ray &ray, const Hit &hit, Stream &rng, float phase, int k, Work &w) const {
    const Look &look = scene.look;
    Point p = pointAt(scene, ray, hit, 0.5f * hit.t / scene.camera.focal);
    Surface f = surfaceAt(scene, p, ray.to);
    float clear = look.fogDensity > 0.0f ? expf(-look.fogDensity * hit.t) : 1.0f;
    V3 c = capped(f.emission, 40.0f);
    V3 from = p.at + p.flat * 4e-3f;
    if (luminance(look.sunColor) > 1e-4f) {
      int n = 2;
      for (int j = 0; j < n; j++) {
        float u, v;
        latticePoint((u32)(k * n + j), phase, fract(phase * 3.71f), u, v);
        V3 l = sunDirectionFor(scene, u, v);
        V3 r = respond(f, p.flat, ray.to, l);
        if (luminance(r) > 1e-4f && dot(p.flat, l) > -0.25f && !isBlocked(scene, from + p.smooth * 4e-3f, l, 1e9f, true, true)) c += capped(r * look.sunColor, 30.0f) * (1.0f / (float)n);
      }
    }
    int chosen;
    if (look.lampsOn && scene.lampCount > 0)
      for (int j = 0; j < 2; j++) c += capped(lampsLight(scene, scene.lamps, scene.lampCount, f, p, ray.to, rng, true, chosen), 20.0f) * 0.5f;
    if (scene.movingCount > 0) c += capped(lampsLight(scene, scene.moving, scene.movingCount, f, p, ray.to, rng, true, chosen), 10.0f);
    V3 mirror = mirrorOf(f, ray.to);
    if (luminance(mirror) > 0.008f) {
      Ray back = {from, mirrorDirection(f, p.flat, ray.to, next(rng), next(rng))};
      Hit seen;
      c += mirror * capped(mirrored(scene, back, rng, true, true, seen), 30.0f);
    }
    V3 light = v3(0);
    for (int j = 0; j < rays; j++) {
      float u, v;
      latticePoint((u32)(k * rays + j), phase, fract(phase * 7.31f), u, v);
      V3 d = cosineDirection(f.normal, u, v);
      if (dot(d, p.flat) <= 0.0f) continue;
      light += capped(incoming(scene, Ray{from, d}, rng, 1, true, true), 8.0f);
    }
    w.light += light * (f.sky / (float)rays);
    // Cloth and hair scatter a little sheen of the sky at grazing angles.
    w.albedo += (f.albedo * (1.0f - f.metal) + v3(0.35f * fresnel(f.f0, fmaxf(0.0f, -dot(ray.to, f.normal))) * (f.roughness > 0.4f ? 1.0f : 0.0f))) * clear;
    w.direct += c * clear + look.fogColor * (1.0f - clear);
    w.normal += f.normal;
  }
};

// Puts a frame together: smooths ambient light among neighbours of the same surface.
struct Compose {
  const Work *work;
  V3 *out;
  int width, height;

  HD void operator()(int i) const {
    int x = i % width, y = i / width;
    const Work &c = work[i];
    float open = 0.0f, openWeight = 0.0f, lightWeight = 0.0f;
    V3 light = v3(0);
    for (int dy = -2; dy <= 2; dy++)
      for (int dx = -2; dx <= 2; dx++) {
        int px = x + dx, py = y + dy;
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const Work &o = work[py * width + px];
        float far = (float)(dx * dx + dy * dy);
        float near = expf(-far * 0.22f) * fmaxf(0.0f, 1.0f - fabsf(o.t - c.t) / (0.03f * c.t + 0.05f));
        if (dx == 0 && dy == 0) near = 1.0f;
        float alike = powf(fmaxf(0.0f, dot(o.normal, c.normal)), 6.0f);
        if (o.coverage < 1.0f && c.coverage < 1.0f) {
          float q = (c.coverage > 0.0f ? expf(-far * 0.22f) : near * alike) * (1.0f - o.coverage) + 1e-6f;
          open += q * o.open;
          openWeight += q;
        }
        if (o.coverage > 0.0f && c.coverage > 0.0f && o.id == c.id) {
          float q = near * alike * o.coverage + 1e-6f;
          light += o.light * q;
          lightWeight += q;
        }
      }
    V3 sum = c.direct;
    if (c.coverage < 1.0f) sum += c.ambient * (openWeight > 0.0f ? open / openWeight : 1.0f);
    if (c.coverage > 0.0f) sum += c.albedo * (lightWeight > 0.0f ? light * (1.0f / lightWeight) : c.light);
    if (!isFinite(sum.x + sum.y + sum.z)) sum = v3(0);
    out[i] = sum;
  }
};

// What the street shows at a pixel's first sample: how far away, and whether it is scenery whose truth is wanted.
struct Front {
  float t;
  int parked;  // place among the parked, -1: none
};
struct FindFront {
  Scene scene;
  const int *parkedOf;
  Front *out;

  HD void operator()(int i) const {
    int x, y;
    pixelOf(i, scene.width, scene.height, x, y);
    float ox, oy;
    stratumOffset(0, ox, oy);
    Hit hit = noHit(1e9f);
    bool isMet = traceFixed(scene, rayAt(scene.camera, (float)x + ox, (float)y + oy), hit);
    out[y * scene.width + x] = Front{hit.t, isMet ? parkedOf[hit.shading] : -1};
  }
};
// Which agent stands before what is parked; nothing is asked of other pixels.
struct TraceCover {
  Scene scene;
  const Front *front;
  int *seen;

  HD void operator()(int i) const {
    seen[i] = -1;
    if (front[i].parked < 0) return;
    float ox, oy;
    stratumOffset(0, ox, oy);
    Hit hit = noHit(front[i].t);
    Ray ray = rayAt(scene.camera, (float)(i % scene.width) + ox, (float)(i / scene.width) + oy);
    if (traceAgents<false>(scene, ray, hit)) seen[i] = scene.instances[hit.instance].slot;
  }
};

struct Silhouette {
  int slot, x0, y0, w, h, first;  // first: of its pixels in the list of all
};
struct Tally {
  int x0, y0, x1, y1, sx0, sy0, sx1, sy1, full, visible;
};
// Traces each agent alone within its bounds: what would be seen of it if nothing stood before it.
struct TraceSilhouettes {
  Scene scene;
  const Silhouette *silhouettes;
  int count;
  Tally *tallies;

  HD void operator()(int i) const {
    int lo = 0, hi = count - 1;
    while (lo < hi) {
      int mid = (lo + hi + 1) / 2;
      if (silhouettes[mid].first <= i) lo = mid;
      else hi = mid - 1;
    }
    const Silhouette &s = silhouettes[lo];
    int x = s.x0 + (i - s.first) % s.w, y = s.y0 + (i - s.first) / s.w;
    float ox, oy;
    stratumOffset(0, ox, oy);
    Ray ray = rayAt(scene.camera, (float)x + ox, (float)y + oy);
    bool isMet = false;
    for (int j = 0; j < scene.instanceCount && !isMet; j++) {
      if (scene.instances[j].slot != s.slot) continue;
      Hit hit = noHit(1e9f);
      isMet = traceInstance(scene, j, ray, hit);
    }
    if (!isMet) return;
    Tally &t = tallies[s.slot];
    lowerTo(&t.x0, x);
    lowerTo(&t.y0, y);
    raiseTo(&t.x1, x + 1);
    raiseTo(&t.y1, y + 1);
    if (x >= 0 && y >= 0 && x < scene.width && y < scene.height) addTo(&t.full, 1);
  }
};
struct CountSeen {
  const int *seen;
  Tally *tallies;
  int width;

  HD void operator()(int i) const {
    if (seen[i] < 0) return;
    int x = i % width, y = i / width;
    Tally &t = tallies[seen[i]];
    lowerTo(&t.sx0, x);
    lowerTo(&t.sy0, y);
    raiseTo(&t.sx1, x + 1);
    raiseTo(&t.sy1, y + 1);
    addTo(&t.visible, 1);
  }
};
// The same for what is parked, where no agent stands before it.
struct CountParked {
  const int *seen;
  const Front *front;
  Tally *tallies;
  int width;

  HD void operator()(int i) const {
    if (seen[i] >= 0 || front[i].parked < 0) return;
    int x = i % width, y = i / width;
    Tally &t = tallies[front[i].parked];
    lowerTo(&t.sx0, x);
    lowerTo(&t.sy0, y);
    raiseTo(&t.sx1, x + 1);
    raiseTo(&t.sy1, y + 1);
    addTo(&t.visible, 1);
  }
};
