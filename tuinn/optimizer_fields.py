"""What each field of an optimiser means, and its range, whichever methods have it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tuinn.schema import Count, NonNegative, Positive, Share, about

Fraction = Annotated[float, Meta(ge=0, lt=1)]
OpenFraction = Annotated[float, Meta(gt=0, lt=1)]
Factor = Annotated[float, Meta(gt=0, le=1)]
AtLeastTwo = Annotated[int, Meta(ge=2)]
Whole = Annotated[int, Meta(ge=0)]

TRAINING = "Training"

# gradient methods
Eta = Annotated[Positive, about("η", "learning rate", group=TRAINING)]
Mu = Annotated[Fraction, about("μ", "momentum: the share of v that is kept", group=TRAINING)]
Rho = Annotated[
    Fraction, about("ρ", "memory: the mean is over about 1/(1 − ρ) updates", group=TRAINING)
]
Beta1 = Annotated[
    Fraction,
    about("β₁", "memory of the mean gradient: about 1/(1 − β₁) updates", group=TRAINING),
]
Beta2 = Annotated[
    Fraction,
    about("β₂", "memory of the mean square: about 1/(1 − β₂) updates", group=TRAINING),
]
Epsilon = Annotated[
    Positive, about("ε", "added to the root: keeps the first steps finite", group=TRAINING)
]
DecayMode = Annotated[
    Literal["coupled", "decoupled"],
    about("decay", "α as part of the gradient, or beside the rule", group=TRAINING),
]
ScheduleName = Annotated[
    Literal["constant", "step", "exponential", "cosine"],
    about("schedule", "how η changes over the epochs", group=TRAINING),
]
Drop = Annotated[
    Factor,
    about("drop", "factor on η: at each step, or each epoch (exponential)", group=TRAINING),
]
Every = Annotated[Count, about("every", "epochs between two steps", "epochs", TRAINING)]
Memory = Annotated[
    Count, about("memory", "steps that the curvature is estimated from", "steps", TRAINING)
]

# searches
Population = Annotated[
    AtLeastTwo, about("population", "candidates evaluated in each generation", group=TRAINING)
]
Spread = Annotated[
    Positive,
    about(
        "init spread", "deviation of the first candidates from the first weights", group=TRAINING
    ),
]
Elite = Annotated[
    Whole, about("elite", "the best that live on unchanged: < population", group=TRAINING)
]
Tournament = Annotated[
    Count, about("tournament", "candidates of which the best becomes a parent", group=TRAINING)
]
Crossover = Annotated[
    Literal["blend", "simulated-binary"],
    about("crossover", "how two parents make two children", group=TRAINING),
]
CrossoverRate = Annotated[
    Share, about("cross. rate", "probability that two parents are crossed", group=TRAINING)
]
Blend = Annotated[
    NonNegative, about("blend", "how far beyond its parents a child may lie", group=TRAINING)
]
Index = Annotated[
    NonNegative,
    about("η_c", "index of the crossover: the larger, the closer to a parent", group=TRAINING),
]
MutationRate = Annotated[
    Share, about("mutation", "probability that a weight is mutated", group=TRAINING)
]
Sigma = Annotated[Positive, about("σ", "first deviation of a mutation", group=TRAINING)]
SigmaEnd = Annotated[
    Positive, about("σ at last", "deviation that σ does not fall below", group=TRAINING)
]
SigmaDecay = Annotated[Factor, about("σ factor", "on σ, at each generation", group=TRAINING)]
Inertia = Annotated[Fraction, about("inertia", "share of its v that is kept", group=TRAINING)]
Cognitive = Annotated[
    NonNegative, about("cognitive", "pull towards a particle's own best point", group=TRAINING)
]
Social = Annotated[
    NonNegative, about("social", "pull towards the best of its neighbours", group=TRAINING)
]
VelocityLimit = Annotated[
    Positive, about("v limit", "largest step of one weight in one iteration", group=TRAINING)
]
Topology = Annotated[
    Literal["global", "ring"],
    about("topology", "whose best points a particle knows: all, or a few", group=TRAINING),
]
Neighbours = Annotated[Count, about("neighbours", "on each side in the ring", group=TRAINING)]
Temperature = Annotated[
    Positive, about("T", "first temperature, in units of the cost", group=TRAINING)
]
Cooling = Annotated[
    Literal["geometric", "linear", "logarithmic", "constant"],
    about("cooling", "how T falls from chain to chain", group=TRAINING),
]
CoolingRate = Annotated[
    OpenFraction,
    about("T factor", "on T, after each chain; linear: 1 − it is taken off", group=TRAINING),
]
Chain = Annotated[Count, about("chain", "proposals at one temperature, one epoch", group=TRAINING)]
Step = Annotated[Positive, about("step", "first deviation of a proposal", group=TRAINING)]
Adapt = Annotated[
    bool, about("adapt step", "to the share of proposals that are taken", group=TRAINING)
]
Archive = Annotated[
    AtLeastTwo, about("archive", "best solutions, among which ants choose", group=TRAINING)
]
Locality = Annotated[
    Positive, about("q", "the smaller, the more the best solutions are preferred", group=TRAINING)
]
Xi = Annotated[
    Positive,
    about("ξ", "factor on the deviation: the smaller, the faster it settles", group=TRAINING),
]
