"""Letter and colour of every optimiser: the same on the map, in the table and on the curves.

Twelve colours cannot all be told apart by everyone, so the letter is the sign and the colour helps.
"""

from __future__ import annotations

LETTERS = {
    "sgd": "S",
    "momentum": "M",
    "nesterov": "N",
    "adagrad": "D",
    "rmsprop": "R",
    "adam": "A",
    "adamw": "W",
    "lbfgs": "L",
    "genetic": "G",
    "swarm": "P",
    "annealing": "T",
    "ants": "C",
}
"""D for aDagrad, W for adamW; P for particles, T for temperature, C for colony."""

_DARK = {
    "sgd": "#8fd3ff",
    "momentum": "#ffb52e",
    "nesterov": "#4be3a0",
    "adagrad": "#f4a3d6",
    "rmsprop": "#f5ee6a",
    "adam": "#ff9468",
    "adamw": "#b9a9ff",
    "lbfgs": "#ffffff",
    "genetic": "#c4f05c",
    "swarm": "#63e6e6",
    "annealing": "#ff7f9c",
    "ants": "#dcbb92",
}
"""Bright: they are drawn on a dark map in every theme."""
_LIGHT = {
    "sgd": "#0a6ea8",
    "momentum": "#9a6000",
    "nesterov": "#00754f",
    "adagrad": "#a8468a",
    "rmsprop": "#77700a",
    "adam": "#b8431a",
    "adamw": "#5a46c0",
    "lbfgs": "#303030",
    "genetic": "#567800",
    "swarm": "#007a7a",
    "annealing": "#b02a4c",
    "ants": "#7a5a30",
}


def ink(name: str) -> str:
    """The component class, without its prefix, of an optimiser's colour."""
    return f"walk-{name}"


def component_classes(prefix: str) -> set[str]:
    return {f"{prefix}--{ink(name)}" for name in LETTERS}


def css(widget: str, prefix: str, *, on_map: bool = False) -> str:
    """Default rules for these colours; ``on_map``: on the map, which is dark in every theme."""
    scopes = ((widget, _DARK),) if on_map else ((widget, _DARK), (f"{widget}:light", _LIGHT))
    return "\n".join(
        f"{scope} > .{prefix}--{ink(name)} {{ color: {colour}; }}"
        for scope, colours in scopes
        for name, colour in colours.items()
    )
