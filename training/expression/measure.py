"""Figures for satisfied against dissatisfied from logits of eight classes."""

import numpy as np
import torch

import data


def shares_of(logits, temperature=1.0):
    """@returns (probability of happy among happy and negative, probability of these together)"""
    p = (logits / temperature).softmax(1).numpy()
    happy, negative = p[:, data.HAPPY], p[:, data.NEGATIVE].sum(1)
    return happy / np.maximum(happy + negative, 1e-9), happy + negative


def auc(score, truth):
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score[np.nonzero(np.diff(np.sort(score)) == 0)[0]] if len(score) else []):
        same = score == value
        ranks[same] = ranks[same].mean()
    positive = truth == 1
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def calibration_error(score, truth, bins=15):
    """Expected calibration error of the class read, weighted by bin."""
    confidence, right = np.maximum(score, 1 - score), (score >= 0.5) == (truth == 1)
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[index == b].mean() - right[index == b].mean()) * (index == b).mean() for b in np.unique(index)))


def measure(logits, votes, temperature=1.0, least=6):
    share, together = shares_of(logits, temperature)
    rows, truth = data.two_classes(votes, least)
    score = share[rows]
    neutral = votes[:, 0] >= least
    eight = votes[:, :8].argmax(1)
    majority = votes[:, :8].max(1) >= 5
    top = logits.argmax(1).numpy()
    p = (logits / temperature).softmax(1).numpy()
    negative = p[:, data.NEGATIVE].sum(1)
    return {
        "n": int(len(rows)),
        "accuracy": float(((score >= 0.5) == truth).mean()),
        "auc": auc(score, truth),
        "ece": calibration_error(score, truth),
        "neutralAsNegative": float((negative[neutral] >= 0.5).mean()),
        "eight": float((top[majority] == eight[majority]).mean()),
    }
