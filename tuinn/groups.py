"""The groups of the configuration: each field's type, range, label, unit, help and default.

The preset files, ``--set`` on the command line and the form on the screen share these
definitions: they stand here and nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tuinn.optimizers import Optimizer, Sgd
from tuinn.schema import Base, Count, NonNegative, Positive, Share, about

ActivationName = Literal["sigmoid", "tanh", "relu", "identity"]
OutputName = Literal["sigmoid", "softmax", "tanh", "relu", "identity"]
InitName = Literal["scaled", "large", "xavier", "he", "zeros", "given"]
CostName = Literal["quadratic", "cross-entropy"]
ScaleName = Literal["none", "standard", "unit"]
FeatureName = Literal["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]


class Data(Base, frozen=True):
    set: Annotated[
        str, about("set", "a named set, or the path of a .csv, .npz or IDX folder", group="Data")
    ] = "circle"
    n: Annotated[
        Count | None,
        about("examples", "how many to generate, or the first n of a stored set", group="Data"),
    ] = None
    noise: Annotated[NonNegative | None, about("noise", "of a generated set", group="Data")] = None
    features: Annotated[
        tuple[FeatureName, ...],
        about("features", "inputs made of x1 and x2 of a 2-D set", group="Data"),
    ] = ()
    degree: Annotated[
        Annotated[int, Meta(ge=1, le=12)] | None,
        about("degree", "all polynomial terms of x1, x2 up to this degree", group="Data"),
    ] = None
    label: Annotated[
        str | int | None, about("label", "label column of a CSV: name or position", group="Data")
    ] = None
    scale: Annotated[
        ScaleName, about("scale", "inputs: as they are, z-score, or 0…1", group="Data")
    ] = "none"
    train: Annotated[
        NonNegative | None,
        about("train", "share (below 1) or number; empty: the rest", group="Data"),
    ] = None
    validation: Annotated[
        NonNegative, about("validation", "share (below 1) or number", group="Data")
    ] = 0.2
    test: Annotated[NonNegative, about("test", "share (below 1) or number", group="Data")] = 0.0
    shuffle: Annotated[
        bool, about("shuffle", "shuffle before the split (seeded)", group="Data")
    ] = True


class Network(Base, frozen=True):
    hidden: Annotated[
        tuple[Count, ...], about("hidden", "units of each hidden layer", "units", "Network")
    ] = (8,)
    activation: Annotated[
        ActivationName | tuple[ActivationName, ...],
        about("activation", "of the hidden layers: one for all, or one each", group="Network"),
    ] = "sigmoid"
    output: Annotated[
        OutputName, about("output", "activation of the output layer", group="Network")
    ] = "sigmoid"
    init: Annotated[InitName, about("init", "how the first weights are drawn", group="Network")] = (
        "scaled"
    )
    weights: tuple[tuple[tuple[float, ...], ...], ...] | None = None
    """For init = "given": W^l by rows, one matrix per layer."""
    biases: tuple[tuple[float, ...], ...] | None = None
    """For init = "given": b^l, one list per layer."""


class Training(Base, frozen=True):
    cost: Annotated[CostName, about("cost", "what is minimised", group="Training")] = (
        "cross-entropy"
    )
    batch_size: Annotated[
        Count | Literal["full"],
        about("mini-batch", "examples per update: 1 … m, or full", "examples", "Training"),
    ] = 10
    examples: Annotated[
        Count | None,
        about(
            "judged on",
            "of a search: training examples on which candidates are compared; empty: all",
            "examples",
            "Training",
        ),
    ] = None
    dtype: Annotated[
        Literal["float64", "float32"], about("dtype", "of all the arithmetic", group="Training")
    ] = "float64"


class Regularisation(Base, frozen=True):
    alpha: Annotated[
        NonNegative, about("α (L2)", "weight decay; biases never decay", group="Regularisation")
    ] = 0.0


class Stop(Base, frozen=True):
    epochs: Annotated[
        Count,
        about(
            "epochs",
            "passes over the data; of a search its generations, iterations or chains",
            "epochs",
            "Stop",
        ),
    ] = 30
    target_loss: Annotated[
        NonNegative | None,
        about("target loss", "stop at or below this validation loss", group="Stop"),
    ] = None
    target_accuracy: Annotated[
        Share | None,
        about("target accuracy", "stop at or above this validation accuracy", group="Stop"),
    ] = None
    seconds: Annotated[Positive | None, about("seconds", "of training time", "s", "Stop")] = None
    evaluations: Annotated[
        Count | None,
        about("evaluations", "budget of costs, or costs with their gradients", group="Stop"),
    ] = None
    patience: Annotated[
        Count | None,
        about("patience", "epochs without a better validation loss", "epochs", "Stop"),
    ] = None


class Config(Base, frozen=True):
    title: str = ""
    look_for: str = ""
    """One sentence: what to watch."""
    seed: Annotated[
        Annotated[int, Meta(ge=0)], about("seed", "of every random choice", group="Data")
    ] = 0
    data: Data = Data()
    network: Network = Network()
    training: Training = Training()
    optimizer: Optimizer = Sgd()
    regularisation: Regularisation = Regularisation()
    stop: Stop = Stop()
