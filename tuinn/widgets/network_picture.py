"""The network as a picture: its units with what they answer, its weights as lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray
from rich.style import Style
from textual.reactive import reactive

from engine.inside.maps import Maps
from engine.network import Network
from tuinn.numbers import count
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.heat import HeatWidget
from tuinn.widgets.network_boxes import draw_biases, draw_labels, draw_pictures, mark_value
from tuinn.widgets.network_layout import Column, Layout, laid_out
from tuinn.widgets.network_links import FAINT, NEGATIVE, POSITIVE, Links, LookedAt, draw_links
from tuinn.widgets.network_text import (
    Facts,
    Place,
    head_texts,
    is_bias,
    labels,
    legend,
    longest,
    parameter_texts,
    shapes,
    unit_texts,
)
from tuinn.widgets.raster import Glyphs

Array = NDArray[Any]

MORE_ROOM = (
    "the picture of this network needs more room: enter gives it the whole screen",
    "the network needs more room: enter",
    "needs more room: enter",
    "needs more room",
)
CHOOSE = (
    "arrows or a click select a unit, u and o a weight that leads to it; w writes another value",
    "arrows or a click select a unit, u and o a weight",
    "arrows select a unit, u o a weight",
)


class NetworkPicture(HeatWidget):
    """Draws the network; what is selected is set by `NetworkView`."""

    only: reactive[bool] = reactive(False, repaint=False, init=False)
    """Of the links only those of the selected unit are drawn."""
    editable: reactive[bool] = reactive(True, repaint=False, init=False)
    """Weights can be changed by hand."""
    selected: reactive[Place | None] = reactive[Place | None](None, repaint=False, init=False)

    def __init__(
        self,
        title: str = "n network",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title = title
        self.empty = empty
        self.border_title = title
        self._facts: Facts | None = None
        self._maps: Maps | None = None
        self._firsts: dict[int, int] = {}
        """The first unit shown of layers that do not fit."""
        self._follow = False
        """Something else was selected: scroll to it."""
        self.placed: Layout | None = None
        """Where everything lies now; None where there is no room, or no network."""
        self.links: list[Links] = []
        """The lines that are drawn now."""

    def show(
        self,
        network: Network | None,
        theta: Array | None = None,
        maps: Maps | None = None,
        *,
        gradient: Array | None = None,
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
    ) -> None:
        """Show a network with parameters θ and the pictures of its units; None empties the view.

        ``gradient`` has the layout of θ; ``inputs`` and ``outputs`` are the names of features and
        of classes, where there are as many as units.
        """
        old = self._facts
        if network is None or theta is None:
            self._facts = self._maps = None
        else:
            image = maps.image if maps else None
            self._facts = Facts(network, theta, gradient, tuple(inputs), tuple(outputs), image)
            self._maps = maps
        new = self._facts
        if old is None or new is None or old.network.sizes != new.network.sizes:
            self.set_reactive(NetworkPicture.selected, None)
            self._firsts = {}
        self.redraw()

    @property
    def pixels(self) -> tuple[int, int]:
        """(rows, columns) of values over the plane that fill the largest box; 16 by 16 before the
        network was drawn. Any other numbers will do as well.
        """
        if self.placed is None:
            return 16, 16
        largest = max(self.placed.columns, key=lambda column: column.height)
        return largest.height * self.pixels_per_cell(), largest.width

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        self.links, self.placed = [], None
        facts = self._facts
        if facts is None:
            self._say(cells, (self.empty,))
            return cells
        layout = self._laid_out(facts, width, height)
        if layout is None:
            self._say(cells, MORE_ROOM)
            return cells
        self.placed = layout
        self._draw_links(cells, facts, layout)
        for place in range(len(layout.columns)):
            self._draw_head(cells, facts, layout, place)
            self._draw_column(cells, facts, layout.columns[place])
        self._draw_foot(cells, facts)
        self.note(self._shown_part(facts, layout))
        return cells

    def _laid_out(self, facts: Facts, width: int, height: int) -> Layout | None:
        """The layout, with what is selected in view."""
        wanted = shapes(facts, plane=self._maps is not None and self._maps.plane)
        place = self.selected
        focus, halves = place.layer if place else 0, self.pixels_per_cell() == 2
        layout = laid_out(wanted, width, height, firsts=self._firsts, focus=focus, halves=halves)
        if layout is None or place is None or not self._follow:
            return layout
        self._follow = False
        if not self._brought_into_view(layout, place):
            return layout
        return laid_out(wanted, width, height, firsts=self._firsts, focus=focus, halves=halves)

    def _brought_into_view(self, layout: Layout, place: Place) -> bool:
        """Scroll to the selected unit, and to where its weight comes from; whether it moved."""
        moved = False
        for layer, unit in ((place.layer, place.unit), (place.layer - 1, place.source)):
            column = layout.column(layer)
            if column is None or unit >= column.shape.boxes or unit in column.units:
                continue
            self._firsts[layer] = unit if unit < column.first else unit - column.shown + 1
            moved = True
        return moved

    # the parts of the picture

    def _draw_links(self, cells: Cells, facts: Facts, layout: Layout) -> None:
        place = self.selected
        W = facts.network.W(facts.theta)
        for before, column in pairwise(layout.columns):
            if before.shape.block:
                continue
            looked_at = None
            if place is not None and place.layer == column.layer:
                looked_at = LookedAt(place.unit, -1, -1 if is_bias(facts, place) else place.source)
            elif place is not None and place.layer == before.layer:
                looked_at = LookedAt(-1, place.unit)
            elif place is not None and self.only:
                continue
            self.links.append(
                draw_links(
                    cells,
                    before,
                    column,
                    W[column.layer - 1],
                    looked_at=looked_at,
                    only=self.only,
                    glyphs=self.glyphs,
                    dotted=not self.coloured,
                )
            )

    def _draw_column(self, cells: Cells, facts: Facts, column: Column) -> None:
        layer, place = column.layer, self.selected
        maps = self._maps.layers[layer] if self._maps else None
        draw_pictures(self, cells, column, maps)
        at = unit = source = None
        if place is not None:
            bias = place.layer > 0 and is_bias(facts, place)
            at = place.unit if place.layer == layer else None
            unit = at
            source = place.source if place.layer == layer + 1 and not bias else None
        left, right = labels(facts, column)
        draw_labels(self, cells, column, left, right, selected=unit, source=source)
        if layer > 0:
            b = facts.network.b(facts.theta)[layer - 1]
            on_bias = place is not None and at is not None and is_bias(facts, place)
            draw_biases(self, cells, column, b, selected=at if on_bias else None)
        if maps is None or place is None or place.layer == 0 or is_bias(facts, place):
            return
        if at is not None and maps.shows == "incoming":
            mark_value(self, cells, column, maps, at, place.source)
        elif source is not None and column.shape.block:
            mark_value(self, cells, column, maps, 0, source)

    def _draw_head(self, cells: Cells, facts: Facts, layout: Layout, place: int) -> None:
        """The name of a layer over the middle of its boxes, and how many of them are not shown."""
        columns = layout.columns
        column = columns[place]
        start = 0 if place == 0 else (columns[place - 1].end + column.start) // 2 + 1
        end = cells.codes.shape[1]
        if place < len(columns) - 1:
            end = (column.end + columns[place + 1].start) // 2

        def write(row: int, texts: Sequence[str], ink: str) -> None:
            text = longest([self._plain(text) for text in texts], end - start)
            middle = (column.left + column.right) / 2
            at = min(max(round(middle - len(text) / 2), start), end - len(text))
            cells.write(row, at, text, INK[ink])

        ink = look.layer_ink(column.layer) if column.layer else "text"
        write(0, head_texts(facts, column.layer), ink)
        maps = self._maps.layers[column.layer] if self._maps else None
        below = column.row(column.units[-1]) + column.height
        free = below < layout.rows if column.paged else below <= layout.rows
        if maps is not None and maps.shows == "outgoing" and free:
            by = "‖w‖ by pixel" if column.shape.block else "‖w‖ from each"
            write(below, (by, "‖w‖"), "dim")
        if not column.paged:
            return
        after = column.shape.boxes - column.first - column.shown
        for row, hidden in ((column.top - 1, column.first), (layout.rows, after)):
            if hidden:
                write(row, (f"… {count(hidden)} more", f"…{count(hidden)}"), "dim")

    def _draw_foot(self, cells: Cells, facts: Facts) -> None:
        height, width = cells.codes.shape
        place, ascii_only = self.selected, self.glyphs == "ascii"
        if place is None:
            lines: list[Sequence[str]] = [legend(ascii_only, self.coloured), CHOOSE]
            ink = INK["dim"]
        else:
            maps = self._maps.layers[place.layer] if self._maps else None
            lines = [
                unit_texts(facts, place, maps, ascii_only),
                parameter_texts(facts, place, self.editable, ascii_only),
            ]
            ink = INK["text"]
        for row, texts in enumerate(lines, start=height - 2):
            cells.write(row, 0, longest([self._plain(text) for text in texts], width), ink)

    def _shown_part(self, facts: Facts, layout: Layout) -> str:
        """What the picture leaves out."""
        notes = []
        if len(layout.columns) < layout.layers:
            first, last = layout.columns[0].layer, layout.columns[-1].layer
            notes.append(f"l={first} to {last} of {facts.network.L}")
        if any(column.paged for column in layout.columns):
            notes.append("not all units")
        drawn = sum(len(links.units) for links in self.links)
        among = sum(links.among for links in self.links)
        if self.only and self.selected is not None:
            notes.append("links of the unit")
        elif drawn < among:
            notes.append(f"{count(drawn)} largest of {count(among)} links")
        return "  ".join(notes)

    def _say(self, cells: Cells, texts: Sequence[str]) -> None:
        height, width = cells.codes.shape
        text = self._plain(longest(texts, width))
        cells.write((height - 1) // 2, (width - len(text)) // 2, text, INK["dim"])
        self.note("")

    def ink_style(self, ink: int) -> Style:
        if ink in (POSITIVE + FAINT, NEGATIVE + FAINT):
            name = "high" if ink == POSITIVE + FAINT else "low"
            _, background = self.background_colors
            colour = background.blend(self.get_component_styles(f"heat--{name}").color, 0.4)
            return self.rich_style + Style.from_color(colour.rich_color)
        return super().ink_style(ink)

    def _plain(self, text: str) -> str:
        if self.glyphs != "ascii":
            return text
        return look.plain(text).replace("…", "...").replace("×", "x")
