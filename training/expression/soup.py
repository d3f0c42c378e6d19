"""One net of the mean weights, the norms' statistics included, of several that went different ways from one start."""

import argparse

import numpy as np
import torch

import data
from export import SEEN
from measure import measure
from net import MobileNetV2
from train import logits_of


def mean_of(states):
    return {key: torch.stack([state[key].float() for state in states]).mean(0).to(value.dtype) for key, value in states[0].items()}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--checkpoint", action="append", required=True)
    options.add_argument("--pictures", required=True, help="ferplus.npz that train.py left beside its runs")
    options.add_argument("--out", required=True, help="checkpoint to write")
    args = options.parse_args()
    torch.set_num_threads(1)
    prepared = dict(np.load(args.pictures))
    states = [torch.load(path, weights_only=False)["average"] for path in args.checkpoint]
    mean = mean_of(states)
    for name, state in (*zip(args.checkpoint, states), ("their mean", mean)):
        print(f"{name}: {report(state, prepared)}", flush=True)
    torch.save({"average": mean}, args.out)


def report(state, prepared):
    """Figures of the faces kept apart, each with its mirror image."""
    net = MobileNetV2(len(data.CLASSES)).to(memory_format=torch.channels_last)
    net.load_state_dict(state)
    pictures = prepared["own_pictures"]
    views = [logits_of(net, np.ascontiguousarray(view), SEEN).softmax(1) for view in (pictures, pictures[:, :, ::-1])]
    return measure((sum(views) / len(views)).log(), prepared["own_votes"])


if __name__ == "__main__":
    main()
