"""What goes on behind a screen, and can be made to wait while it draws."""

from __future__ import annotations

from typing import Protocol


class Gate(Protocol):
    """Something that can be made to wait."""

    def hold(self) -> None: ...
    def release(self) -> None: ...
