"""The views of the inside in the lab: their keys, their numbers, their cost, what they ask for."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from app_driver import (
    LONG,
    app_of,
    keys_shown,
    press,
    ready,
    said,
    shown_text,
    state,
    trained,
    until,
)
from inside_driver import (
    IMAGES,
    PANELS,
    SEARCH,
    SMALL,
    Plain,
    look_back,
    paused,
    shown,
    stepped,
    text_of,
)
from textual.pilot import Pilot
from textual.widgets import Input

import engine.inside
from tuinn.numbers import count, percent, significant
from tuinn.screens.inside import PER_SECOND
from tuinn.screens.lab import Lab
from tuinn.screens.prompt import Prompt
from tuinn.screens.what_if import next_alpha
from tuinn.widgets.equation_text import entry, number, short

EQUATIONS_OF_SMALL = [
    *("z¹", "a¹", "σ′(z¹)", "z²", "a²", "σ′(z²)"),
    *("δ²", "δ¹", "∂C/∂b¹", "∂C/∂b²", "∂C/∂W¹", "∂C/∂W²"),
    *("new W¹", "new b¹", "new W²", "new b²", "cost"),
]


# which panels there are


async def test_a_key_enlarges_its_view_and_gives_the_others_back() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        for key, panel in PANELS.items():
            await press(pilot, key)
            assert shown(lab) == [panel]
            assert str(lab.dashboard.panels[panel].border_title).startswith(f"{key} ")
            await until(pilot, lambda n=panel: "press space" not in text_of(lab, n), "numbers")
            assert lab.dashboard.panels[panel].has_focus
            await press(pilot, key)
            # along time there are two that have a page in common
            assert shown(lab) == ([8, 9] if panel in (8, 9) else [1, 2, 3, 4, 5, 6])
            await press(pilot, "1", "1")
        await press(pilot, "n", "escape")
        assert shown(lab) == [1, 2, 3, 4, 5, 6]
        await press(pilot, "n", "v")
        assert shown(lab) == [12]


@pytest.mark.parametrize(
    ("raw", "offered"),
    [
        (SMALL, list(range(1, 13))),
        (IMAGES, [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]),
        (SEARCH, [1, 2, 3, 4, 5, 6, 7, 9, 10, 12]),
    ],
    ids=["plane", "images", "search"],
)
async def test_paging_goes_through_all_that_are_offered(
    raw: dict[str, Any], offered: list[int]
) -> None:
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        there = []
        for _ in offered:
            await press(pilot, "]")
            there.append(lab.dashboard.current)
            assert lab.dashboard.current in shown(lab)
        assert there == [*offered[1:], 1]
        await press(pilot, "[", "[")
        assert lab.dashboard.current == offered[-2]
        await press(pilot, "1", "1")
        for key, panel in {"7": 7, "8": 8, "b": 11}.items():
            if panel not in offered:
                await press(pilot, key)
                assert shown(lab) == [1, 2, 3, 4, 5, 6]
                why = "two coordinates" if key == "7" else "no δ without backpropagation"
                assert why in said(pilot)
                await press(pilot, "y", "y")


# the numbers


@pytest.mark.parametrize("raw", [SMALL, IMAGES], ids=["2-3-1", "64-6-10"])
async def test_the_views_show_the_numbers_of_the_moment_that_is_looked_at(
    raw: dict[str, Any],
) -> None:
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        for back in (False, True):
            if back:
                await press(pilot, "escape", "1", "1")
                past = lab.session.runner.rewind.moments[-3].snapshot.update
                await look_back(pilot, lab, past)
            moment = lab.moment
            assert moment is not None
            assert (moment is lab.session.last) == (not back)
            checks = (saturation, waterfall, histograms, network, equations, examples)
            for key, check in zip("589nbv", checks, strict=True):
                await press(pilot, key)
                await until(pilot, lambda k=key: _drawn(lab, PANELS[k]), f"view {key}")
                plain = Plain(lab, moment.theta)
                await check(pilot, lab, plain)
                assert lab.moment is moment


def _drawn(lab: Lab, number: int) -> bool:
    """The view shows the moment that is looked at, whatever its size is now."""
    if number == 8:
        return True
    drawn, panel = lab.inside._drawn.get(number), lab.dashboard.panels[number]
    if drawn is None or panel._cells is None or panel._cells.codes.shape[::-1] != panel.size:
        return False
    return drawn[0] is lab.moment and drawn[1] == panel.size


def probe(lab: Lab) -> tuple[np.ndarray, np.ndarray]:
    """X and Y of the first examples, as many as the probe has."""
    train, many = lab.session.experiment.split.train, lab.session.experiment.trainer.probe[0]
    return train.X[: many.shape[1]], train.Y[: many.shape[1]]


async def saturation(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    a, _, _, primes = plain.passes(*probe(lab))
    bounds = {"tanh": (-0.8, 0.8)}.get(plain.names[0], (0.1, 0.9))
    await press(pilot, *["up"] * 3, "home", "right")
    text = text_of(lab, 5)
    low, high = (a[1] < bounds[0]), (a[1] > bounds[1])
    layer = (
        rf"low {percent(low.mean())} +high {percent(high.mean())} "
        rf"+mean σ′ {significant(primes[0].mean(), 2)} "
    )
    assert re.search(layer, text)
    unit = (
        rf"l=1 unit 2 of {len(a[1])} +mean a {significant(a[1][1].mean())} +"
        rf"mean σ′ {significant(primes[0][1].mean())} +"
        rf"low {percent(low[1].mean())} +high {percent(high[1].mean())} "
    )
    assert re.search(unit, text)


async def waterfall(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    _, _, delta, _ = plain.passes(*probe(lab))
    norms = [np.sqrt((one**2).sum(axis=0)).mean() for one in delta]
    text = text_of(lab, 8)
    when = f"at update {count(lab.moment.update)}"
    assert f"‖δ¹‖/‖δᴸ‖ {significant(norms[0] / norms[-1])} {when}" in text
    for layer, norm in enumerate(norms, start=1):
        assert re.search(rf"l={layer}┤.* {significant(norm)} ", text)


async def histograms(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    lines = text_of(lab, 9)
    for layer, W in enumerate(plain.W, start=1):
        least, median, most = (significant(float(f(W))) for f in (np.min, np.median, np.max))
        assert re.search(rf"l={layer} .*min {least} .*median {median} .*max {most}\s", lines)


async def network(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    a, _, delta, _ = plain.passes(*probe(lab))
    view = lab.dashboard.network
    view.select(2, 0, 2)
    await until(pilot, lambda: "w²₁₃ = " in text_of(lab, 10), "the weight")
    slope = (delta[1] @ a[1].T)[0, 2] / a[0].shape[1]
    written = f"w²₁₃ = {significant(plain.W[1][0, 2])}   ∂C/∂w = {significant(slope)} "
    assert written in text_of(lab, 10)
    editable = lab.moment is lab.session.last
    assert view.editable == editable
    # the footer hears of the selection by a message
    await until(pilot, lambda: ("w" in keys_shown(pilot)) == editable, "its key in the footer")


async def equations(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    """The entry of the second unit, or the only one, of each step."""
    panel, train = lab.dashboard.equations, lab.session.experiment.split.train
    eta, alpha, m = lab.moment.eta, lab.moment.alpha, train.n
    example = 2
    await press(pilot, "j", "j") if panel.example == 0 else None
    await until(pilot, lambda: panel._facts.example == example, "the example")
    x, y = train.X[example : example + 1], train.Y[example : example + 1]
    a, z, delta, primes = plain.passes(x, y)
    expected: dict[str, np.ndarray] = {}
    for l in (1, 2):
        up = "⁰¹²"[l]
        gradient = delta[l - 1] @ a[l - 1].T
        expected |= {
            f"z{up}": z[l - 1],
            f"a{up}": a[l],
            f"σ′(z{up})": primes[l - 1],
            f"δ{up}": delta[l - 1],
            f"∂C/∂b{up}": delta[l - 1],
            f"∂C/∂W{up}": gradient,
            f"new W{up}": (1 - eta * alpha / m) * plain.W[l - 1] - eta * gradient,
            f"new b{up}": plain.b[l - 1][:, None] - eta * delta[l - 1],
        }
    panel.largest_first = False
    assert panel.names == EQUATIONS_OF_SMALL
    await press(pilot, "home")
    for step, name in enumerate(panel.names[:-1]):
        assert panel.step == step
        panel.action_go_row(1)
        entries = expected[name]
        value = float(entries[min(1, len(entries) - 1), 0])
        text = text_of(lab, 11)
        assert f"at update {count(lab.moment.update)} " in text
        # in the matrix, with as many digits as there is room for
        (marked,) = re.findall(r"[⎡⎢⎣\[] *[^⎤⎥⎦\]\n]*?▸([−\d.e]+)", text)
        assert marked in {entry(value, width) for width in range(6, 12)}, name
        assert number(value) in re.sub(r"\s*\n\S* +│ ", " ", text), name
        panel.action_go_row(-1)
        panel.action_go_step(1)
    text = text_of(lab, 11)
    output, target = a[2][:, 0], y[0]
    C = 0.5 * ((target - output) ** 2).sum() if plain.quadratic else -np.log(output[target == 1][0])
    assert f"C₀ = {significant(C)} → " in text
    l2 = alpha / (2 * m) * sum((W**2).sum() for W in plain.W)
    assert re.search(rf"L2 term ⎢ +{short(l2)}0* ", text)


async def examples(pilot: Pilot[None], lab: Lab, plain: Plain) -> None:
    validation = lab.session.experiment.split.validation
    a, _, _, _ = plain.passes(validation.X, validation.Y)
    read = a[-1].argmax(axis=0) if len(a[-1]) > 1 else (a[-1][0] > 0.5).astype(int)
    panel, text = lab.dashboard.examples, text_of(lab, 12)
    classes = len(lab.session.experiment.dataset.classes)
    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (validation.labels, read), 1)
    wrong = int((read != validation.labels).sum())
    assert wrong
    assert f"{wrong} of {validation.n} validation examples misread" in text
    assert panel._places.written is not None
    width = panel._places.written.width
    rows = text.splitlines()[2 : 2 + classes]
    written = [
        [0 if token == "·" else int(token) for token in re.sub("[=!>]", " ", row[:width]).split()]
        for row in rows
    ]
    assert [row[1:] for row in written] == confusion.tolist()


# when they are computed


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the app has called each function of `engine.inside`."""
    counts: Counter[str] = Counter()
    modules = [
        importlib.import_module(f"engine.inside.{module.name}")
        for module in pkgutil.iter_modules(engine.inside.__path__)
    ]
    for inside in modules:
        for name, function in vars(inside).items():
            if not callable(function) or isinstance(function, type) or name.startswith("_"):
                continue
            if getattr(function, "__module__", "") != inside.__name__:
                continue

            def counted(*given: Any, _name: str = name, _do: Any = function, **named: Any) -> Any:
                counts[_name] += 1
                return _do(*given, **named)

            for module in list(sys.modules.values()):
                ours = getattr(module, "__name__", "").startswith("tuinn.")
                if ours and vars(module).get(name) is function:
                    monkeypatch.setattr(module, name, counted)
    return counts


USED = {
    5: {"units"},
    6: {"ledger"},
    8: set(),
    9: {"histograms", "spreads"},
    10: {"plane_maps"},
    11: {"walkthrough", "numerical"},
    12: {"reading"},
}
"""What each view computes; a waterfall is drawn from the history alone."""


async def test_nothing_is_computed_for_what_is_hidden(
    calls: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a view that is seen is drawn at every frame, so that few frames tell
    for panel in PER_SECOND:
        monkeypatch.setitem(PER_SECOND, panel, 1000.0)
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        for key, panel in {"1": 1, "7": 7, **PANELS}.items():
            await press(pilot, key)
            calls.clear()
            seen = len(lab.session.history)
            begun = lab._frames
            await until(
                pilot,
                lambda n=begun, s=seen: lab._frames > n + 4 and len(lab.session.history) > s + 1,
                "some frames",
            )
            used = USED.get(panel, set()) - ({"numerical"} if panel == 11 else set())
            assert {name for name in calls if name in set().union(*USED.values())} == used
        # all six at once: only the ledger needs more than the snapshot has
        await press(pilot, "v")
        calls.clear()
        begun = lab._frames
        await until(pilot, lambda: lab._frames > begun + 4, "some frames")
        assert set(calls) & set().union(*USED.values()) == {"ledger"}


async def test_an_unchanged_moment_is_computed_once(calls: Counter[str]) -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        for key, panel in PANELS.items():
            if panel in (6, 8):
                continue
            calls.clear()
            await press(pilot, key)
            await until(pilot, lambda p=panel: _drawn(lab, p), f"view {key}")
            await until(pilot, lambda: not lab.dashboard.histograms._waiting, "all columns")
            first = Counter(calls)
            assert set(first) >= USED[panel] - {"numerical"}
            if panel != 9:
                # it may have been drawn before and after it has got its size
                assert max(first[name] for name in USED[panel] - {"numerical"}) <= 2
            for frame in range(50):
                lab.inside.draw(lab.session, lab.moment, frame)
            begun = lab._frames
            await until(pilot, lambda n=begun: lab._frames > n + 2, "two frames")
            assert calls == first


async def test_another_run_is_not_drawn_with_weights_of_the_one_before() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        old = lab.session.last
        lab.form.set("network.hidden", (5, 4))
        await press(pilot, "n", "r")
        # as where the thread is done between a look at its report and the drawing of a frame
        await until(
            pilot,
            lambda: lab.session.runner.experiment.trainer.network.sizes == (2, 5, 4, 1),
            "the other network",
        )
        for panel in PANELS.values():
            lab.dashboard.enlarge(panel)
            lab.inside.draw(lab.session, old, 0)
        await ready(pilot)


# what they ask for


async def test_the_example_of_the_equations_is_changed_by_keys_and_by_number() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        panel, X = lab.dashboard.equations, lab.session.experiment.split.train.X
        await press(pilot, "b")

        async def walks(example: int) -> None:
            await until(pilot, lambda: panel._facts.example == example, f"example {example + 1}")
            assert panel._record.x.tolist() == X[example].tolist()
            assert f"example {example + 1} of 80" in text_of(lab, 11)

        await walks(0)
        await press(pilot, "j", "j")
        await walks(2)
        await press(pilot, "k")
        await walks(1)
        await answered_with(pilot, "w", "42")
        await walks(41)
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
        pilot.app.screen.query_one(Input).value = "81"
        await press(pilot, "enter")
        assert "must be a whole number, 1 … 80, got 81" in shown_text(pilot)
        await press(pilot, "escape")
        await walks(41)


async def answered_with(pilot: Pilot[None], key: str, text: str) -> None:
    """A key asks a question; answer it."""
    lab = pilot.app.screen
    await press(pilot, key)
    await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")
    await until(pilot, lambda: pilot.app.screen is lab, "the lab again")


async def test_l_opens_the_example_in_the_equations() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "v")
        await until(pilot, lambda: lab.dashboard.examples.example is not None, "an example")
        await press(pilot, "j", "j", "l")
        assert shown(lab) == [11]
        panel, example = lab.dashboard.equations, lab.dashboard.examples.example
        validation = lab.session.experiment.split.validation
        await until(pilot, lambda: panel._record is not None, "the equations")
        assert panel._record.x.tolist() == validation.X[example].tolist()
        assert "not trained on" in text_of(lab, 11)
        # the number that is written is that of a training example
        await answered_with(pilot, "w", "1")
        train = lab.session.experiment.split.train
        await until(pilot, lambda: panel._record.x.tolist() == train.X[0].tolist(), "the first")
    async with app_of(SEARCH).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "v")
        await until(pilot, lambda: lab.dashboard.examples.example is not None, "an example")
        await press(pilot, "l")
        assert shown(lab) == [12]
        assert "no δ without backpropagation" in said(pilot)


async def test_a_weight_is_written_and_nudged() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        await press(pilot, "n", "up", "down", "o")
        assert lab.dashboard.network.selected == (1, 1, 1)
        before = lab.session.last.theta.copy()
        await answered_with(pilot, "w", "0.25")
        await until(pilot, lambda: lab.session.history.marks, "the mark")
        await until(pilot, lambda: (lab.session.last.theta != before).any(), "the weight")
        place = 1 * 3 + 1
        (moved,) = np.flatnonzero(lab.session.last.theta != before)
        assert (moved, lab.session.last.theta[moved]) == (place, 0.25)
        assert lab.session.history.marks[-1].text == f"w¹₂₂ {significant(before[place])} → 0.250"
        assert said(pilot) == f"{lab.session.history.marks[-1].text}: space goes on from it."
        await until(pilot, lambda: "w¹₂₂ = 0.250 " in text_of(lab, 10), "the new value")
        written = lab.session.last.theta.copy()
        await press(pilot, "shift+up")
        await until(pilot, lambda: (lab.session.last.theta != written).any(), "the weight")
        (moved,) = np.flatnonzero(lab.session.last.theta != written)
        assert moved == place
        assert lab.session.last.theta[moved] > 0.25
        assert len(lab.session.history.marks) == 2
        # training goes on from there
        edited = lab.session.last.theta.copy()
        await stepped(pilot, lab, 1)
        assert 0 < np.abs(lab.session.last.theta - edited).max() < 0.5
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
        pilot.app.screen.query_one(Input).value = "inf"
        await press(pilot, "enter")
        assert "must be a finite number" in shown_text(pilot)


async def test_no_weight_is_changed_in_the_past_nor_of_a_search() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        # what is the past then has been drawn as the present
        await press(pilot, "n")
        await until(pilot, lambda: _drawn(lab, 10), "the network")
        assert lab.dashboard.network.editable
        await press(pilot, "n")
        here = lab.session.last.update
        await stepped(pilot, lab, 2)
        await look_back(pilot, lab, here)
        await _refuses_to_edit(pilot, lab)
        assert said(pilot) == "The past cannot be changed: f forks from here, then w writes."
    async with app_of(SEARCH).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)
        await _refuses_to_edit(pilot, lab)
        assert said(pilot).startswith("A search proposes its own weights")


async def _refuses_to_edit(pilot: Pilot[None], lab: Lab) -> None:
    theta, marks = lab.session.last.theta, len(lab.session.history.marks)
    await press(pilot, "n")
    await until(pilot, lambda: _drawn(lab, 10), "the network")
    await press(pilot, "up", "down")
    assert "w" not in keys_shown(pilot)
    await press(pilot, "shift+up", "w")
    assert pilot.app.screen is lab
    begun = lab._frames
    await until(pilot, lambda: lab._frames > begun + 2, "two frames")
    assert lab.session.last.theta is theta
    assert len(lab.session.history.marks) == marks


# settings by one key


async def test_c_i_and_a_set_the_fields_of_the_form() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await paused(pilot)

        def config() -> Any:
            return lab.form.config

        await press(pilot, "c")
        assert config().training.cost == "cross-entropy"
        assert said(pilot).startswith("cost quadratic → cross-entropy")
        assert "cross-entropy" in shown_text(pilot)
        await press(pilot, "c")
        assert config().training.cost == "quadratic"
        inits = []
        for _ in range(3):
            await press(pilot, "i")
            inits.append(config().network.init)
        assert inits[0] == "large"
        assert len(set(inits)) == 3
        assert "given" not in inits
        assert lab.session.status == "paused"
        alphas = [config().regularisation.alpha]
        for _ in range(3):
            await press(pilot, "A")
            alphas.append(config().regularisation.alpha)
        assert alphas == [0.5, 1.0, 2.0, 5.0]
        for _ in range(10):
            await press(pilot, "a")
            alphas.append(config().regularisation.alpha)
            # although cost and init differ from those of the run
            if alphas[-1] == 0 < alphas[-2]:
                assert said(pilot).startswith("α 0.0100 → 0")
        assert alphas[4:] == [2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.0, 0.0]
        await until(pilot, lambda: lab.session.experiment.trainer.alpha == 0, "α of the run")


def test_alpha_between_two_steps_goes_to_the_next() -> None:
    assert [next_alpha(0.3, by) for by in (1, -1)] == [0.5, 0.2]
    assert [next_alpha(0.0, by) for by in (1, -1)] == [0.01, 0.0]
    assert [next_alpha(1e9, by) for by in (1, -1)] == [1e9, 5e6]


@pytest.mark.parametrize(
    ("output", "cost", "word"),
    [("softmax", "cross-entropy", "softmax"), ("tanh", "quadratic", "tanh")],
)
async def test_c_tells_why_there_is_no_other_cost(output: str, cost: str, word: str) -> None:
    raw = LONG | {
        "data": {"set": "iris"},
        "network": {"hidden": [3], "output": output},
        "training": {"cost": cost},
    }
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "c")
        assert lab.form.config.training.cost == cost
        assert word in said(pilot)
        assert "quadratic" in said(pilot)
        assert "`" not in said(pilot)
        await state(pilot, "ready")
