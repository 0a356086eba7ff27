"""An entry of an equation in numbers: "z²₃ = 0.52·0.73 + (−1.1)·0.88 + … + b²₃ 0.1 = 0.21"."""

from __future__ import annotations

import math

from engine.inside.numerical import relative_difference, rounding, too_small
from engine.inside.walkthrough import LayerWalk, Walkthrough
from tuinn.numbers import MINUS, percent
from tuinn.widgets.equation_sentence import Sentence, plain, products
from tuinn.widgets.equation_text import factor, lowered, number, raised, short, shrinking

SIGMA = {
    "sigmoid": "σ(z) = 1/(1 + e^−z)",
    "tanh": "σ(z) = tanh z",
    "relu": "σ(z) = max(z, 0)",
    "identity": "σ(z) = z",
    "softmax": "σ(z) = e^z / Σ e^z over the layer",
}
SLOPE = {
    "sigmoid": "a{l} ⊙ (1 − a{l})",
    "tanh": "1 − a{l} ⊙ a{l}",
    "relu": "1 where z{l} > 0, else 0",
    "identity": "1",
    "softmax": "a{l} ⊙ (1 − a{l})   (the diagonal of its matrix)",
}
RULES = {
    "momentum": "v ← μ v − η ∇C,   θ ← θ + v",
    "nesterov": "v ← μ v − η ∇C(θ + μ v),   θ ← θ + v",
    "adagrad": "s ← s + (∇C)²,   θ ← θ − η ∇C/(√s + ε)",
    "rmsprop": "s ← ρ s + (1 − ρ)(∇C)²,   θ ← θ − η ∇C/(√s + ε)",
    "adam": "θ ← θ − η M/(√V + ε),   M, V: the corrected means of ∇C and (∇C)²",
    "adamw": "θ ← θ − η M/(√V + ε),   M, V: the corrected means of ∇C and (∇C)²",
    "lbfgs": "θ ← θ + t p,   p = −H ∇C, t by a search along p",
}


def weighted(layer: LayerWalk, j: int) -> list[Sentence]:
    l, below, at = raised(layer.layer), raised(layer.layer - 1), lowered(j)
    pairs = list(zip(layer.W[j].tolist(), layer.a_before.tolist(), strict=True))
    head = f"z{l}{at} =", f"Σₖ w{l}{at},ₖ a{below}ₖ + b{l}{at} ="
    tail = f"+ {factor(layer.b[j])}", f"= {number(layer.z[j])}"
    return [products(head, pairs, tail)]


def activation(layer: LayerWalk, j: int) -> list[Sentence]:
    l, at = raised(layer.layer), lowered(j)
    z, a = number(layer.z[j]), number(layer.a[j])
    head = f"a{l}{at} = σ(z{l}{at})"
    return [
        {
            "sigmoid": plain(head, f"= 1/(1 + e^{MINUS}{factor(layer.z[j])})", f"= {a}"),
            "tanh": plain(head, f"= tanh({z})", f"= {a}"),
            "relu": plain(head, f"= max({z}, 0)", f"= {a}"),
            "identity": plain(head, f"= {a}"),
            "softmax": plain(
                head, f"= e^{factor(layer.z[j])} / Σ e^z", f"= {a}", "(all of a layer add up to 1)"
            ),
        }[layer.activation]
    ]


def slope(layer: LayerWalk, j: int) -> list[Sentence]:
    l, at = raised(layer.layer), lowered(j)
    a, prime = layer.a[j], layer.sigma_prime[j]
    head, value = f"σ′(z{l}{at})", f"= {number(prime)}"
    if layer.activation in ("sigmoid", "softmax"):
        saturated = "saturated: " if a < 0.1 or a > 0.9 else ""
        written = (f"= {number(a)}·(1 − {number(a)})", value)
        return [plain(head, *written, f"({saturated}{percent(prime * 4)} of the most, 0.25)")]
    if layer.activation == "tanh":
        saturated = "saturated: " if abs(a) > 0.8 else ""
        written = (f"= 1 − {factor(a)}²", value)
        return [plain(head, *written, f"({saturated}{percent(prime)} of the most, 1)")]
    if layer.activation == "relu":
        why = ">" if prime else "≤"
        off = "on" if prime else "off, nothing goes back through it"
        return [plain(head, value, f"(z = {number(layer.z[j])} {why} 0: the unit is {off})")]
    return [plain(head, value)]


def bp1(record: Walkthrough, j: int) -> list[Sentence]:
    layer, y = record.layers[-1], record.y[j]
    l, at = raised(layer.layer), lowered(j)
    a, delta = number(layer.a[j]), number(layer.delta[j])
    error = f"({a} − {short(y)})" if y >= 0 else f"({a} + {short(-y)})"
    if record.cost.name == "quadratic":
        prime = number(layer.sigma_prime[j])
        return [plain(f"δ{l}{at} =", "(a − y)·σ′", f"= {error}·{prime}", f"= {delta}")]
    sentences = [plain(f"δ{l}{at} =", "a − y", f"= {error[1:-1]}", f"= {delta}")]
    if layer.activation == "sigmoid":
        prime, whole = number(layer.sigma_prime[j]), number(layer.arriving[j])
        quadratic = number((layer.a[j] - y) * layer.sigma_prime[j])
        sentences += [
            plain(f"∂C/∂a = {whole}", f"times σ′ = {prime}", "is the same:", "σ′ cancels."),
            plain("The quadratic cost would make", f"δ = {error}·{prime}", f"= {quadratic}"),
        ]
    return sentences


def bp2(layer: LayerWalk, above: LayerWalk, j: int) -> list[Sentence]:
    l, at = raised(layer.layer), lowered(j)
    pairs = list(zip(above.W[:, j].tolist(), above.delta.tolist(), strict=True))
    arriving, prime = layer.arriving[j], number(layer.sigma_prime[j])
    value = number(layer.delta[j])
    return [
        plain(
            f"δ{l}{at} =", f"{factor(arriving)}·{prime}", f"= {value}", "(what arrives, times σ′)"
        ),
        products(("what arrives:",), pairs, (f"= {number(arriving)}",)),
    ]


def bp3(layer: LayerWalk, j: int, slope: float, record: Walkthrough) -> list[Sentence]:
    l, at, gradient = raised(layer.layer), lowered(j), layer.bias_gradient[j]
    return [
        plain(f"∂C/∂b{l}{at} =", f"δ{l}{at}", f"= {number(gradient)}"),
        _checked("b", gradient, slope, record),
    ]


def bp4(layer: LayerWalk, j: int, k: int, slope: float, record: Walkthrough) -> list[Sentence]:
    l, below = raised(layer.layer), raised(layer.layer - 1)
    a, delta, gradient = layer.a_before[k], layer.delta[j], layer.weight_gradient[j, k]
    return [
        plain(
            f"∂C/∂w{l}{lowered(j, k)} =",
            f"δ{l}{lowered(j)}·a{below}{lowered(k)}",
            f"= {factor(delta)}·{factor(a)}",
            f"= {number(gradient)}",
        ),
        _checked("w", gradient, slope, record),
    ]


def _checked(of: str, gradient: float, slope: float, record: Walkthrough) -> Sentence:
    """The gradient ∂C/∂w or ∂C/∂b beside a difference quotient."""
    pieces = [f"(C({of} + h) − C({of} − h))/2h", f"= {number(slope)},"]
    if math.isnan(slope) or math.isnan(gradient):
        return plain(*pieces, "which cannot be compared")
    if too_small(gradient, slope, record.before.bare):
        return plain(*pieces, "too small to check by differences")
    difference = abs(gradient - slope)
    pieces.append(f"relative difference {number(relative_difference(gradient, slope))}")
    if 0 < difference <= rounding(record.before.bare):
        pieces.append("(rounding)")
    return plain(*pieces)


def rule(record: Walkthrough) -> str:
    """The name of the method and its rule: "adam: θ ← …"."""
    text = f"{record.method}: {RULES.get(record.method, 'a rule of its own')}"
    if record.alpha and record.decay == "decoupled":
        text += ",   and w shrinks by ηα/m beside it"
    elif record.alpha and record.decay == "coupled":
        text += ",   ∇C with (α/m) w"
    return text


def new_weight(layer: LayerWalk, record: Walkthrough, j: int, k: int) -> list[Sentence]:
    assert layer.W_after is not None
    l, at = raised(layer.layer), lowered(j, k)
    w, gradient, after = layer.W_before[j, k], layer.weight_gradient[j, k], layer.W_after[j, k]
    eta, head = short(record.eta), f"w{l}{at} ←"
    if record.method == "sgd":
        shrunk = f"{shrinking(1 - record.shrink)}·" if record.alpha else ""
        pieces = (f"{shrunk}{factor(w)}", f"− {eta}·{factor(gradient)}", f"= {number(after)}")
        sentences = [plain(head, *pieces)]
        if record.alpha:
            decay, step = record.eta * layer.decay[j, k], record.eta * gradient
            sentences.append(plain(f"decay takes {number(decay)},", f"the gradient {number(step)}"))
        return sentences
    plainly = record.shrink * w - record.eta * gradient
    return _own_step(record, head, w, after, plainly)


def new_bias(layer: LayerWalk, record: Walkthrough, j: int) -> list[Sentence]:
    assert layer.b_after is not None
    l, at = raised(layer.layer), lowered(j)
    b, gradient, after = layer.b_before[j], layer.bias_gradient[j], layer.b_after[j]
    head = f"b{l}{at} ←"
    if record.method == "sgd":
        eta = short(record.eta)
        return [plain(head, number(b), f"− {eta}·{factor(gradient)}", f"= {number(after)}")]
    return _own_step(record, head, b, after, b - record.eta * gradient)


def _own_step(
    record: Walkthrough, head: str, before: float, after: float, plainly: float
) -> list[Sentence]:
    moved = number(after - before)
    sentences = [
        plain(
            head,
            number(before),
            f"+ {factor(float(after - before))}",
            f"= {number(after)}",
        ),
        plain(
            f"{record.method} moves it by {moved};",
            f"plain descent would by {number(plainly - before)}",
        ),
    ]
    if not record.remembers:
        sentences.append(plain("as at its first update,", "with nothing remembered"))
    return sentences


def costs(record: Walkthrough, row: int) -> list[Sentence]:
    assert record.after is not None
    before, after = record.before, record.after
    if row == 1:
        return [
            plain(
                "α/2m Σ w²",
                f"with α = {short(record.alpha)}",
                f"and m = {record.m}",
                f"= {number(before.l2)}",
                f"→ {number(after.l2)}",
            )
        ]
    one, other = (before.bare, after.bare) if row == 0 else (before.total, after.total)
    name = "C₀" if row == 0 else "C"
    way = "falls" if other < one else "rises" if other > one else "stays"
    share = f"by {percent(abs(other - one) / one)}" if one and other != one else ""
    sentences = [plain(f"{name} = {number(one)}", f"→ {number(other)}:", f"it {way} {share}")]
    if row == 0:
        formula = {
            "quadratic": "C₀ = ½ Σ (y − a)²",
            "cross-entropy": "C₀ = −Σ [y ln a + (1 − y) ln(1 − a)]",
        }[record.cost.name]
        if record.layers[-1].activation == "softmax":
            formula = "C₀ = −Σ y ln a"
        sentences.append(plain(formula, "over the outputs"))
    return sentences


def no_step(record: Walkthrough) -> list[Sentence]:
    words = (
        f"There is no step of one example: {record.method} compares costs and gradients of the "
        "same examples from one update to the next."
    )
    return [plain(*words.split())]
