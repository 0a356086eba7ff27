"""The small SVG of a screen shows cell by cell what Rich's large one shows."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from rich.style import Style
from rich.text import Text

WIDTH, HEIGHT = 12.2, 24.4
SVG = "{http://www.w3.org/2000/svg}"
LINES = (
    ("label", "bold #ffcc00 on #101010", 6),
    ("left   right", "#80ff80 on #101010", 20),
    ("a < b & c", "italic #ffffff on #202020", 12),
    ("█▀▄▌▐▁▏", "#112233 on #445566", 7),
    ("x▀▀y█", "bold #aa0000 on #445566", 5),
    ("▀▄", "underline #00aa00 on #101010", 2),
    ("⠿⠶", "#0000ff on #101010", 3),
    ("  x ", "#ff0000 on #202020", 5),
    ("", "#ffffff on #101010", 20),
)
"""Texts with their styles and the cells that they fill."""
Grid = dict[tuple[int, int], str]


@pytest.fixture(scope="module")
def compact() -> Callable[[str], str]:
    file = Path(__file__).parents[1] / "docs" / "compact.py"
    spec = importlib.util.spec_from_file_location("compact_svg", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.compact


def exported() -> tuple[str, list[list[tuple[str, Style]]]]:
    """A screen of four lines by Rich, and character and style of each of its cells."""
    console = Console(
        width=80, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True
    )
    cells = []
    for start in range(4):
        line, row = Text(), []
        for text, style, width in (*LINES[start:], *LINES[:start]):
            padded = text.ljust(width)
            line.append(padded, style)
            row += [(character, Style.parse(style)) for character in padded]
        rest = 80 - len(row)
        line.append(" " * rest, "on #101010")
        row += [(" ", Style.parse("#ffffff on #101010"))] * rest
        cells.append(row[:80])
        console.print(line, end="\n", no_wrap=True, crop=True)
    return console.export_svg(title="a & b", unique_id="x"), cells


def painted(svg: str) -> tuple[Grid, Grid, Grid]:
    """Colour at the top and at the bottom of the middle of each cell, and its text with its style.

    The text is that of the cell and the declarations of its class.
    """
    root = ElementTree.fromstring(svg)
    styles = dict(re.findall(r"\.(\w+)\{(.*?)\}", svg))
    top, bottom, texts = {}, {}, {}
    for path in root.iter(f"{SVG}path"):
        if "fill" not in path.attrib:
            continue
        for found in re.finditer(r"M(\S+) (\S+?)h(\S+?)v(\S+?)H(\S+?)z", path.attrib["d"]):
            x, y, width, height, back = map(float, found.groups())
            assert back == x
            for row in range(int(y), int(y + height - 0.001) + 1):
                for column in range(int(x), int(x + width - 0.001) + 1):
                    for colours, at in ((top, 0.25), (bottom, 0.75)):
                        inside = y <= row + at < y + height and x <= column + 0.4 < x + width
                        if inside:
                            colours[row, column] = path.attrib["fill"]
    for group in root.iter(f"{SVG}g"):
        if "clip-path" not in group.attrib:
            continue
        y = float(re.findall(r"translate\(0 (\S+)\)", group.attrib["transform"])[0])
        row = round((y - 20) / HEIGHT)
        for text in group.findall(f"{SVG}text"):
            column = round(float(text.attrib["x"]) / WIDTH)
            if "textLength" in text.attrib:
                assert float(text.attrib["textLength"]) == pytest.approx(WIDTH * len(text.text))
            for at, character in enumerate(text.text):
                if character != "\N{NO-BREAK SPACE}":
                    style = styles[text.attrib["class"]]
                    texts[row, column + at] = f"{character} {style}"
    return top, bottom, texts


HALVES = {
    "█": (True, True),
    "▀": (True, False),
    "▄": (False, True),
    "▌": (True, True),
    "▐": (False, False),
    "▁": (False, False),
    "▏": (False, False),
}
"""Whether a block covers a cell two fifths from its left, in its upper and in its lower half."""


def test_each_cell_has_its_colours_and_its_text(compact: Callable[[str], str]) -> None:
    svg, cells = exported()
    top, bottom, texts = painted(compact(svg))
    for row, line in enumerate(cells):
        for column, (character, style) in enumerate(line):
            place = row, column
            ink, ground = style.color.name, style.bgcolor.name
            block = character in HALVES and not style.underline
            upper, lower = HALVES[character] if block else (False, False)
            assert top[place] == (ink if upper else ground), (place, character)
            assert bottom[place] == (ink if lower else ground), (place, character)
            if block or character == " ":
                assert place not in texts
                continue
            said, _, css = texts[place].partition(" ")
            assert said == character
            assert f"fill:{ink}" in css
            assert ("bold" in css, "italic" in css) == (bool(style.bold), bool(style.italic))
            assert ("underline" in css) == bool(style.underline)


def test_the_window_keeps_its_size_and_its_title(compact: Callable[[str], str]) -> None:
    svg, _ = exported()
    large, small = ElementTree.fromstring(svg), ElementTree.fromstring(compact(svg))
    assert small.attrib["viewBox"] == large.attrib["viewBox"]
    titles = [text.text for text in small.findall(f"{SVG}text")]
    assert titles == ["a\N{NO-BREAK SPACE}&\N{NO-BREAK SPACE}b"]
    assert len(list(small.iter(f"{SVG}circle"))) == 3


def test_bytes_are_saved_and_nothing_is_fetched_from_elsewhere(
    compact: Callable[[str], str],
) -> None:
    svg, _ = exported()
    small = compact(svg)
    assert len(small) < len(svg) / 2
    assert "url(http" not in small.replace('"', "")


def test_a_bare_cell_stays_bare(compact: Callable[[str], str]) -> None:
    """Where some cells have no background, no colour is laid under them."""
    console = Console(
        width=10, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True
    )
    console.print(Text.assemble(("ab", "on #101010"), "cd", ("ef", "on #101010")))
    top, _, texts = painted(compact(console.export_svg(unique_id="x")))
    assert top == {(0, column): "#101010" for column in (0, 1, 4, 5)}
    assert [texts[0, column][0] for column in range(6)] == list("abcdef")
