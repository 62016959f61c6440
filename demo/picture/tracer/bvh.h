// Builds a bounding volume hierarchy over boxes by binned surface area (Wald 2007), on the host.
#pragma once
#include <algorithm>
#include <atomic>
#include <vector>

#include "scene.h"

struct Box {
  V3 lo, hi;
};
inline Box emptyBox() { return Box{v3(1e30f), v3(-1e30f)}; }
inline void grow(Box &b, const Box &o) {
  b.lo = minimum(b.lo, o.lo);
  b.hi = maximum(b.hi, o.hi);
}
inline float area(const Box &b) {
  V3 d = b.hi - b.lo;
  return d.x < 0.0f ? 0.0f : d.x * d.y + d.y * d.z + d.z * d.x;
}
inline float axisOf(V3 v, int a) { return a == 0 ? v.x : a == 1 ? v.y : v.z; }

struct Builder {
  const Box *boxes;
  std::vector<int> order;
  std::vector<Node> nodes;
  std::atomic<int> used{0};
  int leafSize;

  Box boundsOf(int begin, int end) const {
    Box b = emptyBox();
    for (int i = begin; i < end; i++) grow(b, boxes[order[i]]);
    return b;
  }
  int split(int begin, int end, int depth) {
    const int bins = 16;
    Box centres = emptyBox();
    for (int i = begin; i < end; i++) {
      V3 c = (boxes[order[i]].lo + boxes[order[i]].hi) * 0.5f;
      grow(centres, Box{c, c});
    }
    float best = 1e30f;
    int bestAxis = -1, bestBin = 0;
    for (int a = 0; a < 3 && depth < 44; a++) {
      float lo = axisOf(centres.lo, a), extent = axisOf(centres.hi, a) - lo;
      if (extent < 1e-6f) continue;
      Box bin[bins];
      int count[bins] = {0};
      for (int i = 0; i < bins; i++) bin[i] = emptyBox();
      for (int i = begin; i < end; i++) {
        const Box &b = boxes[order[i]];
        int k = std::min(bins - 1, (int)((float)bins * (axisOf(b.lo + b.hi, a) * 0.5f - lo) / extent));
        grow(bin[k], b);
        count[k]++;
      }
      float right[bins];
      Box sum = emptyBox();
      int n = 0;
      for (int i = bins - 1; i > 0; i--) {
        grow(sum, bin[i]);
        n += count[i];
        right[i] = area(sum) * (float)n;
      }
      sum = emptyBox();
      n = 0;
      for (int i = 0; i + 1 < bins; i++) {
        grow(sum, bin[i]);
        n += count[i];
        float cost = area(sum) * (float)n + right[i + 1];
        if (n > 0 && n < end - begin && cost < best) {
          best = cost;
          bestAxis = a;
          bestBin = i;
        }
      }
    }
    int middle = (begin + end) / 2;
    if (bestAxis < 0) return middle;
    float lo = axisOf(centres.lo, bestAxis), extent = axisOf(centres.hi, bestAxis) - lo;
    auto it = std::partition(order.begin() + begin, order.begin() + end, [&](int p) {
      return std::min(bins - 1, (int)((float)bins * (axisOf(boxes[p].lo + boxes[p].hi, bestAxis) * 0.5f - lo) / extent)) <= bestBin;
    });
    int at = (int)(it - order.begin());
    return at == begin || at == end ? middle : at;
  }
  int build(int begin, int end, int depth) {
    if (end - begin <= leafSize && depth > 0) return ~((begin << 3) | (end - begin));
    int self = used.fetch_add(1);
    int middle = end - begin > 1 ? split(begin, end, depth) : end;
    Box b0 = boundsOf(begin, middle), b1 = boundsOf(middle, end);
    int c0, c1;
#pragma omp task shared(c0) if (end - begin > 20000)
    c0 = build(begin, middle, depth + 1);
    c1 = build(middle, end, depth + 1);
#pragma omp taskwait
    Node &n = nodes[self];
    n.xy0 = F4{b0.lo.x, b0.hi.x, b0.lo.y, b0.hi.y};
    n.xy1 = F4{b1.lo.x, b1.hi.x, b1.lo.y, b1.hi.y};
    n.z = F4{b0.lo.z, b0.hi.z, b1.lo.z, b1.hi.z};
    n.child0 = c0;
    n.child1 = c1;
    n.pad0 = n.pad1 = 0;
    return self;
  }
};

// Nodes (root first) and the boxes' order in the leaves. An empty set gives one node that nothing hits.
inline void buildTree(const std::vector<Box> &boxes, int leafSize, std::vector<Node> &nodes, std::vector<int> &order) {
  Builder b;
  b.boxes = boxes.data();
  b.leafSize = leafSize;
  b.order.resize(boxes.size());
  for (size_t i = 0; i < boxes.size(); i++) b.order[i] = (int)i;
  b.nodes.resize(std::max<size_t>(1, boxes.size()));
  if (boxes.empty()) {
    Node n;
    n.xy0 = n.xy1 = n.z = F4{1e30f, -1e30f, 1e30f, -1e30f};
    n.child0 = n.child1 = ~0;
    n.pad0 = n.pad1 = 0;
    b.nodes[0] = n;
    b.used = 1;
  } else {
    b.build(0, (int)boxes.size(), 0);
  }
  b.nodes.resize((size_t)b.used.load());
  nodes.swap(b.nodes);
  order.swap(b.order);
}
