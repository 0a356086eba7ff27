"""A run that goes on from a moment of another one, with other settings."""

from __future__ import annotations

from typing import Any

from engine.state import State
from tuinn.allowed import ConfigError
from tuinn.config import Config, fields, get, has
from tuinn.experiment import Experiment, check, make_stop, make_trainer
from tuinn.fields import leaves, spelt
from tuinn.optimizers import WHOLE

KEPT = ("seed", "data", "network")
"""What a run and its fork have in common: the fields, and those of the groups, of these names."""
FREE = ("network.init", "network.weights", "network.biases")
"""Of these what does not matter: the weights are those of the moment."""
LIVE = ("optimizer.eta", "regularisation.alpha", "training.batch_size")
"""What may differ without another trainer, beside the stop conditions."""
SPOKEN = ("title", "look_for")


def differences(was: Config, config: Config) -> list[str]:
    """The fields in which `config` differs from what was followed, where that means anything.

    That another optimiser has other settings goes without saying.
    """
    another = config.optimizer.name != was.optimizer.name
    unused = "training.batch_size" if config.optimizer.name in WHOLE else "training.examples"
    return [
        path
        for path in leaves(config.optimizer.name)
        if path not in (*SPOKEN, unused)
        and not (another and path.startswith("optimizer.") and path != "optimizer.name")
        and get(config, path) != get(was, path)
    ]


def check_fork(was: Config, config: Config) -> None:
    """Raise `ConfigError` where a fork cannot differ as `config` does."""
    refused = [
        path
        for path in differences(was, config)
        if path.partition(".")[0] in KEPT and path not in FREE
    ]
    if refused:
        names = ", ".join(f"`{path}`" for path in refused)
        wait = "waits" if len(refused) == 1 else "wait"
        raise ConfigError(f"a fork keeps data, network and seed: {names} {wait} for r", refused[0])


def what_differs(was: Config, config: Config) -> str:
    """In words: "η 0.5 → 0.1, mini-batch 10 → full"; empty where nothing does that matters.

    η is told of another optimiser as well, where both have one: it decides as much as the method.
    """
    differing = differences(was, config)
    eta = "optimizer.eta"
    if "optimizer.name" in differing and _has_other(was, config, eta):
        differing.insert(differing.index("optimizer.name") + 1, eta)
    labels = {
        field.path: field.label.partition(" (")[0]
        for field in fields(config.optimizer.name)
        if field.path not in FREE
    }
    return ", ".join(
        f"{labels[path]} {spelt(path, get(was, path))} → {spelt(path, get(config, path))}"
        for path in differing
        if path in labels
    )


def _has_other(was: Config, config: Config, path: str) -> bool:
    """Whether both have the field, with different values."""
    return has(was, path) and has(config, path) and get(was, path) != get(config, path)


def fork(experiment: Experiment, config: Config, arrays: dict[str, Any]) -> Experiment:
    """The experiment of `config` that goes on from a checkpoint of this one, or of its past.

    Where only live fields and stop conditions differ it goes on with the same trainer; else with
    another one over the same data. Raises `ConfigError`, or ValueError naming what does not fit;
    the experiment is then as it was.
    """
    check_fork(experiment.config, config)
    check(config)
    if State.of(arrays, {}).diverged is not None:
        raise ConfigError("the run has diverged there: fork from an earlier moment")
    trainer = experiment.trainer
    if all(_is_live(path) for path in differences(experiment.config, config)):
        trainer.change(**live_values(config))
    else:
        trainer = make_trainer(config, experiment.dataset, experiment.split)
    trainer.branch(arrays)
    return Experiment(config, experiment.dataset, experiment.split, trainer)


def _is_live(path: str) -> bool:
    return path in LIVE or path in FREE or path.startswith("stop.")


def live_values(config: Config) -> dict[str, Any]:
    """What `Trainer.change` takes of a configuration."""
    values: dict[str, Any] = {"alpha": config.regularisation.alpha, "stop": make_stop(config)}
    if has(config, "optimizer.eta"):
        values["eta"] = get(config, "optimizer.eta")
    if config.optimizer.name not in WHOLE:
        values["batch_size"] = config.training.batch_size
    return values
