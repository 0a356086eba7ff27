"""What a built experiment is, in a line: its parts and the shape of its network."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from tuinn.experiment import Experiment
from tuinn.widgets.numbers import count, rate

WIDTH = 29
"""Cells of a line above the fields of the form."""
SHORT = {"sigmoid": "sigm.", "identity": "ident."}


def parts_of(experiment: Experiment) -> str:
    """ "160 train · 40 valid.", or where that is too long "50k train · 10k val · 3k test"."""
    split = experiment.split
    parts = {"train": split.train.n, "valid.": split.validation.n, "test": split.test.n}
    line = " · ".join(f"{count(n)} {name}" for name, n in parts.items() if n)
    if len(line) <= WIDTH:
        return line
    short = {name.replace("valid.", "val"): rate(n).replace(" ", "") for name, n in parts.items()}
    return " · ".join(f"{n} {name}" for name, n in short.items() if n != "0")


def shape_of(experiment: Experiment) -> str:
    """ "64 · 4×30 sigm. · 10 softmax" and the number of parameters."""
    network = experiment.trainer.network
    names = [activation.name for activation in network.activations]
    layers = [str(network.sizes[0])]
    hidden = zip(network.sizes[1:-1], names[:-1], strict=True)
    for name, group in groupby(hidden, key=lambda layer: layer[1]):
        layers.append(f"{_sizes(size for size, _ in group)} {SHORT.get(name, name)}")
    layers.append(f"{network.sizes[-1]} {SHORT.get(names[-1], names[-1])}")
    return f"{' · '.join(layers)}\n{count(network.parameters)} parameters"


def _sizes(sizes: Iterable[int]) -> str:
    """ "4×30" or "24, 16"."""
    counted = ((size, len(list(same))) for size, same in groupby(sizes))
    return ", ".join(f"{times}×{size}" if times > 1 else f"{size}" for size, times in counted)
