"""Gives the shipped weights their norms back, so that a training can go on from them: `train.py --from` reads what this writes.

Folding a norm into its convolution loses the convolution's own scale and the statistics. The scale is taken from the
body's first weights, channel by channel, the statistics are measured; what the net computes stays the same.
"""

import argparse

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import data
from augment import Augment
from export import SEEN, Packed, drawn_picture
from net import EPSILON, STAGES, MobileNetV2, find_body, load_body

PICTURES = 1024
BATCH = 128


def convolutions():
    """Yields (name in the packed file, our convolution, our norm)."""
    yield "stem", "stem", "stem_norm"
    for index in range(sum(stage[2] for stage in STAGES)):
        for part in ("expand", "depthwise", "project") if index > 0 else ("depthwise", "project"):
            yield f"block_{index}_{part}", f"blocks.{index}.{part}", f"blocks.{index}.{part}_norm"
    yield "top", "top", "top_norm"


@torch.no_grad()
def unfold(tensors, net, views):
    """@param tensors of satisfaction.weights  @param net with the body's first weights; it becomes the packed net, with norms
    @param views batches for the statistics"""
    modules, scales = dict(net.named_modules()), {}
    for name, conv, norm in convolutions():
        filters, first = tensors[f"{name}/filters"], modules[conv].weight
        scale = (first.flatten(1).norm(dim=1) / filters.flatten(1).norm(dim=1).clamp_min(1e-6)).clamp(0.01, 100)
        modules[conv].weight.copy_(filters * scale[:, None, None, None])
        layer = modules[norm]
        layer.running_mean.zero_()
        layer.running_var.fill_(1 - EPSILON)
        layer.weight.copy_(1 / scale)
        layer.bias.copy_(tensors[f"{name}/bias"])
        scales[norm] = scale
    # Of the joined head (export.py) the net's own units; it counts for half.
    units, inputs = net.dense.weight.shape
    net.dense.weight.copy_(tensors["hidden/weights"][:units, :inputs])
    net.dense.bias.copy_(tensors["hidden/bias"][:units])
    net.classify.weight.copy_(tensors["classes/weights"][:, :units] * 2)
    net.classify.bias.copy_(tensors["classes/bias"] * 2)
    sums = {norm: [0, 0.0, 0.0] for norm in scales}

    def watch(norm):
        def add(_, inputs):
            x, kept = inputs[0].double(), sums[norm]
            kept[0] += x.numel() // x.shape[1]
            kept[1] = kept[1] + x.sum((0, 2, 3))
            kept[2] = kept[2] + (x * x).sum((0, 2, 3))
        return modules[norm].register_forward_pre_hook(add)

    hooks = [watch(norm) for norm in scales]
    net.eval()
    for view in views:
        net(view)
    for hook in hooks:
        hook.remove()
    for norm, scale in scales.items():
        count, total, squares = sums[norm]
        mean = (total / count).float()
        variance = (squares / count - (total / count) ** 2).clamp_min(1e-8).float()
        layer: nn.BatchNorm2d = modules[norm]
        layer.running_mean.copy_(mean)
        layer.running_var.copy_(variance)
        layer.weight.copy_((variance + EPSILON).sqrt() / scale)
        layer.bias.add_(mean / scale)


class Grey(nn.Module):
    """The net for grey pictures of any size."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(F.interpolate(x, (SEEN, SEEN), mode="bilinear", align_corners=False).expand(-1, 3, -1, -1))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--weights", required=True)
    options.add_argument("--pictures", required=True, help="ferplus.npz that train.py left beside its runs")
    options.add_argument("--checkpoint", required=True, help="file to write")
    options.add_argument("--teacher", help="TorchScript to write, so that the weights can teach those that come after them")
    options.add_argument("--body", help="folder of nsfwjs's mobilenet_v2; found among the installed packages")
    args = options.parse_args()
    torch.set_num_threads(1)
    with open(args.weights, "rb") as file:
        packed = Packed(file.read())
    net = MobileNetV2(len(data.CLASSES))
    load_body(net, args.body or find_body())
    augment, pictures = Augment(SEEN, 5, 0.4), torch.from_numpy(np.load(args.pictures)["pictures"][:PICTURES])
    unfold(packed.tensors, net, (augment(part)[0] for part in pictures.split(BATCH)))
    picture = torch.from_numpy(drawn_picture(SEEN)).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        print("largest difference of a feature:", float((net.features(picture) - packed.own_features(picture)).abs().max()))
    torch.save({"average": net.state_dict()}, args.checkpoint)
    if args.teacher:
        torch.jit.trace(Grey(net).eval(), torch.zeros(2, 1, 48, 48)).save(args.teacher)


if __name__ == "__main__":
    main()
