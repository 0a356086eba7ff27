"""What each optimiser does, in a line or two of mathematics and a sentence."""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "sgd": (
        "θ ← θ − η ∇C",
        "One step down the steepest slope. Too small an η crawls; one above 2 over the largest "
        "curvature climbs the walls.",
    ),
    "momentum": (
        "v ← μ v − η ∇C\nθ ← θ + v",
        "A heavy ball: what all steps have in common adds up, what changes its sign cancels.",
    ),
    "nesterov": (
        "v ← μ v − η ∇C(θ + μ v)\nθ ← θ + v",
        "Momentum that looks at the slope where it is about to be, and so brakes in time.",
    ),
    "adagrad": (
        "s ← s + (∇C)²\nθ ← θ − η ∇C / (√s + ε)",
        "Each coordinate has a step of its own; it shrinks with all the slopes seen so far.",
    ),
    "rmsprop": (
        "s ← ρ s + (1 − ρ) (∇C)²\nθ ← θ − η ∇C / (√s + ε)",
        "AdaGrad that forgets: the step follows the slopes seen lately.",
    ),
    "adam": (
        "m ← β₁ m + (1 − β₁) ∇C\nv ← β₂ v + (1 − β₂) (∇C)²\nθ ← θ − η m′ / (√v′ + ε)",
        "RMSProp with momentum. m′, v′: without their bias towards 0.",
    ),
    "adamw": (
        "m ← β₁ m + (1 − β₁) ∇C\nv ← β₂ v + (1 − β₂) (∇C)²\nθ ← θ − η m′ / (√v′ + ε)",
        "Adam with weight decay apart from the rule. On a surface nothing decays: it walks as adam "
        "does, step by step.",
    ),
    "lbfgs": (
        "d = −H ∇C\nθ ← θ + t d",
        "H, the inverse curvature, is had from the last steps, t by a search along d.",
    ),
    "genetic": (
        "parents by tournament, crossed,\nmutated by N(0, σ²)",
        "A population breeds: the better of a few become parents, the elite lives on.",
    ),
    "swarm": (
        "v ← ω v + c₁ r₁ (p − θ)\n        + c₂ r₂ (g − θ)\nθ ← θ + v",
        "Particles fly to the best point of their own, p, and of all, g.",
    ),
    "annealing": (
        "θ′ = θ + s N(0, 1), taken with\nprobability min(1, e^(−ΔC/T))",
        "One point wanders, uphill too while T is high; as it cools it settles.",
    ),
    "ants": (
        "θ′ ~ N(a good one, (ξ · mean\ndistance to the others)²)",
        "New solutions are drawn around those of an archive, the best of them preferred.",
    ),
}
"""By optimiser: the rule, in lines of at most 31 characters, and what to see in it."""
