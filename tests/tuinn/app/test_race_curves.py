"""The curves of a race with several seeds, which may end at different places."""

import numpy as np
import pytest

from engine.snapshot import Snapshot
from tuinn.config import parse
from tuinn.race import Lane
from tuinn.screens.race_curves import curve


def lane(updates: int, loss: float) -> Lane:
    """A run that ends after so many updates."""
    made = Lane(parse({}))
    for update in range(updates + 1):
        made.history.append(
            Snapshot(update / 10, update, 0.5, 0.1, 0.0, update, loss, 0.5, None, None, ())
        )
    return made


@pytest.mark.parametrize("banded", [True, False])
def test_the_median_ends_where_too_few_go_on_and_its_last_value_is_read(banded: bool) -> None:
    lanes = [lane(updates, loss) for updates, loss in ((5, 0.3), (9, 0.1), (20, 0.2))]
    found = curve(lanes, lambda history: history.column("train_loss"), "update", "x", "train",
                  banded=banded)  # fmt: skip
    assert found.x[-1] == 9
    assert np.isfinite(found.y).all()
    assert found.last == found.at(9.0) == pytest.approx(0.15)
    assert (found.low is not None) == banded


def test_a_median_that_is_no_number_at_its_end_is_told_as_none() -> None:
    lanes = [lane(3, loss) for loss in (np.nan, np.nan, 0.2)]
    found = curve(lanes, lambda history: history.column("train_loss"), "update", "x", "train",
                  banded=False)  # fmt: skip
    assert np.isnan(found.last)
