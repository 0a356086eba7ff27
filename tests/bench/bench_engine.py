"""Microseconds per update of gradient descent, beside peers in the same run.

    python tests/bench/bench_engine.py [--rounds N] [--network2 network2.py] [--playground nn.js]

Peers: naive numpy (written here), PyTorch eager and scikit-learn where they are installed, and
on request the published code of Nielsen's network2.py (Python 2 is translated on the fly) and of
TensorFlow Playground (its nn.ts, transpiled to CommonJS; needs node). Everything runs on one
thread, in turn, round by round; a peer's figure is its best round. Prints a table of ratios, and
the share of the time that the default diagnostics cost.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from engine import GradientDescent, Network, Stop, Trainer
from engine.data import Examples, Split
from engine.data.split import Scaling

ETA = 0.1


@dataclass(frozen=True)
class Case:
    sizes: tuple[int, ...]
    k: int
    m: int
    dtype: str = "float64"

    @property
    def name(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, {self.k}, {self.dtype}"

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(0)
        X = rng.random((self.m, self.sizes[0]))
        if self.sizes[-1] == 1:
            Y = rng.integers(0, 2, (self.m, 1)).astype(float)
        else:
            Y = np.eye(self.sizes[-1])[rng.integers(0, self.sizes[-1], self.m)]
        return X.astype(self.dtype), Y.astype(self.dtype)


CASES = (
    Case((2, 8, 1), 10, 400),
    Case((2, 8, 1), 1, 400),
    Case((64, 30, 10), 10, 1400),
    Case((784, 30, 10), 10, 5000),
    Case((784, 100, 10), 10, 5000),
    Case((784, 512, 512, 10), 128, 5120, "float32"),
)
WANTED = {
    "2-8-1, 10, float64": {"PyTorch": 30, "scikit-learn": 18},
    "784-30-10, 10, float64": {"PyTorch": 8, "scikit-learn": 4.5},
    "784-512-512-10, 128, float32": {"PyTorch": 1.1, "scikit-learn": 1.2},
}


def split_of(X: np.ndarray, Y: np.ndarray) -> Split:
    train = Examples(X=X, Y=Y, labels=Y.argmax(axis=1) if Y.shape[1] > 1 else Y[:, 0].astype(int))
    empty = Examples(
        X=np.empty((0, X.shape[1])), Y=np.empty((0, Y.shape[1])), labels=np.empty(0, int)
    )
    return Split(train=train, validation=empty, test=empty, scaling=Scaling.fit(X, "none"))


def tuinn(case: Case) -> Trainer:
    network = Network(case.sizes, ("sigmoid",) * (len(case.sizes) - 1), case.dtype)
    return Trainer(
        network,
        split_of(*case.data()),
        optimizer=GradientDescent(ETA),
        batch_size=case.k,
        stop=Stop(epochs=10**9),
    )


def run_tuinn(case: Case) -> Callable[[int], object]:
    return tuinn(case).run


def run_naive(case: Case) -> Callable[[int], object]:
    """What one writes after reading the book: whole mini-batches as matrices, nothing more."""
    rng = np.random.default_rng(1)
    X, Y = case.data()
    pairs = list(zip(case.sizes[:-1], case.sizes[1:], strict=True))
    W = [(rng.standard_normal((n, b)) / np.sqrt(b)).astype(case.dtype) for b, n in pairs]
    b = [rng.standard_normal((n, 1)).astype(case.dtype) for _, n in pairs]

    def run(updates: int) -> None:
        done = 0
        with np.errstate(over="ignore"):
            while done < updates:
                order = rng.permutation(case.m)
                for start in range(0, case.m, case.k):
                    if done == updates:
                        return
                    rows = order[start : start + case.k]
                    a, y = [X[rows].T], Y[rows].T
                    for w, c in zip(W, b, strict=True):
                        a.append(1 / (1 + np.exp(-(w @ a[-1] + c))))
                    delta = a[-1] - y
                    for layer in range(len(W) - 1, -1, -1):
                        dW, db = delta @ a[layer].T, delta.sum(axis=1, keepdims=True)
                        if layer:
                            delta = (W[layer].T @ delta) * a[layer] * (1 - a[layer])
                        W[layer] -= ETA / len(rows) * dW
                        b[layer] -= ETA / len(rows) * db
                    done += 1

    return run


def run_torch(case: Case) -> Callable[[int], object]:
    import torch

    torch.set_num_threads(1)
    X, Y = (torch.tensor(array) for array in case.data())
    layers: list[torch.nn.Module] = []
    for before, n in zip(case.sizes[:-1], case.sizes[1:], strict=True):
        layers += [torch.nn.Linear(before, n), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers[:-1]).to(X.dtype)
    loss = torch.nn.BCEWithLogitsLoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), lr=ETA)

    def run(updates: int) -> None:
        done = 0
        while done < updates:
            for rows in torch.randperm(case.m).split(case.k):
                if done == updates:
                    return
                optimizer.zero_grad()
                (loss(model(X[rows]), Y[rows]) / len(rows)).backward()
                optimizer.step()
                done += 1

    return run


def run_sklearn(case: Case) -> Callable[[int], object]:
    from sklearn.neural_network import MLPClassifier

    X, Y = case.data()
    labels = Y.argmax(axis=1) if Y.shape[1] > 1 else Y[:, 0].astype(int)
    per_epoch = -(-case.m // case.k)

    def run(updates: int) -> float:
        epochs = max(1, updates // per_epoch)
        peer = MLPClassifier(
            case.sizes[1:-1], activation="logistic", solver="sgd", learning_rate_init=ETA,
            momentum=0.0, alpha=0.0, batch_size=case.k, max_iter=epochs, tol=0.0,
            n_iter_no_change=10**9,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            started = perf_counter()
            peer.fit(X, labels)
        return (perf_counter() - started) / (epochs * per_epoch) * updates

    return run


def run_network2(case: Case, path: Path) -> Callable[[int], object] | None:
    if case.dtype != "float64":
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lib2to3.refactor import RefactoringTool  # in the standard library up to Python 3.12

        tool = RefactoringTool(["lib2to3.fixes.fix_print", "lib2to3.fixes.fix_xrange"])
        source = str(tool.refactor_string(path.read_text() + "\n", str(path)))
    names: dict[str, object] = {"__name__": "network2"}
    exec(compile(source, str(path), "exec"), names)
    network = names["Network"](list(case.sizes), cost=names["CrossEntropyCost"])  # type: ignore[operator]
    X, Y = case.data()
    data = [(x[:, None], y[:, None]) for x, y in zip(X, Y, strict=True)]

    def run(updates: int) -> None:
        for update in range(updates):
            start = update * case.k % (case.m - case.k + 1)
            network.update_mini_batch(data[start : start + case.k], ETA, 0.0, case.m)

    return run


PLAYGROUND = """
const nn = require(process.argv[1]);
const [sizes, k, m, updates] = JSON.parse(process.argv[2]);
const ids = Array.from({length: sizes[0]}, (_, i) => "x" + i);
const sigma = [nn.Activations.SIGMOID, nn.Activations.TANH];
const network = nn.buildNetwork(sizes, ...sigma, null, ids, false);
const X = Array.from({length: m}, () => ids.map(() => Math.random()));
const y = X.map(() => Math.random() < 0.5 ? -1 : 1);
function run(updates) {
  let done = 0, seen = 0;
  while (done < updates) {
    nn.forwardProp(network, X[seen % m]);
    nn.backProp(network, y[seen % m], nn.Errors.SQUARE);
    if (++seen % k === 0) { nn.updateWeights(network, 0.1, 0); done++; }
  }
}
run(updates);
const started = process.hrtime.bigint();
run(updates);
console.log(Number(process.hrtime.bigint() - started) / 1e9);
"""


def run_playground(case: Case, path: Path) -> Callable[[int], object] | None:
    if case.sizes[-1] != 1:
        return None

    def run(updates: int) -> float:
        argument = f"[{list(case.sizes)}, {case.k}, {case.m}, {updates}]"
        result = subprocess.run(
            ["node", "-e", PLAYGROUND, str(path.resolve()), argument],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return float(result.stdout)

    return run


def microseconds(run: Callable[[int], object], updates: int) -> float:
    started = perf_counter()
    measured = run(updates)
    seconds = measured if isinstance(measured, float) else perf_counter() - started
    return seconds / updates * 1e6


def peers(case: Case, options: argparse.Namespace) -> dict[str, Callable[[int], object]]:
    found: dict[str, Callable[[int], object] | None] = {
        "tuinn": run_tuinn(case),
        "naive numpy": run_naive(case),
    }
    for name, make in (("PyTorch", run_torch), ("scikit-learn", run_sklearn)):
        try:
            found[name] = make(case)
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
    if options.network2:
        found["network2.py"] = run_network2(case, options.network2)
    if options.playground:
        found["TF Playground"] = run_playground(case, options.playground)
    return {name: run for name, run in found.items() if run}


def diagnostics_share(case: Case) -> float:
    """Share of the time for the layers' figures at ten snapshots a second."""
    trainer = tuinn(case)
    trainer.run(100)
    trainer.snapshot()
    repeats = 20
    started = perf_counter()
    for _ in range(repeats):
        trainer._diagnose()
    return (perf_counter() - started) / repeats * 10


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--network2", type=Path)
    parser.add_argument("--playground", type=Path)
    options = parser.parse_args()
    print(f"numpy {np.__version__}, one thread, best of {options.rounds} rounds; µs per update")
    print(f"{'':32}{'µs':>9}{'× tuinn':>9}{'wanted':>8}")
    for case in CASES:
        runs = peers(case, options)
        updates = {}
        for name, run in runs.items():
            microseconds(run, 20)
            updates[name] = max(20, int(0.15e6 / microseconds(run, 50)))
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(options.rounds):
            for name, run in runs.items():
                best[name] = min(best[name], microseconds(run, updates[name]))
        print(f"{case.name}   diagnostics {diagnostics_share(case):.2%}")
        for name, figure in best.items():
            wanted = WANTED.get(case.name, {}).get(name, 1.0)
            note = "" if name == "tuinn" else f"{figure / best['tuinn']:9.2f}{wanted:8g}"
            print(f"    {name:28}{figure:9.2f}{note}")


if __name__ == "__main__":
    main()
