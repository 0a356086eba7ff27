"""What each optimiser does, in a line of mathematics and a sentence, for the Surface screen."""

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
        "Each coordinate has its own step, which shrinks with all the slopes it has seen.",
    ),
    "rmsprop": (
        "s ← ρ s + (1 − ρ) (∇C)²\nθ ← θ − η ∇C / (√s + ε)",
        "AdaGrad that forgets: the step follows the slopes seen lately.",
    ),
    "adam": (
        "m ← β₁ m + (1 − β₁) ∇C\nv ← β₂ v + (1 − β₂) (∇C)²\nθ ← θ − η m′ / (√v′ + ε)",
        "RMSProp with momentum; m′ and v′ are m and v without their bias towards 0.",
    ),
    "adamw": (
        "m ← β₁ m + (1 − β₁) ∇C\nv ← β₂ v + (1 − β₂) (∇C)²\nθ ← θ − η m′ / (√v′ + ε)",
        "Adam whose weight decay stands beside the rule. On a surface nothing decays: the same.",
    ),
    "lbfgs": (
        "d = −H ∇C\nθ ← θ + t d",
        "H, the inverse curvature, is estimated from the last steps, and t found by a search "
        "along d: the yardstick of convex optimisation.",
    ),
    "genetic": (
        "parents by tournament, crossed,\nmutated by N(0, σ²)",
        "A population breeds: the better of a few become parents, the elite lives on unchanged.",
    ),
    "swarm": (
        "v ← ω v + c₁ r₁ (p − θ) + c₂ r₂ (g − θ)\nθ ← θ + v",
        "Particles fly towards the best point of their own, p, and the best one of all, g.",
    ),
    "annealing": (
        "θ′ = θ + s N(0, 1), taken with\nprobability min(1, e^(−ΔC/T))",
        "One point wanders, uphill too while T is high; as it cools it settles.",
    ),
    "ants": (
        "θ′ ~ N(a good one, ξ · mean distance)",
        "New solutions are drawn around those of an archive, the best of them preferred.",
    ),
}
"""By optimiser: the rule, and what to see in it."""
