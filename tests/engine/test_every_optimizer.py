"""What all the optimisers promise, as the trainer of a network sees them."""

import copy
import json
import pickle

import numpy as np
import pytest
from engine_examples import ByProtocol, WithVelocity, diverging, make

from engine import Stop
from engine.checkpoint import load, save
from engine.optimizers import OPTIMIZERS, optimizer

FURTHER = [
    *((name, {}) for name in OPTIMIZERS),
    *((name, {"decay": "coupled"}) for name in ("adagrad", "rmsprop", "adam")),
    *((name, {"decay": "decoupled"}) for name in ("momentum", "nesterov")),
    ("genetic", {"crossover": "simulated-binary"}),
    ("swarm", {"topology": "ring"}),
    ("annealing", {"cooling": "linear", "chain": 7}),
]
IDS = ["-".join([name, *map(str, further.values())]) for name, further in FURTHER]


def trainer_of(name, further=(), **options):
    options = {"batch_size": 10, "alpha": 0.1, "stop": Stop(epochs=10), **options}
    return make(optimizer=optimizer(name, **dict(further)), **options)


@pytest.mark.parametrize(("name", "further"), FURTHER, ids=IDS)
@pytest.mark.parametrize("updates", [0, 3, 8])
def test_stopped_in_the_middle_it_goes_on_bit_for_bit(name, further, updates, tmp_path):
    whole, first = trainer_of(name, further), trainer_of(name, further)
    first.run(updates)
    save(tmp_path / "run.npz", first.dump(), {})
    arrays, _ = load(tmp_path / "run.npz")
    # nothing of its own start must matter
    second = trainer_of(name, further)
    second.run(5)
    second.load(arrays)
    second.run(20 - updates)
    whole.run(20)
    assert (second.theta == whole.theta).all()
    assert (second.update, second.evaluations) == (whole.update, whole.evaluations)
    ours, theirs = second.snapshot(), whole.snapshot()
    assert (ours.train_loss, ours.epoch) == (theirs.train_loss, theirs.epoch)
    assert repr(ours.search) == repr(theirs.search)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_same_seed_gives_the_same_run_and_its_cost_falls(name):
    first, second = trainer_of(name), trainer_of(name)
    before = first.snapshot().train_loss
    first.run(100_000)
    second.run(100_000)
    assert (first.theta == second.theta).all()
    assert first.snapshot().train_loss < before
    assert np.isfinite(first.theta).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_budget_of_evaluations_ends_the_run(name):
    trainer = trainer_of(name, stop=Stop(epochs=100_000, evaluations=123))
    trainer.run(100_000)
    assert trainer.finished == "the budget of 123 evaluations is spent"
    # an update that is begun is finished
    assert 123 <= trainer.evaluations < 123 + trainer.optimizer.points
    if OPTIMIZERS[name].needs_gradient:
        assert trainer.evaluations == trainer.update == 123


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradient_methods_show_their_layers_and_searches_themselves(name):
    trainer = trainer_of(name)
    trainer.run(30)
    shown = trainer.snapshot()
    record = shown.record()
    if OPTIMIZERS[name].needs_gradient:
        assert len(shown.layers) == trainer.network.L
        assert shown.search is None
        assert "search" not in record
    else:
        assert shown.layers == ()
        assert list(record["search"]) == ["best", "mean", "spread"] + [
            figure.name for figure in trainer.optimizer.figures
        ]
        # the search sees all the examples, and the cost with its L2 term
        assert np.isclose(shown.search.best, shown.train_loss, rtol=1e-12)
    assert record["evaluations"] == trainer.evaluations


@pytest.mark.parametrize(
    ("name", "further"),
    # at T = 1 every proposal would be accepted, whatever its cost
    [("genetic", {}), ("swarm", {}), ("annealing", {"temperature": 0.01}), ("ants", {}),
     ("lbfgs", {})],
)  # fmt: skip
def test_a_fixed_part_of_the_examples_is_enough_where_it_is_asked_for(name, further):
    whole = trainer_of(name, further)
    part, again = (trainer_of(name, further, examples=20) for _ in range(2))
    for trainer in (whole, part, again):
        trainer.run(300)
    assert part.snapshot().batch_size == 20
    assert (part.theta == again.theta).all()
    assert not (part.theta == whole.theta).all()
    with pytest.raises(ValueError, match="examples seen by the optimiser is 20, this run's is 57"):
        whole.load(part.dump())


def test_a_part_is_refused_by_name_where_it_cannot_be():
    with pytest.raises(ValueError, match=r"`training.examples` must be 1 … 57 .*; got 58"):
        trainer_of("genetic", examples=58)
    with pytest.raises(ValueError, match=r"`training.examples` is for methods that see the same"):
        trainer_of("sgd", examples=20)


def test_eta_is_refused_where_there_is_none():
    with pytest.raises(ValueError, match=r"`optimizer.eta` is no field of genetic"):
        trainer_of("genetic").change(eta=0.1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_length_of_a_run_is_planned(name):
    trainer = trainer_of(name)
    trainer.run(1_000_000)
    assert trainer.update == trainer.planned
    budget = trainer_of(name, stop=Stop(epochs=10**6, evaluations=500))
    budget.run(1_000_000)
    assert budget.update == budget.planned


@pytest.mark.parametrize("name", [name for name, method in OPTIMIZERS.items() if method.whole])
@pytest.mark.parametrize(("before", "after"), [(0.0, 20.0), (20.0, 0.1)])
def test_another_alpha_makes_another_cost_of_what_is_remembered(name, before, after):
    """Costs of before, with another L2 term, must not be compared with those of now."""
    trainer = trainer_of(name, alpha=before, stop=Stop(epochs=10**9))
    trainer.run(100)
    trainer.change(alpha=after)
    was = trainer.snapshot().train_loss
    trainer.run(1)
    shown = trainer.snapshot()
    if shown.search:
        assert np.isclose(shown.search.best, shown.train_loss, rtol=1e-12)
        assert shown.train_loss <= was
    trainer.run(400)
    assert trainer.snapshot().train_loss < was


@pytest.mark.parametrize("make_one", [*OPTIMIZERS, ByProtocol, WithVelocity])
def test_trainers_that_are_given_the_same_optimiser_do_not_share_it(make_one):
    def new():
        return optimizer(make_one) if isinstance(make_one, str) else make_one(0.5)

    alone, other = make(optimizer=new()), make(50, optimizer=new())
    alone.run(30)
    other.run(10)
    given = new()
    first = make(optimizer=given)
    first.run(10)
    second = make(50, optimizer=given)
    first.run(10)
    second.run(10)
    first.run(10)
    assert (first.theta == alone.theta).all()
    assert (second.theta == other.theta).all()
    second.change(**({"eta": 0.25} if given.eta else {"alpha": 1.0}))
    assert first.eta == given.eta == new().eta


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [10, "full"])
@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda trainer: pickle.loads(pickle.dumps(trainer))]
)
def test_a_copy_of_a_trainer_goes_on_like_the_trainer(name, batch_size, copied):
    trainer = trainer_of(name, batch_size=batch_size)
    trainer.run(8)
    again = copied(trainer)
    trainer.run(12)
    assert not (again.theta == trainer.theta).all() or OPTIMIZERS[name].whole
    again.run(12)
    assert again.update == trainer.update
    assert (again.theta == trainer.theta).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("target", [None, 100.0])
def test_a_run_that_several_conditions_end_is_finished_the_same_after_load(name, target):
    probe = trainer_of(name, batch_size="full", stop=Stop(epochs=1))
    probe.run(1000)
    stop = Stop(epochs=1, target_loss=target, evaluations=probe.evaluations)
    first, second = (trainer_of(name, batch_size="full", stop=stop) for _ in range(2))
    first.run(1000)
    second.load(first.dump())
    assert second.finished == first.finished
    assert first.finished.startswith("the budget of" if target is None else "target loss 100")


@pytest.mark.parametrize(
    ("name", "there", "here"),
    [
        ("lbfgs", {"memory": 5}, {"memory": 10}),
        ("genetic", {"population": 20}, {"population": 30}),
        ("genetic", {"elite": 1}, {"elite": 2}),
        ("swarm", {"population": 20}, {"population": 30}),
        ("ants", {"archive": 30}, {"archive": 20}),
    ],
)
def test_a_state_of_another_size_is_refused_by_name(name, there, here):
    state = trainer_of(name, there).dump()
    field = next(iter(there))
    was, now = there[field], here[field]
    with pytest.raises(ValueError, match=rf"its optimizer.{field} is {was}, this run's is {now}$"):
        trainer_of(name, here).load(state)


def test_a_checkpoint_of_before_searches_is_still_read():
    whole, first, second = (make(alpha=0.1) for _ in range(3))
    first.run(8)
    arrays = first.dump()
    numbers = json.loads(str(arrays["numbers"]))
    del numbers["evaluations"], numbers["identity"]["examples seen by the optimiser"]
    second.load({**arrays, "numbers": np.array(json.dumps(numbers))})
    whole.run(20)
    second.run(12)
    assert (second.theta == whole.theta).all()
    assert second.evaluations == whole.evaluations == 20


@pytest.mark.parametrize(
    "name", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
)
@pytest.mark.parametrize("eta", [100.0, 1e150, 1e300, 1e308])
def test_a_diverged_run_is_told_the_same_however_it_was_run_and_can_be_kept(name, eta):
    first, second = (diverging(optimizer=optimizer(name, eta=eta)) for _ in range(2))
    done = first.run(2000)
    while second.finished is None and second.update < 2000:
        second.run(1)
    assert first.diverged == second.diverged
    assert done == first.update == second.update == first.evaluations == second.evaluations
    if eta > 1e100:
        assert first.diverged.update == first.update
    again = diverging(optimizer=optimizer(name, eta=eta))
    again.load(first.dump())
    assert again.finished == first.finished
    assert np.array_equal(again.theta, first.theta, equal_nan=True)
    assert np.array_equal(first.snapshot().theta, second.snapshot().theta, equal_nan=True)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_theta_must_be_finite(name, bad):
    theta = np.zeros(21)
    theta[3] = bad
    with pytest.raises(ValueError, match="`theta` must hold finite numbers"):
        trainer_of(name, theta=theta)
