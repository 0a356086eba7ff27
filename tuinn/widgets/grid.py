"""A grid of characters with the ink of each; nothing here knows of widgets or of the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets.frame import SPACE
from tuinn.widgets.look import INKS

INK = {name: number for number, name in enumerate(INKS, start=1)}
"""Numbers of the inks in a grid; 0 is the colour of the widget itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Characters as code points and the ink of each, (height, width) both."""

    codes: NDArray[np.uint32]
    inks: NDArray[np.int32]

    @classmethod
    def blank(cls, width: int, height: int) -> Cells:
        return cls(np.full((height, width), SPACE, np.uint32), np.zeros((height, width), np.int32))

    def copy(self) -> Cells:
        return Cells(self.codes.copy(), self.inks.copy())

    def write(self, row: int, column: int, text: str, ink: int = 0) -> int:
        """Put text at a place, cut at the right edge; returns the column after it."""
        height, width = self.codes.shape
        if 0 <= row < height and column < width:
            text = text[: width - column]
            self.codes[row, column : column + len(text)] = [ord(c) for c in text]
            self.inks[row, column : column + len(text)] = ink
        return column + len(text)
