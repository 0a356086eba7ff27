"""The sets inside the package: iris and the 8×8 digits (see bundled_sets/ATTRIBUTION.md)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.data.csvfile import read_csv
from engine.data.dataset import Dataset
from engine.data.npz import read_npz

FOLDER: Final = Path(__file__).parent / "bundled_sets"


def iris() -> Dataset:
    """150 flowers, 4 lengths in cm, 3 species; the species one after the other."""
    return read_csv(FOLDER / "iris.csv")


def digits() -> Dataset:
    """1797 handwritten digits, 8×8 pixels in [0, 1]."""
    stored = read_npz(FOLDER / "digits.npz")
    return replace(stored, X=stored.X / 16, image_shape=(8, 8))
