"""A drawing over an x axis that can be zoomed, panned and pointed at, by keys and by mouse."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tuinn.widgets.cells import CellWidget
from tuinn.widgets.scale import Limits


class Zoomable(CellWidget, can_focus=True):
    """Keeps the part of the x axis in view and the cursor; subclasses draw them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step_cursor(-1)", "Cursor left", show=False, id="chart.left"),
        Binding("right", "step_cursor(1)", "Cursor right", show=False, id="chart.right"),
        Binding("plus,equals_sign", "zoom(1.5)", "Zoom in", show=False, id="chart.zoom-in"),
        Binding("minus", "zoom(0.6667)", "Zoom out", show=False, id="chart.zoom-out"),
        Binding("shift+left", "pan(-0.25)", "Pan left", show=False, id="chart.pan-left"),
        Binding("shift+right", "pan(0.25)", "Pan right", show=False, id="chart.pan-right"),
        Binding("home", "reset_view", "Whole run", show=False, id="chart.reset"),
        Binding("escape", "hide_cursor", "Hide cursor", show=False, id="chart.hide-cursor"),
        Binding("enter", "maximise", "Maximise", show=False, id="chart.maximise"),
    ]

    cursor: reactive[float | None] = reactive(None, repaint=False, init=False)
    """Where values are read, in units of x."""
    view: reactive[Limits | None] = reactive(None, repaint=False, init=False)
    """The part of the x axis that is shown; None is all of it."""

    class _OfChart(Message):
        def __init__(self, chart: Zoomable) -> None:
            super().__init__()
            self.chart = chart

        @property
        def control(self) -> Zoomable:
            return self.chart

    class CursorMoved(_OfChart):
        """The cursor was moved by hand to x, or hidden (None)."""

        def __init__(self, chart: Zoomable, x: float | None, pinned: bool) -> None:
            super().__init__(chart)
            self.x = x
            self.pinned = pinned

    class ViewChanged(_OfChart):
        """The chart was zoomed or panned by hand; None is the whole axis."""

        def __init__(self, chart: Zoomable, view: Limits | None) -> None:
            super().__init__(chart)
            self.view = view

    class Maximise(_OfChart):
        """Enter or a double click: the chart wants all the room, or to give it back."""

    def __init__(self, **names: Any) -> None:
        super().__init__(**names)
        self._dragged_from: int | None = None
        """Where the pointer was last, while the button is held."""
        self._dragged = False
        self.pinned = False
        """The cursor stands where a key or a click has put it, and does not follow the pointer."""

    @property
    @abstractmethod
    def full_view(self) -> Limits:
        """The whole x axis."""

    @property
    @abstractmethod
    def columns(self) -> int:
        """Cells between the two ends of the x axis, at least 1."""

    @abstractmethod
    def x_at(self, column: int) -> float | None:
        """The x of a column of the content area; None beside the canvas."""

    @abstractmethod
    def nearest(self, x: float, after: float | None = None) -> float | None:
        """The recorded x nearest to ``x``; past ``after`` as seen from there, if given."""

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show 1/``factor`` of the present extent of x; what is under ``at`` stays there."""
        low, high = self.view or self.full_view
        if at is None:
            inside = self.cursor is not None and low <= self.cursor <= high
            at = self.cursor if inside and self.cursor is not None else (low + high) / 2
        self._set_view(at - (at - low) / factor, at + (high - at) / factor)

    def pan(self, fraction: float) -> None:
        """Move by a fraction of what is shown, towards larger x if positive."""
        low, high = self.view or self.full_view
        full = self.full_view
        shift = min(max(fraction * (high - low), full[0] - low), full[1] - high)
        self._set_view(low + shift, high + shift)

    def reset_view(self) -> None:
        """Show the whole x axis."""
        self._set_view(*self.full_view)

    def move_cursor(self, x: float | None, *, pinned: bool = False) -> None:
        """Read values at the recorded x nearest to ``x``, and tell others; None hides it."""
        if x is not None:
            x = self.nearest(x)
        pinned = pinned and x is not None
        if (x, pinned) != (self.cursor, self.pinned):
            self.cursor, self.pinned = x, pinned
            self.post_message(self.CursorMoved(self, x, pinned))

    def _set_view(self, low: float, high: float) -> None:
        full = self.full_view
        extent = full[1] - full[0]
        low, high = max(low, full[0]), min(high, full[1])
        if high - low < 1e-6 * extent:
            return
        view = None if high - low > 0.999 * extent else (low, high)
        if view != self.view:
            self.view = view
            self.post_message(self.ViewChanged(self, view))

    # keys

    def action_step_cursor(self, cells: int) -> None:
        """Move the cursor by cells, and at least to the next recorded point."""
        low, high = self.view or self.full_view
        if self.cursor is None or not low <= self.cursor <= high:
            self.move_cursor(high, pinned=True)
            return
        # of a run that has just begun a cell of the whole axis would be all that there is
        last = self.nearest(high)
        end = high if last is None or not low < last < high else last
        x = self.cursor + cells * (end - low) / self.columns
        point = self.nearest(x, after=self.cursor)
        if point is not None:
            self.move_cursor(point, pinned=True)

    def action_hide_cursor(self) -> None:
        self.move_cursor(None)

    def action_zoom(self, factor: float) -> None:
        self.zoom(factor)

    def action_pan(self, fraction: float) -> None:
        self.pan(fraction)

    def action_reset_view(self) -> None:
        self.reset_view()

    def action_maximise(self) -> None:
        self.post_message(self.Maximise(self))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # without a cursor to hide, escape is left to the screen
        return action != "hide_cursor" or self.cursor is not None

    # mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged_from is None:
            if not self.pinned:
                self.move_cursor(self._pointed(event))
        elif event.screen_x != self._dragged_from:
            self._dragged = True
            self.pan((self._dragged_from - event.screen_x) / self.columns)
            self._dragged_from = event.screen_x

    def on_leave(self, event: events.Leave) -> None:
        if event.node is self and self._dragged_from is None and not self.pinned:
            self.move_cursor(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and self._pointed(event) is not None:
            self._dragged_from, self._dragged = event.screen_x, False
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._dragged_from is not None:
            self._dragged_from = None
            self.release_mouse()
            if not self._dragged:
                self.move_cursor(self._pointed(event), pinned=True)

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            event.stop()
            self.action_maximise()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, -1)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        event.stop()
        self.pan(-0.1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        event.stop()
        self.pan(0.1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        if event.shift:
            self.pan(-0.1 * direction)
        else:
            self.zoom(1.25**direction, self._pointed(event))

    def _pointed(self, event: events.MouseEvent) -> float | None:
        offset = event.get_content_offset(self)
        return None if offset is None else self.x_at(offset.x)
