"""Training pictures as one tensor on the device: from a pack (pack.py) and from renders of the city in the box."""
import glob
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import torch

from net import KINDS

CANVAS_HEIGHT, CANVAS_WIDTH = 480, 640
IGNORE = 9
LABELS_MOST = 160
CYCLES = [KINDS.index("bicycle"), KINDS.index("motorcycle")]
# Nearer crops of a frame round its bicycles and motorcycles: their sizes as shares of it.
CROPS = (0.5, 0.7)


class Pictures:
    """`pixels` [n, 480, 640, 3] uint8 BGR, each picture at the top left; `sizes` [n, 2] width, height; `corners`
    [n, labels, 4] pixels; `kinds` [n, labels], -1 where there is none, 9 = ignore; `scores` [n, labels]; `trust` [n,
    kinds]: how much a thing found where there is no label is punished; `weights` [n]: how often a picture is drawn."""

    def __init__(self, items, device):
        n = len(items)
        self.pixels = torch.full((n, CANVAS_HEIGHT, CANVAS_WIDTH, 3), 114, dtype=torch.uint8, device=device)
        sizes = torch.zeros(n, 2)
        most = max([1] + [min(LABELS_MOST, len(item["boxes"])) for item in items])
        corners = torch.zeros(n, most, 4)
        kinds = torch.full((n, most), -1, dtype=torch.long)
        scores = torch.ones(n, most)
        for index, item in enumerate(items):
            height, width = item["picture"].shape[:2]
            self.pixels[index, :height, :width] = torch.from_numpy(item["picture"]).to(device)
            sizes[index] = torch.tensor([width, height])
            # Where a picture has more labels than there is room for, real ones come first.
            boxes = np.asarray(sorted(item["boxes"], key=lambda row: row[0] == IGNORE)[:most], np.float32)
            if len(boxes) == 0:
                continue
            kinds[index, : len(boxes)] = torch.from_numpy(boxes[:, 0]).long()
            half = boxes[:, 3:5] / 2
            corner = np.concatenate([boxes[:, 1:3] - half, boxes[:, 1:3] + half], 1) * [width, height, width, height]
            corners[index, : len(boxes)] = torch.from_numpy(corner.astype(np.float32))
            scores[index, : len(boxes)] = torch.from_numpy(boxes[:, 5])
        self.sizes = sizes.to(device)
        self.corners = corners.to(device)
        self.kinds = kinds.to(device)
        self.scores = scores.to(device)
        self.trust = torch.tensor([item["trust"] for item in items], dtype=torch.float32).reshape(n, len(KINDS)).to(device)
        self.weights = torch.tensor(draw_weights(items), dtype=torch.float32).to(device)

    def __len__(self):
        return len(self.pixels)

    def take(self, chosen):
        """→ [chosen, 3, 480, 640] float"""
        return self.pixels[chosen].permute(0, 3, 1, 2).float()


def draw_weights(items):
    """Pictures of a scene are alike: a scene counts by the root of their number. Rare kinds are drawn more often
    (repeat factors, Gupta et al., LVIS, arXiv:1908.03195). Renders make up a given share (`share` of an item)."""
    counts = {}
    for item in items:
        counts[item["scene"]] = counts.get(item["scene"], 0) + 1
    held = [{int(row[0]) for row in item["boxes"] if row[0] != IGNORE} for item in items]
    often = [sum(kind in each for each in held) / max(1, len(items)) for kind in range(len(KINDS))]
    factor = [max(1.0, (0.3 / max(share, 1e-3)) ** 0.5) for share in often]
    weights = []
    for item, kinds in zip(items, held):
        weights.append(counts[item["scene"]] ** -0.5 * max([1.0] + [factor[kind] for kind in kinds]))
    weights = np.array(weights)
    shares = np.array([item["share"] for item in items])
    for share in set(shares[shares > 0]):
        chosen = shares == share
        rest = weights[shares == 0].sum()
        if rest > 0:
            weights[chosen] *= share / (1 - share) * rest / weights[chosen].sum()
    return weights


def read_pack(path, limit=None):
    """→ (items to train on, items held out)"""
    pack = np.load(path)
    offsets, blobs = pack["offsets"], pack["blobs"].tobytes()
    scenes, sources, held_out, boxes = pack["scenes"], pack["sources"], pack["held_out"], pack["boxes"]
    count = len(scenes)
    starts = np.searchsorted(boxes[:, 0], np.arange(count + 1))
    chosen = range(count) if limit is None else np.linspace(0, count - 1, min(count, limit)).astype(int)

    def item(index):
        blob = np.frombuffer(blobs[offsets[index] : offsets[index + 1]], np.uint8)
        picture = cv2.imdecode(blob, cv2.IMREAD_COLOR)
        if picture is None:
            picture = decode_with_pillow(blob.tobytes())
        rows = boxes[starts[index] : starts[index + 1], 1:].tolist()
        # Pseudo-labels miss things; a picture with nothing in it is sure.
        trust = [1.0 if len(rows) == 0 else 0.7] * len(KINDS)
        return dict(picture=fit_canvas(picture), boxes=rows, scene=str(scenes[index]), trust=trust, share=0.0)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        items = list(pool.map(item, chosen))
    chosen_held = [bool(held_out[index]) for index in chosen]
    train = [each for each, is_held in zip(items, chosen_held) if not is_held]
    return train, [each for each, is_held in zip(items, chosen_held) if is_held]


def decode_with_pillow(blob):
    import io

    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(blob)).convert("RGB"))[:, :, ::-1].copy()


def fit_canvas(picture):
    height, width = picture.shape[:2]
    factor = min(CANVAS_WIDTH / width, CANVAS_HEIGHT / height)
    if factor >= 1:
        return picture
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def read_renders(folder, held_out=(), share=0.35, clip_every=30, jobs=(), say=print, crops=0):
    """Every shot below the folder that has a truth: NAME.jsonl, and pictures NAME*.ppm (or in a
    folder NAME) or a clip NAME.mp4; what kind its agents are: see read_kinds. Shots whose name begins with a held-out view are left alone.
    Of a clip's frames up to `crops` crops are taken as well. → items"""
    items = []
    truths = sorted(glob.glob(os.path.join(folder, "**", "*.jsonl"), recursive=True))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for shot, found in zip(truths, pool.map(lambda path: read_shot(path, held_out, clip_every, jobs, crops), truths)):
            drawn = [row[0] for item in found for row in item["boxes"]]
            counts = ", ".join(f"{name} {drawn.count(kind)}" for kind, name in enumerate(KINDS) if drawn.count(kind))
            say(f"renders: {os.path.basename(shot)}: {len(found)} pictures, {counts or 'no labels'}")
            items += found
    for item in items:
        item["share"] = share
    return items


def find_file(base, ending, jobs):
    """NAME.ending beside the truth, or below one of the jobs' folders."""
    name = os.path.basename(base) + ending
    beside = os.path.join(os.path.dirname(base), name)
    elsewhere = (os.path.join(root, name) for job in jobs for root, _, names in os.walk(job) if name in names)
    return beside if os.path.exists(beside) else next(elsewhere, None)


def read_kinds(base, jobs):
    """→ a function from frame to {agent id: kind}. From NAME.kinds.json ([[id, kind], …] per frame), NAME.agents.json (the
    same in all frames), or NAME.inst with the library's catalogue.json, which says what kind a mesh is."""
    per_frame = find_file(base, ".kinds.json", jobs)
    if per_frame:
        frames = [dict((int(key), kind) for key, kind in pairs) for pairs in json.load(open(per_frame))]
        return lambda frame: frames[frame]
    same = find_file(base, ".agents.json", jobs)
    if same:
        kinds = read_agents(same)
        return lambda frame: kinds
    instances, catalogue = find_file(base, ".inst", jobs), find_file(os.path.join(os.path.dirname(base), "catalogue"), ".json", jobs)
    if not instances or not catalogue:
        raise ValueError("neither .kinds.json, .agents.json, nor .inst with catalogue.json was found")
    frames = kinds_of_instances(instances, catalogue)
    return lambda frame: frames[frame]


def kinds_of_instances(path, catalogue):
    kind_of = {}
    for entry in json.load(open(catalogue)):
        for phase in range(entry.get("phases", 1)):
            kind_of[entry["id"] + phase] = entry["kind"]
    words = np.fromfile(path, "<u4")
    frames, at, unknown = [], 2, 0
    for _ in range(int(words[1])):
        count = int(words[at])
        rows = words[at + 1 : at + 1 + count * 16].reshape(count, 16)
        unknown += sum(row[1] > 0 and int(row[0]) not in kind_of for row in rows)
        frames.append({int(row[1]): kind_of[int(row[0])] for row in rows if row[1] > 0 and int(row[0]) in kind_of})
        at += 1 + count * 16
    if unknown > 0:
        print(f"renders: {os.path.basename(path)}: {unknown} agents have no mesh of the catalogue", flush=True)
    return frames


def read_frames(path):
    """→ {frame: agents}; a line that a killed tracer left half written is left out."""
    frames = {}
    for line in open(path):
        try:
            read = json.loads(line)
        except ValueError:
            continue
        frames[read["frame"]] = read["agents"]
    return frames


def read_shot(truth_path, held_out, clip_every, jobs=(), crops=0):
    base = re.sub(r"(\.truth)?\.jsonl$", "", truth_path)
    name = os.path.basename(base)
    if any(name == view or re.match(re.escape(view) + r"[-_.]", name) for view in held_out):
        return []
    try:
        return read_pictures(base, read_frames(truth_path), read_kinds(base, jobs), clip_every, crops)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        # One bad shot must not cost the time of a lent machine.
        print(f"renders: {name} left out: {error!r}", flush=True)
        return []


def read_pictures(base, frames, kinds_at, clip_every, crops):
    name = os.path.basename(base)
    beside = re.compile(re.escape(name) + r"[-_.]\d+\.ppm")
    stills = [path for path in glob.glob(glob.escape(base) + "*.ppm") if beside.fullmatch(os.path.basename(path))]
    stills = sorted(stills) + sorted(glob.glob(glob.escape(base) + "/*.ppm"))
    is_from_one = len(stills) > 0 and min(map(number_of, stills)) == 1 and 0 in frames
    items = []
    for path in stills:
        frame = number_of(path) - is_from_one
        picture = cv2.imread(path, cv2.IMREAD_COLOR)
        if picture is not None and frame in frames:
            agents, kinds = frames[frame], kinds_at(frame)
            items.append(render_item(picture, agents, kinds, f"{name}-{frame}"))
            items += crop_items(picture, agents, kinds, f"{name}-{frame} near", crops, frame)
    for clip in sorted(sum([glob.glob(glob.escape(base) + end) for end in (".mp4", ".mkv", ".264", ".h264", ".y4m")], [])):
        items += read_clip(clip, frames, kinds_at, name, clip_every, crops)
    return items


def number_of(path):
    return int(re.findall(r"\d+", os.path.basename(path)[: -len(".ppm")])[-1])


def read_clip(path, frames, kinds_at, name, every, crops):
    capture = cv2.VideoCapture(path)
    items, frame = [], 0
    while capture.grab():
        if frame % every == 0 and frame in frames:
            is_read, picture = capture.retrieve()
            if is_read:
                agents, kinds = frames[frame], kinds_at(frame)
                items.append(render_item(picture, agents, kinds, name))
                items += crop_items(picture, agents, kinds, f"{name} near", crops, frame)
        frame += 1
    return items


def crop_items(picture, agents, kinds, scene, most, seed):
    """Parts of a large frame round some of its bicycles and motorcycles: as a longer lens would show them."""
    height, width = picture.shape[:2]
    random = np.random.default_rng(seed)
    seen = [each for each in agents if kinds.get(each["id"]) in ("bicycle", "motorcycle") and each["visible"] * 4 > each["full"]]
    random.shuffle(seen)
    items = []
    for each in seen[:most]:
        share = CROPS[int(random.integers(len(CROPS)))]
        wide, high = int(width * share), int(height * share)
        left, top, right, bottom = each["box"]
        x = int(np.clip((left + right) / 2 - wide * random.uniform(0.3, 0.7), 0, width - wide))
        y = int(np.clip((top + bottom) / 2 - high * random.uniform(0.3, 0.7), 0, height - high))
        inside = [moved for moved in (move_agent(one, x, y, wide, high) for one in agents) if moved is not None]
        items.append(render_item(picture[y : y + high, x : x + wide].copy(), inside, kinds, scene))
    return items


def move_agent(agent, x, y, wide, high):
    """As the crop sees it; of what the crop cuts to less than half, hardly anything is told to be seen."""
    def shift(box):
        return [box[0] - x, box[1] - y, box[2] - x, box[3] - y]

    box = shift(agent["box"])
    cut = max(0, min(box[2], wide) - max(box[0], 0)) * max(0, min(box[3], high) - max(box[1], 0))
    share = cut / max(1, (box[2] - box[0]) * (box[3] - box[1]))
    if share < 0.05:
        return None
    visible = agent["visible"] if share > 0.5 else min(agent["visible"], 0.2 * agent["full"])
    seen = shift(agent["seen"]) if agent.get("seen") else None
    return dict(agent, box=box, seen=seen, visible=visible)


def read_agents(path):
    """Agent id → kind: {"agents": [{"id", "kind"}]}, [{"id", "kind"}] or {"id": kind or {"kind"}}."""
    found = json.load(open(path))
    found = found.get("agents", found) if isinstance(found, dict) else found
    if isinstance(found, dict):
        return {int(key): value["kind"] if isinstance(value, dict) else value for key, value in found.items()}
    return {int(each["id"]): each["kind"] for each in found}


def render_item(picture, agents, kinds, scene):
    """The whole silhouette where at least half of it is seen, what is seen below that; below a quarter the silhouette is a
    region to ignore, below a twentieth the thing is not there."""
    height, width = picture.shape[:2]
    rows = []
    for agent in agents:
        kind = kinds.get(agent["id"])
        share = agent.get("visible", 1) / max(1, agent.get("full", 1))
        if kind not in KINDS or share < 0.05:
            continue
        left, top, right, bottom = agent["seen"] if 0.25 <= share < 0.5 else agent["box"]
        left, right = max(0.0, left), min(float(width), right)
        top, bottom = max(0.0, top), min(float(height), bottom)
        if right - left < 1 or bottom - top < 1:
            continue
        is_small = max(right - left, bottom - top) * min(1.0, CANVAS_WIDTH / width) < 8
        label = IGNORE if share < 0.25 or is_small else KINDS.index(kind)
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([label, *box, 1.0])
    return dict(picture=fit_canvas(picture), boxes=rows, scene=scene, trust=[1.0] * len(KINDS), share=0.35)
