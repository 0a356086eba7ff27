"""From the histories of a race to the curves of its charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tuinn.band import band
from tuinn.ghost import VALUE, Ghost
from tuinn.history import History
from tuinn.race import Lane, Race, Racer
from tuinn.widgets import race_look
from tuinn.widgets.look import layer_ink, layer_marker
from tuinn.widgets.race_column import Small
from tuinn.widgets.raster import Floats, LineStyle
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import Series

Read = Callable[[History], Floats]


@dataclass(frozen=True, slots=True)
class Figure:
    """What the large chart can show, a curve for each run."""

    name: str
    """Of the column of a ghost that can be laid behind it."""
    read: Read
    log: bool = False
    """Whether y is logarithmic at first."""
    y_range: Limits | None = None


def _column(name: str) -> Read:
    return lambda history: history.column(name)


def _judged(name: str) -> Read:
    """On the validation set, in training where there is none."""

    def read(history: History) -> Floats:
        found = history.column(f"validation_{name}")
        return found if np.isfinite(found).any() else history.column(f"train_{name}")

    return read


def _first_delta(history: History) -> Floats:
    if not history.layers:
        return np.full(len(history), np.nan)
    return history.layer_column(1, "delta")


def _weights(history: History) -> Floats:
    """√ Σ_l ‖W^l‖²."""
    if not history.layers:
        return np.full(len(history), np.nan)
    norms = [history.layer_column(layer, "weight_norm") for layer in _layers(history)]
    return np.sqrt(sum((norm**2 for norm in norms), np.zeros(len(history))))


FIGURES = (
    Figure("validation_loss", _judged("loss")),
    Figure("validation_accuracy", _judged("accuracy"), y_range=(0.0, 1.0)),
    Figure("train_loss", _column("train_loss")),
    Figure("train_accuracy", _column("train_accuracy"), y_range=(0.0, 1.0)),
    Figure("delta", _first_delta, log=True),
    Figure("weights", _weights),
)


def offered(race: Race) -> list[Figure]:
    """The figures that any of these runs has, and that are not the same as another one."""
    validates = any(racer.lanes[0].validated for racer in race.racers)
    follows = any(not searches(racer) for racer in race.racers)
    return [
        figure
        for figure in FIGURES
        if (validates or not figure.name.startswith("train_"))
        and (follows or figure.name not in ("delta", "weights"))
    ]


def name_of(figure: Figure, race: Race) -> str:
    match figure.name:
        case "delta":
            return "‖δ‖ of the first layer"
        case "weights":
            return "‖W‖ of all layers"
    part, _, what = figure.name.partition("_")
    if what == "accuracy":
        measured = {racer.lanes[0].regression for racer in race.racers}
        what = "R²" if measured == {True} else "accuracy, R²" if True in measured else what
    if part == "train":
        return f"training {what}"
    having = {racer.lanes[0].validated for racer in race.racers}
    if having == {True, False}:
        return f"{what} (validation, else training)"
    return f"{'validation' if having == {True} else 'training'} {what}"


def axis_label(race: Race, axis: str) -> str:
    """What the border of a chart calls its x axis."""
    words = {lane.facts.epoch_word for lane in _lanes(race) if lane.facts}
    match axis:
        case "epoch":
            return " or ".join(f"{word}s" for word in sorted(words or {"epoch"}))
        case "update":
            return "updates"
        case "seconds":
            return "seconds of training"
    return "evaluations (one gradient is one)"


def planned(race: Race, axis: str) -> Limits | None:
    """The extent of x that the longest run is to have; None where that is not known."""
    known = [lane.facts for lane in _lanes(race) if lane.facts]
    match axis:
        case "epoch":
            ends = [facts.planned_epochs for facts in known]
        case "update":
            ends = [facts.planned_updates for facts in known]
        case _:
            return None
    return (0.0, float(max(ends))) if ends and max(ends) > 0 else None


def searches(racer: Racer) -> bool:
    """It knows no gradient."""
    facts = next((lane.facts for lane in racer.lanes if lane.facts), None)
    if facts is not None:
        return facts.searches
    begun = [lane.history for lane in racer.lanes if len(lane.history)]
    return bool(begun) and not begun[0].layers


def _lanes(race: Race) -> list[Lane]:
    return [lane for racer in race.racers for lane in racer.lanes]


# curves


def _layers(history: History) -> range:
    return range(1, history.layers + 1)


def curve(
    lanes: Sequence[Lane],
    read: Read,
    axis: str,
    name: str,
    ink: str,
    style: LineStyle = "solid",
    marker: str = "",
    *,
    banded: bool = True,
) -> Series:
    """The curve of a run; of several seeds the median, with a band from the least to the most."""
    begun = [lane.history for lane in lanes if len(lane.history)]
    if len(lanes) == 1 or not begun:
        one = begun[0] if begun else History()
        x, y = np.array(one.x(axis)), np.array(read(one))
        return Series(name, x, y, style, ink, marker)
    curves = [(np.array(one.x(axis)), np.array(read(one))) for one in begun]
    found = band(curves)
    # where too few of them go on there is no median: its last value is the one before
    ends = sorted((x[-1] for x, _ in curves), reverse=True)
    there = found.x <= ends[(len(ends) + 1) // 2 - 1]
    low, high = (found.low[there], found.high[there]) if banded else (None, None)
    x, y = found.x[there], found.median[there]
    return Series(name, x, y, style, ink, marker, low=low, high=high)


def large(race: Race, figure: Figure, axis: str, order: Sequence[int]) -> list[Series]:
    """The curves of all runs, for one chart."""
    return [
        curve(
            race.racers[place].lanes,
            figure.read,
            axis,
            race.racers[place].name,
            race_look.ink(place),
            race_look.style(place),
            race_look.marker(place),
        )
        for place in order
    ]


def behind(ghosts: Sequence[tuple[Ghost, str]], figure: Figure, axis: str) -> list[Series]:
    """The published curves that belong to this figure; each comes with the one it was laid to."""
    if axis != "epoch":
        return []
    found = []
    for ghost, laid in ghosts:
        name = VALUE if VALUE in ghost.curves and laid == figure.name else figure.name
        if name in ghost.curves:
            x, y = ghost.curves[name]
            found.append(Series(ghost.name, x, y, "dotted", "ghost", ghost=True))
    return found


def smalls(race: Race, racer: Racer, axis: str) -> tuple[Small, ...]:
    """The small charts of a run; those of all runs of a race show the same figures."""
    lanes = racer.lanes
    accuracy = "R²" if racer.lanes[0].regression else "accuracy"
    found = [
        _both(lanes, "loss", axis, "loss", None, validates=racer.lanes[0].validated),
        _both(lanes, "accuracy", axis, accuracy, (0.0, 1.0), validates=racer.lanes[0].validated),
    ]
    follow = [one for one in race.racers if not searches(one)]
    if not follow:
        return (*found, *_of_search(lanes, axis))
    if 2 * len(follow) < len(race.racers):
        # what only a few of them have would be empty in most of the columns
        cost = _of_search if searches(racer) else _of_descent
        return (*found, cost(lanes, axis)[0])
    if searches(racer):
        return (
            *found,
            Small("no ‖δ‖: it knows no gradient", (), log=True, short="no ‖δ‖"),
            Small("no ‖W‖", ()),
        )
    return (
        *found,
        _by_layer(lanes, "delta", axis, "‖δ‖", log=True),
        _by_layer(lanes, "weight_norm", axis, "‖W‖"),
    )


def small_charts(race: Race | None) -> int:
    """How many small charts `smalls` gives for each run."""
    if race is None:
        return 0
    follow = sum(not searches(racer) for racer in race.racers)
    return 3 if 0 < 2 * follow < len(race.racers) else 4


def _both(
    lanes: Sequence[Lane],
    figure: str,
    axis: str,
    title: str,
    y_range: Limits | None,
    *,
    validates: bool,
) -> Small:
    """On both parts of the data; the band is that of the part that counts."""
    series = [
        curve(lanes, _column(f"train_{figure}"), axis, "train", "train", banded=not validates)
    ]
    if validates:
        validation = _column(f"validation_{figure}")
        series.append(curve(lanes, validation, axis, "valid.", "validation", "dashed", "◇"))
    return Small(title, tuple(series), y_range=y_range, short="acc." if title == "accuracy" else "")


def _by_layer(
    lanes: Sequence[Lane], figure: str, axis: str, title: str, *, log: bool = False
) -> Small:
    layers = max((lane.history.layers for lane in lanes), default=0)
    series = [
        curve(
            [lane for lane in lanes if lane.history.layers >= layer],
            _layer_column(layer, figure),
            axis,
            f"l={layer}",
            layer_ink(layer),
            marker=layer_marker(layer),
            banded=False,
        )
        for layer in range(1, layers + 1)
    ]
    return Small(title, tuple(series), log)


def _layer_column(layer: int, figure: str) -> Read:
    return lambda history: history.layer_column(layer, figure)


def _of_search(lanes: Sequence[Lane], axis: str) -> tuple[Small, ...]:
    def read(figure: str) -> Read:
        return lambda history: history.search_column(figure)

    mean = curve(lanes, read("mean"), axis, "now", "series-2", "dashed", "◇", banded=False)
    best = curve(lanes, read("best"), axis, "best", "series-1", banded=False)
    spread = curve(lanes, read("spread"), axis, "±", "series-3", marker="■", banded=False)
    return (
        Small("cost", (best, mean), log=True),
        Small("spread of costs", (spread,), y_range=(0.0, 0.0), short="spread"),
    )


def _of_descent(lanes: Sequence[Lane], axis: str) -> tuple[Small, ...]:
    """Beside searches: the cost that it goes down, which is that of its one point."""
    cost = curve(lanes, _column("train_loss"), axis, "now", "series-2", "dashed", "◇", banded=False)
    return (Small("cost", (cost,), log=True),)
