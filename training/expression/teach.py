"""Trains the teacher: a residual net on grey 48 px views (2.8 M parameters at width 32), whose judgement steadies the votes."""

import argparse
import json
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

import data
from augment import Augment
from measure import measure
from train import Average, prepare, rate


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        y = F.relu(self.first_norm(self.first(x)))
        return F.relu(self.second_norm(self.second(y)) + self.shortcut(x))


class Teacher(nn.Module):
    """[n, 1, 48, 48] in -1..1 to logits [n, 8]."""

    def __init__(self, width=32):
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, 1, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(width)
        self.stages = nn.Sequential(
            Residual(width, 2 * width, 2), Residual(2 * width, 2 * width, 1),
            Residual(2 * width, 4 * width, 2), Residual(4 * width, 4 * width, 1),
            Residual(4 * width, 8 * width, 2), Residual(8 * width, 8 * width, 1),
        )
        self.dropout = nn.Dropout(0.3)
        self.classify = nn.Linear(8 * width, len(data.CLASSES))

    def forward(self, x):
        x = self.stages(F.relu(self.stem_norm(self.stem(x))))
        return self.classify(self.dropout(x.mean((2, 3))))


def main():
    options = argparse.ArgumentParser()
    for name in ("--archive", "--labels", "--out"):
        options.add_argument(name, required=True)
    options.add_argument("--epochs", type=int, default=15)
    options.add_argument("--width", type=int, default=32)
    options.add_argument("--last-strength", type=float, default=0.4, help="of the random views in the last epoch; 1 in the first")
    options.add_argument("--peak", type=float, default=0.1)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--seed", type=int, default=11)
    args = options.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.manual_seed(args.seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    prepared = prepare(args.archive, args.labels, os.path.join(args.out, "..", "ferplus.npz"))
    net = Teacher(args.width).to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(net.parameters(), lr=args.peak, momentum=0.9, nesterov=True, weight_decay=5e-4)
    average, first = Average(net), 0
    checkpoint = os.path.join(args.out, "checkpoint.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        average.state, average.steps, first = state["average"], state["steps"], state["epoch"]
    pictures, shares = torch.from_numpy(prepared["pictures"]), torch.from_numpy(prepared["shares"])
    weight = torch.from_numpy(prepared["weight"])
    steps = len(pictures) // args.batch
    for epoch in range(first, args.epochs):
        began, total = time.time(), 0.0
        strength = 1 - (1 - args.last_strength) * epoch / max(args.epochs - 1, 1)
        augment = Augment(48, args.seed * 1000 + epoch, strength)
        order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(args.seed * 1000 + epoch))
        net.train()
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = rate((epoch + step / steps) / args.epochs, args.peak)
            rows = order[step * args.batch : (step + 1) * args.batch]
            view = augment.light(augment.move(pictures[rows].float()[:, None] / 255)) * 2 - 1
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(view.contiguous(memory_format=torch.channels_last)).float()
            loss = -((shares[rows] * F.log_softmax(logits, 1)).sum(1) * weight[rows]).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
            optimiser.step()
            average.update(net)
            total += loss.item()
            if step % 100 == 0:
                print(f"  epoch {epoch + 1}/{args.epochs} step {step}/{steps} loss {total / (step + 1):.4f} {time.time() - began:.0f} s", flush=True)
        best = Teacher(args.width).to(memory_format=torch.channels_last)
        best.load_state_dict(average.state)
        best.eval()
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            own = torch.from_numpy(prepared["own_pictures"]).float()[:, None] / 127.5 - 1
            logits = torch.cat([best(part).float() for part in own.split(256)])
        print(json.dumps({"epoch": epoch + 1, "loss": total / steps, "seconds": time.time() - began, **measure(logits, prepared["own_votes"])}), flush=True)
        torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state, "steps": average.steps, "epoch": epoch + 1}, checkpoint)
        torch.jit.trace(best, own[:2]).save(os.path.join(args.out, "teacher.ts"))


if __name__ == "__main__":
    main()
