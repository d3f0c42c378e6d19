"""Trains the teacher, whose judgement steadies the votes: a network that has learnt faces is taught expressions."""

import argparse
import json
import os
import time

import torch
from torch.nn import functional as F

import data
from augment import Gentle
from face_net import SIDE, FaceNet, find_recogniser
from measure import measure
from train import Average, judgement, limited, prepare

MEASURED = 512


def main():
    options = argparse.ArgumentParser()
    for name in ("--archive", "--labels", "--out"):
        options.add_argument(name, required=True)
    options.add_argument("--recogniser", help="dlib-resnet.onnx; found where `npm run models` writes it")
    options.add_argument("--epochs", type=int, default=8)
    options.add_argument("--peak", type=float, default=5e-4)
    options.add_argument("--decay", type=float, default=0.05)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--side", type=int, default=SIDE, help="px to which pictures are enlarged")
    options.add_argument("--blots", type=float, default=0.0, help="share of the views with something before the face")
    options.add_argument("--masks", type=float, default=0.0, help="share of the views behind a mask")
    options.add_argument("--from", dest="start", help="checkpoint to begin with instead of the recogniser alone")
    options.add_argument("--dropout", type=float, default=0.3)
    options.add_argument("--limit", type=int, help="train on so many pictures only, to try the way through")
    options.add_argument("--teacher", action="append", default=[], help="TorchScript of an earlier teacher; the mean of all is mixed into the votes")
    options.add_argument("--teacher-share", type=float, default=0.6)
    args = options.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.manual_seed(args.seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    prepared = limited(prepare(args.archive, args.labels, os.path.join(args.out, "..", "ferplus.npz")), args.limit)
    pictures, shares = torch.from_numpy(prepared["pictures"]), torch.from_numpy(prepared["shares"])
    weight, recogniser = torch.from_numpy(prepared["weight"]), args.recogniser or find_recogniser()
    net = FaceNet(recogniser, args.side, args.dropout).to(memory_format=torch.channels_last)
    net.measure(Gentle(args.side, args.seed)(pictures[:MEASURED]))
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=False)["average"])
    teachers = [torch.jit.load(teacher).eval() for teacher in args.teacher]
    flat = [p for p in net.parameters() if p.ndim < 2]
    rest = [p for p in net.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW([{"params": rest, "weight_decay": args.decay}, {"params": flat, "weight_decay": 0}], lr=args.peak)
    steps = len(pictures) // args.batch
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.peak, total_steps=steps * args.epochs, pct_start=0.15)
    average, first = Average(net), 0
    checkpoint = os.path.join(args.out, "checkpoint.pt")
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        cycle.load_state_dict(state["cycle"])
        average.state, average.steps, first = state["average"], state["steps"], state["epoch"]
    own = torch.from_numpy(prepared["own_pictures"]).float()[:, None] / 127.5 - 1
    for epoch in range(first, args.epochs):
        began, total = time.time(), 0.0
        views = Gentle(args.side, args.seed * 1000 + epoch, args.blots, args.masks)
        order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(args.seed * 1000 + epoch))
        net.train()
        for step in range(steps):
            rows = order[step * args.batch : (step + 1) * args.batch]
            view, wanted = views(pictures[rows]).contiguous(memory_format=torch.channels_last), shares[rows]
            if teachers:
                wanted = wanted.lerp(judgement(teachers, view), args.teacher_share)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(view).float()
            loss = -((wanted * F.log_softmax(logits, 1)).sum(1) * weight[rows]).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
            optimiser.step()
            cycle.step()
            average.update(net)
            total += loss.item()
            if step % 100 == 0:
                print(f"  epoch {epoch + 1}/{args.epochs} step {step}/{steps} loss {total / (step + 1):.4f} {time.time() - began:.0f} s", flush=True)
        best = FaceNet(recogniser, args.side)
        best.load_state_dict(average.state)
        best.eval()
        with torch.no_grad():
            logits = torch.cat([best(part) + best(part.flip(3)) for part in own.split(128)]) / 2
        print(json.dumps({"epoch": epoch + 1, "loss": total / steps, "seconds": time.time() - began, **measure(logits, prepared["own_votes"])}), flush=True)
        state = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "cycle": cycle.state_dict()}
        torch.save({**state, "average": average.state, "steps": average.steps, "epoch": epoch + 1}, checkpoint + ".partial")
        os.replace(checkpoint + ".partial", checkpoint)
        torch.jit.trace(best, F.interpolate(own[:2], (96, 96))).save(os.path.join(args.out, "teacher.ts"))


if __name__ == "__main__":
    main()
