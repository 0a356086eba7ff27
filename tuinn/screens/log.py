"""The log file: what would otherwise be written over the screen."""

from __future__ import annotations

import logging
import os
from collections import deque
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_path() -> Path:
    """Where the log is written; ``TUINN_HOME`` moves it."""
    home = os.environ.get("TUINN_HOME")
    if home:
        return Path(home).expanduser() / "log" / "tuinn.log"
    from platformdirs import user_log_path

    return user_log_path("tuinn") / "tuinn.log"


class LogFile(logging.Handler):
    """Writes records to the file, and keeps the warnings for the screen to show.

    Records come from any thread. A file that cannot be written is itself worth a warning.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter(FORMAT))
        self.path = log_path()
        self._file: logging.FileHandler | None = None
        self._news: deque[str] = deque(maxlen=20)
        self._propagated: dict[str, bool] = {}

    def open(self) -> None:
        """Take the records of tuinn, and Python's warnings."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = logging.FileHandler(self.path, encoding="utf-8")
            self._file.setFormatter(self.formatter)
        except OSError as error:
            self._news.append(f"no log is written: {self.path}: {error.strerror}")
        logging.captureWarnings(True)
        for name in ("tuinn", "py.warnings"):
            logger = logging.getLogger(name)
            self._propagated[name] = logger.propagate
            logger.propagate = False
            logger.addHandler(self)
        logging.getLogger("tuinn").setLevel(logging.INFO)

    def close(self) -> None:
        logging.captureWarnings(False)
        for name, propagate in self._propagated.items():
            logger = logging.getLogger(name)
            logger.removeHandler(self)
            logger.propagate = propagate
        if self._file:
            self._file.close()
            self._file = None
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self._news.append(" ".join(record.getMessage().split()))
        if self._file:
            self._file.emit(record)

    def news(self) -> str:
        """The oldest warning that was not shown yet; empty where there is none."""
        return self._news.popleft() if self._news else ""
