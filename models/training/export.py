"""Turns weights.npz into an ONNX file, without torch or onnx: python3 export.py weights.npz eyes-nano.onnx

Batch norms and the division by 255 go into the convolutions. The output is YOLOX's: [batch, cells, 5 + kinds], the
objectness being 1 (a first score channel without weights), scores after the sigmoid. Batch, height and width are open;
height and width are multiples of 32. Weights are stored as float16 and widened when the model is opened, unless --full.
--calibration kind=slope,shift … puts a straight line over a kind's logits into the last convolution.
"""
import argparse
import struct

import numpy as np

FLOAT, INT64, FLOAT16 = 1, 7, 10
EPSILON = 1e-3
CERTAIN = 20.0


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def chunk(field, value):
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, array):
    kind = {np.dtype("float32"): FLOAT, np.dtype("float16"): FLOAT16, np.dtype("int64"): INT64}[array.dtype]
    dims = b"".join(number(1, size) for size in array.shape)
    return dims + number(2, kind) + chunk(8, name) + chunk(9, np.ascontiguousarray(array).tobytes())


def attribute(name, value):
    if isinstance(value, str):
        return chunk(1, name) + chunk(4, value) + number(20, 3)
    if isinstance(value, float):
        return chunk(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return chunk(1, name) + number(3, value) + number(20, 2)
    return chunk(1, name) + b"".join(number(8, each) for each in value) + number(20, 7)


def value_info(name, dims):
    shape = b"".join(chunk(1, chunk(2, dim) if isinstance(dim, str) else number(1, dim)) for dim in dims)
    return chunk(1, name) + chunk(2, chunk(1, number(1, FLOAT) + chunk(2, shape)))


class Graph:
    """Nodes and weights as they are added."""

    def __init__(self, weights, is_half):
        self.weights, self.is_half = weights, is_half
        self.nodes, self.initializers, self.count = [], [], 0

    def add(self, op, inputs, **attributes):
        self.count += 1
        out = f"{op.lower()}_{self.count}"
        body = b"".join(chunk(1, each) for each in inputs) + chunk(2, out) + chunk(3, out) + chunk(4, op)
        self.nodes.append(body + b"".join(chunk(5, attribute(*each)) for each in attributes.items()))
        return out

    def constant(self, name, array):
        self.initializers.append(tensor(name, array))
        return name

    def weight(self, name, array):
        if not self.is_half:
            return self.constant(name, array.astype(np.float32))
        return self.add("Cast", [self.constant(name, array.astype(np.float16))], to=FLOAT)

    def conv(self, name, x, stride=1, factor=1.0):
        """Convolution and norm `name`, then ReLU."""
        get = lambda part: self.weights[f"{name}.{part}"].astype(np.float64)  # noqa: E731
        scale = get("norm.weight") / np.sqrt(get("norm.running_var") + EPSILON)
        kernel = get("conv.weight") * scale[:, None, None, None] * factor
        bias = get("norm.bias") - get("norm.running_mean") * scale
        return self.add("Relu", [self.bare(name, x, kernel, bias, stride)])

    def bare(self, name, x, kernel, bias, stride=1):
        size = kernel.shape[2]
        inputs = [x, self.weight(f"{name}.weight", kernel), self.constant(f"{name}.bias", bias.astype(np.float32))]
        shape = dict(kernel_shape=[size] * 2, strides=[stride] * 2, pads=[size // 2] * 4)
        return self.add("Conv", inputs, **shape)

    def has(self, name):
        return any(key.startswith(name + ".") for key in self.weights)

    def split(self, name, x):
        y = self.conv(f"{name}.entry", x)
        block = 0
        while self.has(f"{name}.blocks.{block}"):
            inner = self.conv(f"{name}.blocks.{block}.first", y)
            y = self.add("Add", [y, self.conv(f"{name}.blocks.{block}.second", inner)])
            block += 1
        return self.conv(f"{name}.mix", self.add("Concat", [y, self.conv(f"{name}.passing", x)], axis=1))

    def pool(self, name, x):
        maps = [self.conv(f"{name}.entry", x)]
        for _ in range(3):
            maps.append(self.add("MaxPool", [maps[-1]], kernel_shape=[5, 5], strides=[1, 1], pads=[2] * 4))
        return self.conv(f"{name}.mix", self.add("Concat", maps, axis=1))

    def twice(self, x):
        modes = dict(mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        return self.add("Resize", [x, "", "twice"], **modes)


def build(graph, calibration):
    graph.constant("twice", np.array([1, 1, 2, 2], np.float32))
    x = graph.conv("backbone.stem.0", "images", 2, factor=1 / 255)
    x = graph.split("backbone.stem.2", graph.conv("backbone.stem.1", x, 2))
    maps = []
    for stride in (8, 16, 32):
        name = f"backbone.stride{stride}"
        x = graph.split(f"{name}.1", graph.conv(f"{name}.0", x, 2))
        x = graph.pool(f"{name}.2", x) if graph.has(f"{name}.2") else x
        maps.append(x)
    three, four, five = [graph.conv(f"neck.lateral.{index}", each) for index, each in enumerate(maps)]
    add = lambda a, b: graph.add("Add", [a, b])  # noqa: E731
    four = graph.conv("neck.down_mix.0", add(four, graph.twice(graph.conv("neck.narrow.0", five))))
    three = graph.conv("neck.down_mix.1", add(three, graph.twice(graph.conv("neck.narrow.1", four))))
    four = graph.conv("neck.up_mix.0", add(four, graph.conv("neck.up.0", three, 2)))
    five = graph.conv("neck.up_mix.1", add(five, graph.conv("neck.up.1", four, 2)))
    levels = [head(graph, index, each, calibration) for index, each in enumerate((three, four, five))]
    return graph.add("Transpose", [graph.add("Concat", levels, axis=2)], perm=[0, 2, 1])


def head(graph, index, x, calibration):
    name = f"heads.{index}"
    get = lambda part: graph.weights[f"{name}.{part}"].astype(np.float64)  # noqa: E731
    where = graph.bare(f"{name}.box", graph.conv(f"{name}.where", x), get("box.weight"), get("box.bias"))
    kernel, bias = get("score.weight"), get("score.bias")
    for kind, (slope, shift) in calibration.items():
        kernel[kind], bias[kind] = kernel[kind] * slope, bias[kind] * slope + shift
    kernel = np.concatenate([np.zeros_like(kernel[:1]), kernel])
    bias = np.concatenate([[CERTAIN], bias])
    what = graph.add("Sigmoid", [graph.bare(f"{name}.score", graph.conv(f"{name}.what", x), kernel, bias)])
    both = graph.add("Concat", [where, what], axis=1)
    rows = graph.constant(f"{name}.shape", np.array([0, 4 + len(bias), -1], np.int64))
    return graph.add("Reshape", [both, rows])


def export(weights, path, is_half=True, calibration=None, notes=None):
    graph = Graph(weights, is_half)
    last = build(graph, calibration or {})
    graph.nodes.append(chunk(1, last) + chunk(2, "output") + chunk(3, "output") + chunk(4, "Identity"))
    kinds = 5 + weights["heads.0.score.bias"].shape[0]
    body = b"".join(chunk(1, node) for node in graph.nodes) + chunk(2, "eyes-nano")
    body += b"".join(chunk(5, each) for each in graph.initializers)
    body += chunk(11, value_info("images", ["batch", 3, "height", "width"]))
    body += chunk(12, value_info("output", ["batch", "cells", kinds]))
    model = number(1, 8) + chunk(2, "sharp-eyes models/training/export.py") + chunk(7, body)
    model += chunk(8, chunk(1, "") + number(2, 13))
    for key, value in (notes or {}).items():
        model += chunk(14, chunk(1, key) + chunk(2, value))
    with open(path, "wb") as file:
        file.write(model)
    return len(model)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--full", action="store_true", help="weights as float32")
    parser.add_argument("--calibration", nargs="*", default=[], help="kind=slope,shift; kind is an index")
    options = parser.parse_args()
    pairs = [each.split("=") for each in options.calibration]
    calibration = {int(kind): tuple(float(part) for part in line.split(",")) for kind, line in pairs}
    notes = {"calibration": " ".join(options.calibration)} if options.calibration else None
    size = export(dict(np.load(options.weights)), options.out, not options.full, calibration, notes)
    print(f"{options.out}: {size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
