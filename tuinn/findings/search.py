"""What goes wrong in a search: a population that converged too early, annealing too cold or hot."""

from __future__ import annotations

import numpy as np

from tuinn.findings.finding import Finding, Try
from tuinn.history import History
from tuinn.numbers import count, significant

TOO_EARLY = "converged too early"
FROZEN = "frozen"
TOO_HOT = "too hot"

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
"""Share of the proposals that is accepted: above it a walk hardly looks at the cost."""

WIDER = {
    "genetic": "a larger σ, a σ factor nearer 1, or a larger init spread",
    "swarm": "an inertia nearer 1, the ring topology, or a larger init spread",
    "ants": "a larger ξ, a larger q, or a larger init spread",
}
"""What keeps a population apart, in the words of the form."""


def converged_early(method: str, history: History) -> Finding | None:
    """The population is in one place, and its last quarter of evaluations gained nothing."""
    diversity = history.figure_column(0)
    known = diversity[np.isfinite(diversity)]
    if method not in WIDER or not known.size or not 0 <= diversity[-1] < GATHERED * known[0]:
        return None
    best, evaluations = history.search_column("best"), history.x("evaluations")
    before = int(np.searchsorted(evaluations, 0.75 * evaluations[-1], side="right")) - 1
    if not best[-1] >= (1 - STILL) * best[before]:
        return None
    left = significant(diversity[-1] / known[0], 2)
    return Finding(
        TOO_EARLY,
        "alarm",
        f"Converged too early: the diversity is {left} of what it was, and the cost stands still.",
        f"Converged too early: the diversity is {left} of the first.",
        (Try("tab", WIDER[method]), Try("r", "begin anew")),
    )


def frozen(method: str, history: History) -> Finding | None:
    """No proposal was accepted in the last chains."""
    if method != "annealing":
        return None
    acceptance, chains = history.figure_column(1), history.x("epoch")
    recent = acceptance[chains > chains[-1] - FROZEN_CHAINS]
    if chains[-1] <= FROZEN_CHAINS or not (recent == 0).all():
        return None
    T = significant(float(history.figure_column(0)[-1]))
    return Finding(
        FROZEN,
        "alarm",
        f"Frozen at T = {T}: no proposal was accepted in the last {FROZEN_CHAINS} chains.",
        f"Frozen at T = {T}: no proposal is accepted.",
        (Try("tab", "a higher T, slower cooling, or a smaller step"), Try("r", "begin anew")),
    )


def too_hot(method: str, history: History) -> Finding | None:
    """Nearly every proposal was accepted, in every chain."""
    if method != "annealing":
        return None
    acceptance, chains = history.figure_column(1), history.x("epoch")
    known = acceptance[np.isfinite(acceptance)]
    if chains[-1] < HOT_CHAINS or not known.size or not (known > HOT).all():
        return None
    share = count(100 * HOT)
    return Finding(
        TOO_HOT,
        "alarm",
        f"Too hot: more than {share} % of the proposals were accepted all along: a random walk.",
        f"Too hot: more than {share} % of the proposals are accepted.",
        (Try("tab", "a lower T, faster cooling, or a larger step"), Try("r", "begin anew")),
    )
