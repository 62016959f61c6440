#!/bin/sh
# Builds the tracer and the encoder into the folder given (default: ./build): build.sh [FOLDER] [cpu|gpu|encode ...]
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-build}
[ $# -gt 0 ] && shift
what=${*:-cpu gpu encode}
mkdir -p "$out"
for part in $what; do
  case $part in
    cpu) g++ -std=c++17 -O3 -march=native -fno-math-errno -fno-trapping-math -fopenmp -o "$out/city-trace" "$here/main.cpp" ;;
    gpu)
      nvcc=${NVCC:-$(command -v nvcc || true)}
      if [ -n "$nvcc" ]; then
        cuda=$(cd "$(dirname "$(readlink -f "$nvcc")")/.." && pwd)
        "$nvcc" -std=c++17 -O3 -use_fast_math -arch=sm_90 -Xcompiler -fopenmp -x cu -c -o "$out/city-trace-gpu.o" "$here/main.cpp"
        # Only the C library stays dynamic, so that the program runs on another machine with a driver.
        g++ -o "$out/city-trace-gpu" "$out/city-trace-gpu.o" -static-libstdc++ -static-libgcc -L"$cuda/lib64" -L"$cuda/lib" -Wl,-Bstatic -lcudart_static -lgomp -Wl,-Bdynamic -lpthread -ldl -lrt
      else echo "no nvcc here: the tracer for the GPU is not built" >&2; fi ;;
    encode) g++ -std=c++17 -O2 -static -o "$out/city-encode" "$here/encode.cpp" -lx264 -lpthread -lm -ldl ;;
    *) echo "build.sh: unknown part '$part' (cpu, gpu, encode)" >&2; exit 2 ;;
  esac
done
