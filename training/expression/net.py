"""MobileNetV2 1.0 as Keras builds it, with the seed paper's head: 2,257,984 + 163,968 + 129 * classes parameters."""

import os
import re
from base64 import b64decode
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# (expansion, width, repeats, stride of the first) of Sandler et al. 2018, table 2.
STAGES = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]
BODY_WIDTH = 1280
HEAD_WIDTH = 128
EPSILON = 1e-3


def _norm(channels):
    # Keras keeps .999 of its running statistics; .99 settles within the short trainings here.
    return nn.BatchNorm2d(channels, eps=EPSILON, momentum=0.01)


class SameConv(nn.Conv2d):
    """3x3 with TensorFlow's padding: an even side at stride 2 is padded at the bottom and right only."""

    def __init__(self, inputs, outputs, stride, groups=1):
        super().__init__(inputs, outputs, 3, stride, 0, groups=groups, bias=False)

    def forward(self, x):
        stride = self.stride[0]
        if stride == 1:
            return F.conv2d(x, self.weight, None, 1, 1, 1, self.groups)
        before_y, before_x = x.shape[2] % 2, x.shape[3] % 2
        x = F.pad(x, (before_x, 1, before_y, 1))
        if self.groups == 1 or not torch.is_autocast_enabled("cpu"):
            return super().forward(x)
        # In bfloat16 the way back through such a layer takes five times as long as in float32 (PyTorch 2.13).
        with torch.autocast("cpu", enabled=False):
            return super().forward(x.float()).to(torch.bfloat16)


class Block(nn.Module):
    """Expand 1x1, filter 3x3 per channel, project 1x1."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        width = inputs * expansion
        if expansion != 1:
            self.expand = nn.Conv2d(inputs, width, 1, bias=False)
            self.expand_norm = _norm(width)
        self.depthwise = SameConv(width, width, stride, groups=width)
        self.depthwise_norm = _norm(width)
        self.project = nn.Conv2d(width, outputs, 1, bias=False)
        self.project_norm = _norm(outputs)
        self.shortcut = stride == 1 and inputs == outputs
        self.expanded = expansion != 1

    def forward(self, x):
        y = F.relu6(self.expand_norm(self.expand(x)), True) if self.expanded else x
        y = F.relu6(self.depthwise_norm(self.depthwise(y)), True)
        y = self.project_norm(self.project(y))
        return x + y if self.shortcut else y


class MobileNetV2(nn.Module):
    """[n, 3, side, side] in -1..1 to logits [n, classes]."""

    def __init__(self, classes=8, dropout=0.2):
        super().__init__()
        self.stem = SameConv(3, 32, 2)
        self.stem_norm = _norm(32)
        blocks, width = [], 32
        for expansion, outputs, repeats, stride in STAGES:
            for index in range(repeats):
                blocks.append(Block(width, outputs, stride if index == 0 else 1, expansion))
                width = outputs
        self.blocks = nn.ModuleList(blocks)
        self.top = nn.Conv2d(width, BODY_WIDTH, 1, bias=False)
        self.top_norm = _norm(BODY_WIDTH)
        self.dense = nn.Linear(BODY_WIDTH, HEAD_WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(HEAD_WIDTH, classes)

    def features(self, x):
        x = F.relu6(self.stem_norm(self.stem(x)), True)
        for block in self.blocks:
            x = block(x)
        x = F.relu6(self.top_norm(self.top(x)), True)
        return x.mean((2, 3))

    def forward(self, x):
        return self.classify(self.dropout(F.relu(self.dense(self.features(x)))))


ENTRY = re.compile(
    r'\{name:"([^"]+)",shape:\[([\d,]+)\],dtype:"float32",quantization:\{min:([^,]+),scale:([^,]+),dtype:"uint8"\}\}'
)
CHECKOUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def find_body():
    """The folder of nsfwjs's smallest model among the installed packages."""
    for parent in (os.path.join(CHECKOUT, "libs", "vision"), CHECKOUT):
        folder = os.path.join(parent, "node_modules", "nsfwjs", "dist", "models", "mobilenet_v2")
        if os.path.isdir(folder):
            return folder
    raise SystemExit("nsfwjs is not installed: run `npm start` or `npm run build` once, or name its folder with --body")


def load_body(net, folder):
    """Puts the ImageNet-derived weights of nsfwjs's mobilenet_v2 (uint8, affine per tensor) into the body."""
    with open(os.path.join(folder, "model.min.js"), encoding="utf8") as file:
        entries = ENTRY.findall(file.read())
    with open(os.path.join(folder, "group1-shard1of1.min.js"), encoding="utf8") as file:
        base64 = re.search(r'"([A-Za-z0-9+/]{1000,}=*)"', file.read()).group(1)
    data, offset, tensors = np.frombuffer(b64decode(base64), np.uint8), 0, {}
    for name, shape, low, scale in entries:
        dims = [int(size) for size in shape.split(",")]
        size = int(np.prod(dims))
        raw = data[offset : offset + size].astype(np.float32)
        offset += size
        tensors[name] = (raw * float(scale) + float(low)).astype(np.float32).reshape(dims)
    state = OrderedDict()
    for name, key in _keras_names():
        if name.endswith("_kernel") and "depthwise" in name:
            value = tensors[name].transpose(2, 3, 0, 1)
        elif name.endswith("kernel"):
            value = tensors[name].transpose(3, 2, 0, 1)
        else:
            value = tensors[name]
        state[key] = torch.from_numpy(np.ascontiguousarray(value))
    missing, unexpected = net.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert all(key.startswith(("dense", "classify")) or key.endswith("num_batches_tracked") for key in missing), missing


def _keras_names():
    def norm(keras, ours):
        for a, b in (("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var")):
            yield f"{keras}/{a}", f"{ours}.{b}"

    yield "Conv1/kernel", "stem.weight"
    yield from norm("bn_Conv1", "stem_norm")
    for index in range(sum(stage[2] for stage in STAGES)):
        keras = "expanded_conv" if index == 0 else f"block_{index}"
        if index > 0:
            yield f"{keras}_expand/kernel", f"blocks.{index}.expand.weight"
            yield from norm(f"{keras}_expand_BN", f"blocks.{index}.expand_norm")
        yield f"{keras}_depthwise/depthwise_kernel", f"blocks.{index}.depthwise.weight"
        yield from norm(f"{keras}_depthwise_BN", f"blocks.{index}.depthwise_norm")
        yield f"{keras}_project/kernel", f"blocks.{index}.project.weight"
        yield from norm(f"{keras}_project_BN", f"blocks.{index}.project_norm")
    yield "Conv_1/kernel", "top.weight"
    yield from norm("Conv_1_bn", "top_norm")
