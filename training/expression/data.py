"""FER+ pictures and votes as arrays; our own validation split, near-duplicates kept on one side."""

import csv
import io
import tarfile

import numpy as np
from PIL import Image

CLASSES = ["neutral", "happy", "surprised", "sad", "angry", "disgusted", "afraid", "contempt"]
HAPPY = 1
NEGATIVE = [3, 4, 5, 7]
SIDE = 48
DUPLICATE_FROM = 0.98


def read_ferplus(archive, labels):
    """@returns {usage: (names, pictures uint8 [n, 48, 48], votes float32 [n, 10])}; columns as in the CSV."""
    rows = {}
    with open(labels, encoding="utf8") as file:
        for row in csv.reader(file):
            if row[0] in ("Training", "PublicTest") and row[1]:
                rows[row[1]] = (row[0], [float(vote) for vote in row[2:12]])
    found = {"Training": ([], [], []), "PublicTest": ([], [], [])}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = member.name.rsplit("/", 1)[-1]
            if not member.isfile() or name not in rows:
                continue
            picture = np.asarray(Image.open(io.BytesIO(tar.extractfile(member).read())).convert("L"))
            usage, votes = rows[name]
            for target, value in zip(found[usage], (name, picture, votes)):
                target.append(value)
    result = {}
    for usage, (names, pictures, votes) in found.items():
        order = np.argsort(names)
        result[usage] = (
            np.asarray(names)[order],
            np.stack(pictures)[order],
            np.asarray(votes, np.float32)[order],
        )
    return result


def descriptors(pictures):
    """Unit vectors of 16x16 means without their mean: the dot product is the pictures' correlation."""
    small = pictures.reshape(len(pictures), 16, 3, 16, 3).mean((2, 4), dtype=np.float32).reshape(len(pictures), -1)
    small -= small.mean(1, keepdims=True)
    return small / np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-6)


def duplicate_pairs(a, b):
    """Pairs (i, j) of rows of a and b that correlate, also mirrored."""
    mirrored = descriptors(b[:, :, ::-1])
    left, right = descriptors(a), descriptors(b)
    for start in range(0, len(a), 1024):
        block = left[start : start + 1024]
        alike = np.maximum(block @ right.T, block @ mirrored.T) >= DUPLICATE_FROM
        for i, j in zip(*np.nonzero(alike)):
            yield start + int(i), int(j)


def groups_of(pictures):
    """One number per picture; near-duplicates share it."""
    parent = np.arange(len(pictures))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in duplicate_pairs(pictures, pictures):
        if i < j:
            parent[root(j)] = root(i)
    return np.array([root(i) for i in range(len(pictures))])


def split(pictures, share=0.1, seed=7):
    """@returns a mask of the validation rows, whole groups of near-duplicates together."""
    groups = groups_of(pictures)
    chosen = np.random.default_rng(seed).random(len(pictures)) < share
    return chosen[groups]


def targets(votes):
    """The eight classes' votes as shares, and a weight: the share of raters who saw one of the eight."""
    eight = votes[:, :8]
    total = eight.sum(1)
    return eight / np.maximum(total, 1)[:, None], total / np.maximum(votes.sum(1), 1)


def two_classes(votes, least=6):
    """@returns (rows with at least that many of ten votes for happy or the negative classes, 1 where happy)"""
    happy = votes[:, HAPPY] >= least
    negative = votes[:, NEGATIVE].sum(1) >= least
    keep = np.nonzero(happy | negative)[0]
    return keep, happy[keep].astype(np.int64)
