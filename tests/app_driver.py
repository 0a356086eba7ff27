"""Drives the app under Textual's pilot: presets made here, and waiting on conditions alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tuinn.app import TuinnApp
from tuinn.config import parse
from tuinn.preset import Preset
from tuinn.screens.lab import Lab
from tuinn.widgets.chart import Chart
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.status import StatusLine

TURNS = 3000
"""Turns of the event loop that a condition may take before its test has failed."""

TURN = 0.002
"""Seconds given up to the app in a turn; the pilot's own `pause` asks every widget, every time."""
HOPS = 4
"""Round trips through the queues for the answer to one key: from the app to the focused widget, to
what is around it, to the screen, and back to a widget."""
CHARACTERS = {"space": " "}

LONG: dict[str, Any] = {
    "data": {"set": "circle", "n": 100},
    "network": {"hidden": [4]},
    "stop": {"epochs": 1_000_000},
}
"""A run that does not end while a test looks at it."""
SHORT = LONG | {"stop": {"epochs": 3}}


def app_of(raw: dict[str, Any], demo: bool = False, path: Path = Path("test.toml")) -> TuinnApp:
    """An app that opens on a configuration given as in a preset file."""
    return TuinnApp(Preset("test", parse(raw), path, own=True), demo=demo, fps=20)


def lab_of(pilot: Pilot[None]) -> Lab:
    lab = pilot.app.screen_stack[0]
    assert isinstance(lab, Lab)
    return lab


async def until(
    pilot: Pilot[None], holds: Callable[[], object], what: str, patience: int = 1
) -> None:
    """Let the app run until ``holds()`` is true; fail after a bounded number of turns, ``patience``
    times as many where processes must begin."""
    for _ in range(patience * TURNS):
        if holds():
            return
        await asyncio.sleep(TURN)
    session = lab_of(pilot).session
    pytest.fail(f"never came: {what}; the run is {session.status}: {session.report.message}")


async def ready(pilot: Pilot[None]) -> Lab:
    """The lab with its run built and shown."""
    lab = lab_of(pilot)
    await until(pilot, lambda: lab.session.status == "ready" and len(lab.session.history), "ready")
    return lab


async def state(pilot: Pilot[None], status: str) -> None:
    lab = lab_of(pilot)
    await until(pilot, lambda: lab.session.status == status, status)


async def trained(pilot: Pilot[None], updates: int = 20) -> Lab:
    """The lab with a run that goes on and has made some updates."""
    lab = await ready(pilot)
    await press(pilot, "space")
    await until(pilot, lambda: lab.session.report.update >= updates, f"{updates} updates")
    return lab


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other.

    The pilot's own `press` waits for an idle processor, and a training thread is never idle.
    """
    for key in keys:
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        name = _character_to_key(key) if len(key) == 1 else key
        pilot.app.post_message(Key(name, character))
        for _ in range(HOPS):
            await answered(pilot)
        screen = pilot.app.screen
        await reached(pilot, screen, screen.call_after_refresh)


async def answered(pilot: Pilot[None]) -> None:
    """Wait until app, screen and focused widget have each taken what lay in their queues."""
    app = pilot.app
    for pump in (app, app.focused, app.screen):
        if pump is not None and pump.is_running:
            await reached(pilot, pump, pump.call_later)


async def reached(
    pilot: Pilot[None], pump: MessagePump, schedule: Callable[[Callable[[], None]], bool]
) -> None:
    """Wait until what is scheduled now is called, or what should call it has ended."""
    called = asyncio.Event()
    schedule(called.set)
    for _ in range(TURNS):
        if called.is_set() or pump._closing or pilot.app._exit:
            return
        await asyncio.sleep(TURN)
    pytest.fail("the app does not answer")


async def write(pilot: Pilot[None], path: str, text: str) -> None:
    """Put a text into a field as a person does: go there, type, press enter."""
    editor = lab_of(pilot).form.row(path).editor
    editor.focus()
    await until(pilot, lambda: editor.has_focus, f"focus on {path}")
    await press(pilot, "home", "ctrl+k", *text, "enter")


def said(pilot: Pilot[None]) -> str:
    """What the message line says."""
    return lab_of(pilot).query_one(StatusLine).sentence.text


def keys_shown(pilot: Pilot[None]) -> dict[str, str]:
    """The footer: key → word."""
    return {key.shown: key.label for key in lab_of(pilot).query_one(KeyBar).keys}


def chart(pilot: Pilot[None], number: int) -> Chart:
    return lab_of(pilot).query_one(f"#panel-{number}", Chart)


def shown_text(pilot: Pilot[None]) -> str:
    """All the text on the screen."""
    screen = pilot.app.screen
    lines = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)
