"""Average precision at overlap 0.5 per kind, on pictures fed as the detector is fed when it is used."""
import numpy as np
import torch
from torch.nn import functional as F

from loss import Cells, decode
from net import KINDS, half_precision
from pictures import IGNORE

SCORE_LEAST = 0.02
FOUND_MOST = 300


@torch.no_grad()
def find(net, pictures, size, step=64):
    """→ per picture: corners in pixels of the stored picture, scores, kinds (numpy)"""
    device = pictures.pixels.device
    width, height = size
    cells = Cells(size, device)
    found = []
    for start in range(0, len(pictures), step):
        chosen = slice(start, min(len(pictures), start + step))
        sizes = pictures.sizes[chosen].cpu()
        inputs = torch.full((len(sizes), 3, height, width), 114.0, device=device)
        scales = []
        for index, (wide, high) in enumerate(sizes.long().tolist()):
            scale = min(width / wide, height / high)
            out = (max(1, round(high * scale)), max(1, round(wide * scale)))
            part = pictures.take(slice(start + index, start + index + 1))[:, :, :high, :wide]
            inputs[index, :, : out[0], : out[1]] = F.interpolate(part, size=out, mode="bilinear", align_corners=False)[0]
            scales.append(scale)
        with half_precision(device):
            answers = net(inputs)
        answers = answers.float()
        boxes, scores = decode(answers, cells), answers[..., 4:].sigmoid()
        for index, scale in enumerate(scales):
            found.append(suppress(boxes[index] / scale, scores[index]))
    return found


def suppress(boxes, scores, overlap_most=0.6):
    """Greedy, per kind."""
    best, kinds = scores.max(1)
    top, order = best.topk(min(FOUND_MOST, len(best)))
    order = order[top > SCORE_LEAST]
    boxes, best, kinds = boxes[order], best[order], kinds[order]
    away = kinds[:, None].float() * 10000
    matrix = overlap_matrix(boxes + away, boxes + away).cpu().numpy()
    kept, is_gone = [], np.zeros(len(best), bool)
    for index in range(len(best)):
        if is_gone[index]:
            continue
        kept.append(index)
        is_gone |= matrix[index] > overlap_most
    return boxes[kept].cpu().numpy(), best[kept].cpu().numpy(), kinds[kept].cpu().numpy()


def overlap_matrix(a, b):
    corner = torch.maximum(a[:, None, :2], b[None, :, :2])
    shared = (torch.minimum(a[:, None, 2:], b[None, :, 2:]) - corner).clamp(min=0).prod(2)
    areas = [(each[:, 2:] - each[:, :2]).clamp(min=0).prod(1) for each in (a, b)]
    return shared / (areas[0][:, None] + areas[1][None] - shared + 1e-6)


def average_precisions(found, pictures):
    """→ {kind: (average precision, labels)} of the kinds that are labelled"""
    corners, kinds = pictures.corners.cpu().numpy(), pictures.kinds.cpu().numpy()
    result = {}
    for kind, name in enumerate(KINDS):
        scores, hits, count = [], [], 0
        for index, (boxes, best, found_kinds) in enumerate(found):
            labels, ignored = corners[index][kinds[index] == kind], corners[index][kinds[index] == IGNORE]
            count += len(labels)
            chosen = found_kinds == kind
            judged = judge(boxes[chosen], labels, ignored)
            scores += [score for score, hit in zip(best[chosen], judged) if hit is not None]
            hits += [hit for hit in judged if hit is not None]
        if count > 0:
            result[name] = (area_under(np.array(scores), np.array(hits, float), count), count)
    return result


def judge(boxes, labels, ignored):
    """Best first, each takes the free label that it overlaps most. → True, False, or None where it counts neither way"""
    is_taken = np.zeros(len(labels), bool)
    judged = []
    iou, inside = share(boxes, labels), share(boxes, ignored, of_first=True)
    for index in range(len(boxes)):
        open_iou = np.where(is_taken, 0, iou[index]) if len(labels) else np.zeros(0)
        if len(open_iou) and open_iou.max() >= 0.5:
            is_taken[open_iou.argmax()] = True
            judged.append(True)
        elif len(ignored) and inside[index].max() >= 0.5:
            judged.append(None)
        else:
            judged.append(False)
    return judged


def share(a, b, of_first=False):
    if len(a) == 0 or len(b) == 0:
        return np.zeros((len(a), len(b)))
    corner = np.maximum(a[:, None, :2], b[None, :, :2])
    shared = (np.minimum(a[:, None, 2:], b[None, :, 2:]) - corner).clip(0).prod(2)
    first, second = [(each[:, 2:] - each[:, :2]).clip(0).prod(1) for each in (a, b)]
    return shared / (first[:, None] + 1e-6 if of_first else first[:, None] + second[None] - shared + 1e-6)


def area_under(scores, hits, count):
    if len(scores) == 0:
        return 0.0
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(hits[order])
    precision = right / np.arange(1, len(order) + 1)
    recall = right / count
    ceiling = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(np.concatenate([[0], recall])) * ceiling).sum())


def describe(result):
    mean = sum(each[0] for each in result.values()) / max(1, len(result))
    return f"mean {mean:.3f} | " + ", ".join(f"{name} {ap:.3f} of {count}" for name, (ap, count) in result.items())
