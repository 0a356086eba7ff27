"""The parts of δ against plain numpy, and what they are called."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watched_runs import SHAPES, M, Run, matrices, run, slope, value

from engine.inside.cause import LARGEST, Cause

NAN, INF = math.nan, math.inf


def norms(of: Run, theta: np.ndarray) -> list[dict[str, float]]:
    """Means over the examples of ‖δ^l‖, of what arrives and of σ', example by example."""
    layers = matrices(of, theta)
    found = [{"delta": 0.0, "arriving": 0.0, "slope": 0.0} for _ in layers]
    for x, y in zip(of.X, of.Y, strict=True):
        a, zs = x, []
        for (W, b), name in zip(layers, of.activations, strict=True):
            zs.append(W @ a + b)
            a = value(name, zs[-1])
        arriving = a - y
        for l in reversed(range(len(layers))):
            prime = slope(of.activations[l], zs[l])
            cancelled = l == len(layers) - 1 and of.cost == "cross-entropy"
            delta = arriving if cancelled else arriving * prime
            found[l]["arriving"] += math.hypot(*arriving) / M
            found[l]["delta"] += math.hypot(*delta) / M
            found[l]["slope"] += prime.mean() / M
            arriving = layers[l][0].T @ delta
    return found


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_parts_of_delta_are_those_of_backpropagation(shape: str, alpha: float) -> None:
    ran = run(shape, alpha)
    for place in ran.moments:
        layers = ran.snapshots[place].layers
        expected = norms(ran, ran.snapshots[place].theta)
        for l, parts in enumerate(expected):
            layer = layers[l]
            above = layers[l + 1].delta if layer is not layers[-1] else NAN
            cause = Cause(
                l + 1, layer.activation, layer.delta, layer.arriving, layer.sigma_prime, above
            )
            assert cause.delta == pytest.approx(parts["delta"])
            assert cause.arriving == pytest.approx(parts["arriving"])
            assert cause.sigma_prime == pytest.approx(parts["slope"])
            assert cause.through == pytest.approx(parts["delta"] / parts["arriving"])
            assert cause.product == pytest.approx(parts["arriving"] * parts["slope"])
            assert cause.output == (l == len(expected) - 1)
            if not cause.output:
                above = expected[l + 1]["delta"]
                assert cause.passed == pytest.approx(parts["arriving"] / above)
                assert cause.passed * cause.through == pytest.approx(parts["delta"] / above)
                assert cause.through <= LARGEST[ran.activations[l]] * (1 + 1e-9)


def hidden(delta: float, arriving: float, above: float, activation: str = "sigmoid") -> Cause:
    return Cause(1, activation, delta, arriving, 0.2, above)


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        # weights pass on 0.1, σ' is at 0.8 of its largest
        (hidden(0.02, 0.1, 1.0), "small weights"),
        # weights pass on all, σ' is at 0.04 of its largest
        (hidden(0.01, 1.0, 1.0), "saturation"),
        # both are small: the smaller part is named
        (hidden(0.4 * 0.25 * 0.1, 0.4, 1.0), "saturation"),
        (hidden(0.1 * 0.25 * 0.4, 0.1, 1.0), "small weights"),
        # large weights against saturation
        (hidden(0.3, 10.0, 1.0), "saturation"),
        (hidden(0.2, 0.9, 1.0), "largest"),
        (hidden(0.5, 2.5, 1.0), "passes"),
        (hidden(2.5, 11.0, 1.0), "grows"),
        (hidden(0.42, 0.7, 1.0, "tanh"), "saturation"),
        (hidden(0.42, 0.6, 1.0, "tanh"), "small weights"),
        (hidden(0.6, 0.7, 1.0, "relu"), "passes"),
        (hidden(0.0, 0.0, 1.0), "nothing"),
        (hidden(0.0, 0.0, 0.0), "nothing"),
        (hidden(0.0, 1.0, 1.0), "saturation"),
        (hidden(NAN, 1.0, 1.0), "unknown"),
        (hidden(INF, INF, 1.0), "unknown"),
        (Cause(2, "sigmoid", 0.7, 0.7, 0.02, NAN), "cancelled"),
        (Cause(2, "softmax", 0.7, 0.7, 0.02, NAN), "cancelled"),
        (Cause(2, "sigmoid", 0.014, 0.7, 0.02, NAN), "saturation"),
        (Cause(2, "sigmoid", 0.14, 0.7, 0.2, NAN), "largest"),
        (Cause(2, "identity", 0.7, 0.7, 1.0, NAN), "passes"),
        (Cause(2, "tanh", 0.1, 0.7, 0.3, NAN), "saturation"),
    ],
)
def test_the_smaller_part_is_the_reason(cause: Cause, reason: str) -> None:
    assert cause.reason == reason


def test_small_weights_and_saturation_are_told_apart_in_a_real_network() -> None:
    ran = run("6-5-4-3", 0.0)
    snapshot = ran.snapshots[-1]
    for factor, bias, reason in ((0.01, 0.0, "small weights"), (1.0, 9.0, "saturation")):
        theta = snapshot.theta.copy()
        layers = matrices(ran, theta)
        layers[2][0][...] *= factor
        layers[1][1][...] += bias
        parts = norms(ran, theta)
        cause = Cause(
            2,
            "sigmoid",
            parts[1]["delta"],
            parts[1]["arriving"],
            parts[1]["slope"],
            parts[2]["delta"],
        )
        assert cause.reason == reason
