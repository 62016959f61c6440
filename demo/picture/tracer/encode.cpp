// Encodes y4m (4:2:0, 8 bit) from stdin to an H.264 Annex B file as IP cameras send it: city-encode OUT.h264 [--crf N] [--keyint N] [--preset P] [--threads N] [--bframes N].
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include <x264.h>
}

struct Settings {
  std::string out, preset = "medium";
  float crf = 28;
  int keyint = 60, threads = 2, bframes = 0;
};
struct Clip {
  int width = 0, height = 0, fpsNumber = 15, fpsPer = 1;
};

[[noreturn]] static void fail(const std::string &what) {
  fprintf(stderr, "city-encode: %s\n", what.c_str());
  exit(2);
}
static Settings parse(int argc, char **argv) {
  Settings s;
  for (int i = 1; i < argc; i++) {
    std::string a = argv[i];
    auto value = [&]() -> std::string {
      if (i + 1 >= argc) fail(a + " wants a value");
      return argv[++i];
    };
    if (a == "--crf") s.crf = (float)atof(value().c_str());
    else if (a == "--keyint") s.keyint = atoi(value().c_str());
    else if (a == "--preset") s.preset = value();
    else if (a == "--threads") s.threads = atoi(value().c_str());
    else if (a == "--bframes") s.bframes = atoi(value().c_str());
    else if (a[0] == '-') fail("unknown option " + a);
    else s.out = a;
  }
  if (s.out.empty()) fail("usage: city-encode OUT.h264 [--crf N] [--keyint N] [--preset P] [--threads N] [--bframes N] < y4m");
  return s;
}
static std::string readLine() {
  std::string line;
  for (int c = getchar(); c != EOF && c != '\n'; c = getchar()) line += (char)c;
  return line;
}
static Clip readHeader() {
  std::string line = readLine();
  if (line.compare(0, 9, "YUV4MPEG2") != 0) fail("no y4m on stdin");
  Clip c;
  size_t at = 0;
  while ((at = line.find(' ', at)) != std::string::npos) {
    const char *p = line.c_str() + ++at;
    if (*p == 'W') c.width = atoi(p + 1);
    else if (*p == 'H') c.height = atoi(p + 1);
    else if (*p == 'F') sscanf(p + 1, "%d:%d", &c.fpsNumber, &c.fpsPer);
    else if (*p == 'C' && strncmp(p, "C420", 4) != 0) fail("only 4:2:0 with 8 bits");
  }
  if (c.width < 16 || c.height < 16 || c.width & 1 || c.height & 1) fail("odd size in the y4m header");
  return c;
}
static x264_t *openEncoder(const Settings &s, const Clip &c, x264_param_t &p) {
  if (x264_param_default_preset(&p, s.preset.c_str(), nullptr) < 0) fail("unknown preset " + s.preset);
  p.i_csp = X264_CSP_I420;
  p.i_width = c.width;
  p.i_height = c.height;
  p.i_fps_num = (uint32_t)c.fpsNumber;
  p.i_fps_den = (uint32_t)c.fpsPer;
  p.i_timebase_num = (uint32_t)c.fpsPer;
  p.i_timebase_den = (uint32_t)c.fpsNumber;
  p.b_vfr_input = 0;
  p.i_threads = s.threads;
  p.b_open_gop = 0;
  p.i_keyint_max = s.keyint;
  p.i_keyint_min = s.keyint;
  p.i_scenecut_threshold = 0;
  p.i_bframe = s.bframes;
  p.b_repeat_headers = 1;
  p.b_annexb = 1;
  p.b_aud = 0;
  p.rc.i_rc_method = X264_RC_CRF;
  p.rc.f_rf_constant = s.crf;
  p.vui.b_fullrange = 0;
  p.vui.i_colorprim = p.vui.i_transfer = p.vui.i_colmatrix = 1;
  p.i_log_level = X264_LOG_WARNING;
  if (x264_param_apply_profile(&p, "high") < 0) fail("the profile does not fit");
  x264_t *x = x264_encoder_open(&p);
  if (!x) fail("x264 refuses these settings");
  return x;
}

int main(int argc, char **argv) {
  Settings s = parse(argc, argv);
  static char room[1 << 22];
  setvbuf(stdin, room, _IOFBF, sizeof room);
  Clip c = readHeader();
  x264_param_t params;
  x264_t *x = openEncoder(s, c, params);
  FILE *out = fopen(s.out.c_str(), "wb");
  if (!out) fail("cannot write " + s.out);
  x264_picture_t in, done;
  if (x264_picture_alloc(&in, X264_CSP_I420, c.width, c.height) < 0) fail("no memory for a picture");
  x264_nal_t *nals;
  int count, frames = 0;
  long long bytes = 0;
  auto keep = [&](int size) {
    if (size < 0) fail("x264 failed at frame " + std::to_string(frames));
    if (size > 0 && fwrite(nals[0].p_payload, 1, (size_t)size, out) != (size_t)size) fail("cannot write " + s.out);
    bytes += size;
  };
  while (readLine().compare(0, 5, "FRAME") == 0) {
    for (int plane = 0; plane < 3; plane++) {
      int w = plane ? c.width / 2 : c.width, h = plane ? c.height / 2 : c.height;
      for (int y = 0; y < h; y++)
        if (fread(in.img.plane[plane] + (size_t)y * in.img.i_stride[plane], 1, (size_t)w, stdin) != (size_t)w) fail("the y4m ends inside frame " + std::to_string(frames));
    }
    in.i_pts = frames++;
    keep(x264_encoder_encode(x, &nals, &count, &in, &done));
  }
  while (x264_encoder_delayed_frames(x) > 0) keep(x264_encoder_encode(x, &nals, &count, nullptr, &done));
  x264_encoder_close(x);
  if (fclose(out) != 0) fail("cannot write " + s.out);
  fprintf(stderr, "city-encode: %s: %d frames, %lld bytes\n", s.out.c_str(), frames, bytes);
  return frames > 0 ? 0 : 1;
}
