// Light: the sky, the sun's disc, lamps, and paths that gather what bounces.
#pragma once
#include "pattern.h"

HD V3 skyAt(const Look &look, V3 d) {
  float up = d.z;
  if (up < 0.0f) return mix(look.skyHorizon, look.skyGround, smooth(0.0f, 0.08f, -up));
  V3 c = mix(look.skyHorizon, look.skyZenith, powf(up, 0.5f));
  // Clouds as seen in panes and puddles; heavy and even when overcast.
  float k = 1.0f / (up + 0.18f), x = d.x * k, y = d.y * k;
  float n = octaves(x * 1.1f + 3.0f, y * 1.1f, 4, 4711U);
  float cover = mix(smooth(0.52f, 0.74f, n), smooth(0.1f, 0.9f, n), look.overcast) * smooth(0.0f, 0.15f, up);
  float bright = luminance(look.skyHorizon);
  V3 cloud = mix(mix(v3(bright), look.skyHorizon, 0.5f) * 1.25f + look.sunColor * 0.04f, c * 0.82f, look.overcast);
  c = mix(c, cloud, cover * mix(0.8f, 0.6f, look.overcast));
  float toSun = fmaxf(0.0f, dot(d, look.sunDirection));
  return c + look.sunColor * ((0.05f * powf(toSun, 12.0f) + 0.35f * powf(toSun, 180.0f)) * (1.0f - 0.7f * look.overcast));
}
HD V3 meanSky(const Look &look) { return look.skyZenith * 0.45f + look.skyHorizon * 0.55f; }

HD float ggx(float nh, float rough) {
  float a = rough * rough, a2 = a * a, d = nh * nh * (a2 - 1.0f) + 1.0f;
  return a2 / (3.1415927f * d * d);
}
HD float fresnel(float f0, float c) {
  float k = 1.0f - c, k2 = k * k;
  return f0 + (1.0f - f0) * k2 * k2 * k;
}
HD V3 fresnel(V3 f0, float c) {
  float k = 1.0f - c, k2 = k * k, k5 = k2 * k2 * k;
  return f0 + (v3(1.0f) - f0) * k5;
}

// What a unit of light from direction l sends back towards -view (divided by pi in the light's units).
HD V3 respond(const Surface &s, V3 flat, V3 view, V3 l) {
  float nl = dot(s.normal, l);
  V3 diffuse = s.albedo * (1.0f - s.metal);
  if (nl <= 0.0f) return s.through > 0.0f ? diffuse * (s.through * -nl) : v3(0);
  if (dot(flat, l) <= 0.0f && s.through == 0.0f) nl *= smooth(-0.25f, 0.0f, dot(flat, l));
  V3 h = normalize(l - view);
  float nh = fmaxf(0.0f, dot(s.normal, h)), vh = fmaxf(0.0f, -dot(view, h)), nv = fmaxf(0.05f, -dot(view, s.normal));
  V3 out = diffuse * nl;
  float rough = fmaxf(s.roughness, 0.12f);
  V3 f = fresnel(mix(v3(s.f0), s.albedo, s.metal), vh);
  float shape = ggx(nh, rough) * 3.1415927f / (4.0f * fmaxf(nl, nv) + 0.1f);
  out += f * fminf(shape * nl, 30.0f);
  if (s.coat > 0.0f) {
    float fh = fmaxf(0.0f, dot(flat, h));
    out = out * (1.0f - s.coat * fresnel(0.04f, nv)) + v3(s.coat * fresnel(0.04f, vh) * fminf(ggx(fh, 0.14f) * 3.1415927f / (4.0f * nv + 0.1f) * nl, 30.0f));
  }
  return out;
}

HD V3 lampAt(const Lamp &lamp, V3 at, V3 &to, float &distance) {
  V3 d = lamp.position - at;
  float d2 = fmaxf(dot(d, d), 0.04f);
  distance = sqrtf(d2);
  to = d * (1.0f / distance);
  float c = -dot(to, lamp.direction);
  float cone = smooth(lamp.coneCos, lamp.coneCos + 0.35f * (1.0f - lamp.coneCos), c);
  return lamp.color * (cone / d2);
}

// One lamp chosen by its unshadowed light; `weight` makes the choice unbiased. -1: none matters here.
HD int chooseLamp(const Lamp *lamps, int count, V3 at, V3 normal, float through, float u, float &weight) {
  float total = 0.0f;
  int chosen = -1;
  float chosenLight = 0.0f;
  for (int i = 0; i < count; i++) {
    V3 to;
    float distance;
    V3 e = lampAt(lamps[i], at, to, distance);
    float nl = dot(normal, to);
    float w = luminance(e) * (nl > 0.0f ? nl : -nl * through);
    if (w < 1e-5f) continue;
    total += w;
    float keep = w / total;
    if (u < keep) {
      chosen = i;
      chosenLight = w;
      u /= keep;
    } else u = (u - keep) / fmaxf(1.0f - keep, 1e-6f);
  }
  weight = chosen >= 0 ? total / chosenLight : 0.0f;
  return chosen;
}

HD V3 capped(V3 c, float most) {
  float l = fmaxf(c.x, fmaxf(c.y, c.z));
  return l > most ? c * (most / l) : c;
}

// The light of one lamp, chosen by what it would send to the eye if nothing stood in its way; unbiased over calls.
HDN V3 lampsLight(const Scene &scene, const Lamp *lamps, int count, const Surface &s, const Point &p, V3 view, Stream &rng, bool withAgents, int &chosen) {
  float total = 0.0f, weight = 0.0f, u = next(rng);
  V3 sent = v3(0);
  chosen = -1;
  for (int i = 0; i < count; i++) {
    V3 to;
    float distance;
    V3 e = lampAt(lamps[i], p.at, to, distance);
    if (luminance(e) < 1e-5f) continue;
    e *= respond(s, p.flat, view, to);
    float w = luminance(e);
    if (w < 1e-6f) continue;
    total += w;
    float keep = w / total;
    if (u < keep) {
      chosen = i;
      weight = w;
      sent = e;
      u /= keep;
    } else u = (u - keep) / fmaxf(1.0f - keep, 1e-6f);
  }
  if (chosen < 0) return v3(0);
  const Lamp &lamp = lamps[chosen];
  float a = next(rng) * 6.2831853f, r = lamp.radius * sqrtf(next(rng));
  V3 t, b;
  basis(lamp.direction, t, b);
  V3 d = lamp.position + t * (r * cosf(a)) + b * (r * sinf(a)) - p.at;
  float l = length(d);
  V3 from = p.at + p.flat * (dot(d, p.flat) > 0.0f ? 2e-3f : -2e-3f);
  if (isBlocked(scene, from, d * (1.0f / l), l - fmaxf(0.25f, lamp.radius * 1.5f), true, withAgents)) return v3(0);
  return sent * (total / weight);
}

HD V3 sunDirectionFor(const Scene &scene, float u, float v) { return coneDirection(scene.look.sunDirection, scene.look.sunAngle, u, v); }

// Light coming in along a ray: up to `bounces` diffuse bounces; fixed first, agents too if asked.
HDN V3 incoming(const Scene &scene, Ray ray, Stream &rng, int bounces, bool withAgents, bool withEmission) {
  V3 sum = v3(0), share = v3(1.0f);
  const Look &look = scene.look;
  for (int i = 0;; i++) {
    Hit hit = noHit(1e9f);
    bool isHit = traceFixed(scene, ray, hit);
    if (withAgents && traceAgents<false>(scene, ray, hit)) isHit = true;
    if (!isHit) return sum + share * skyAt(look, ray.to);
    Point p = pointAt(scene, ray, hit, 0.12f + 0.02f * hit.t);
    Surface s = plainSurfaceAt(scene, p, ray.to);
    if (withEmission && p.material->pattern != LAMP_GLASS) sum += share * capped(s.emission, 6.0f);
    V3 from = p.at + p.flat * 2e-3f;
    if (luminance(look.sunColor) > 1e-4f) {
      V3 l = sunDirectionFor(scene, next(rng), next(rng));
      float nl = dot(s.normal, l);
      if (nl > 0.0f && s.sun > 0.0f && !isBlocked(scene, from, l, 1e9f, true, withAgents)) sum += share * s.albedo * look.sunColor * (nl * s.sun);
    }
    if (look.lampsOn && scene.lampCount > 0) {
      int chosen;
      Surface matt = s;
      matt.f0 = matt.coat = matt.metal = 0.0f;
      matt.roughness = 1.0f;
      sum += share * capped(lampsLight(scene, scene.lamps, scene.lampCount, matt, p, ray.to, rng, withAgents, chosen), 4.0f);
    }
    share *= s.albedo;
    if (s.f0 > 0.05f && s.roughness < 0.1f) share += v3(fresnel(s.f0, fmaxf(0.0f, -dot(ray.to, s.normal))) * 0.8f);
    if (i + 1 >= bounces) return sum + share * meanSky(look) * (0.35f * s.sky);
    ray.from = from;
    ray.to = cosineDirection(s.normal, next(rng), next(rng));
    if (dot(ray.to, p.flat) < 0.0f) return sum;
  }
}

// How strongly a surface mirrors, as a colour; 0 where no reflected ray is worth its cost.
HD V3 mirrorOf(const Surface &s, V3 view) {
  float nv = fmaxf(0.0f, -dot(view, s.normal));
  V3 f = v3(0);
  if (s.roughness < 0.4f || s.metal > 0.5f) f = fresnel(mix(v3(s.f0), s.albedo, s.metal), nv) * clamp01(1.0f - 1.2f * s.roughness);
  if (s.coat > 0.0f) f += v3(s.coat * fresnel(0.04f, nv));
  return f;
}
HD V3 mirrorDirection(const Surface &s, V3 flat, V3 view, float u, float v) {
  float rough = s.coat > 0.0f ? 0.02f : s.roughness;
  float a2 = rough * rough;
  V3 n = s.coat > 0.3f && s.metal < 0.5f ? s.normal : s.normal;
  float c = sqrtf((1.0f - u) / (1.0f + (a2 * a2 - 1.0f) * u)), r = sqrtf(fmaxf(0.0f, 1.0f - c * c)), a = 6.2831853f * v;
  V3 t, b;
  basis(n, t, b);
  V3 h = t * (r * cosf(a)) + b * (r * sinf(a)) + n * c;
  V3 d = reflect(view, h);
  float below = dot(d, flat);
  if (below < 0.01f) d = d - flat * (below - 0.01f);
  return normalize(d);
}
// The colour seen in a mirror: one hit, lit by the sun, lamps and a share of the sky.
HDN V3 mirrored(const Scene &scene, Ray ray, Stream &rng, bool withFixed, bool withAgents, Hit &hit) {
  hit = noHit(1e9f);
  bool isHit = withFixed && traceFixed(scene, ray, hit);
  if (withAgents && traceAgents<false>(scene, ray, hit)) isHit = true;
  if (!isHit) return skyAt(scene.look, ray.to);
  Point p = pointAt(scene, ray, hit, 0.03f + 0.004f * hit.t);
  Surface s = surfaceAt(scene, p, ray.to);
  const Look &look = scene.look;
  V3 c = capped(s.emission, 25.0f);
  V3 from = p.at + p.flat * 2e-3f;
  float nl = dot(s.normal, look.sunDirection);
  if (nl > 0.0f && luminance(look.sunColor) > 1e-4f && !isBlocked(scene, from, look.sunDirection, 1e9f, true, withAgents)) c += s.albedo * look.sunColor * (nl * s.sun);
  V3 up = cosineDirection(s.normal, next(rng), next(rng));
  Hit around = noHit(12.0f);
  float open = traceMesh<true>(scene, scene.fixed, from, up, around) ? 0.35f : 1.0f;
  c += s.albedo * meanSky(look) * (open * s.sky * (0.6f + 0.4f * s.normal.z));
  if (look.lampsOn && scene.lampCount > 0) {
    int chosen;
    c += capped(lampsLight(scene, scene.lamps, scene.lampCount, s, p, ray.to, rng, withAgents, chosen), 6.0f);
  }
  V3 f = mirrorOf(s, ray.to);
  return c + f * skyAt(look, reflect(ray.to, s.normal));
}
HD V3 fogged(const Look &look, V3 c, float distance) {
  if (look.fogDensity <= 0.0f) return c;
  return mix(look.fogColor, c, expf(-look.fogDensity * distance));
}
