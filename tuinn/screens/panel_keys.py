"""The keys that the panel with the focus understands by itself, as actions."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget

from tuinn.screens.actions import Action
from tuinn.widgets.zoomable import Zoomable

GROUP = "Keys of this panel"
SHOWN = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "page up",
    "pagedown": "page down",
}
"""Keys whose names are not what stands on them."""


def panel_actions(panel: Widget | None) -> list[Action]:
    """What the panel does by keys of its own; their actions are the panel's ``action_<method>``.

    What all charts understand is the lab's, too, and is not told twice.
    """
    found: dict[str, Action] = {}
    for cls in type(panel).__mro__:
        # the fields of a form have bindings without names: they stand in the footer
        named = [one for one in _own(cls) if one.id] if cls is not Zoomable else []
        for binding in named:
            found.setdefault(binding.id or "", _action(binding))
    return list(found.values())


def _own(cls: type) -> list[Binding]:
    return [one for one in cls.__dict__.get("BINDINGS", ()) if isinstance(one, Binding)]


def _action(binding: Binding) -> Action:
    keys = binding.key.split(",")
    return Action(
        id=binding.id or "",
        keys=binding.key,
        shown=" ".join(_shown(key) for key in keys),
        method=binding.action,
        label=binding.description,
        help=binding.description,
        group=GROUP,
    )


def _shown(key: str) -> str:
    *held, last = key.split("+")
    return "+".join((*held, SHOWN.get(last, last)))
