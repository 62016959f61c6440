"""Teaches neck and heads further on a CPU, in minutes: windows of pictures go through the backbone once, its maps are kept,
and only what lies behind it learns.

    python3 tune.py --from ../catalog/eyes-nano/eyes-nano.onnx --pack train.pack --renders RENDERS --held-out-views VIEW… --out DIR
"""
import argparse
import os
import time

import numpy as np
import torch

from accuracy import average_precisions, describe, find
from batches import make_windows
from loss import Cells, detection_loss
from net import EyesNano, half_precision
from pictures import Pictures, read_pack, read_renders
from resume import read_weights

BEGAN = time.time()
CPU = torch.device("cpu")
SIZE = (544, 320)
WINDOW = (320, 192)
PART = 16


def say(*words):
    print(f"[{time.time() - BEGAN:7.1f} s, {time.process_time():6.1f} s of CPU]", *words, flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="begin", required=True, help="an ONNX file of export.py, weights.npz or last.pt")
    parser.add_argument("--calibration", nargs="*", help="of an ONNX file that does not note its own: kind=slope,shift …")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--limit", type=int, help="pictures read from the pack")
    parser.add_argument("--renders")
    parser.add_argument("--renders-share", type=float, default=0.6)
    parser.add_argument("--held-out-views", nargs="*", default=[])
    parser.add_argument("--crops", type=int, default=2, help="nearer crops of each large frame, round bicycles and motorcycles")
    parser.add_argument("--windows", type=int, default=2400)
    parser.add_argument("--strength", type=float, default=0.6, help="of what light, weather and cameras do to a window")
    parser.add_argument("--only-scores", action="store_true", help="boxes stay as they are: only what a thing is learns")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0.001)
    parser.add_argument("--judge", action="store_true", help="measures accuracy on the held-out street scenes at the end")
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def keep_maps(net, pictures, count, strength):
    """→ [(maps of the backbone, labels)], PART windows each"""
    parts = []
    for _ in range(count // PART):
        with torch.no_grad():
            batch = make_windows(pictures, PART, WINDOW, SIZE, strength)
            with half_precision(CPU, True):
                maps = net.backbone(batch.pixels / 255.0)
        batch.pixels = None
        parts.append(([each.to(torch.bfloat16) for each in maps], batch))
    return parts


def join(parts):
    """Several parts as one batch."""
    maps = [torch.cat(each) for each in zip(*[part[0] for part in parts])]
    batch = parts[0][1]
    joined = type(batch)(
        None,
        torch.cat([part[1].picture + index * PART for index, part in enumerate(parts)]),
        *[torch.cat([getattr(part[1], name) for part in parts]) for name in ("corners", "kinds", "scores", "trust")],
    )
    return maps, joined


def answer(net, maps):
    """What EyesNano.forward answers, from the backbone's maps on."""
    levels = net.neck(maps)
    return torch.cat([head(each).flatten(2) for head, each in zip(net.heads, levels)], 2).transpose(1, 2)


def rate_at(progress, highest):
    return highest * min(1.0, progress / 0.05) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * progress)))


def learn(net, parts, options):
    """→ the average state of the last steps"""
    scores = [part for head in net.heads for part in (head.what, head.score)]
    behind = [value for part in (scores if options.only_scores else (net.neck, net.heads)) for value in part.parameters()]
    for value in net.parameters():
        value.requires_grad_(False)
    for value in behind:
        value.requires_grad_(True)
    optimizer = torch.optim.AdamW(behind, lr=options.rate, weight_decay=0.01)
    cells = Cells(WINDOW, CPU)
    average = {key: value.clone() for key, value in net.state_dict().items()}
    random = np.random.default_rng(options.seed)
    order, sums = [], 0.0
    for step in range(options.steps):
        if len(order) < options.batch // PART:
            order = list(random.permutation(len(parts)))
        maps, batch = join([parts[order.pop()] for _ in range(options.batch // PART)])
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step / options.steps, options.rate)
        with half_precision(CPU, True):
            answers = answer(net, maps)
        loss, _ = detection_loss(answers.float(), batch, cells)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(behind, 10.0)
        optimizer.step()
        for key, value in net.state_dict().items():
            if value.is_floating_point():
                average[key].mul_(0.97).add_(value.detach(), alpha=0.03)
        sums += float(loss.detach())
        if step % 20 == 19:
            say(f"step {step + 1}: loss {sums / 20:.4f}, rate {optimizer.param_groups[0]['lr']:.5f}")
            sums = 0.0
        if step % 100 == 99:
            save(average, options.out)
    return average


def save(state, folder):
    weights = {key: value.float().cpu().numpy() for key, value in state.items()}
    np.savez(os.path.join(folder, "weights.npz"), **weights)


def main():
    options = parse()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    items, held = read_pack(options.pack, options.limit)
    held = held if options.judge else []
    say(f"{len(items)} pictures of the pack, {len(held)} held out")
    if options.renders:
        items += read_renders(
            options.renders,
            options.held_out_views,
            options.renders_share,
            jobs=[options.renders],
            say=say,
            crops=options.crops,
        )
    pictures = Pictures(items, CPU)
    del items
    net = EyesNano()
    net.load_state_dict(read_weights(options.begin, options.calibration))
    # Norms stand still: batches of small windows would move them.
    net.eval()
    say(f"{len(pictures)} pictures; begun with {options.begin}")
    parts = keep_maps(net, pictures, options.windows, options.strength)
    del pictures
    say(f"{len(parts) * PART} windows have been through the backbone")
    state = learn(net, parts, options)
    save(state, options.out)
    net.load_state_dict(state)
    if held:
        judges = Pictures(held, CPU)
        say("held-out streets:", describe(average_precisions(find(net.eval(), judges, SIZE), judges)))
    say("done")


if __name__ == "__main__":
    main()
