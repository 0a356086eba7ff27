"""Which run of a preset with several seeds is opened in the lab."""

from __future__ import annotations

import math

from tuinn.comparison import label_of
from tuinn.race import Lane, Race, Racer
from tuinn.screens.race_sentences import judge


def entry(race: Race, racer: Racer) -> tuple[Lane, str]:
    """The run in the middle of its seeds by the figure that decides the race, and which that is
    in words; the first where none has begun. Of one seed there is nothing to be said.
    """
    if len(racer.lanes) == 1:
        return racer.lanes[0], ""
    results = race.results
    figure = judge(results) or "last_loss"
    values = [getattr(lane.outcome, figure) for lane in racer.lanes]
    begun = [
        place
        for place, lane in enumerate(racer.lanes)
        if lane.report.update and not math.isnan(values[place])
    ]
    if not begun:
        return racer.lanes[0], f"seed {racer.lanes[0].seed}"
    lane = racer.lanes[sorted(begun, key=values.__getitem__)[(len(begun) - 1) // 2]]
    by = label_of(results, figure)
    return lane, f"seed {lane.seed}, in the middle of {len(begun)} by {by}"
