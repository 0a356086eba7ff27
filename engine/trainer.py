"""Trains a network on a data set: epochs, mini-batches, stop conditions, snapshots, resume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.asktell import AskTell
from engine.costs import cost as cost_named
from engine.curve import CurveHash, on_grid
from engine.data import Split
from engine.descent import Descent
from engine.diagnostics import diagnose
from engine.divergence import Divergence, MiniBatch, repeat_to_divergence
from engine.epoch import Epoch, planned_updates
from engine.evaluation import loss_and_accuracy
from engine.gradient_method import GradientMethod
from engine.network import Network
from engine.optimizer import Optimizer, check_alpha, check_eta
from engine.optimizers.sgd import GradientDescent
from engine.order import Order, Seeds, fixed_part
from engine.rule import Done, Rule
from engine.snapshot import LayerSnapshot, OutputSnapshot, Snapshot, frozen
from engine.state import COMMON, BatchSize, State, checked_batch_size, identity_of
from engine.stop import Patience, Stop
from engine.training_set import TrainingSet

Array = NDArray[Any]

PART = 256
"""Updates between two looks at whether θ is still finite, and at the clock."""


class Trainer:
    """One run of training, and all of its state.

    Parameters
    ----------
    network, split
        What is trained on what. Sizes must agree.
    cost
        "quadratic" or "cross-entropy".
    optimizer
        The rule of the update. A `GradientMethod` is replayed from recorded calls; any other
        optimiser goes through ask and tell. The trainer has a copy of its own, `optimizer`.
    batch_size
        k examples per update: 1 is stochastic, "full" (or m) is batch gradient descent. The last
        mini-batch of an epoch is smaller where k does not divide m. Without meaning for a method
        that is `whole`: it sees all the examples, or those of `examples`, at every update, and its
        epoch is `Optimizer.updates_per_epoch` updates.
    examples
        For a method that is `whole`: how many training examples it looks at, a part drawn once by
        the seed; "full" (or m): all of them. Loss and accuracy are still those of all.
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
        default 100; up to 1 500 for fewer than 10 000 parameters, down to 10 for more than
        100 000.

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
        examples: BatchSize = "full",
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
        # a copy, since what is remembered for one run must not be shared with another
        self.optimizer = deepcopy(optimizer) if optimizer else GradientDescent(eta=0.5)
        self.stop = stop or Stop()
        self._examples = TrainingSet(network, split.train)
        self.m = self._examples.m
        check_alpha(alpha)
        self._alpha = float(alpha)
        self._batch_size = checked_batch_size(batch_size, self.m)

        seeds = Seeds.of(seed)
        self._order = Order(self.m, np.random.default_rng(seeds.order), permutations)
        if theta is None:
            theta = network.draw("scaled", np.random.default_rng(seeds.weights))
        self._theta = network.taken(theta)
        self._seen = 0
        self._epochs = 0
        self.update = 0
        self.evaluations = 0
        """Costs and gradients evaluated so far."""
        self.seconds = 0.0
        self.finished: str | None = None
        self.diverged: Divergence | None = None
        self._patience = Patience()
        self._curve = CurveHash()
        self._evaluated: tuple[int, tuple[float, ...]] | None = None

        self.probe = self._examples.probe(probe)
        """The examples that the diagnostics look at: x (n_0, k) and y (n_L, k)."""
        if examples != "full" and not self.optimizer.whole:
            raise ValueError(
                "`training.examples` is for methods that see the same examples at every update; "
                f"{self.optimizer.name} goes by `training.batch_size`"
            )
        self._part = fixed_part(examples, self.m, np.random.default_rng(seeds.part))
        self._rule = self._make_rule(np.random.default_rng(seeds.optimizer))
        self._rule.load(self._theta)
        self._rule.set_order(self._order.current)
        self._stale = False

    def _make_rule(self, rng: np.random.Generator) -> Rule:
        X, Y = self._examples.X, self._examples.Y
        if isinstance(self.optimizer, GradientMethod):
            return Descent(self.network, self.cost, X, Y, self.optimizer)
        if self._part is not None:
            X, Y = X[self._part], Y[self._part]
        return AskTell(self.network, self.cost, X, Y, self.optimizer, rng)

    @property
    def epoch(self) -> float:
        """Finished passes over the data, with the part of the current one."""
        return self._epochs + self._seen / self.one_epoch.span

    @property
    def one_epoch(self) -> Epoch:
        """What an epoch consists of now."""
        return Epoch.of(self.optimizer, self.m, self.batch_size)

    @property
    def planned(self) -> int:
        """Updates of the whole run, if nothing but its epochs and its budget ends it."""
        return planned_updates(self.stop, self.one_epoch, self.optimizer)

    @property
    def theta(self) -> Array:
        """All parameters as they are now (the trainer's own array: copy it to keep it)."""
        if self._stale:
            # what has diverged may be ∞ − ∞
            with np.errstate(all="ignore"):
                self._rule.store(self._theta)
            self._stale = False
        return self._theta

    @property
    def curve_hash(self) -> str:
        """A hash over the run up to now, 16 hexadecimal characters; see `engine.curve`.

        The same for two runs that were the same bit for bit, however they were watched, paused or
        resumed; "" after a checkpoint of an older version, which does not know it.
        """
        return self._curve.at(self._epochs, self.update, self.evaluations, self.theta)

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
        if self.optimizer.whole:
            return self.m if self._part is None else len(self._part)
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
            if not self.optimizer.eta:
                raise ValueError(f"`optimizer.eta` is no field of {self.optimizer.name}")
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

    def set_parameter(self, layer: int, row: int, column: int | None, value: float) -> None:
        """Set the weight W^layer[row, column], or with None the bias b^layer[row], in mid-run.

        Layers count from 1, rows and columns from 0. What the method remembers stays, except of one
        that compares costs (L-BFGS): it begins anew there. A run that had come to its target goes
        on where it is no longer there.
        ValueError where there is no such parameter, the value is not finite, the run has diverged,
        or the method is a search, which has no θ that it moves.
        """
        if not self.optimizer.needs_gradient:
            raise ValueError(
                f"{self.optimizer.name} has no single θ to edit: it proposes points of its own, "
                "and θ is the best of them so far"
            )
        if self.diverged is not None:
            raise ValueError("the run has diverged; an edit of one parameter cannot mend it")
        index = self.network.place(layer, row, column)
        if not np.isfinite(value) or abs(value) > float(np.finfo(self.network.dtype).max):
            raise ValueError(f"`value` must be finite in {self.network.dtype}; got {value}")
        self._rule.set_parameter(index, float(value))
        self._stale, self._evaluated, self.finished = True, None, None
        self._finish_where_due()

    def _finish_where_due(self) -> None:
        """End the run where one of its stop conditions holds now."""
        if self.stop.needs_evaluation and self._epochs > 0 and self._seen == 0:
            loss, accuracy = self._evaluation()[-2:]
            if self.diverged is None:
                self.finished = self.stop.reached(loss, accuracy, self._patience)
        if self.finished is None:
            self.finished = self._passed()

    def _passed(self) -> str | None:
        word = self.optimizer.epoch_word
        return self.stop.passed(self._epochs, self.seconds, self.evaluations, word)

    def updates_until(self, epoch: int) -> int:
        """Updates to the end of that epoch, counted from 1; it must not have passed."""
        now = self.one_epoch
        left = -(-(now.span - self._seen) // now.stride)
        return left + (epoch - self._epochs - 1) * now.updates

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
        span, stride = self.one_epoch
        if not self.optimizer.whole and self._seen == 0:
            self._renew_order()
        done = 0
        with np.errstate(all="ignore"):
            while done < max_updates and self._seen < span and self.finished is None:
                start = self._seen
                stop = min(span, start + stride * min(PART, max_updates - done))
                count = self._updates(start, stop, stride)
                done += count
                self._seen = min(span, start + count * stride)
                now = perf_counter()
                self.seconds += now - started
                started = now
                if self.finished is None:
                    self.finished = self._passed()
        if self._seen == span and self.diverged is None:
            self._end_epoch()
        return done

    def _renew_order(self) -> None:
        if self._order.renew(full=self.batch_size == self.m):
            self._rule.set_order(self._order.current)

    def _updates(self, start: int, stop: int, k: int) -> int:
        """The updates over the examples start…stop of the epoch's order; return how many."""
        self._rule.keep()
        done = self._make_updates(start, stop, k)
        self._stale = True
        if not self._rule.finite():
            self._rule.go_back()
            done, found = repeat_to_divergence(
                self._rule,
                self.network,
                self.cost,
                self._mini_batches(start, stop, k),
                lambda first, last: self._make_updates(first, last, k),
                tries=self.optimizer.whole,
            )
            if found:
                self._end_by(Divergence(*found, self.update + done.updates))
        self.update += done.updates
        self.evaluations += done.evaluations
        return done.updates

    def _make_updates(self, start: int, stop: int, k: int) -> Done:
        left = np.inf
        if self.stop.evaluations is not None:
            left = max(0, self.stop.evaluations - self.evaluations)
        return self._rule.run(start, stop, k, self.eta, self._alpha / self.m, left)

    def _mini_batches(self, start: int, stop: int, k: int) -> Iterator[MiniBatch]:
        for first in range(start, stop, k):
            last = min(first + k, stop)
            rows = slice(None) if self.optimizer.whole else self._order.current[first:last]
            yield MiniBatch(first, last, *self._examples.columns(rows))

    def _end_by(self, divergence: Divergence) -> None:
        self.diverged, self.finished = divergence, f"diverged: {divergence}"

    def _end_epoch(self) -> None:
        self._epochs += 1
        self._seen = 0
        if on_grid(self._epochs):
            self._curve.end_epoch(self._epochs, self.update, self.evaluations, self.theta)
        if self.stop.needs_evaluation:
            self._patience.see(self._evaluation()[-2])
        if self.diverged is None:
            # of several conditions that hold now the same one is told as after a `load`
            self.finished = None
            self._finish_where_due()

    def _evaluation(self) -> tuple[float, ...]:
        """(train loss, train accuracy[, validation loss, validation accuracy]) at this update."""
        if self._evaluated is None or self._evaluated[0] != self.update:
            with np.errstate(all="ignore"):
                figures = loss_and_accuracy(
                    self.network, self.theta, self.split, self.cost, self._alpha
                )
            self._evaluated = self.update, figures
            descends, diverged = self.optimizer.needs_gradient, self.diverged is not None
            if descends and not diverged and not np.isfinite(figures[::2]).all():
                # θ may stay finite where dead units keep it from moving on; but a search may still
                # find its way out of such a place
                self._end_by(Divergence(self.network.L, "C", self.update))
        return self._evaluated[1]

    def _diagnose(self) -> tuple[tuple[LayerSnapshot, ...], OutputSnapshot]:
        return diagnose(
            self.network,
            self.theta,
            *self.probe,
            self.cost,
            eta=self.eta,
            alpha=self._alpha,
            m=self.m,
            gains=self.optimizer.gains,
        )

    def snapshot(self) -> Snapshot:
        """The run as it is now.

        θ and the order of the examples are the same however often a run is seen; a cost that is
        not finite ends it, unless it is a search.
        """
        train_loss, train_accuracy, *validation = self._evaluation()
        layers: tuple[LayerSnapshot, ...] = ()
        output: OutputSnapshot | None = None
        if self.optimizer.needs_gradient:
            with np.errstate(all="ignore"):
                layers, output = self._diagnose()
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
            output=output,
            evaluations=self.evaluations,
            search=self.optimizer.search(),
            theta=frozen(self.theta),
        )

    def dump(self) -> dict[str, Array]:
        """The whole state as arrays, from which `load` goes on bit for bit, mid-epoch too."""
        arrays = self.state().arrays()
        return {**arrays, "theta": arrays["theta"].copy(), "order": arrays["order"].copy()}

    def state(self) -> State:
        """The state as it is now; its θ is the trainer's own array, its order is never changed."""
        with np.errstate(all="ignore"):
            optimizer = self._rule.state()
        return State(
            identity=self._identity(),
            theta=self.theta,
            order=self._order.current,
            optimizer=optimizer,
            random=self._order.random_state,
            seen=self._seen,
            span=self.one_epoch.span,
            epochs=self._epochs,
            update=self.update,
            evaluations=self.evaluations,
            seconds=self.seconds,
            eta=self.optimizer.eta,
            alpha=self._alpha,
            batch_size=self._batch_size,
            patience=self._patience,
            curve=self._curve.chain,
            diverged=self.diverged,
        )

    def _identity(self) -> dict[str, Any]:
        """What a checkpoint and a trainer must have in common."""
        seen = self.m if self._part is None else len(self._part)
        given = self._order.given
        return identity_of(self.network, self.cost, self.optimizer, self.m, seen, given=given)

    def load(self, arrays: dict[str, Array]) -> None:
        """Go on from what `dump` gave.

        Where the trainer was given permutations, they must be given anew, from the first. Whether
        the run is finished is decided by the trainer's own stop conditions.
        ValueError where the checkpoint is of another network, cost, optimiser or training set.
        """
        state = State.of(arrays, self._identity())
        self.optimizer.eta = state.eta
        self._alpha, self._batch_size = state.alpha, state.batch_size
        self._go_on(state, np.array(state.theta, self.network.dtype))

    def branch(self, arrays: dict[str, Array]) -> None:
        """Go on from what another trainer's `dump` gave, with this trainer's own settings.

        Network and training set must be the same; cost, optimiser, precision, η, α and mini-batch
        are this trainer's. What its method remembers is taken over where it is of the same method
        and sizes (see `State.branched`); where nothing differs, this is `load`. Permutations that
        were given must be given anew, from the first, as for `load`.
        ValueError where network or training set differ, or the run has diverged there.
        """
        identity = self._identity()
        state = State.of(arrays, {name: identity[name] for name in COMMON})
        if state.diverged is not None:
            raise ValueError(
                f"the run has diverged there ({state.diverged}): go on from an earlier moment"
            )
        theta = self.network.taken(state.theta)
        span, whole = self.one_epoch.span, self.optimizer.whole
        self._go_on(state.branched(identity, alpha=self._alpha, span=span, whole=whole), theta)

    def _go_on(self, state: State, theta: Array) -> None:
        self._theta = theta
        self._order.resume(state.order, state.random, state.epochs + (state.seen > 0))
        self._seen, self._epochs = state.seen, state.epochs
        self.update, self.evaluations = state.update, state.evaluations
        self.seconds = state.seconds
        self._patience, self._evaluated = state.patience, None
        self._curve = CurveHash(state.curve)
        with np.errstate(all="ignore"):
            self._rule.load(self._theta)
            self._rule.set_order(self._order.current)
            if state.optimizer is not None:
                self._rule.restore(state.optimizer)
        self._stale = False
        self.finished, self.diverged = None, None
        if state.diverged is not None:
            self._end_by(state.diverged)
        else:
            self._finish_where_due()
