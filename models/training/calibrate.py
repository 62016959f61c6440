"""Finds how a kind's scores become what they say: python3 calibrate.py weights.npz train.pack [--renders DIR] → --calibration for export.py

Over the logits of what is found in held-out pictures (and in renders that were not trained on) a straight line is fitted (Platt's logistic regression), so that of
the things found at 0.6 six in ten are there. Kinds with few labels borrow from the line of all kinds together.
"""
import argparse

import numpy as np
import torch

from accuracy import find, judge
from net import KINDS, EyesNano
from pictures import IGNORE, Pictures, read_pack, read_renders

BORROWED = 6.0


def load(path):
    weights = np.load(path)
    net = EyesNano()
    net.load_state_dict({key: torch.from_numpy(np.array(weights[key])) for key in weights.files})
    return net.eval()


def collect(net, pictures, size):
    """→ per kind (logits, whether right)"""
    found = find(net, pictures, size)
    corners, kinds = pictures.corners.cpu().numpy(), pictures.kinds.cpu().numpy()
    collected = []
    for kind in range(len(KINDS)):
        logits, rights = [], []
        for index, (boxes, best, found_kinds) in enumerate(found):
            chosen = found_kinds == kind
            labels, ignored = corners[index][kinds[index] == kind], corners[index][kinds[index] == IGNORE]
            for score, hit in zip(best[chosen], judge(boxes[chosen], labels, ignored)):
                if hit is not None:
                    logits.append(np.log(score / (1 - score)))
                    rights.append(float(hit))
        collected.append((np.array(logits), np.array(rights)))
    return collected


def fit(logits, rights, prior=(1.0, 0.0), strength=1e-3):
    """Slope and shift of least cross entropy, drawn towards the prior; Newton's method."""
    line = np.array(prior, float)
    for _ in range(50):
        design = np.stack([logits, np.ones_like(logits)], 1)
        chance = 1 / (1 + np.exp(-design @ line))
        slope = design.T @ (chance - rights) + strength * (line - prior)
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + strength * np.eye(2)
        line = line - np.linalg.solve(bend, slope)
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights")
    parser.add_argument("pack")
    parser.add_argument("--renders", help="folder of stills with their truth: held-out streets hold too few bicycles")
    parser.add_argument("--size", default="544x320")
    options = parser.parse_args()
    size = tuple(int(side) for side in options.size.split("x"))
    _, held = read_pack(options.pack)
    held += read_renders(options.renders) if options.renders else []
    collected = collect(load(options.weights), Pictures(held, torch.device("cpu")), size)
    every = fit(np.concatenate([each[0] for each in collected]), np.concatenate([each[1] for each in collected]))
    lines = []
    for kind, (logits, rights) in enumerate(collected):
        line = fit(logits, rights, every, BORROWED) if len(logits) else every
        print(f"{KINDS[kind]}: {len(logits)} found, {int(rights.sum())} right, slope {line[0]:.2f}, shift {line[1]:.2f}")
        lines.append(f"{kind}={line[0]:.3f},{line[1]:.3f}")
    print("--calibration " + " ".join(lines))


if __name__ == "__main__":
    main()
