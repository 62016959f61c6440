"""Trains eyes-nano for so many seconds: python3 train.py --pack train.pack --out DIR --seconds 240 [--renders DIR]

Runs on a GPU where there is one, else on the CPU. Learning rate, mosaic and augmentation follow the clock (or --steps), so
that a run always ends with its schedule done. Writes last.pt and optimizer.pt (to go on from: --resume) every 30 s, and at the end
weights.npz, the weights' moving average with batch norms as they are, and eyes-nano.onnx made of it (export.py).
"""
import time

BEGAN = time.time()

# ruff: noqa: E402
import argparse
import math
import os

import numpy as np
import torch

from accuracy import average_precisions, describe, find
from batches import make_batch, make_windows
from export import export
from loss import Cells, detection_loss
from net import EyesNano, half_precision
from pictures import Pictures, read_pack, read_renders
from resume import read_weights


HERE = os.path.dirname(os.path.abspath(__file__))


def say(*words):
    print(f"[{time.time() - BEGAN:6.1f} s]", *words, flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", required=True)
    parser.add_argument("--renders", help="folder of shots with their truth")
    parser.add_argument("--jobs", nargs="*", default=["job", HERE], help="folders where kinds of agents are found")
    parser.add_argument("--renders-share", type=float, default=0.35, help="of the pictures drawn")
    parser.add_argument("--held-out-views", nargs="*", default=[], help="views of the renders that are never read")
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=240, help="from the start of the process to its end")
    parser.add_argument("--steps", type=int, help="instead of the clock")
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--size", default="544x320", help="width x height of the input")
    parser.add_argument("--net", default="nano")
    parser.add_argument("--rate", type=float, help="absent: 0.003, and 0.0002 with --from, whose folded norms leave steep weights")
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--resume")
    parser.add_argument("--from", dest="begin", help="weights to begin with: an ONNX file of export.py, weights.npz or last.pt")
    parser.add_argument("--calibration", nargs="*", help="of an ONNX file that does not note its own: kind=slope,shift …")
    parser.add_argument("--window", help="width x height: learn from windows of the input round things; norms stand still")
    parser.add_argument("--still", nargs="*", default=[], help="parts of the backbone that do not learn: stem stride8 …")
    parser.add_argument("--bfloat16", action="store_true", help="on a CPU too")
    parser.add_argument("--clip-every", type=int, default=30, help="frames of the renders' clips")
    parser.add_argument("--crops", type=int, default=0, help="nearer crops of each such frame, round bicycles and motorcycles")
    parser.add_argument("--judge-every", type=float, help="seconds")
    parser.add_argument("--start-at", type=float, help="share of the schedule to skip; absent: as far as --resume got")
    parser.add_argument("--limit", type=int, help="pictures read from the pack")
    parser.add_argument("--plain", action="store_true", help="no augmentation, to see that it can learn by heart")
    parser.add_argument("--judge-train", action="store_true", help="also measures accuracy on what it trains on")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Average:
    """Exponential moving average of weights and norms; young at first, so that the beginning is soon forgotten."""

    def __init__(self, net, decay=0.999):
        self.decay = decay
        self.steps = 0
        self.now = [value.detach() for value in net.state_dict().values()]
        self.names = list(net.state_dict().keys())
        self.values = [value.clone() for value in self.now]
        numbers = [index for index, value in enumerate(self.now) if value.is_floating_point()]
        self.mine, self.theirs = [[values[index] for index in numbers] for values in (self.values, self.now)]

    @torch.no_grad()
    def update(self):
        self.steps += 1
        decay = self.decay * (1 - math.exp(-self.steps / 500))
        torch._foreach_mul_(self.mine, decay)
        torch._foreach_add_(self.mine, self.theirs, alpha=1 - decay)

    def state(self):
        return dict(zip(self.names, self.values))


def keep_norms(net):
    """Norms of a net that is taught further stand still: batches of another kind would move them."""
    for part in net.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.eval()


def make_optimizer(net, options, device):
    """Norms and biases do not decay, and what stands still is left out."""
    decayed = [value for value in net.parameters() if value.ndim > 1 and value.requires_grad]
    free = [value for value in net.parameters() if value.ndim <= 1 and value.requires_grad]
    groups = [dict(params=decayed, weight_decay=options.decay), dict(params=free, weight_decay=0.0)]
    if device.type == "cuda":
        try:
            return torch.optim.AdamW(groups, lr=options.rate, fused=True)
        except (TypeError, RuntimeError):
            pass
    return torch.optim.AdamW(groups, lr=options.rate)


WARM_STEPS = 150


def rate_at(progress, highest, step=None):
    """Rises over the first 3 % and 150 steps, stays to 35 %, falls as a cosine to a fiftieth."""
    if step is not None and step < WARM_STEPS:
        # By the clock alone the slow first steps would be all of the rise.
        highest = highest * (step + 1) / WARM_STEPS
    if progress < 0.03:
        return highest * (0.02 + 0.98 * progress / 0.03)
    if progress < 0.35:
        return highest
    done = (progress - 0.35) / 0.65
    return highest * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def plan_at(progress, is_plain):
    """(share of mosaics, strength of augmentation): the last eighth looks like the pictures of everyday use."""
    if is_plain:
        return 0.0, 0.0
    if progress > 0.87:
        return 0.0, 0.6
    return 0.5, 1.0


def main():
    options = parse()
    options.rate = options.rate or (0.0002 if options.begin else 0.003)
    os.makedirs(options.out, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    is_gpu = device.type == "cuda"
    if is_gpu:
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        say("device", torch.cuda.get_device_name(0), "torch", torch.__version__)
    size = tuple(int(side) for side in options.size.split("x"))

    train_items, held_items = read_pack(options.pack, options.limit)
    say(f"pack read: {len(train_items)} to train on, {len(held_items)} held out")
    render_items = []
    if options.renders:
        render_items = read_renders(
            options.renders,
            options.held_out_views,
            options.renders_share,
            options.clip_every,
            jobs=options.jobs,
            say=say,
            crops=options.crops,
        )
    held_renders = render_items[::40]
    train_items += [item for index, item in enumerate(render_items) if index % 40 != 0]
    train = Pictures(train_items, device)
    held = Pictures(held_items, device) if held_items else None
    drawn = Pictures(held_renders, device) if held_renders else None
    del train_items, render_items, held_items
    say(f"{len(train)} pictures on {device}, {train.pixels.numel() / 2**30:.2f} GiB")

    net = EyesNano(options.net).to(device)
    if is_gpu:
        net = net.to(memory_format=torch.channels_last)
    if options.begin:
        net.load_state_dict(read_weights(options.begin, options.calibration))
        say(f"begun with {options.begin}")
    still = [part for name in options.still for part in getattr(net.backbone, name).parameters()]
    for part in still:
        part.requires_grad_(False)
    average = Average(net)
    optimizer = make_optimizer(net, options, device)
    start = options.start_at or 0.0
    if options.resume:
        saved = torch.load(options.resume, map_location=device)
        moments = os.path.join(os.path.dirname(options.resume), "optimizer.pt")
        net.load_state_dict(saved["net"])
        for value, was in zip(average.values, saved["average"].values()):
            value.copy_(was)
        average.steps = saved["steps"]
        if os.path.exists(moments):
            optimizer.load_state_dict(torch.load(moments, map_location=device))
        start = saved["progress"] if options.start_at is None else options.start_at
        say(f"resumed at {start:.3f} of the schedule, step {saved['steps']}")
    run = torch.compile(net) if options.compile else net
    window = tuple(int(side) for side in options.window.split("x")) if options.window else None
    cells = Cells(window or size, device)
    # What is left for judging and writing at the end.
    reserve = (6 if is_gpu else 0.04 * options.seconds) if options.steps is None else 0
    train_began = time.time()
    train_seconds = max(5.0, BEGAN + options.seconds - reserve - train_began)
    say(f"training for {options.steps or f'{train_seconds:.0f} s'}, batch {options.batch}, input {options.size}")

    judge_net = EyesNano(options.net).to(device).eval()

    def judge(words):
        judge_net.load_state_dict(average.state())
        torch.backends.cudnn.benchmark = False
        for name, pictures in (("held-out streets", held), ("renders", drawn), ("trained on", train if options.judge_train else None)):
            if pictures is not None:
                found = find(judge_net, pictures, size)
                say(f"{words}: {name}: {describe(average_precisions(found, pictures))}")
        torch.backends.cudnn.benchmark = is_gpu

    def save(progress):
        state = dict(net=net.state_dict(), average=average.state(), steps=average.steps, progress=progress)
        for name, what in (("last.pt", state), ("optimizer.pt", optimizer.state_dict())):
            path = os.path.join(options.out, name)
            torch.save(what, path + ".new")
            os.replace(path + ".new", path)

    def take_step(mosaic_share, strength):
        with torch.no_grad():
            if window:
                batch = make_windows(train, options.batch, window, size)
            else:
                batch = make_batch(train, options.batch, size, mosaic_share, strength)
            pixels = batch.pixels.contiguous(memory_format=torch.channels_last) if is_gpu else batch.pixels
        with half_precision(device, options.bfloat16):
            answers = run(pixels)
        loss, parts = detection_loss(answers.float(), batch, cells)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimizer.step()
        return torch.stack([loss.detach(), *parts])

    step, seen, said_at, sums = 0, 0, 0, None
    last_said = last_saved = judged_at = time.time()
    judged_half = not is_gpu
    net.train()
    if options.begin:
        keep_norms(net)
    while True:
        done = step / options.steps if options.steps else (time.time() - train_began) / train_seconds
        if done >= 1:
            break
        progress = start + (1 - start) * done
        for group in optimizer.param_groups:
            group["lr"] = rate_at(progress, options.rate, None if options.steps else step)
        mosaic_share, strength = plan_at(progress, options.plain)
        try:
            now = take_step(mosaic_share, strength)
        except RuntimeError as error:
            if "out of memory" not in str(error) or options.batch < 16:
                raise
            options.batch //= 2
            optimizer.zero_grad(set_to_none=True)
            torch.cuda.empty_cache()
            say(f"out of memory: going on with batches of {options.batch}")
            continue
        average.update()
        step += 1
        seen += options.batch
        sums = now if sums is None else sums + now
        if step <= 3 or time.time() - last_said >= 10:
            mean = (sums / (step - said_at)).tolist()
            said_at, sums, last_said = step, None, time.time()
            memory = f", {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB" if is_gpu else ""
            say(
                f"{progress:6.1%} step {step}, {seen / (time.time() - train_began):.0f} pictures/s: loss {mean[0]:.4f}"
                f" (score {mean[1]:.4f}, box {mean[2]:.4f}), overlap {mean[3]:.3f}, rate {optimizer.param_groups[0]['lr']:.5f}{memory}"
            )
            if not math.isfinite(mean[0]):
                raise SystemExit("the loss is no number: stopped; last.pt is from before")
        if time.time() - last_saved >= 30:
            save(progress)
            last_saved = time.time()
        if options.judge_every and time.time() - judged_at >= options.judge_every:
            judge(f"after {step} steps")
            judged_at = time.time()
        if not judged_half and progress > 0.5:
            judged_half = True
            judge("half way")
    save(1.0)
    weights = {key: value.float().cpu().numpy() for key, value in average.state().items()}
    np.savez(os.path.join(options.out, "weights.npz"), **weights)
    export(weights, os.path.join(options.out, "eyes-nano.onnx"))
    say(f"trained: {step} steps, {seen} pictures")
    judge("at the end")
    say("done")


if __name__ == "__main__":
    main()
