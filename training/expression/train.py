"""Trains the satisfaction net: all layers, all eight FER+ classes, the raters' votes as soft targets."""

import argparse
import json
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import data
from augment import Augment, covered, plain
from measure import measure
from net import MobileNetV2, find_body, load_body

# A picture that a rater could not place, or that shows no face, says little.
LEAST_SHARE = 0.5


class Average:
    """Exponential mean of the weights; norms' statistics included."""

    def __init__(self, net, decay=0.999):
        self.decay, self.steps = decay, 0
        self.state = {key: value.clone() for key, value in net.state_dict().items()}

    @torch.no_grad()
    def update(self, net):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for key, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)


def rate(progress, peak):
    """One cycle: up over the first tenth, down a cosine."""
    if progress < 0.1:
        return peak * (0.1 + 0.9 * progress / 0.1)
    return peak * (0.002 + 0.998 * 0.5 * (1 + math.cos(math.pi * (progress - 0.1) / 0.9)))


@torch.no_grad()
def judgement(teachers, grey):
    """Mean probabilities [n, 8] of the teachers for grey views [n, 1, side, side] in -1..1"""
    with torch.autocast("cpu", torch.bfloat16):
        return sum(teacher(grey).float().softmax(1) for teacher in teachers) / len(teachers)


def pair_loss(log, wanted, weight):
    """Satisfied against dissatisfied alone, each picture by the share of its raters who saw one of them.
    @param log log-probabilities [n, 8]  @param wanted shares [n, 8]  @param weight [n]"""
    sides = torch.stack([log[:, data.HAPPY], torch.logsumexp(log[:, data.NEGATIVE], 1)], 1)
    shares = torch.stack([wanted[:, data.HAPPY], wanted[:, data.NEGATIVE].sum(1)], 1)
    return -((shares * F.log_softmax(sides, 1)).sum(1) * weight).mean()


def prepare(archive, labels, cache):
    if os.path.exists(cache):
        return dict(np.load(cache))
    found = data.read_ferplus(archive, labels)
    _, pictures, votes = found["Training"]
    _, valid, _ = found["PublicTest"]
    leaked = sorted({i for i, _ in data.duplicate_pairs(pictures, valid)})
    ours = data.split(pictures)
    use = ~ours
    use[leaked] = False
    shares, weight = data.targets(votes)
    use &= weight >= LEAST_SHARE
    print(f"{len(pictures)} rows, {len(leaked)} like a Valid picture left out, {int(use.sum())} to train on, {int(ours.sum())} to choose by")
    clean = ours.copy()
    clean[leaked] = False
    prepared = {
        "pictures": pictures[use], "shares": shares[use], "weight": weight[use],
        "own_pictures": pictures[clean], "own_votes": votes[clean],
        "valid_pictures": valid, "valid_votes": found["PublicTest"][2],
    }
    np.savez(cache, **prepared)
    return prepared


def limited(prepared, count):
    """The first so many of the pictures trained on; all when None."""
    return {**prepared, **{key: prepared[key][:count] for key in ("pictures", "shares", "weight")}}


@torch.no_grad()
def logits_of(net, pictures, side, change=lambda x: x, batch=128):
    net.eval()
    return torch.cat([
        net(change(plain(torch.from_numpy(pictures[i : i + batch]), side)).contiguous(memory_format=torch.channels_last)).float()
        for i in range(0, len(pictures), batch)
    ])


def report(net, prepared, side):
    logits = logits_of(net, prepared["own_pictures"], side)
    figures = measure(logits, prepared["own_votes"])
    hidden = logits_of(net, prepared["own_pictures"], side, covered)
    figures["covered"] = measure(hidden, prepared["own_votes"])["accuracy"]
    return figures


def main():
    options = argparse.ArgumentParser()
    for name in ("--archive", "--labels", "--out"):
        options.add_argument(name, required=True)
    options.add_argument("--body", help="folder of nsfwjs's mobilenet_v2; found among the installed packages")
    options.add_argument("--plan", default="64x12,96x6", help="side x epochs, in order, under one cycle")
    options.add_argument("--peak", type=float, default=1.5e-3)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--decay", type=float, default=0.02)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--from", dest="start", help="weights to begin with instead of the body alone")
    options.add_argument("--strength", type=float, default=1.0, help="of the random views, 0 to 1")
    options.add_argument("--covers", type=float, help="of masks and things before the face; as --strength when absent")
    options.add_argument("--teacher", action="append", default=[], help="TorchScript of a net on grey pictures of any size whose judgement is mixed into the votes; of several, their mean")
    options.add_argument("--teacher-share", type=float, default=0.7, help="of the teachers' judgement in what is wanted")
    options.add_argument("--dropout", type=float, default=0.2)
    options.add_argument("--limit", type=int, help="train on so many pictures only, to try the way through")
    options.add_argument("--pair", type=float, default=0.0, help="weight of satisfied against dissatisfied alone in the loss")
    args = options.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.manual_seed(args.seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    prepared = limited(prepare(args.archive, args.labels, os.path.join(args.out, "..", "ferplus.npz")), args.limit)
    net = MobileNetV2(len(data.CLASSES), args.dropout).to(memory_format=torch.channels_last)
    load_body(net, args.body or find_body())
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=False)["average"])
    sides = [int(side) for part in args.plan.split(",") for side, count in [part.split("x")] for _ in range(int(count))]
    flat = [p for p in net.parameters() if p.ndim < 2 or p.shape[1] == 1]
    rest = [p for p in net.parameters() if not (p.ndim < 2 or p.shape[1] == 1)]
    optimiser = torch.optim.AdamW([{"params": rest, "weight_decay": args.decay}, {"params": flat, "weight_decay": 0}], lr=args.peak)
    average, first = Average(net), 0
    checkpoint = os.path.join(args.out, "checkpoint.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.steps, first = state["average"], state["steps"], state["epoch"]
    teachers = [torch.jit.load(teacher).eval() for teacher in args.teacher]
    pictures, shares = torch.from_numpy(prepared["pictures"]), torch.from_numpy(prepared["shares"])
    weight = torch.from_numpy(prepared["weight"])
    steps = len(pictures) // args.batch
    for epoch in range(first, len(sides)):
        side, began = sides[epoch], time.time()
        augment = Augment(side, args.seed * 1000 + epoch, args.strength, args.covers)
        order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(args.seed * 1000 + epoch))
        net.train()
        total = 0.0
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = rate((epoch + step / steps) / len(sides), args.peak)
            rows = order[step * args.batch : (step + 1) * args.batch]
            view, grey = augment(pictures[rows])
            wanted = shares[rows]
            if teachers:
                wanted = wanted.lerp(judgement(teachers, grey * 2 - 1), args.teacher_share)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(view.contiguous(memory_format=torch.channels_last)).float()
            log = F.log_softmax(logits, 1)
            loss = -((wanted * log).sum(1) * weight[rows]).mean()
            if args.pair > 0:
                loss = loss + args.pair * pair_loss(log, wanted, weight[rows])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
            optimiser.step()
            average.update(net)
            total += loss.item()
            if step % 100 == 0:
                print(f"  epoch {epoch + 1}/{len(sides)} {side} px step {step}/{steps} loss {total / (step + 1):.4f} {time.time() - began:.0f} s", flush=True)
        best = MobileNetV2(len(data.CLASSES)).to(memory_format=torch.channels_last)
        best.load_state_dict(average.state)
        figures = {"epoch": epoch + 1, "side": side, "loss": total / steps, "seconds": time.time() - began, **report(best, prepared, side)}
        with open(os.path.join(args.out, "log.jsonl"), "a", encoding="utf8") as log:
            log.write(json.dumps(figures) + "\n")
        print(json.dumps(figures), flush=True)
        state = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state, "steps": average.steps, "epoch": epoch + 1, "side": side}
        torch.save(state, checkpoint + ".partial")
        os.replace(checkpoint + ".partial", checkpoint)


if __name__ == "__main__":
    main()
