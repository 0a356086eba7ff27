"""The settings of every optimiser: a record for each, told apart by `name`.

A field of the same name means the same in all the records that have it: its type, range, label and
help are stated once. The defaults differ, and are those of `engine.optimizers`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from tuinn.allowed import ConfigError, allowed, did_you_mean, shown
from tuinn.schema import Base, Count, NonNegative, Positive, Share, about, hints

OptimizerName = Literal[
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    "lbfgs",
    "genetic",
    "swarm",
    "annealing",
    "ants",
]

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
    about("spread", "deviation of the first candidates from the first weights", group=TRAINING),
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


class Method(Base, frozen=True, tag_field="name", tag=str.lower):
    """What all the methods share: the name that tells them apart in a file."""

    @property
    def name(self) -> str:
        return str(self.__struct_config__.tag)


class Sgd(Method, frozen=True):
    eta: Eta = 0.5
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class Momentum(Method, frozen=True):
    eta: Eta = 0.1
    mu: Mu = 0.9
    decay: DecayMode = "coupled"
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class Nesterov(Method, frozen=True):
    eta: Eta = 0.1
    mu: Mu = 0.9
    decay: DecayMode = "coupled"
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class AdaGrad(Method, frozen=True):
    eta: Eta = 0.01
    epsilon: Epsilon = 1e-10
    decay: DecayMode = "decoupled"
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class RMSProp(Method, frozen=True):
    eta: Eta = 0.01
    rho: Rho = 0.9
    epsilon: Epsilon = 1e-8
    decay: DecayMode = "decoupled"
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class Adam(Method, frozen=True):
    eta: Eta = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8
    decay: DecayMode = "decoupled"
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class AdamW(Method, frozen=True):
    eta: Eta = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8
    schedule: ScheduleName = "constant"
    drop: Drop = 0.5
    every: Every = 10


class LBFGS(Method, frozen=True):
    memory: Memory = 10


class Genetic(Method, frozen=True):
    population: Population = 50
    spread: Spread = 1.0
    elite: Elite = 2
    tournament: Tournament = 3
    crossover: Crossover = "blend"
    crossover_rate: CrossoverRate = 0.9
    blend: Blend = 0.5
    index: Index = 15.0
    mutation_rate: MutationRate = 0.1
    sigma: Sigma = 0.3
    sigma_decay: SigmaDecay = 0.99
    sigma_end: SigmaEnd = 0.01


class Swarm(Method, frozen=True):
    population: Population = 30
    spread: Spread = 1.0
    inertia: Inertia = 0.729
    cognitive: Cognitive = 1.494
    social: Social = 1.494
    velocity_limit: VelocityLimit = 1.0
    topology: Topology = "global"
    neighbours: Neighbours = 2


class Annealing(Method, frozen=True):
    temperature: Temperature = 1.0
    cooling: Cooling = "geometric"
    cooling_rate: CoolingRate = 0.95
    chain: Chain = 50
    step: Step = 0.5
    adapt: Adapt = True


class Ants(Method, frozen=True):
    population: Population = 10
    spread: Spread = 1.0
    archive: Archive = 50
    q: Locality = 0.1
    xi: Xi = 0.85


Optimizer = (
    Sgd
    | Momentum
    | Nesterov
    | AdaGrad
    | RMSProp
    | Adam
    | AdamW
    | LBFGS
    | Genetic
    | Swarm
    | Annealing
    | Ants
)
METHODS: dict[str, type[Method]] = {
    str(method.__struct_config__.tag): method for method in get_args(Optimizer)
}
"""The record of every optimiser by its name, in the order they are offered."""
WHOLE = ("lbfgs", "genetic", "swarm", "annealing", "ants")
"""The methods that look at the whole training set (or one fixed part of it) at every update."""
DEFAULT = "sgd"
"""The optimiser of a configuration that names none."""
KEPT = ("decay", "schedule", "drop", "every")
"""What means the same whatever the method and is not tuned to one: it is kept from one to another,
where the person has set it."""
NAME: Any = Annotated[OptimizerName, about("optimiser", "the rule of the update", group=TRAINING)]


def defaults(name: str) -> Optimizer:
    """The settings of the optimiser of that name at their defaults."""
    settings: Optimizer = msgspec.convert({"name": name}, Optimizer)
    return settings


def check_optimizer(raw: Any, path: str) -> None:
    """Raise `ConfigError` for the first thing in ``raw`` that its optimiser does not allow.

    ``path``: where it stands, as in "optimizer" or "optimizers[1]".
    """
    if not isinstance(raw, dict):
        raise ConfigError(f"`{path}` must be a table of fields, got {shown(raw)}", path)
    name = raw.get("name", DEFAULT)
    allowed(NAME).check(name, f"{path}.name")
    permitted = hints(METHODS[name])
    for field, value in raw.items():
        if field == "name":
            continue
        if field not in permitted:
            raise no_field(name, field, path)
        allowed(permitted[field]).check(value, f"{path}.{field}")


def read_optimizer(raw: Any, path: str) -> Optimizer:
    """The settings in the table ``raw``; what it leaves out has its default.

    Raises `ConfigError` as `check_optimizer` does.
    """
    check_optimizer(raw, path)
    settings: Optimizer = msgspec.convert({"name": DEFAULT} | raw, Optimizer)
    return settings


def no_field(name: str, field: str, path: str) -> ConfigError:
    """The error for a field that the optimiser ``name`` does not have: what it has, who has it."""
    names = list(METHODS[name].__struct_fields__)
    owners = [other for other, method in METHODS.items() if field in method.__struct_fields__]
    has = f"{name} has {', '.join(names)}"
    if owners:
        what = f"`{path}.{field}` is no field of {name} but of {', '.join(owners)}; {has}"
    else:
        what = f"unknown field `{path}.{field}`; {has}{did_you_mean(field, ['name', *names])}"
    return ConfigError(what, f"{path}.{field}")


def switched(old: Optimizer, name: str) -> Optimizer:
    """The settings of the method ``name`` after those of another.

    They are its defaults; but what means the same to both and is not tuned to a method (`KEPT`)
    stays as it is where the person has set it.
    """
    method = METHODS[name]
    kept = {
        field: value
        for field in KEPT
        if field in old.__struct_fields__ and field in method.__struct_fields__
        if (value := getattr(old, field)) != getattr(type(old)(), field)
    }
    return msgspec.structs.replace(defaults(name), **kept)
