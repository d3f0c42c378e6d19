"""Writes the trained net as models/weights/NAME.weights, norms folded in and rounded to 8 bits per output channel,
and golden numbers of PyTorch's for the parity test of the conversion."""

import argparse
import hashlib
import json
import os

import numpy as np
import torch
from torch.nn import functional as F

import data
from net import EPSILON, STAGES, MobileNetV2

SIDE = 48
SEEN = 80


def folded(state, conv, norm):
    scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + EPSILON)
    filters = state[f"{conv}.weight"] * scale[:, None, None, None]
    return filters.numpy(), (state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale).numpy()


def tensors_of(state):
    """Yields (name, values, rounded)."""

    def convolution(name, conv, norm):
        filters, bias = folded(state, conv, norm)
        yield f"{name}/filters", filters, True
        yield f"{name}/bias", bias, False

    yield from convolution("stem", "stem", "stem_norm")
    for index in range(sum(stage[2] for stage in STAGES)):
        for part in ("expand", "depthwise", "project") if index > 0 else ("depthwise", "project"):
            ours = f"blocks.{index}.{part}"
            yield from convolution(f"block_{index}_{part}", ours, f"{ours}_norm")
    yield from convolution("top", "top", "top_norm")
    for name, layer in (("hidden", "dense"), ("classes", "classify")):
        yield f"{name}/weights", state[f"{layer}.weight"].numpy(), True
        yield f"{name}/bias", state[f"{layer}.bias"].numpy(), False


def rounded(values):
    """int8 per row, symmetric. @returns (scales float32 [rows], values int8)"""
    rows = values.reshape(len(values), -1)
    scales = np.maximum(np.abs(rows).max(1), 1e-12).astype(np.float32) / np.float32(127)
    return scales, np.clip(np.rint(rows / scales[:, None]), -127, 127).astype(np.int8)


def pack(state):
    tensors, body = [], b""
    for name, values, small in tensors_of(state):
        tensors.append({"name": name, "dims": list(values.shape), "kind": "int8" if small else "float32"})
        if small:
            scales, numbers = rounded(values)
            body += scales.tobytes() + numbers.tobytes()
        else:
            body += values.astype(np.float32).tobytes()
    header = json.dumps({"format": "regulars-weights-1", "tensors": tensors}, separators=(",", ":"))
    return header.encode() + b"\n" + body


class Packed(torch.nn.Module):
    """The net as the packed file describes it: what the ONNX file must give."""

    def __init__(self, packed):
        super().__init__()
        end = packed.index(b"\n")
        self.tensors, offset = {}, end + 1
        for tensor in json.loads(packed[:end])["tensors"]:
            count = int(np.prod(tensor["dims"]))
            if tensor["kind"] == "int8":
                rows = tensor["dims"][0]
                scales = np.frombuffer(packed, np.float32, rows, offset)
                values = np.frombuffer(packed, np.int8, count, offset + rows * 4).reshape(rows, -1) * scales[:, None]
                offset += rows * 4 + count
            else:
                values = np.frombuffer(packed, np.float32, count, offset)
                offset += count * 4
            self.tensors[tensor["name"]] = torch.from_numpy(values.astype(np.float32).reshape(tensor["dims"]))

    def convolve(self, x, name, stride=1):
        filters, bias = self.tensors[f"{name}/filters"], self.tensors[f"{name}/bias"]
        groups = filters.shape[0] if name.endswith("_depthwise") else 1
        if filters.shape[2] == 1:
            return F.conv2d(x, filters, bias)
        before = 1 if stride == 1 else x.shape[2] % 2
        return F.conv2d(F.pad(x, (before, 1, before, 1)), filters, bias, stride, groups=groups)

    def features(self, x):
        x, index = F.relu6(self.convolve(x, "stem", 2)), 0
        for expansion, _, repeats, stride in STAGES:
            for repeat in range(repeats):
                y = F.relu6(self.convolve(x, f"block_{index}_expand")) if expansion != 1 else x
                y = F.relu6(self.convolve(y, f"block_{index}_depthwise", stride if repeat == 0 else 1))
                y = self.convolve(y, f"block_{index}_project")
                x, index = (x + y if repeat > 0 else y), index + 1
        return F.relu6(self.convolve(x, "top")).mean((2, 3))

    def forward(self, x):
        hidden = F.relu(F.linear(self.features(x), self.tensors["hidden/weights"], self.tensors["hidden/bias"]))
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
    options.add_argument("--weights", required=True, help="file to write")
    options.add_argument("--golden", required=True, help="folder of the golden numbers")
    options.add_argument("--offset", type=float, default=0.0, help="added to the logit of happiness; choose.py finds it")
    args = options.parse_args()
    torch.set_num_threads(1)
    state = torch.load(args.checkpoint, weights_only=False)["average"]
    state["classify.bias"][data.HAPPY] += args.offset
    packed = pack(state)
    os.makedirs(os.path.dirname(args.weights), exist_ok=True)
    with open(args.weights, "wb") as file:
        file.write(packed)
    picture = torch.from_numpy(drawn_picture(SIDE)).permute(2, 0, 1)[None] / 127.5 - 1
    picture = F.interpolate(picture, (SEEN, SEEN), mode="bilinear", align_corners=False)
    net = MobileNetV2(len(data.CLASSES))
    net.load_state_dict(state)
    net.eval()
    with torch.no_grad():
        logits, features = Packed(packed)(picture)[0], Packed(packed).features(picture)[0]
        exact = net(picture)[0]
    for name, values in (("satisfaction-logits", logits), ("satisfaction-features", features)):
        with open(os.path.join(args.golden, f"{name}.json"), "w", encoding="utf8") as file:
            file.write("[" + ", ".join(repr(float(v)) for v in values) + "]\n")
    print(f"{len(packed)} bytes, sha256 {hashlib.sha256(packed).hexdigest()}")
    print("largest change of a logit by rounding, drawn picture:", float((logits - exact).abs().max()))


if __name__ == "__main__":
    main()
