// Renders a shot of a trace job: city-trace JOB --shot NAME [--frames A:B] [--size WxH] [--samples N] [--y4m FILE|-] [--png DIR] [--truth FILE].
#include <sys/stat.h>


#include <chrono>

#include "render.h"

struct Options {
  std::string job, shot, y4m, png, truth;
  int first = 0, end = -1, width = 0, height = 0, samples = 0, rays = 4;
  bool isQuiet = false, isParkedOnly = false;
};

static double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

static Options parse(int argc, char **argv) {
  Options o;
  auto fail = [](const std::string &what) {
    fprintf(stderr, "city-trace: %s\nusage: city-trace JOB --shot NAME [--frames A:B] [--size WxH] [--samples N] [--rays N] [--y4m FILE|-] [--png DIR] [--truth FILE [--parked-only]] [--cpu|--gpu] [--quiet]\n", what.c_str());
    exit(2);
  };
  for (int i = 1; i < argc; i++) {
    std::string a = argv[i];
    auto value = [&]() -> std::string {
      if (i + 1 >= argc) fail(a + " wants a value");
      return argv[++i];
    };
    if (a == "--shot") o.shot = value();
    else if (a == "--frames") {
      if (sscanf(value().c_str(), "%d:%d", &o.first, &o.end) < 1) fail("--frames wants A:B");
      if (o.end < 0) o.end = o.first + 1;
    } else if (a == "--size") {
      if (sscanf(value().c_str(), "%dx%d", &o.width, &o.height) != 2) fail("--size wants WxH");
    } else if (a == "--samples") o.samples = atoi(value().c_str());
    else if (a == "--rays") o.rays = atoi(value().c_str());
    else if (a == "--y4m") o.y4m = value();
    else if (a == "--png") o.png = value();
    else if (a == "--truth") o.truth = value();
    else if (a == "--quiet") o.isQuiet = true;
    else if (a == "--parked-only") o.isParkedOnly = true;
    else if (a == "--gpu" || a == "--cpu") {
      if ((a == "--gpu") != onDevice) fail(a + ": this binary was built for the other");
    } else if (a[0] == '-') fail("unknown option " + a);
    else o.job = a;
  }
  if (o.job.empty() || o.shot.empty()) fail("a job folder and --shot are needed");
  if (o.isParkedOnly && (o.truth.empty() || !o.png.empty() || !o.y4m.empty())) fail("--parked-only makes no picture: it wants --truth alone");
  if (o.width & 1 || o.height & 1) fail("--size wants even numbers");
  return o;
}

static void writeAgent(FILE *f, u32 id, const Tally &t, bool &isFirst) {
  if (t.x1 <= t.x0) return;
  fprintf(f, "%s{\"id\":%u,\"box\":[%d,%d,%d,%d],", isFirst ? "" : ",", id, t.x0, t.y0, t.x1, t.y1);
  if (t.visible > 0) fprintf(f, "\"seen\":[%d,%d,%d,%d],", t.sx0, t.sy0, t.sx1, t.sy1);
  else fprintf(f, "\"seen\":null,");
  fprintf(f, "\"full\":%d,\"visible\":%d}", t.full, t.visible);
  isFirst = false;
}
static void writeTruth(FILE *f, const Flight &flight, const std::vector<RawInstance> &parked) {
  fprintf(f, "{\"frame\":%d,\"agents\":[", flight.frame);
  bool isFirst = true;
  for (size_t i = 0; i < flight.agents.size(); i++) writeAgent(f, flight.agents[i].id, flight.tallies[i], isFirst);
  for (size_t i = 0; flight.parked && i < parked.size(); i++) writeAgent(f, parked[i].agent, flight.parked[i], isFirst);
  fprintf(f, "]}\n");
}

struct Outputs {
  FILE *y4m = nullptr, *truth = nullptr;
};

static void deliver(const Options &o, const Renderer &r, Flight &flight, Outputs &out) {
  if (flight.frame < 0) return;
  pass(flight.fence);
  const Shot &shot = r.job.shot;
  Picture p = {shot.width, shot.height, flight.planes};
  if (!shot.overlay.empty()) {
    int second = (shot.startSecond + (int)((double)flight.frame / shot.fps + 1e-6)) % 60;
    char tail[8];
    snprintf(tail, sizeof tail, ":%02d", second);
    burnText(p, shot.overlay + tail);
  }
  char name[64];
  snprintf(name, sizeof name, "-%05d.%s", flight.frame, shot.isStills ? "ppm" : "png");
  if (!o.png.empty()) {
    std::string path = o.png + "/" + shot.name + name;
    if (shot.isStills) writePpm(path, p);
    else writePng(path, p);
  }
  if (out.y4m && !writeY4mFrame(out.y4m, p)) throw std::runtime_error("the y4m stream was closed");
  if (out.truth) writeTruth(out.truth, flight, r.geometry.parked);
  flight.frame = -1;
}

static void run(const Options &o) {
  double start = now();
  prepareDevice();
  Job job = readJob(o.job, o.shot, o.width, o.height);
  Shot &shot = job.shot;
  int end = o.end < 0 ? shot.frames : o.end;
  Renderer r{job};
  r.streetSamples = o.samples > 0 ? o.samples : shot.isStills ? 8 : 16;
  r.rays = o.rays;
  r.withTruth = !o.truth.empty();
  load(r, o.first, end);
  double loaded = now();
  if (!o.png.empty()) mkdir(o.png.c_str(), 0777);
  Outputs out;
  if (!o.truth.empty()) out.truth = fopen(o.truth.c_str(), "w");
  if (o.y4m == "-") out.y4m = stdout;
  else if (!o.y4m.empty()) out.y4m = fopen(o.y4m.c_str(), "wb");
  if ((!o.truth.empty() && !out.truth) || (!o.y4m.empty() && !out.y4m)) throw std::runtime_error("cannot open an output");
  if (out.y4m) {
    static char room[1 << 23];
    setvbuf(out.y4m, room, _IOFBF, sizeof room);
    Picture p = {shot.width, shot.height, nullptr};
    writeY4mHeader(out.y4m, p, (int)(shot.fps + 0.5));
  }
  auto prepare = [&](const View &view) {
    if (o.isParkedOnly) setView(r, view);
    else lightStreet(r, view);
    if (r.withTruth) findParked(r);
  };
  if (!shot.isStills) {
    prepare(shot.views[0]);
    waitFor("LightStreet");
  }
  double lit = now();
  Flight flights[2];
  for (int f = o.first; f < end; f++) {
    if (shot.isStills && (f == o.first || f % shot.framesAView == 0)) prepare(shot.views[(size_t)(f / shot.framesAView) % shot.views.size()]);
    if (o.isParkedOnly) {
      launchParked(r, f, flights[0]);
      writeTruth(out.truth, flights[0], r.geometry.parked);
      continue;
    }
    launch(r, f, flights[f & 1]);
    deliver(o, r, flights[(f + 1) & 1], out);
  }
  if (!o.isParkedOnly) deliver(o, r, flights[(end + 1) & 1], out);
  if (out.y4m) fflush(out.y4m);
  if (out.truth) fclose(out.truth);
  double done = now();
  if (!o.isQuiet)
    fprintf(stderr, "city-trace: %s: %zu triangles of the street, %zu of agents; load %.2f s, street %.2f s, %d frames %.2f s (%.1f ms each)\n", shot.name.c_str(),
            r.geometry.shadings.size(), r.geometry.triangles.size(), loaded - start, lit - loaded, end - o.first, done - lit, end > o.first ? 1000 * (done - lit) / (end - o.first) : 0.0);
}

int main(int argc, char **argv) {
  Options o = parse(argc, argv);
  try {
    run(o);
  } catch (const std::exception &e) {
    fprintf(stderr, "city-trace: %s\n", e.what());
    return 1;
  }
  return 0;
}
