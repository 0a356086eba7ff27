"""Times as people write them: days and months are spans from their beginning to their end."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """Unix seconds, from the beginning up to the end; the end is not in it."""

    begin: float
    end: float


_WRITTEN = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?)(?:[ T]+(\d\d?):(\d\d))?)?")


def span(text: str) -> Span | None:
    """What a text says, in local time: "2026-11", "2026-11-22", "2026-11-22 14:30", "today",
    "yesterday"; None where it is no time."""
    text = text.strip().lower()
    if text in ("today", "yesterday"):
        today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return _days(today if text == "today" else today - timedelta(days=1))
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    day, hour, minute = (int(part) if part else None for part in found.groups()[2:])
    try:
        if day is None:
            end = datetime(year + month // 12, month % 12 + 1, 1)
            return Span(datetime(year, month, 1).timestamp(), end.timestamp())
        if hour is None or minute is None:
            return _days(datetime(year, month, day))
        begin = datetime(year, month, day, hour, minute)
        return Span(begin.timestamp(), (begin + timedelta(minutes=1)).timestamp())
    except (ValueError, OverflowError):
        # no such day
        return None


def _days(begin: datetime) -> Span:
    return Span(begin.timestamp(), (begin + timedelta(days=1)).timestamp())
