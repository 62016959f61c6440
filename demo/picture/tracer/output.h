// What leaves the tracer: the clock burnt into a picture, y4m, PNG and PPM.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

// 5 x 7 letters of our own, one row a byte (the five low bits), for the characters of FONT_KEYS.
static const char *const FONT_KEYS = "0123456789:-/. ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const uint8_t FONT[41][7] = {
  {14, 17, 19, 21, 25, 17, 14}, {4, 12, 4, 4, 4, 4, 14}, {14, 17, 1, 6, 8, 16, 31}, {30, 1, 1, 14, 1, 1, 30}, {2, 6, 10, 18, 31, 2, 2},
  {31, 16, 30, 1, 1, 17, 14}, {6, 8, 16, 30, 17, 17, 14}, {31, 1, 2, 4, 4, 8, 8}, {14, 17, 17, 14, 17, 17, 14}, {14, 17, 17, 15, 1, 2, 12},
  {0, 4, 4, 0, 4, 4, 0}, {0, 0, 0, 31, 0, 0, 0}, {1, 1, 2, 4, 8, 16, 16}, {0, 0, 0, 0, 0, 12, 12}, {0, 0, 0, 0, 0, 0, 0},
  {14, 17, 17, 31, 17, 17, 17}, {30, 17, 17, 30, 17, 17, 30}, {14, 17, 16, 16, 16, 17, 14}, {28, 18, 17, 17, 17, 18, 28}, {31, 16, 16, 30, 16, 16, 31},
  {31, 16, 16, 30, 16, 16, 16}, {14, 17, 16, 23, 17, 17, 15}, {17, 17, 17, 31, 17, 17, 17}, {14, 4, 4, 4, 4, 4, 14}, {7, 2, 2, 2, 2, 18, 12},
  {17, 18, 20, 24, 20, 18, 17}, {16, 16, 16, 16, 16, 16, 31}, {17, 27, 21, 21, 17, 17, 17}, {17, 25, 21, 19, 17, 17, 17}, {14, 17, 17, 17, 17, 17, 14},
  {30, 17, 17, 30, 16, 16, 16}, {14, 17, 17, 17, 21, 18, 13}, {30, 17, 17, 30, 20, 18, 17}, {15, 16, 16, 14, 1, 1, 30}, {31, 4, 4, 4, 4, 4, 4},
  {17, 17, 17, 17, 17, 17, 14}, {17, 17, 17, 17, 17, 10, 4}, {17, 17, 17, 21, 21, 21, 10}, {17, 17, 10, 4, 10, 17, 17}, {17, 17, 10, 4, 4, 4, 4},
  {31, 1, 2, 4, 8, 16, 31}};

// Y, Cb and Cr planes of one picture, 4:2:0.
struct Picture {
  int width, height;
  uint8_t *planes;
};

inline void setPixel(Picture &p, int x, int y, int luma) {
  if (x < 0 || y < 0 || x >= p.width || y >= p.height) return;
  p.planes[y * p.width + x] = (uint8_t)luma;
  size_t c = (size_t)p.width * p.height + (size_t)(y / 2) * (p.width / 2) + x / 2;
  p.planes[c] = p.planes[c + (size_t)(p.width / 2) * (p.height / 2)] = 128;
}
inline bool hasInk(const std::string &text, int column, int row) {
  int cell = column >= 0 ? column / 6 : -1, x = column - cell * 6;
  if (cell < 0 || cell >= (int)text.size() || x >= 5 || row < 0 || row >= 7) return false;
  char c = text[(size_t)cell];
  if (c >= 'a' && c <= 'z') c = (char)(c - 32);
  const char *key = strchr(FONT_KEYS, c);
  return key && *key && (FONT[key - FONT_KEYS][row] >> (4 - x) & 1);
}
// White letters with a dark rim, top left.
inline void burnText(Picture &p, const std::string &text) {
  int size = p.height >= 600 ? (p.height + 120) / 280 : 1, left = 8 * size, top = 6 * size;
  int w = (int)text.size() * 6 * size, h = 7 * size;
  for (int y = -size; y < h + size; y++)
    for (int x = -size; x < w + size; x++) {
      auto ink = [&](int a, int b) { return a >= 0 && b >= 0 && hasInk(text, a / size, b / size); };
      if (ink(x, y)) {
        setPixel(p, left + x, top + y, 232);
        continue;
      }
      bool isRim = false;
      for (int dy = -1; dy <= 1 && !isRim; dy++)
        for (int dx = -1; dx <= 1 && !isRim; dx++) isRim = ink(x + dx, y + dy);
      if (isRim) setPixel(p, left + x, top + y, 24);
    }
}

inline void writeY4mHeader(FILE *f, const Picture &p, int fps) {
  fprintf(f, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n", p.width, p.height, fps);
}
inline bool writeY4mFrame(FILE *f, const Picture &p) {
  size_t bytes = (size_t)p.width * p.height * 3 / 2;
  return fwrite("FRAME\n", 1, 6, f) == 6 && fwrite(p.planes, 1, bytes, f) == bytes;
}

inline std::vector<uint8_t> toRgb(const Picture &p) {
  std::vector<uint8_t> out((size_t)p.width * p.height * 3);
  const uint8_t *u = p.planes + (size_t)p.width * p.height, *v = u + (size_t)(p.width / 2) * (p.height / 2);
  auto byte = [](float a) { return (uint8_t)(a < 0 ? 0 : a > 255 ? 255 : a + 0.5f); };
  for (int y = 0; y < p.height; y++)
    for (int x = 0; x < p.width; x++) {
      size_t c = (size_t)(y / 2) * (p.width / 2) + x / 2, i = (size_t)y * p.width + x;
      float l = 1.164384f * (p.planes[i] - 16.0f), cb = u[c] - 128.0f, cr = v[c] - 128.0f;
      out[3 * i] = byte(l + 1.792741f * cr);
      out[3 * i + 1] = byte(l - 0.213249f * cb - 0.532909f * cr);
      out[3 * i + 2] = byte(l + 2.112402f * cb);
    }
  return out;
}
inline void writePpm(const std::string &path, const Picture &p) {
  FILE *f = fopen(path.c_str(), "wb");
  if (!f) throw std::runtime_error("cannot write " + path);
  std::vector<uint8_t> rgb = toRgb(p);
  fprintf(f, "P6\n%d %d\n255\n", p.width, p.height);
  fwrite(rgb.data(), 1, rgb.size(), f);
  fclose(f);
}

struct PngWriter {
  std::vector<uint8_t> bytes;
  uint32_t table[256];
  PngWriter() {
    for (uint32_t n = 0; n < 256; n++) {
      uint32_t c = n;
      for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
      table[n] = c;
    }
  }
  static void put32(std::vector<uint8_t> &b, uint32_t v) {
    for (int s = 24; s >= 0; s -= 8) b.push_back((uint8_t)(v >> s));
  }
  void chunk(const char *type, const std::vector<uint8_t> &data) {
    put32(bytes, (uint32_t)data.size());
    size_t start = bytes.size();
    bytes.insert(bytes.end(), type, type + 4);
    bytes.insert(bytes.end(), data.begin(), data.end());
    uint32_t c = 0xffffffffu;
    for (size_t i = start; i < bytes.size(); i++) c = table[(c ^ bytes[i]) & 255] ^ (c >> 8);
    put32(bytes, c ^ 0xffffffffu);
  }
};
// A PNG whose data is stored, not compressed: for looking, not for keeping.
inline void writePng(const std::string &path, const Picture &p) {
  std::vector<uint8_t> rgb = toRgb(p), raw;
  for (int y = 0; y < p.height; y++) {
    raw.push_back(0);
    raw.insert(raw.end(), rgb.begin() + (long)y * p.width * 3, rgb.begin() + (long)(y + 1) * p.width * 3);
  }
  std::vector<uint8_t> z = {0x78, 0x01};
  uint32_t a = 1, b = 0;
  for (size_t at = 0; at < raw.size();) {
    size_t n = raw.size() - at < 65535 ? raw.size() - at : 65535;
    z.push_back(at + n == raw.size());
    z.push_back((uint8_t)n);
    z.push_back((uint8_t)(n >> 8));
    z.push_back((uint8_t)~n);
    z.push_back((uint8_t)(~n >> 8));
    for (size_t i = 0; i < n; i++) {
      a = (a + raw[at + i]) % 65521;
      b = (b + a) % 65521;
    }
    z.insert(z.end(), raw.begin() + (long)at, raw.begin() + (long)(at + n));
    at += n;
  }
  PngWriter::put32(z, b << 16 | a);
  PngWriter w;
  w.bytes = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  std::vector<uint8_t> head;
  PngWriter::put32(head, (uint32_t)p.width);
  PngWriter::put32(head, (uint32_t)p.height);
  for (uint8_t v : {8, 2, 0, 0, 0}) head.push_back(v);
  w.chunk("IHDR", head);
  w.chunk("IDAT", z);
  w.chunk("IEND", {});
  FILE *f = fopen(path.c_str(), "wb");
  if (!f) throw std::runtime_error("cannot write " + path);
  fwrite(w.bytes.data(), 1, w.bytes.size(), f);
  fclose(f);
}
