"""Which cell answers for which thing, and what its answer costs.

Cells are given to things by how well they already answer (task alignment, Feng et al., TOOD, arXiv:2108.07755), among the
5 x 5 cells of each stride around the thing's centre: a list of things times 75 cells, whatever the size of the batch.
Scores learn the overlap that their box has (quality focal loss, Li et al., arXiv:2006.04388); boxes by generalised overlap
(Rezatofighi et al., arXiv:1902.09630). Cells inside a region to ignore cost nothing unless a thing is theirs.
"""
import torch
from torch.nn import functional as F

from net import STRIDES
from pictures import IGNORE

REACH = 2
CELLS_A_THING = 10


class Cells:
    """Columns, rows and strides of all cells for an input of one size."""

    def __init__(self, size, device):
        width, height = size
        columns, rows, strides = [], [], []
        self.levels = []
        start = 0
        for stride in STRIDES:
            wide, high = width // stride, height // stride
            row, column = torch.meshgrid(torch.arange(high), torch.arange(wide), indexing="ij")
            columns.append(column.reshape(-1))
            rows.append(row.reshape(-1))
            strides.append(torch.full((wide * high,), float(stride)))
            self.levels.append((stride, wide, high, start))
            start += wide * high
        self.column = torch.cat(columns).float().to(device)
        self.row = torch.cat(rows).float().to(device)
        self.stride = torch.cat(strides).to(device)
        self.x = (self.column + 0.5) * self.stride
        self.y = (self.row + 0.5) * self.stride
        self.count = start


def decode(answers, cells):
    """[..., cells, 4 + kinds] → corners in pixels [..., cells, 4]"""
    x = (answers[..., 0] + cells.column) * cells.stride
    y = (answers[..., 1] + cells.row) * cells.stride
    half_width = answers[..., 2].clamp(-6, 6).exp() * cells.stride / 2
    half_height = answers[..., 3].clamp(-6, 6).exp() * cells.stride / 2
    return torch.stack([x - half_width, y - half_height, x + half_width, y + half_height], -1)


def overlaps(a, b, is_generalised=False):
    """Intersection over union of boxes that face each other; corners in the last dimension."""
    shared = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    area_a = (a[..., 2:] - a[..., :2]).clamp(min=0).prod(-1)
    area_b = (b[..., 2:] - b[..., :2]).clamp(min=0).prod(-1)
    union = area_a + area_b - shared + 1e-6
    iou = shared / union
    if not is_generalised:
        return iou
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1) + 1e-6
    return iou - (hull - union) / hull


def candidates(corners, cells):
    """Per thing the cells around its centre, of each stride. → indices [things, 75], whether each is one"""
    device = corners.device
    centre_x, centre_y = (corners[:, 0] + corners[:, 2]) / 2, (corners[:, 1] + corners[:, 3]) / 2
    longer = (corners[:, 2:] - corners[:, :2]).amax(1)
    around = torch.arange(-REACH, REACH + 1, device=device)
    indices, allowed = [], []
    for stride, wide, high, start in cells.levels:
        column = (centre_x / stride).floor().long()[:, None, None] + around[None, None, :]
        row = (centre_y / stride).floor().long()[:, None, None] + around[None, :, None]
        column, row = torch.broadcast_tensors(column, row)
        is_in_grid = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
        x, y = (column + 0.5) * stride, (row + 0.5) * stride
        box = corners[:, :, None, None]
        is_inside = (x > box[:, 0]) & (x < box[:, 2]) & (y > box[:, 1]) & (y < box[:, 3])
        is_beside = ((x - centre_x[:, None, None]).abs() < stride) & ((y - centre_y[:, None, None]).abs() < stride)
        # A thing smaller than a cell has no cell's centre inside: its neighbours answer for it.
        is_small = (longer >= stride * 0.75) | (stride == STRIDES[0])
        is_allowed = is_in_grid & (is_inside | (is_beside & is_small[:, None, None]))
        index = start + row.clamp(0, high - 1) * wide + column.clamp(0, wide - 1)
        indices.append(index.flatten(1))
        allowed.append(is_allowed.flatten(1))
    return torch.cat(indices, 1), torch.cat(allowed, 1)


@torch.no_grad()
def assign(boxes, logits, batch, cells):
    """→ for the cells that answer for a thing: flat cell index, index of the thing, target score."""
    things = (batch.kinds != IGNORE).nonzero()[:, 0]
    empty = torch.zeros(0, dtype=torch.long, device=boxes.device)
    if len(things) == 0:
        return empty, empty, torch.zeros(0, device=boxes.device)
    picture, corners, kinds = batch.picture[things], batch.corners[things], batch.kinds[things]
    index, is_allowed = candidates(corners, cells)
    flat = picture[:, None] * cells.count + index
    iou = overlaps(boxes.reshape(-1, 4)[flat], corners[:, None])
    score = logits.reshape(-1, logits.shape[-1])[flat, kinds[:, None]].sigmoid()
    align = score.sqrt() * iou**5 * is_allowed
    best, place = align.topk(CELLS_A_THING, dim=1)
    iou, flat = iou.gather(1, place), flat.gather(1, place)
    is_chosen = best > 1e-12
    # A cell that several things want goes to the one that it overlaps most; of equals, to the last.
    order = torch.arange(len(things), device=boxes.device)[:, None].expand_as(flat)
    most = torch.zeros(boxes.shape[0] * cells.count, device=boxes.device)
    most.scatter_reduce_(0, flat[is_chosen], iou[is_chosen], "amax")
    is_chosen &= iou >= most[flat]
    owner = torch.full((len(most),), -1.0, device=boxes.device)
    owner.scatter_reduce_(0, flat[is_chosen], order[is_chosen].float(), "amax")
    is_chosen &= order.float() == owner[flat]
    best, iou = best * is_chosen, iou * is_chosen
    target = best / best.amax(1, keepdim=True).clamp(min=1e-12) * iou.amax(1, keepdim=True)
    return flat[is_chosen], things[order[is_chosen]], target[is_chosen]


def ignored_cells(batch, cells, count):
    """[batch, cells]: 1 where the cell's centre lies in a region to ignore."""
    mask = torch.zeros(count, cells.count, device=batch.corners.device)
    chosen = (batch.kinds == IGNORE).nonzero()[:, 0]
    if len(chosen) == 0:
        return mask
    left, top, right, bottom = [each[:, None] for each in batch.corners[chosen].unbind(1)]
    edge = 2.0
    is_inside = (cells.x > left - edge) & (cells.x < right + edge) & (cells.y > top - edge) & (cells.y < bottom + edge)
    mask.index_add_(0, batch.picture[chosen], is_inside.float())
    return mask.clamp(max=1)


def detection_loss(answers, batch, cells):
    """answers [batch, cells, 4 + kinds] float32 → loss, and its parts for the log"""
    logits = answers[..., 4:]
    boxes = decode(answers, cells)
    flat, thing, target = assign(boxes.detach(), logits.detach(), batch, cells)
    wanted = torch.zeros_like(logits).reshape(-1, logits.shape[-1])
    wanted[flat, batch.kinds[thing]] = target
    weight = (1 - ignored_cells(batch, cells, len(answers)))[:, :, None] * batch.trust[:, None, :]
    weight = weight.reshape(-1, logits.shape[-1])
    flat_logits = logits.reshape(-1, logits.shape[-1])
    cost = F.binary_cross_entropy_with_logits(flat_logits, wanted, reduction="none")
    # Things that are one kind for sure teach more than those that the teachers were unsure of.
    sure = 0.4 + 0.6 * batch.scores[thing].clamp(0, 1)
    weight[flat] = sure[:, None]
    cost = cost * (flat_logits.detach().sigmoid() - wanted).abs() ** 2 * weight
    total = target.sum().clamp(min=1.0)
    score_loss = cost.sum() / total
    generalised = overlaps(boxes.reshape(-1, 4)[flat], batch.corners[thing], is_generalised=True)
    box_loss = ((1 - generalised) * target * sure).sum() / total
    found = (target.detach().sum() / max(1, len(target))) if len(target) else total * 0
    return score_loss + 2.0 * box_loss, (score_loss.detach(), box_loss.detach(), found)
