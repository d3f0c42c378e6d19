"""Random views of grey 48x48 faces as a camera in a shop might see them, a batch at a time."""

import math

import torch
from torch.nn import functional as F


def plain(pictures, side):
    """uint8 [n, 48, 48] to [n, 3, side, side] in -1..1."""
    x = pictures.float()[:, None] / 127.5 - 1
    if side != x.shape[-1]:
        x = F.interpolate(x, (side, side), mode="bilinear", align_corners=False)
    return x.expand(-1, 3, -1, -1)


def covered(x):
    """The lower half of each face behind a light cloth: what `evaluate -- expression` covers."""
    y = x.clone()
    y[:, :, int(x.shape[2] * 0.55) :, :] = 0.4
    return y


class Augment:
    def __init__(self, side, seed, strength=1.0, covers=None):
        """@param strength 1 for a shop's worst views, less for pictures nearer to those of the data
        @param covers the same of masks and of things before the face; as strength when absent"""
        self.side, self.strength = side, strength
        self.covers = strength if covers is None else covers
        self.random = torch.Generator().manual_seed(seed)

    def uniform(self, n, low, high):
        return torch.rand(n, generator=self.random) * (high - low) + low

    def chance(self, n, share):
        return torch.rand(n, generator=self.random) < share

    def __call__(self, pictures):
        """uint8 [n, 48, 48] to (view [n, 3, side, side] in -1..1, the same view uncovered and grey)"""
        grey = self.light(self.move(pictures.float()[:, None] / 255))
        x = self.colour(self.soften(grey))
        x = self.mask(self.blot(x))
        x = x + 0.02 * torch.randn(x.shape, generator=self.random)
        return x.clamp(0, 1) * 2 - 1, grey

    def move(self, x):
        n = len(x)
        s = self.strength
        angle = torch.randn(n, generator=self.random).clamp(-2.5, 2.5) * math.radians(7 * s)
        scale = torch.exp(self.uniform(n, s * math.log(0.82), s * math.log(1.25)))
        stretch = torch.exp(self.uniform(n, s * math.log(0.9), s * math.log(1.11)))
        shear = self.uniform(n, -0.12 * s, 0.12 * s)
        flip = torch.where(self.chance(n, 0.5), -1.0, 1.0)
        cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
        matrix = torch.zeros(n, 2, 3)
        matrix[:, 0, 0], matrix[:, 0, 1] = cos * flip * stretch, -sin + shear
        matrix[:, 1, 0], matrix[:, 1, 1] = sin * flip, cos / stretch
        matrix[:, 0, 2], matrix[:, 1, 2] = self.uniform(n, -0.14 * s, 0.14 * s), self.uniform(n, -0.14 * s, 0.14 * s)
        grid = F.affine_grid(matrix, (n, 1, self.side, self.side), align_corners=False)
        return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)

    def light(self, x):
        n = len(x)
        mean = x.mean((2, 3), keepdim=True)
        contrast = self.uniform(n, 0.6, 1.4)[:, None, None, None]
        x = (x - mean) * contrast + mean + self.uniform(n, -0.2, 0.2)[:, None, None, None]
        side = torch.linspace(-1, 1, self.side)
        direction = self.uniform(n, 0, 2 * math.pi)[:, None, None]
        slope = direction.cos() * side[None, None, :] + direction.sin() * side[None, :, None]
        strength = (self.uniform(n, 0, 0.25) * self.chance(n, 0.4))[:, None, None]
        x = (x + (slope * strength)[:, None]).clamp(0, 1)
        return x ** torch.exp(self.uniform(n, -0.35, 0.35))[:, None, None, None]

    def soften(self, x):
        """A share as if the face had been 20 to 40 px wide, whole batches at a size to be quick."""
        some = self.chance(len(x), 0.2 * self.strength)
        if some.any():
            width = int(self.uniform(1, 20, 40))
            small = F.interpolate(x[some], (width, width), mode="area")
            x = x.clone()
            x[some] = F.interpolate(small, (self.side, self.side), mode="bilinear", align_corners=False)
        return x

    def colour(self, x):
        """Skin under some lamp on two thirds; the rest stay grey."""
        n = len(x)
        gain = torch.stack([self.uniform(n, 0.9, 1.2), self.uniform(n, 0.75, 1.05), self.uniform(n, 0.55, 1.1)], 1)
        gain = torch.where(self.chance(n, 0.65 * self.strength)[:, None], gain, torch.ones(n, 3))
        return (x * gain[:, :, None, None]).clamp(0, 1)

    def mask(self, x):
        return draped(x, 0.12 * self.covers, self.random)

    def blot(self, x):
        return blotted(x, 0.2 * self.covers, self.random)


def draped(x, share, random):
    """A cloth from a random height on a share of the views: an arc that is higher over the nose."""

    def uniform(low, high):
        return torch.rand(n, generator=random) * (high - low) + low

    n, channels, side, _ = x.shape
    some = (torch.rand(n, generator=random) < share).float()
    edge, arc = uniform(0.5, 0.72), uniform(-0.05, 0.3)
    across = torch.linspace(-1, 1, side)
    top = edge[:, None] + arc[:, None] * across[None] ** 2
    down = torch.linspace(0, 1, side)
    below = (down[None, :, None] > top[:, None, :]).float() * some[:, None, None]
    cloth = torch.rand(n, channels, 1, 1, generator=random)
    cloth = 0.5 * cloth + 0.5 * cloth.mean(1, keepdim=True)
    return x * (1 - below[:, None]) + cloth * below[:, None]


def blotted(x, share, random):
    """A rectangle of one colour somewhere on a share of the views, in place: hands, hair, bottles."""
    n, channels, side, _ = x.shape
    for i in torch.nonzero(torch.rand(n, generator=random) < share)[:, 0].tolist():
        height, width = (int(v * side) for v in (torch.rand(2, generator=random) * 0.28 + 0.12).tolist())
        top, left = (torch.rand(2, generator=random) * torch.tensor([side - height, side - width])).int().tolist()
        x[i, :, top : top + height, left : left + width] = torch.rand(channels, 1, 1, generator=random)
    return x


class Gentle:
    """Views that stay near to the data's pictures: a little turned, moved, sized, mirrored, and of other contrast.
    @param blots share of the views with a grey rectangle before a part of the face
    @param masks share of the views with a cloth before the lower face"""

    def __init__(self, side, seed, blots=0.0, masks=0.0):
        self.side, self.blots, self.masks = side, blots, masks
        self.random = torch.Generator().manual_seed(seed)

    def uniform(self, n, low, high):
        return torch.rand(n, generator=self.random) * (high - low) + low

    def __call__(self, pictures):
        """uint8 [n, 48, 48] to [n, 1, side, side] in -1..1"""
        x, n = pictures.float()[:, None] / 255, len(pictures)
        angle = self.uniform(n, -12, 12) * math.pi / 180
        scale = torch.exp(self.uniform(n, -0.13, 0.13))
        flip = torch.where(torch.rand(n, generator=self.random) < 0.5, -1.0, 1.0)
        shear = self.uniform(n, -0.06, 0.06)
        stretch = torch.exp(self.uniform(n, -0.05, 0.05))
        cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
        matrix = torch.zeros(n, 2, 3)
        matrix[:, 0, 0], matrix[:, 0, 1] = cos * flip * stretch, -sin + shear
        matrix[:, 1, 0], matrix[:, 1, 1] = sin * flip, cos / stretch
        matrix[:, 0, 2], matrix[:, 1, 2] = self.uniform(n, -0.1, 0.1), self.uniform(n, -0.1, 0.1)
        grid = F.affine_grid(matrix, (n, 1, self.side, self.side), align_corners=False)
        x = F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
        mean = x.mean((2, 3), keepdim=True)
        contrast, light = self.uniform(n, 0.7, 1.3), self.uniform(n, -0.12, 0.12)
        x = (x - mean) * contrast[:, None, None, None] + mean + light[:, None, None, None]
        if self.blots > 0:
            x = blotted(x, self.blots, self.random)
        if self.masks > 0:
            x = draped(x, self.masks, self.random)
        return x.clamp(0, 1) * 2 - 1
