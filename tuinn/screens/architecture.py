"""What a built experiment is, in a line: its parts and the shape of its network."""

from __future__ import annotations

from itertools import groupby

from tuinn.experiment import Experiment
from tuinn.widgets.numbers import count

SHORT = {"sigmoid": "sigm.", "identity": "ident."}


def parts_of(experiment: Experiment) -> str:
    """ "160 train · 40 validation" """
    split = experiment.split
    parts = {"train": split.train.n, "valid.": split.validation.n, "test": split.test.n}
    return " · ".join(f"{count(n)} {name}" for name, n in parts.items() if n)


def shape_of(experiment: Experiment) -> str:
    """ "64 · 30 sigm. · 10 softmax" and the number of parameters; equal layers are counted."""
    network = experiment.trainer.network
    layers = [str(network.sizes[0])]
    names = [activation.name for activation in network.activations]
    for (size, name), same in groupby(zip(network.sizes[1:], names, strict=True)):
        times = len(list(same))
        layers.append(f"{f'{times}×' if times > 1 else ''}{size} {SHORT.get(name, name)}")
    return f"{' · '.join(layers)}\n{count(network.parameters)} parameters"
