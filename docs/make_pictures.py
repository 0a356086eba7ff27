"""Makes the pictures of the README and of the gallery with the app itself.

    python docs/make_pictures.py                all of them
    python docs/make_pictures.py waterfall n    those whose names begin so

What they show is fixed by the preset, its seed and the update at which the run is paused; the
seconds in the header go by the clock, and so do some of the moments that curves have in between,
the times in tables and when runs began. Runs are kept in a folder that is there only meanwhile.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from compact import compact
from textual.pilot import Pilot

from tuinn.app import TuinnApp
from tuinn.preset import find
from tuinn.screens.lab import Lab
from tuinn.screens.race import RaceScreen
from tuinn.screens.runs import RunsScreen

FOLDER = Path(__file__).parent
SIZES = ((120, 40), (200, 50))
STANDARD, LARGE = SIZES
SETTLED = 2.5
"""Seconds after which all panels are drawn, and the message line has told what is going on."""
DRAWN = 0.5
"""Seconds after which a key has had its effect on all panels."""
ROUNDS, LOOK = 9_000, 0.02
"""Looks at a run, and seconds between two, until it should have come where it is wanted."""
PARTS = 120
"""Into which a run is cut; more than the cells that a curve has at 120 × 40."""
FRAMES = 30
"""A second."""

Size = tuple[int, int]


@dataclass(frozen=True)
class View:
    """One picture of the lab at each of some sizes."""

    name: str
    """Of the files, in the gallery: their sizes are added."""
    keys: str = ""
    """What is pressed before, as the pilot names it, separated by blanks; ``right*20`` is 20 times.
    """
    sizes: tuple[Size, ...] = SIZES
    epoch: float | None = None
    """Where the cursor is set to after the keys, as by a click."""
    train: int = 0
    """Updates that are made after the keys."""


@dataclass(frozen=True)
class Scene:
    """A run and the views of it, which are taken one after the other."""

    preset: str
    update: int
    """At which the run is paused."""
    views: tuple[View, ...]
    coloured: bool = True


@dataclass(frozen=True)
class Raced:
    """A race to its end, and the views of it, which are taken one after the other."""

    presets: tuple[str, ...]
    views: tuple[View, ...]
    seeds: int = 1
    coloured: bool = True


SCENES = (
    Scene(
        "saturated-neuron-quadratic",
        120,
        (View("saturation-neuron", "5"),),
    ),
    Scene("digits-quadratic", 288, (View("saturation-digits", "5"),)),
    Scene("overfit-digits-decay", 2_000, (View("decay-digits", "6"),)),
    Scene("decay-wins", 20, (View("decay-wins", "6"),)),
    Scene(
        "circle",
        2_000,
        (
            View("lab-circle", sizes=(LARGE,)),
            View("surface", "7"),
            View("network-circle", "n right down*3"),
            View("equations-bp2", "b right*7"),
            View("equations-bp4", "right*3"),
        ),
    ),
    Scene("spiral", 12_000, (View("network-spiral", "n"),)),
    Scene(
        "digits",
        2_600,
        (
            View("lab-digits", sizes=(LARGE,)),
            View("histograms-weights", "9"),
            View("histograms-activations", "z z"),
            View("network-digits", "n right down*2 o*20"),
            View("equations-digits", "b right*7"),
            View("examples", "v"),
        ),
    ),
    Scene(
        "vanishing-deltas",
        5_000,
        (View("waterfall", "8", epoch=6), View("along-time", "enter")),
    ),
    Scene("deep-sigmoid-stuck", 2_000, (View("finding"),)),
    Scene(
        "digits-quadratic",
        1_440,
        (
            View("looking-back", epoch=3.5),
            View("fork", "c f", train=1_440),
        ),
    ),
    Scene("vanishing-deltas", 5_000, (View("waterfall-no-colour", "8", epoch=6),), coloured=False),
    Scene("circle", 2_000, (View("network-no-colour", "n right down*3"),), coloured=False),
)

THREE = ("batch", "mini-batch", "stochastic")
RACES = (
    Raced(
        THREE,
        (View("race", "left*12"), View("race-overlay", "0 o x x x y", sizes=(STANDARD,))),
    ),
    Raced(
        ("digits-sgd", "digits-momentum", "digits-adam"),
        (View("race-bands", "o y"),),
        seeds=5,
    ),
    Raced(THREE, (View("race-no-colour", "left*12", sizes=(STANDARD,)),), coloured=False),
)
KEPT = (
    *(("train", "--quiet", name) for name in THREE),
    *(("train", "--quiet", name) for name in ("circle", "overfit-digits", "xor-swarm")),
    ("runs", "tag", "3", "figure-2"),
    ("runs", "note", "3", "Shakes, but ends lowest."),
)
"""What is done, as by a person, before the list of runs is looked at."""
RUNS = View("runs", "down*4 space up*2")
COMPARED = ("compare", "2", "3", "--width", "78")
"""Its answer stands on the page as text."""

README = (
    Scene("digits-cross-entropy", 2_600, (View("../lab", sizes=(STANDARD,)),)),
    Scene("spiral", 60_000, (View("../surface", sizes=(LARGE,)),)),
)
"""Their files have no size in their names."""


async def scene(scene: Scene, views: Iterable[View]) -> None:
    """Make a run and the pictures of these of its views, with the keys of all of them."""
    show_colours(scene.coloured)
    app = TuinnApp(scene.preset, fps=FRAMES)
    async with app.run_test(size=STANDARD) as pilot:
        lab = app.screen
        assert isinstance(lab, Lab)
        await until(scene.preset, lambda: lab.session.status == "ready")
        # as fast as it can
        lab.session.change_speed(100)
        await train(lab, scene.update)
        await asyncio.sleep(SETTLED)
        for view in scene.views:
            await press(pilot, view.keys)
            if view.epoch is not None:
                lab.dashboard.chart.move_cursor(view.epoch, pinned=True)
            if view.train:
                await until(scene.preset, lambda: lab.session.status == "paused")
                await train(lab, lab.session.report.update + view.train)
            if view in views:
                await take(pilot, view)


async def take(pilot: Pilot[None], view: View) -> None:
    for width, height in view.sizes:
        await pilot.resize_terminal(width, height)
        await asyncio.sleep(SETTLED)
        file = f"{view.name}.svg" if len(view.sizes) == 1 else f"{view.name}-{width}x{height}.svg"
        save(pilot, FOLDER / "gallery" / file)
    await pilot.resize_terminal(*STANDARD)
    await asyncio.sleep(DRAWN)


def save(pilot: Pilot[None], file: Path) -> None:
    picture = compact(pilot.app.export_screenshot(title="tuinn"))
    file.resolve().write_text(picture, encoding="utf-8")
    print(f"{file.name}: {len(picture.encode()) / 1000:.0f} kB", flush=True)


async def train(lab: Lab, update: int) -> None:
    """Let the run go on to that update, or to its end, and show it."""
    begun = lab.session.report.update
    # the end of each part is kept and shown, so that the curves do not depend on the clock
    parts = min(PARTS, update - begun)
    for part in range(1, parts + 1):
        aim = begun + (update - begun) * part // parts
        lab.session.runner.step(aim - lab.session.report.update)
        await until(lab.preset.name, partial(reached, lab, aim))
        if over(lab):
            break


def reached(lab: Lab, update: int) -> bool:
    """Whether the run rests at that update or beyond it, or is over."""
    at_rest = lab.session.status != "training" and lab.session.report.update >= update
    return at_rest or over(lab)


def over(lab: Lab) -> bool:
    return lab.session.status in ("finished", "diverged")


async def until(what: str, holds: Callable[[], object]) -> None:
    for _ in range(ROUNDS):
        if holds():
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError(f"{what} does not come to where it is wanted")


async def press(pilot: Pilot[None], keys: str) -> None:
    for key in keys.split():
        name, _, times = key.partition("*")
        for _ in range(int(times or 1)):
            await pilot.press(name)
        # a panel understands its keys once it is drawn
        await asyncio.sleep(DRAWN)


async def race(raced: Raced, views: Iterable[View]) -> None:
    """Train all runs to their end, and make the pictures of these views."""
    show_colours(raced.coloured)
    presets = [find(name) for name in raced.presets]
    app = TuinnApp(presets[0], race=presets, repeat=raced.seeds, fps=FRAMES)
    async with app.run_test(size=STANDARD) as pilot:
        await until("the race", lambda: isinstance(app.screen, RaceScreen))
        screen = app.screen
        assert isinstance(screen, RaceScreen)
        await until("the race", lambda: screen.race and screen.race.status == "ready")
        await press(pilot, "space")
        await until("the race", lambda: screen.race and screen.race.status == "finished")
        for view in raced.views:
            await press(pilot, view.keys)
            if view in views:
                await take(pilot, view)


async def runs() -> None:
    """The list of runs that were kept, with the details of one."""
    show_colours(True)
    for words in KEPT:
        tuinn(words)
    print(tuinn(COMPARED))
    app = TuinnApp("circle", fps=FRAMES)
    async with app.run_test(size=STANDARD) as pilot:
        await asyncio.sleep(DRAWN)
        app.places.go("Runs")
        await until("the list", lambda: isinstance(app.screen, RunsScreen) and app.screen.shelf.all)
        await press(pilot, RUNS.keys)
        await take(pilot, RUNS)


def tuinn(words: Iterable[str]) -> str:
    """What the program answers to these words on its command line."""
    command = [sys.executable, "-m", "tuinn", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def show_colours(coloured: bool) -> None:
    os.environ.pop("NO_COLOR", None)
    if not coloured:
        os.environ["NO_COLOR"] = "1"


async def walks(name: str, size: Size, steps: int) -> None:
    """The Surface screen with its first preset, and a swarm beside."""
    app = TuinnApp("circle")
    async with app.run_test(size=size) as pilot:
        await pilot.press("g")
        # three above the first, round the end of the list, is the swarm; then back to the first
        await pilot.press(*"kkkajjj")
        for _ in range(steps):
            await pilot.press("s")
        save(pilot, FOLDER / name)


def main(wanted: list[str]) -> None:
    """Make the pictures whose names begin with one of these; all of them where there is none."""

    def chosen(name: str) -> bool:
        return not wanted or name.removeprefix("../").startswith(tuple(wanted))

    for one in (*README, *SCENES, *RACES):
        views = [view for view in one.views if chosen(view.name)]
        if views:
            with_a_store(scene(one, views) if isinstance(one, Scene) else race(one, views))
    if chosen(RUNS.name):
        with_a_store(runs())
    if chosen("descent"):
        show_colours(True)
        with_a_store(walks("descent.svg", STANDARD, 60))


def with_a_store(pictures: Coroutine[Any, Any, None]) -> None:
    """Take pictures with an empty store of runs, which is not that of a person."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TUINN_HOME"] = folder
        asyncio.run(pictures)


if __name__ == "__main__":
    main(sys.argv[1:])
