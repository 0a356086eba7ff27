"""Several presets trained side by side, or runs of the store laid over each other."""

from tuinn.race.lane import Lane, RacingRunner
from tuinn.race.race import MOST, MOST_SEEDS, Race
from tuinn.race.racer import Racer

__all__ = ["MOST", "MOST_SEEDS", "Lane", "Race", "Racer", "RacingRunner"]
