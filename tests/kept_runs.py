"""A store with runs of several kinds, really trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuinn.config import Config, changed, parse
from tuinn.experiment import build
from tuinn.mark import Mark
from tuinn.store import Keeper

CIRCLE, SWARM, DIVERGED, ALONE = 1, 2, 3, 4
"""The runs in the store of `fill`."""
NASTY = '<script>alert("x")</script> & \x1b[31m\x07'
"""Text of somebody who means no good."""

_CIRCLE = {"data": {"set": "circle", "n": 60, "validation": 0.25}, "title": "A circle"}


def config(**fields: Any) -> Config:
    """A small run; `fields` with "__" for the dots of their paths."""
    made = parse(_CIRCLE)
    for name, value in {"stop__epochs": 8, **fields}.items():
        made = changed(made, name.replace("__", "."), value)
    return made


def fill(folder: Path) -> None:
    """Keep four runs: with a change in mid-run, of a swarm, one that diverges, without a validation
    set."""
    keeper = Keeper(folder)
    keep(keeper, config(), "circle", change=True)
    keep(keeper, config(optimizer__name="swarm", network__hidden=(3,)), "swarm")
    keep(keeper, config(optimizer__eta=1e9, network__output="identity"), "diverged", wild=True)
    keep(keeper, config(data__validation=0.0, title=NASTY), "alone")
    keeper.close()


def keep(
    keeper: Keeper, made: Config, name: str, *, change: bool = False, wild: bool = False
) -> None:
    """Train one run to its end, with about twenty rows."""
    if wild:
        made = changed(changed(made, "training.cost", "quadratic"), "network.activation", "relu")
    one = build(made)
    trainer = one.trainer
    kept = keeper.keep(one, name=name)
    kept.snapshot(trainer, trainer.snapshot())
    while trainer.finished is None:
        trainer.run(max(1, trainer.planned // 20))
        if change and trainer.epoch >= 4:
            change = False
            place = trainer.update, trainer.epoch, trainer.evaluations, trainer.seconds
            kept.mark(Mark(*place, "η 0.5 → 0.1"))
        kept.snapshot(trainer, trainer.snapshot())
    kept.status(trainer, "diverged" if trainer.diverged else "finished", trainer.finished)
