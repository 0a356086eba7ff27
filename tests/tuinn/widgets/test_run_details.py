"""The details of a run: every figure says what it is, what differs is told in words."""

from __future__ import annotations

import math
from typing import Any

import pytest
from runs_driver import run
from textual.app import App, ComposeResult

from tuinn.config import changed
from tuinn.store.run import StoredRun
from tuinn.widgets.run_details import RunDetails
from tuinn.widgets.run_words import apart, heading, made_by, network, origin, results, settings


def test_results_say_of_which_set_they_are() -> None:
    with_validation = dict(results(run(1, validation_loss=0.2, best_loss=0.15)))
    assert with_validation["loss"] == "0.200 validation, 0.100 train"
    assert with_validation["best"].endswith("validation")
    alone = dict(results(run(1, validation_loss=None, validation_accuracy=None)))
    assert alone["loss"] == "0.100 train"
    assert alone["best"].endswith("train")
    assert alone["done"] == "30 epochs, 300 updates"
    assert alone["time"] == "2.50 s, 120 upd/s"
    assert "–" in dict(results(run(1, train_loss=math.nan)))["loss"]
    assert "upd/s" not in dict(results(run(1, seconds=0.0)))["done"]


def test_settings_in_short() -> None:
    one = run(1, {"network": {"hidden": [30, 10], "activation": "tanh"}, "seed": 7})
    told = dict(settings(one))
    assert told["network"] == "30 tanh · 10 tanh · output sigmoid"
    assert told["trained"] == "sgd η 0.5, mini-batch 10, cross-entropy"
    assert "now" not in told
    each = run(1, {"network": {"hidden": [3, 2], "activation": ["tanh", "relu"]}})
    assert network(each.config) == "3 tanh · 2 relu · output sigmoid"
    search = run(1, {"optimizer": {"name": "swarm"}})
    assert dict(settings(search))["trained"] == "swarm, cross-entropy"


def test_what_was_changed_in_flight_is_told() -> None:
    began = run(1, changed=True)
    later = run(1, {"optimizer": {"eta": 0.1}})
    one = began._replace(now_json=later.config_json)
    assert dict(settings(one))["now"] == "η 0.5 → 0.1"
    assert "by hand" in dict(settings(began))["now"]


def test_what_differs_from_another_run_and_from_the_defaults() -> None:
    one, other = run(1), run(2, {"optimizer": {"name": "adam"}, "network": {"hidden": [30]}})
    ((word, said),) = apart(other, one)
    assert word == "from run 1"
    assert "hidden 8 → 30" in said
    assert "optimiser sgd → adam" in said
    assert apart(one, None) == [("from the defaults", "nothing that matters")]
    assert changed(one.config, "network.hidden", "30").network == other.config.network


def test_a_configuration_of_another_tuinn_is_told_and_harms_nothing() -> None:
    strange = run(1)._replace(config_json='{"network": {"hidden": [8], "warp": 9}}')
    assert "cannot be read" in dict(settings(strange))["config"]
    assert apart(strange, None) == []


def test_where_it_comes_from_and_where_it_was_made() -> None:
    one = run(5, parent=3, parent_update=1200, held=True, session="4711-1", status="training")
    told = dict(origin(one, [6, 7]))
    assert told["fork"] == "of run 3 at update 1 200"
    assert told["raced"] == "with runs 6, 7"
    assert told["held"] == "by process 4711"
    here = dict(made_by(one))
    assert here["made by"].startswith("tuinn 0.1, numpy 2.0, Python 3.11, X86_V4, 1 thread")
    assert "numpy (2.0 there" in here["here"]
    assert heading(run(1, status="diverged", reason="the loss is NaN")).startswith("✗ diverged: ")


class Details(App[None]):
    def __init__(self, runs: list[StoredRun], glyphs: Any) -> None:
        super().__init__()
        self._runs = runs
        self.details = RunDetails(glyphs=glyphs)

    def compose(self) -> ComposeResult:
        yield self.details

    def on_mount(self) -> None:
        for one in self._runs:
            self.details.show(one, None, [])


@pytest.mark.parametrize("width", [30, 46, 90])
async def test_long_texts_hang_below_themselves(width: int) -> None:
    note = "what was seen " * 12
    app = Details([run(1), run(2, note=note, tags=("a", "b"))], "ascii")
    async with app.run_test(size=(width, 60)):
        text = app.details._text
        lines = [line.plain for line in text._lines(text.size.width)]
        assert all(len(line) <= text.size.width for line in lines)
        start = next(n for n, line in enumerate(lines) if line.startswith("note"))
        assert lines[start + 1].startswith(" " * 10 + "w") or lines[start + 1].startswith(" " * 10)
        said = " ".join(" ".join(line[10:] for line in lines[start:]).split())
        assert said.startswith(note.strip())
        assert app.details._scroll.border_title == "run 2"
