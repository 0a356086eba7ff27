"""What is exported and read again are the same numbers, bit for bit."""

import csv
import json
import math
from dataclasses import fields

import numpy as np
import pytest
from kept_runs import ALONE, CIRCLE, DIVERGED, SWARM

from engine import LayerSnapshot, Network
from engine.evaluation import evaluate
from engine.snapshot import OutputSnapshot
from tuinn.config import parse
from tuinn.experiment import build
from tuinn.export import export

RUNS = (CIRCLE, SWARM, DIVERGED, ALONE)
LAYER = [field.name for field in fields(LayerSnapshot) if field.name != "layer"]
SCALARS = (
    "epoch", "update", "seconds", "eta", "alpha", "batch_size", "train_loss", "train_accuracy",
    "validation_loss", "validation_accuracy", "evaluations",
)  # fmt: skip


def expected(snapshot):
    """Every figure by the name of its column, taken from the snapshot itself."""
    found = {name: getattr(snapshot, name) for name in SCALARS}
    for layer in snapshot.layers:
        found |= {f"l{layer.layer}_{name}": getattr(layer, name) for name in LAYER}
    if snapshot.output is not None:
        names = OutputSnapshot.__slots__
        found |= {f"output_{name}": getattr(snapshot.output, name) for name in names}
    if snapshot.search is not None:
        search = snapshot.search
        found |= {f"search_{name}": getattr(search, name) for name in ("best", "mean", "spread")}
        found |= {f"search_{name}": value for name, value in search.figures}
    return found


def same(text, value):
    """A cell says this value to the last bit; what does not exist is empty."""
    if value is None:
        return text == ""
    if isinstance(value, str):
        return text == value
    if isinstance(value, float) and math.isnan(value):
        return text in ("", "nan")
    return type(value)(text) == value


@pytest.mark.parametrize("run", RUNS)
def test_csv(store, tmp_path, run):
    (path,) = export(store, [run], tmp_path / "out.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    snapshots = list(store.snapshots(run))
    assert len(rows) == len(snapshots) > 2
    for row, snapshot in zip(rows, snapshots, strict=True):
        wanted = expected(snapshot)
        assert set(row) == set(wanted)
        assert all(same(row[name], value) for name, value in wanted.items())


def test_csv_has_the_columns_of_train(store, tmp_path):
    from tuinn.records import CsvFile

    snapshots = list(store.snapshots(CIRCLE))
    with CsvFile(tmp_path / "train.csv", snapshots[0]) as file:
        for snapshot in snapshots:
            file.add(snapshot)
    (path,) = export(store, [CIRCLE], tmp_path / "out.csv")
    assert path.read_text() == (tmp_path / "train.csv").read_text()


def finite(value):
    """JSON knows neither NaN nor ∞."""
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@pytest.mark.parametrize("run", RUNS)
def test_jsonl(store, tmp_path, run):
    (path,) = export(store, [run], tmp_path / "out.jsonl")
    *lines, final = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    snapshots = list(store.snapshots(run))
    assert lines == [finite(snapshot.record()) for snapshot in snapshots]
    assert final["final"]
    assert final["run"] == run
    assert parse(final["config"]) == store.run(run).config


@pytest.mark.parametrize("run", [CIRCLE, SWARM, ALONE])
def test_npz_holds_the_weights_that_give_the_last_loss(store, tmp_path, run):
    (path,) = export(store, [run], tmp_path / "out.npz")
    with np.load(path, allow_pickle=False) as file:
        held = dict(file)
    theta = store.checkpoint(run)["theta"]
    sizes = held["sizes"].tolist()
    network = Network(sizes, held["activations"].tolist(), theta.dtype)
    for layer, (W, b) in enumerate(zip(network.W(theta), network.b(theta)), start=1):
        assert held[f"W{layer}"].tobytes() == np.ascontiguousarray(W).tobytes()
        assert held[f"b{layer}"].tobytes() == np.ascontiguousarray(b).tobytes()
    config = parse(json.loads(str(held["config"])))
    assert config == store.run(run).now
    built = build(config)
    layers = range(1, len(sizes))
    again = network.pack(
        [held[f"W{l}"].tolist() for l in layers], [held[f"b{l}"].tolist() for l in layers]
    )
    assert again.tobytes() == theta.tobytes()
    loss, accuracy = evaluate(network, again, built.split.train, built.trainer.cost)
    # α is 0, so the bare cost is the loss
    assert (loss, accuracy) == pytest.approx(
        (store.run(run).train_loss, store.run(run).train_accuracy), rel=1e-12
    )
    assert held["update"] == store.run(run).update


def test_several_runs_have_a_file_each(store, tmp_path):
    paths = export(store, [SWARM, CIRCLE, SWARM], tmp_path / "out.csv")
    assert [path.name for path in paths] == ["out-2.csv", "out-1.csv"]
    assert sorted(tmp_path.iterdir()) == sorted(paths)
