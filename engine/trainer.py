"""Trains a network on a data set: epochs, mini-batches, stop conditions, snapshots, resume."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.asktell import AskTell
from engine.costs import cost as cost_named
from engine.data import Split
from engine.descent import Descent
from engine.diagnostics import Divergence, layer_snapshots, locate_divergence
from engine.evaluation import evaluate, l2_term
from engine.network import Network
from engine.optimizer import GradientDescent, Optimizer, check_eta
from engine.snapshot import LayerSnapshot, Snapshot, frozen
from engine.stop import Patience, Stop

Array = NDArray[Any]
BatchSize = int | Literal["full"]

PART = 256
"""Updates between two looks at whether θ is still finite."""


class Trainer:
    """One run of training, and all of its state.

    Parameters
    ----------
    network, split
        What is trained on what. Sizes must agree.
    cost
        "quadratic" or "cross-entropy".
    optimizer
        The rule of the update. Plain `GradientDescent` is replayed from a recorded plan; any
        other goes through ask and tell.
    batch_size
        k examples per update: 1 is stochastic, "full" (or m) is batch gradient descent. The last
        mini-batch of an epoch is smaller where k does not divide m.
    alpha
        L2 regularisation α ≥ 0: C = C₀ + α/2m Σ w².
    stop
        When the run ends.
    seed
        Of the order of the examples (and of the first weights, where `theta` is not given).
    theta
        The first parameters; by default drawn by the rule "scaled".
    permutations
        The order of the examples in each epoch, in place of the trainer's own, so that a
        published run can be replayed.
    probe
        How many training examples (the first ones) the diagnostics of the layers look at.

    Raises
    ------
    ValueError
        Where a value is out of range or parts do not fit; the message names the field.
    """

    def __init__(
        self,
        network: Network,
        split: Split,
        *,
        cost: str = "cross-entropy",
        optimizer: Optimizer | None = None,
        batch_size: BatchSize = 10,
        alpha: float = 0.0,
        stop: Stop | None = None,
        seed: int | np.random.SeedSequence = 0,
        theta: Array | None = None,
        permutations: Iterable[Array] | None = None,
        probe: int = 100,
    ) -> None:
        self.network, self.split = network, split
        self.cost = cost_named(cost)
        self.cost.check(network.activations[-1].name)
        self.optimizer = optimizer or GradientDescent(eta=0.5)
        self.stop = stop or Stop()
        self.m = len(split.train.X)
        self._check_shapes()
        self._alpha = checked_alpha(alpha)
        self._batch_size = self._checked_batch_size(batch_size)

        sequence = (
            seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
        )
        init_seed, order_seed = sequence.spawn(2)
        self._rng = np.random.default_rng(order_seed)
        if theta is None:
            theta = network.draw("scaled", np.random.default_rng(init_seed))
        if np.shape(theta) != (network.parameters,):
            raise ValueError(
                f"`theta` must hold the {network.parameters} parameters of {network}; "
                f"got shape {np.shape(theta)}"
            )
        self._theta = np.array(theta, network.dtype)
        self._permutations: Iterator[Array] | None = iter(permutations) if permutations else None
        self._order = np.arange(self.m)
        self._seen = 0
        self._epochs = 0
        self.update = 0
        self.seconds = 0.0
        self.finished: str | None = None
        self.diverged: Divergence | None = None
        self._patience = Patience()
        self._evaluated: tuple[int, tuple[float, ...]] | None = None

        self._probe = slice(0, min(probe, self.m))
        self._mask = network.weight_mask()
        X, Y = split.train.X, split.train.Y
        self._rule: Descent | AskTell
        if type(self.optimizer) is GradientDescent:
            self._rule = Descent(network, self.cost, X, Y)
        else:
            self._rule = AskTell(network, self.cost, X, Y, self.optimizer)
        self._rule.load(self._theta)
        self._stale = False

    def _check_shapes(self) -> None:
        inputs, outputs = self.split.train.X.shape[1], self.split.train.Y.shape[1]
        if (inputs, outputs) != (self.network.sizes[0], self.network.sizes[-1]):
            raise ValueError(
                f"the data have {inputs} inputs and {outputs} targets, but the network has "
                f"{self.network.sizes[0]} inputs and {self.network.sizes[-1]} outputs"
            )

    def _checked_batch_size(self, batch_size: BatchSize) -> BatchSize:
        if batch_size == "full" or 1 <= batch_size <= self.m:
            return batch_size
        raise ValueError(
            f'`training.batch_size` must be 1 … {self.m} (the training examples) or "full"; '
            f"got {batch_size}"
        )

    @property
    def epoch(self) -> float:
        """Finished passes over the data, with the part of the current one."""
        return self._epochs + self._seen / self.m

    @property
    def theta(self) -> Array:
        """All parameters as they are now (the trainer's own array: copy it to keep it)."""
        if self._stale:
            self._rule.store(self._theta)
            self._stale = False
        return self._theta

    @property
    def eta(self) -> float:
        """The learning rate of the next update, by the schedule; 0 for methods without one."""
        factor = self.optimizer.schedule.factor(self._epochs, self.stop.epochs)
        return self.optimizer.eta * factor

    @property
    def alpha(self) -> float:
        return self._alpha

    @property
    def batch_size(self) -> int:
        """k, the examples of one update."""
        return self.m if self._batch_size == "full" else self._batch_size

    def change(
        self,
        *,
        eta: float | None = None,
        alpha: float | None = None,
        batch_size: BatchSize | None = None,
        stop: Stop | None = None,
    ) -> None:
        """Change what may be changed in mid-run; it takes effect at the next update.

        A finished run goes on where the new `stop` allows it; a diverged one does not.
        """
        if eta is not None:
            check_eta(eta)
        new_alpha = self._alpha if alpha is None else checked_alpha(alpha)
        if batch_size is not None:
            self._batch_size = self._checked_batch_size(batch_size)
        if eta is not None:
            self.optimizer.eta = float(eta)
        self._alpha = new_alpha
        self._evaluated = None
        if stop is not None:
            self.stop = stop
            if self.diverged is None:
                self.finished = None
                self._finish_by_epochs()

    def _finish_by_epochs(self) -> None:
        if self._epochs >= self.stop.epochs and self.finished is None:
            self.finished = f"{self.stop.epochs} epochs done"

    def advance(self, max_updates: int) -> int:
        """Make up to `max_updates` updates, at most to the end of the epoch; return how many."""
        started = perf_counter()
        done = self._advance(max_updates)
        self._count_seconds(started)
        return done

    def run(self, max_updates: int) -> int:
        """Make up to `max_updates` updates, over as many epochs as they take; return how many."""
        started = perf_counter()
        done = 0
        while done < max_updates and self.finished is None:
            done += self._advance(max_updates - done)
        self._count_seconds(started)
        return done

    def _count_seconds(self, started: float) -> None:
        self.seconds += perf_counter() - started
        limit = self.stop.seconds
        if limit is not None and self.seconds >= limit and self.finished is None:
            self.finished = f"{limit:g} seconds of training are over"

    def _advance(self, max_updates: int) -> int:
        if self.finished is not None:
            return 0
        k = self.batch_size
        if self._seen == 0:
            self._begin_epoch()
        done = 0
        with np.errstate(all="ignore"):
            while done < max_updates and self._seen < self.m and self.diverged is None:
                start = self._seen
                stop = min(self.m, start + k * min(PART, max_updates - done))
                self._updates(start, stop, k)
                count = -((start - stop) // k)
                done += count
                self.update += count
                self._seen = stop
        if self._seen == self.m and self.diverged is None:
            self._end_epoch()
        return done

    def _begin_epoch(self) -> None:
        if self._permutations is not None:
            self._order = np.asarray(next(self._permutations))
        elif self.batch_size < self.m:
            self._order = self._rng.permutation(self.m)
        elif self._epochs > 0:
            # one batch holds all examples: their order is of no consequence
            return
        self._rule.set_order(self._order)

    def _updates(self, start: int, stop: int, k: int) -> None:
        """The updates over the examples start…stop of the epoch's order."""
        self._rule.keep()
        self._rule.run(start, stop, k, self.eta, self._alpha / self.m)
        self._stale = True
        if self._rule.finite():
            return
        before = np.empty_like(self._theta)
        self._rule.store_kept(before)
        train = self.split.train
        parts = (self._order[i : min(i + k, stop)] for i in range(start, stop, k))
        self.diverged = locate_divergence(
            self.network,
            before,
            ((train.X[rows].T, train.Y[rows].T) for rows in parts),
            self.cost,
            eta=self.eta,
            decay=self._alpha / self.m * self._mask,
            update=self.update,
        )
        self.finished = f"diverged: {self.diverged}"

    def _end_epoch(self) -> None:
        self._epochs += 1
        self._seen = 0
        if self.stop.needs_evaluation:
            train_loss, train_accuracy, *validation = self._evaluation()
            loss, accuracy = validation or (train_loss, train_accuracy)
            self._patience.see(loss)
            self.finished = self.stop.reached(loss, accuracy, self._patience)
        self._finish_by_epochs()

    def _evaluation(self) -> tuple[float, ...]:
        """(train loss, train accuracy[, validation loss, validation accuracy]) at this update."""
        if self._evaluated is None or self._evaluated[0] != self.update:
            theta = self.theta
            l2 = l2_term(self.network, theta, self._alpha, self.m)
            figures: list[float] = []
            for examples in (self.split.train, self.split.validation):
                if len(examples.X):
                    loss, accuracy = evaluate(self.network, theta, examples, self.cost)
                    figures += [loss + l2, accuracy]
            self._evaluated = self.update, tuple(figures)
            if self.diverged is None and not np.isfinite(figures).all():
                # θ may stay finite where dead units keep it from moving on
                self.diverged = Divergence(self.network.L, "C", self.update)
                self.finished = f"diverged: {self.diverged}"
        return self._evaluated[1]

    def _layer_snapshots(self) -> tuple[LayerSnapshot, ...]:
        train = self.split.train
        return layer_snapshots(
            self.network,
            self.theta,
            train.X[self._probe].T,
            train.Y[self._probe].T,
            self.cost,
            eta=self.eta,
            alpha=self._alpha,
            m=self.m,
        )

    def snapshot(self) -> Snapshot:
        """The run as it is now.

        θ and the order of the examples are the same however often a run is seen; a cost that is
        not finite ends it.
        """
        with np.errstate(all="ignore"):
            train_loss, train_accuracy, *validation = self._evaluation()
            layers = self._layer_snapshots()
        return Snapshot(
            epoch=self.epoch,
            update=self.update,
            seconds=self.seconds,
            eta=self.eta,
            alpha=self._alpha,
            batch_size=self.batch_size,
            train_loss=train_loss,
            train_accuracy=train_accuracy,
            validation_loss=validation[0] if validation else None,
            validation_accuracy=validation[1] if validation else None,
            layers=layers,
            theta=frozen(self.theta),
        )

    def dump(self) -> dict[str, Array]:
        """The whole state as arrays, from which `load` goes on bit for bit, mid-epoch too."""
        numbers = {
            "identity": self._identity(),
            "rng": self._rng.bit_generator.state,
            "seen": self._seen,
            "epochs": self._epochs,
            "update": self.update,
            "seconds": self.seconds,
            "eta": self.optimizer.eta,
            "alpha": self._alpha,
            "batch_size": self._batch_size,
            "best_loss": self._patience.best_loss,
            "epochs_since": self._patience.epochs_since,
        }
        state = {f"optimizer.{name}": array for name, array in self._rule.state().items()}
        return {
            "theta": self.theta.copy(),
            "order": self._order.copy(),
            "numbers": np.array(json.dumps(numbers)),
            **state,
        }

    def _identity(self) -> dict[str, Any]:
        """What a checkpoint and a trainer must have in common."""
        return {
            "sizes": list(self.network.sizes),
            "activations": [sigma.name for sigma in self.network.activations],
            "dtype": str(self.network.dtype),
            "cost": self.cost.name,
            "training examples": self.m,
            "optimiser": self.optimizer.name,
        }

    def load(self, state: dict[str, Array]) -> None:
        """Go on from what `dump` gave.

        Where the trainer was given permutations, they must be given anew, from the first.
        ValueError where the checkpoint is of another network, cost, optimiser or training set.
        """
        try:
            numbers = json.loads(str(state["numbers"]))
            theta, order = state["theta"], state["order"]
            identity = numbers["identity"]
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"this is not a checkpoint of a trainer: {error!r}") from error
        for name, here in self._identity().items():
            if identity.get(name) != here:
                raise ValueError(
                    f"the checkpoint does not fit: its {name} is {identity.get(name)}, "
                    f"this run's is {here}"
                )
        self._theta = np.array(theta, self.network.dtype)
        self._order = np.array(order)
        self._rng.bit_generator.state = numbers["rng"]
        self._seen, self._epochs = numbers["seen"], numbers["epochs"]
        self.update, self.seconds = numbers["update"], numbers["seconds"]
        self._patience = Patience(numbers["best_loss"], numbers["epochs_since"])
        self.finished, self.diverged, self._evaluated = None, None, None
        self.change(
            eta=numbers["eta"] or None, alpha=numbers["alpha"], batch_size=numbers["batch_size"]
        )
        if self._permutations is not None:
            for _ in range(self._epochs + (self._seen > 0)):
                next(self._permutations)
        self._rule.load(self._theta)
        self._rule.set_order(self._order)
        self._stale = False
        prefix = "optimizer."
        self._rule.restore(
            {name.removeprefix(prefix): a for name, a in state.items() if name.startswith(prefix)}
        )
        self._finish_by_epochs()


def checked_alpha(alpha: float) -> float:
    """ValueError unless α is a finite number of at least 0."""
    if not (np.isfinite(alpha) and alpha >= 0):
        raise ValueError(f"`regularisation.alpha` must be ≥ 0 and finite; got {alpha}")
    return float(alpha)
