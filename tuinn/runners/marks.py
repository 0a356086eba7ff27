"""What a run says of what was changed in it."""

from __future__ import annotations

from engine import Trainer
from tuinn.mark import Mark
from tuinn.notation import parameter
from tuinn.numbers import significant

_LABELS = {"eta": "η", "alpha": "α", "batch_size": "mini-batch"}


def marked(trainer: Trainer, text: str, *, written: bool = False) -> Mark:
    """A mark at the place where the run is now; ``written``: of a weight written by hand."""
    place = trainer.update, trainer.epoch, trainer.evaluations, trainer.seconds
    return Mark(*place, text, written)


def settings(trainer: Trainer) -> dict[str, float]:
    """What may be changed in mid-run, by the names of `Trainer.change`."""
    return {name: getattr(trainer, name) for name in _LABELS}


def changed(before: dict[str, float], after: dict[str, float]) -> str:
    """ "η 0.5 → 0.1, mini-batch 10 → 1"; empty where nothing was changed."""
    return ", ".join(
        f"{label} {before[name]:g} → {after[name]:g}"
        for name, label in _LABELS.items()
        if before[name] != after[name]
    )


def edited(layer: int, row: int, column: int | None, before: float, after: float) -> str:
    """ "w²₃₁ 0.520 → 2.00", "b¹₄ 0 → 0.100": rows and columns from 1, as in the textbook."""
    return f"{parameter(layer, row, column)} {significant(before)} → {significant(after)}"


def forked(update: int, differs: str) -> tuple[str, str]:
    """In short, for a chart, and in full: "fork: η 0.5 → 0.1", "fork at update 1 200: η …"."""
    what = f": {differs}" if differs else ""
    return f"fork{what}", f"fork at update {spaced(update)}{what}"


def spaced(n: int) -> str:
    """ "1 200"."""
    return f"{n:,}".replace(",", " ")
