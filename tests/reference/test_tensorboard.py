"""TensorBoard's own reader finds in the event files what the run was."""

import math

import kept_runs
import numpy as np
import pytest
from kept_runs import CIRCLE, DIVERGED, SWARM

from tuinn.config import parse
from tuinn.export import export
from tuinn.export.tensorboard import scalars
from tuinn.store import Store

pytest.importorskip("tensorboardX", reason="tensorboardX is not installed (the `reference` extra)")
accumulators = pytest.importorskip(
    "tensorboard.backend.event_processing.event_accumulator",
    reason="TensorBoard is not installed (the `reference` extra)",
)
pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    kept_runs.fill(folder)
    opened = Store(folder, read_only=True)
    yield opened
    opened.close()


def read(folder):
    """All that TensorBoard finds in a folder."""
    everything = {accumulators.SCALARS: 0, accumulators.TENSORS: 0}
    found = accumulators.EventAccumulator(str(folder), size_guidance=everything)
    found.Reload()
    return found


@pytest.mark.parametrize("run", [CIRCLE, SWARM, DIVERGED])
def test_every_figure_of_every_snapshot_is_there(store, tmp_path, run):
    (folder,) = export(store, [run], tmp_path / "events", "tensorboard")
    found = read(folder)
    wanted = {}
    for snapshot in store.snapshots(run):
        for tag, value in scalars(snapshot):
            if math.isfinite(value):
                wanted.setdefault(tag, []).append((snapshot.update, value))
    assert set(found.Tags()["scalars"]) == set(wanted)
    assert "loss/train" in wanted
    assert ("delta/l1" in wanted) == (run != SWARM)
    started = store.run(run).started
    for tag, values in wanted.items():
        events = found.Scalars(tag)
        assert [event.step for event in events] == [update for update, _ in values]
        # TensorBoard keeps 32 bits
        with np.errstate(over="ignore"):
            kept = np.array([value for _, value in values], np.float32)
        assert np.array_equal(np.array([event.value for event in events], np.float32), kept)
        assert all(event.wall_time >= started for event in events)


def test_the_configuration_is_a_text(store, tmp_path):
    (folder,) = export(store, [CIRCLE], tmp_path / "events", "tensorboard")
    assert folder.name == "circle-1"
    (event,) = read(folder).Tensors("configuration/text_summary")
    text = event.tensor_proto.string_val[0].decode()
    import tomllib

    plain = "\n".join(line.removeprefix("    ") for line in text.splitlines())
    assert parse(tomllib.loads(plain)) == store.run(CIRCLE).config


def test_writing_again_replaces_what_was_there(store, tmp_path):
    for _ in range(2):
        (folder,) = export(store, [CIRCLE], tmp_path / "events", "tensorboard")
    assert len(list(folder.iterdir())) == 1
    assert len(read(folder).Scalars("loss/train")) == len(list(store.snapshots(CIRCLE)))
