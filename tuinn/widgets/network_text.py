"""What is said of a unit and of a weight of a network, with the subject's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.inside.maps import LayerMaps
from engine.network import Network
from tuinn.notation import parameter
from tuinn.numbers import count, significant
from tuinn.widgets.network_layout import Column, Shape

_MOST_NAME = 12
"""Characters of the name of an input or of a class."""


class Place(NamedTuple):
    """What is selected: a unit and one of the parameters that lead to it; all count from 0."""

    layer: int
    """l = 0…L; an input (l = 0) has no parameters."""
    unit: int
    source: int
    """The unit of layer l − 1 that the weight comes from; n_(l−1) for the bias."""


class Facts(NamedTuple):
    """What a text is made from."""

    network: Network
    theta: NDArray[Any]
    gradient: NDArray[Any] | None
    inputs: Sequence[str]
    outputs: Sequence[str]
    image: tuple[int, int] | None

    def names(self, layer: int) -> Sequence[str]:
        """Those of the features or of the classes; () where the units have none."""
        if layer not in (0, self.network.L):
            return ()
        names = self.inputs if layer == 0 else self.outputs
        return names if len(names) == self.network.sizes[layer] else ()


def value_at(network: Network, theta: NDArray[Any], place: Place) -> float:
    """A weight or bias, or what stands at its place in an array with the layout of θ."""
    return float(network.V(theta)[place.layer - 1][place.unit, place.source])


def is_bias(facts: Facts, place: Place) -> bool:
    return place.source == facts.network.sizes[place.layer - 1]


def parameter_name(facts: Facts, place: Place, ascii_only: bool = False) -> str:
    """ "w²₃₁": to unit 3 of layer 2 from unit 1 of layer 1; "b²₃"; units count from 1."""
    column = None if is_bias(facts, place) else place.source
    return parameter(place.layer, place.unit, column, ascii_only=ascii_only)


def unit_texts(
    facts: Facts, place: Place, maps: LayerMaps | None, ascii_only: bool = False
) -> list[str]:
    """A line about a unit, from the fullest wording to the shortest."""
    network = facts.network
    layer, unit = place.layer, place.unit
    if layer == 0:
        name = _source(facts, place.layer + 1, unit)
        texts = [f"{name}: an input, it has no weights of its own", name]
        answers = _answers(maps, unit)
        if answers:
            return [f"{name}   {answers} over the plane", *texts]
        if maps is not None and maps.shows == "outgoing":
            norm = significant(float(maps.values[unit].squeeze()))
            texts.insert(0, f"{name}: an input; its square shows ‖w‖ = {norm} of the links from it")
        return texts
    activation = network.activations[layer - 1].name
    full = f"unit {unit + 1} of l={layer} ({activation})"
    if names := facts.names(layer):
        full += f" for {names[unit]}"
    short = f"unit {unit + 1} of l={layer}"
    bias = parameter_name(facts, Place(layer, unit, network.sizes[layer - 1]), ascii_only)
    b = significant(float(network.b(facts.theta)[layer - 1][unit]))
    w = np.asarray(network.W(facts.theta)[layer - 1][unit], np.float64)
    with np.errstate(all="ignore"):
        norm = significant(float(np.sqrt(w @ w)))
    texts = [
        f"{full}   {bias} = {b}   ‖w‖ = {norm}",
        f"{short}   {bias} = {b}   ‖w‖ = {norm}",
        f"{short}   {bias} = {b}",
        short,
    ]
    answers = _answers(maps, unit)
    if answers:
        texts[:0] = [
            f"{texts[0]}   answers {answers} over the plane",
            f"{full}   {bias} = {b}   answers {answers}",
        ]
    return texts


def parameter_texts(
    facts: Facts, place: Place, editable: bool, ascii_only: bool = False
) -> list[str]:
    """A line about the selected weight or bias, from the fullest wording to the shortest."""
    network = facts.network
    if place.layer == 0:
        return ["the links that lead on from it are drawn"]
    name = parameter_name(facts, place, ascii_only)
    value = f"{name} = {significant(value_at(network, facts.theta, place))}"
    where = _where(facts, place)
    brief = where.partition(" to ")[0] if not is_bias(facts, place) else "bias"
    arrows = "shift+up/down" if ascii_only else "shift+↑↓"
    keys = f"   w write, {arrows} change" if editable else ""
    slope = ""
    if facts.gradient is not None:
        of = "b" if is_bias(facts, place) else "w"
        slope = f"   ∂C/∂{of} = {significant(value_at(network, facts.gradient, place))}"
    return [
        f"{value}{slope}   {where}{keys}",
        f"{value}{slope}   {where}",
        f"{value}{slope}   {brief}",
        f"{value}   {where}",
        f"{value}{slope}",
        value,
    ]


def parameter_title(facts: Facts, place: Place, ascii_only: bool = False) -> str:
    """ "w¹₃₂ from x2 to unit 3 of l=1"."""
    return f"{parameter_name(facts, place, ascii_only)} {_where(facts, place)}"


def _where(facts: Facts, place: Place) -> str:
    to = f"unit {place.unit + 1} of l={place.layer}"
    if is_bias(facts, place):
        return f"bias of {to}"
    return f"from {_source(facts, place.layer, place.source)} to {to}"


def _source(facts: Facts, layer: int, source: int) -> str:
    """The unit of layer l − 1 in words."""
    if layer > 1:
        return f"unit {source + 1} of l={layer - 1}"
    if facts.image is not None:
        row, column = divmod(source, facts.image[1])
        return f"pixel {source + 1} (row {row + 1}, column {column + 1})"
    names = facts.names(0)
    return names[source] if names else f"input {source + 1}"


def _answers(maps: LayerMaps | None, unit: int) -> str:
    """The least and the largest answer over the plane."""
    if maps is None or maps.shows != "output" or np.isnan(maps.values[unit]).all():
        return ""
    values = maps.values[unit]
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    return f"{significant(least)} to {significant(most)}"


def head_texts(facts: Facts, layer: int) -> list[str]:
    """The name of a layer above its units, from the fullest wording to the shortest."""
    n = facts.network.sizes[layer]
    if layer == 0:
        size = f" ({facts.image[1]}×{facts.image[0]})" if facts.image else ""
        inputs = f"{count(n)} input{'s' if n > 1 else ''}"
        return [f"{inputs}{size}", inputs, "inputs", "x"]
    name = facts.network.activations[layer - 1].name
    return [f"l={layer} · {count(n)} {name}", f"l={layer} · {count(n)}", f"l={layer}"]


def legend(ascii_only: bool, coloured: bool) -> tuple[str, ...]:
    """What the lines and marks mean, from the fullest wording to the shortest."""
    if ascii_only:
        return (
            "lines: - / | \\ # positive, . : negative   marks: ^ bias positive, v negative",
            "- / | \\ # positive  . : negative",
        )
    how = "blue negative, orange positive" if coloured else "dotted negative, solid positive"
    return (
        f"lines: {how}, thick: large among those of the layer   ▲ ▽ sign of the bias",
        f"lines: {how}, thick: large   ▲ ▽ sign of the bias",
        f"lines: {how}   ▲ ▽ sign of the bias",
        f"lines: {how}",
    )


def longest(texts: Sequence[str], width: int) -> str:
    """The fullest wording that fits; "" where none does, so that no number is cut."""
    return next((text for text in texts if len(text) <= width), "")


def shapes(facts: Facts, *, plane: bool) -> list[Shape]:
    """What the layers of a network need for their boxes, marks and names."""
    network, image = facts.network, facts.image
    found = []
    for layer, n in enumerate(network.sizes):
        names = [_cut(name) for name in facts.names(layer)]
        longest_name = max(map(len, names), default=0)
        aspect = image[1] / image[0] if image and layer < 2 else 1.0
        if layer == 0 and image:
            found.append(Shape(0, n, 0, 1, aspect, 14, block=True, pixels=image[0]))
        elif layer == 0:
            found.append(Shape(0, n, (longest_name or len(str(n))) + 1, 1, most=8 if plane else 1))
        else:
            tail = 1 + (longest_name + 1 if names else 0)
            most = 8 if plane or (image and layer == 1) else 4
            pixels = image[0] if image and layer == 1 else 0
            found.append(Shape(layer, n, len(str(n)) + 1, tail, aspect, most, pixels=pixels))
    return found


def labels(facts: Facts, column: Column) -> tuple[list[str], list[str]]:
    """What stands before the boxes of a layer that are shown, and after them."""
    if column.shape.block:
        return [""], []
    names = (
        [_cut(facts.names(column.layer)[unit]) for unit in column.units]
        if facts.names(column.layer)
        else []
    )
    numbers = [str(unit + 1) for unit in column.units]
    return (names or numbers, []) if column.layer == 0 else (numbers, names)


def _cut(name: str) -> str:
    """Without its unit, as in "sepal length (cm)", if it is too long; then short enough."""
    if len(name) > _MOST_NAME:
        name = name.partition(" (")[0]
    return name if len(name) <= _MOST_NAME else name[: _MOST_NAME - 1] + "…"
