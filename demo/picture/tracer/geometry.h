// From a job's meshes to arrays for tracing: the street as one mesh in world space, every used body with its own tree.
#pragma once
#include "bvh.h"
#include "job.h"

struct Geometry {
  std::vector<Node> nodes;
  std::vector<Triangle> triangles;
  std::vector<Shading> shadings;
  std::vector<Normals> normals;
  std::vector<Mesh> meshes;
  Mesh fixed;
  std::map<u32, int> meshIndex;
  std::vector<RawInstance> parked;  // scenery whose truth is wanted
  std::vector<int> parkedOf;        // by triangle of the street: place in `parked`, -1 of all else
};

// One mesh before it is packed: corners, normals and shading by triangle.
struct Soup {
  std::vector<V3> corners;
  std::vector<Normals> normals;
  std::vector<Shading> shadings;
  std::vector<Node> nodes;
  std::vector<Triangle> triangles;
};

inline const RawMesh &topologyOf(const Job &job, const RawMesh &m) {
  return m.topologyOf == 0xffffffffu ? m : job.meshes.at(m.topologyOf);
}
inline u32 packNormal(V3 n) {
  n = normalize(n) * 127.0f;
  return (u32)((int)lrintf(n.x) & 255) | (u32)((int)lrintf(n.y) & 255) << 8 | (u32)((int)lrintf(n.z) & 255) << 16;
}

inline void appendMesh(const Job &job, const RawMesh &m, const float *matrix, bool withShading, Soup &out) {
  const RawMesh &base = topologyOf(job, m);
  for (size_t t = 0; t + 2 < base.index.size(); t += 3) {
    Normals n;
    Shading s;
    memset(&s, 0, sizeof s);
    for (int k = 0; k < 3; k++) {
      u32 i = base.index[t + k];
      V3 p = m.positions[i];
      u32 normal = m.normals[i];
      if (matrix) {
        p = pointOf(matrix, p);
        normal = packNormal(directionOf(matrix, unpack(normal)));
      }
      out.corners.push_back(p);
      n.n[k] = normal;
      s.rest[k] = matrix ? p : base.positions[i];
      if (base.hasUv) {
        s.uv[2 * k] = base.uv[2 * i];
        s.uv[2 * k + 1] = base.uv[2 * i + 1];
      }
    }
    size_t material = base.material[t / 3];
    if (material >= job.materials.size()) material = 0;
    bool hasUv = false;
    for (float u : s.uv) hasUv = hasUv || u != 0.0f;
    s.material = (int)material | (hasUv ? 1 << 16 : 0);
    out.normals.push_back(n);
    if (withShading) out.shadings.push_back(s);
  }
}

// Leaves are cut out of cards; pale glass lets most rays pass.
inline bool hasHoles(const Material &m) { return m.pattern == LEAF || (m.pattern == GLASS && luminance(m.color) > 0.03f); }

inline void plant(const Job &job, const std::vector<Shading> &shadings, Soup &soup) {
  size_t count = soup.corners.size() / 3;
  std::vector<Box> boxes(count);
  for (size_t i = 0; i < count; i++) {
    const V3 *c = &soup.corners[3 * i];
    boxes[i] = Box{minimum(minimum(c[0], c[1]), c[2]), maximum(maximum(c[0], c[1]), c[2])};
  }
  std::vector<int> order;
  buildTree(boxes, 4, soup.nodes, order);
  soup.triangles.resize(count);
  for (size_t k = 0; k < count; k++) {
    int i = order[k];
    const V3 *c = &soup.corners[3 * (size_t)i];
    V3 e1 = c[1] - c[0], e2 = c[2] - c[0];
    int holes = hasHoles(job.materials[(size_t)(shadings[(size_t)i].material & 0xffff)]) && (shadings[(size_t)i].material >> 16) ? 1 : 0;
    soup.triangles[k] = Triangle{F4{c[0].x, c[0].y, c[0].z, floatOf(i)}, F4{e1.x, e1.y, e1.z, floatOf(holes)}, F4{e2.x, e2.y, e2.z, 0.0f}};
  }
}

inline Mesh store(Geometry &g, const Soup &s, int shading) {
  Mesh m;
  m.node = (int)g.nodes.size();
  m.triangle = (int)g.triangles.size();
  m.normals = (int)g.normals.size();
  m.shading = shading;
  Box b = emptyBox();
  for (V3 c : s.corners) grow(b, Box{c, c});
  m.lo = b.lo;
  m.hi = b.hi;
  g.nodes.insert(g.nodes.end(), s.nodes.begin(), s.nodes.end());
  g.triangles.insert(g.triangles.end(), s.triangles.begin(), s.triangles.end());
  g.normals.insert(g.normals.end(), s.normals.begin(), s.normals.end());
  return m;
}

inline Geometry buildGeometry(const Job &job, int firstFrame, int endFrame) {
  Geometry g;
  Soup street;
  for (const Placement &p : job.shot.statics) {
    auto it = job.meshes.find(p.mesh);
    if (it == job.meshes.end()) throw std::runtime_error("static mesh " + std::to_string(p.mesh) + " is not in the job");
    appendMesh(job, it->second, p.matrix, true, street);
    g.parkedOf.resize(street.shadings.size(), p.agent > 0 ? (int)g.parked.size() : -1);
    if (p.agent == 0) continue;
    RawInstance in = {p.mesh, p.agent, 0, 0, {}};
    memcpy(in.matrix, p.matrix, sizeof in.matrix);
    g.parked.push_back(in);
  }
#pragma omp parallel
#pragma omp single
  plant(job, street.shadings, street);
  g.shadings = street.shadings;
  g.fixed = store(g, street, 0);

  std::set<u32> used;
  for (const RawInstance &in : g.parked) used.insert(in.mesh);
  for (int f = firstFrame; f < endFrame && f < (int)job.shot.instances.size(); f++)
    for (const RawInstance &in : job.shot.instances[(size_t)f]) used.insert(in.mesh);
  std::vector<u32> ids(used.begin(), used.end());
  std::vector<Soup> soups(ids.size());
  std::map<u32, int> shadingOf;
  std::map<u32, std::vector<Shading>> shadings;
  for (u32 id : ids) {
    auto it = job.meshes.find(id);
    if (it == job.meshes.end()) throw std::runtime_error("mesh " + std::to_string(id) + " of an instance is not in the job");
    const RawMesh &base = topologyOf(job, it->second);
    if (shadings.count(base.id)) continue;
    Soup s;
    appendMesh(job, base, nullptr, true, s);
    shadingOf[base.id] = (int)g.shadings.size();
    g.shadings.insert(g.shadings.end(), s.shadings.begin(), s.shadings.end());
    shadings[base.id] = s.shadings;
  }
#pragma omp parallel for schedule(dynamic, 1)
  for (int i = 0; i < (int)ids.size(); i++) {
    const RawMesh &m = job.meshes.at(ids[(size_t)i]);
    appendMesh(job, m, nullptr, false, soups[(size_t)i]);
    plant(job, shadings.at(topologyOf(job, m).id), soups[(size_t)i]);
  }
  for (size_t i = 0; i < ids.size(); i++) {
    g.meshIndex[ids[i]] = (int)g.meshes.size();
    g.meshes.push_back(store(g, soups[i], shadingOf.at(topologyOf(job, job.meshes.at(ids[i])).id)));
  }
  return g;
}

// A vehicle's two headlights in its own space (one for a two-wheeler), from its forward lamp-glass that is not red.
inline std::vector<V3> headlightsOf(const Job &job, const RawMesh &m) {
  const RawMesh &base = topologyOf(job, m);
  V3 sum[2] = {v3(0), v3(0)};
  float area[2] = {0, 0};
  float front = -1e9f, back = 1e9f;
  for (V3 p : m.positions) {
    front = fmaxf(front, p.y);
    back = fminf(back, p.y);
  }
  std::vector<V3> out;
  if (front - back < 1.3f) return out;
  for (size_t t = 0; t + 2 < base.index.size(); t += 3) {
    size_t k = base.material[t / 3];
    if (k >= job.materials.size()) continue;
    const Material &mat = job.materials[k];
    if (mat.pattern != LAMP_GLASS || mat.color.x > 1.5f * mat.color.z) continue;
    V3 a = m.positions[base.index[t]], b = m.positions[base.index[t + 1]], c = m.positions[base.index[t + 2]], mid = (a + b + c) * (1.0f / 3.0f);
    if (mid.y < 0.25f * front) continue;
    float s = length(cross(b - a, c - a));
    int side = mid.x < 0.0f ? 0 : 1;
    sum[side] += mid * s;
    area[side] += s;
  }
  for (int side = 0; side < 2; side++)
    if (area[side] > 0.0f) out.push_back(sum[side] * (1.0f / area[side]));
  if (out.size() == 2 && fabsf(out[0].x - out[1].x) < 0.3f) out = {(out[0] + out[1]) * 0.5f};
  for (V3 &p : out) p.y = front + 0.12f;
  return out;
}
