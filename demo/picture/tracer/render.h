// Holds a shot where it is traced, lights its street once and enqueues one frame after another.
#pragma once
#include "develop.h"
#include "geometry.h"
#include "layers.h"
#include "output.h"

// One agent of a frame: its id, and the bounds of its silhouette in pixels.
struct FrameAgent {
  u32 id;
  Silhouette bounds;
};
// A frame on its way: what the device will have written when its fence is passed.
struct Flight {
  int frame = -1;
  uint8_t *planes = nullptr;
  Tally *tallies = nullptr;
  std::vector<FrameAgent> agents;
  Tally *parked = nullptr;  // of the scenery whose truth is wanted, in the geometry's order
  Fence fence;
};
const int mostAgents = 4096;

struct Renderer {
  Job &job;
  Geometry geometry;
  Scene scene;
  int streetSamples, rays;
  bool withTruth;
  Buffer<Material> materials;
  Buffer<Palette> palettes;
  Buffer<Node> nodes, top;
  Buffer<Triangle> triangles;
  Buffer<Shading> shadings;
  Buffer<Normals> normals;
  Buffer<Mesh> meshes;
  Buffer<Instance> instances;
  Buffer<Lamp> lamps, moving;
  Buffer<Stratum> street;
  Buffer<Work> work;
  Buffer<V3> light, glowA, glowB;
  Buffer<Smoothed> smoothed;
  Buffer<float> brightness;
  Buffer<uint8_t> planes;
  Buffer<int> seen;
  Buffer<Silhouette> silhouettes;
  Buffer<Tally> tallies;
  Buffer<int> parkedOf;
  Buffer<Front> front;
  Buffer<Tally> parkedTallies;
  std::vector<Tally> parkedWhole;  // nothing before them
  std::map<u32, std::vector<V3>> headlights;
};

inline void load(Renderer &r, int firstFrame, int endFrame) {
  const Shot &shot = r.job.shot;
  r.geometry = buildGeometry(r.job, firstFrame, endFrame);
  Geometry &g = r.geometry;
  r.materials.upload(r.job.materials);
  r.palettes.upload(shot.palettes);
  r.nodes.upload(g.nodes);
  r.triangles.upload(g.triangles);
  r.shadings.upload(g.shadings);
  r.normals.upload(g.normals);
  r.meshes.upload(g.meshes);
  Scene &s = r.scene;
  s.materials = r.materials.data;
  s.palettes = r.palettes.data;
  s.nodes = r.nodes.data;
  s.triangles = r.triangles.data;
  s.shadings = r.shadings.data;
  s.normals = r.normals.data;
  s.meshes = r.meshes.data;
  s.fixed = g.fixed;
  s.instances = nullptr;
  s.top = nullptr;
  s.instanceCount = s.movingCount = 0;
  s.moving = nullptr;
  s.width = shot.width;
  s.height = shot.height;
  s.seed = shot.seed;
  size_t pixels = (size_t)s.width * s.height;
  r.street.resize(pixels * 4);
  r.smoothed.resize(pixels * 4);
  r.brightness.resize(pixels);
  r.work.resize(pixels);
  r.light.resize(pixels);
  size_t small = (size_t)((s.width + 3) / 4) * ((s.height + 3) / 4);
  r.glowA.resize(small);
  r.glowB.resize(small);
  r.planes.resize(pixels * 3 / 2);
  r.seen.resize(pixels);
  r.parkedOf.upload(g.parkedOf);
  r.front.resize(pixels);
  for (auto &m : r.job.meshes) r.headlights[m.first] = headlightsOf(r.job, m.second);
}

// Cameras set exposure and contrast themselves: both are moved most of the way to what the empty street asks for.
inline void adjustCamera(Renderer &r) {
  Look &look = r.scene.look;
  size_t pixels = (size_t)r.scene.width * r.scene.height;
  std::vector<float> all(pixels);
  forEach((int)pixels, Brightness{r.street.data, r.brightness.data}, "Brightness");
  waitFor("Brightness");
  fetch(all.data(), r.brightness.data, pixels * sizeof(float));
  double sum = 0;
  for (float l : all) sum += log(std::min(std::max((double)l * look.exposure, 0.004), 1.2));
  double wanted = look.lampsOn ? 0.085 : 0.21, found = exp(sum / (double)pixels);
  look.exposure *= (float)std::min(2.5, std::max(0.5, pow(wanted / found, 0.7)));
  // Rain and fog leave little between dark and bright: spread it.
  std::sort(all.begin(), all.end());
  auto shown = [&](double share) { return toDisplay(1.0f - expf(-1.15f * look.exposure * all[(size_t)(share * (double)(pixels - 1))])); };
  float spread = shown(0.98) - shown(0.02);
  look.contrast *= fminf(1.35f, fmaxf(1.0f, 0.6f / fmaxf(spread, 0.1f)));
}

// Puts a camera and its look before the empty street.
inline void setView(Renderer &r, const View &view) {
  Scene &s = r.scene;
  s.camera = view.camera;
  s.look = view.look;
  r.lamps.upload(view.lamps);
  s.lamps = r.lamps.data;
  s.lampCount = (int)view.lamps.size();
  s.instanceCount = s.movingCount = 0;
}

// Lights the street for one camera and look.
inline void lightStreet(Renderer &r, const View &view) {
  setView(r, view);
  Scene &s = r.scene;
  forEach(s.width * s.height * 4, LightStreet{s, r.street.data, r.streetSamples}, "LightStreet");
  forEach(s.width * s.height * 4, SmoothStreet{r.street.data, r.smoothed.data, s.width, s.height, s.look.sunAngle}, "SmoothStreet");
  forEach(s.width * s.height * 4, FinishStreet{r.street.data, r.smoothed.data}, "FinishStreet");
  adjustCamera(r);
}

inline void invert(const float *m, float *out) {
  V3 a = v3(m[0], m[4], m[8]), b = v3(m[1], m[5], m[9]), c = v3(m[2], m[6], m[10]);
  float d = 1.0f / dot(a, cross(b, c));
  V3 rows[3] = {cross(b, c) * d, cross(c, a) * d, cross(a, b) * d}, t = v3(m[3], m[7], m[11]);
  for (int i = 0; i < 3; i++) {
    out[4 * i] = rows[i].x;
    out[4 * i + 1] = rows[i].y;
    out[4 * i + 2] = rows[i].z;
    out[4 * i + 3] = -dot(rows[i], t);
  }
}
inline Box boundsOf(const float *m, V3 lo, V3 hi) {
  Box b = emptyBox();
  for (int k = 0; k < 8; k++) {
    V3 p = pointOf(m, v3(k & 1 ? hi.x : lo.x, k & 2 ? hi.y : lo.y, k & 4 ? hi.z : lo.z));
    grow(b, Box{p, p});
  }
  return b;
}
// Pixel bounds of an instance, half a picture beyond the picture at most; false when it is behind the camera.
inline bool silhouetteBounds(const Scene &s, const Instance &in, const Mesh &mesh, int &x0, int &y0, int &x1, int &y1) {
  int behind = 0;
  float ax = 1e9f, ay = 1e9f, bx = -1e9f, by = -1e9f;
  for (int k = 0; k < 8; k++) {
    V3 p = pointOf(in.toWorld, v3(k & 1 ? mesh.hi.x : mesh.lo.x, k & 2 ? mesh.hi.y : mesh.lo.y, k & 4 ? mesh.hi.z : mesh.lo.z));
    float px, py;
    V3 d = p - s.camera.position;
    float z = dot(d, s.camera.forward);
    // Brown's polynomial folds back far outside the picture: a point out there counts as far off, undistorted.
    if (z < 0.3f) {
      behind++;
      continue;
    }
    float x = dot(d, s.camera.right) / z, y = dot(d, s.camera.down) / z;
    if (x * x + y * y > 2.5f || !project(s.camera, p, px, py)) {
      px = s.camera.cx + s.camera.focal * x;
      py = s.camera.cy + s.camera.focal * y;
    }
    ax = fminf(ax, px);
    ay = fminf(ay, py);
    bx = fmaxf(bx, px);
    by = fmaxf(by, py);
  }
  if (behind == 8) return false;
  float w = (float)s.width, h = (float)s.height;
  if (behind > 0) {
    ax = ay = -1e6f;
    bx = by = 1e6f;
  }
  if (bx < 0 || by < 0 || ax > w || ay > h) return false;
  x0 = (int)clamp(ax - 2, -0.5f * w, 1.5f * w);
  y0 = (int)clamp(ay - 2, -0.5f * h, 1.5f * h);
  x1 = (int)clamp(bx + 3, -0.5f * w, 1.5f * w);
  y1 = (int)clamp(by + 3, -0.5f * h, 1.5f * h);
  return x1 > x0 && y1 > y0;
}

inline const std::vector<RawInstance> &instancesAt(const Renderer &r, int frame) {
  static const std::vector<RawInstance> nobody;
  const auto &all = r.job.shot.instances;
  return all.empty() ? nobody : all[(size_t)frame % all.size()];
}

// Places instances: their tree, their headlights and the agents whose truth is wanted.
inline void placeInstances(Renderer &r, const std::vector<RawInstance> &raw, Flight &flight) {
  Scene &s = r.scene;
  flight.agents.clear();
  std::vector<Instance> list(raw.size());
  std::vector<Box> boxes(raw.size());
  std::map<u32, int> slotOf;
  std::vector<Lamp> moving;
  for (size_t i = 0; i < raw.size(); i++) {
    Instance &in = list[i];
    memcpy(in.toWorld, raw[i].matrix, sizeof in.toWorld);
    invert(in.toWorld, in.toObject);
    in.mesh = r.geometry.meshIndex.at(raw[i].mesh);
    in.agent = (int)raw[i].agent;
    in.palette = raw[i].palette < r.job.shot.palettes.size() ? (int)raw[i].palette : 0;
    in.flags = (int)raw[i].flags;
    const Mesh &m = r.geometry.meshes[(size_t)in.mesh];
    boxes[i] = boundsOf(in.toWorld, m.lo, m.hi);
    in.lo = boxes[i].lo;
    in.hi = boxes[i].hi;
    in.slot = -1;
    if (raw[i].agent > 0 && flight.agents.size() < (size_t)mostAgents) {
      auto known = slotOf.find(raw[i].agent);
      if (known == slotOf.end()) {
        known = slotOf.emplace(raw[i].agent, (int)flight.agents.size()).first;
        flight.agents.push_back(FrameAgent{raw[i].agent, Silhouette{known->second, 1 << 20, 1 << 20, 0, 0, 0}});
      }
      in.slot = known->second;
      int x0, y0, x1, y1;
      if (silhouetteBounds(s, in, m, x0, y0, x1, y1)) {
        // w and h hold the far corner until all instances of the agent are in.
        Silhouette &b = flight.agents[(size_t)in.slot].bounds;
        if (b.x0 == 1 << 20) b.w = b.h = -(1 << 20);
        b.x0 = std::min(b.x0, x0);
        b.y0 = std::min(b.y0, y0);
        b.w = std::max(b.w, x1);
        b.h = std::max(b.h, y1);
      }
    }
    if (s.look.lampsOn && (in.flags & 1))
      for (V3 p : r.headlights[raw[i].mesh]) {
        Lamp lamp;
        lamp.position = pointOf(in.toWorld, p);
        lamp.direction = normalize(directionOf(in.toWorld, v3(p.x > 0 ? 0.03f : -0.01f, 1.0f, -0.07f)));
        lamp.color = v3(26.0f, 24.5f, 21.0f);
        lamp.coneCos = 0.9f;
        lamp.radius = 0.05f;
        moving.push_back(lamp);
      }
  }
  std::vector<Node> nodes;
  std::vector<int> order;
  buildTree(boxes, 2, nodes, order);
  std::vector<Instance> sorted;
  for (int i : order) sorted.push_back(list[(size_t)i]);
  r.instances.upload(sorted);
  r.top.upload(nodes);
  r.moving.upload(moving);
  s.instances = r.instances.data;
  s.top = r.top.data;
  s.instanceCount = (int)sorted.size();
  s.moving = r.moving.data;
  s.movingCount = (int)moving.size();
}

// Each agent's whole silhouette, into r.tallies.
inline void traceSilhouettes(Renderer &r, Flight &flight) {
  const Scene &s = r.scene;
  std::vector<Silhouette> list;
  std::vector<Tally> empty(flight.agents.size(), Tally{1 << 20, 1 << 20, -(1 << 20), -(1 << 20), 1 << 20, 1 << 20, -(1 << 20), -(1 << 20), 0, 0});
  int total = 0;
  for (FrameAgent &a : flight.agents) {
    Silhouette &b = a.bounds;
    if (b.x0 == 1 << 20) continue;
    b.w -= b.x0;
    b.h -= b.y0;
    b.first = total;
    total += b.w * b.h;
    list.push_back(b);
  }
  r.silhouettes.upload(list);
  r.tallies.upload(empty);
  forEach(total, TraceSilhouettes{s, r.silhouettes.data, (int)list.size(), r.tallies.data}, "TraceSilhouettes");
}

// What of the street is parked and how large it is, once a camera. Nobody is in the scene afterwards.
inline void findParked(Renderer &r) {
  Scene &s = r.scene;
  size_t count = r.geometry.parked.size();
  if (count == 0) return;
  forEach(s.width * s.height, FindFront{s, r.parkedOf.data, r.front.data}, "FindFront");
  Flight alone;
  placeInstances(r, r.geometry.parked, alone);
  traceSilhouettes(r, alone);
  waitFor("TraceSilhouettes");
  r.parkedWhole.resize(count);
  fetch(r.parkedWhole.data(), r.tallies.data, count * sizeof(Tally));
  s.instanceCount = s.movingCount = 0;
}

inline void measureParked(Renderer &r, Flight &flight) {
  size_t count = r.parkedWhole.size();
  if (count == 0) return;
  r.parkedTallies.upload(r.parkedWhole);
  forEach(r.scene.width * r.scene.height, CountParked{r.seen.data, r.front.data, r.parkedTallies.data, r.scene.width}, "CountParked");
  if (!flight.parked) flight.parked = (Tally *)obtainPinned(sizeof(Tally) * count);
  fetchLater(flight.parked, r.parkedTallies.data, sizeof(Tally) * count);
}

inline void measure(Renderer &r, Flight &flight) {
  const Scene &s = r.scene;
  if (flight.agents.empty()) return;
  traceSilhouettes(r, flight);
  forEach(s.width * s.height, CountSeen{r.seen.data, r.tallies.data, s.width}, "CountSeen");
  if (!flight.tallies) flight.tallies = (Tally *)obtainPinned(sizeof(Tally) * mostAgents);
  fetchLater(flight.tallies, r.tallies.data, sizeof(Tally) * flight.agents.size());
}

// Enqueues a frame; its picture and tallies are there when the flight's fence is passed.
inline void launch(Renderer &r, int frame, Flight &flight) {
  Scene &s = r.scene;
  flight.frame = frame;
  placeInstances(r, instancesAt(r, frame), flight);
  int pixels = s.width * s.height, smallWidth = (s.width + 3) / 4, smallHeight = (s.height + 3) / 4;
  forEach(pixels, TraceFrame{s, r.street.data, r.work.data, r.seen.data, r.rays}, "TraceFrame");
  forEach(pixels, Compose{r.work.data, r.light.data, s.width, s.height}, "Compose");
  if (s.look.glare > 0.0f) {
    int small = smallWidth * smallHeight;
    forEach(small, Brights{r.light.data, r.glowA.data, s.width, s.height, smallWidth, smallHeight, s.look.exposure}, "Brights");
    forEach(small, Spread{r.glowA.data, r.glowB.data, smallWidth, smallHeight, 1, 0}, "Spread along");
    forEach(small, Spread{r.glowB.data, r.glowA.data, smallWidth, smallHeight, 0, 1}, "Spread down");
  }
  int loop = r.job.shot.frames > 0 ? frame % r.job.shot.frames : frame;
  forEach(pixels / 4, Develop{r.light.data, r.glowA.data, r.planes.data, s.width, s.height, smallWidth, smallHeight, loop, s.seed, s.look}, "Develop");
  if (r.withTruth) {
    measure(r, flight);
    measureParked(r, flight);
  }
  size_t bytes = (size_t)pixels * 3 / 2;
  if (!flight.planes) flight.planes = (uint8_t *)obtainPinned(bytes);
  fetchLater(flight.planes, r.planes.data, bytes);
  place(flight.fence);
}

// The truth of a frame's parked things alone, without its picture.
inline void launchParked(Renderer &r, int frame, Flight &flight) {
  flight.frame = frame;
  placeInstances(r, instancesAt(r, frame), flight);
  flight.agents.clear();
  forEach(r.scene.width * r.scene.height, TraceCover{r.scene, r.front.data, r.seen.data}, "TraceCover");
  measureParked(r, flight);
  place(flight.fence);
}
