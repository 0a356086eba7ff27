"""The Textual app: theme, palette, help, signals; the screens do the rest."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.events import Event, Key, MouseDown
from textual.screen import Screen

from engine.rewind import MOST_BYTES
from tuinn.descent import find as find_surface
from tuinn.preset import Preset, find
from tuinn.screens.actions import APP_ACTIONS, Action, bindings
from tuinn.screens.comparing import Comparing, Wanted
from tuinn.screens.help import Help
from tuinn.screens.lab import Lab
from tuinn.screens.log import LogFile
from tuinn.screens.panel_keys import panel_actions
from tuinn.screens.places import Place, Places
from tuinn.screens.theme import THEME
from tuinn.screens.typed_ahead import TypedAhead
from tuinn.widgets.header import TitleBar
from tuinn.widgets.raster import Glyphs

if TYPE_CHECKING:
    from tuinn.ghost import Ghost

DEFAULT_PRESET = "circle"
DEFAULT_SURFACE = "rosenbrock-race"


class Actions(Provider):
    """The palette's list of what can be done now."""

    @property
    def _now(self) -> list[tuple[Action, Callable[[], Any]]]:
        screen = self.screen
        offered = screen.offered() if isinstance(screen, Place) else []
        panel = self.focused
        done_by = [
            *((panel, action) for action in panel_actions(panel)),
            *((screen, action) for action in (*offered, *APP_ACTIONS)),
        ]
        return [
            (action, partial(self.app.run_action, action.method, place))
            for place, action in done_by
        ]

    async def discover(self) -> Hits:
        for action, run in self._now:
            yield DiscoveryHit(title(action), run, help=f"{action.group} · key {action.shown}")

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action, run in self._now:
            score = matcher.match(title(action))
            if score > 0:
                lit = matcher.highlight(title(action))
                yield Hit(score, lit, run, help=f"{action.group} · key {action.shown}")


def title(action: Action) -> str:
    return action.help


class TuinnApp(Comparing):
    """A neural-network laboratory in the terminal."""

    TITLE = "tuinn"
    COMMANDS: ClassVar[set[Any]] = {Actions}
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    CSS = """
    CommandPalette > Vertical { width: 84; max-width: 100%; height: 80%; }
    CommandPalette SearchIcon { display: none; }
    CommandPalette > Vertical { background: $surface; }
    CommandPalette #--input { border: round $border; background: $surface; padding: 0 1; }
    CommandPalette CommandInput { border: none; height: 1; }
    CommandPalette CommandList { border: none; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        *bindings(APP_ACTIONS),
        Binding("ctrl+q", "quit", "quit", show=False, id="app.quit_at_once"),
    ]

    def __init__(
        self,
        preset: str | Path | Preset | None = None,
        demo: bool = False,
        fps: float = 10,
        draw: Glyphs = "braille",
        surface: str | Path | None = None,
        rewind_bytes: int = MOST_BYTES,
        race: Sequence[Preset] = (),
        ghosts: Sequence[Ghost] = (),
        repeat: int = 1,
        resume: int | None = None,
        keep: bool = True,
    ) -> None:
        """Open ``preset`` (a name or the path of a TOML file), ``demo``: start it at once.

        ``fps``: frames a second; ``draw``: "braille", "block" or "ascii"; ``surface``: a surface
        preset, or its file, to begin with on the Surface screen instead of the lab; ``race``:
        presets to begin with on the Race screen, each with ``repeat`` seeds, and with ``ghosts``
        behind; ``resume``: the run of the store to go on with; ``rewind_bytes``: what looking back
        may take of the memory; ``keep``: keep the runs in the store. Raises
        `tuinn.preset.PresetError` or `tuinn.config.ConfigError` where the preset cannot be used,
        before the terminal is touched.
        """
        if not 0 < fps <= 60:
            raise ValueError(f"frames a second must be > 0 and at most 60, got {fps:g}")
        super().__init__(Wanted(tuple(race), tuple(ghosts), repeat, resume), keep)
        self.preset = preset if isinstance(preset, Preset) else find(preset or DEFAULT_PRESET)
        self.demo = demo
        self.fps = fps
        self.draw = draw
        self.rewind_bytes = rewind_bytes
        self._surface_preset = None if surface is None else find_surface(surface)
        self.animation_level = "none"
        self.log_file = LogFile()
        self._typed_ahead = TypedAhead(self)
        self.places = Places(
            self,
            {"Surface": self._make_surface, "Race": self.make_race, "Runs": self.make_runs},
        )
        self.register_theme(THEME)
        self.theme = THEME.name

    def get_default_screen(self) -> Screen[Any]:
        demo = self.demo and self._surface_preset is None
        self.lab = Lab(
            self.preset,
            self.log_file,
            demo=demo,
            fps=self.fps,
            draw=self.draw,
            rewind_bytes=self.rewind_bytes,
            keeper=self.open_keeper(),
        )
        return self.lab

    def on_mount(self) -> None:
        self.log_file.open()
        if self._surface_preset:
            self.call_later(self.places.go, "Surface")
        self.call_later(self.begin_race)
        self.call_after_refresh(self.begin_comparing)
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.end_by, number)

    async def on_unmount(self) -> None:
        await self.leave()
        self.log_file.close()

    def end_by(self, number: signal.Signals) -> None:
        """Leave in good order, the terminal as it was, with the exit status of the signal."""
        logging.getLogger("tuinn").info("ended by %s", number.name)
        self._ending, self._why = "interrupted", f"ended by {number.name}"
        self.exit(return_code=128 + number)

    def hold(self) -> None:
        if self.lab is not None:
            self.lab.session.runner.hold()

    def release(self) -> None:
        if self.lab is not None:
            self.lab.session.runner.release()

    async def on_event(self, event: Event) -> None:
        """A key or a click goes before training: the trainer waits until the answer is drawn."""
        if isinstance(event, Key) and self._typed_ahead.keeps(event):
            return
        if isinstance(event, Key | MouseDown):
            self.hold()
            self.call_after_refresh(self.release)
        await super().on_event(event)

    def action_help(self) -> None:
        if isinstance(self.screen, Place):
            self.push_screen(Help(self.screen.help_page()))

    def action_go(self, by: int = 1) -> None:
        """To the next of the places, or with −1 to the one before; all stay as they are."""
        self.places.turn(by)

    def _make_surface(self) -> Screen[Any]:
        from tuinn.screens.descent import SurfaceScreen

        preset = self._surface_preset or find_surface(DEFAULT_SURFACE)
        screen = SurfaceScreen(preset, self.fps, self.draw, self)
        screen.playing = self.demo and self._surface_preset is not None
        return screen

    def on_title_bar_called(self, event: TitleBar.Called) -> None:
        event.stop()
        self.places.go(event.place)

    async def action_quit(self) -> None:
        if self.lab is None or self.lab.may_quit():
            self.exit()

    def action_help_quit(self) -> None:
        """What ctrl+c does where nothing is there to be copied: say how one leaves."""
        self.places.tell("q quits; from a field or a dialog esc first.", "hint")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Nothing beside our own actions: they are all in `Actions`."""
        return ()
