"""Trains a network on a data set: epochs, mini-batches, stop conditions, snapshots, resume."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.asktell import AskTell
from engine.costs import cost as cost_named
from engine.data import Split
from engine.descent import Descent
from engine.diagnostics import Divergence, layer_snapshots, locate_divergence
from engine.evaluation import loss_and_accuracy
from engine.network import Network
from engine.optimizer import Optimizer, check_alpha, check_eta
from engine.optimizers.sgd import GradientDescent
from engine.order import Order, independent_seeds
from engine.snapshot import LayerSnapshot, Snapshot, frozen
from engine.state import BatchSize, State, checked_batch_size
from engine.stop import Patience, Stop

Array = NDArray[Any]

PART = 256
"""Updates between two looks at whether θ is still finite, and at the clock."""
PROBE, PROBE_PARAMETERS = 100, 100_000
"""Examples of the default probe, up to so many parameters; with more the examples get fewer, so
that the diagnostics of a live run stay under a hundredth of its time."""


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
        How many training examples (the first ones) the diagnostics of the layers look at; by
        default 100, and fewer, down to 10, for more than 100 000 parameters.

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
        probe: int | None = None,
    ) -> None:
        self.network, self.split = network, split
        self.cost = cost_named(cost)
        self.cost.check(network.activations[-1].name)
        self.optimizer = optimizer or GradientDescent(eta=0.5)
        self.stop = stop or Stop()
        self.m = len(split.train.X)
        self._check_shapes()
        check_alpha(alpha)
        self._alpha = float(alpha)
        self._batch_size = checked_batch_size(batch_size, self.m)

        init_seed, order_seed = independent_seeds(seed)
        self._order = Order(self.m, np.random.default_rng(order_seed), permutations)
        if theta is None:
            theta = network.draw("scaled", np.random.default_rng(init_seed))
        if np.shape(theta) != (network.parameters,):
            raise ValueError(
                f"`theta` must hold the {network.parameters} parameters of {network}; "
                f"got shape {np.shape(theta)}"
            )
        self._theta = np.array(theta, network.dtype)
        self._seen = 0
        self._epochs = 0
        self.update = 0
        self.seconds = 0.0
        self.finished: str | None = None
        self.diverged: Divergence | None = None
        self._patience = Patience()
        self._evaluated: tuple[int, tuple[float, ...]] | None = None

        if probe is None:
            probe = max(10, min(PROBE, PROBE * PROBE_PARAMETERS // network.parameters))
        if probe < 1:
            raise ValueError(f"`probe` must be ≥ 1; got {probe}")
        self._probe = self._columns(slice(0, probe))
        X, Y = split.train.X, split.train.Y
        self._rule: Descent | AskTell
        if type(self.optimizer) is GradientDescent:
            self._rule = Descent(network, self.cost, X, Y)
        else:
            self._rule = AskTell(network, self.cost, X, Y, self.optimizer)
        self._rule.load(self._theta)
        self._rule.set_order(self._order.current)
        self._stale = False

    def _check_shapes(self) -> None:
        if self.m == 0:
            raise ValueError("the training set must have at least 1 example; got 0")
        inputs, outputs = self.split.train.X.shape[1], self.split.train.Y.shape[1]
        if (inputs, outputs) != (self.network.sizes[0], self.network.sizes[-1]):
            raise ValueError(
                f"the data have {inputs} inputs and {outputs} targets, but the network has "
                f"{self.network.sizes[0]} inputs and {self.network.sizes[-1]} outputs"
            )

    def _columns(self, rows: Any) -> tuple[Array, Array]:
        """x (n_0, k) and y (n_L, k) of some training examples, in the network's precision."""
        train, dtype = self.split.train, self.network.dtype
        return train.X[rows].T.astype(dtype, copy=False), train.Y[rows].T.astype(dtype, copy=False)

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
        if alpha is not None:
            check_alpha(alpha)
        if batch_size is not None:
            self._batch_size = checked_batch_size(batch_size, self.m)
        if eta is not None:
            self.optimizer.eta = float(eta)
        if alpha is not None and alpha != self._alpha:
            self._alpha = float(alpha)
            # losses with another L2 term cannot be compared with the best one so far
            self._patience, self._evaluated = Patience(), None
        if stop is not None:
            self.stop = stop
            if self.diverged is None:
                self.finished = None
                self._finish_where_due()

    def _finish_where_due(self) -> None:
        """End the run where one of its stop conditions holds now."""
        if self.stop.needs_evaluation and self._epochs > 0 and self._seen == 0:
            loss, accuracy = self._evaluation()[-2:]
            if self.diverged is None:
                self.finished = self.stop.reached(loss, accuracy, self._patience)
        if self.finished is None:
            self.finished = self.stop.passed(self._epochs, self.seconds)

    def run(self, max_updates: int) -> int:
        """Make up to `max_updates` updates, over as many epochs as they take; return how many."""
        done = 0
        while done < max_updates and self.finished is None:
            done += self.advance(max_updates - done)
        return done

    def advance(self, max_updates: int) -> int:
        """Make up to `max_updates` updates, at most to the end of the epoch; return how many."""
        if self.finished is not None or max_updates < 1:
            return 0
        started = perf_counter()
        k = self.batch_size
        if self._seen == 0 and self._order.renew(full=k == self.m):
            self._rule.set_order(self._order.current)
        done = 0
        with np.errstate(all="ignore"):
            while done < max_updates and self._seen < self.m and self.finished is None:
                start = self._seen
                stop = min(self.m, start + k * min(PART, max_updates - done))
                self._updates(start, stop, k)
                count = -((start - stop) // k)
                done += count
                self.update += count
                self._seen = stop
                now = perf_counter()
                self.seconds += now - started
                started = now
                if self.finished is None:
                    self.finished = self.stop.passed(self._epochs, self.seconds)
        if self._seen == self.m and self.diverged is None:
            self._end_epoch()
        return done

    def _updates(self, start: int, stop: int, k: int) -> None:
        """The updates over the examples start…stop of the epoch's order."""
        self._rule.keep()
        self._rule.run(start, stop, k, self.eta, self._alpha / self.m)
        self._stale = True
        if self._rule.finite():
            return
        before = np.empty_like(self._theta)
        self._rule.store_kept(before)
        order = self._order.current
        found = locate_divergence(
            self.network,
            before,
            (self._columns(order[i : min(i + k, stop)]) for i in range(start, stop, k)),
            self.cost,
            eta=self.eta,
            decay=self._alpha / self.m * self.network.weight_mask(),
            update=self.update,
        )
        self._end_by(found)

    def _end_by(self, divergence: Divergence) -> None:
        self.diverged, self.finished = divergence, f"diverged: {divergence}"

    def _end_epoch(self) -> None:
        self._epochs += 1
        self._seen = 0
        if self.stop.needs_evaluation:
            self._patience.see(self._evaluation()[-2])
        if self.finished is None:
            self._finish_where_due()

    def _evaluation(self) -> tuple[float, ...]:
        """(train loss, train accuracy[, validation loss, validation accuracy]) at this update."""
        if self._evaluated is None or self._evaluated[0] != self.update:
            with np.errstate(all="ignore"):
                figures = loss_and_accuracy(
                    self.network, self.theta, self.split, self.cost, self._alpha
                )
            self._evaluated = self.update, figures
            if self.diverged is None and not np.isfinite(figures[::2]).all():
                # θ may stay finite where dead units keep it from moving on
                self._end_by(Divergence(self.network.L, "C", self.update))
        return self._evaluated[1]

    def _layer_snapshots(self) -> tuple[LayerSnapshot, ...]:
        return layer_snapshots(
            self.network,
            self.theta,
            *self._probe,
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
        train_loss, train_accuracy, *validation = self._evaluation()
        with np.errstate(all="ignore"):
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
        return State(
            identity=self._identity(),
            theta=self.theta,
            order=self._order.current,
            optimizer=self._rule.state(),
            random=self._order.random_state,
            seen=self._seen,
            epochs=self._epochs,
            update=self.update,
            seconds=self.seconds,
            eta=self.optimizer.eta,
            alpha=self._alpha,
            batch_size=self._batch_size,
            patience=self._patience,
            diverged=self.diverged,
        ).arrays()

    def _identity(self) -> dict[str, Any]:
        """What a checkpoint and a trainer must have in common."""
        return {
            "sizes": list(self.network.sizes),
            "activations": [sigma.name for sigma in self.network.activations],
            "dtype": str(self.network.dtype),
            "cost": self.cost.name,
            "training examples": self.m,
            "optimiser": self.optimizer.name,
            "order": "given" if self._order.given else "drawn",
        }

    def load(self, arrays: dict[str, Array]) -> None:
        """Go on from what `dump` gave.

        Where the trainer was given permutations, they must be given anew, from the first. Whether
        the run is finished is decided by the trainer's own stop conditions.
        ValueError where the checkpoint is of another network, cost, optimiser or training set.
        """
        state = State.of(arrays, self._identity())
        self._theta = np.array(state.theta, self.network.dtype)
        self._order.resume(state.order, state.random, state.epochs + (state.seen > 0))
        self._seen, self._epochs = state.seen, state.epochs
        self.update, self.seconds = state.update, state.seconds
        self.optimizer.eta = state.eta
        self._alpha, self._batch_size = state.alpha, state.batch_size
        self._patience, self._evaluated = state.patience, None
        self._rule.load(self._theta)
        self._rule.set_order(self._order.current)
        self._rule.restore(state.optimizer)
        self._stale = False
        self.finished, self.diverged = None, None
        if state.diverged is not None:
            self._end_by(state.diverged)
        else:
            self._finish_where_due()
