"""The settings of every optimiser: a record for each, told apart by `name`.

A field of the same name means the same in all the records that have it; see
`tuinn.optimizer_fields`. The defaults differ, and are those of `engine.optimizers`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import msgspec

from tuinn import optimizer_fields as of
from tuinn.allowed import ConfigError, allowed, did_you_mean, shown
from tuinn.schema import Base, about, hints

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


class Method(Base, frozen=True, tag_field="name", tag=str.lower):
    """What all the methods share: the name that tells them apart in a file."""

    @property
    def name(self) -> str:
        return str(self.__struct_config__.tag)


class Sgd(Method, frozen=True):
    eta: of.Eta = 0.5
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class Momentum(Method, frozen=True):
    eta: of.Eta = 0.1
    mu: of.Mu = 0.9
    decay: of.DecayMode = "coupled"
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class Nesterov(Method, frozen=True):
    eta: of.Eta = 0.1
    mu: of.Mu = 0.9
    decay: of.DecayMode = "coupled"
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class AdaGrad(Method, frozen=True):
    eta: of.Eta = 0.01
    epsilon: of.Epsilon = 1e-10
    decay: of.DecayMode = "decoupled"
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class RMSProp(Method, frozen=True):
    eta: of.Eta = 0.01
    rho: of.Rho = 0.9
    epsilon: of.Epsilon = 1e-8
    decay: of.DecayMode = "decoupled"
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class Adam(Method, frozen=True):
    eta: of.Eta = 0.001
    beta1: of.Beta1 = 0.9
    beta2: of.Beta2 = 0.999
    epsilon: of.Epsilon = 1e-8
    decay: of.DecayMode = "decoupled"
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class AdamW(Method, frozen=True):
    eta: of.Eta = 0.001
    beta1: of.Beta1 = 0.9
    beta2: of.Beta2 = 0.999
    epsilon: of.Epsilon = 1e-8
    schedule: of.ScheduleName = "constant"
    drop: of.Drop = 0.5
    every: of.Every = 10


class LBFGS(Method, frozen=True):
    memory: of.Memory = 10


class Genetic(Method, frozen=True):
    population: of.Population = 50
    spread: of.Spread = 1.0
    elite: of.Elite = 2
    tournament: of.Tournament = 3
    crossover: of.Crossover = "blend"
    crossover_rate: of.CrossoverRate = 0.9
    blend: of.Blend = 0.5
    index: of.Index = 15.0
    mutation_rate: of.MutationRate = 0.1
    sigma: of.Sigma = 0.3
    sigma_decay: of.SigmaDecay = 0.99
    sigma_end: of.SigmaEnd = 0.01


class Swarm(Method, frozen=True):
    population: of.Population = 30
    spread: of.Spread = 1.0
    inertia: of.Inertia = 0.729
    cognitive: of.Cognitive = 1.494
    social: of.Social = 1.494
    velocity_limit: of.VelocityLimit = 1.0
    topology: of.Topology = "global"
    neighbours: of.Neighbours = 2


class Annealing(Method, frozen=True):
    temperature: of.Temperature = 0.1
    cooling: of.Cooling = "geometric"
    cooling_rate: of.CoolingRate = 0.95
    chain: of.Chain = 50
    step: of.Step = 0.5
    adapt: of.Adapt = True


class Ants(Method, frozen=True):
    population: of.Population = 10
    spread: of.Spread = 1.0
    archive: of.Archive = 50
    q: of.Locality = 0.1
    xi: of.Xi = 0.85


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
TWINS = (("momentum", "nesterov"), ("adam", "adamw"))
"""Methods so near to each other that η and the other fields of both suit both as they are."""
NAME: Any = Annotated[
    OptimizerName, about("optimiser", "the rule of the update", group=of.TRAINING)
]


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


def are_twins(one: str, other: str) -> bool:
    """Whether the settings of one method suit the other as they are."""
    return any(one in pair and other in pair for pair in TWINS)


def switched(old: Optimizer, name: str) -> Optimizer:
    """The settings of the method ``name`` after those of another.

    They are its defaults; but what means the same to both and is not tuned to a method (`KEPT`)
    stays as it is where the person has set it, and between `TWINS` all that both have.
    """
    method = METHODS[name]
    kept = {
        field: value
        for field in (old.__struct_fields__ if are_twins(old.name, name) else KEPT)
        if field in old.__struct_fields__ and field in method.__struct_fields__
        if (value := getattr(old, field)) != getattr(type(old)(), field)
    }
    return msgspec.structs.replace(defaults(name), **kept)
