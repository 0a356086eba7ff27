"""What the help says of the lab: how it is used, and what every panel shows."""

from __future__ import annotations

from typing import NamedTuple

from tuinn.widgets.ledger import NO_STEP
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.paging import KEYS, not_offered
from tuinn.widgets.search_panel import REASONS


class PanelHelp(NamedTuple):
    """The name with its number, the equation, and what it is about."""

    name: str
    equation: str
    text: str


_COMMON = (
    PanelHelp(
        "1 loss",
        "C = C₀ + α/2m Σ w²",
        "What training makes small: the cost on the training set and on the validation set, "
        "which training never sees. When the second rises while the first falls, the network "
        "learns its examples by heart.",
    ),
    PanelHelp(
        "2 accuracy",
        "right answers / all answers",
        "The share of examples whose class is told right; for regression R², the share of the "
        "variance that is explained (1 is perfect, 0 is no better than the mean).",
    ),
)
_OF_GRADIENTS = (
    PanelHelp(
        "3 ‖δ‖ by layer",
        "δᴸ = ∇ₐC ⊙ σ′(zᴸ)     δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)",
        "The error of each layer, as backpropagation computes it: its mean length over the "
        "examples. δˡ is what layer l has to learn from; where it is small, the layer learns "
        "slowly. In deep sigmoid networks it shrinks from layer to layer towards the input.",
    ),
    PanelHelp(
        "4 ‖W‖ by layer",
        "‖Wˡ‖ = √ Σ w²",
        "How large the weights of each layer are. They grow while a network becomes sure of "
        "itself; weight decay holds them back, and too much of it makes them vanish.",
    ),
    PanelHelp(
        "5 saturated units",
        "σ′(z) ≈ 0:  a < 0.1 or a > 0.9,  of tanh |a| > 0.8",
        "The share of units on a plateau of their activation: low is a < 0.1 (tanh: a < −0.8; "
        "relu: z ≤ 0, the unit is off), high is a > 0.9 (tanh: a > 0.8). σ′ is nearly 0 there, so "
        "δ is, and the unit hardly learns, however wrong it is. Dead is off for every example. Of "
        "the output it tells which plateaus are right and which wrong, and δᴸ with either cost: "
        "the quadratic one keeps σ′ as a factor, cross-entropy is without it. Where there is room, "
        "every unit is a cell with its mean activation and its σ′.",
    ),
)
_STEPS = "6 weight decay"
_BALANCE = (
    "Where they cancel (cosine −1), the weights have found their balance: Δ‖W‖, what an epoch adds "
    "to ‖W‖, is nearly nothing. The gradient is measured on the first examples of the training "
    "set. Enlarged, both steps are drawn over the run, that of decay dashed. a and A change α "
    "while it runs."
)
_PLAIN_STEPS = PanelHelp(
    _STEPS,
    "w ← (1 − ηα/m) w − η ∂C₀/∂w",
    "The two parts of one update, side by side: ‖ηα/m W‖, by which decay draws the weights "
    f"to 0, and ‖η ∂C₀/∂W‖, the step of the gradient. {_BALANCE}",
)
_OF_VELOCITY = PanelHelp(
    _STEPS,
    "v ← μ v − η ∂C₀/∂w     of a gradient that lasts: v = −η/(1 − μ) ∂C₀/∂w",
    "What the gradient and weight decay do in one update, once the velocity has come to them: "
    "‖η/(1 − μ) ∂C₀/∂W‖, and the same of (α/m) W where decay is coupled; where it is decoupled, "
    f"‖ηα/m W‖. {_BALANCE}",
)
_OF_MEANS = PanelHelp(
    _STEPS,
    "w ← w − η ∂C₀/∂w / (√s + ε)",
    "What the gradient and weight decay do in one update, with the squares s of the slopes as the "
    "method remembers them now: each weight has a step of its own, η / (√s + ε) times its "
    "gradient. Decay that is decoupled takes ‖ηα/m W‖; coupled, it is divided by √s + ε, too. "
    f"{_BALANCE}",
)
_STEPS_OF = {
    "momentum": _OF_VELOCITY,
    "nesterov": _OF_VELOCITY,
    "adagrad": _OF_MEANS,
    "rmsprop": _OF_MEANS,
    "adam": _OF_MEANS,
    "adamw": _OF_MEANS,
    "lbfgs": PanelHelp(_STEPS, "θ ← θ + t d", NO_STEP[0]),
}
_WATERFALL = PanelHelp(
    "8 δ waterfall",
    "log₁₀ ‖δˡ‖ over time",
    "The error of each layer as a colour, layer above layer, from the beginning of the run to now, "
    "with the ratio ‖δ¹‖ / ‖δᴸ‖. At the cursor its cause is told: what arrives from the layer "
    "above, ‖(Wˡ⁺¹)ᵀ δˡ⁺¹‖, which small weights make small, times σ′(zˡ) where it arrives, which "
    "saturation makes small. σ′ ≤ 0.25: neither is to blame, a sigmoid lets no more through. Comes "
    "through: at least half of the δ above; grows: more than twice. σ′ cancelled: cross-entropy "
    "keeps no σ′ at the output, δᴸ = a − y.",
)
_HISTOGRAMS = PanelHelp(
    "9 histograms",
    "share of w, z, a, ∂C₀/∂w by value",
    "How the weights, the weighted inputs z, the activations a or the slopes of each layer are "
    "spread, moment by moment; the key z goes from one of these four to the next. Activations that "
    "pile up at both ends are saturated; relu units that are off for every example are dead.",
)
_HISTOGRAMS_OF_SEARCH = _HISTOGRAMS._replace(
    equation="share of w, z, a by value",
    text=_HISTOGRAMS.text.replace(", the activations a or the slopes", " or the activations a"),
)
_NETWORK = PanelHelp(
    "n network",
    "aˡ = σ(Wˡ aˡ⁻¹ + bˡ)",
    "Every unit with what it answers over the plane, or with its incoming weights as an image, and "
    "the links between them: orange is positive, blue negative, and the thicker the larger. A "
    "weight can be chosen and written over; training goes on from there.",
)
_EQUATIONS = PanelHelp(
    "b equations",
    "BP1  BP2  BP3  BP4",
    "One update from one training example, step by step, with its numbers: the way forward, the "
    "four equations of backpropagation, the new weights, and the cost before and after. Beside "
    "each slope stands the same by differences of the cost.",
)
_EXAMPLES = PanelHelp(
    "v examples",
    "true class × told class",
    "What the network takes for what, on the validation set, or on the training set where there is "
    "none; and the examples that it misreads, the surest errors first, with its outputs. The "
    "margin is by how much the output of the class told exceeds that of the true one.",
)
_SURFACE = PanelHelp(
    "7 decision surface",
    "aᴸ(x1, x2)",
    "What the network answers at every point of the plane, with the examples over it. Only "
    "for data with two coordinates.",
)


INSIDE = (_WATERFALL, _HISTOGRAMS, _NETWORK, _EQUATIONS, _EXAMPLES)


def intro_of(facts: MethodFacts) -> str:
    """How the lab is used, and what may be changed in a run of this method."""
    work = "a search work that knows costs alone" if facts.searches else "gradient descent work"
    live = "η, α, the mini-batch" if facts.rate and not facts.whole else "α"
    return (
        f"Choose data, network and training in the form, press space, and watch {work}. {live} and "
        "the stop conditions may be changed while it runs; everything else waits for r."
    )


def panels_of(facts: MethodFacts) -> tuple[PanelHelp, ...]:
    """The panels of a method, in their order."""
    steps = _STEPS_OF.get(facts.name, _PLAIN_STEPS)
    middle = _of_search(facts) if facts.searches else (*_OF_GRADIENTS, steps)
    inside = tuple(
        _HISTOGRAMS_OF_SEARCH if facts.searches and panel is _HISTOGRAMS else panel
        for panel in INSIDE
        if number_of(panel) not in not_offered(facts)
    )
    return (*_COMMON, *middle, _SURFACE, *inside)


def number_of(panel: PanelHelp) -> int:
    """The number of a panel, from the key that its name begins with."""
    return KEYS.index(panel.name[0]) + 1


def panel_names(facts: MethodFacts) -> dict[int, str]:
    """What the panels of a method are called, by number, without their keys."""
    return {number_of(panel): panel.name.partition(" ")[2] for panel in panels_of(facts)}


def _of_search(facts: MethodFacts) -> tuple[PanelHelp, ...]:
    if facts.crowd:
        costs = PanelHelp(
            f"3 cost of the {facts.crowd}",
            "best,  mean ± deviation",
            "The least cost found so far, and mean and standard deviation of the costs of the "
            f"{facts.crowd} as it is now, on the examples that the method looks at, with their L2 "
            "term. Where the mean meets the best and the deviation is small, all points are as "
            "good as the best: the search has converged.",
        )
    else:
        costs = PanelHelp(
            "3 cost",
            "best,  now",
            "The least cost found so far, and that of the point where the method stands. It may go "
            "uphill, the more so the higher the temperature; with the last of its heat it settles "
            "in a valley. Both are costs of the examples that it looks at, with their L2 term.",
        )
    figures = (
        PanelHelp(f"{number} {figure.label}", "", f"{figure.help}.")
        for number, figure in enumerate(facts.figures, start=4)
    )
    numbers = PanelHelp("6 search in numbers", "", f"The numbers of now. {REASONS[0]}")
    return (costs, *figures, numbers)
