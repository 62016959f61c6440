"""Packs labelled pictures into one file of at most so many MiB, split by scene: python3 pack.py --street DIR --out train.pack

A pack is an .npz: `blobs` (WebP pictures one after the other), `offsets`, `scenes`, `sources`, `held_out`, and `boxes`
with one row a label: picture, kind (index into KINDS; 9 = ignore), centre x, centre y, width, height (fractions), score.
"""
import argparse
import io
import os
import random
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

COCO = {0: 0, 1: 1, 3: 2, 2: 3, 5: 4, 7: 5}

# Scenes that are never trained on: high and low, junctions, motorways, yards, one dusk, an empty road.
HELD_OUT = {
    "india-roundabout", "london-zebra", "plaza-crossing", "crosswalk-junction", "highway-crop", "cctv-yard",
    "us-highway-median", "wide-junction", "wsdot-a", "wsdot-b", "stairs-sidewalk", "junction-night", "street-side",
    "square-people", "desert-road",
}  # fmt: skip


def scene_of(path):
    """The part of the name before the underscore; an empty crop belongs to the scene it was cut from."""
    return re.sub(r"^empty-", "", os.path.basename(path).split("_")[0])


def refused_scenes(table, licences):
    """Scenes whose row in the table of sources names one of the licences."""
    scenes = set()
    for line in open(table, encoding="utf8"):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 6 and any(licence in cells[5] for licence in licences):
            scenes.add(re.sub(r"^empty-", "", cells[1]))
    return scenes


def read_labels(path, classes=None):
    rows = []
    if not os.path.exists(path):
        return rows
    for line in open(path):
        parts = line.split()
        kind = int(parts[0])
        if classes is not None and kind not in classes:
            continue
        score = float(parts[5]) if len(parts) > 5 else 1.0
        rows.append([kind if classes is None else classes[kind], *map(float, parts[1:5]), score])
    return rows


def list_pictures(folder, source, refused=()):
    """Every JPEG below the folder, with its labels beside it."""
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if not name.endswith(".jpg"):
                continue
            path = os.path.join(root, name)
            if scene_of(path) in refused:
                continue
            labels = os.path.splitext(path)[0].replace("/images/", "/labels/") + ".txt"
            scene = "coco" if source == "coco" else scene_of(path)
            yield dict(path=path, scene=scene, source=source, labels=labels)


def is_held_out(picture):
    return picture["source"] == "street" and picture["scene"] in HELD_OUT


def encode(path, long_side, quality):
    picture = Image.open(path).convert("RGB")
    factor = long_side / max(picture.size)
    if factor < 1:
        size = [max(1, round(side * factor)) for side in picture.size]
        picture = picture.resize(size, Image.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=quality, method=6)
    return buffer.getvalue()


def choose_quality(paths, long_side, bytes_most):
    """The best quality at which a sample says that all of them fit."""
    sample = random.Random(1).sample(paths, min(len(paths), 240))
    low, high = 20, 90
    while high - low > 1:
        quality = (low + high) // 2
        mean = sum(len(encode(path, long_side, quality)) for path in sample) / len(sample)
        low, high = (quality, high) if mean * len(paths) < bytes_most * 0.97 else (low, quality)
    return low


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--street", required=True, help="folder of NAME.jpg and NAME.txt")
    parser.add_argument("--sources", help="table of sources; scenes under --without are left out")
    parser.add_argument("--without", nargs="*", default=["GPL"])
    parser.add_argument("--coco", help="folder with images/ and labels/ of COCO's 80 classes")
    parser.add_argument("--frames", help="folder of further NAME.jpg and NAME.txt, never held out")
    parser.add_argument("--held-out-every", type=int, default=3, help="of the held-out pictures, so many go along")
    parser.add_argument("--long-side", type=int, default=480)
    parser.add_argument("--mebibytes", type=float, default=26)
    parser.add_argument("--quality", type=int, help="absent: what fits")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    refused = refused_scenes(options.sources, options.without) if options.sources else set()
    pictures = list(list_pictures(options.street, "street", refused))
    if options.coco:
        pictures += list_pictures(options.coco, "coco")
    if options.frames:
        pictures += list_pictures(options.frames, "frames")
    held = [each for each in pictures if is_held_out(each)]
    chosen = {each["path"] for each in held[:: options.held_out_every]}
    pictures = [each for each in pictures if not is_held_out(each) or each["path"] in chosen]
    paths = [each["path"] for each in pictures]
    quality = options.quality or choose_quality(paths, options.long_side, options.mebibytes * 2**20)
    with ThreadPoolExecutor() as pool:
        blobs = list(pool.map(lambda path: encode(path, options.long_side, quality), paths))

    boxes = []
    for index, each in enumerate(pictures):
        rows = read_labels(each["labels"], COCO if each["source"] == "coco" else None)
        boxes += [[index, *row] for row in rows]
    held_out = np.array([is_held_out(each) for each in pictures])
    np.savez_compressed(
        options.out if options.out.endswith(".npz") else open(options.out, "wb"),
        blobs=np.frombuffer(b"".join(blobs), np.uint8),
        offsets=np.cumsum([0] + [len(blob) for blob in blobs]),
        scenes=np.array([each["scene"] for each in pictures]),
        sources=np.array([each["source"] for each in pictures]),
        held_out=held_out,
        boxes=np.array(boxes, np.float32),
    )
    size = os.path.getsize(options.out) / 2**20
    print(f"{len(pictures)} pictures, {int(held_out.sum())} held out, {len(boxes)} boxes, quality {quality}, {size:.2f} MiB")
    print(f"left out: {', '.join(sorted(refused)) or 'none'}")


if __name__ == "__main__":
    main()
