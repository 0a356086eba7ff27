"""The picture of the network with hands on: units and weights are selected and changed."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tuinn.widgets.footer import Key
from tuinn.widgets.network_boxes import bias_row
from tuinn.widgets.network_layout import Column
from tuinn.widgets.network_picture import NetworkPicture
from tuinn.widgets.network_text import Facts, Place, is_bias, parameter_title, value_at

Array = NDArray[Any]

_STEP, _LEAST_STEP = 0.1, 0.05
"""A nudge changes a parameter by this share of itself, and at least by this share of the largest
weight of its layer."""
_WHOLE_LAYER = 1_000_000


class NetworkView(NetworkPicture, can_focus=True):
    """Arrows walk over the units and along the links; a click selects what it hits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "unit(-1)", "Unit before", show=False, id="network.up"),
        Binding("down", "unit(1)", "Unit after", show=False, id="network.down"),
        Binding("left", "back", "Back along the link", show=False, id="network.left"),
        Binding("right", "on", "On to the next layer", show=False, id="network.right"),
        Binding("pageup", "unit(-5)", "Units before", show=False, id="network.page-up"),
        Binding("pagedown", "unit(5)", "Units after", show=False, id="network.page-down"),
        Binding("home", f"unit(-{_WHOLE_LAYER})", "First", show=False, id="network.first"),
        Binding("end", f"unit({_WHOLE_LAYER})", "Last unit", show=False, id="network.last"),
        Binding("u,shift+left", "weight(-1)", "Weight before", show=False, id="network.before"),
        Binding("o,shift+right", "next_weight", "Weight after", show=False, id="network.after"),
        Binding("shift+up", "nudge_up", "Raise the weight", show=False, id="network.raise"),
        Binding("shift+down", "nudge_down", "Lower the weight", show=False, id="network.lower"),
        Binding("w", "write", "Write the weight", show=False, id="network.write"),
        Binding("z", "kind", "Which links are drawn", show=False, id="network.kind"),
    ]

    class _OfParameter(Message):
        def __init__(self, view: NetworkView, layer: int, row: int, column: int | None) -> None:
            super().__init__()
            self.view, self.layer, self.row, self.column = view, layer, row, column

        @property
        def control(self) -> NetworkView:
            return self.view

    class Selected(_OfParameter, namespace="network_view"):
        """A unit and a parameter were selected: W^l[row, column], or b^l[row] (column None).

        Of an input ``layer`` is 0, and there is no parameter.
        """

    class Edited(_OfParameter, namespace="network_view"):
        """The parameter W^l[row, column], or b^l[row] (column None), is to be ``value``."""

        def __init__(
            self, view: NetworkView, layer: int, row: int, column: int | None, value: float
        ) -> None:
            super().__init__(view, layer, row, column)
            self.value = value

    class WriteAsked(_OfParameter, namespace="network_view"):
        """A person wants to write the parameter, which is ``value`` now.

        ``name`` tells which it is: "w¹₃₂ from x2 to unit 3 of l=1".
        """

        def __init__(
            self,
            view: NetworkView,
            layer: int,
            row: int,
            column: int | None,
            value: float,
            name: str,
        ) -> None:
            super().__init__(view, layer, row, column)
            self.value, self.name = value, name

    class Refused(Message, namespace="network_view"):
        """A person wants to write a parameter that cannot be written now."""

    def __init__(self, title: str = "n network", **options: Any) -> None:
        super().__init__(title, **options)
        self._asked: tuple[Array, Place, float] | None = None
        """The last nudge, on top of the θ that is shown until another one is."""

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        ascii_only = self.glyphs == "ascii"
        keys = [
            Key("arrows" if ascii_only else "↑↓←→", "unit", "focused.on", 2),
            Key("u o", "weight", "focused.next_weight", 3),
        ]
        if self.editable:
            shown = "shift+up/down" if ascii_only else "shift+↑↓"
            keys += [
                Key("w", "write it", "focused.write", 3),
                Key(shown, "change it", "focused.nudge_up", 5),
            ]
        other = "all links" if self.only else "only its links"
        return (*keys, Key("z", other, "focused.kind", 5))

    # selecting

    def select(self, layer: int, unit: int, source: int = 0) -> None:
        """Select a unit of layer l = 0…L and the parameter from ``source``, n_(l−1) for the bias;
        numbers beyond the ends are taken as those of the ends.
        """
        facts = self._facts
        if facts is None:
            return
        sizes = facts.network.sizes
        layer = min(max(layer, self._first_layer(facts)), len(sizes) - 1)
        unit = min(max(unit, 0), sizes[layer] - 1)
        source = min(max(source, 0), sizes[layer - 1]) if layer else 0
        self.selected = Place(layer, unit, source)

    def action_unit(self, units: int) -> None:
        """Go up or down in the layer, along the same row of its weights."""
        place = self._place()
        if place is not None:
            self.select(place.layer, place.unit + units, place.source)

    def action_back(self) -> None:
        """Go to the unit that the selected weight comes from."""
        place, facts = self.selected, self._facts
        if place is None or facts is None:
            self._place()
        elif place.layer > self._first_layer(facts):
            unit = self._beside(place, -1) if is_bias(facts, place) else place.source
            self.select(place.layer - 1, unit)

    def action_on(self) -> None:
        """Go to the next layer, to the weight from this unit."""
        place, facts = self.selected, self._facts
        if place is None or facts is None:
            self._place()
        elif place.layer < facts.network.L:
            self.select(place.layer + 1, self._beside(place, 1), place.unit)

    def action_weight(self, weights: int) -> None:
        """Go through the weights that lead to the unit, its bias after the last of them."""
        place, facts = self._place(), self._facts
        if place is not None and facts is not None and place.layer:
            count = facts.network.sizes[place.layer - 1] + 1
            self.select(place.layer, place.unit, (place.source + weights) % count)

    def action_next_weight(self) -> None:
        self.action_weight(1)

    def _place(self) -> Place | None:
        """What is selected; the first unit of the first layer if nothing was."""
        if self.selected is None:
            self.select(1, 0)
            return None
        return self.selected

    def _first_layer(self, facts: Facts) -> int:
        """Inputs that are pixels have no units to be selected."""
        return 1 if facts.image else 0

    def _beside(self, place: Place, layers: int) -> int:
        """The unit of a neighbouring layer that is nearest on the screen."""
        layout = self.placed
        here = layout.column(place.layer) if layout else None
        there = layout.column(place.layer + layers) if layout else None
        if here is None or there is None:
            return 0
        row = here.middle(place.unit)
        return min(there.units, key=lambda unit: abs(there.middle(unit) - row))

    def watch_selected(self, place: Place | None) -> None:
        self._follow = True
        self.redraw()
        facts = self._facts
        if place is not None and facts is not None:
            self.post_message(self.Selected(self, *self._address(facts, place)))

    # changing

    def action_write(self) -> None:
        """Ask for another value of the parameter."""
        place, facts = self.selected, self._facts
        if place is None or facts is None or not place.layer:
            return
        if self.editable:
            value = value_at(facts.network, facts.theta, place)
            name = parameter_title(facts, place, self.glyphs == "ascii")
            self.post_message(self.WriteAsked(self, *self._address(facts, place), value, name))
        else:
            self.post_message(self.Refused())

    def action_nudge_up(self) -> None:
        self._nudge(1)

    def action_nudge_down(self) -> None:
        self._nudge(-1)

    def _nudge(self, direction: int) -> None:
        place, facts = self.selected, self._facts
        if place is None or facts is None or not place.layer:
            return
        if not self.editable:
            self.post_message(self.Refused())
            return
        value = value_at(facts.network, facts.theta, place)
        if self._asked is not None:
            theta, asked_place, asked = self._asked
            if theta is facts.theta and asked_place == place:
                value = asked
        largest = float(np.abs(facts.network.W(facts.theta)[place.layer - 1]).max())
        step = max(_STEP * abs(value), _LEAST_STEP * largest) or _STEP
        if not math.isfinite(value + step):
            return
        # as many digits as are shown, so that what is read is what is set
        value = float(f"{value + direction * step:.2e}")
        self._asked = facts.theta, place, value
        self.post_message(self.Edited(self, *self._address(facts, place), value))

    def _address(self, facts: Facts, place: Place) -> tuple[int, int, int | None]:
        """(layer, row, column) in W^l, column None for b^l."""
        no_weight = place.layer == 0 or is_bias(facts, place)
        return place.layer, place.unit, None if no_weight else place.source

    def action_kind(self) -> None:
        self.only = not self.only

    def watch_only(self) -> None:
        self.redraw()

    def watch_editable(self) -> None:
        self.redraw()

    # the mouse

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or not self._hit(at.y, at.x):
            return
        event.stop()
        if event.chain == 2:
            self.action_write()

    def _hit(self, row: int, column: int) -> bool:
        """Select what is in this cell; False if there is nothing."""
        facts, layout = self._facts, self.placed
        if facts is None or layout is None:
            return False
        for of in layout.columns:
            if of.start <= column < of.end:
                return self._hit_column(facts, of, row, column, layout.rows)
        for links in self.links:
            found = links.near(row, column)
            if found is not None:
                self.select(links.layer, *found)
                return True
        return False

    def _hit_column(self, facts: Facts, of: Column, row: int, column: int, last: int) -> bool:
        if of.paged and row in (of.top - 1, last):
            self._scroll(of, of.shown if row > of.top else -of.shown)
            return True
        unit = of.unit_at(row)
        if unit is None or of.shape.block:
            return False
        bias = of.layer > 0 and column == of.right and row == bias_row(of, unit)
        now = self.selected
        source = now.source if now is not None and now.layer == of.layer else 0
        self.select(of.layer, unit, facts.network.sizes[of.layer - 1] if bias else source)
        return True

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def _wheel(self, event: events.MouseEvent, units: int) -> None:
        """Scroll the layer under the pointer."""
        event.stop()
        at = event.get_content_offset(self)
        if at is None or self.placed is None:
            return
        nearest = min(self.placed.columns, key=lambda of: abs((of.left + of.right) / 2 - at.x))
        self._scroll(nearest, units)

    def _scroll(self, of: Column, units: int) -> None:
        """Show other units of a layer, and let the selection go along."""
        if not of.paged:
            return
        first = min(max(of.first + units, 0), of.shape.boxes - of.shown)
        self._firsts[of.layer] = first
        place = self.selected
        if place is not None and place.layer == of.layer:
            unit = min(max(place.unit, first), first + of.shown - 1)
            self.selected = place._replace(unit=unit)
        self.redraw()
