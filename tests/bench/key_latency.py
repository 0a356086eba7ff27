"""The time from a key to what answers it on a terminal; for the benchmarks of the screens."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, perf_counter

import numpy as np
from end_to_end.terminal import Terminal


def latencies(terminal: Terminal, answers: Sequence[tuple[str, bytes]], presses: int) -> np.ndarray:
    """Milliseconds from a key to the text that answers it, at all phases of a frame.

    ``answers``: keys and their texts, which are gone through in turn. The bytes are looked at as
    they come: to interpret them takes longer than to draw them.
    """
    found = []
    rng = np.random.default_rng(0)
    for press in range(presses):
        pause = monotonic() + 0.25 + rng.random() * 0.2
        while monotonic() < pause:
            terminal.read(0.01)
        key, answer = answers[press % len(answers)]
        seen = b""
        started = perf_counter()
        terminal.press(key)
        while answer not in seen:
            seen += terminal.take(1.0)
        found.append((perf_counter() - started) * 1e3)
        terminal.show(seen)
    return np.array(found)
