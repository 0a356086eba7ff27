"""How the runners of a race are made."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tuinn.config import Config
from tuinn.race.lane import RacingRunner
from tuinn.runners.keep import KeepElsewhere


class Maker(Protocol):
    """Makes the runner of a lane."""

    def __call__(
        self,
        config: Config,
        folder: Path | None,
        *,
        interval: float,
        keep: KeepElsewhere | None,
        resume_id: int | None,
        store_folder: Path | None,
    ) -> RacingRunner: ...


def in_a_process(
    config: Config,
    folder: Path | None,
    *,
    interval: float,
    keep: KeepElsewhere | None,
    resume_id: int | None,
    store_folder: Path | None,
) -> RacingRunner:
    """A worker process, at lower priority."""
    from tuinn.runners.process import ProcessRunner

    return ProcessRunner(
        config,
        folder,
        interval=interval,
        keep=keep,
        resume_id=resume_id,
        store_folder=store_folder,
    )
