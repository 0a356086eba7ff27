"""The views of the inside at moments of before a fork: what was followed there is shown."""

from typing import Any

import numpy as np
import pytest
from app_driver import app_of, press, ready, state, until
from inside_driver import SMALL, Plain, look_back, stepped
from textual.pilot import Pilot

from engine.snapshot import Snapshot
from tuinn.screens.lab import Lab

BEFORE, AFTER = 3, 2
"""Updates of the parent and of its fork."""


async def forked(pilot: Pilot[None], path: str, value: Any) -> Lab:
    """A paused run of some updates that went on with another setting for some more."""
    lab = await ready(pilot)
    await stepped(pilot, lab, BEFORE)
    lab.form.set(path, value)
    await until(pilot, lambda: lab.session.pending == [path], "the setting")
    lab.action_fork()
    await until(pilot, lambda: lab.session.experiment.config == lab.form.config, "the fork")
    await state(pilot, "paused")
    await stepped(pilot, lab, AFTER)
    return lab


def moments(lab: Lab) -> list[Snapshot]:
    found = [moment.snapshot for moment in lab.session.runner.rewind.moments]
    assert [moment.update for moment in found] == list(range(BEFORE + AFTER + 1))
    return found


async def looked_at(pilot: Pilot[None], lab: Lab, panel: int, moment: Snapshot) -> None:
    lab.dashboard.enlarge(panel)
    await until(pilot, lambda: lab.dashboard.panels[panel].size.width > 0, "the panel")
    lab.inside._drawn.clear()
    lab.inside.draw(lab.session, moment, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("sgd", "momentum"), ("nesterov", "sgd"), ("adam", "lbfgs"), ("genetic", "adam")],
)
async def test_the_step_is_that_of_the_method_of_then(one: str, other: str) -> None:
    raw = SMALL | {"optimizer": {"name": one}, "training": {"batch_size": 1, "cost": "quadratic"}}
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await forked(pilot, "optimizer.name", other)
        panel = lab.dashboard.equations
        kept = moments(lab)
        for number, moment in enumerate(kept):
            # from its first moment on it is the fork
            method = one if number < BEFORE and one != "genetic" else other
            # the example that the next update took
            arrays = lab.session.runner.rewind.moments[min(number + 1, len(kept) - 1)].arrays
            begun = BEFORE if one == "genetic" else 0
            panel.example = int(arrays["order"][number - begun])
            await looked_at(pilot, lab, 11, moment)
            record = panel._record
            assert record.method == method
            W, b = Plain(lab, moment.theta).W, Plain(lab, moment.theta).b
            for layer, W_l, b_l in zip(record.layers, W, b, strict=True):
                assert np.array_equal(layer.W_before, W_l)
                assert np.array_equal(layer.b_before, b_l)
            if method in ("lbfgs", "genetic") or (one == "genetic" and number < BEFORE):
                continue
            if number + 1 < len(kept):
                after = Plain(lab, kept[number + 1].theta)
                for layer, W_l, b_l in zip(record.layers, after.W, after.b, strict=True):
                    assert np.allclose(layer.W_after, W_l, rtol=1e-9, atol=1e-12)
                    assert np.allclose(layer.b_after, b_l, rtol=1e-9, atol=1e-12)


async def test_the_gradient_is_that_of_the_cost_of_then() -> None:
    async with app_of(SMALL).run_test(size=(120, 40)) as pilot:
        lab = await forked(pilot, "training.cost", "cross-entropy")
        x, y = lab.session.experiment.trainer.probe
        for number, moment in enumerate(moments(lab)):
            plain = Plain(lab, moment.theta)
            plain.quadratic = number < BEFORE
            a, _, delta, _ = plain.passes(x.T, y.T)
            slopes = [d @ before.T / x.shape[1] for d, before in zip(delta, a, strict=False)]
            await looked_at(pilot, lab, 10, moment)
            network = lab.session.experiment.trainer.network
            drawn = network.W(lab.dashboard.network._facts.gradient)
            await looked_at(pilot, lab, 9, moment)
            lab.inside._strip.update((), "gradient", shown=moment)
            for l, slope in enumerate(slopes):
                assert np.allclose(drawn[l], slope)
                spread = lab.inside._strip.spreads[l]
                assert np.isclose(spread.least, slope.min())
                assert np.isclose(spread.greatest, slope.max())
            await looked_at(pilot, lab, 11, moment)
            record = lab.dashboard.equations._record
            assert record.cost.name == ("quadratic" if number < BEFORE else "cross-entropy")


async def test_a_fork_of_a_search_shows_what_was_before_it() -> None:
    async with app_of(SMALL | {"optimizer": {"name": "genetic"}}).run_test(size=(120, 40)) as pilot:
        lab = await forked(pilot, "optimizer.name", "sgd")
        for panel in sorted(lab.dashboard.offered):
            for moment in moments(lab):
                await looked_at(pilot, lab, panel, moment)
        await press(pilot, "1")
        await look_back(pilot, lab, 1)
        assert lab.is_running
