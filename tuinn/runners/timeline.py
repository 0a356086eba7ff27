"""Which configuration a run followed when: fields may change while it lives."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from tuinn.config import Config, changed

PATHS = {
    "eta": "optimizer.eta",
    "alpha": "regularisation.alpha",
    "batch_size": "training.batch_size",
}
"""What changes in mid-run, beside the stop conditions: argument of `Trainer.change` → field."""


class Timeline:
    """The configurations of a run, each from an update on.

    One thread may change it while others read: what has changed is replaced as a whole.
    """

    def __init__(self, config: Config) -> None:
        self._changes: tuple[tuple[int, Config], ...] = ((0, config),)

    @property
    def now(self) -> Config:
        return self._changes[-1][1]

    def at(self, update: int) -> Config:
        """The one that was followed after that update."""
        return next(config for since, config in reversed(self._changes) if since <= update)

    def change(self, update: int, values: dict[str, Any]) -> None:
        """`Trainer.change` was given these values after that update."""
        config = self.now
        for name, value in values.items():
            if value is None:
                continue
            if name == "stop":
                stop = msgspec.structs.replace(config.stop, **asdict(value))
                config = msgspec.structs.replace(config, stop=stop)
            else:
                config = changed(config, PATHS[name], value)
        self.follow(update, config)

    def follow(self, update: int, config: Config) -> None:
        """From that update on it is `config`; what was followed later belongs to another run."""
        before = (change for change in self._changes if change[0] < update)
        self._changes = (*before, (update, config))
