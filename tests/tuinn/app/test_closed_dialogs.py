"""A dialog that is closed before it has said that a frame is drawn stops no screen behind it.

What a screen calls after a refresh, Textual leaves to the screen on top; with that it may be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app_driver import LONG, app_of, ready, until
from descent_driver import app, opened
from textual.pilot import Pilot
from textual.screen import ModalScreen


class Closing(ModalScreen[None]):
    """Is gone before it calls anybody back."""

    def _invoke_later(self, *args: object) -> None:
        pass


async def open_and_close(pilot: Pilot[None], screen: Any, draw: Callable[[], None]) -> None:
    """With a frame that was drawn meanwhile, of which the screen never heard."""
    pilot.app.push_screen(Closing())
    await until(pilot, lambda: pilot.app.screen is not screen, "the dialog")
    for _ in range(2):
        # the first may still be one from before, of which it hears
        draw()
        heard: list[bool] = []
        screen.call_later(heard.append, True)
        await until(pilot, lambda heard=heard: heard, "what it calls later")
    assert screen._drawing
    pilot.app.pop_screen()
    await until(pilot, lambda: pilot.app.screen is screen, "the screen")


async def test_the_lab_goes_on() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await open_and_close(pilot, lab, lab.frame)
        frames = lab._frames
        await until(pilot, lambda: lab._frames > frames, "a frame")


async def test_the_surface_goes_on() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await open_and_close(pilot, screen, screen._show)
        frames = screen._frames
        await until(pilot, lambda: screen._frames > frames, "a frame")
