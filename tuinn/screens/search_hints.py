"""What goes wrong in a search and what to try."""

from __future__ import annotations

import numpy as np

from tuinn.history import History
from tuinn.widgets.numbers import count, significant

SOLVED = 0.999
"""Training accuracy from which a search has nothing left to be told."""
GATHERED = 1e-3
"""Part of its first diversity below which a population has gathered in one place."""
STILL = 1e-3
"""The cost stands still where its last quarter of the evaluations took off no more than this part
of it."""
FROZEN_CHAINS, HOT_CHAINS = 5, 5
"""Chains of annealing for which its acceptance must have been nothing, or nearly all."""
HOT = 0.9

WIDER = {
    "genetic": "a larger σ, a σ factor nearer 1, or a larger init spread",
    "swarm": "an inertia nearer 1, the ring topology, or a larger init spread",
    "ants": "a larger ξ, a larger q, or a larger init spread",
}
"""What keeps a population apart, in the words of the form."""


def search_hint(method: str, history: History) -> str:
    """What goes wrong in a run of this method; empty while it goes well, and where it is solved.

    - Premature convergence: the diversity is below a thousandth of its first, and the last quarter
      of the evaluations has made the least cost smaller by no more than a thousandth.
    - Frozen: no proposal was accepted in the last five chains.
    - Too hot: more than 0.9 of the proposals were accepted in every chain, five at least.
    """
    last = history.last
    if last is None or last.search is None or last.train_accuracy >= SOLVED:
        return ""
    if method == "annealing":
        return _frozen(history) or _too_hot(history)
    return _gathered(method, history)


def _gathered(method: str, history: History) -> str:
    diversity = history.figure_column(0)
    known = diversity[np.isfinite(diversity)]
    if method not in WIDER or not known.size or not 0 <= diversity[-1] < GATHERED * known[0]:
        return ""
    best, evaluations = history.search_column("best"), history.x("evaluations")
    before = int(np.searchsorted(evaluations, 0.75 * evaluations[-1], side="right")) - 1
    if not best[-1] >= (1 - STILL) * best[before]:
        return ""
    return (
        f"Converged too early: the diversity is {significant(diversity[-1] / known[0], 2)} of what "
        f"it was, and the cost stands still. Try {WIDER[method]}."
    )


def _frozen(history: History) -> str:
    acceptance, chains = history.figure_column(1), history.x("epoch")
    recent = acceptance[chains > chains[-1] - FROZEN_CHAINS]
    if chains[-1] <= FROZEN_CHAINS or not (recent == 0).all():
        return ""
    return (
        f"Frozen at T = {significant(float(history.figure_column(0)[-1]))}: no proposal was "
        f"accepted in the last {FROZEN_CHAINS} chains. Try a higher T, slower cooling, or a "
        "smaller step."
    )


def _too_hot(history: History) -> str:
    acceptance, chains = history.figure_column(1), history.x("epoch")
    known = acceptance[np.isfinite(acceptance)]
    if chains[-1] < HOT_CHAINS or not known.size or not (known > HOT).all():
        return ""
    return (
        f"Too hot: more than {count(100 * HOT)} % of the proposals were accepted all along, a mere "
        "random walk. Try a lower T, faster cooling, or a larger step."
    )
