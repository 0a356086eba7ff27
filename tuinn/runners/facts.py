"""What a run is, for who shows it from another process."""

from __future__ import annotations

from dataclasses import dataclass

from tuinn.experiment import Experiment, planned_epochs


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Small, and fit to be sent: what a screen asks an experiment for."""

    sizes: tuple[int, ...]
    """Units of the layers 0…L."""
    parameters: int
    m: int
    """Training examples."""
    validates: bool
    """There is a validation set."""
    planned_updates: int
    planned_epochs: int
    """If nothing but their number and the budget ends the run."""
    epoch_word: str
    """What the method calls an epoch: "generation", …"""
    searches: bool
    """The method knows no gradient: there is no δ, but a best cost."""
    regression: bool
    """Its accuracies are R²."""

    @classmethod
    def of(cls, experiment: Experiment) -> RunFacts:
        trainer = experiment.trainer
        return cls(
            sizes=trainer.network.sizes,
            parameters=trainer.network.parameters,
            m=trainer.m,
            validates=len(experiment.split.validation.X) > 0,
            planned_updates=trainer.planned,
            planned_epochs=planned_epochs(trainer),
            epoch_word=trainer.optimizer.epoch_word,
            searches=not trainer.optimizer.needs_gradient,
            regression=experiment.split.train.labels is None,
        )
