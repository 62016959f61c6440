"""Reads weights to go on with: last.pt, weights.npz, or an ONNX file of export.py, whose norms are folded away.

A folded norm comes back as one that only adds its bias; it must stand still from then on. The straight line that
calibrate.py put over the scores is taken off again: as the ONNX file notes it, or as it is given where it does not.
"""
import numpy as np
import torch

from net import EyesNano

EPSILON = 1e-3
DTYPES = {1: np.float32, 7: np.int64, 10: np.float16}


def read_weights(path, calibration=None):
    """→ a state for EyesNano; `calibration`: kind=slope,shift …"""
    if path.endswith(".pt"):
        return torch.load(path, map_location="cpu")["average"]
    if path.endswith(".npz"):
        weights = np.load(path)
        return {key: torch.from_numpy(np.array(weights[key])) for key in weights.files}
    weights, notes = read_onnx(path)
    return unfold(weights, calibration or notes.get("calibration", "").split())


def fields(data):
    """→ (field, value) of a protobuf message: whole numbers, or bytes"""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 5:
            value, at = data[at : at + 4], at + 4
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"a field of kind {kind}: this is no ONNX file of export.py")
        yield key >> 3, value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def read_onnx(path):
    """→ its weights by name, its notes"""
    with open(path, "rb") as file:
        model = file.read()
    graph = next(value for field, value in fields(model) if field == 7)
    tensors = [list(fields(value)) for field, value in fields(graph) if field == 5]
    weights = {}
    for parts in tensors:
        shape = [value for field, value in parts if field == 1]
        kind, name, raw = [next(value for field, value in parts if field == wanted) for wanted in (2, 8, 9)]
        weights[name.decode()] = np.frombuffer(raw, DTYPES[kind]).reshape(shape)
    notes = [dict(fields(value)) for field, value in fields(model) if field == 14]
    return weights, {each[1].decode(): each[2].decode() for each in notes}


def unfold(weights, lines):
    state = EyesNano().state_dict()
    pairs = [each.split("=") for each in lines]
    calibration = {int(kind): [float(part) for part in line.split(",")] for kind, line in pairs}
    for key in state:
        layer, part = key.rsplit(".", 1)
        base = layer[: -len(".norm")] if layer.endswith(".norm") else layer.removesuffix(".conv")
        if part == "num_batches_tracked":
            continue
        if layer.endswith(".norm"):
            bias = weights[f"{base}.bias"]
            fresh = dict(weight=np.ones_like(bias), bias=bias, running_mean=np.zeros_like(bias), running_var=np.ones_like(bias) - EPSILON)
            value = fresh[part]
        else:
            value = weights[f"{base}.{part}"].astype(np.float32)
        if base == "backbone.stem.0" and layer.endswith(".conv"):
            value = value * 255
        if layer.endswith(".score"):
            value = value[1:].copy()  # the first row is the objectness
            for kind, (slope, shift) in calibration.items():
                value[kind] = value[kind] / slope if part == "weight" else (value[kind] - shift) / slope
        state[key] = torch.from_numpy(np.ascontiguousarray(value)).reshape(state[key].shape)
    return state
