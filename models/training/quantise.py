"""Makes variants of eyes-nano with other numbers: python3 quantise.py eyes-nano.onnx PICTURES OUT

PICTURES is what calibration-pictures.ts writes. OUT gets one ONNX file each, with inputs and outputs as before:
  float32.onnx        weights widened, no Cast in the graph
  float16.onnx        computed in float16 too
  int8.onnx           static QDQ: activations unsigned, weights signed and per channel, ranges from the pictures
  int8-heads.onnx     as int8, the convolutions of the heads in float32
  int8-7bit.onnx      as int8, weights of 7 bits: sums of pairs cannot overflow on processors without VNNI
Needs the packages onnx and onnxruntime (measured with 1.23.1 and 1.30.0); nothing else of Sharp Eyes does.
"""
import argparse
import os

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.transformers.float16 import convert_float_to_float16

HEIGHT, WIDTH = 320, 544


def widen(model):
    """Weights that are stored as float16 and cast become float32: the quantiser looks for weights, not for casts."""
    half = {each.name: each for each in model.graph.initializer if each.data_type == TensorProto.FLOAT16}
    renamed = {}
    for node in [each for each in model.graph.node if each.op_type == "Cast" and each.input[0] in half]:
        renamed[node.output[0]] = node.input[0]
        model.graph.node.remove(node)
    for each in half.values():
        each.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(each).astype(np.float32), each.name))
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = renamed.get(name, name)
    return onnx.shape_inference.infer_shapes(model)


class Pictures(CalibrationDataReader):
    def __init__(self, path):
        data = np.fromfile(path, np.uint8).reshape(-1, 1, 3, HEIGHT, WIDTH)
        self.left = iter(data)

    def get_next(self):
        picture = next(self.left, None)
        return None if picture is None else {"images": picture.astype(np.float32)}


def of_heads(model):
    """Convolutions after which nothing is summed any more: a rounding there moves a box or a score."""
    names = {each.name for each in model.graph.initializer if each.name.startswith("heads.")}
    return [node.name for node in model.graph.node if node.op_type == "Conv" and names & set(node.input)]


def quantise(source, pictures, out, without, is_narrow=False):
    quantize_static(
        source,
        out,
        Pictures(pictures),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=is_narrow,
        calibrate_method=CalibrationMethod.MinMax,
        op_types_to_quantize=["Conv", "Add", "Concat", "MaxPool", "Resize"],
        nodes_to_exclude=without,
        extra_options={"CalibMovingAverage": True},
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("pictures")
    parser.add_argument("out")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    place = lambda name: os.path.join(options.out, name)  # noqa: E731
    model = widen(onnx.load(options.model))
    onnx.save(model, place("float32.onnx"))
    onnx.save(convert_float_to_float16(model, keep_io_types=True), place("float16.onnx"))
    last = [node.name for node in model.graph.node if node.op_type in ("Sigmoid", "Reshape", "Transpose", "Identity")]
    last += [node.name for node in model.graph.node if node.op_type == "Concat" and "reshape" in "".join(node.input)]
    last += [node.name for node in model.graph.node if node.op_type == "Concat" and "sigmoid" in "".join(node.input)]
    quantise(place("float32.onnx"), options.pictures, place("int8.onnx"), last)
    quantise(place("float32.onnx"), options.pictures, place("int8-heads.onnx"), last + of_heads(model))
    quantise(place("float32.onnx"), options.pictures, place("int8-7bit.onnx"), last, is_narrow=True)
    for name in ("float32", "float16", "int8", "int8-heads", "int8-7bit"):
        print(f"{name}: {os.path.getsize(place(name + '.onnx')) / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
