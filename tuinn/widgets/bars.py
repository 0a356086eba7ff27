"""What panels of bars by layer have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.legend import Run
from tuinn.widgets.raster import Glyphs

Line = list[Run]


class LayerPanel(CellWidget, can_focus=True):
    """One or two lines per layer, scrolled where there are more layers than rows."""

    prefix = "bars"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("bars")
    DEFAULT_CSS = """
    LayerPanel {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
    }
    """ + look.css("LayerPanel", "bars")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_layers(-1)", "Layer before", show=False, id="bars.up"),
        Binding("down", "scroll_layers(1)", "Layer after", show=False, id="bars.down"),
    ]

    first: reactive[int] = reactive(0, repaint=False, init=False)
    """Place of the uppermost layer shown, from 0."""
    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)
    """With "ascii" nothing else is used; the other two look the same here."""

    def __init__(
        self,
        title: str,
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(**names)
        self.title = title
        self.empty = empty
        self._snapshot: Snapshot | None = None
        self._visible = 1
        self.set_reactive(LayerPanel.glyphs, glyphs)
        self.border_title = self._plain(title)

    def show(self, snapshot: Snapshot | None) -> None:
        """Show this moment of a run; None empties the panel."""
        self._snapshot = snapshot
        self.redraw()

    @abstractmethod
    def lines(self, layer: LayerSnapshot, width: int, several: bool) -> list[Line]:
        """The lines of a layer, equally many for all; more than one only if ``several``."""

    def head(self, line: Line, width: int) -> Line:
        """A line above the layers, the first of which is ``line``; left out where rows are few."""
        return []

    def scale_notes(self) -> tuple[str, ...]:
        """What the border says of the scale, from the longest to the shortest wording."""
        return ("",)

    def prepare(self, snapshot: Snapshot) -> None:
        """Called before the lines are asked for: what layers have in common."""

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        snapshot = self._snapshot
        if snapshot is None or not snapshot.layers:
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
            self._note("")
            return cells
        self.prepare(snapshot)
        layers = snapshot.layers
        several = height > 2 * len(layers)
        blocks = [self.lines(layer, width, several) for layer in layers]
        size = len(blocks[0])
        head = self.head(blocks[0][0], width)
        row = 0
        if head and height > min(size * len(layers), 2):
            self._write(cells, 0, head)
            row = 1
        self._visible = max((height - row) // size, 1)
        first = min(self.first, max(len(layers) - self._visible, 0))
        shown = range(first, min(first + self._visible, len(layers)))
        for number in shown:
            for line in blocks[number]:
                self._write(cells, row, line)
                row += 1
        part = ""
        if len(shown) < len(layers):
            part = f"l={layers[shown[0]].layer} to {layers[shown[-1]].layer} of {len(layers)} ↑↓"
        notes = ["  ".join(filter(None, (part, scale))) for scale in self.scale_notes()]
        self._note(next((note for note in notes if len(note) <= width - 2), notes[-1]))
        return cells

    def action_scroll_layers(self, layers: int) -> None:
        count = len(self._snapshot.layers) if self._snapshot else 0
        self.first = min(max(self.first + layers, 0), max(count - self._visible, 0))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_scroll_layers(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_scroll_layers(1)

    def watch_first(self) -> None:
        self.redraw()

    def watch_glyphs(self) -> None:
        self.border_title = self._plain(self.title)
        self.redraw()

    def _write(self, cells: Cells, row: int, line: Line) -> None:
        column = 0
        for text, ink in line:
            column = cells.write(row, column, self._plain(text), INK[ink])

    def _note(self, text: str) -> None:
        text = self._plain(text)
        if str(self.border_subtitle or "") != text:
            self.border_subtitle = text

    def _plain(self, text: str) -> str:
        return look.plain(text) if self.glyphs == "ascii" else text


def layer_name(layer: LayerSnapshot) -> str:
    """What its line begins with."""
    return f"l={layer.layer}".ljust(4)


def bar_cells(share: float, room: int) -> int:
    """Cells of a bar; what is not nothing has at least one."""
    if not share > 0:
        return 0
    return min(max(round(share * room), 1 if share >= 0.005 else 0), room)


def if_it_fits(line: Line, width: int) -> Line:
    """The line if it is short enough: a number cut off would be a wrong one."""
    length = len("".join(text for text, _ in line).rstrip())
    return line if length <= width else [("…", "dim")]
