"""The frame that plotext draws, and where its canvas is."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tuinn.widgets.frame import Frame, frame


def text(framed: Frame) -> list[str]:
    return ["".join(map(chr, row)).rstrip() for row in framed.codes]


def test_a_frame_has_axes_ticks_and_labels() -> None:
    framed = frame(40, 8, (0.0, 30.0), (0.0, 1.0), x_label="epoch")
    assert text(framed) == [
        "1.0┤",
        "   │",
        "0.5┤",
        "   │",
        "0.0┤",
        "   └┬───────────┬──────────┬───────────┬",
        "    0          10         20         30",
        "                    epoch",
    ]
    assert (framed.left, framed.top, framed.columns, framed.rows) == (4, 0, 36, 5)


def test_labels_of_a_log_axis_are_the_values_themselves() -> None:
    framed = frame(40, 8, (0.0, 30.0), (-2.0, 0.0), log=True, label_width=6)
    rows = text(framed)
    assert [rows[0], rows[-3], framed.left] == ["     1┤", "  0.01┤", 7]
    assert "0.1" in "".join(rows)


def test_ascii_only() -> None:
    framed = frame(40, 8, (-30.0, 30.0), (-1.0, 1.0), ascii_only=True)
    assert framed.codes.max() < 128
    assert framed.columns < 40


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("width", [1, 3, 8, 12, 13, 40, 300])
@pytest.mark.parametrize("height", [1, 2, 3, 4, 5, 8, 100])
def test_a_frame_of_any_size_has_that_size(width: int, height: int, log: bool) -> None:
    framed = frame(width, height, (0.0, 7.3e5), (-12.0, 3.0), log=log, x_label="update")
    assert framed.codes.shape == (height, width)
    assert framed.left + framed.columns == width
    canvas = framed.codes[: framed.rows, framed.left :]
    assert canvas.shape == (framed.rows, framed.columns)
    assert (canvas == ord(" ")).all()


def test_nothing_is_written_behind_the_back_of_the_screen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    frame(41, 9, (0.0, 1.0), (0.0, 1.0))
    sys.stdout.flush()
    assert capfd.readouterr() == ("", "")


def test_a_frame_is_built_once() -> None:
    assert frame(42, 9, (0.0, 1.0), (0.0, 1.0)) is frame(42, 9, (0.0, 1.0), (0.0, 1.0))
    assert np.array_equal(frame(42, 9, (0.0, 1.0), (0.0, 1.0)).codes.shape, (9, 42))
