"""The state of a run as arrays, from which a trainer goes on bit for bit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.divergence import Divergence
from engine.network import Network
from engine.optimizer import Optimizer
from engine.stop import Patience

Array = NDArray[Any]
BatchSize = int | Literal["full"]

ARRAYS = ("theta", "order", "optimizer")
"""The fields of a `State` that are kept as arrays."""
OPTIMIZER = "optimizer."
"""What the names of the optimiser's arrays begin with."""
COMMON = ("sizes", "activations", "training examples", "order")
"""Of the names of an identity: what a run has in common with one that branches off from it."""
FUNCTION = ("cost", "dtype", "examples seen by the optimiser")
"""Those that say of which function the costs are that a method compares."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything a trainer has to know beside the data and its stop conditions."""

    identity: dict[str, Any]
    """What a checkpoint and the trainer that goes on from it must have in common."""
    theta: Array
    order: Array
    """The permutation of the current epoch, (m,)."""
    optimizer: dict[str, Array] | None
    """What the optimiser remembers; None: it begins anew at θ."""
    random: dict[str, Any]
    """State of the generator that draws the permutations."""
    seen: int
    """Examples of the current epoch that were used; of a method that sees all of them at every
    update, its updates in this epoch."""
    span: int | None
    """What an epoch consists of, as `seen` counts it; None in older checkpoints."""
    epochs: int
    update: int
    evaluations: int
    seconds: float
    eta: float
    """Learning rate before the schedule; 0 for methods that have none."""
    alpha: float
    batch_size: BatchSize
    patience: Patience
    curve: str
    """The chain of the curve's hash; "" in older checkpoints. See `engine.curve`."""
    diverged: Divergence | None

    def arrays(self) -> dict[str, Array]:
        """The state by name; what is no array is kept as JSON, in which floats are exact.

        θ and the order are the arrays of the state themselves, not copies.
        """
        # not asdict of the whole, which would copy θ once more
        names = [field.name for field in fields(self)]
        plain = {name: getattr(self, name) for name in names if name not in ARRAYS}
        plain["patience"] = asdict(self.patience)
        plain["diverged"] = asdict(self.diverged) if self.diverged else None
        return {
            "theta": self.theta,
            "order": self.order,
            "numbers": np.array(json.dumps(plain)),
            **{OPTIMIZER + name: array for name, array in (self.optimizer or {}).items()},
        }

    @classmethod
    def of(cls, arrays: dict[str, Array], identity: dict[str, Any]) -> State:
        """The state that `arrays` gave.

        ValueError where they are something else, or of a run with another `identity`.
        """
        try:
            plain = json.loads(str(arrays["numbers"]))
            there = plain["identity"]
            for name, here in identity.items():
                # what an older checkpoint does not name was the same for all runs then
                if there.get(name, here) != here:
                    raise ValueError(
                        f"the checkpoint does not fit: its {name} is {there[name]}, "
                        f"this run's is {here}"
                    )
            # before there were searches, every update was one evaluation
            plain.setdefault("evaluations", plain["update"])
            plain.setdefault("span", None)
            plain.setdefault("curve", "")
            plain["patience"] = Patience(**plain["patience"])
            plain["diverged"] = Divergence(**plain["diverged"]) if plain["diverged"] else None
            return cls(
                theta=arrays["theta"],
                order=arrays["order"],
                optimizer={
                    name.removeprefix(OPTIMIZER): array
                    for name, array in arrays.items()
                    if name.startswith(OPTIMIZER)
                },
                **plain,
            )
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ValueError(f"this is not a checkpoint of a trainer: {error!r}") from error

    def branched(self, identity: dict[str, Any], *, alpha: float, span: int, whole: bool) -> State:
        """What a trainer of another `identity`, α and `span` goes on with from here.

        What has no meaning with its settings is left behind: what another method remembers, or, of
        one that is `whole`, costs of another function; the best of losses that cannot be compared;
        and the place in an epoch that consists of something else, which counts as finished then.
        """
        same = {name for name, value in identity.items() if self.identity.get(name) == value}
        needed = {name for name in identity if name.startswith(("optimiser", OPTIMIZER))}
        if whole:
            needed.update(FUNCTION)
        comparable = same >= {"cost", "dtype"} and alpha == self.alpha
        cut = self.seen > 0 and self.span != span
        return replace(
            self,
            optimizer=self.optimizer if needed <= same else None,
            patience=self.patience if comparable else Patience(),
            epochs=self.epochs + cut,
            seen=0 if cut else self.seen,
        )


def identity_of(
    network: Network, cost: Cost, optimizer: Optimizer, m: int, seen: int, *, given: bool
) -> dict[str, Any]:
    """What runs that can go on from each other's checkpoints have in common.

    `m` examples, of which the optimiser looks at `seen`; their order is `given` from outside.
    """
    return {
        "sizes": list(network.sizes),
        "activations": [sigma.name for sigma in network.activations],
        "dtype": str(network.dtype),
        "cost": cost.name,
        "training examples": m,
        "optimiser": optimizer.name,
        **{f"{OPTIMIZER}{name}": getattr(optimizer, name) for name in optimizer.sizes},
        "examples seen by the optimiser": seen,
        "order": "given" if given else "drawn",
    }


def checked_batch_size(batch_size: BatchSize, m: int) -> BatchSize:
    """The mini-batch size as a plain number; ValueError unless it is 1 … m or "full"."""
    if batch_size == "full":
        return "full"
    if isinstance(batch_size, int | np.integer) and 1 <= batch_size <= m:
        return int(batch_size)
    raise ValueError(
        f'`training.batch_size` must be 1 … {m} (the training examples) or "full"; got {batch_size}'
    )
