"""What a built experiment is, in a line: its parts and the shape of its network."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from tuinn.experiment import Experiment
from tuinn.numbers import count

WIDTH = 29
"""Cells of a line above the fields of the form."""
SHORT = {"sigmoid": "sigm.", "identity": "ident."}


def parts_of(experiment: Experiment) -> str:
    """ "160 train · 40 valid.", and below it, where there is a test part, "3 000 test"."""
    split = experiment.split
    trained = [f"{count(split.train.n)} train"]
    if split.validation.n:
        trained.append(f"{count(split.validation.n)} valid.")
    test = [f"{count(split.test.n)} test"] if split.test.n else []
    line = " · ".join(trained + test)
    if len(line) <= WIDTH:
        return line
    source = " (own files)" if experiment.dataset.test is not None else ""
    return "\n".join([" · ".join(trained), *(part + source for part in test)])


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
