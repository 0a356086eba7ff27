"""Data sets: what they are, where they come from, and how they are divided.

`load` finds a set by name or path, `split` divides it and encodes its labels, `catalogue` lists
what there is. Everything that can be wrong with data is a `DataError`.
"""

from engine.data.dataset import Dataset, Examples, encode
from engine.data.errors import DataError
from engine.data.features import SELECTABLE, Features, count
from engine.data.registry import Entry, catalogue, found, load
from engine.data.split import Scaling, Split, split

__all__ = [
    "SELECTABLE",
    "DataError",
    "Dataset",
    "Entry",
    "Examples",
    "Features",
    "Scaling",
    "Split",
    "catalogue",
    "count",
    "encode",
    "found",
    "load",
    "split",
]
