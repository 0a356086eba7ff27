"""What the ledger of weight decay says, from the longest to the shortest wording."""

from __future__ import annotations

import math

from engine.inside.ledger import Entry, Ledger
from tuinn.numbers import MINUS, significant
from tuinn.widgets.method_facts import MethodFacts

BALANCE = "balance"
_VALUE = 8
_MEANS = {"adam": "√v̂", "adamw": "√v̂", "rmsprop": "√s", "adagrad": "√s"}
"""Of adaptive methods: what a slope is divided by."""
_VELOCITY = ("momentum", "nesterov")


def heads(*, bars: bool) -> tuple[str, ...]:
    """Above the layers, where there is no weight decay; ``bars``: there are some, and no numbers
    alone."""
    step = f"{'█ ' if bars else ''}gradient step"
    return (
        f"no weight decay (α = 0), {step} alone: A adds weight decay",
        f"{step}; no decay (α = 0): A adds it",
        f"{step} (α = 0: A adds decay)",
        step,
    )


def read_out(alpha: float, method: MethodFacts) -> str:
    """α as it is, and how it is applied where that can be chosen."""
    return " ".join(filter(None, (f"α {significant(alpha)}", method.decay)))


def second_lines(entry: Entry, *, decays: bool, cosine: bool) -> list[str]:
    """A layer's figures below its bars; ``cosine``: it does not stand beside them.

    Every wording is as long for all the layers: numbers have the room of the longest, and so has
    the word of balance, which is blank elsewhere.
    """
    layer = entry.layer
    net, taken = signed(entry.net, 2), signed(entry.taken, 2)
    moved = f"ΔW/W {significant(layer.update_ratio, 2):<{_VALUE}}"
    size = f"‖W‖ {significant(layer.weight_norm):<{_VALUE}}"
    change = f"Δ‖W‖ {net:<{_VALUE}}"
    angle = f"cos {cosine_text(layer.cosine)}  " if decays and cosine else ""
    if not decays:
        return [
            f"{moved}  {size}  {change} per epoch",
            f"{moved}  Δ‖W‖ {net}/epoch",
            f"Δ‖W‖ {net}/epoch",
            f"ΔW/W {significant(layer.update_ratio, 2)}",
        ]
    both = f"{change} per epoch, by decay alone {taken:<{_VALUE}}"
    full = f"{BALANCE}: decay takes what the gradient gives"
    short = f"in {BALANCE}"
    # what is in balance changes by next to nothing
    brief = f"‖W‖ in {BALANCE}" if entry.balanced else f"Δ‖W‖ {net}/epoch"
    ends = [text if entry.balanced else " " * len(text) for text in (full, short)]
    return [
        f"{angle}{moved}  {size}  {both}  {ends[0]}",
        f"{angle}{moved}  {size}  {both}  {ends[1]}",
        f"{angle}{moved}  {size}  Δ‖W‖ {net:>7}/epoch (decay {taken:>7})  {ends[1]}",
        f"{angle}{moved}  {brief:<22}",
        f"{angle}{brief:<22}",
        f"{brief:<22}",
        angle.rstrip(),
    ]


def feet(account: Ledger, method: MethodFacts) -> list[tuple[str, ...]]:
    """Lines below the layers, the most important first; each in several wordings."""
    found = [_period(account)]
    if account.alpha > 0:
        found.append(_application(method))
        if any(entry.balanced for entry in account.entries):
            found.append(
                (
                    "in balance: decay takes what the gradient gives, ‖W‖ changes by less than a "
                    "tenth of it",
                    "in balance: decay takes what the gradient gives",
                    "balance: decay = gradient",
                )
            )
    return found


def cosine_text(cosine: float) -> str:
    """ "−0.92", always five cells: the bars beside it keep their length."""
    text = f"{cosine:+.2f}".replace("-", MINUS) if math.isfinite(cosine) else significant(cosine)
    return text.rjust(5)


def signed(x: float, digits: int) -> str:
    """A change with its sign, to so many digits: "+0.25", "−0.031"."""
    text = significant(x, digits)
    return f"+{text}" if x > 0 else text


def _period(account: Ledger) -> tuple[str, ...]:
    """What Δ‖W‖ was measured over."""
    epochs = account.epochs
    if math.isnan(epochs):
        return ("Δ‖W‖: nothing went before", "Δ‖W‖: none yet")
    since = " since α was changed" if account.since_change else ""
    if abs(epochs - 1) < 1e-6:
        return (f"Δ‖W‖ is that of the last epoch{since}", "Δ‖W‖ of the last epoch")
    span = significant(epochs)
    if epochs > 1:
        return (
            f"Δ‖W‖ is measured over the last {span} epochs{since}, and divided by them",
            f"Δ‖W‖ over the last {span} epochs",
        )
    over = since or " since the start"
    return (
        f"Δ‖W‖ is measured over {span} of an epoch{over}, and scaled to a whole one",
        f"Δ‖W‖ scaled from {span} epochs",
    )


def _application(method: MethodFacts) -> tuple[str, ...]:
    """How weight decay enters an update."""
    name, mode = method.name, method.decay
    if name in _MEANS:
        root = _MEANS[name]
        if mode == "coupled":
            return (
                f"{name}, coupled: (α/m) W is a part of the gradient and goes through {root} "
                "with it",
                f"coupled: α/m W goes through {root}",
            )
        return (
            f"{name}, decoupled (AdamW): −ηα/m W beside the adaptive step, not through {root}",
            "decoupled (AdamW): −ηα/m W beside the adaptive step",
            "decoupled: beside the adaptive step",
        )
    if name in _VELOCITY:
        if mode == "coupled":
            return (
                f"{name}, coupled: (α/m) W is a part of the gradient, and so of the velocity",
                "coupled: α/m W goes into the velocity",
            )
        return (
            f"{name}, decoupled: −ηα/m W beside the velocity",
            "decoupled: beside the velocity",
        )
    return ("W ← (1 − ηα/m) W − η ∂C₀/∂W", "−ηα/m W in each update")
