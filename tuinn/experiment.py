"""From a configuration to data, a network and a trainer that fit each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from engine import Network, Schedule, Stop, Trainer
from engine.data import DataError, Dataset, Split, catalogue, load, split
from engine.optimizer import Optimizer as EngineOptimizer
from engine.optimizers import optimizer as optimizer_named
from tuinn.config import Config, ConfigError
from tuinn.optimizers import WHOLE, Optimizer

MOST_PARAMETERS = 50_000_000
MOST_CANDIDATE_NUMBERS = 30_000_000
"""Parameters of all the candidates, or steps, that an optimiser holds at once. Its update takes up
to nine times as many floats (a swarm's): 2 GB."""
MOST_GENERATED = 10_000_000
OUTPUT_RANGE = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, float("inf")),
    "identity": (float("-inf"), float("inf")),
}


@dataclass(frozen=True, slots=True)
class Experiment:
    config: Config
    dataset: Dataset
    split: Split
    trainer: Trainer


def build(
    config: Config, folder: str | Path | None = None, previous: Experiment | None = None
) -> Experiment:
    """The experiment that ``config`` describes; ``folder``: where named sets are looked up.

    The data of a ``previous`` experiment are used again where they are the same named set; a file
    is read anew, since it may have changed.

    Raises `ConfigError`, naming the fields, where parts of the configuration do not go together
    or the data cannot be used, OSError where a file cannot be read.
    """
    check(config)
    if previous is not None and _same_data(config, previous.config):
        dataset, parts = previous.dataset, previous.split
    else:
        dataset, parts = read_data(config, folder)
    return Experiment(config, dataset, parts, make_trainer(config, dataset, parts))


def _same_data(config: Config, other: Config) -> bool:
    named = config.data.set in {entry.name for entry in catalogue()}
    return named and (config.data, config.seed, config.network.output) == (
        other.data,
        other.seed,
        other.network.output,
    )


MOST_SEED = 2**63 - 1
"""The largest number that the store of runs can hold."""


def check(config: Config) -> None:
    """Raise `ConfigError` for what can be seen to be wrong without the data."""
    network, cost = config.network, config.training.cost
    if config.seed > MOST_SEED:
        raise ConfigError(f"`seed` must be >= 0 and <= {MOST_SEED}, got {config.seed}", "seed")
    if cost == "cross-entropy" and network.output not in ("sigmoid", "softmax"):
        raise ConfigError(
            "`training.cost` = cross-entropy needs `network.output` = sigmoid or softmax, "
            f"got {network.output}; use one of these, or the quadratic cost",
            "network.output",
        )
    if cost == "quadratic" and network.output == "softmax":
        raise ConfigError(
            "`network.output` = softmax needs `training.cost` = cross-entropy, got quadratic",
            "training.cost",
        )
    if isinstance(network.activation, tuple) and len(network.activation) != len(network.hidden):
        raise ConfigError(
            f"`network.activation` names {len(network.activation)} layers, but `network.hidden` "
            f"has {len(network.hidden)}: give one name for all, or one for each",
            "network.activation",
        )
    given = {"weights": network.weights, "biases": network.biases}
    for name, values in given.items():
        if network.init == "given" and values is None:
            raise ConfigError(f'`network.init` = "given" needs `network.{name}`', f"network.{name}")
        if network.init != "given" and values is not None:
            raise ConfigError(
                f'`network.{name}` needs `network.init` = "given", got "{network.init}"',
                "network.init",
            )
    if config.data.features and config.data.degree is not None:
        raise ConfigError(
            "`data.features` and `data.degree` exclude each other: name the inputs, or take all "
            "polynomial terms",
            "data.degree",
        )
    with _field_errors("optimizer"):
        make_optimizer(config.optimizer)
    if config.data.n is not None and config.data.n > MOST_GENERATED:
        raise ConfigError(f"`data.n` must be <= {MOST_GENERATED}, got {config.data.n}", "data.n")


def read_data(config: Config, folder: str | Path | None = None) -> tuple[Dataset, Split]:
    """The set that ``config.data`` names and its parts; the same for the same seed."""
    data = config.data
    generator_seed, split_seed, _, _ = _seeds(config)
    with _field_errors("data.set"):
        dataset = load(
            data.set,
            n=data.n,
            noise=data.noise,
            seed=generator_seed,
            features=data.features,
            degree=data.degree,
            label=data.label,
            folder=folder,
        )
        parts = split(
            dataset,
            train=data.train,
            validation=data.validation,
            test=data.test,
            shuffle=data.shuffle,
            scale=data.scale,
            output=config.network.output,
            rng=np.random.default_rng(split_seed),
        )
    return dataset, parts


def make_trainer(config: Config, dataset: Dataset, parts: Split) -> Trainer:
    """A trainer at its start; the same for the same seed."""
    network, training, optimizer = config.network, config.training, config.optimizer
    _check_targets(config, dataset)
    _, _, init_seed, shuffle_seed = _seeds(config)
    m, outputs = parts.train.Y.shape
    whole = optimizer.name in WHOLE
    if not whole and training.batch_size != "full" and training.batch_size > m:
        raise ConfigError(
            f'`training.batch_size` must be 1 … {m} or "full", got {training.batch_size}: '
            f"the training part of {dataset.name} has {m} examples",
            "training.batch_size",
        )
    if whole and training.examples is not None and training.examples > m:
        raise ConfigError(
            f"`training.examples` must be 1 … {m}, or left out for all, got {training.examples}: "
            f"the training part of {dataset.name} has {m} examples",
            "training.examples",
        )
    hidden = network.activation
    names = hidden if isinstance(hidden, tuple) else (hidden,) * len(network.hidden)
    sizes = (parts.train.X.shape[1], *network.hidden, outputs)
    parameters = sum((before + 1) * n for before, n in itertools.pairwise(sizes))
    if parameters > MOST_PARAMETERS:
        raise ConfigError(
            f"`network.hidden` makes a network of {parameters} parameters; at most "
            f"{MOST_PARAMETERS} are possible",
            "network.hidden",
        )
    _check_memory(optimizer, parameters)
    with _field_errors("network"):
        shape = Network(sizes, (*names, network.output), dtype=training.dtype)
        if network.weights is not None and network.biases is not None:
            theta = shape.pack(network.weights, network.biases)
        else:
            theta = shape.draw(network.init, np.random.default_rng(init_seed))
        return Trainer(
            shape,
            parts,
            cost=training.cost,
            optimizer=make_optimizer(optimizer),
            # where one of the two means nothing it may be anything
            batch_size="full" if whole else training.batch_size,
            examples=(training.examples or "full") if whole else "full",
            alpha=config.regularisation.alpha,
            stop=make_stop(config),
            seed=shuffle_seed,
            theta=theta,
        )


def _check_memory(settings: Optimizer, parameters: int) -> None:
    """Raise `ConfigError` where a population of such networks would fill the machine."""
    for field in ("population", "archive", "memory"):
        held = getattr(settings, field, 0)
        if held * parameters > MOST_CANDIDATE_NUMBERS:
            most = MOST_CANDIDATE_NUMBERS // parameters
            raise ConfigError(
                f"`optimizer.{field}` must be <= {most} for a network of {parameters} parameters, "
                f"got {held}",
                f"optimizer.{field}",
            )


def make_optimizer(settings: Optimizer) -> EngineOptimizer:
    """The engine's optimiser of these settings, at its start.

    ValueError naming the field where they do not go together.
    """
    parameters = msgspec.structs.asdict(settings)
    if "schedule" in parameters:
        schedule, drop, every = (parameters.pop(name) for name in ("schedule", "drop", "every"))
        parameters["schedule"] = Schedule(schedule, drop=drop, every=every)
    return optimizer_named(settings.name, **parameters)


def make_stop(config: Config) -> Stop:
    """The stop conditions of ``config``."""
    stop = config.stop
    return Stop(
        epochs=stop.epochs,
        target_loss=stop.target_loss,
        target_accuracy=stop.target_accuracy,
        seconds=stop.seconds,
        patience=stop.patience,
        evaluations=stop.evaluations,
    )


def planned_epochs(trainer: Trainer) -> int:
    """Epochs of the whole run, if nothing but their number and the budget ends it."""
    return min(trainer.stop.epochs, -(-trainer.planned // trainer.one_epoch.updates))


def _seeds(config: Config) -> list[np.random.SeedSequence]:
    """Independent seeds for the generated data, the split, the first weights, the order.

    Each has its own, so that changing how one is used leaves the others' draws as they were.
    """
    return np.random.SeedSequence(config.seed).spawn(4)


def _check_targets(config: Config, dataset: Dataset) -> None:
    """Raise `ConfigError` where the targets of a regression are out of the output's reach."""
    if dataset.targets is None:
        return
    output = config.network.output
    if output == "softmax":
        raise ConfigError(
            f"{dataset.name} is a regression: `network.output` = softmax is for classes; "
            'use "identity"',
            "network.output",
        )
    low, high = float(dataset.targets.min()), float(dataset.targets.max())
    least, most = OUTPUT_RANGE[output]
    if low < least or high > most:
        raise ConfigError(
            f"the targets of {dataset.name} go from {low:.3g} to {high:.3g}, but "
            f"`network.output` = {output} gives {least:g} … {most:g} only; "
            'use "identity" with the quadratic cost',
            "network.output",
        )


@contextmanager
def _field_errors(field: str) -> Iterator[None]:
    """Pass the engine's refusals on as `ConfigError`: those that name a field, or are about data.

    Any other ValueError is a defect of the program and stays what it is.
    """
    try:
        yield
    except ConfigError:
        raise
    except DataError as error:
        message = str(error)
        if error.field and "`" not in message:
            message = message.replace(error.field, f"`{error.field}`")
        raise ConfigError(message, error.field or field) from error
    except ValueError as error:
        named = re.search(r"`([a-z0-9_.]+)", str(error))
        if named is None:
            raise
        raise ConfigError(str(error), named[1] if "." in named[1] else field) from error
