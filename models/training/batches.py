"""Makes batches on the device: mosaic, scale, crop and flip by one resampling, then light, weather and camera faults."""
import math

import torch
from torch.nn import functional as F

from pictures import CYCLES, IGNORE

GREY = 114.0


def uniform(low, high, *shape, device):
    return torch.rand(*shape, device=device) * (high - low) + low


class Batch:
    """`pixels` [batch, 3, height, width] float 0..255; labels as flat lists: `picture`, `corners`, `kinds`, `scores`."""

    def __init__(self, pixels, picture, corners, kinds, scores, trust):
        self.pixels, self.picture, self.corners = pixels, picture, corners
        self.kinds, self.scores, self.trust = kinds, scores, trust


def make_batch(pictures, count, size, mosaic_share=0.5, strength=1.0):
    """`strength` 0 feeds pictures as they are fed when the detector is used, 1 augments fully."""
    device = pictures.pixels.device
    mosaics = int(round(count * mosaic_share)) if strength > 0 else 0
    plain = place_plain(pictures, count - mosaics, size, strength)
    parts = [plain] if mosaics == 0 else [plain, place_mosaic(pictures, mosaics, size)]
    pixels = torch.cat([part[0] for part in parts])
    offset, labels = 0, []
    for part in parts:
        labels.append((part[1] + offset, *part[2:5]))
        offset += len(part[0])
    picture, corners, kinds, scores = [torch.cat(each) for each in zip(*labels)]
    trust = torch.cat([part[5] for part in parts])
    if strength > 0:
        pixels = spoil(pixels, strength)
    return Batch(pixels, picture, corners, kinds, scores, trust)


def draw(pictures, count):
    return torch.multinomial(pictures.weights, count, replacement=True)


def place_plain(pictures, count, size, strength):
    """One picture each: at its usual scale for one in five, else scaled and moved about."""
    device = pictures.pixels.device
    width, height = size
    chosen = draw(pictures, count)
    sizes = pictures.sizes[chosen]
    fit = torch.minimum(width / sizes[:, 0], height / sizes[:, 1])
    is_changed = (torch.rand(count, device=device) < 0.8 * strength).float()
    scale = fit * torch.exp(uniform(math.log(0.55), math.log(2.0), count, device=device) * is_changed)
    stretch = torch.exp(uniform(-0.12, 0.12, count, device=device) * is_changed)
    scales = torch.stack([scale * stretch, scale / stretch], 1)
    room = torch.tensor([width, height], device=device) - sizes * scales
    move = torch.rand(count, 2, device=device) * room * is_changed[:, None]
    window = torch.tensor([0.0, 0.0, width, height], device=device).expand(count, 4)
    is_flipped = torch.rand(count, device=device) < (0.5 if strength > 0 else 0.0)
    pixels, labels = resample(pictures, chosen, scales, move, is_flipped, window, size)
    return (pixels, *labels, pictures.trust[chosen])


def make_windows(pictures, count, window, size, strength=0.6):
    """Small windows round things at the scale that an input of `size` has: cheap to learn from. Bicycles and motorcycles
    are looked for first where a picture has some."""
    device = pictures.pixels.device
    chosen = draw(pictures, count)
    sizes = pictures.sizes[chosen]
    fit = torch.minimum(size[0] / sizes[:, 0], size[1] / sizes[:, 1])
    scale = fit * torch.exp(uniform(math.log(0.7), math.log(1.7), count, device=device))
    stretch = torch.exp(uniform(-0.1, 0.1, count, device=device))
    scales = torch.stack([scale * stretch, scale / stretch], 1)
    is_flipped = torch.rand(count, device=device) < 0.5
    kinds, corners = pictures.kinds[chosen], pictures.corners[chosen]
    is_cycle = sum((kinds == kind).float() for kind in CYCLES)
    wanted = ((kinds >= 0) & (kinds != IGNORE)).float() * 0.05 + is_cycle + 1e-6
    focus = torch.multinomial(wanted, 1)[:, 0]
    rows = torch.arange(count, device=device)
    centre = (corners[rows, focus, :2] + corners[rows, focus, 2:]) / 2
    is_empty = (kinds == -1).all(1)
    centre[is_empty] = torch.rand(int(is_empty.sum()), 2, device=device) * sizes[is_empty]
    centre[:, 0] = torch.where(is_flipped, sizes[:, 0] - centre[:, 0], centre[:, 0])
    sides = torch.tensor(window, dtype=torch.float32, device=device)
    room = sides - sizes * scales
    move = sides * uniform(0.25, 0.75, count, 2, device=device) - centre * scales
    move = torch.minimum(torch.maximum(move, room.clamp(max=0)), room.clamp(min=0))
    frame = torch.tensor([0.0, 0.0, *window], device=device).expand(count, 4)
    pixels, labels = resample(pictures, chosen, scales, move, is_flipped, frame, window)
    pixels = spoil(pixels, strength) if strength > 0 else pixels
    return Batch(pixels, *labels, pictures.trust[chosen])


def place_mosaic(pictures, count, size):
    """Four pictures around a point in the middle third, each scaled and cropped into its quarter."""
    device = pictures.pixels.device
    width, height = size
    x = uniform(0.35, 0.65, count, device=device) * width
    y = uniform(0.35, 0.65, count, device=device) * height
    zero = torch.zeros_like(x)
    windows = [
        (zero, zero, x, y),
        (x, zero, zero + width, y),
        (zero, y, x, zero + height),
        (x, y, zero + width, zero + height),
    ]
    pixels, parts, trusts = None, [], []
    for corners in windows:
        window = torch.stack(corners, 1)
        chosen = draw(pictures, count)
        sizes = pictures.sizes[chosen]
        whole = torch.minimum(width / sizes[:, 0], height / sizes[:, 1])
        scale = whole * torch.exp(uniform(math.log(0.4), math.log(1.3), count, device=device))
        stretch = torch.exp(uniform(-0.12, 0.12, count, device=device))
        scales = torch.stack([scale * stretch, scale / stretch], 1)
        room = window[:, 2:] - window[:, :2] - sizes * scales
        move = window[:, :2] + torch.rand(count, 2, device=device) * room
        is_flipped = torch.rand(count, device=device) < 0.5
        part, labels = resample(pictures, chosen, scales, move, is_flipped, window, size)
        is_inside = in_window(window, size, device)
        pixels = part if pixels is None else torch.where(is_inside, part, pixels)
        parts.append(labels)
        trusts.append(pictures.trust[chosen])
    labels = [torch.cat(each) for each in zip(*parts)]
    return (pixels, *labels, torch.stack(trusts).amin(0))


def in_window(window, size, device):
    width, height = size
    x = torch.arange(width, device=device) + 0.5
    y = torch.arange(height, device=device) + 0.5
    left, top, right, bottom = [each[:, None] for each in window.unbind(1)]
    is_column = (x >= left) & (x < right)
    is_row = (y >= top) & (y < bottom)
    return (is_row[:, :, None] & is_column[:, None, :])[:, None]


def resample(pictures, chosen, scales, move, is_flipped, window, size):
    """out = in * scale + move, mirrored within the picture; labels cut to the window. → pixels, flat labels"""
    device = pictures.pixels.device
    width, height = size
    source = pictures.take(chosen)
    sizes = pictures.sizes[chosen]
    canvas_height, canvas_width = source.shape[2:]
    x = (torch.arange(width, device=device) + 0.5 - move[:, :1]) / scales[:, :1]
    y = (torch.arange(height, device=device) + 0.5 - move[:, 1:]) / scales[:, 1:]
    is_in_x = (x >= 0) & (x < sizes[:, :1])
    is_in_y = (y >= 0) & (y < sizes[:, 1:])
    x = torch.where(is_flipped[:, None], sizes[:, :1] - x, x)
    # Half a pixel inside, so that what lies beyond the picture on the canvas does not bleed in.
    x = torch.minimum(x.clamp(min=0.5), sizes[:, :1] - 0.5) * (2 / canvas_width) - 1
    y = torch.minimum(y.clamp(min=0.5), sizes[:, 1:] - 0.5) * (2 / canvas_height) - 1
    grid = torch.stack([x[:, None, :].expand(-1, height, -1), y[:, :, None].expand(-1, -1, width)], 3)
    pixels = F.grid_sample(source, grid, mode="bilinear", padding_mode="border", align_corners=False)
    is_picture = (is_in_y[:, :, None] & is_in_x[:, None, :])[:, None]
    pixels = torch.where(is_picture, pixels, torch.full_like(pixels[:1, :1, :1, :1], GREY))
    return pixels, place_labels(pictures, chosen, scales, move, is_flipped, window)


def place_labels(pictures, chosen, scales, move, is_flipped, window):
    corners, kinds, scores = pictures.corners[chosen], pictures.kinds[chosen], pictures.scores[chosen]
    widths = pictures.sizes[chosen][:, :1]
    left, top, right, bottom = corners.unbind(2)
    flip = is_flipped[:, None]
    left, right = torch.where(flip, widths - right, left), torch.where(flip, widths - left, right)
    left, right = [each * scales[:, :1] + move[:, :1] for each in (left, right)]
    top, bottom = [each * scales[:, 1:] + move[:, 1:] for each in (top, bottom)]
    area = (right - left) * (bottom - top)
    left, right = [torch.minimum(torch.maximum(each, window[:, :1]), window[:, 2:3]) for each in (left, right)]
    top, bottom = [torch.minimum(torch.maximum(each, window[:, 1:2]), window[:, 3:4]) for each in (top, bottom)]
    seen = (right - left).clamp(min=0) * (bottom - top).clamp(min=0) / area.clamp(min=1e-3)
    longer = torch.maximum(right - left, bottom - top)
    shorter = torch.minimum(right - left, bottom - top)
    # What is cut to a rest, or gets too small to be seen, is neither learnt nor punished.
    is_poor = (seen < 0.35) | (longer < 7) | (shorter < 3)
    kinds = torch.where((kinds >= 0) & is_poor, torch.full_like(kinds, IGNORE), kinds)
    is_kept = (kinds >= 0) & (seen > 0.02) & (shorter > 0.5)
    picture = torch.arange(len(chosen), device=kinds.device)[:, None].expand_as(kinds)
    boxes = torch.stack([left, top, right, bottom], 2)
    return picture[is_kept], boxes[is_kept], kinds[is_kept], scores[is_kept]


def spoil(pixels, strength):
    """What light, weather, cheap cameras and encoders do to a picture; each to some of the batch."""
    count, _, height, width = pixels.shape
    device = pixels.device

    def some(share):
        return torch.randperm(count, device=device)[: int(round(count * share * strength))]

    pixels = rescale_some(pixels, some(0.15))
    pixels = blur_some(pixels, some(0.12))
    pixels = colour(pixels)
    pixels = night_some(pixels, some(0.1))
    pixels = fog_some(pixels, some(0.06))
    pixels = rain_some(pixels, some(0.06))
    pixels = noise_some(pixels, some(0.4))
    pixels = blocks_some(pixels.clamp(0, 255), some(0.3))
    return pixels.clamp(0, 255)


def colour(pixels):
    """Gamma, contrast, brightness, white balance, saturation; one in ten grey."""
    count, device = len(pixels), pixels.device
    shape = (count, 1, 1, 1)
    gamma = torch.exp(uniform(-0.35, 0.35, *shape, device=device))
    pixels = (pixels / 255).clamp(min=1e-4) ** gamma * 255
    gain = torch.exp(uniform(-0.25, 0.25, *shape, device=device)) * torch.exp(
        uniform(-0.08, 0.08, count, 3, 1, 1, device=device)
    )
    pixels = (pixels - 114) * gain + 114 + uniform(-25, 25, *shape, device=device)
    weight = torch.tensor([0.114, 0.587, 0.299], device=device).view(1, 3, 1, 1)
    grey = (pixels * weight).sum(1, keepdim=True)
    saturation = uniform(0.4, 1.5, *shape, device=device) * (torch.rand(*shape, device=device) > 0.1)
    return grey + (pixels - grey) * saturation


def put(pixels, chosen, changed):
    return pixels.index_copy(0, chosen, changed)


def rescale_some(pixels, chosen):
    if len(chosen) == 0:
        return pixels
    size = pixels.shape[2:]
    factor = 0.45 + 0.4 * float(torch.rand(()))
    small = F.interpolate(pixels[chosen], scale_factor=factor, mode="bilinear", align_corners=False)
    return put(pixels, chosen, F.interpolate(small, size=size, mode="bilinear", align_corners=False))


def blur_some(pixels, chosen):
    """Half of them by a box of 3, half by a line of 7 along the way of a shaken camera."""
    if len(chosen) == 0:
        return pixels
    kernel = torch.zeros(2, 7, 7, device=pixels.device)
    kernel[0, 2:5, 2:5] = 1 / 9
    kernel[1, 3, 1:6] = 1 / 5
    which = kernel[torch.arange(len(chosen), device=pixels.device) % 2]
    part = pixels[chosen]
    out = F.conv2d(
        part.reshape(1, -1, *part.shape[2:]),
        which.repeat_interleave(3, 0)[:, None],
        padding=3,
        groups=part.shape[0] * 3,
    )
    return put(pixels, chosen, out.view_as(part))


def night_some(pixels, chosen):
    if len(chosen) == 0:
        return pixels
    device, shape = pixels.device, (len(chosen), 1, 1, 1)
    part = pixels[chosen].clamp(0, 255)
    dark = (part / 255).clamp(min=1e-4) ** uniform(1.2, 2.2, *shape, device=device) * uniform(100, 230, *shape, device=device)
    warm = torch.tensor([0.75, 0.95, 1.1], device=device).view(1, 3, 1, 1)
    dark = dark * torch.where(torch.rand(*shape, device=device) < 0.5, warm, torch.ones_like(warm))
    return put(pixels, chosen, dark + torch.randn_like(dark) * uniform(3, 14, *shape, device=device))


def fog_some(pixels, chosen):
    if len(chosen) == 0:
        return pixels
    shape = (len(chosen), 1, 1, 1)
    depth = torch.linspace(1, 0.4, pixels.shape[2], device=pixels.device).view(1, 1, -1, 1)
    share = uniform(0.2, 0.75, *shape, device=pixels.device) * depth
    return put(pixels, chosen, pixels[chosen] * (1 - share) + uniform(150, 220, *shape, device=pixels.device) * share)


def rain_some(pixels, chosen):
    """Thin bright streaks, nearly upright."""
    if len(chosen) == 0:
        return pixels
    count, device = len(chosen), pixels.device
    drops = (torch.rand(count, 1, *pixels.shape[2:], device=device) < 0.0025).float()
    kernel = torch.zeros(1, 1, 15, 15, device=device)
    lean = float(torch.rand(())) * 6 - 3
    for row in range(15):
        kernel[0, 0, row, int(round(7 + lean * (row - 7) / 7))] = 1
    streaks = F.conv2d(drops, kernel, padding=7).clamp(max=1)
    return put(pixels, chosen, pixels[chosen] + streaks * uniform(25, 80, count, 1, 1, 1, device=device))


def noise_some(pixels, chosen):
    if len(chosen) == 0:
        return pixels
    part = pixels[chosen]
    noise = torch.randn_like(part) * uniform(1, 12, len(chosen), 1, 1, 1, device=pixels.device)
    return put(pixels, chosen, part + noise)


def blocks_some(pixels, chosen):
    """Blocks of 8x8 with their fine waves rounded coarsely, as JPEG and H.264 do when bits are short."""
    if len(chosen) == 0:
        return pixels
    device = pixels.device
    part = pixels[chosen]
    count, _, height, width = part.shape
    place = torch.arange(8, device=device).float()
    waves = torch.cos((place[None] + 0.5) * place[:, None] * math.pi / 8) * 0.5
    waves[0] = math.sqrt(1 / 8)
    basis = torch.einsum("ux,vy->uvxy", waves, waves).reshape(64, 1, 8, 8)
    flat = F.conv2d(part.reshape(-1, 1, height, width), basis, stride=8)
    step = 8 + 6 * (place[:, None] + place[None]).reshape(1, 64, 1, 1)
    step = step * torch.exp(uniform(-0.7, 1.3, count, 1, 1, 1, device=device)).repeat_interleave(3, 0)
    flat = torch.round(flat / step) * step
    return put(pixels, chosen, F.conv_transpose2d(flat, basis, stride=8).view_as(part))
