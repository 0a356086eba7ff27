"""The state of a run as arrays, from which a trainer goes on bit for bit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.divergence import Divergence
from engine.stop import Patience

Array = NDArray[Any]
BatchSize = int | Literal["full"]

ARRAYS = ("theta", "order", "optimizer")
"""The fields of a `State` that are kept as arrays."""
OPTIMIZER = "optimizer."
"""What the names of the optimiser's arrays begin with."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything a trainer has to know beside the data and its stop conditions."""

    identity: dict[str, Any]
    """What a checkpoint and the trainer that goes on from it must have in common."""
    theta: Array
    order: Array
    """The permutation of the current epoch, (m,)."""
    optimizer: dict[str, Array]
    random: dict[str, Any]
    """State of the generator that draws the permutations."""
    seen: int
    """Examples of the current epoch that were used; of a method that sees all of them at every
    update, its updates in this epoch."""
    epochs: int
    update: int
    evaluations: int
    seconds: float
    eta: float
    """Learning rate before the schedule; 0 for methods that have none."""
    alpha: float
    batch_size: BatchSize
    patience: Patience
    diverged: Divergence | None

    def arrays(self) -> dict[str, Array]:
        """The state by name; what is no array is kept as JSON, in which floats are exact."""
        # not asdict of the whole, which would copy θ once more
        names = [field.name for field in fields(self)]
        plain = {name: getattr(self, name) for name in names if name not in ARRAYS}
        plain["patience"] = asdict(self.patience)
        plain["diverged"] = asdict(self.diverged) if self.diverged else None
        return {
            "theta": self.theta.copy(),
            "order": self.order.copy(),
            "numbers": np.array(json.dumps(plain)),
            **{OPTIMIZER + name: array for name, array in self.optimizer.items()},
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


def checked_batch_size(batch_size: BatchSize, m: int) -> BatchSize:
    """The mini-batch size as a plain number; ValueError unless it is 1 … m or "full"."""
    if batch_size == "full":
        return "full"
    if isinstance(batch_size, int | np.integer) and 1 <= batch_size <= m:
        return int(batch_size)
    raise ValueError(
        f'`training.batch_size` must be 1 … {m} (the training examples) or "full"; got {batch_size}'
    )
