"""What the chosen run is: results, settings, what differs, where it was made, and its loss."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tuinn.history import History
from tuinn.widgets import look
from tuinn.widgets.chart import Chart
from tuinn.widgets.dashboard_curves import train_and_validation
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.run_columns import ASCII, plain_text
from tuinn.widgets.run_words import (
    Facts,
    apart,
    heading,
    made_by,
    noted,
    origin,
    results,
    settings,
)

if TYPE_CHECKING:
    from tuinn.store import StoredRun

_WORD = 10
"""Columns of the words at the left."""
_DIM = "$foreground 60%"


class FactText(Widget):
    """Words at the left and what is said of each, which hangs below itself where it is long."""

    DEFAULT_CSS = """
    FactText { height: auto; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs: Glyphs = glyphs
        self._title = self._heading = ""
        self._blocks: list[Facts] = []

    def tell(self, title: str, heading: str, blocks: list[Facts]) -> None:
        """Say this from now on."""
        self._title, self._heading, self._blocks = title, heading, blocks
        self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        lines = [
            Content.styled(text, "bold $foreground") for text in self._wrapped(self._title, width)
        ]
        lines += [Content(text) for text in self._wrapped(self._heading, width)]
        for facts in self._blocks:
            lines.append(Content(""))
            for word, said in facts:
                first = f"{word:<{_WORD}}"
                texts = self._wrapped(said, width - _WORD)
                if len(word) >= _WORD:
                    # a long word has a line of its own
                    lines.append(Content.styled(self._plain(word), _DIM))
                    first = " " * _WORD
                for text in texts:
                    lines.append(Content.assemble((first, _DIM), text))
                    first = " " * _WORD
        return lines

    def _wrapped(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(self._plain(plain_text(text)), max(width, 8)) or [""]

    def _plain(self, text: str) -> str:
        return look.plain(text).translate(ASCII) if self._glyphs == "ascii" else text


class RunDetails(Container):
    """Text above, or at the left of, the curves of the loss; feed it with `show` and `draw`."""

    DEFAULT_CSS = """
    RunDetails { layout: vertical; }
    RunDetails VerticalScroll {
        height: 1fr; min-height: 3; scrollbar-size-vertical: 1; padding: 0 1;
        border: round $foreground 25%; border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
    }
    RunDetails Chart { height: 12; }
    RunDetails.-beside { layout: horizontal; }
    RunDetails.-beside VerticalScroll { width: 58%; height: 1fr; }
    RunDetails.-beside Chart { width: 1fr; height: 1fr; }
    """

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self._text = FactText(glyphs)
        self._arrows = "shift+up/down" if glyphs == "ascii" else "shift+↑/↓"
        self._scroll = VerticalScroll(self._text, can_focus=False)
        self.chart = Chart("loss", x_label="epochs", glyphs=glyphs, empty="")
        self.chart.can_focus = False
        self._shown: object = None
        self._run: int | None = None

    def on_mount(self) -> None:
        # what is there to be scrolled is known when it is laid out
        self.watch(self._scroll, "virtual_size", self._say_more)
        self.watch(self._scroll, "size", self._say_more)

    def _say_more(self) -> None:
        long = self._scroll.max_scroll_y > 0
        self._scroll.border_subtitle = self._arrows if long else ""

    def read_on(self, by: int) -> None:
        """Scroll the text by half of what is in sight, up where ``by`` is negative."""
        half = max(self._scroll.size.height // 2, 1)
        self._scroll.scroll_relative(y=by * half, animate=False)

    def compose(self) -> ComposeResult:
        yield self._scroll
        yield self.chart

    def show(self, run: StoredRun | None, other: StoredRun | None, raced: list[int]) -> None:
        """Say what ``run`` is; ``other``: the run that it is compared with, ``raced``: the ids of
        those that it raced with."""
        state = (run, other and other.id, raced)
        if state == self._shown:
            return
        if (run and run.id) != self._run:
            self._run = run and run.id
            self._scroll.scroll_home(animate=False)
        self._shown = state
        self._scroll.border_title = "" if run is None else f"run {run.id}"
        if run is None:
            self._text.tell("", "", [])
            self.draw(None, "")
            return
        title = " · ".join(part for part in (run.name, run.title) if part)
        blocks = [
            results(run),
            [*settings(run), *apart(run, other)],
            noted(run),
            [*origin(run, raced), *made_by(run)],
        ]
        self._text.tell(title, heading(run), blocks)

    def draw(self, history: History | None, empty: str) -> None:
        """The curves of the loss; None: there are none, and ``empty`` says why."""
        self.chart.empty = empty
        self.chart.show([] if history is None else train_and_validation(history, "loss", "epoch"))
