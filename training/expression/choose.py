"""Temperature and reading rule, chosen on our own split of FER+'s Training rows."""

import argparse
import os

import numpy as np
import torch

import data
from export import Packed
from measure import auc, calibration_error, measure, shares_of


BATCH = 128


def both_views(net, pictures):
    """Logits of each picture and of its mirror image, as the product asks."""
    levels = torch.from_numpy(pictures).float()[:, None].expand(-1, 3, -1, -1)
    return tuple(torch.cat([net(part) for part in view.split(BATCH)]) for view in (levels, levels.flip(3)))


def read(plain, mirrored, temperature, offset=0.0):
    """@param offset added to the logit of happiness"""
    move = torch.zeros(plain.shape[1])
    move[data.HAPPY] = offset
    plain, mirrored = plain + move, mirrored + move
    p = ((plain / temperature).softmax(1) + (mirrored / temperature).softmax(1)).numpy() / 2
    happy, negative = p[:, data.HAPPY], p[:, data.NEGATIVE].sum(1)
    return happy, negative


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pictures", required=True, help="ferplus.npz that train.py left beside its runs")
    options.add_argument("--weights", required=True, help="folder of the files that export.py wrote")
    options.add_argument("--offset", action="store_true", help="look for an offset of the logit of happiness as well, to be given to export.py")
    args = options.parse_args()
    torch.set_num_threads(1)
    prepared = dict(np.load(args.pictures))
    contents = []
    for name in ("satisfaction", "satisfaction-face"):
        with open(os.path.join(args.weights, f"{name}.weights"), "rb") as file:
            contents.append(file.read())
    net = Packed(*contents)
    votes = prepared["own_votes"]
    plain, mirrored = both_views(net, prepared["own_pictures"])
    rows, truth = data.two_classes(votes)
    best = None
    for offset in np.arange(-1.0, 1.01, 0.1) if args.offset else [0.0]:
        for temperature in np.arange(0.4, 2.01, 0.05):
            happy, negative = read(plain, mirrored, temperature, offset)
            score = np.clip((happy / (happy + negative))[rows], 1e-6, 1 - 1e-6)
            loss = -np.mean(np.where(truth == 1, np.log(score), np.log(1 - score)))
            if best is None or loss < best[0]:
                best = (loss, temperature, calibration_error(score, truth), ((score >= 0.5) == truth).mean(), auc(score, truth), offset)
    print("temperature %.2f: loss %.4f ECE %.4f accuracy %.4f AUC %.4f, offset of happiness %.1f" % (best[1], best[0], *best[2:]))
    print("one view:", measure(plain, votes, best[1]))
    happy, negative = read(plain, mirrored, best[1], best[5])
    together = happy + negative
    share = happy / together
    neutral = votes[:, 0] >= 6
    happy_rows, negative_rows = votes[:, 1] >= 6, votes[:, data.NEGATIVE].sum(1) >= 6
    print("decisive from | neutral read as dissatisfied, satisfied | dissatisfied found | satisfied found | mean recall")
    for decisive in np.arange(0.3, 0.86, 0.05):
        dissatisfied = (together >= decisive) & (share <= 0.4)
        satisfied = (together >= decisive) & (share >= 0.6)
        called_neutral = ~dissatisfied & ~satisfied
        recall = (dissatisfied[negative_rows].mean() + satisfied[happy_rows].mean() + called_neutral[neutral].mean()) / 3
        print("%.2f | %.3f %.3f | %.3f | %.3f | %.4f" % (decisive, dissatisfied[neutral].mean(), satisfied[neutral].mean(), dissatisfied[negative_rows].mean(), satisfied[happy_rows].mean(), recall))
    likeliest = np.maximum(np.maximum(happy, negative), 1 - together)
    right = (share[rows] >= 0.5) == truth
    print("unsure below | share of the two classes | accuracy of these | of the rest")
    for unsure in (0.4, 0.45, 0.5, 0.55, 0.6):
        out = likeliest[rows] < unsure
        print("%.2f | %.3f | %.3f | %.4f" % (unsure, out.mean(), right[out].mean() if out.any() else np.nan, right[~out].mean()))


if __name__ == "__main__":
    main()
