"""What the Race screen says, of races that are really run, here without a screen."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from race_driver import in_a_thread, preset, several

from tuinn.config import parse
from tuinn.experiment import build
from tuinn.race import Race
from tuinn.screens.race_curves import FIGURES, name_of, offered, planned, small_charts, smalls
from tuinn.screens.race_entry import entry
from tuinn.screens.race_layout import Page, pages, table_width, top_height
from tuinn.screens.race_sentences import (
    news,
    nobody_wins,
    over,
    same,
    same_weights,
    sentence,
    verdict,
)
from tuinn.screens.race_states import far
from tuinn.store import Keeper, Store

LINEAR = {
    "data": {"set": "plane", "n": 100},
    "network": {"hidden": [8], "activation": "relu", "output": "identity"},
    "training": {"cost": "quadratic", "batch_size": 5},
}


def race_of(*presets: object, **options: object) -> Race:
    return Race(presets, keep=False, make=in_a_thread, **options)


def until(race: Race, holds: Callable[[], object]) -> Race:
    tick = threading.Event()
    for _ in range(6000):
        race.poll()
        if holds():
            return race
        tick.wait(0.005)
    raise AssertionError([(racer.name, racer.status, racer.failure) for racer in race.racers])


def ready(race: Race) -> Race:
    return until(race, lambda: race.status == "ready")


def ran(race: Race) -> Race:
    ready(race).start()
    return until(race, lambda: race.status in ("finished", "failed"))


@pytest.fixture
def racing():
    made = []

    def make(race: Race) -> Race:
        made.append(race)
        return race

    yield make
    for race in made:
        race.close()


def test_nothing_is_raced() -> None:
    # the middle of the screen says the rest
    assert sentence(None, None, None).text == "p picks the presets to race."


def test_before_the_start_it_says_what_they_share_and_what_differs(racing) -> None:
    race = ready(racing(several(2)))
    text = sentence(race, None, None).text
    assert text.startswith(
        "Press space to start both, from the same seed 0 and the same first weights."
    )
    assert "They differ in mini-batch." in text
    assert sentence(race, None, 1).text.endswith("You say that second will win.")
    wide = racing(race_of(preset("a"), preset("b", {"network": {"hidden": [9]}}), seed=5))
    assert same(ready(wide)) == "same seed 5"
    assert not same_weights(wide)
    assert same(racing(several(2, repeat=3))) == "same seeds 0–2, same first weights"


@pytest.mark.parametrize("built", [False, True])
def test_first_weights_are_the_same_only_where_every_number_is(racing, built) -> None:
    def of(**groups: dict[str, object]) -> bool:
        data = {"set": "circle", "n": 60, "validation": 0.0} | groups.pop("data", {})
        network = {"hidden": [4]} | groups.pop("network", {})
        other = preset("b", {"data": data, "network": network, **groups})
        race = racing(race_of(preset("a"), other))
        return same_weights(ready(race) if built else race)

    assert of(training={"batch_size": 7})
    assert of(network={"activation": "tanh"})
    assert of(data={"n": 40})
    assert not of(data={"degree": 3})
    assert not of(data={"features": ["x1"]})
    assert not of(training={"dtype": "float32"})
    assert not of(network={"init": "large"})


def test_of_kept_runs_one_has_won_only_where_none_was_left(tmp_path, racing) -> None:
    keeper = Keeper(tmp_path)
    for seed, status in enumerate(("finished", "finished", "stopped")):
        experiment = build(parse({**LINEAR, "seed": seed, "optimizer": {"eta": 0.01}}))
        run = keeper.keep(experiment, name="plane")
        experiment.trainer.run(40)
        run.snapshot(experiment.trainer, experiment.trainer.snapshot())
        run.status(experiment.trainer, status)
    keeper.close()
    with closing(Store(tmp_path)) as store:
        runs = sorted(store.runs(), key=lambda run: run.id)
        done, left = (racing(Race.of_stored(store, some)) for some in (runs[:2], runs[1:]))
        assert " has won: best validation loss" in sentence(done, None, None).text
        assert " leads: best validation loss" in sentence(left, None, None).text
        # the charts call the accuracies what the table calls them
        assert name_of(FIGURES[1], done) == "validation R²"
        assert smalls(done, done.racers[0], "epoch")[1].title == "R²"


def test_at_the_end_it_says_who_won_and_whether_that_was_said(racing) -> None:
    race = ready(racing(several(2)))
    before = news(race)
    ran(race)
    assert news(race) != before
    losses = [racer.result.best_loss.median for racer in race.racers]
    best = losses.index(min(losses))
    name, other = race.racers[best].name, race.racers[1 - best].name
    text = sentence(race, None, best).text
    assert text.startswith(f"{name} has won: best training loss ")
    assert f", then {other} " in text
    assert verdict(race, best) == f"You said {name}: right."
    assert verdict(race, 1 - best) == f"You said {other}: it came in 2nd."
    assert verdict(race, None) == ""
    assert over(race, None) == "All have ended: r begins anew."
    assert over(race, 0) == "first has finished at epoch 4.00: r begins it anew; esc: all."
    assert {far(racer).word for racer in race.racers} == {"done"}
    race.reset(0)
    assert over(race, None) == over(race, 0) == ""


def neuron(cost: str, eta: float) -> dict[str, object]:
    """One neuron that learns one example."""
    return {
        "data": {"set": "one-neuron", "validation": 0.0, "shuffle": False},
        "network": {"hidden": []},
        "training": {"cost": cost, "batch_size": "full"},
        "optimizer": {"eta": eta},
        "stop": {"epochs": 3},
    }


def test_a_single_example_names_no_winner(racing) -> None:
    race = racing(
        race_of(
            preset("square", neuron("quadratic", 5.0)),
            preset("entropy", neuron("cross-entropy", 0.005)),
        )
    )
    why = "losses of different costs and accuracies on a single example are not compared"
    assert nobody_wins(ready(race)) == why
    assert "who" not in sentence(race, None, None).text
    assert sentence(race, None, None).text.endswith(f"L{why[1:]}.")
    ran(race)
    text = sentence(race, None, None).text
    assert text == f"No run has won. L{why[1:]}. See how each loss falls over the epochs."
    assert verdict(race, 1) == "You said entropy: nobody has won."
    # by the same cost the loss decides, on one example as on many
    alike = racing(race_of(*(preset(str(eta), neuron("quadratic", eta)) for eta in (0.1, 5.0))))
    ran(alike)
    assert not nobody_wins(alike)
    assert sentence(alike, None, None).text.startswith("5.0 has won: best training loss")


def test_different_data_name_no_winner_in_one_sentence(racing) -> None:
    other = preset("moons", {"data": {"set": "moons", "n": 60, "validation": 0.0}})
    race = ready(racing(race_of(preset("circle"), other)))
    why = "losses and accuracies on different sets of data are not compared"
    assert nobody_wins(race) == why
    assert nobody_wins(ready(racing(several(1)))) == "there is one run only"
    assert "u:" not in sentence(racing(several(1)), None, None).text


def test_where_more_than_the_cost_differs_the_best_accuracy_is_ahead_and_has_not_won(
    racing,
) -> None:
    alone = preset("square", cost="quadratic"), preset("entropy", cost="cross-entropy")
    text = sentence(ran(racing(race_of(*alone))), None, None).text
    assert " ahead" not in text
    rate = preset("slow", {"optimizer": {"eta": 1e-4}}, cost="quadratic")
    mixed = ran(racing(race_of(rate, alone[1])))
    text = sentence(mixed, None, None).text
    assert "Losses of different costs are not compared." in text
    if "alike" not in text:
        assert " comes out ahead: best training accuracy " in text
        assert text.endswith("See how each loss falls over the epochs.")


def test_of_several_seeds_the_one_in_the_middle_is_opened(racing) -> None:
    race = racing(several(2, repeat=3))
    assert entry(race, race.racers[0]) == (race.racers[0].lanes[0], "seed 0")
    ran(race)
    for racer in race.racers:
        lane, which = entry(race, racer)
        losses = sorted(one.outcome.best_loss for one in racer.lanes)
        assert lane.outcome.best_loss == losses[1]
        assert which == f"seed {lane.seed}, in the middle of 3 by best training loss"
    single = racing(several(2))
    assert entry(single, single.racers[1]) == (single.racers[1].lanes[0], "")


def test_runs_that_are_the_same_stand_alike(racing) -> None:
    race = ready(racing(race_of(preset("one"), preset("other"))))
    race.step()
    until(race, lambda: [racer.report.update for racer in race.racers] == [1, 1])
    assert "Paused; space goes on. All stand alike: best training loss " in (
        sentence(race, None, None).text
    )
    assert verdict(race, 0) == "You said one: it shares the first place."


def test_a_run_that_diverges_and_one_that_cannot_be_built(racing) -> None:
    calm, wild = ({"optimizer": {"eta": eta}} for eta in (0.01, 50.0))
    gone = racing(race_of(preset("calm", LINEAR | calm), preset("wild", LINEAR | wild)))
    ran(gone)
    assert gone.racers[1].status == "diverged"
    assert sentence(gone, None, None).text.startswith("calm has won")
    assert far(gone.racers[1]).share < 1
    lost = {"data": {"set": "/nowhere/lost.csv"}}
    race = racing(race_of(preset("calm"), preset("lost", lost)))
    until(race, lambda: race.racers[1].failure)
    said = sentence(race, None, None)
    assert said.level == "error"
    assert said.text.startswith("lost has failed: ")
    assert "lost.csv" in said.text


def test_figures_are_those_that_any_of_the_runs_has(racing) -> None:
    validated = {"data": {"set": "circle", "n": 60, "validation": 0.25}}
    race = ready(racing(race_of(preset("plain"), preset("split", validated))))
    names = [name_of(figure, race) for figure in offered(race)]
    assert names[0] == "loss (validation, else training)"
    assert "training loss" in names
    assert len(names) == len(FIGURES)
    assert planned(race, "epoch") == (0.0, 4.0)
    assert planned(race, "seconds") is None
    presets = [preset(name, {"optimizer": {"name": name}}) for name in SEARCHES]
    searching = ready(racing(race_of(*presets)))
    names = [name_of(figure, searching) for figure in offered(searching)]
    assert names == ["training loss", "training accuracy"]


SEARCHES = ("genetic", "swarm", "annealing")


@pytest.mark.parametrize(
    ("methods", "charts"),
    [(("sgd", "adam"), 4), (("sgd", "genetic"), 4), (("sgd", *SEARCHES), 3), (SEARCHES, 4)],
)
def test_all_columns_show_the_same_small_charts(racing, methods, charts) -> None:
    race = racing(race_of(*(preset(name, {"optimizer": {"name": name}}) for name in methods)))
    ready(race)
    shown = [smalls(race, racer, "update") for racer in race.racers]
    assert {len(each) for each in shown} == {charts} == {small_charts(race)}
    assert all(len({small.log for small in each}) == 1 for each in zip(*shown, strict=True))


def test_pages() -> None:
    some = {"columns": 2, "fits": 3, "smalls": 4}
    assert pages(narrow=False, overlaid=True, **some) == [Page("top")]
    assert pages(narrow=True, overlaid=True, **some) == [Page("chart"), Page("table")]
    narrow = pages(narrow=True, overlaid=False, **some)
    assert [page.kind for page in narrow] == ["chart", "table", *["columns"] * 4]
    # the last small charts fill their page
    assert [(page.columns, page.smalls) for page in narrow[2:]] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert pages(narrow=False, overlaid=False, columns=1, fits=4, smalls=4) == [Page("all")]
    assert 38 <= table_width(100, 2) <= table_width(200, 6) <= 90
    assert 38 <= table_width(100, 6) <= 52
    assert table_width(120, 6) == 62
    assert 12 <= top_height(27, 30, 4) <= 13
    # what the columns leave is for the table, as far as it needs that
    assert top_height(45, 30, 4) == 25
    assert top_height(45, 30, 3) == 29
    assert top_height(45, 16, 3) == 16
