// Reads a trace job's folder: materials, meshes, a shot and its instances. Format: README.md beside this file.
#pragma once
#include <cstdio>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "json.h"
#include "scene.h"

struct RawMesh {
  u32 id = 0, topologyOf = 0xffffffffu;
  bool hasUv = false;
  std::vector<V3> positions;
  std::vector<u32> normals;
  std::vector<float> uv;
  std::vector<u32> index;
  std::vector<uint16_t> material;
};
struct RawInstance {
  u32 mesh, agent, palette, flags;
  float matrix[12];
};
struct Placement {
  u32 mesh, agent;  // agent: of scenery whose truth is wanted, 0 of all else
  float matrix[12];
};
struct View {
  Camera camera;
  Look look;
  std::vector<Lamp> lamps;
};
struct Shot {
  std::string name, view, variant, overlay;
  int width = 1280, height = 720, frames = 1, startSecond = 0;
  double fps = 15;
  u32 seed = 1;
  bool isStills = false;
  int framesAView = 1;  // of stills: so many frames from one camera, in one light
  std::vector<View> views;  // one, or one per still
  std::vector<Palette> palettes;
  std::vector<Placement> statics;
  std::vector<std::vector<RawInstance>> instances;  // by frame
};
struct Job {
  std::vector<Material> materials;
  std::map<u32, RawMesh> meshes;
  Shot shot;
};

inline std::string readFile(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}
inline Json readJson(const std::string &path) {
  std::string text = readFile(path);
  JsonReader reader{text};
  try {
    return reader.read();
  } catch (const std::exception &e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}
inline V3 triple(const Json &j, V3 fallback) {
  if (j.kind != Json::Array) return fallback;
  return v3((float)j[0].as(0), (float)j[1].as(0), (float)j[2].as(0));
}
inline V3 linear(V3 c) { return v3(toLinear(c.x), toLinear(c.y), toLinear(c.z)); }

inline const char *const *patternNames() {
  static const char *const names[PATTERN_COUNT] = {"plain", "asphalt", "paving", "brick-paving", "concrete", "grass", "soil", "marking", "brick", "plaster", "stone",
    "facade", "shopfront", "glass", "car-paint", "tyre", "chrome", "metal", "cloth", "denim", "stripes", "checks", "skin", "hair", "leather", "leaf", "bark",
    "lamp-glass", "traffic-red", "traffic-amber", "traffic-green", "sign"};
  return names;
}
inline int patternOf(const std::string &name) {
  for (int i = 0; i < PATTERN_COUNT; i++)
    if (name == patternNames()[i]) return i;
  static std::set<std::string> told;
  if (told.insert(name).second) fprintf(stderr, "city-trace: pattern '%s' is unknown, drawn plain\n", name.c_str());
  return PLAIN;
}
// A facade's wall by its name: plaster, brick, panels, tiles, or a curtain of glass.
inline int styleOf(const std::string &name) {
  static const char *const words[] = {"plaster", "brick", "concrete", "tile", "glass", "stone", "old"};
  static const int styles[] = {0, 1, 2, 3, 4, 2, 0};
  for (int i = 0; i < 7; i++)
    if (name.find(words[i]) != std::string::npos) return styles[i];
  return -1;
}
inline std::vector<Material> readMaterials(const std::string &path) {
  Json all = readJson(path);
  std::vector<Material> out;
  for (const Json &j : all.items) {
    Material m;
    m.pattern = patternOf(j["pattern"].textOr("plain"));
    m.slot = (int)j["slot"].as(-1);
    m.nightOnly = j["nightOnly"].as(0.0) != 0.0;
    m.style = styleOf(j["name"].textOr(""));
    m.seed = (u32)(long long)j["seed"].as((double)out.size());
    m.color = linear(triple(j["color"], v3(0.5f)));
    m.color2 = linear(triple(j["color2"], v3(0.3f)));
    m.emission = triple(j["emission"], v3(0));
    m.roughness = (float)j["roughness"].as(0.8);
    m.metalness = (float)j["metalness"].as(0);
    m.specular = (float)j["specular"].as(0.5);
    m.clearcoat = (float)j["clearcoat"].as(0);
    m.scale = (float)j["scale"].as(0);
    out.push_back(m);
  }
  if (out.empty()) throw std::runtime_error(path + ": no materials");
  return out;
}

// A cursor over a file's bytes that refuses to run past the end.
struct Cursor {
  const std::string &bytes;
  const std::string &path;
  size_t at = 0;
  void copy(void *to, size_t n) {
    if (at + n > bytes.size()) throw std::runtime_error(path + ": ends early, at byte " + std::to_string(at));
    memcpy(to, bytes.data() + at, n);
    at += n;
  }
  template <class T>
  T take() {
    T v;
    copy(&v, sizeof v);
    return v;
  }
  void align() { at = (at + 3) / 4 * 4; }
};

inline void readMeshes(const std::string &path, std::map<u32, RawMesh> &meshes) {
  std::string bytes = readFile(path);
  Cursor c{bytes, path};
  if (c.take<u32>() != 0x314d4553u) throw std::runtime_error(path + ": no SEM1 file");
  u32 count = c.take<u32>();
  for (u32 k = 0; k < count; k++) {
    RawMesh m;
    m.id = c.take<u32>();
    u32 vertices = c.take<u32>(), triangles = c.take<u32>();
    m.topologyOf = c.take<u32>();
    m.hasUv = (c.take<u32>() & 1u) != 0;
    float ox = c.take<float>(), oy = c.take<float>(), oz = c.take<float>(), scale = c.take<float>();
    m.positions.resize(vertices);
    std::vector<int16_t> q(3 * (size_t)vertices);
    c.copy(q.data(), q.size() * 2);
    c.align();
    for (u32 i = 0; i < vertices; i++) m.positions[i] = v3(ox + scale * q[3 * i], oy + scale * q[3 * i + 1], oz + scale * q[3 * i + 2]);
    std::vector<uint8_t> n(3 * (size_t)vertices);
    c.copy(n.data(), n.size());
    c.align();
    m.normals.resize(vertices);
    for (u32 i = 0; i < vertices; i++) m.normals[i] = n[3 * i] | n[3 * i + 1] << 8 | (u32)n[3 * i + 2] << 16;
    if (m.hasUv) {
      m.uv.resize(2 * (size_t)vertices);
      c.copy(m.uv.data(), m.uv.size() * 4);
    }
    if (m.topologyOf == 0xffffffffu) {
      m.index.resize(3 * (size_t)triangles);
      c.copy(m.index.data(), m.index.size() * 4);
      m.material.resize(triangles);
      c.copy(m.material.data(), m.material.size() * 2);
      c.align();
      for (u32 i : m.index)
        if (i >= vertices) throw std::runtime_error(path + ": mesh " + std::to_string(m.id) + " has an index past its vertices");
    } else {
      auto base = meshes.find(m.topologyOf);
      if (base == meshes.end() || base->second.positions.size() != vertices) throw std::runtime_error(path + ": mesh " + std::to_string(m.id) + " shares a topology that is not there");
    }
    u32 id = m.id;
    meshes[id] = std::move(m);
  }
}

inline Camera readCamera(const Json &j, float zoom) {
  Camera c;
  c.position = triple(j["position"], v3(0, 0, 5));
  c.right = triple(j["right"], v3(1, 0, 0));
  c.down = triple(j["down"], v3(0, 0, -1));
  c.forward = triple(j["forward"], v3(0, 1, 0));
  c.focal = (float)j["focalPx"].as(1000) * zoom;
  c.cx = (float)j["cx"].as(640) * zoom;
  c.cy = (float)j["cy"].as(360) * zoom;
  c.k1 = (float)j["k1"].as(0);
  c.k2 = (float)j["k2"].as(0);
  return c;
}
inline View readView(const Json &camera, const Json &j, float zoom) {
  View v;
  v.camera = readCamera(camera, zoom);
  Look &l = v.look;
  l.sunDirection = normalize(triple(j["sunDirection"], v3(0.4f, -0.5f, 0.75f)));
  l.sunColor = triple(j["sunColor"], v3(3.0f, 2.8f, 2.4f));
  l.sunAngle = (float)j["sunAngleDeg"].as(0.27) * 0.017453293f;
  l.skyZenith = triple(j["skyZenith"], v3(0.25f, 0.4f, 0.75f));
  l.skyHorizon = triple(j["skyHorizon"], v3(0.7f, 0.75f, 0.85f));
  l.skyGround = triple(j["skyGround"], v3(0.2f, 0.19f, 0.18f));
  l.fogColor = triple(j["fogColor"], l.skyHorizon);
  l.overcast = (float)j["overcast"].as(0);
  l.exposure = (float)j["exposure"].as(1);
  l.contrast = (float)j["contrast"].as(1);
  l.saturation = (float)j["saturation"].as(1);
  l.fogDensity = (float)j["fogDensity"].as(0);
  l.wet = (float)j["wet"].as(0);
  l.rain = (float)j["rain"].as(0);
  l.noise = (float)j["noiseSigma"].as(0);
  l.blur = (float)j["blurPx"].as(0) * zoom;
  l.vignette = (float)j["vignette"].as(0);
  l.glare = (float)j["glare"].as(0);
  l.lampsOn = j["lampsOn"].as(0.0) != 0.0;
  for (const Json &k : j["lamps"].items) {
    Lamp lamp;
    lamp.position = triple(k["position"], v3(0, 0, 8));
    lamp.direction = normalize(triple(k["direction"], v3(0, 0, -1)));
    lamp.color = triple(k["color"], v3(20, 16, 10));
    lamp.coneCos = (float)k["coneCos"].as(0.2);
    lamp.radius = (float)k["radius"].as(0.1);
    v.lamps.push_back(lamp);
  }
  return v;
}

inline std::vector<std::vector<RawInstance>> readInstances(const std::string &path) {
  std::string bytes = readFile(path);
  Cursor c{bytes, path};
  if (c.take<u32>() != 0x31494553u) throw std::runtime_error(path + ": no SEI1 file");
  u32 frames = c.take<u32>();
  std::vector<std::vector<RawInstance>> out(frames);
  for (auto &frame : out) {
    frame.resize(c.take<u32>());
    c.copy(frame.data(), frame.size() * sizeof(RawInstance));
  }
  return out;
}

inline Shot readShot(const std::string &folder, const std::string &name, int width, int height) {
  Json j = readJson(folder + "/" + name + ".shot.json");
  Shot s;
  s.name = name;
  s.view = j["view"].textOr("");
  s.variant = j["variant"].textOr("");
  int jobWidth = (int)j["width"].as(1280);
  s.width = width > 0 ? width : jobWidth;
  s.height = height > 0 ? height : (int)j["height"].as(720);
  s.fps = j["fps"].as(15);
  s.frames = (int)j["frames"].as(1);
  s.seed = (u32)(long long)j["seed"].as(1);
  s.isStills = j["stills"].as(0.0) != 0.0;
  float zoom = (float)s.width / (float)jobWidth;
  if (s.isStills) {
    for (const Json &k : j["shots"].items) s.views.push_back(readView(k["camera"], k["look"], zoom));
    s.framesAView = std::max(1, (int)j["framesAView"].as(1));
    s.frames = (int)s.views.size() * s.framesAView;
  } else {
    s.views.push_back(readView(j["camera"], j["look"], zoom));
  }
  for (const Json &k : j["palettes"].items) {
    Palette p;
    for (int i = 0; i < 8; i++) p.slot[i] = linear(triple(k[(size_t)i], v3(0.5f)));
    s.palettes.push_back(p);
  }
  if (s.palettes.empty()) {
    Palette p;
    for (V3 &c : p.slot) c = v3(0.3f);
    s.palettes.push_back(p);
  }
  for (const Json &k : j["statics"].items) {
    Placement p;
    p.mesh = (u32)k["mesh"].as(0);
    p.agent = (u32)(long long)k["agent"].as(0);
    for (int i = 0; i < 12; i++) p.matrix[i] = (float)k["matrix"][(size_t)i].as(i % 5 == 0 ? 1 : 0);
    s.statics.push_back(p);
  }
  s.overlay = j["overlay"]["text"].textOr("");
  s.startSecond = (int)j["overlay"]["startSecond"].as(0);
  std::string file = j["instances"].textOr("");
  if (!file.empty()) s.instances = readInstances(folder + "/" + file);
  return s;
}
inline Job readJob(const std::string &folder, const std::string &shot, int width, int height) {
  Job job;
  job.materials = readMaterials(folder + "/materials.json");
  job.shot = readShot(folder, shot, width, height);
  std::ifstream library(folder + "/library.mesh");
  if (library) readMeshes(folder + "/library.mesh", job.meshes);
  std::ifstream street(folder + "/" + job.shot.view + ".mesh");
  if (street) readMeshes(folder + "/" + job.shot.view + ".mesh", job.meshes);
  return job;
}
