"""One net whose weights are the mean of several that went different ways from one start; its norms are measured anew."""

import argparse

import numpy as np
import torch

import data
from augment import Augment
from measure import measure
from net import MobileNetV2
from train import logits_of

SIDE = 96
PICTURES = 4096
BATCH = 128


def mean_of(states):
    return {key: torch.stack([state[key].float() for state in states]).mean(0).to(value.dtype) for key, value in states[0].items()}


@torch.no_grad()
def measure_norms(net, pictures, strength, seed):
    """The norms' statistics over random views, each batch counting alike."""
    views = Augment(SIDE, seed, strength)
    norms = [module for module in net.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    net.train()
    for start in range(0, len(pictures), BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            net(views(pictures[start : start + BATCH])[0].contiguous(memory_format=torch.channels_last))
    net.eval()
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--checkpoint", action="append", required=True)
    options.add_argument("--pictures", required=True, help="ferplus.npz that train.py left beside its runs")
    options.add_argument("--out", required=True, help="checkpoint to write")
    options.add_argument("--strength", type=float, default=0.5)
    args = options.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    prepared = dict(np.load(args.pictures))
    net = MobileNetV2(len(data.CLASSES)).to(memory_format=torch.channels_last)
    net.load_state_dict(mean_of([torch.load(path, weights_only=False)["average"] for path in args.checkpoint]))
    print("mean of the statistics:", report(net, prepared))
    order = np.random.default_rng(1).permutation(len(prepared["pictures"]))[:PICTURES]
    measure_norms(net, torch.from_numpy(prepared["pictures"][order]), args.strength, 1)
    print("statistics measured anew:", report(net, prepared))
    torch.save({"average": net.state_dict()}, args.out)


def report(net, prepared):
    """Figures of the faces kept apart, each with its mirror image."""
    pictures = prepared["own_pictures"]
    views = [logits_of(net, np.ascontiguousarray(view), SIDE).softmax(1) for view in (pictures, pictures[:, :, ::-1])]
    return measure((sum(views) / len(views)).log(), prepared["own_votes"])


if __name__ == "__main__":
    main()
