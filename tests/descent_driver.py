"""Drives the Surface screen under Textual's pilot; see `app_driver` for how to wait."""

from typing import Any

from app_driver import LONG, answered, app_of, press, until
from textual.pilot import Pilot

from tuinn.app import TuinnApp
from tuinn.screens.descent import SurfaceScreen
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.status import StatusLine
from tuinn.widgets.walk_table import Row

SIZES = [(80, 24), (120, 40), (200, 50)]


def app() -> TuinnApp:
    return app_of(LONG)


async def opened(pilot: Pilot[None], preset: str = "") -> SurfaceScreen:
    """The Surface screen, and on it a preset if one is named."""
    await press(pilot, "g")
    await until(pilot, lambda: isinstance(pilot.app.screen, SurfaceScreen), "the Surface screen")
    screen = pilot.app.screen
    assert isinstance(screen, SurfaceScreen)
    await until(pilot, lambda: screen.map._view is not None, "the map")
    if preset:
        screen.open_preset(preset)
        await answered(pilot)
    return screen


def said(screen: SurfaceScreen) -> str:
    return screen.query_one(StatusLine).sentence.text


def footer(screen: SurfaceScreen) -> dict[str, str]:
    """The footer: key → word."""
    return {key.shown: key.label for key in screen.query_one(KeyBar).keys}


def row(screen: SurfaceScreen, name: str) -> Row:
    """The row of an optimiser in the table."""
    return next(row for row in screen.table._rows if row.name == name)


def chosen(screen: SurfaceScreen) -> tuple[str, ...]:
    return tuple(screen.walks.walks)


async def write(pilot: Pilot[None], screen: SurfaceScreen, path: str, text: str) -> None:
    """Put a text into a field as a person does: go there, type, press enter."""
    editor: Any = screen.form.row(path).editor
    editor.focus()
    await until(pilot, lambda: editor.has_focus, f"focus on {path}")
    await press(pilot, "home", "ctrl+k", *text, "enter")
