"""Makes the SVG that Rich exports of a screen small, without changing what it shows.

Rich writes one rectangle and one text for every run of cells of one style, and the id of the
picture on each of them. Here the rectangles of one colour become one path in units of cells, the
commonest colour lies under all of them, block characters are drawn as the rectangles that they are
(and so have no gaps whatever the font), and what all texts of a line have in common is said once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

SVG = "{http://www.w3.org/2000/svg}"
CELL_WIDTH, CELL_HEIGHT, BASELINE = 12.2, 24.4, 20.0
"""Of Rich's pictures, in their units; the last is from the top of a line."""
TOP = 1.5
"""From the origin of the cells to the top of the first line."""
BLANK = "\N{NO-BREAK SPACE}"


class Box(NamedTuple):
    """A rectangle in units of cells."""

    row: float
    column: float
    width: float
    height: float


class Run(NamedTuple):
    """Characters of one style in one line."""

    row: int
    column: int
    style: str
    text: str


Filled = tuple[str, Box]
"""With its colour, as SVG writes it."""


def _blocks() -> dict[str, Box]:
    """The block characters that are one rectangle, as parts of a cell."""
    lower = {chr(0x2580 + n): Box(1 - n / 8, 0, 1, n / 8) for n in range(1, 9)}
    left = {chr(0x2590 - n): Box(0, 0, n / 8, 1) for n in range(1, 8)}
    return lower | left | {"▀": Box(0, 0, 1, 0.5), "▐": Box(0, 0.5, 0.5, 1)}


BLOCKS = _blocks()


def compact(svg: str) -> str:
    """The same picture in fewer bytes; ``svg`` is what Rich's ``Console.export_svg`` gives."""
    root = ElementTree.fromstring(svg)
    styles = dict(re.findall(r"\.\S+-(r\d+) \{ (.*?) \}", svg))
    cells = next(group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}g") is not None)
    grounds = [(rect.attrib["fill"], _box(rect)) for rect in cells.findall(f"{SVG}rect")]
    blocks: list[Filled] = []
    texts: list[Run] = []
    for run in map(_run, cells.iter(f"{SVG}text")):
        drawn, left = _drawn(run, styles[run.style])
        blocks += drawn
        texts += left
    names = {style: _name(at) for at, style in enumerate(dict.fromkeys(run.style for run in texts))}
    return "\n".join(
        [
            f'<svg viewBox="{root.attrib["viewBox"]}" xmlns="{SVG[1:-1]}" '
            'font-family="Fira Code,monospace" font-size="20">',
            "<style>",
            *(f".{name}{{{_short(styles[style])}}}" for style, name in names.items()),
            "</style>",
            f'<clipPath id="line"><path d="M0 {_number(TOP - BASELINE)}'
            f'h9999v{_number(CELL_HEIGHT + 0.25)}H0z"/></clipPath>',
            *_around(root),
            f'<g transform="{cells.attrib["transform"]}">',
            f'<g transform="translate(0 {TOP})scale({CELL_WIDTH} {CELL_HEIGHT})" '
            'shape-rendering="crispEdges">',
            *_paths(_over_common(grounds)),
            *_paths(blocks),
            "</g>",
            *_lines(texts, names),
            "</g>",
            "</svg>\n",
        ]
    )


def _box(rect: ElementTree.Element) -> Box:
    x, y, width = (float(rect.attrib[name]) for name in ("x", "y", "width"))
    row = round((y - TOP) / CELL_HEIGHT)
    return Box(row, round(x / CELL_WIDTH), round(width / CELL_WIDTH), 1)


def _run(text: ElementTree.Element) -> Run:
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    style = text.attrib["class"].rpartition("-")[2]
    row = round((y - BASELINE) / CELL_HEIGHT)
    return Run(row, round(x / CELL_WIDTH), style, text.text or "")


def _drawn(run: Run, css: str) -> tuple[list[Filled], list[Run]]:
    """The blocks of a run as rectangles with their colours, and what is left of it to write."""
    if "text-decoration" in css:
        return [], [run]
    colour = css.removeprefix("fill: ").partition(";")[0]
    boxes, left = [], []
    for part in re.finditer(f"([{''.join(BLOCKS)}]+)|[^{''.join(BLOCKS)}]+", run.text):
        column = run.column + part.start()
        if part[1]:
            for at, block in enumerate(part[1], start=column):
                box = BLOCKS[block]
                boxes.append((colour, box._replace(row=run.row + box.row, column=at + box.column)))
        elif text := part[0].strip(BLANK):
            column += len(part[0]) - len(part[0].lstrip(BLANK))
            left.append(run._replace(column=column, text=text))
    return boxes, left


def _over_common(grounds: list[Filled]) -> list[Filled]:
    """The backgrounds; the commonest as one, below the others, where they leave nothing bare."""
    area: dict[str, float] = defaultdict(float)
    for colour, box in grounds:
        area[colour] += box.width
    columns = max((box.column + box.width for _, box in grounds), default=0)
    lines = max((box.row + 1 for _, box in grounds), default=0)
    if not grounds or sum(area.values()) < columns * lines:
        return grounds
    common = max(area, key=area.__getitem__)
    others = [(colour, box) for colour, box in grounds if colour != common]
    return [(common, Box(0, 0, columns, lines)), *others]


def _paths(boxes: Iterable[Filled]) -> Iterable[str]:
    """One path for every colour, in the order in which the colours first come."""
    of_colour: dict[str, list[Box]] = defaultdict(list)
    for colour, box in boxes:
        of_colour[colour].append(box)
    for colour, members in of_colour.items():
        yield f'<path fill="{colour}" d="{_outline(_merged(members))}"/>'


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """Boxes beside each other as one, and then equal ones above each other."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box.row, box.height, box.column)):
        last = found[-1] if found else None
        beside = last is not None and (last.row, last.height) == (box.row, box.height)
        if last is not None and beside and last.column + last.width == box.column:
            found[-1] = last._replace(width=last.width + box.width)
        else:
            found.append(box)
    stacked: list[Box] = []
    for box in sorted(found, key=lambda box: (box.column, box.width, box.row)):
        last = stacked[-1] if stacked else None
        same = last is not None and (last.column, last.width) == (box.column, box.width)
        if last is not None and same and last.row + last.height == box.row:
            stacked[-1] = last._replace(height=last.height + box.height)
        else:
            stacked.append(box)
    return sorted(stacked)


def _outline(boxes: Iterable[Box]) -> str:
    number = _number
    return "".join(
        f"M{number(box.column)} {number(box.row)}h{number(box.width)}v{number(box.height)}"
        f"H{number(box.column)}z"
        for box in boxes
    )


def _lines(runs: Iterable[Run], names: dict[str, str]) -> Iterable[str]:
    """The texts, line by line: each is clipped to its line, as glyphs of other fonts are higher."""
    of_row: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        of_row[run.row].append(run)
    for row, members in sorted(of_row.items()):
        y = _number(row * CELL_HEIGHT + BASELINE)
        yield (
            f'<g transform="translate(0 {y})" clip-path="url(#line)">'
            + "".join(
                f'<text class="{names[run.style]}" x="{_number(run.column * CELL_WIDTH)}"'
                # one character has no distances to adjust
                + (f' textLength="{_number(len(run.text) * CELL_WIDTH)}"' if run.text[1:] else "")
                + f">{escape(run.text)}</text>"
                for run in members
            )
            + "</g>"
        )


def _around(root: ElementTree.Element) -> Iterable[str]:
    """The window around the cells: its ground, its title, its buttons."""
    for element in root:
        if element.tag == f"{SVG}rect":
            yield _tag("rect", element.attrib)
        if element.tag == f"{SVG}text":
            kept = {name: value for name, value in element.attrib.items() if name != "class"}
            look = {"font-family": "arial", "font-size": "18", "font-weight": "bold"}
            yield _tag("text", kept | look, element.text or "")
        circles = element.findall(f"{SVG}circle")
        if circles:
            inner = "".join(_tag("circle", circle.attrib) for circle in circles)
            yield f'<g transform="{element.attrib["transform"]}">{inner}</g>'


def _tag(name: str, attributes: dict[str, str], text: str = "") -> str:
    said = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name} {said}>{escape(text)}</{name}>" if text else f"<{name} {said}/>"


def _short(css: str) -> str:
    return css.replace(": ", ":").strip("; ")


def _name(at: int) -> str:
    """a, b, … z, aa, ab, …"""
    found = ""
    at += 1
    while at:
        at, letter = divmod(at - 1, 26)
        found = chr(ord("a") + letter) + found
    return found


def _number(value: float) -> str:
    """At most three decimals, none that say nothing."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
