"""The keys of the equation inspector."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tuinn.widgets.footer import Key

BINDINGS: list[BindingType] = [
    Binding("right", "go_step(1)", "Next step", show=False, id="equations.next"),
    Binding("left", "go_step(-1)", "Step back", show=False, id="equations.back"),
    Binding("home", "go_to(0)", "First step", show=False, id="equations.first"),
    Binding("end", "go_to(-1)", "Last step", show=False, id="equations.last"),
    Binding("down", "go_row(1)", "Next unit", show=False, id="equations.down"),
    Binding("up", "go_row(-1)", "Unit before", show=False, id="equations.up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="equations.pagedown"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="equations.pageup"),
    Binding("shift+right", "go_column(1)", "Right", show=False, id="equations.right"),
    Binding("shift+left", "go_column(-1)", "Left", show=False, id="equations.left"),
    Binding("j", "go_example(1)", "Next example", show=False, id="equations.example"),
    Binding("k", "go_example(-1)", "Example before", show=False, id="equations.example_back"),
    Binding("w", "ask_example", "Number of an example", show=False, id="equations.number"),
    Binding("o", "toggle_order", "Largest inputs first", show=False, id="equations.order"),
]


def footer_keys(largest_first: bool | None) -> tuple[Key, ...]:
    """Those that the footer names; ``largest_first`` is None where inputs are not ordered."""
    keys = (
        Key("→", "next step", "focused.go_step(1)", 2),
        Key("←", "step back", "focused.go_step(-1)", 3),
        Key("↓", "next unit", "focused.go_row(1)", 4),
        Key("j", "next example", "focused.go_example(1)", 3),
        Key("k", "example before", "focused.go_example(-1)", 5),
        Key("w", "example no.", "focused.ask_example", 4),
    )
    if largest_first is None:
        return keys
    word = "in their order" if largest_first else "largest first"
    return (*keys, Key("o", word, "focused.toggle_order", 5))
