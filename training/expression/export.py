"""Writes the two trained nets as models/weights/satisfaction*.weights, norms folded in and most of it rounded to 8 bits
per output channel, under one head that gives the mean of their logits, and golden numbers of PyTorch's for the parity test of the conversion."""

import argparse
import hashlib
import json
import os

import numpy as np
import torch
from torch.nn import functional as F

import data
from face_net import MEAN, SIDE as FACE_SIDE, reduced
from net import EPSILON, STAGES, MobileNetV2

SIDE = 48
SEEN = 80
# How a picture becomes grey (ITU-R BT.601): the other net has learnt from grey ones only.
LUMA = (0.299, 0.587, 0.114)


def folded(state, conv, norm):
    scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + EPSILON)
    filters = state[f"{conv}.weight"] * scale[:, None, None, None]
    return filters.numpy(), (state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale).numpy()


def tensors_of(state):
    """Yields (name, values, rounded)."""

    def convolution(name, conv, norm):
        filters, bias = folded(state, conv, norm)
        # Depthwise filters are few and rounded badly, one weight of nine often far larger than the rest: left as they are
        # the largest change of a logit falls from .136 to .032.
        small = filters.shape[2] == 1
        yield f"{name}/filters", filters, small
        yield f"{name}/bias", bias, False

    yield from convolution("stem", "stem", "stem_norm")
    for index in range(sum(stage[2] for stage in STAGES)):
        for part in ("expand", "depthwise", "project") if index > 0 else ("depthwise", "project"):
            ours = f"blocks.{index}.{part}"
            yield from convolution(f"block_{index}_{part}", ours, f"{ours}_norm")
    yield from convolution("top", "top", "top_norm")


def rounded(values):
    """int8 per row, symmetric. @returns (scales float32 [rows], values int8)"""
    rows = values.reshape(len(values), -1)
    scales = np.maximum(np.abs(rows).max(1), 1e-12).astype(np.float32) / np.float32(127)
    return scales, np.clip(np.rint(rows / scales[:, None]), -127, 127).astype(np.int8)


def pack(named):
    """@param named (name, values, rounded) of each tensor"""
    tensors, body = [], b""
    for name, values, small in named:
        tensors.append({"name": name, "dims": list(values.shape), "kind": "int8" if small else "float32"})
        if small:
            scales, numbers = rounded(values)
            body += scales.tobytes() + numbers.tobytes()
        else:
            body += values.astype(np.float32).tobytes()
    header = json.dumps({"format": "regulars-weights-1", "tensors": tensors}, separators=(",", ":"))
    return header.encode() + b"\n" + body


def face_tensors_of(state):
    """Yields (name, values, rounded) of a teacher's convolutions, norms folded in; the first one takes grey levels 0 to 255."""
    count = sum(key.endswith("conv.weight") for key in state)
    for index in range(count):
        at = f"convolutions.{index}"
        filters, bias = folded(state, f"{at}.conv", f"{at}.norm")
        if index == 0:
            mean = np.asarray(MEAN, np.float32)[None, :, None, None]
            bias = bias - (filters * mean / 256).sum((1, 2, 3))
            filters = filters.sum(1, keepdims=True) / 256
        yield f"convolution_{index}/filters", filters, index > 0
        yield f"convolution_{index}/bias", bias, False


def joined_head(state, face, offset):
    """One head above the features of both nets that gives the mean of their logits: the net's own units, and for each
    class of the other net two that carry its logit, the one where it is positive and the other where it is not."""
    classes, inputs = len(data.CLASSES), state["dense.weight"].shape[1]
    own, other = state["dense.weight"].numpy(), face["classify.weight"].numpy()
    bias = face["classify.bias"].numpy()
    hidden = np.zeros((len(own) + 2 * classes, inputs + other.shape[1]), np.float32)
    hidden[: len(own), :inputs] = own
    hidden[len(own) :, inputs:] = np.concatenate([other, -other])
    eye = np.eye(classes, dtype=np.float32)
    move = offset * eye[data.HAPPY]
    return [
        ("hidden/weights", hidden, True),
        ("hidden/bias", np.concatenate([state["dense.bias"].numpy(), bias, -bias]), False),
        ("classes/weights", np.concatenate([state["classify.weight"].numpy(), eye, -eye], 1) / 2, False),
        ("classes/bias", state["classify.bias"].numpy() / 2 + move, False),
    ]


def read_packed(packed):
    """@returns the tensors by name"""
    offset, tensors = packed.index(b"\n") + 1, {}
    for tensor in json.loads(packed[: offset - 1])["tensors"]:
        count = int(np.prod(tensor["dims"]))
        if tensor["kind"] == "int8":
            rows = tensor["dims"][0]
            scales = np.frombuffer(packed, np.float32, rows, offset)
            values = np.frombuffer(packed, np.int8, count, offset + rows * 4).reshape(rows, -1) * scales[:, None]
            offset += rows * 4 + count
        else:
            values = np.frombuffer(packed, np.float32, count, offset)
            offset += count * 4
        tensors[tensor["name"]] = torch.from_numpy(values.astype(np.float32).reshape(tensor["dims"]))
    return tensors


class Packed(torch.nn.Module):
    """Both nets as the packed files describe them: what the ONNX file must give."""

    def __init__(self, packed, face=None):
        """@param face None where only `own_features` is asked for"""
        super().__init__()
        self.tensors, self.face = read_packed(packed), None if face is None else read_packed(face)

    def convolve(self, x, name, stride=1):
        filters, bias = self.tensors[f"{name}/filters"], self.tensors[f"{name}/bias"]
        groups = filters.shape[0] if name.endswith("_depthwise") else 1
        if filters.shape[2] == 1:
            return F.conv2d(x, filters, bias)
        before = 1 if stride == 1 else x.shape[2] % 2
        return F.conv2d(F.pad(x, (before, 1, before, 1)), filters, bias, stride, groups=groups)

    def own_features(self, x):
        x, index = F.relu6(self.convolve(x, "stem", 2)), 0
        for expansion, _, repeats, stride in STAGES:
            for repeat in range(repeats):
                y = F.relu6(self.convolve(x, f"block_{index}_expand")) if expansion != 1 else x
                y = F.relu6(self.convolve(y, f"block_{index}_depthwise", stride if repeat == 0 else 1))
                y = self.convolve(y, f"block_{index}_project")
                x, index = (x + y if repeat > 0 else y), index + 1
        return F.relu6(self.convolve(x, "top")).mean((2, 3))

    def face_features(self, grey):
        tensors = [(self.face[f"convolution_{i}/filters"], self.face[f"convolution_{i}/bias"]) for i in range(len(self.face) // 2)]
        x = F.max_pool2d(F.relu(F.conv2d(grey, *tensors[0], stride=2)), 3, 2)
        for (first, bias), second in zip(tensors[1::2], tensors[2::2]):
            halved = first.shape[0] != first.shape[1]
            y = F.relu(F.conv2d(x, first, bias, 2 if halved else 1, 0 if halved else 1))
            y = F.conv2d(y, *second, padding=1)
            x = reduced(y, x) if halved else F.relu(x + y)
        return x.mean((2, 3))

    def features(self, pictures):
        """@param pictures [n, 3, 48, 48] of levels 0 to 255"""
        grey = (pictures * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
        own = F.interpolate(pictures / 127.5 - 1, (SEEN, SEEN), mode="bilinear", align_corners=False)
        face = F.interpolate(grey, (FACE_SIDE, FACE_SIDE), mode="bilinear", align_corners=False)
        return torch.cat([self.own_features(own), self.face_features(face)], 1)

    @torch.no_grad()
    def forward(self, pictures):
        return self.classified(self.features(pictures))

    def classified(self, features):
        hidden = F.relu(F.linear(features, self.tensors["hidden/weights"], self.tensors["hidden/bias"]))
        return F.linear(hidden, self.tensors["classes/weights"], self.tensors["classes/bias"])


def drawn_picture(side):
    """libs/vision/src/building/golden/drawn-picture.ts, number for number."""
    y, x, channel = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    slope = ((x * (channel + 1) + y * (3 - channel)) * 64) // side
    disc = np.where((x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2, 70, 0)
    grain = (x * 31 + y * 17 + channel * 7) % 23 + (x * y) % 11
    return ((slope + disc + grain) & 255).astype(np.float32)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--checkpoint", required=True)
    options.add_argument("--face", required=True, help="checkpoint of the teacher that becomes the second net, at its usual side")
    options.add_argument("--weights", required=True, help="folder of the files to write")
    options.add_argument("--golden", required=True, help="folder of the golden numbers")
    options.add_argument("--offset", type=float, default=0.0, help="added to the logit of happiness; choose.py finds it")
    args = options.parse_args()
    torch.set_num_threads(1)
    state = torch.load(args.checkpoint, weights_only=False)["average"]
    face = torch.load(args.face, weights_only=False)["average"]
    packed = {
        "satisfaction": pack([*tensors_of(state), *joined_head(state, face, args.offset)]),
        "satisfaction-face": pack(face_tensors_of(face)),
    }
    os.makedirs(args.weights, exist_ok=True)
    for name, content in packed.items():
        with open(os.path.join(args.weights, f"{name}.weights"), "wb") as file:
            file.write(content)
        print(f"{name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    picture = torch.from_numpy(drawn_picture(SIDE)).permute(2, 0, 1)[None]
    net = Packed(*packed.values())
    with torch.no_grad():
        features = net.features(picture)
        logits = net.classified(features)[0]
    for name, values in (("satisfaction-logits", logits), ("satisfaction-features", features[0])):
        with open(os.path.join(args.golden, f"{name}.json"), "w", encoding="utf8") as file:
            file.write("[" + ", ".join(repr(float(v)) for v in values) + "]\n")


if __name__ == "__main__":
    main()
