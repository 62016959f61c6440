"""The detector eyes-nano: an anchor-free one-stage net of plain convolutions and ReLU, whose batch norms fold away.

Plain 3x3 convolutions, because they are what one thread of a CPU and a GPU's backward pass are fastest at. It takes
[batch, 3, height, width] (BGR, 0..255, sides that are multiples of 32) and answers, over the cells of strides 8, 16 and
32 row by row, what YOLOX answers: centre offset in cells, log of size in cells, and one logit per kind.
"""
import contextlib
import math

import torch
from torch import nn
from torch.nn import functional as F

KINDS = ("person", "bicycle", "motorcycle", "car", "bus", "truck")
STRIDES = (8, 16, 32)

WIDTHS = {
    # stem, then strides 4, 8, 16, 32; blocks of each; necks of strides 8, 16, 32; head
    "nano": dict(stem=16, widths=(32, 64, 128, 192), depths=(1, 2, 2, 1), necks=(48, 64, 96), head=48),
    "tiny-test": dict(stem=8, widths=(16, 32, 48, 64), depths=(1, 1, 1, 1), necks=(24, 32, 32), head=24),
}


class Conv(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, in_width, out_width, size=1, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(in_width, out_width, size, stride, size // 2, bias=False)
        self.norm = nn.BatchNorm2d(out_width, eps=1e-3, momentum=0.03)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)), inplace=True)


class Block(nn.Module):
    """Two 3x3 convolutions beside a short cut."""

    def __init__(self, width):
        super().__init__()
        self.first = Conv(width, width, 3)
        self.second = Conv(width, width, 3)

    def forward(self, x):
        return x + self.second(self.first(x))


class Split(nn.Module):
    """Half of the width goes through blocks, half passes by, all of it is mixed (as CSPNet does, arXiv:1911.11929)."""

    def __init__(self, width, depth):
        super().__init__()
        self.passing = Conv(width, width // 2)
        self.entry = Conv(width, width // 2)
        self.blocks = nn.Sequential(*[Block(width // 2) for _ in range(depth)])
        self.mix = Conv(width, width)

    def forward(self, x):
        return self.mix(torch.cat([self.blocks(self.entry(x)), self.passing(x)], 1))


class Pool(nn.Module):
    """Looks 5, 9 and 13 cells wide (spatial pyramid pooling, one 5x5 maximum after the other)."""

    def __init__(self, width):
        super().__init__()
        self.entry = Conv(width, width // 2)
        self.mix = Conv(width * 2, width)

    def forward(self, x):
        a = self.entry(x)
        b = F.max_pool2d(a, 5, 1, 2)
        c = F.max_pool2d(b, 5, 1, 2)
        return self.mix(torch.cat([a, b, c, F.max_pool2d(c, 5, 1, 2)], 1))


class Backbone(nn.Module):
    def __init__(self, stem, widths, depths):
        super().__init__()
        a, b, c, d = widths
        self.stem = nn.Sequential(Conv(3, stem, 3, 2), Conv(stem, a, 3, 2), Split(a, depths[0]))
        self.stride8 = nn.Sequential(Conv(a, b, 3, 2), Split(b, depths[1]))
        self.stride16 = nn.Sequential(Conv(b, c, 3, 2), Split(c, depths[2]))
        self.stride32 = nn.Sequential(Conv(c, d, 3, 2), Split(d, depths[3]), Pool(d))

    def forward(self, x):
        eight = self.stride8(self.stem(x))
        sixteen = self.stride16(eight)
        return eight, sixteen, self.stride32(sixteen)


class Neck(nn.Module):
    """What is seen from afar is added to what is seen near, and back (as PANet does, arXiv:1803.01534)."""

    def __init__(self, widths, necks):
        super().__init__()
        three, four, five = necks
        self.lateral = nn.ModuleList([Conv(width, neck) for width, neck in zip(widths, necks)])
        self.narrow = nn.ModuleList([Conv(five, four), Conv(four, three)])
        self.down_mix = nn.ModuleList([Conv(four, four, 3), Conv(three, three, 3)])
        self.up = nn.ModuleList([Conv(three, four, 3, 2), Conv(four, five, 3, 2)])
        self.up_mix = nn.ModuleList([Conv(four, four, 3), Conv(five, five, 3)])

    def forward(self, maps):
        three, four, five = [lateral(each) for lateral, each in zip(self.lateral, maps)]
        four = self.down_mix[0](four + F.interpolate(self.narrow[0](five), scale_factor=2.0, mode="nearest"))
        three = self.down_mix[1](three + F.interpolate(self.narrow[1](four), scale_factor=2.0, mode="nearest"))
        four = self.up_mix[0](four + self.up[0](three))
        return three, four, self.up_mix[1](five + self.up[1](four))


class Head(nn.Module):
    """Where and what, each with a convolution of its own; every stride has its own head."""

    def __init__(self, neck, head, kinds):
        super().__init__()
        self.what = Conv(neck, head, 3)
        self.where = Conv(neck, head, 3)
        self.score = nn.Conv2d(head, kinds, 1)
        self.box = nn.Conv2d(head, 4, 1)
        nn.init.constant_(self.score.bias, -math.log((1 - 0.01) / 0.01))
        nn.init.normal_(self.score.weight, std=0.01)
        nn.init.normal_(self.box.weight, std=0.01)
        # A first box lies around its cell's centre and is three cells wide.
        self.box.bias.data = torch.tensor([0.5, 0.5, math.log(3.0), math.log(3.0)])

    def forward(self, x):
        return torch.cat([self.box(self.where(x)), self.score(self.what(x))], 1)


class EyesNano(nn.Module):
    def __init__(self, size="nano"):
        super().__init__()
        shape = WIDTHS[size]
        self.backbone = Backbone(shape["stem"], shape["widths"], shape["depths"])
        self.neck = Neck(shape["widths"][1:], shape["necks"])
        self.heads = nn.ModuleList([Head(neck, shape["head"], len(KINDS)) for neck in shape["necks"]])

    def forward(self, pictures):
        """[batch, 3, height, width] → [batch, cells, 4 + kinds]; the last are logits."""
        maps = self.neck(self.backbone(pictures / 255.0))
        return torch.cat([head(each).flatten(2) for head, each in zip(self.heads, maps)], 2).transpose(1, 2)


def half_precision(device, on_cpu=False):
    """bfloat16 where a GPU does it; a CPU computes as it always does, unless it is asked (1.7 times as fast to train on
    one with AVX-512 BF16)."""
    if device.type != "cuda" and not on_cpu:
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
